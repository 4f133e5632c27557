"""Simple rivals for the accuracy tables: fixed limits that others published, written here from their own numbers.

A rival looks at the raw landmarks of one repetition, as its source does, and says which faults it sees. Where a
source draws on something this project has not (its own trained stage model, MediaPipe's depth of image landmarks),
``note`` says what stands in for it. Sources name repository and path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from benchmarks.accuracy import learnopencv_trainer as trainer
from formcheck.body import kinematics
from formcheck.body.geometry import angle_at_deg, distance, ratio, signed_angle_2d_deg
from formcheck.body.pose import ANKLES, HIPS, KNEES, SHOULDERS, SIDES, TOES, FloatArray, LandmarkPair, Pose
from formcheck.measures.reps import Rep

Fault = Literal["knee_valgus", "knee_past_toes", "asymmetry", "depth"]
FAULTS: tuple[Fault, ...] = ("knee_valgus", "knee_past_toes", "asymmetry", "depth")
#: Whether a fault is there; None where the rule cannot tell. Gets the raw recording and one repetition of it.
Rule = Callable[[Pose, Rep], bool | None]

SQUAT, LUNGE = frozenset({"squat"}), frozenset({"lunge"})


@dataclass(frozen=True, slots=True)
class Rival:
    """A checker with fixed limits: ``rules`` by fault, for the exercises it knows."""

    name: str
    source: str
    note: str
    exercises: frozenset[str]
    rules: Mapping[Fault, Rule]

    def flags(self, pose: Pose, rep: Rep, exercise: str) -> dict[Fault, bool | None]:
        """For every fault whether the rival sees it; None where it does not look at it or cannot tell."""
        rules = self.rules if exercise in self.exercises else {}
        return {fault: rules[fault](pose, rep) if fault in rules else None for fault in FAULTS}


def _above(value: float | FloatArray, limit: float) -> bool | None:
    return bool(value > limit) if np.isfinite(value) else None


def _below(value: float | FloatArray, limit: float) -> bool | None:
    return bool(value < limit) if np.isfinite(value) else None


def _extreme(values: FloatArray, pick: Callable[[FloatArray], FloatArray]) -> FloatArray:
    return np.asarray(pick(values) if np.isfinite(values).any() else np.nan)


def _in_unit_picture(pose: Pose, pair: LandmarkPair) -> FloatArray:
    """A pair in MediaPipe's normalised coordinates, in which a picture is 1 wide and 1 high whatever its shape."""
    return pose.pair_px(pair) / [pose.width_px, pose.height_px]


def _leg_of_interest(pose: Pose, rep: Rep) -> int:
    """Column of the front leg of a lunge, else of the leg that is seen better."""
    if rep.lead_side is not None:
        return SIDES.index(rep.lead_side)
    legs = np.array([*HIPS, *KNEES, *ANKLES]).reshape(3, 2)
    return int(np.argmax(pose.visibility[rep.frames][:, legs].mean(axis=(0, 1))))


# Exercise-Correction -------------------------------------------------------------------------------------------


def _exercise_correction_tight_knees(pose: Pose, rep: Rep) -> bool | None:
    bottom = pose.at(rep.bottom)
    if (bottom.visibility[[*KNEES, *TOES]] < 0.6).any():
        return None
    knees, feet = (distance(*_in_unit_picture(bottom, pair)) for pair in (KNEES, TOES))
    return _below(np.round(knees / feet, 1), 0.7)


def _exercise_correction_straight_knee(pose: Pose, rep: Rep) -> bool | None:
    bottom = pose.at(rep.bottom)
    angles = angle_at_deg(*(_in_unit_picture(bottom, pair) for pair in (HIPS, KNEES, ANKLES)))
    return _above(angles.max(), 125.0)


# squat-form ----------------------------------------------------------------------------------------------------


def _world_knee_angles_deg(pose: Pose) -> FloatArray:
    return angle_at_deg(*(pose.pair_m(pair) for pair in (HIPS, KNEES, ANKLES)))


def _squat_form_knees_inward(pose: Pose, rep: Rep) -> bool | None:
    """The gap of the knees in any frame against that of the first standing one among the first 30."""
    first = pose.at(slice(0, 30))
    looked_at = [*SHOULDERS, *HIPS, *KNEES, *ANKLES]
    with np.errstate(invalid="ignore"):
        standing = (first.visibility[:, looked_at].mean(axis=1) > 0.5) & (_world_knee_angles_deg(first) >= 150.0).all(
            axis=1
        )
    if not standing.any():
        return None
    gap_px = np.abs(np.diff(pose.pair_px(KNEES)[..., 0])[:, 0])
    return _below(ratio(_extreme(gap_px[rep.frames], np.nanmin), gap_px[np.argmax(standing)]), 0.80)


