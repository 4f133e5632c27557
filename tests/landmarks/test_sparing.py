from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from bodies import squats

from formcheck.body.pose import Pose
from formcheck.frames.frame import Frame
from formcheck.landmarks.sparing import Found, poses

PICTURE = np.zeros((8, 8, 3), dtype=np.uint8)


class Watching:
    """Finds the poses of a recording that is known, and notes where it was asked to."""

    def __init__(self, recording: Pose) -> None:
        self.recording = recording
        self.looked_at: list[int] = []

    def frames(self) -> Iterator[Frame]:
        for number, time_s in enumerate(self.recording.time_s.tolist()):
            yield Frame(number, time_s, PICTURE)

    def estimate(self, frame: Frame) -> Pose:
        self.looked_at.append(frame.index)
        return self.recording.at(frame.index)

    def found(self, first: int = 0) -> list[Found]:
        return list(poses(self.frames(), self.estimate, first))


@pytest.mark.parametrize("rate", [15, 25, 30, 50])
def test_every_frame_is_looked_at_up_to_58_a_second(rate: int) -> None:
    watching = Watching(squats(1, fps=rate))
    assert [one.number for one in watching.found()] == watching.looked_at == list(range(len(watching.recording)))


@pytest.mark.parametrize("rate", [59.94, 60, 119.88, 120, 240])
def test_squats_are_looked_at_thirty_times_a_second_whatever_the_camera(rate: float) -> None:
    watching = Watching(squats(1, fps=rate))
    found = watching.found()
    seconds = float(watching.recording.time_s[-1])
    assert len(watching.looked_at) / seconds == pytest.approx(30, abs=1.5)
    assert [one.number for one in found] == list(range(len(watching.recording)))
    drawn = np.array([one.pose.image_px for one in found])
    off_px = np.linalg.norm(drawn - watching.recording.image_px, axis=-1)
    body_px = np.ptp(watching.recording.image_px[0, :, 1])
    assert off_px.max() < 0.001 * body_px
    assert np.allclose([one.pose.time_s for one in found], watching.recording.time_s)


def test_an_abrupt_movement_is_looked_at_more_often_and_a_steady_one_less_again() -> None:
    recording = squats(1, fps=240)
    jerk = slice(600, 660)
    image_px = recording.image_px.copy()
    image_px[jerk, :, 1] += 120 * np.sin(np.linspace(0, 6 * np.pi, 60))[:, None]
    shaken = Pose(
        recording.time_s, image_px, recording.world_m, recording.visibility, recording.width_px, recording.height_px
    )
    watching = Watching(shaken)
    watching.found()
    looked_at = np.array(watching.looked_at)
    steps = np.diff(looked_at)
    assert steps.max() == 8
    assert steps[(looked_at[1:] > 620) & (looked_at[1:] < 660)].max() <= 4
    assert steps[:-1][looked_at[1:-1] > 760].min() == 8  # the last frame is looked at whenever it comes


def test_the_first_frame_that_is_kept_and_the_last_are_looked_at() -> None:
    watching = Watching(squats(1, fps=240))
    found = watching.found(first=13)
    assert {0, 13, len(watching.recording) - 1} <= set(watching.looked_at)
    assert {one.number for one in found if one.frame is not None} == set(watching.looked_at)


def test_between_a_frame_with_nobody_and_one_with_somebody_nobody_is_seen() -> None:
    recording = squats(1, fps=120)
    gone = np.arange(len(recording)) < 100
    watching = Watching(
        Pose(
            recording.time_s,
            np.where(gone[:, None, None], np.nan, recording.image_px),
            np.where(gone[:, None, None], np.nan, recording.world_m),
            np.where(gone[:, None], 0.0, recording.visibility),
            recording.width_px,
            recording.height_px,
        )
    )
    found = watching.found()
    back = next(number for number in watching.looked_at if number >= 100)
    for one in found[:back]:
        assert np.isnan(one.pose.image_px).all()
        assert not one.pose.visibility.any()
    assert np.isfinite(found[back].pose.image_px).all()
