"""One leg in front, which the checks judge: how that is told, which leg it is, what lunges and split squats share."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.body.geometry import median_of_seen
from formcheck.body.kinematics import forward_direction
from formcheck.body.pose import ANKLES, KNEES, Pose, Side
from formcheck.body.view import Plane, View
from formcheck.checks import rows
from formcheck.checks.check import Check, Reducer, Scope, Worse
from formcheck.checks.exercise import rises
from formcheck.checks.exercises.stance import is_elsewhere, is_split
from formcheck.measures.measured_rep import MeasuredRep
from formcheck.measures.movement import Movement
from formcheck.measures.standing import Baseline

#: Below this the knees are too level to say which one leads.
LEVEL_KNEES_RATIO = 0.15
#: Feet wider apart than this, in a frontal view, have stepped sideways: lunges of people and rendered ones read at most
#: 1.3 shoulder widths, two forward lunges of UI-PRMD that went astray 2.1 and 2.3, a real side lunge 2.8.
SIDE_LUNGE_STANCE_RATIO = 2.4
#: The knee that bends more: lunges 71 degrees and more, one who steps down from a block 32.
BENT_DEG = (32.0, 46.0)

CHECKS: tuple[Check, ...] = (
    replace(
        rows.KNEE_VALGUS,
        scope=Scope.LEAD_LEG,
        reducer=Reducer.MEDIAN,
        from_depth=0.9,
        cue="Push your front knee out, in line with your second and third toe.",
        cannot_see="the rear leg, and anything in a view from the side or oblique",
        max_stance_ratio=SIDE_LUNGE_STANCE_RATIO,
    ),
    replace(
        rows.KNEE_PAST_TOES,
        scope=Scope.LEAD_LEG,
        cue="Take a longer step: front knee over the shoe, behind the toes.",
        cannot_see="differences of less than about 0.05 shank",
        is_scored=False,
    ),
    replace(rows.LIMB_SYMMETRY, max_stance_ratio=SIDE_LUNGE_STANCE_RATIO),
    replace(
        rows.DEPTH,
        scope=Scope.LEAD_LEG,
        cue="Go a little deeper: front thigh towards parallel with the floor.",
    ),
    replace(
        rows.TRUNK_LEAN,
        worse=Worse.EITHER,
        reducer=Reducer.WORST,
        from_depth=0.1,
        cue="Keep your trunk upright over the hips.",
    ),
    replace(rows.SIDE_LEAN, max_stance_ratio=SIDE_LUNGE_STANCE_RATIO),
    replace(rows.HEEL_RISE, scope=Scope.LEAD_LEG, cue="Keep your front heel on the floor."),
)


def explains(moved: Movement) -> float:
    """One foot ahead of the other, one knee well bent."""
    return (1 - is_elsewhere(moved)) * is_split(moved) * rises(float(moved.bottom.knee_deg.max()), *BENT_DEG)


def front_side(rep: MeasuredRep) -> Side | None:
    """The front leg of a repetition."""
    return lead_side(rep.low, rep.baseline, rep.view)


def lead_side(low: Pose, start: Baseline, view: View) -> Side | None:
    """The front leg: the one with the higher knee, else the one whose foot is further forward; None if unclear."""
    height = _knee_height_difference(low) / _shank(start)
    if abs(height) >= LEVEL_KNEES_RATIO:
        return Side.LEFT if height > 0 else Side.RIGHT
    ankles = low.pair_px(ANKLES)
    if view.plane in {Plane.SIDE, Plane.OBLIQUE}:
        ahead = (ankles[..., 0, 0] - ankles[..., 1, 0]) * forward_direction(low)
    else:
        towards_camera = -1.0 if view.plane is Plane.BACK else 1.0
        ahead = (ankles[..., 0, 1] - ankles[..., 1, 1]) * towards_camera
    lead = float(median_of_seen(ahead))
    if not np.isfinite(lead) or lead == 0:
        return None
    return Side.LEFT if lead > 0 else Side.RIGHT


def _shank(start: Baseline) -> float:
    return float(np.nanmax(start.shank_px)) if np.isfinite(start.shank_px).any() else float("nan")


def _knee_height_difference(low: Pose) -> float:
    """Left knee above right knee, pixels."""
    knees_y = low.pair_px(KNEES)[..., 1]
    return float(median_of_seen(knees_y[..., 1] - knees_y[..., 0]))
