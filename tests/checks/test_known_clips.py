"""What the accuracy harness measured holds on ten of its reported clips, kept as landmarks with their truth.

Counts are exact; a change that makes any of them worse fails here. A change that makes them better raises them,
together with docs/accuracy.md, in the same commit.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from formcheck.body.pose import SIDES
from formcheck.checks.check import FAULTY, Verdict
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.session_report import RepReport, SessionReport
from formcheck.landmarks.landmark_table import read_landmarks

CLIPS = sorted((Path(__file__).parents[1] / "data" / "accuracy").glob("*.json"))
#: Of 44 repetitions.
BOTTOMS_WITHIN_A_FRAME = 39
#: Legs of squats, front views.
VALGUS = {"found": 7, "faulty": 13, "alarms": 0, "clean": 31}


@dataclass(frozen=True)
class Clip:
    truth: dict[str, Any]
    report: SessionReport

    def reps(self) -> list[tuple[dict[str, Any], RepReport]]:
        return list(zip(self.truth["reps"], self.report.reps, strict=True))


@cache
def clips() -> tuple[Clip, ...]:
    return tuple(
        Clip(json.loads(path.read_text()), analyze_poses(read_landmarks(path.with_suffix(".parquet"))[0]))
        for path in CLIPS
    )


def of(exercise: str, plane: str) -> list[Clip]:
    return [clip for clip in clips() if (clip.truth["exercise"], clip.truth["plane"]) == (exercise, plane)]


def judged_legs(clip: Clip, measure: str, check: str) -> list[tuple[float, float, Verdict]]:
    """True and read value and the verdict, of every leg that the check judged."""
    return [
        (true[measure][SIDES.index(finding.side)], finding.value, finding.verdict)
        for true, rep in clip.reps()
        for finding in rep.findings
        if finding.check == check and finding.side is not None and finding.value is not None
    ]


def test_there_are_ten_clips() -> None:
    assert len(CLIPS) == 10


def test_every_repetition_exercise_plane_and_leading_leg_is_right() -> None:
    for clip in clips():
        assert clip.report.exercise == clip.truth["exercise"]
        assert clip.report.view.plane == clip.truth["plane"]
        assert len(clip.report.reps) == len(clip.truth["reps"])
        assert [rep.rep.lead_side for rep in clip.report.reps] == [true["lead_side"] for true in clip.truth["reps"]]


def test_bottoms_are_within_a_frame_as_often_as_measured() -> None:
    off = [
        abs(rep.rep.bottom_s - true["bottom_s"]) * clip.truth["fps"] for clip in clips() for true, rep in clip.reps()
    ]
    assert sum(frames <= 1.5 for frames in off) >= BOTTOMS_WITHIN_A_FRAME
    assert max(off) < 4


def test_squat_valgus_is_found_and_falsely_found_as_often_as_measured() -> None:
    legs = [
        leg
        for clip in of("squat", "front")
        for leg in judged_legs(clip, "medial_knee_displacement_ratio", "knee_valgus")
    ]
    faulty = [verdict for true, _, verdict in legs if true >= 0.13]
    clean = [verdict for true, _, verdict in legs if true <= 0.05]
    counts = {
        "found": sum(v in FAULTY for v in faulty),
        "faulty": len(faulty),
        "alarms": sum(v in FAULTY for v in clean),
        "clean": len(clean),
    }
    assert counts == VALGUS


@pytest.mark.parametrize(
    ("exercise", "plane", "measure", "check", "mean_absolute_error"),
    [
        ("squat", "front", "medial_knee_displacement_ratio", "knee_valgus", 0.0375),
        ("lunge", "front", "medial_knee_displacement_ratio", "knee_valgus", 0.0305),
        ("squat", "side", "anterior_knee_displacement_ratio", "knee_past_toes", 0.055),
        ("lunge", "side", "anterior_knee_displacement_ratio", "knee_past_toes", 0.0525),
    ],
)
def test_a_measure_is_off_by_no_more_than_measured(
    exercise: str, plane: str, measure: str, check: str, mean_absolute_error: float
) -> None:
    legs = [leg for clip in of(exercise, plane) for leg in judged_legs(clip, measure, check)]
    assert np.mean([abs(read - true) for true, read, _ in legs]) <= mean_absolute_error


@pytest.mark.parametrize(("plane", "mean_absolute_error_deg"), [("front", 7.5), ("side", 2.7), ("oblique", 2.9)])
def test_depth_of_squats_is_off_by_no_more_than_measured(plane: str, mean_absolute_error_deg: float) -> None:
    off = [
        abs(finding.value - np.mean(true["thigh_inclination_deg"]))
        for clip in of("squat", plane)
        for true, rep in clip.reps()
        for finding in rep.findings
        if finding.check == "depth" and finding.value is not None
    ]
    assert np.mean(off) <= mean_absolute_error_deg
