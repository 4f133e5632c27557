"""From the pixels of four sample clips to the verdicts, against what is true of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from formcheck.body.pose import Pose
from formcheck.checks.check import FAULTY, Verdict
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.session_report import RepReport, SessionReport
from formcheck.frames.video import VideoFile
from formcheck.landmarks.estimator import MediaPipeEstimator
from formcheck.landmarks.models import resolve_model

SAMPLES = Path(__file__).resolve().parents[2] / "sample_videos"
NAMES = (
    "squat_front_knees_in_m_avg",
    "squat_front_clean_f_avg",
    "squat_side_knees_past_toes_f_heavy",
    "lunge_front_knee_in_f_avg",
)
#: The bottom is found this exactly.
WITHIN_FRAMES = 2


@dataclass(frozen=True)
class Clip:
    """What is true of a sample clip, and what formcheck says of it."""

    truth: dict[str, Any]
    report: SessionReport

    def reps(self) -> Iterator[tuple[dict[str, Any], RepReport]]:
        return zip(self.truth["reps"], self.report.reps, strict=True)


@pytest.fixture(scope="session", params=NAMES)
def clip(request: pytest.FixtureRequest) -> Clip:
    truth = json.loads((SAMPLES / f"{request.param}.truth.json").read_text(encoding="utf-8"))
    with (
        MediaPipeEstimator(resolve_model("full")) as estimator,
        VideoFile(SAMPLES / f"{request.param}.mp4") as source,
    ):
        pose = Pose.stack([estimator.estimate(frame) for frame in source])
    return Clip(truth, analyze_poses(pose))


def test_the_exercise_is_recognised(clip: Clip) -> None:
    assert clip.report.exercise == clip.truth["exercise"]


def test_the_view_is_recognised(clip: Clip) -> None:
    assert str(clip.report.view.plane) == clip.truth["name"].split("_")[1]
    for true, found in clip.reps():
        assert found.view.yaw_deg == pytest.approx(true["measures"]["body_yaw_to_camera_deg"], abs=12)


def test_every_repetition_is_counted_and_its_bottom_found(clip: Clip) -> None:
    frame_s = 1 / clip.truth["video"]["fps"]
    assert len(clip.report.reps) == len(clip.truth["reps"])
    for true, found in clip.reps():
        assert found.rep.bottom_s == pytest.approx(true["bottom_s"], abs=WITHIN_FRAMES * frame_s)


def test_the_leg_in_front_is_recognised(clip: Clip) -> None:
    assert [found.rep.lead_side for found in clip.report.reps] == [true["lead_side"] for true in clip.truth["reps"]]


def test_every_fault_that_the_camera_can_see_is_warned_about_on_its_side(clip: Clip) -> None:
    for true, found in clip.reps():
        near_side = found.view.near_side
        for fault in true["faults"]:
            if near_side and fault["side"] not in {None, near_side}:
                continue  # the far leg is hidden behind the near one
            warned = {(f.fault, f.side) for f in found.findings if f.verdict in FAULTY}
            assert (fault["fault"], fault["side"]) in warned


def test_nothing_else_is_warned_about(clip: Clip) -> None:
    for true, found in clip.reps():
        real = {(fault["fault"], fault["side"]) for fault in true["faults"]}
        either = {fault["fault"] for fault in true["borderline"]}
        warned = {(f.fault, f.side) for f in found.findings if f.verdict in FAULTY and f.fault not in either}
        assert warned <= real


def test_something_is_judged_in_every_repetition_and_everything_unseen_says_why(clip: Clip) -> None:
    for _, found in clip.reps():
        assert any(finding.verdict is not Verdict.UNSEEN for finding in found.findings)
        assert all(finding.reason for finding in found.findings if finding.verdict is Verdict.UNSEEN)


def test_the_measures_at_the_bottom_are_near_the_truth(clip: Clip) -> None:
    """The side view alone shows the knee's bend in the picture (docs/measures.md)."""
    for true, found in clip.reps():
        if found.view.near_side is None:
            continue
        name = f"knee_flexion_deg_{found.view.near_side}"
        assert found.measures[f"{found.view.near_side}_knee_flexion_deg"] == pytest.approx(
            true["measures"][name], abs=12
        )
