"""Where a body went in the picture from the start of a movement to its end, and whether it left the ground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.body.geometry import distance, median_of_seen, midpoint
from formcheck.body.pose import ANKLES, HIPS, SHOULDERS, FloatArray, Pose

#: Postures are medians of so many frames to either side.
_AROUND = 3
#: How long before the start and after the end a jump may be.
_BESIDE_S = 0.5


@dataclass(frozen=True, slots=True)
class Travel:
    """``aside_ratio`` is how far the middle of the feet went across the picture, ``growth_ratio`` how many times as
    large the trunk became, which tells the way to the camera, ``flight_ratio`` how high the lower foot was above where
    it stood. Lengths in leg lengths, NaN where unseen.
    """

    aside_ratio: float = float("nan")
    growth_ratio: float = float("nan")
    flight_ratio: float = float("nan")


def travel_of(smoothed: Pose, start: int, end: int, *, leg_px: float) -> Travel:
    """What was travelled from the frame ``start`` to ``end`` of a masked recording (T,)."""
    first, last = (_around(smoothed, frame) for frame in (start, end))
    feet_x = [midpoint(one[list(ANKLES)])[0] for one in (first, last)]
    trunks = [distance(midpoint(one[list(SHOULDERS)]), midpoint(one[list(HIPS)])) for one in (first, last)]
    time_s = smoothed.time_s
    near = (time_s >= time_s[start] - _BESIDE_S) & (time_s <= time_s[end] + _BESIDE_S)
    stands_y = np.maximum(first[list(ANKLES), 1], last[list(ANKLES), 1])
    lower_up = (stands_y - smoothed.pair_px(ANKLES)[near, :, 1]).min(axis=-1)
    return Travel(
        aside_ratio=float(abs(feet_x[1] - feet_x[0]) / leg_px),
        growth_ratio=float(trunks[1] / trunks[0]),
        flight_ratio=float(np.fmax.reduce(lower_up) / leg_px),
    )


def _around(smoothed: Pose, frame: int) -> FloatArray:
    return median_of_seen(smoothed.image_px[max(frame - _AROUND, 0) : frame + _AROUND + 1])
