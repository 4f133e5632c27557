"""Which faults a rep has, by its true measures at the bottom.

Every measure has two limits with a gap between them. At or under `clean_max` a rep is clean, at or over
`fault_min` it has the fault, and between them it is listed as borderline: neither answer would be wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from formcheck_render.exercises import ExerciseName
from formcheck_render.sides import SIDES, Side
from formcheck_render.truth import Measures, one_leg_measures


@dataclass(frozen=True, slots=True)
class FaultLimit:
    """One measure of a fault; `is_signed` says that only positive values count."""

    fault: str
    measure: str
    clean_max: float
    fault_min: float
    is_signed: bool = True


_DEPTH = "thigh_inclination_deg"
_ON_ONE_LEG = (
    FaultLimit("knee_valgus", "medial_knee_displacement_ratio", 0.04, 0.12),
    FaultLimit("pelvic_drop", "pelvic_drop_deg", 7.0, 12.0),
    FaultLimit("side_lean", "side_lean_deg", 7.0, 12.0),
)
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
    "single_leg_squat": _ON_ONE_LEG,
    "split_squat": (
        FaultLimit("knee_valgus", "medial_knee_displacement_ratio", 0.03, 0.08),
        FaultLimit("knee_past_toes", "knee_past_toe_ratio", 0.05, 0.24),
        FaultLimit("depth", _DEPTH, 18.0, 30.0),
    ),
    "step_down": _ON_ONE_LEG,
    "side_lunge": (
        FaultLimit("knee_valgus", "medial_knee_displacement_ratio", 0.04, 0.12),
        FaultLimit("knee_past_toes", "knee_past_toe_ratio", 0.05, 0.24),
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
    """Labels of one rep from its measures at the bottom; a lunge is judged by its front leg, as others by theirs."""
    sides = SIDES if lead_side is None else (lead_side,)
    faults, borderline = [], []
    for limit in FAULT_LIMITS[exercise]:
        for side, value in _values(limit, bottom | one_leg_measures(bottom, lead_side), sides):
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
