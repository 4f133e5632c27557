"""Two people in one picture, put together from the sample clips, small and with the fastest model."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import cv2
import numpy as np
import pytest

from formcheck.body.pose import HIPS, FloatArray
from formcheck.checks.judge_recording import analyze_poses
from formcheck.errors import InputError
from formcheck.frames import stretches
from formcheck.frames.frame import Frame, ImageBGR
from formcheck.frames.video import VideoFile
from formcheck.frames.writer import VideoWriter
from formcheck.landmarks.models import resolve_model
from formcheck.landmarks.passes import Landmarks, landmark_video
from formcheck.landmarks.people import Lookout, check_person, only

SAMPLES = Path(__file__).resolve().parents[2] / "sample_videos"
LITE = resolve_model("lite")
#: The athlete appears after this many frames; before, only the other one is there.
ALONE_FRAMES = 20
TWO_SQUATS_FRAMES = 92
RATE = 15


def pictures(name: str) -> list[ImageBGR]:
    """Every second picture of a sample clip, half as wide and high."""
    with VideoFile(SAMPLES / f"{name}.mp4") as source:
        return [
            np.asarray(cv2.resize(frame.image_bgr, None, fx=0.5, fy=0.5), dtype=np.uint8)
            for frame in source
            if frame.index % 2 == 0
        ]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """On the left somebody stands, on the right somebody else squats, but is not there from the start."""
    athlete = pictures("squat_front_knees_in_m_avg")
    stander = pictures("squat_front_clean_f_avg")[0]
    empty = np.full_like(stander, 200)
    path = tmp_path_factory.mktemp("people") / "two.mp4"
    with VideoWriter(path, 2 * stander.shape[1], stander.shape[0]) as writer:
        for index, picture in enumerate([*[empty] * ALONE_FRAMES, *athlete[:TWO_SQUATS_FRAMES]]):
            writer.write(Frame(index, index / RATE, np.hstack([stander, picture])))
    return path


def hips_x_px(found: Landmarks) -> FloatArray:
    return np.asarray(found.pose.image_px[:, list(HIPS), 0].mean(axis=-1))


@pytest.fixture(scope="module")
def stages() -> list[str]:
    """What the run of :func:`athlete` has told of its progress."""
    return []


@pytest.fixture(scope="module")
def athlete(clip: Path, stages: list[str]) -> Landmarks:
    """Chosen by formcheck itself, landmarked in two stretches."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stretches, "CUT_FROM_S", 2.0)
        return landmark_video(clip, LITE, lambda stage, *_: stages.append(stage), cores=2)


def test_the_athlete_is_followed_in_both_stretches_although_somebody_else_was_there_first(athlete: Landmarks) -> None:
    hips = hips_x_px(athlete)
    assert (athlete.people, athlete.person) == (2, 2)
    assert np.isnan(hips[: ALONE_FRAMES - RATE // 2]).all()
    assert np.isfinite(hips[ALONE_FRAMES + 1 :]).all()
    assert np.nanmin(hips) > athlete.pose.width_px / 2
    assert len(hips) == athlete.info.frames
    assert np.all(athlete.pose.visibility[np.isnan(hips)] == 0)


def test_the_repetitions_and_the_fault_are_the_athletes(athlete: Landmarks) -> None:
    summary = analyze_poses(athlete.pose).summary
    assert summary.rep_count == 2
    assert summary.verdicts["knee_valgus"] in {"warn", "fail"}  # the model lite on 15 small pictures a second


def test_the_stages_are_told_in_order(athlete: Landmarks, stages: list[str]) -> None:
    assert [stage for stage, _ in groupby(stages)] == ["landmarks", "people", "athlete"]
    assert len(stages) == 3 * athlete.info.frames


def test_the_user_chooses_from_left_to_right_and_a_number_beyond_is_one_line(clip: Path) -> None:
    left = landmark_video(clip, LITE, lambda *_: None, person=1)
    assert (left.people, left.person) == (2, 1)
    assert np.nanmax(hips_x_px(left)) < left.pose.width_px / 2
    with pytest.raises(InputError, match=r"expected --person auto or 1 to 2, got 3: 2 people were seen in two\.mp4"):
        check_person(3, left.people, left.info.name)
    with pytest.raises(InputError, match="expected --person auto or 1, got 2: one person was seen"):
        check_person(2, 1, "one.mp4")
    check_person(None, 1, "one.mp4")


def test_the_lookout_sees_company_and_nobody_where_there_is_nobody(athlete: Landmarks, clip: Path) -> None:
    for alone in (False, True):
        with Lookout(LITE, 100) as lookout, VideoFile(clip) as source:
            glance = lookout.follow(0)
            frames = [frame for frame in source if ALONE_FRAMES <= frame.index < ALONE_FRAMES + 40]
            for frame in frames:
                right_half = np.array([frame.image_bgr.shape[1] / 2, 0, *frame.image_bgr.shape[1::-1]])
                image = only(frame.image_bgr, right_half) if alone else frame.image_bgr
                shown = Frame(frame.index - ALONE_FRAMES, frame.time_s, image)
                glance(shown, athlete.pose.at(frame.index))
            assert lookout.saw_company() is not alone


def test_only_the_window_is_left_and_the_picture_is_not_changed() -> None:
    picture = np.arange(8 * 10 * 3, dtype=np.uint8).reshape(8, 10, 3)
    before = picture.copy()
    shown = only(picture, np.array([-5.0, 2.0, 4.0, 99.0]))
    assert np.array_equal(shown[2:, :4], picture[2:, :4])
    assert np.unique(shown[:2]).tolist() == np.unique(shown[:, 4:]).tolist() == [127]
    assert np.array_equal(picture, before)