def _squat_form_shallow(pose: Pose, rep: Rep) -> bool | None:
    frames = pose.at(rep.frames)
    sided = np.array([*SHOULDERS, *HIPS, *KNEES, *ANKLES, *TOES]).reshape(-1, 2)
    better = frames.visibility[:, sided].mean(axis=1).argmax(axis=1)
    angles = _world_knee_angles_deg(frames)[np.arange(len(frames)), better]
    return _above(_extreme(angles, np.nanmin), 110.0)


def _squat_form_asymmetric(pose: Pose, rep: Rep) -> bool | None:
    across, down = np.abs(np.diff(_in_unit_picture(pose.at(rep.frames), HIPS), axis=1)[:, 0]).T
    return _above(_extreme(down / np.where(across > 1e-9, across, np.nan), np.nanmax), 0.10)


# squatsense ----------------------------------------------------------------------------------------------------


def _squatsense_shallow(pose: Pose, rep: Rep) -> bool | None:
    bottom = pose.at(rep.bottom)
    flexion_deg = 180.0 - _world_knee_angles_deg(bottom).mean()
    hip_below_knee_m = bottom.pair_m(HIPS)[:, 1].mean() - bottom.pair_m(KNEES)[:, 1].mean()
    if not np.isfinite(flexion_deg):
        return None
    return not (flexion_deg >= 90.0 and hip_below_knee_m > 0)


def _squatsense_asymmetric(pose: Pose, rep: Rep) -> bool | None:
    left_deg, right_deg = 180.0 - _world_knee_angles_deg(pose.at(rep.bottom))
    return _above(100.0 * abs(left_deg - right_deg) / ((left_deg + right_deg) / 2), 8.0)


# Single limits -------------------------------------------------------------------------------------------------


def _valgo_detector(pose: Pose, rep: Rep) -> bool | None:
    bottom = pose.at(rep.bottom)
    hips, knees, ankles = (_in_unit_picture(bottom, pair) for pair in (HIPS, KNEES, ANKLES))
    if not np.isfinite([hips, knees, ankles]).all():
        return None
    bent = angle_at_deg(hips, knees, ankles) < 165.0
    return bool(bent.any() and distance(*knees) / distance(*ankles) < 0.85)


def _fppa_above(bilateral_deg: float, unilateral_deg: float, pose: Pose, rep: Rep) -> bool | None:
    """Frontal plane projection angle at the bottom: the worse leg, or the front leg of a lunge."""
    bottom = pose.at(rep.bottom)
    hips, knees, ankles = (bottom.pair_px(pair) for pair in (HIPS, KNEES, ANKLES))
    angles = signed_angle_2d_deg(knees - hips, ankles - knees) * kinematics.medial_direction(bottom)
    if rep.lead_side is not None:
        return _above(angles[SIDES.index(rep.lead_side)], unilateral_deg)
    return _above(angles.max(), bilateral_deg)


def _knees_inside_ankles(limit: float, pose: Pose, rep: Rep) -> bool | None:
    return _below(kinematics.knee_ankle_separation_ratio(pose.at(rep.bottom)), limit)


def _knee_beyond_toe(pose: Pose, rep: Rep) -> bool | None:
    beyond = kinematics.anterior_knee_displacement_ratio(pose.at(rep.bottom))
    return _above(beyond[_leg_of_interest(pose, rep)], 0.0)


def _always(_pose: Pose, _rep: Rep) -> bool:
    return True


def _never(_pose: Pose, _rep: Rep) -> bool:
    return False


_EXERCISE_CORRECTION = "github.com/NgoQuocBao1010/Exercise-Correction, web/server/detection"
_HERRINGTON = "normal range of Herrington & Munro 2010, doi:10.1016/j.ptsp.2009.11.004 (abstract)"
_TRAINER_NOTE = (
    "pixels; frames whose shoulders look frontal (over 35 degrees seen from the nose) are left out, as there"
)

