"""Which leg is in front where one is."""

from __future__ import annotations

import numpy as np

from formcheck.body.geometry import median_of_seen
from formcheck.body.kinematics import forward_direction
from formcheck.body.pose import ANKLES, KNEES, Pose, Side
from formcheck.body.view import Plane, View
from formcheck.measures.standing import Baseline

#: Below this the knees are too level to say which one leads.
LEVEL_KNEES_RATIO = 0.15


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
