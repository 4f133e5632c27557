from __future__ import annotations

import os
import platform
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from person_clip import person_frames

from formcheck.body.pose import Landmark, Pose
from formcheck.errors import FormcheckError, ModelError
from formcheck.frames.frame import Frame
from formcheck.landmarks import estimator as estimators
from formcheck.landmarks.estimator import MediaPipeEstimator, PersonFinder
from formcheck.landmarks.models import MEMBERS, resolve_model
from formcheck.machine.native_log import NATIVE_LOG_VARIABLE

TESTS = Path(__file__).resolve().parents[1]


@pytest.fixture
def estimator() -> Iterator[MediaPipeEstimator]:
    with MediaPipeEstimator(resolve_model("lite")) as opened:
        yield opened


def run_program(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python source in a process of its own that can import formcheck and these tests' helpers."""
    paths = {"PYTHONPATH": f"{TESTS.parent}{os.pathsep}{TESTS}"}
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **paths, **environment},
    )


def black(index: int = 0, time_s: float = 0.0) -> Frame:
    return Frame(index, time_s, np.zeros((120, 160, 3), dtype=np.uint8))


def test_a_person_is_found_in_pixels_of_the_picture_and_in_metres(estimator: MediaPipeEstimator) -> None:
    frame = person_frames(1)[0]
    pose = estimator.estimate(frame)
    height_px, width_px = frame.image_bgr.shape[:2]
    assert (pose.width_px, pose.height_px, float(pose.time_s)) == (width_px, height_px, frame.time_s)
    assert (pose.image_px.shape, pose.world_m.shape, pose.visibility.shape) == ((33, 2), (33, 3), (33,))
    assert pose.image_px.dtype == pose.world_m.dtype == pose.visibility.dtype == np.float64
    assert np.all((pose.image_px >= 0) & (pose.image_px < (width_px, height_px)))
    assert np.ptp(pose.image_px[:, 1]) > 0.3 * height_px  # a whole body, not one point and not 0..1
    thigh_m = np.linalg.norm(pose.world_m[Landmark.LEFT_HIP] - pose.world_m[Landmark.LEFT_KNEE])
    assert 0.25 < thigh_m < 0.6
    assert pose.visibility[Landmark.LEFT_HIP] > 0.9
    assert np.all((pose.visibility >= 0) & (pose.visibility <= 1))


def test_the_head_is_above_the_feet_and_the_picture_is_not_changed(estimator: MediaPipeEstimator) -> None:
    frame = person_frames(1)[0]
    before = frame.image_bgr.copy()
    pose = estimator.estimate(frame)
    assert pose.px(Landmark.NOSE)[1] < pose.px(Landmark.LEFT_ANKLE)[1]
    assert np.array_equal(frame.image_bgr, before)


class Recorder:
    """In the landmarker's place: keeps what it is given and finds nobody."""

    pose_landmarks: tuple[()] = ()

    def __init__(self) -> None:
        self.first_pixels: list[list[int]] = []
        self.timestamps_ms: list[int] = []

    def detect_for_video(self, image: Any, timestamp_ms: int) -> Recorder:
        self.first_pixels.append(image.numpy_view()[0, 0].tolist())
        self.timestamps_ms.append(timestamp_ms)
        return self

    def close(self) -> None:
        pass


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder()
    monkeypatch.setattr(MediaPipeEstimator, "_create_landmarker", lambda _self: recorder)
    return recorder


def test_mediapipe_gets_red_first(recorder: Recorder) -> None:
    blue_green_red = np.full((8, 8, 3), (1, 2, 3), dtype=np.uint8)
    with MediaPipeEstimator(resolve_model("lite")) as estimator:
        estimator.estimate(Frame(0, 0.0, blue_green_red))
    assert recorder.first_pixels == [[3, 2, 1]]


@settings(deadline=None, max_examples=30)  # every example hashes the model and makes pictures
@given(st.lists(st.floats(0, 100), min_size=1, max_size=20, unique=True).map(sorted))
def test_timestamps_are_whole_increasing_milliseconds(times_s: list[float]) -> None:
    recorder = Recorder()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MediaPipeEstimator, "_create_landmarker", lambda _self: recorder)
        with MediaPipeEstimator(resolve_model("lite")) as estimator:
            for index, time_s in enumerate(times_s):
                estimator.estimate(black(index, time_s))
    assert all(isinstance(stamp, int) for stamp in recorder.timestamps_ms)
    assert all(earlier < later for earlier, later in pairwise(recorder.timestamps_ms))
    bumps_ms = len(times_s)  # no stamp is further from its time than one millisecond a frame
    assert np.all(np.abs(np.array(recorder.timestamps_ms) - np.array(times_s) * 1000) <= bumps_ms)


def test_nobody_in_the_picture_is_unseen(estimator: MediaPipeEstimator) -> None:
    pose = estimator.estimate(black(time_s=1.5))
    assert np.isnan(pose.image_px).all()
    assert np.isnan(pose.world_m).all()
    assert (pose.visibility == 0).all()
    assert (pose.width_px, pose.height_px, float(pose.time_s)) == (160, 120, 1.5)


def test_frames_within_one_millisecond_are_all_estimated(estimator: MediaPipeEstimator) -> None:
    times_s = [0.0, 0.0001, 0.0002, 0.0011, 0.0012, 0.5]
    frames = [replace(frame, time_s=time_s) for frame, time_s in zip(person_frames(6), times_s, strict=True)]
    pose = Pose.stack([estimator.estimate(frame) for frame in frames])
    assert pose.time_s.tolist() == times_s
    assert not np.isnan(pose.image_px).any()


