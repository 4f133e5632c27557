"""Which exercise a repetition is, and which leg leads, from the posture at the bottom.

In a lunge the rear knee is near the floor and the feet are apart fore and aft; in a squat both knees are level
and the feet stay where they were. On the reference and the real clips knee heights differ by up to 0.28 shanks in
squats and by 0.23 to 0.94 in lunges, so the distance of the ankles decides between. How far a foot stepped is
read from the world landmarks, since in the front view the picture hardly shows it: 0.45 m and more in lunges,
0.24 m at most in squats.
"""

from __future__ import annotations

import numpy as np

from formcheck.body.geometry import distance, median_of_seen
from formcheck.body.kinematics import forward_direction
from formcheck.body.pose import ANKLES, KNEES, FloatArray, Pose, Side
from formcheck.body.view import Plane, View
from formcheck.measures.standing import Baseline

#: Knee heights this different, in shanks, are a lunge whatever the feet do.
LUNGE_KNEE_HEIGHT_RATIO = 0.4
#: Knee heights this different are a lunge if the ankles are also LUNGE_ANKLE_GAP_RATIO apart.
APART_KNEE_HEIGHT_RATIO = 0.2
LUNGE_ANKLE_GAP_RATIO = 0.8
#: A foot that stepped this far along the floor since standing is a lunge whatever the knees do.
STEP_M = 0.35
#: Below this the knees are too level to say which one leads.
LEVEL_KNEES_RATIO = 0.15


def is_lunge(low: Pose, start: Baseline) -> bool:
    """Whether poses at the bottom, levelled (T,), show a lunge rather than a squat."""
    shank = _shank(start)
    height = abs(_knee_height_difference(low)) / shank
    gap = _ankle_gap(low) / shank
    return bool(
        height > LUNGE_KNEE_HEIGHT_RATIO
        or (height > APART_KNEE_HEIGHT_RATIO and gap > LUNGE_ANKLE_GAP_RATIO)
        or _step_m(low, start) > STEP_M
    )


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


def _ankle_gap(pose: Pose) -> float:
    ankles = pose.pair_px(ANKLES)
    return float(median_of_seen(distance(ankles[..., 0, :], ankles[..., 1, :])))


def _step_m(bottom: Pose, start: Baseline) -> float:
    """How far one ankle moved against the other since standing, along the floor, metres; NaN where unseen."""
    low, upright = (_left_from_right_ankle_m(pose) for pose in (bottom, start.whole))
    return float(distance(median_of_seen(low), upright))


def _left_from_right_ankle_m(pose: Pose) -> FloatArray:
    ankles = pose.pair_m(ANKLES)
    return np.asarray((ankles[..., 0, :] - ankles[..., 1, :])[..., [0, 2]])
