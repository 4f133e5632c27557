"""The standing baseline of a live session: has somebody stood still, and how deep are they against it."""

from __future__ import annotations

import numpy as np

from formcheck.geometry import distance, midpoint
from formcheck.judging import side_values
from formcheck.kinematics import thigh_inclination_deg
from formcheck.pose import ANKLES, HIPS, Pose, Side
from formcheck.reps import leg_length_px
from formcheck.standing import Baseline
from formcheck.view import View

#: So long somebody stands still for the baseline.
BASELINE_S = 2.0
#: Still is: hips and feet stay within this part of the leg; breathing and swaying move the hips by 0.02.
_STILL_RATIO = 0.04


def standing_still_s(seen: Pose) -> float:
    """For how long, up to the last of these filtered poses (n,), n >= 1, hips and ankles have not moved, seconds.

    0 where the hips are not seen; an ankle that is hidden at the end is not asked for.
    """
    points_px = np.concatenate([midpoint(seen.pair_px(HIPS))[:, None], seen.pair_px(ANKLES)], axis=1)
    asked = np.isfinite(points_px[-1]).all(axis=-1)
    if not asked[0]:
        return 0.0
    moved_px = distance(points_px[:, asked], points_px[-1, asked])
    moved = np.flatnonzero(~(moved_px <= _STILL_RATIO * leg_length_px(seen)).all(axis=-1))
    still_from = int(moved[-1]) + 1 if moved.size else 0
    return float(seen.time_s[-1] - seen.time_s[still_from])


def thigh_deg(instant: Pose, start: Baseline, side: Side | None, view: View) -> float:
    """The thigh above parallel, of ``side`` or the one that :func:`~formcheck.judging.side_values` takes, degrees.

    Not corrected as the checks are; NaN where unseen.
    """
    thighs = thigh_inclination_deg(instant, thigh_px=start.thigh_px)
    return float(side_values(thighs[None], side, view)[0])
