"""Real people's recordings, where they are beside the checkout: repetitions, exercise, and silence about the rest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from formcheck.checks.exercises import EXERCISES
from formcheck.checks.judge_recording import analyze_poses
from formcheck.landmarks.recording import read_recording

CLIPS = Path(__file__).resolve().parents[3] / "shared" / "data" / "clips"
TRUTH: dict[str, Any] = (
    json.loads((CLIPS / "truth.json").read_text(encoding="utf-8")) if (CLIPS / "truth.json").is_file() else {}
)
JUDGED = {*EXERCISES}
#: What is in the stored landmarks of a clip is somebody else, who stands nearer to the camera and only talks.
OF_ANOTHER = {"single_leg_01.mp4"}

pytestmark = pytest.mark.skipif(not TRUTH, reason=f"the recordings are not on this machine: {CLIPS}")


@pytest.mark.parametrize("name", sorted(TRUTH))
def test_the_repetitions_of_real_people_are_counted_and_other_movements_left_alone(name: str) -> None:
    truth = TRUTH[name]
    recording = read_recording(CLIPS / "landmarks" / f"{Path(name).stem}.parquet")
    report = analyze_poses(recording.pose, cuts=recording.cuts)
    accepted = set(truth.get("accept", ())) & JUDGED
    if not accepted or name in OF_ANOTHER:
        assert (report.exercise, report.reps) == ("none", ())
        assert report.summary.reason
        return
    fewest, most = truth["reps"]
    assert fewest <= len(report.reps) <= most
    assert report.exercise in accepted
    if len(truth.get("lead", ())) == len(report.reps):
        assert [rep.rep.lead_side for rep in report.reps] == truth["lead"]
