"""Stick figures with 33 landmarks for the tests: a posture is chosen, a camera looks at it, a Pose comes out.

At yaw ±90 without perspective the posed angles are exactly the measured ones; see :mod:`stick_figure` for the axes.

    squats(reps=3, depth_deg=110, yaw_deg=90)           three squats from the left side
    squats(knee_inward_m=(0.08, 0))                     left knee caving in at the bottom, from the front
    lunges(reps=4, lead="alternate", yaw_deg=-90)       stepping lunges, left leg first, from the right side
    concatenate(standing(2.0), squats(reps=1))          one recording after the other
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from stick_figure import HIP_WIDTH_M, Array, BothOrEach, Posture, blend, joints_m, lunge, posture, squat

from formcheck.body.pose import Landmark, Pose

__all__ = [
    "HIP_WIDTH_M",
    "TWINS",
    "Camera",
    "Posture",
    "blend",
    "concatenate",
    "hidden",
    "jittered",
    "joints_m",
    "lunge",
    "lunges",
    "mirrored",
    "nobody",
    "photograph",
    "photograph_joints",
    "posture",
    "squat",
    "squats",
    "standing",
]

#: Landmarks that have a left and a right twin, as (left, right) indices.
TWINS = [
    (landmark, Landmark[landmark.name.replace("LEFT", "RIGHT")]) for landmark in Landmark if "LEFT" in landmark.name
]


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the picture is taken from.

    ``yaw_deg``: 0 the body faces the camera, +90 the camera sees its left side, ±180 its back. Orthographic
    unless ``distance_m`` is given; the camera is then 1 m above the floor, and 4 m keep a lunge in the picture.
    """

    yaw_deg: float = 0.0
    width_px: int = 960
    height_px: int = 960
    distance_m: float | None = None

    @property
    def px_per_m(self) -> float:
        """Scale where the feet stand."""
        return 0.4 * self.height_px


def photograph(body: Posture, camera: Camera | None = None, time_s: ArrayLike = 0.0) -> Pose:
    """The pose of a body; ``time_s`` has the leading shape of the posture's arrays, or is broadcast with them."""
    return photograph_joints(joints_m(body), camera, time_s)


def photograph_joints(joints: Array, camera: Camera | None = None, time_s: ArrayLike = 0.0) -> Pose:
    """The same of joints (..., 33, 3) in body axes."""
    camera = camera or Camera()
    left, up, forward = np.moveaxis(joints, -1, 0)
    yaw = np.radians(camera.yaw_deg)
    cos, sin = float(np.cos(yaw)), float(np.sin(yaw))
    right, away = left * cos - forward * sin, -left * sin - forward * cos
    nearer = 1.0 if camera.distance_m is None else camera.distance_m / (camera.distance_m + away)
    scale, floor_px = camera.px_per_m, 0.85 * camera.height_px
    image = np.stack(
        [camera.width_px / 2 + scale * right * nearer, floor_px - scale * (1.0 + (up - 1.0) * nearer)], axis=-1
    )
    world = np.stack([right, -up, away], axis=-1)
    world = world - world[..., [Landmark.LEFT_HIP, Landmark.RIGHT_HIP], :].mean(axis=-2, keepdims=True)
    time, lead = np.asarray(time_s, float), image.shape[:-2]
    if time.shape != lead:  # one posture held over several instants
        image, world = (np.broadcast_to(a, (*time.shape, *a.shape)).copy() for a in (image, world))
    return Pose(time, image, world, np.ones(image.shape[:-1]), camera.width_px, camera.height_px)


def squats(
    reps: int = 3,
    fps: float = 30.0,
    depth_deg: BothOrEach = 110.0,
    yaw_deg: float = 0.0,
    *,
    rep_s: float = 2.4,
    pause_s: float = 0.0,
    rest_s: float = 1.0,
    times_s: Sequence[float] | Array | None = None,
    camera: Camera | None = None,
    stance_m: float = HIP_WIDTH_M,
    toe_out_deg: BothOrEach = 0.0,
    **bottom: Any,
) -> Pose:
    """A recording: rest, then ``reps`` times a squat and a rest.

    ``bottom`` is any argument of :func:`squat` and :func:`posture`, reached at the bottom and gone while standing.
    ``times_s`` gives every frame its own time in place of ``fps``; ``camera`` in place of ``yaw_deg`` for size and
    perspective.
    """
    time = _times(reps, fps, rep_s, rest_s, times_s)
    down = _down(time, reps, rep_s, pause_s, rest_s)
    upright = posture(stance_m=stance_m, toe_out_deg=toe_out_deg)
    body = blend(upright, squat(depth_deg, stance_m=stance_m, toe_out_deg=toe_out_deg, **bottom), down)
    return photograph(body, camera or Camera(yaw_deg), time)


