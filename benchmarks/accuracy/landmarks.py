"""Landmarks of a clip, kept on disk: pose estimation takes minutes, everything after it seconds."""

from __future__ import annotations

import sys
from pathlib import Path

from formcheck.body.pose import Pose
from formcheck.frames.video import VideoFile
from formcheck.landmarks.estimator import MediaPipeEstimator
from formcheck.landmarks.landmark_table import read_landmarks, rounded, write_landmarks
from formcheck.landmarks.models import Model


def landmarks_of(path: Path, model: Model, cache: Path) -> Pose:
    """The poses of a video, from ``cache`` where they are there for a file of this name and size and this model."""
    cached = cache / f"{path.stem}_{path.stat().st_size}_{model.sha256[:8]}.parquet"
    if cached.is_file():
        return read_landmarks(cached)[0]
    print(f"landmarks of {path.name}", file=sys.stderr)
    with MediaPipeEstimator(model) as estimator, VideoFile(path) as source:
        pose = rounded(Pose.stack([estimator.estimate(frame) for frame in source]))
    cache.mkdir(parents=True, exist_ok=True)
    write_landmarks(cached, pose, model_name=model.name, model_sha256=model.sha256)
    return pose
