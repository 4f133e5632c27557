"""The mirror test: the same repetitions, the picture flipped. What keeps its sign is a bias of the instrument."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from benchmarks.accuracy.landmarks import landmarks_of
from benchmarks.accuracy.rendered_clips import FloatArray, RenderedClip
from benchmarks.accuracy.tables import Table
from formcheck.body.pose import Pose
from formcheck.checks.judge_recording import analyze_poses
from formcheck.frames.video import VideoFile
from formcheck.landmarks.estimator import MediaPipeEstimator
from formcheck.landmarks.landmark_table import read_landmarks, rounded, write_landmarks
from formcheck.landmarks.models import Model

#: Measures whose sign tells the side.
SIGNED = {
    "pelvic_obliquity_deg": 2,
    "lateral_pelvic_shift_ratio": 3,
    "lateral_trunk_shift_ratio": 3,
    "knee_height_difference_change_ratio": 3,
}


def tables(clips: Sequence[RenderedClip], model: Model, cache: Path) -> list[Table]:
    """One table, over the reported clips in which people are crooked on purpose."""
    chosen = [clip for clip in clips if "_crooked_" in clip.name and not clip.is_development]
    pairs = [(_values(landmarks_of(c.path, model, cache)), _values(_mirrored(c, model, cache))) for c in chosen]
    pairs = [(plain, flipped) for plain, flipped in pairs if plain.shape == flipped.shape]
    plain, flipped = (np.concatenate([pair[i] for pair in pairs]) for i in (0, 1))
    rows = []
    for column, (name, digits) in enumerate(SIGNED.items()):
        half, turn = (plain + flipped)[:, column] / 2, (plain - flipped)[:, column] / 2
        error = half.std(ddof=1) / np.sqrt(len(half))
        constant = f"{half.mean():+.{digits}f} ± {error:.{digits}f}"
        rows.append([f"`{name}`", str(len(half)), constant, f"{turn.std():.{digits}f}"])
    note = "Reported bodies, front views. *Constant*: half the sum of the value and of that of the flipped picture "
    note += "(mean, standard error); without a left/right bias it is 0. *Turning*: the spread of half the difference, "
    note += "which is the person's."
    return [Table("Mirror test", note, ("measure", "repetitions", "constant", "turning"), rows)]


def _values(pose: Pose) -> FloatArray:
    report = analyze_poses(pose, exercise="squat")
    return np.array([[rep.measures[name] for name in SIGNED] for rep in report.reps])


def _mirrored(clip: RenderedClip, model: Model, cache: Path) -> Pose:
    cached = cache / f"mirrored_{clip.name}_{clip.path.stat().st_size}_{model.sha256[:8]}.parquet"
    if cached.is_file():
        return read_landmarks(cached)[0]
    print(f"landmarks of {clip.path.name}, mirrored", file=sys.stderr)
    with MediaPipeEstimator(model) as estimator, VideoFile(clip.path) as source:
        flipped = (replace(frame, image_bgr=np.ascontiguousarray(cv2.flip(frame.image_bgr, 1))) for frame in source)
        pose = rounded(Pose.stack([estimator.estimate(frame) for frame in flipped]))
    write_landmarks(cached, pose, model_name=model.name, model_sha256=model.sha256)
    return pose
