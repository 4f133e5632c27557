from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from formcheck.body.pose import Pose
from formcheck.errors import VideoError
from formcheck.frames.frame import Frame
from formcheck.landmarks import passes as landmarking
from formcheck.landmarks.models import resolve_model

CLIP = Path(__file__).resolve().parents[2] / "sample_videos" / "squat_side_clean_m_dark.mp4"


def test_two_halves_are_one_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    model, told = resolve_model("lite"), []
    found = landmarking.landmark_video(CLIP, model, lambda *stage: told.append(stage))
    whole, info = found.pose, found.info
    assert (found.people, found.person) == (1, 1)
    assert told == [("landmarks", done, len(whole)) for done in range(1, len(whole) + 1)]
    monkeypatch.setattr(landmarking, "SPLIT_FROM_FRAMES", 100)
    told.clear()
    found = landmarking.landmark_video(CLIP, model, lambda *stage: told.append(stage))
    halves, same_info = found.pose, found.info
    assert told == [("landmarks", done, len(whole)) for done in range(1, len(whole) + 1)]
    assert same_info == info
    assert np.array_equal(halves.time_s, whole.time_s)
    middle = len(whole) // 2
    assert np.array_equal(halves.image_px[:middle], whole.image_px[:middle])
    assert np.median(np.abs(halves.image_px - whole.image_px)[middle:]) < 1.0  # pixels, of a person 400 tall


def test_one_core_decodes_nothing_ahead_and_has_the_same_landmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    model, threads = resolve_model("lite"), set()

    def look(*_stage: object) -> None:
        threads.update(thread.name for thread in threading.enumerate() if "decode" in thread.name)

    alone = landmarking.landmark_video(CLIP, model, look, one_core=True)
    assert threads == set()
    ahead = landmarking.landmark_video(CLIP, model, look)
    assert threads == {"formcheck-decode_0"}
    assert np.array_equal(alone.pose.image_px, ahead.pose.image_px)


def test_an_error_of_one_half_ends_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landmarking, "SPLIT_FROM_FRAMES", 100)

    counted: list[int] = []

    def fail_late(stage: str, done: int, _: int | None) -> None:
        assert stage == "landmarks"
        counted.append(done)
        if done == 10:
            raise VideoError("a fault on the way")

    with pytest.raises(VideoError, match="a fault on the way"):
        landmarking.landmark_video(CLIP, resolve_model("lite"), fail_late)
    assert max(counted) < 100


def test_the_second_half_looks_at_45_frames_before_it_begins_and_keeps_none_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """MediaPipe follows from frame to frame: without a run-up its first poses are another recording's."""
    looked_at: list[list[int]] = []

    class Looking:
        def __init__(self, _: object) -> None:
            self.indices: list[int] = []

        def __enter__(self) -> Looking:
            looked_at.append(self.indices)
            return self

        def __exit__(self, *_: object) -> None: ...

        def estimate(self, frame: Frame) -> Pose:
            self.indices.append(frame.index)
            height_px, width_px = frame.image_bgr.shape[:2]
            return Pose.unseen(frame.time_s, width_px, height_px)

    class NobodyElse:
        def __init__(self, *_: object) -> None: ...
        def __enter__(self) -> NobodyElse:
            return self

        def __exit__(self, *_: object) -> None: ...
        def glance(self, *_: object) -> None: ...
        def saw_company(self) -> bool:
            return False

    monkeypatch.setattr(landmarking, "MediaPipeEstimator", Looking)
    monkeypatch.setattr(landmarking, "Lookout", NobodyElse)
    monkeypatch.setattr(landmarking, "SPLIT_FROM_FRAMES", 100)
    pose = landmarking.landmark_video(CLIP, resolve_model("lite"), lambda *_: None).pose
    first, second = sorted(looked_at)
    middle = len(pose) // 2
    assert first == list(range(middle))
    assert second == list(range(middle - 45, len(pose)))
    assert (np.diff(pose.time_s) > 0).all()
