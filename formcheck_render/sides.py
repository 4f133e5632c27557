"""The subject's left and right, and how the rig spells them."""

from __future__ import annotations

from typing import Literal, TypeAlias

Side: TypeAlias = Literal["left", "right"]

SIDES: tuple[Side, Side] = ("left", "right")
OUTWARD: dict[Side, float] = {"left": 1.0, "right": -1.0}
"""Sign of world x that points away from the midline on each side."""

_LETTER: dict[Side, str] = {"left": "L", "right": "R"}


def other(side: Side) -> Side:
    """The opposite side."""
    return "right" if side == "left" else "left"


def bone(stem: str, side: Side) -> str:
    """Name of a paired bone of the rig: `bone("foot", "left")` is `foot.L`."""
    return f"{stem}.{_LETTER[side]}"
