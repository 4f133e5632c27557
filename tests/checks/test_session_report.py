"""What is to be drawn on a frame follows from the report, frame by frame."""

from __future__ import annotations

import numpy as np
import pytest
from bodies import concatenate, lunges, nobody, standing
from recordings import SUBJECTS, Subject, clean_squats

from formcheck.body.pose import Pose, Side
from formcheck.checks.check import FAULTY, Verdict
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.session_report import FrameState, SessionReport
from formcheck.measures.correction import UNCALIBRATED
from formcheck.measures.reps import Phase


def states(report: SessionReport) -> list[FrameState]:
    return [report.frame_state(index) for index in range(len(report.pose))]


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda s: f"{s.exercise}-{s.check}-{s.side or 'body'}")
def test_every_frame_shows_only_what_is_present_in_it(subject: Subject) -> None:
    report = analyze_poses(subject.film(), profile=subject.profile, calibration=UNCALIBRATED)
    shown = states(report)
    assert any(state.active for state in shown)
    for index, state in enumerate(shown):
        assert all(np.isfinite(reading.value) for reading in state.readings)
        for finding in state.active:
            assert finding.verdict in FAULTY
            assert finding in state.findings
            assert report.tracks[finding.check, finding.side].present[index]
        faults = {finding.fault for finding in state.active}
        assert faults == {fault for fault, present in report.timeseries.faults.items() if present[index]}
        if state.rep_number == 0:
            assert (state.findings, state.active, state.readings) == ((), (), ())


def test_a_frame_inside_a_repetition_carries_all_findings_of_that_repetition() -> None:
    report = analyze_poses(clean_squats(2))
    for rep in report.reps:
        assert report.frame_state(rep.rep.bottom).findings == rep.findings


def test_readings_have_the_value_of_the_frame_the_unit_and_verdict_of_the_finding() -> None:
    report = analyze_poses(clean_squats(1, knee_inward_m=(0.08, 0.0)))
    bottom = report.reps[0].rep.bottom
    reading = next(r for r in report.frame_state(bottom).readings if r.label == "knee valgus" and r.side is Side.LEFT)
    assert reading.value == report.tracks["knee_valgus", Side.LEFT].values[bottom]
    finding = next(f for f in report.reps[0].findings if f.check == "knee_valgus" and f.side is Side.LEFT)
    assert (reading.unit, reading.verdict) == ("shank lengths", finding.verdict)


def test_what_is_unseen_has_no_reading() -> None:
    report = analyze_poses(clean_squats(1, yaw_deg=90))
    labels = {reading.label for reading in report.frame_state(report.reps[0].rep.bottom).readings}
    assert "knee valgus" not in labels
    assert "depth" in labels


def test_failures_are_shown_before_warnings() -> None:
    report = analyze_poses(clean_squats(1, knee_inward_m=(0.06, 0.12)))
    active = report.frame_state(report.reps[0].rep.bottom).active
    assert [finding.verdict for finding in active] == [Verdict.FAIL, Verdict.WARN]
    assert [finding.side for finding in active] == [Side.RIGHT, Side.LEFT]


def test_repetitions_done_are_counted_up_after_each_end() -> None:
    report = analyze_poses(clean_squats(3))
    shown = states(report)
    done = [state.reps_done for state in shown]
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0, 3)
    assert {state.reps_total for state in shown} == {3}
    for rep in report.reps:
        assert shown[rep.rep.end].reps_done == rep.rep.number - 1
        assert shown[rep.rep.end + 1].reps_done == rep.rep.number


def test_the_phase_of_a_frame_is_that_of_the_time_series() -> None:
    report = analyze_poses(clean_squats(2))
    assert [str(state.phase) for state in states(report)] == report.timeseries.phase.tolist()
    assert report.frame_state(0).phase is Phase.STANDING


def test_the_view_is_that_of_the_repetition_and_otherwise_of_the_recording() -> None:
    report = analyze_poses(concatenate(clean_squats(2), clean_squats(1, yaw_deg=90)))
    assert report.frame_state(0).view == report.view
    last = report.reps[-1]
    assert report.frame_state(last.rep.bottom).view == last.view
    assert last.view != report.view


def test_the_lead_side_is_shown_while_its_repetition_lasts() -> None:
    report = analyze_poses(lunges(2, lead="alternate", yaw_deg=0))
    assert [report.frame_state(rep.rep.bottom).lead_side for rep in report.reps] == [Side.LEFT, Side.RIGHT]
    assert report.frame_state(0).lead_side is None


@pytest.mark.parametrize(
    "pose", [standing(1.0), nobody(1.0), standing(1.0).at(slice(0, 1))], ids=["still", "nobody", "one"]
)
def test_frames_of_a_recording_without_repetitions_show_nothing(pose: Pose) -> None:
    report = analyze_poses(pose)
    for state in states(report):
        assert (state.phase, state.rep_number, state.reps_done, state.reps_total) == (Phase.STANDING, 0, 0, 0)
        assert (state.findings, state.active, state.readings, state.lead_side) == ((), (), (), None)


def test_two_legs_with_the_same_check_have_tracks_of_their_own() -> None:
    report = analyze_poses(clean_squats(1, knee_inward_m=(0.08, 0.0)))
    assert report.tracks["knee_valgus", Side.LEFT].present.any()
    assert not report.tracks["knee_valgus", Side.RIGHT].present.any()