RIVALS: tuple[Rival, ...] = (
    Rival("always positive", "trivial", "", SQUAT | LUNGE, dict.fromkeys(FAULTS, _always)),
    Rival("always negative", "trivial", "", SQUAT | LUNGE, dict.fromkeys(FAULTS, _never)),
    *(
        Rival(
            f"LearnOpenCV trainer, {mode.name}",
            trainer.SOURCE,
            f"{_TRAINER_NOTE}; shin over {mode.max_shin_deg} degrees, thigh never within {mode.deep_deg} degrees",
            SQUAT,
            {
                "knee_past_toes": partial(trainer.knee_falls_over_toe, mode),
                "depth": partial(trainer.never_deep, mode),
            },
        )
        for mode in (trainer.BEGINNER, trainer.PRO)
    ),
    Rival(
        "Exercise-Correction, squat",
        f"{_EXERCISE_CORRECTION}/squat.py, KNEE_FOOT_RATIO_THRESHOLDS 'down' and VISIBILITY_THRESHOLD",
        "normalised coordinates; gap of knees over gap of toes, rounded to 0.1, under 0.7; the bottom frame stands for "
        "the stage its trained model tells",
        SQUAT,
        {"knee_valgus": _exercise_correction_tight_knees},
    ),
    Rival(
        "Exercise-Correction, lunge",
        f"{_EXERCISE_CORRECTION}/lunge.py, KNEE_ANGLE_THRESHOLD",
        "normalised coordinates; a knee over 125 degrees at the bottom (the lower limit, 60, is no lack of depth); its "
        "knee over toe is a trained model, not a limit",
        LUNGE,
        {"depth": _exercise_correction_straight_knee},
    ),
    Rival(
        "squat-form, beginner",
        "github.com/keithdmyers-ctrl/squat-form, backend/squat_form/analyzer.py, calibration.py, scorer.py, schemas.py",
        "its default level; knee gap under 0.80 of standing, best knee angle over 110 degrees, hip heights apart by "
        "over 0.10 of the hip gap (normalised coordinates); knee angles from world landmarks, as the depth of image "
        "landmarks is not stored; forward knees are looked at in low-bar squats only",
        SQUAT,
        {
            "knee_valgus": _squat_form_knees_inward,
            "asymmetry": _squat_form_asymmetric,
            "depth": _squat_form_shallow,
        },
    ),
    Rival(
        "squatsense",
        "github.com/amitkiit1994/squatsense, backend/core/frame_metrics.py, geometry.py, backend/services/scoring.py",
        "world landmarks at the bottom; knee flexion under 90 degrees or hip not below knee; flexions apart by over "
        "8 % of their mean, where its symmetry score starts to fall; its limits for valgus (15 degrees) and lunges "
        "(5 cm past the toes) have no measure in its code",
        SQUAT,
        {"asymmetry": _squatsense_asymmetric, "depth": _squatsense_shallow},
    ),
    Rival(
        "biomechanical-analyzer",
        "github.com/Raulinho-A/biomechanical-analyzer, analyzer/detector/coronal/valgo_detector.py and "
        "analyzer/config/thresholds.py",
        "normalised coordinates; knee gap under 0.85 of the ankle gap with a knee under 165 degrees, at the bottom",
        SQUAT,
        {"knee_valgus": _valgo_detector},
    ),
    Rival(
        "FPPA over the men's range",
        _HERRINGTON,
        "above 8 degrees (drop jump) in squats, 9 (step landing) in lunges; the worse leg at the bottom, front view",
        SQUAT | LUNGE,
        {"knee_valgus": partial(_fppa_above, 8.0, 9.0)},
    ),
    Rival(
        "FPPA over the women's range",
        _HERRINGTON,
        "above 13 degrees (drop jump) in squats, 12 (step landing) in lunges; the worse leg at the bottom, front view",
        SQUAT | LUNGE,
        {"knee_valgus": partial(_fppa_above, 13.0, 12.0)},
    ),
    *(
        Rival(
            f"knee gap under {limit} ankle gaps",
            "plain reading of 'knees inside the ankles'; gaps after Sigward 2011, PMC3418952",
            note,
            SQUAT,
            {"knee_valgus": partial(_knees_inside_ankles, limit)},
        )
        for limit, note in (
            (1.0, "horizontal gaps at the bottom, front view"),
            (0.9, "as 1.0, but the limit was chosen on UI-PRMD, where it flags no correct squat"),
        )
    ),
    Rival(
        "knee beyond the toe",
        "plain reading of 'knees behind the toes'",
        "knee past MediaPipe's toe landmark at the bottom, the leg seen better or the front leg, side view",
        SQUAT | LUNGE,
        {"knee_past_toes": _knee_beyond_toe},
    ),
)
