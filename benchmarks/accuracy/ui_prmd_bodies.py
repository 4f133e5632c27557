"""UI-PRMD's motion capture as the landmarks that a camera would give: joint centres, projected by a virtual camera.

The 39 Plug-in-Gait markers sit on the skin. Joint centres are estimated so (metres, pelvis width PW between the front
markers): hips after Bell 1990 (doi:10.1016/0021-9290(90)90054-7), from each ASIS 0.14 PW inward, 0.19 PW back, 0.30 PW
down; knee and ankle 0.055 and 0.040 inward of their lateral marker, along the line of the hips; shoulder 0.05 below the
acromion marker; heel as its marker; toe 0.02 beyond the marker on the second metatarsal, where MediaPipe's toe lies,
not at the tip; elbow and wrist as their markers. A pinhole camera stands 3 m away at 1 m, in front or at the left side,
720 x 1280; world landmarks are turned as the camera is, which is MediaPipe's convention.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.accuracy.rendered_clips import SHARED, FloatArray
from formcheck.body.pose import Landmark, Pose

SOURCES = tuple(SHARED / "data" / "ui_prmd" / f"ui_prmd_{name}_s01-s06.npz" for name in ("m01_m03", "m04"))
EXERCISES = {"m01": "squat", "m03": "lunge", "m04": "side_lunge"}
#: The source gives no rate; about 100 a second.
FRAMES_PER_S = 100.0
WIDTH_PX, HEIGHT_PX, FOCAL_PX = 720, 1280, 1250.0
DISTANCE_M, LENS_M = 3.0, 1.0
#: Somebody stands still before and after: the recordings are cut close to the movement.
STILL_S = 1.0

_UP = np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True, slots=True)
class Capture:
    """One repetition of one subject; ``joints_m`` (T, 3) by MediaPipe's landmark, z up."""

    subject: str
    exercise: str
    is_correct: bool
    joints_m: Mapping[Landmark, FloatArray]
    forward: FloatArray


def captures() -> list[Capture]:
    """Every repetition, by name; empty where the data are not on this machine."""
    return [capture for source in SOURCES if source.is_file() for capture in _captures(source)]


def _captures(source: Path) -> list[Capture]:
    with np.load(source) as archive:
        names = [str(name) for name in archive["marker_names"]]
        found = []
        for key in sorted(name for name in archive.files if name.startswith("m0")):
            movement, subject, _, kind = key.split("_")
            markers = archive[key].astype(float) / 1000
            markers[np.abs(markers).sum(axis=-1) < 1e-6] = np.nan  # lost markers are written as 0
            found.append(
                _capture(
                    subject,
                    EXERCISES[movement],
                    kind == "cor",
                    dict(zip(names, markers.transpose(1, 0, 2), strict=True)),
                )
            )
        return found


def _capture(subject: str, exercise: str, is_correct: bool, m: Mapping[str, FloatArray]) -> Capture:
    to_left = _unit(np.nanmean(m["LASI"] - m["RASI"], axis=0) * [1, 1, 0])
    forward = np.cross(to_left, _UP)
    joints: dict[Landmark, FloatArray] = {}
    for side, letter, inward in (("LEFT", "L", -to_left), ("RIGHT", "R", to_left)):
        pelvis_m = np.linalg.norm(m["LASI"] - m["RASI"], axis=1, keepdims=True)
        across = _unit(m["RASI"] - m["LASI"]) * (1 if letter == "L" else -1)
        back = _unit((m["LPSI"] + m["RPSI"] - m["LASI"] - m["RASI"]) / 2)
        down = np.cross(back, across) * (1 if letter == "L" else -1)
        joints[Landmark[f"{side}_HIP"]] = m[f"{letter}ASI"] + pelvis_m * (
            0.14 * across + 0.19 * back + 0.30 * _downwards(down)
        )
        joints[Landmark[f"{side}_KNEE"]] = m[f"{letter}KNE"] + 0.055 * inward
        joints[Landmark[f"{side}_ANKLE"]] = m[f"{letter}ANK"] + 0.040 * inward
        joints[Landmark[f"{side}_HEEL"]] = m[f"{letter}HEE"]
        joints[Landmark[f"{side}_FOOT_INDEX"]] = _toe(m, letter, forward)
        joints[Landmark[f"{side}_SHOULDER"]] = m[f"{letter}SHO"] - 0.05 * _UP
        joints[Landmark[f"{side}_ELBOW"]] = m[f"{letter}ELB"]
        joints[Landmark[f"{side}_WRIST"]] = (m[f"{letter}WRA"] + m[f"{letter}WRB"]) / 2
    return Capture(subject, exercise, is_correct, joints, forward)


