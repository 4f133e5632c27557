from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from formcheck.body.pose import Pose
from formcheck.errors import VideoError
from formcheck.frames import stretches
from formcheck.frames.container import ContainerFacts
from formcheck.frames.frame import Frame
from formcheck.frames.stretches import Stretch
from formcheck.landmarks import passes as landmarking
from formcheck.landmarks.models import resolve_model
from formcheck.landmarks.recording import silent

CLIP = Path(__file__).resolve().parents[2] / "sample_videos" / "squat_side_clean_m_dark.mp4"


@pytest.fixture(autouse=True)
def _short_recordings_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "CUT_FROM_S", 2.0)


def whole(facts: ContainerFacts) -> tuple[Stretch, ...]:
    """Not cut at all."""
    assert facts.expected_frames
    return ((0, None),)


def test_two_stretches_are_one_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    model, told = resolve_model("lite"), []
    found = landmarking.landmark_video(CLIP, model, lambda *stage: told.append(stage), cores=2)
    assert (found.people, found.person) == (1, 1)
    assert told == [("landmarks", done, len(found.pose)) for done in range(1, len(found.pose) + 1)]
    monkeypatch.setattr(landmarking, "stretches_of", whole)
    told.clear()
    in_one = landmarking.landmark_video(CLIP, model, lambda *stage: told.append(stage), cores=2)
    assert told == [("landmarks", done, len(found.pose)) for done in range(1, len(found.pose) + 1)]
    assert found.info == in_one.info
    assert np.array_equal(found.pose.time_s, in_one.pose.time_s)
    middle = len(found.pose) // 2
    assert np.array_equal(found.pose.image_px[:middle], in_one.pose.image_px[:middle])
    assert np.median(np.abs(found.pose.image_px - in_one.pose.image_px)[middle:]) < 1.0  # pixels, of a person 400 tall


def test_landmarks_do_not_depend_on_the_number_of_cores() -> None:
    alone, two, three = (landmarking.landmark_video(CLIP, resolve_model("lite"), silent, cores=n) for n in (1, 2, 3))
    for other in (two, three):
        assert np.array_equal(alone.pose.image_px, other.pose.image_px)
        assert np.array_equal(alone.pose.world_m, other.pose.world_m)
        assert (alone.info, alone.cuts) == (other.info, other.cuts)


def test_frames_are_decoded_ahead_only_where_a_core_is_free() -> None:
    threads: set[str] = set()

    def look(*_stage: object) -> None:
        threads.update(thread.name for thread in threading.enumerate() if "decode" in thread.name)

    landmarking.landmark_video(CLIP, resolve_model("lite"), look, cores=2)
    assert threads == set()
    landmarking.landmark_video(CLIP, resolve_model("lite"), look, cores=3)
    assert threads


def test_a_large_picture_is_looked_at_made_smaller_and_its_landmarks_are_in_its_own_pixels(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = resolve_model("lite")
    full = landmarking.landmark_video(CLIP, model, silent, cores=2).pose
    monkeypatch.setattr(landmarking, "MOST_SHORT_PX", 240)
    small = landmarking.landmark_video(CLIP, model, silent, cores=2).pose
    assert (small.width_px, small.height_px) == (full.width_px, full.height_px)
    assert 0 < np.nanmedian(np.abs(small.image_px - full.image_px)) < 4.0  # of 480 x 640


def test_an_error_of_one_stretch_ends_both() -> None:
    counted: list[int] = []

    def fail_late(stage: str, done: int, _: int | None) -> None:
        assert stage == "landmarks"
        counted.append(done)
        if done == 10:
            raise VideoError("a fault on the way")

    with pytest.raises(VideoError, match="a fault on the way"):
        landmarking.landmark_video(CLIP, resolve_model("lite"), fail_late, cores=2)
    assert max(counted) < 100


def test_the_second_stretch_looks_at_a_second_before_it_begins_and_keeps_none_of_it(
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
        def follow(self, _first: int) -> Callable[[Frame, Pose], None]:
            return lambda _frame, _pose: None

        def saw_company(self) -> bool:
            return False

    monkeypatch.setattr(landmarking, "MediaPipeEstimator", Looking)
    monkeypatch.setattr(landmarking, "Lookout", NobodyElse)
    pose = landmarking.landmark_video(CLIP, resolve_model("lite"), lambda *_: None).pose
    first, second = sorted(looked_at)
    middle = len(pose) // 2
    assert first == list(range(middle))
    assert second == list(range(middle - 30, len(pose)))
    assert (np.diff(pose.time_s) > 0).all()
