"""How high a body is in the picture, frame by frame, in pixels or leg lengths."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from formcheck.body.geometry import distance, mean_of_seen
from formcheck.body.pose import ANKLES, HIPS, KNEES, SHOULDERS, FloatArray, Landmark, LandmarkPair, Pose

_FACE = (Landmark.NOSE, Landmark.LEFT_EAR, Landmark.RIGHT_EAR)


def leg_length_px(pose: Pose) -> float:
    """Typical length of the longer seen leg over a recording, hip to knee to ankle, pixels; NaN if never seen."""
    seen = _seen_legs(pose.pair_px)
    return float(np.percentile(seen, 75)) if seen.size else float("nan")


def hips_y_px(pose: Pose) -> FloatArray:
    """Image height of the hips, (T,), pixels downwards: their mean, or the one that is seen."""
    return mean_of_seen(pose.pair_px(HIPS)[..., 1])


def followed_height_ratio(pose: Pose, leg_px: float) -> FloatArray:
    """Height of the hips above the lower edge of the picture, in leg lengths, (T,). One hip does where one is seen;
    where both are hidden, the shoulders or the head tell it: they fall and rise with the hips.

    The distance between is that at the edges of the gap, and changes evenly across it. NaN where nothing is seen.
    """
    height = pose.height_px - hips_y_px(pose)
    for others in (SHOULDERS, _FACE):
        other = pose.height_px - mean_of_seen(pose.image_px[:, list(others), 1])
        between = other - height
        known = np.flatnonzero(np.isfinite(between))
        hidden = np.isnan(height) & np.isfinite(other)
        if known.size and hidden.any():
            height[hidden] = other[hidden] - np.interp(pose.time_s[hidden], pose.time_s[known], between[known])
    return np.asarray(height / leg_px)


def body_height_px(pose: Pose) -> FloatArray:
    """Height of hips and shoulders above the lower edge of the picture, (T,), pixels; that of the hips where the
    shoulders are unseen. Noise of the two partly cancels. Hidden hips are followed.
    """
    hips = followed_height_ratio(pose, 1.0)
    shoulders = pose.height_px - mean_of_seen(pose.pair_px(SHOULDERS)[..., 1])
    return np.asarray(np.where(np.isfinite(shoulders), (hips + shoulders) / 2, hips))


def witness_heights(pose: Pose, whole: Pose, leg_px: float) -> FloatArray:
    """What else tells the body's height, (T, 3), in leg lengths: the shoulders, and hips above ankles in the picture
    and in the world. The world's is of ``whole``, which has what is hidden as the pose model guesses it.
    """
    shoulders = pose.height_px - mean_of_seen(pose.pair_px(SHOULDERS)[..., 1])
    legs_px = mean_of_seen(pose.pair_px(ANKLES)[..., 1]) - hips_y_px(pose)
    legs_m = (whole.pair_m(ANKLES) - whole.pair_m(HIPS))[..., 1].mean(axis=-1)
    return np.column_stack([shoulders / leg_px, legs_px / leg_px, legs_m / leg_length_m(whole)])


def leg_length_m(pose: Pose) -> float:
    """Typical length of a leg in the world over a recording, metres; NaN if never seen."""
    seen = _seen_legs(pose.pair_m)
    return float(np.median(seen)) if seen.size else float("nan")


def _seen_legs(places: Callable[[LandmarkPair], FloatArray]) -> FloatArray:
    """The lengths of all legs that are seen, hip to knee to ankle, (n,), in the unit of the places."""
    hips, knees, ankles = (places(pair) for pair in (HIPS, KNEES, ANKLES))
    legs = distance(hips, knees) + distance(knees, ankles)
    return np.asarray(legs[np.isfinite(legs)])