def lunges(
    reps: int = 2,
    fps: float = 30.0,
    depth_deg: float = 90.0,
    yaw_deg: float = 90.0,
    *,
    lead: str = "left",
    rep_s: float = 3.0,
    pause_s: float = 0.0,
    rest_s: float = 1.0,
    times_s: Sequence[float] | Array | None = None,
    camera: Camera | None = None,
    **bottom: Any,
) -> Pose:
    """Stepping lunges, ``lead`` ``left``, ``right`` or ``alternate`` (left first); the rest as :func:`squats`.

    ``bottom`` is any argument of :func:`lunge`.
    """
    time = _times(reps, fps, rep_s, rest_s, times_s)
    down = _down(time, reps, rep_s, pause_s, rest_s)
    number = np.clip(np.floor((time - rest_s / 2) / (rep_s + rest_s)), 0, max(reps - 1, 0))
    leads = {"left": np.zeros_like(time), "right": np.ones_like(time), "alternate": number % 2}[lead]
    left_led, right_led = (lunge(side, depth_deg, down=down, **bottom) for side in ("left", "right"))
    return photograph(blend(left_led, right_led, leads), camera or Camera(yaw_deg), time)


def standing(seconds: float = 2.0, fps: float = 30.0, yaw_deg: float = 0.0, *, camera: Camera | None = None) -> Pose:
    """A recording of somebody standing still."""
    return photograph(posture(), camera or Camera(yaw_deg), np.arange(round(seconds * fps)) / fps)


def nobody(seconds: float = 1.0, fps: float = 30.0, *, camera: Camera | None = None) -> Pose:
    """A recording in which nobody is found."""
    empty = standing(seconds, fps, camera=camera)
    return hidden(empty, list(Landmark), coordinates=True)


def concatenate(*recordings: Pose) -> Pose:
    """One recording after the other; each begins one of its own frame intervals after the last one's end."""
    parts: list[Pose] = []
    end_s = 0.0
    for recording in recordings:
        step_s = float(np.median(np.diff(recording.time_s))) if len(recording) > 1 else 1 / 30
        begin_s = end_s + step_s if parts else 0.0
        parts.append(replace(recording, time_s=recording.time_s - recording.time_s[0] + begin_s))
        end_s = float(parts[-1].time_s[-1])
    return replace(
        parts[0],
        time_s=np.concatenate([p.time_s for p in parts]),
        image_px=np.concatenate([p.image_px for p in parts]),
        world_m=np.concatenate([p.world_m for p in parts]),
        visibility=np.concatenate([p.visibility for p in parts]),
    )


def mirrored(pose: Pose) -> Pose:
    """The mirror image of a body: the picture flipped about its middle and left and right landmarks swapped."""
    order = list(range(33))
    for left, right in TWINS:
        order[left], order[right] = right, left
    image, world = pose.image_px[..., order, :].copy(), pose.world_m[..., order, :].copy()
    image[..., 0] = pose.width_px - image[..., 0]
    world[..., 0] = -world[..., 0]
    return replace(pose, image_px=image, world_m=world, visibility=pose.visibility[..., order])


def hidden(
    pose: Pose, landmarks: Sequence[Landmark], frames: slice | NDArray[Any] = slice(None), *, coordinates: bool = False
) -> Pose:
    """A recording with landmarks at visibility 0 in these frames; with ``coordinates`` they are NaN as well."""
    visibility, image, world = pose.visibility.copy(), pose.image_px.copy(), pose.world_m.copy()
    for landmark in landmarks:
        visibility[frames, landmark] = 0.0
        if coordinates:
            image[frames, landmark] = world[frames, landmark] = np.nan
    return replace(pose, visibility=visibility, image_px=image, world_m=world)


def jittered(pose: Pose, noise_px: float, seed: int = 0) -> Pose:
    """A recording with independent noise of this standard deviation on every image coordinate."""
    noise = np.random.default_rng(seed).normal(0.0, noise_px, pose.image_px.shape)
    return replace(pose, image_px=pose.image_px + noise)


def _times(reps: int, fps: float, rep_s: float, rest_s: float, given: Sequence[float] | Array | None) -> Array:
    if given is not None:
        return np.asarray(given, float)
    return np.arange(round((rest_s + reps * (rep_s + rest_s)) * fps) + 1) / fps


def _down(time_s: Array, reps: int, rep_s: float, pause_s: float, rest_s: float) -> Array:
    """How far down the body is: 0 at rest, 1 at the bottom, along a cosine."""
    number = np.floor((time_s - rest_s) / (rep_s + rest_s))
    within_s = time_s - rest_s - number * (rep_s + rest_s)
    half_s = (rep_s - pause_s) / 2
    from_bottom_s = np.maximum(np.abs(within_s - rep_s / 2) - pause_s / 2, 0.0)
    moving = (number >= 0) & (number < reps) & (from_bottom_s < half_s)
    return np.where(moving, 0.5 + 0.5 * np.cos(np.pi * from_bottom_s / half_s), 0.0)
