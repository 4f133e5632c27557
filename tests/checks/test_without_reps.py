"""A recording without a repetition says why, each in its own words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from bodies import concatenate, jittered, lunges, nobody, squats, standing
from recordings import hopping, sitting

from formcheck.body.pose import Pose
from formcheck.checks.judge_recording import analyze_poses

GENERIC = "No complete repetition was found"


def said(pose: Pose) -> str:
    report = analyze_poses(pose)
    assert report.reps == ()
    return str(report.summary.reason)


@pytest.mark.parametrize("move", [squats, lunges])
def test_slow_motion(move: Callable[..., Pose]) -> None:
    """Of 240 pictures a second, shown as 15."""
    pose = move(1, fps=240.0)
    assert "if this is slow motion, give the recording at its real speed" in said(
        replace(pose, time_s=pose.time_s * 16)
    )


def test_a_still() -> None:
    assert said(jittered(standing(4.0), 1.0)).startswith("Nobody moves in this recording")


def test_a_single_picture() -> None:
    assert said(squats(1).at(slice(40, 41))).startswith("This is a single picture")


def test_nobody_in_view() -> None:
    assert said(nobody(3.0)).startswith("Nobody was seen in this recording")


def test_who_sits_down_and_stays_is_no_slow_motion() -> None:
    assert "slow motion" not in said(sitting())
    assert "slow motion" not in said(concatenate(standing(3.0), hopping()))


def test_half_a_repetition() -> None:
    pose = squats(1)
    assert said(pose.at(slice(0, len(pose) // 2))).startswith(GENERIC)
