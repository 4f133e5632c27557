"""The lunge frames of the Exercise-Correction project as poses, and the postures that are held in them.

Only 13 landmarks of a frame are given, in units of the picture's width and height; the size of the picture is not.
The frames are in order: people hold the bottom of a lunge, rise in the last few frames of each clip, and the next clip
follows.
"""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.accuracy.rendered_clips import SHARED
from formcheck.body import kinematics
from formcheck.body.geometry import distance, midpoint
from formcheck.body.pose import ANKLES, HEELS, HIPS, KNEES, SHOULDERS, TOES, BoolArray, FloatArray, Landmark, Pose

FOLDER = SHARED / "data" / "exercise_correction"
KNEE_OVER_TOE = "lunge_knee_over_toe_dev.csv.gz"
#: Of the usual shapes of a picture, the one in which thighs and shanks keep their length best: see aspect_spread.
ASPECT_RATIO = 16 / 9
_HEIGHT_PX = 720
#: A posture is held while nose, shoulders and hips stay this near to where they were, in shanks.
HELD_WITHIN_SHANKS = 0.1
#: Fewer frames than this hold nothing.
HELD_FROM_FRAMES = 5


@dataclass(frozen=True, slots=True)
class LabelledFrames:
    """Labels and poses; ``is_over`` (T,) is what the data call L, knee over toe, the rest is C, correct."""

    is_over: BoolArray
    pose: Pose


@dataclass(frozen=True, slots=True)
class HeldPose:
    """A posture held in the frames ``held``; ``clip`` are these and those that follow until the next is held."""

    held: slice
    clip: slice


def read_frames(path: Path, *, aspect_ratio: float = ASPECT_RATIO) -> LabelledFrames:
    """The frames of a table in pixels of a picture 720 high; landmarks that the table lacks are NaN."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    numbers = np.array([[float(text) for text in row[1:]] for row in rows]).reshape(len(rows), -1, 4)
    landmarks = [Landmark[name.removesuffix("_x").upper()] for name in head[1::4]]
    size = (round(_HEIGHT_PX * aspect_ratio), _HEIGHT_PX)
    image_px = np.full((len(rows), len(Landmark), 2), np.nan)
    image_px[:, landmarks] = numbers[..., :2] * size
    visibility = np.zeros(image_px.shape[:2])
    visibility[:, landmarks] = numbers[..., 3]
    pose = Pose(
        # The rate is not recorded; nothing here depends on it.
        time_s=np.arange(len(rows)) / 30,
        image_px=image_px,
        world_m=np.full((*image_px.shape[:2], 3), np.nan),
        visibility=visibility,
        width_px=size[0],
        height_px=size[1],
    )
    return LabelledFrames(np.array([row[0] == "L" for row in rows]), pose)


def held_poses(pose: Pose) -> list[HeldPose]:
    """The postures held in a recording, by the trunk alone: neither labels nor legs have a say, so that swapped legs
    do not cut them up. Frames before the first belong to its clip.
    """
    trunk = np.stack(
        [pose.image_px[:, Landmark.NOSE], midpoint(pose.pair_px(SHOULDERS)), midpoint(pose.pair_px(HIPS))], axis=1
    )
    reach_px = HELD_WITHIN_SHANKS * float(np.median(kinematics.shank_px(pose)))
    held, first = [], 0
    for frame in range(1, len(pose) + 1):
        left = frame == len(pose) or (
            np.median(distance(trunk[frame], np.median(trunk[first:frame], axis=0))) > reach_px
        )
        if left:
            if frame - first >= HELD_FROM_FRAMES:
                held.append(slice(first, frame))
            first = frame
    starts = [0, *(run.start for run in held[1:])]
    ends = [*starts[1:], len(pose)]
    return [HeldPose(run, slice(start, end)) for run, start, end in zip(held, starts, ends, strict=True)]


def facing(pose: Pose) -> int:
    """Which way the toes point in most of the frames: +1 right in the picture, -1 left."""
    return 1 if np.nanmedian(kinematics.forward_direction(pose)) > 0 else -1


def front_leg_first(pose: Pose, towards: int) -> Pose:
    """The pose with the leg in front as its left one, whatever the model calls left and right.

    Of each pair of joints below the hip, the one further ahead belongs to the front leg: in a lunge that holds for
    knees, ankles, heels and toes alike, and it mends legs of which the model has swapped only a part.
    """
    image_px = pose.image_px.copy()
    for left, right in (KNEES, ANKLES, HEELS, TOES):
        is_behind = (image_px[:, left, 0] - image_px[:, right, 0]) * towards < 0
        image_px[is_behind, left], image_px[is_behind, right] = image_px[is_behind, right], image_px[is_behind, left]
    return replace(pose, image_px=image_px)


def aspect_spread(path: Path, aspect_ratio: float) -> tuple[float, float]:
    """How much the lengths of thighs and of shanks differ between legs and frames, standard deviation / mean."""
    pose = read_frames(path, aspect_ratio=aspect_ratio).pose
    lengths: tuple[FloatArray, ...] = (kinematics.thigh_px(pose), kinematics.shank_px(pose))
    thigh, shank = (float(np.std(length) / np.mean(length)) for length in lengths)
    return thigh, shank
