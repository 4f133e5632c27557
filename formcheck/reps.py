"""Repetitions: a recording cut into descents and ascents."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from formcheck.pose import Side


class Phase(StrEnum):
    """What the body is doing; the bottom is the instant between ECCENTRIC and CONCENTRIC."""

    STANDING = "standing"
    ECCENTRIC = "eccentric"
    CONCENTRIC = "concentric"


@dataclass(frozen=True, slots=True)
class Rep:
    """One complete repetition. ``start``, ``bottom`` and ``end`` are frame indices, all inclusive; times in seconds.

    ``number`` counts from 1. ``lead_side`` is the front leg of a lunge, None for a squat.
    """

    number: int
    start: int
    bottom: int
    end: int
    start_s: float
    bottom_s: float
    end_s: float
    lead_side: Side | None = None
