"""The true joints of a rendered clip as landmarks that another program could have found, with its noise.

MediaPipe's toe lies behind the tip of the shoe (formcheck/measures/standing.py), and so does that of a set of joints,
which has the base of the toes; world landmarks are turned as a level camera is.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import numpy as np

from benchmarks.accuracy.rendered_clips import FloatArray, RenderedClip
from benchmarks.accuracy.ui_prmd_bodies import landmark_noise
from formcheck.body.pose import Landmark, Pose
from formcheck.measures.standing import TOE_TIP_BEYOND_RATIO

_NAMES = ("shoulder", "hip", "knee", "ankle", "heel", "foot_index")
_UP = np.array([0.0, 0.0, 1.0])


def true_pose(clip: RenderedClip) -> Pose:
    """The landmarks of a clip, with the noise of `ui_prmd_bodies`, seeded by the clip's name."""
    frames = len(clip.time_s)
    image_px, world_m = np.full((frames, 33, 2), np.nan), np.full((frames, 33, 3), np.nan)
    hips_m = (clip.joints_m["left_hip"] + clip.joints_m["right_hip"]) / 2
    looking = (hips_m.mean(axis=0) - clip.eye_m) * [1, 1, 0]
    looking /= np.linalg.norm(looking)
    axes = np.stack([np.cross(looking, _UP), -_UP, looking], axis=1)
    for side in ("left", "right"):
        for name in _NAMES:
            landmark = Landmark[f"{side}_{name}".upper()]
            image_px[:, landmark] = _of(clip.joints_px, side, name)
            world_m[:, landmark] = (_of(clip.joints_m, side, name) - hips_m) @ axes
    image_px += landmark_noise(image_px, np.random.default_rng(zlib.crc32(clip.name.encode())))
    visibility = np.isfinite(image_px).all(axis=-1).astype(float)
    return Pose(clip.time_s, image_px, world_m, visibility, *clip.size_px)


def _of(joints: Mapping[str, FloatArray], side: str, name: str) -> FloatArray:
    points = joints[f"{side}_{name}"]
    if name != "foot_index":
        return points
    heel = joints[f"{side}_heel"]
    return np.asarray(heel + (points - heel) / (1 + TOE_TIP_BEYOND_RATIO))
