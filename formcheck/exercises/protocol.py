"""What an exercise is: a name and its checks."""

from __future__ import annotations

from dataclasses import dataclass

from formcheck.checks import Check
from formcheck.view import Plane

FRONTAL = frozenset({Plane.FRONT, Plane.BACK})
FRONT_ONLY = frozenset({Plane.FRONT})
SAGITTAL = frozenset({Plane.SIDE})


@dataclass(frozen=True, slots=True)
class Exercise:
    """An exercise and its checks. ``has_lead_leg``: one leg is in front, and checks may ask for it."""

    name: str
    has_lead_leg: bool
    checks: tuple[Check, ...]
