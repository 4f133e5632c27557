"""Which faults a rep has, by its true measures at the bottom.

Every measure has two limits with a gap between them. At or under `clean_max` a rep is clean, at or over
`fault_min` it has the fault, and between them it is listed as borderline: neither answer would be wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

from formcheck_render.sides import SIDES, Side
from formcheck_render.truth import Measures

ExerciseName: TypeAlias = Literal["squat", "lunge"]


@dataclass(frozen=True, slots=True)
class FaultLimit:
    """One measure of a fault; `is_signed` says that only positive values count."""

    fault: str
    measure: str
    clean_max: float
    fault_min: float
    is_signed: bool = True


_DEPTH = "thigh_inclination_deg"
FAULT_LIMITS: dict[ExerciseName, tuple[FaultLimit, ...]] = {
    "squat": (
        FaultLimit("knee_valgus", "medial_knee_displacement_ratio", 0.03, 0.14),
        FaultLimit("knee_past_toes", "knee_past_toe_ratio", 0.05, 0.24),
        FaultLimit("depth", _DEPTH, 3.0, 15.0),
        FaultLimit("asymmetry", "pelvic_obliquity_deg", 2.0, 5.0, is_signed=False),
        FaultLimit("asymmetry", "lateral_pelvic_shift_ratio", 0.05, 0.12, is_signed=False),
        FaultLimit("asymmetry", "interlimb_knee_flexion_difference_deg", 3.0, 8.0, is_signed=False),
    ),
    "lunge": (
        FaultLimit("knee_valgus", "medial_knee_displacement_ratio", 0.03, 0.08),
        FaultLimit("knee_past_toes", "knee_past_toe_ratio", 0.05, 0.24),
        FaultLimit("depth", _DEPTH, 18.0, 30.0),
    ),
}
"""Limits of this package's labels, chosen so that the labels are beyond doubt; they judge nobody."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What a rep shows. Each entry has fault, measure, side (None for the whole body) and value."""

    faults: tuple[dict[str, object], ...]
    borderline: tuple[dict[str, object], ...]

    @property
    def fault_names(self) -> frozenset[str]:
        """The faults without their sides."""
        return frozenset(str(entry["fault"]) for entry in self.faults)


def label_rep(exercise: ExerciseName, bottom: Measures, lead_side: Side | None) -> Labels:
    """Labels of one rep from its measures at the bottom; a lunge is judged by its front leg."""
    sides = SIDES if lead_side is None else (lead_side,)
    faults, borderline = [], []
    for limit in FAULT_LIMITS[exercise]:
        for side, value in _values(limit, bottom, sides):
            size = value if limit.is_signed else abs(value)
            entry: dict[str, object] = {
                "fault": limit.fault,
                "measure": limit.measure,
                "side": side,
                "value": round(value, 4),
            }
            if size >= limit.fault_min:
                faults.append(entry)
            elif size > limit.clean_max:
                borderline.append(entry)
    return Labels(tuple(faults), tuple(borderline))


def _values(limit: FaultLimit, bottom: Measures, sides: Iterable[Side]) -> list[tuple[Side | None, float]]:
    if limit.measure in bottom:
        return [(None, bottom[limit.measure])]
    by_side = [(side, bottom[f"{limit.measure}_{side}"]) for side in sides]
    if limit.measure == _DEPTH:  # one body has one depth
        return [(None, sum(value for _, value in by_side) / len(by_side))]
    return [(side, value) for side, value in by_side]


def limits_as_json(exercise: ExerciseName) -> list[dict[str, object]]:
    """The limits in the form that the truth file carries."""
    return [asdict(limit) for limit in FAULT_LIMITS[exercise]]