def test_a_person_of_a_single_picture_is_found_without_a_history_and_nobody_is_none() -> None:
    frames = person_frames(3)
    with PersonFinder(resolve_model("lite")) as finder:
        found = [finder.find(frame.image_bgr, 9.0 - frame.index) for frame in frames]  # the time may go back
        again = finder.find(frames[0].image_bgr, 9.0)
        assert finder.find(black().image_bgr, 0.0) is None
    assert all(pose is not None and float(pose.time_s) == 9.0 - index for index, pose in enumerate(found))
    assert found[0] is not None
    assert again is not None
    assert np.array_equal(found[0].image_px, again.image_px)


def test_non_contiguous_pictures_are_accepted(estimator: MediaPipeEstimator) -> None:
    frame = person_frames(1)[0]
    mirrored = estimator.estimate(replace(frame, image_bgr=frame.image_bgr[:, ::-1]))
    assert not np.isnan(mirrored.image_px).any()


def test_closing_twice_is_harmless_and_estimating_afterwards_is_an_error() -> None:
    with MediaPipeEstimator(resolve_model("lite")) as estimator:
        estimator.estimate(black())
        estimator.close()
    estimator.close()
    with pytest.raises(RuntimeError, match="closed"):
        estimator.estimate(black())


def test_two_estimators_at_once_do_not_mix_their_clocks() -> None:
    with MediaPipeEstimator(resolve_model("lite")) as first, MediaPipeEstimator(resolve_model("lite")) as second:
        first.estimate(black(time_s=9.0))
        assert float(second.estimate(black(time_s=0.0)).time_s) == 0.0


def test_an_estimator_can_be_opened_again_for_another_recording() -> None:
    estimator = MediaPipeEstimator(resolve_model("lite"))
    for _ in range(2):
        with estimator:
            assert (estimator.estimate(black(time_s=0.0)).visibility == 0).all()


def test_a_bundle_that_mediapipe_refuses_is_a_model_error_of_one_line(tmp_path: Path) -> None:
    path = tmp_path / "nonsense.task"
    with zipfile.ZipFile(path, "w") as bundle:
        for member in MEMBERS:
            bundle.writestr(member, b"no network")
    with pytest.raises(ModelError) as caught, MediaPipeEstimator(resolve_model(str(path))):
        pass
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_where_threads_cannot_be_confined_only_a_silent_version_opens_unless_metrics_are_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    monkeypatch.setattr(MediaPipeEstimator, "_create_landmarker", lambda _self: None)  # nothing that could send
    monkeypatch.setattr(estimators, "version", lambda _: "0.10.35")
    with pytest.raises(FormcheckError) as caught, MediaPipeEstimator(resolve_model("lite")):
        pass
    assert "MediaPipe 0.10.35 sends usage metrics" in str(caught.value)
    assert f"pip install mediapipe=={estimators.SILENT_VERSIONS[-1]}" in str(caught.value)
    assert "\n" not in str(caught.value)
    for silent in estimators.SILENT_VERSIONS:
        monkeypatch.setattr(estimators, "version", lambda _, silent=silent: silent)
        with MediaPipeEstimator(resolve_model("lite")):
            pass
    monkeypatch.setattr(estimators, "version", lambda _: "1.2.3")
    with MediaPipeEstimator(resolve_model("lite"), usage_metrics=True):
        pass


def test_importing_the_estimator_does_not_load_mediapipe_or_opencv() -> None:
    program = "import sys, formcheck.landmarks.estimator; print([n for n in ('mediapipe', 'cv2') if n in sys.modules])"
    assert run_program(program).stdout.strip() == "[]"


def test_mediapipe_is_loaded_without_its_drawing_tools_and_can_be_imported_as_ever_afterwards() -> None:
    program = """
import sys
from formcheck.landmarks.estimator import MediaPipeEstimator
from formcheck.landmarks.models import resolve_model
with MediaPipeEstimator(resolve_model("lite")):
    pass
print([name for name in ("matplotlib", "sounddevice") if name in sys.modules])
import mediapipe
print(mediapipe.tasks.vision.PoseLandmarker.__name__, mediapipe.tasks.vision.drawing_utils.draw_landmarks.__name__)
"""
    assert run_program(program).stdout.splitlines() == ["[]", "PoseLandmarker draw_landmarks"]


def test_a_program_that_has_mediapipe_already_shares_it() -> None:
    program = """
import mediapipe
from formcheck.landmarks.mediapipe_parts import load_parts
print(load_parts().PoseLandmarker is mediapipe.tasks.vision.PoseLandmarker)
"""
    assert run_program(program).stdout.strip() == "True"


TALKING = """
import sys
from formcheck.landmarks.estimator import MediaPipeEstimator
from formcheck.landmarks.models import resolve_model
from person_clip import person_frames
with MediaPipeEstimator(resolve_model("lite")) as estimator:
    for frame in person_frames(5):
        assert estimator.estimate(frame).visibility.any()
    print("mine", file=sys.stderr)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the commands keep others from stderr, not the library")
def test_only_our_own_words_reach_stderr() -> None:
    person_frames(1)  # skips here, not in the child, if there is no clip
    finished = run_program(TALKING, **{NATIVE_LOG_VARIABLE: ""})
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "mine\n")


def test_the_native_log_can_be_asked_for() -> None:
    person_frames(1)
    finished = run_program(TALKING, **{NATIVE_LOG_VARIABLE: "1"})
    assert "XNNPACK" in finished.stderr
    assert "unaligned" not in finished.stderr  # models/build.py aligns every weight
