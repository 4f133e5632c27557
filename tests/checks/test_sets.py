"""Where one set ends and the next begins, and what is said of each."""

from __future__ import annotations

import pytest
from bodies import concatenate
from drifting import FIRST, HELD, SECOND, two_sets
from recordings import clean_squats

from formcheck.body.pose import Side
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.session_report import SessionReport


@pytest.fixture(scope="module")
def report() -> SessionReport:
    return analyze_poses(two_sets())


def sizes(report: SessionReport) -> list[int]:
    return [len(one.reps) for one in report.sets]


def test_a_pause_of_twenty_seconds_ends_a_set_and_a_shorter_one_does_not(report: SessionReport) -> None:
    assert sizes(report) == [FIRST, SECOND]
    assert [number for one in report.sets for number in one.reps] == list(range(1, FIRST + SECOND + 1))
    assert sizes(analyze_poses(two_sets(rest_s=12.0))) == [FIRST + SECOND]


def test_a_turn_ends_a_set_and_a_single_odd_view_does_not() -> None:
    front, side = clean_squats(2), clean_squats(2, yaw_deg=90)
    assert sizes(analyze_poses(concatenate(front, side))) == [2, 2]
    a_little = clean_squats(2, yaw_deg=15)
    assert sizes(analyze_poses(concatenate(front, a_little))) == [4]


def test_a_knee_that_holds_and_then_caves_in_is_told_of_that_knee_alone(report: SessionReport) -> None:
    first, second = report.sets
    told = {(drift.check, drift.side): drift for drift in first.drifts}
    drift = told["knee_valgus", Side.LEFT]
    assert drift.held_for == HELD
    assert drift.is_worse
    assert drift.difference > 0.1
    assert all(
        abs(other.difference) < drift.difference / 2
        for key, other in told.items()
        if key[0] == "knee_valgus" and other is not drift
    )
    assert second.drifts == ()


def test_a_set_has_its_own_score_and_verdicts(report: SessionReport) -> None:
    first, second = (one.summary for one in report.sets)
    assert first.verdicts["knee_valgus"] == "fail"
    assert second.verdicts["knee_valgus"] == "pass"
    assert first.form_score is not None
    assert second.form_score is not None
    assert first.form_score < second.form_score


def test_velocity_that_is_lost_is_told_of_its_set(report: SessionReport) -> None:
    first, second = (one.loss for one in report.sets)
    assert first is not None
    assert second is not None
    # From 2.0 s to 2.84 s a repetition: 30 % slower.
    assert first.loss_pct == pytest.approx(100 * (1 - 2.0 / 2.84), abs=4)
    assert (first.fastest, first.last, first.is_sure) == (1, FIRST, True)
    assert not second.is_sure


def test_a_steady_set_is_told_nothing_of() -> None:
    [one] = analyze_poses(clean_squats(6)).sets
    assert one.drifts == ()
    assert one.loss is not None
    assert not one.loss.is_sure


def test_a_recording_without_repetitions_has_no_set() -> None:
    from bodies import standing

    assert analyze_poses(standing(3.0)).sets == ()