def _toe(m: Mapping[str, FloatArray], letter: str, forward: FloatArray) -> FloatArray:
    """A little beyond the marker; where that was lost (one subject), a foot's length from the heel straight ahead."""
    toe, heel = m[f"{letter}TOE"], m[f"{letter}HEE"]
    lost = np.isnan(toe).any(axis=1, keepdims=True)
    return np.where(lost, heel + 0.20 * forward, toe + 0.02 * _unit(toe - heel))


def _downwards(direction: FloatArray) -> FloatArray:
    return direction * -np.sign(direction[:, 2:])


def _unit(v: FloatArray) -> FloatArray:
    return np.asarray(v / np.linalg.norm(v, axis=-1, keepdims=True))


def film(capture: Capture, view: str, *, noise: bool, seed: int = 0) -> Pose:
    """The capture before a camera in ``front`` or at the left ``side``.

    ``noise`` adds what MediaPipe's landmarks do: an offset of each landmark that lasts (2 % of the trunk's length) and
    slow wandering (1 %), across the picture; EVIDENCE §5 gives 4 to 8 % in all, most of which is definition.
    """
    joints = {landmark: _held(points) for landmark, points in capture.joints_m.items()}
    looking = -capture.forward if view == "front" else np.cross(capture.forward, _UP)
    right = np.cross(looking, _UP)
    middle = np.nanmean((joints[Landmark.LEFT_ANKLE] + joints[Landmark.RIGHT_ANKLE]) / 2, axis=0) * [1, 1, 0]
    eye = middle - DISTANCE_M * looking + LENS_M * _UP
    frames = len(joints[Landmark.LEFT_HIP])
    image_px, world_m = np.full((frames, 33, 2), np.nan), np.full((frames, 33, 3), np.nan)
    hips = (joints[Landmark.LEFT_HIP] + joints[Landmark.RIGHT_HIP]) / 2
    for landmark, points in joints.items():
        away = (points - eye) @ looking
        image_px[:, landmark, 0] = WIDTH_PX / 2 + FOCAL_PX * ((points - eye) @ right) / away
        image_px[:, landmark, 1] = HEIGHT_PX / 2 - FOCAL_PX * ((points - eye) @ _UP) / away
        world_m[:, landmark] = (points - hips) @ np.stack([right, -_UP, looking], axis=1)
    if noise:
        image_px += landmark_noise(image_px, np.random.default_rng(seed))
    return Pose(
        time_s=np.arange(frames) / FRAMES_PER_S,
        image_px=image_px,
        world_m=world_m,
        visibility=np.isfinite(image_px).all(axis=-1).astype(float),
        width_px=WIDTH_PX,
        height_px=HEIGHT_PX,
    )


def _held(points: FloatArray) -> FloatArray:
    """The first and the last frame held for a while."""
    still = round(STILL_S * FRAMES_PER_S)
    return np.concatenate([np.repeat(points[:1], still, axis=0), points, np.repeat(points[-1:], still, axis=0)])


def landmark_noise(image_px: FloatArray, rng: np.random.Generator) -> FloatArray:
    """What is to be added to landmarks (T, 33, 2) for each to be off as a pose model's are."""
    trunk_px = float(np.nanmedian(np.abs(image_px[:, Landmark.LEFT_SHOULDER, 1] - image_px[:, Landmark.LEFT_HIP, 1])))
    frames = len(image_px)
    lasting = rng.normal(0, 0.02 * trunk_px, (1, 33, 2))
    knots = rng.normal(0, 0.01 * trunk_px, (max(frames // 10, 2), 33, 2))
    at = np.linspace(0, len(knots) - 1, frames)
    low = np.minimum(at.astype(int), len(knots) - 2)
    part = (at - low)[:, None, None]
    return np.asarray(lasting + knots[low] * (1 - part) + knots[low + 1] * part)
