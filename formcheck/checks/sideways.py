"""A picture that was stored on its side or upside down without a word of it: what the body in it tells of that.

Who lies down looks the same while nothing moves. So it counts only where the body, put upright, does repetitions: of
push-ups, planks and lifts from a bench there are none that way either.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.body.geometry import distance, mean_of_seen, unit
from formcheck.body.pose import ANKLES, HIPS, SHOULDERS, FloatArray, LandmarkPair, Pose

#: Trunk and legs of who stands lie this close to one of the four ways up, all of them the same.
_WITHIN_DEG = 30.0
#: A body stands in the frames in which it is longest from ankles to shoulders: this part of all.
_STANDING_SHARE = 0.25


def turned_cw_deg(pose: Pose) -> int:
    """How far clockwise the body of a recording of raw poses (T,) is turned in the picture: 0, 90, 180 or 270 degrees.

    0 as well where too little is seen, or trunk and legs do not tell the same.
    """
    smoothed = pose.masked()
    ankles, hips, shoulders = (_middle_px(smoothed, pair) for pair in (ANKLES, HIPS, SHOULDERS))
    long_px = distance(ankles, shoulders)
    if not np.isfinite(long_px).any():
        return 0
    with np.errstate(invalid="ignore"):
        stands = long_px >= np.nanquantile(long_px, 1 - _STANDING_SHARE)
    trunk_deg, legs_deg = (_cw_from_up_deg(part[stands]) for part in (shoulders - hips, hips - ankles))
    if not np.isfinite([trunk_deg, legs_deg]).all():
        return 0
    quarter = round(trunk_deg / 90)
    is_clear = max(abs(trunk_deg - 90 * quarter), abs(_wrapped(legs_deg - 90 * quarter))) <= _WITHIN_DEG
    return 90 * (quarter % 4) if is_clear else 0


def put_upright(pose: Pose, cw_deg: int) -> Pose:
    """The recording with picture and body turned back by a number of quarter turns that they were turned clockwise."""
    for _ in range(cw_deg // 90):
        x, y = pose.image_px[..., 0], pose.image_px[..., 1]
        right, down, away = np.moveaxis(pose.world_m, -1, 0)
        pose = replace(
            pose,
            image_px=np.stack([y, pose.width_px - x], axis=-1),
            world_m=np.stack([down, -right, away], axis=-1),
            width_px=pose.height_px,
            height_px=pose.width_px,
        )
    return pose


def turn_words(cw_deg: int) -> str:
    """What is said of a recording whose picture is turned clockwise by 90, 180 or 270 degrees."""
    if cw_deg == 180:
        return "The body is upside down in this picture: turn the recording by 180 degrees and analyse it again."
    way = "counter-clockwise" if cw_deg == 90 else "clockwise"
    return f"The body lies sideways in this picture: turn the recording by 90 degrees {way} and analyse it again."


def _middle_px(seen: Pose, pair: LandmarkPair) -> FloatArray:
    """Between the two of a pair, (T, 2), or the one that is seen."""
    return mean_of_seen(np.swapaxes(seen.pair_px(pair), -1, -2))


def _cw_from_up_deg(vectors: FloatArray) -> float:
    """Mean direction of vectors (n, 2) in the picture: 0 up, + clockwise, to ±180."""
    x, y = np.median(unit(vectors), axis=0)
    return float(np.degrees(np.arctan2(x, -y)))


def _wrapped(deg: float) -> float:
    """The same angle from -180 to 180."""
    return (deg + 180.0) % 360.0 - 180.0
