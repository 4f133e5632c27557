"""Several views of one session in one report: which view judges what, and when they are one set."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from bodies import concatenate, jittered, squats, standing
from recordings import clean_squats

from formcheck.body.pose import Pose
from formcheck.body.view import Plane
from formcheck.checks.check import Finding, Verdict
from formcheck.checks.joining import join
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.session_report import SessionReport, Way
from formcheck.measures.clock import common_clock

#: Bottoms of repetitions that are no metronome's, seconds.
IRREGULAR_S = (0.0, 0.31, -0.24)


def irregular(pose: Pose, by_s: tuple[float, ...] = IRREGULAR_S) -> Pose:
    """The recording with its time bent, so that its repetitions are not evenly spaced."""
    knots_s = np.linspace(pose.time_s[0], pose.time_s[-1], len(by_s) + 2)
    return replace(pose, time_s=pose.time_s + np.interp(pose.time_s, knots_s, [0.0, *by_s, 0.0]))


def one_set(**changes: Any) -> tuple[Pose, Pose]:
    """The same squats from the front and from the side."""
    return irregular(clean_squats(3, **changes)), irregular(clean_squats(3, yaw_deg=90.0, **changes))


def begun_later(pose: Pose, by_s: float) -> Pose:
    """The recording without its first moments, its own time from 0."""
    rest = pose.at(pose.time_s >= by_s)
    return replace(rest, time_s=rest.time_s - by_s)


def joined(*poses: Pose, together: bool | None = None) -> SessionReport:
    return join([analyze_poses(pose, exercise="squat") for pose in poses], together=together)


def way_of(report: SessionReport) -> Way:
    assert report.joined is not None
    return report.joined.way


def findings(report: SessionReport, check: str) -> list[Finding]:
    return [f for rep in report.reps for f in rep.findings if f.check == check]


def is_unseen(report: SessionReport) -> list[bool]:
    return [f.verdict is Verdict.UNSEEN for rep in report.reps for f in rep.findings]


@pytest.mark.parametrize("by_s", [0.0, 0.5, 1.37])
def test_two_cameras_come_onto_one_clock_by_the_movement_itself(by_s: float) -> None:
    front, side = one_set()
    late = begun_later(jittered(side, 1.0), by_s)
    reports = [analyze_poses(pose, exercise="squat") for pose in (front, late)]
    clock = common_clock(*((report.pose, tuple(rep.rep for rep in report.reps)) for report in reports))
    assert clock is not None
    assert abs(clock.offset_s + by_s) < 0.02
    assert abs(clock.offset_s + by_s) < 3 * clock.error_s + 0.01
    assert clock.correlation > 0.95
    assert clock.next_best < clock.correlation


def test_recordings_of_one_set_are_joined_repetition_by_repetition() -> None:
    front, side = one_set()
    alone = analyze_poses(front, exercise="squat")
    report = joined(front, begun_later(side, 0.5))
    assert way_of(report) is Way.SAME_SET
    assert len(report.reps) == 3
    assert [rep.rep.bottom_s for rep in report.reps] == [rep.rep.bottom_s for rep in alone.reps]
    assert sum(is_unseen(alone)) > 0.3 * len(is_unseen(alone))
    assert not any(is_unseen(report))


def test_each_check_is_judged_by_the_view_that_can_judge_it() -> None:
    front, side = one_set(knee_inward_m=(0.08, 0.0), trunk_deg=60)
    report = joined(front, side)
    assert {f.plane for f in findings(report, "knee_valgus")} == {Plane.FRONT}
    assert {f.recording for f in findings(report, "trunk_lean")} == {2}
    assert report.summary.verdicts["knee_valgus"] in {Verdict.WARN, Verdict.FAIL}
    assert report.summary.verdicts["trunk_lean"] in {Verdict.WARN, Verdict.FAIL}
    faults = {taken.fault for taken in report.summary.deductions}
    assert {"knee_valgus", "trunk_lean"} <= faults


def test_the_order_in_which_the_recordings_are_given_changes_no_verdict() -> None:
    front, side = one_set(knee_inward_m=(0.08, 0.0))
    there, back = joined(front, side), joined(side, front)
    assert there.summary.verdicts == back.summary.verdicts
    assert there.summary.form_score == pytest.approx(back.summary.form_score)


def test_where_both_views_judge_the_surer_one_does() -> None:
    report = joined(*one_set())
    for finding in findings(report, "depth"):
        assert finding.other is not None
        assert finding.other.uncertainty is not None
        assert finding.uncertainty is not None
        assert finding.uncertainty <= finding.other.uncertainty
        assert not finding.other.disagrees


def test_views_that_disagree_by_more_than_their_uncertainties_are_told_of() -> None:
    front, side = irregular(clean_squats(3, depth_deg=75)), irregular(clean_squats(3, yaw_deg=90.0))
    report = joined(front, side, together=True)
    assert all(f.other is not None and f.other.disagrees for f in findings(report, "depth"))


def test_another_set_is_joined_by_medians_and_not_repetition_by_repetition() -> None:
    front, side = clean_squats(3), irregular(clean_squats(4, yaw_deg=90.0), (0.4, -0.5, 0.3))
    report = joined(front, side)
    assert way_of(report) is Way.IN_TURN
    assert [rep.recording for rep in report.reps] == [1, 1, 1, 2, 2, 2, 2]
    assert [rep.rep.number for rep in report.reps] == [1, 2, 3, 4, 5, 6, 7]
    assert not any(is_unseen(report))
    for check in {f.check for rep in report.reps for f in rep.findings}:
        assert len({rep.recording for rep in report.reps for f in rep.findings if f.check == check}) == 1
    assert report.summary.form_score is not None


def test_who_says_whether_it_was_one_set_is_believed() -> None:
    front, side = one_set()
    assert way_of(joined(front, side, together=False)) is Way.IN_TURN
    other = irregular(clean_squats(3, yaw_deg=90.0), (0.1, 0.0, 0.1))
    assert way_of(joined(front, other, together=True)) is Way.SAME_SET


def test_what_a_fault_costs_apart_is_the_mean_over_those_that_judge_it() -> None:
    front = irregular(clean_squats(3, knee_inward_m=(0.08, 0.0)))
    alone = analyze_poses(front, exercise="squat")
    report = joined(front, clean_squats(5, yaw_deg=90.0), together=False)
    costs = {taken.fault: taken.points for taken in report.summary.deductions}
    assert costs["knee_valgus"] == pytest.approx({t.fault: t.points for t in alone.summary.deductions}["knee_valgus"])


def test_a_repetition_that_one_camera_missed_is_told_of_by_the_other() -> None:
    front, side = one_set()
    second = analyze_poses(side, exercise="squat").reps[0]
    late = begun_later(side, second.rep.end_s + 0.2)
    report = joined(front, late)
    assert way_of(report) is Way.SAME_SET
    assert len(report.reps) == 3
    assert any("only the recording from the front" in note for note in report.reps[0].notes)
    assert {f.verdict for f in report.reps[0].findings if f.check == "trunk_lean"} == {Verdict.UNSEEN}


def test_one_recording_in_which_the_person_turns_is_judged_from_both_sides() -> None:
    turning = concatenate(clean_squats(2), standing(1.0), clean_squats(2, yaw_deg=90.0))
    alone, report = analyze_poses(turning, exercise="squat"), joined(turning)
    assert way_of(report) is Way.TURNED
    assert [rep.view.plane for rep in report.reps] == [Plane.FRONT, Plane.FRONT, Plane.SIDE, Plane.SIDE]
    assert any(is_unseen(alone))
    assert not any(is_unseen(report))
    assert report.summary.form_score is not None


def test_somebody_who_stands_still_is_on_no_clock() -> None:
    report = joined(squats(2), standing(8.0, yaw_deg=90.0))
    assert way_of(report) is Way.IN_TURN
    assert len(report.reps) == 2
