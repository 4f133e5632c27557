"""A performance: one posture a frame, with when and how it was reached."""

from __future__ import annotations

from dataclasses import dataclass

from formcheck_render.posture import Posture
from formcheck_render.props import Prop
from formcheck_render.schedule import Schedule
from formcheck_render.sides import Side


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """One frame.

    Attributes:
        posture: the posed body.
        residual: how far the solver stayed from what was asked, largest equation; under 0.01 is a hit.
        planted: the feet that stand where they stood.
        lead_side: the front leg of the lunge at hand, the leg that works in other exercises of one leg; None in squats.
    """

    posture: Posture
    residual: float
    planted: frozenset[Side]
    lead_side: Side | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Performance:
    """All frames of a clip, their schedule, and what stands around."""

    schedule: Schedule
    moments: tuple[Moment, ...]
    props: tuple[Prop, ...] = ()
