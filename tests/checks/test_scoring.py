"""The summary: verdict on each fault, a score that can be explained, and the cues that matter."""

from __future__ import annotations

import pytest

from formcheck.body.pose import Side
from formcheck.body.view import Plane, View
from formcheck.checks.check import Finding, Verdict
from formcheck.checks.scoring import rep_score, summarise
from formcheck.checks.session_report import RepReport
from formcheck.measures.reps import Rep

#: The limits under test, as they are meant to be.
MAX_CUES = 3

FAULTS = ("knee_valgus", "asymmetry", "depth")


#: Where a value lies between its limits, and what it costs, if nothing else is said.
USUAL_EXCESS = {Verdict.PASS: -1.0, Verdict.UNSURE: -0.1, Verdict.WARN: 0.0, Verdict.FAIL: 1.0, Verdict.UNSEEN: None}
USUAL_POINTS = {Verdict.PASS: 0.0, Verdict.UNSURE: 5.0, Verdict.WARN: 10.0, Verdict.FAIL: 25.0, Verdict.UNSEEN: 0.0}


def finding(
    fault: str,
    verdict: Verdict,
    *,
    check: str | None = None,
    side: Side | None = None,
    points: float | None = None,
) -> Finding:
    excess = USUAL_EXCESS[verdict]
    return Finding(
        check=check or fault,
        fault=fault,
        side=side,
        value=None if excess is None else 1 + excess,
        uncertainty=None,
        unit="deg",
        limit_warn=1.0,
        limit_fail=2.0,
        excess=excess,
        verdict=verdict,
        reason="needs a side view" if verdict is Verdict.UNSEEN else None,
        at_s=None,
        cue=f"cue for {check or fault}",
        source="test",
        points=USUAL_POINTS[verdict] if points is None else points,
    )


def beside(*findings: Finding) -> list[Finding]:
    """These, and a fault that is not there: one alone makes no score."""
    return [*findings, finding("heel_rise", Verdict.PASS)]


def rep(*findings: Finding) -> RepReport:
    return numbered(1, *findings)


def numbered(number: int, *findings: Finding) -> RepReport:
    return RepReport(Rep(number, 0, 10, 20, 0.0, 0.5, 1.0), View(0.0, Plane.FRONT, None), {}, {}, findings)


def test_what_the_faults_took_off_adds_up_to_what_is_missing_even_where_nothing_is_left() -> None:
    worst = [finding(fault, Verdict.FAIL, points=40.0) for fault in FAULTS]
    reps = [numbered(1, *worst), numbered(2, finding("depth", Verdict.WARN), finding("asymmetry", Verdict.PASS))]
    summary = summarise(reps, FAULTS)
    assert rep_score(worst) == 0
    assert summary.form_score is not None
    assert summary.form_score + sum(one.points for one in summary.deductions) == pytest.approx(100.0)


def test_a_clean_repetition_scores_a_hundred() -> None:
    assert rep_score([finding("depth", Verdict.PASS), finding("knee_valgus", Verdict.PASS)]) == 100


def test_the_score_follows_the_points_of_the_values_whatever_the_verdicts_say() -> None:
    for verdict in (Verdict.PASS, Verdict.UNSURE, Verdict.WARN, Verdict.FAIL):
        assert rep_score(beside(finding("depth", verdict, points=12.5))) == 87.5


def test_deductions_name_fault_points_and_repetitions_and_add_up_to_what_is_missing() -> None:
    reps = [
        numbered(1, finding("depth", Verdict.PASS), finding("knee_valgus", Verdict.FAIL)),
        numbered(2, finding("depth", Verdict.WARN), finding("knee_valgus", Verdict.WARN)),
        numbered(3, finding("depth", Verdict.PASS), finding("knee_valgus", Verdict.PASS)),
    ]
    summary = summarise(reps, FAULTS)
    assert [(taken.fault, taken.reps) for taken in summary.deductions] == [("knee_valgus", (1, 2)), ("depth", (2,))]
    assert summary.form_score is not None
    assert sum(taken.points for taken in summary.deductions) == pytest.approx(100 - summary.form_score)
    assert "11.7 for knee valgus (repetitions 1, 2)" in summary.form_score_explanation


def test_a_warning_costs_ten_and_a_failure_twenty_five() -> None:
    assert rep_score(beside(finding("depth", Verdict.WARN))) == 90
    assert rep_score(beside(finding("depth", Verdict.FAIL))) == 75
    assert rep_score([finding("depth", Verdict.FAIL), finding("knee_valgus", Verdict.WARN)]) == 65


def test_a_fault_is_charged_once_by_its_worst_finding() -> None:
    both_legs = [finding("knee_valgus", Verdict.WARN, side=Side.LEFT), finding("knee_valgus", Verdict.FAIL)]
    assert rep_score(beside(*both_legs)) == 75
    two_checks = [finding("asymmetry", Verdict.WARN, check=name) for name in ("pelvic_tilt", "pelvic_shift")]
    assert rep_score(beside(*two_checks)) == 90


def test_the_score_does_not_fall_below_zero() -> None:
    assert rep_score([finding(f"fault {number}", Verdict.FAIL) for number in range(6)]) == 0


def test_one_fault_alone_is_not_enough_for_a_score() -> None:
    assert rep_score([finding("depth", Verdict.PASS), finding("depth", Verdict.PASS, check="deep")]) is None
    assert rep_score([finding("depth", Verdict.UNSEEN), finding("knee_valgus", Verdict.WARN)]) is None
    assert rep_score(beside(finding("knee_valgus", Verdict.WARN), finding("depth", Verdict.UNSEEN))) == 90
    assert rep_score([]) is None


def test_the_session_score_is_the_mean_of_the_repetitions_that_have_one() -> None:
    clean, warned = rep(*beside(finding("depth", Verdict.PASS))), rep(*beside(finding("depth", Verdict.WARN)))
    summary = summarise([clean, warned, rep(finding("depth", Verdict.UNSEEN))], FAULTS)
    assert summary.rep_count == 3
    assert summary.form_score == 95
    assert "2 repetitions of 3" in summary.form_score_explanation


def test_a_session_of_which_little_was_seen_has_no_score() -> None:
    hidden = [rep(finding("depth", Verdict.UNSEEN)) for _ in range(3)]
    summary = summarise([rep(*beside(finding("depth", Verdict.PASS))), *hidden], FAULTS)
    assert summary.form_score is None
    assert summary.form_score_explanation == "not enough seen"
    assert summary.deductions == ()


def test_the_explanation_names_the_points_and_what_was_not_judged() -> None:
    summary = summarise([rep(*beside(finding("depth", Verdict.WARN), finding("knee_valgus", Verdict.UNSEEN)))], FAULTS)
    explanation = summary.form_score_explanation
    assert "100" in explanation
    assert "10.0 for depth (repetition 1)" in explanation
    assert explanation.endswith("not judged: knee valgus, asymmetry")
    assert "1 repetition;" in explanation


def test_the_explanation_ends_where_everything_was_judged() -> None:
    summary = summarise([rep(*(finding(fault, Verdict.PASS) for fault in FAULTS))], FAULTS)
    assert "not judged" not in summary.form_score_explanation


def test_without_a_repetition_there_is_no_score_and_every_fault_is_unseen() -> None:
    summary = summarise([], FAULTS)
    assert summary.form_score is None
    assert summary.form_score_explanation == "nothing could be judged"
    assert list(summary.verdicts) == list(FAULTS)
    assert set(summary.verdicts.values()) == {Verdict.UNSEEN}
    assert summary.cues == ()


def test_the_verdict_on_a_fault_is_its_worst_over_all_repetitions() -> None:
    reps = [
        rep(finding("depth", Verdict.PASS), finding("knee_valgus", Verdict.UNSEEN)),
        rep(finding("depth", Verdict.FAIL), finding("knee_valgus", Verdict.PASS)),
        rep(finding("depth", Verdict.WARN), finding("knee_valgus", Verdict.UNSEEN)),
    ]
    verdicts = summarise(reps, FAULTS).verdicts
    assert dict(verdicts) == {
        "knee_valgus": Verdict.PASS,
        "asymmetry": Verdict.UNSEEN,
        "depth": Verdict.FAIL,
    }


def test_cues_come_in_the_order_of_the_points_they_cost() -> None:
    reps = [
        rep(finding("depth", Verdict.WARN), finding("knee_valgus", Verdict.FAIL)),
        rep(finding("depth", Verdict.WARN), finding("asymmetry", Verdict.WARN)),
    ]
    assert summarise(reps, FAULTS).cues == ("cue for knee_valgus", "cue for depth", "cue for asymmetry")


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.UNSURE, Verdict.UNSEEN])
def test_nothing_is_said_about_what_is_not_wrong(verdict: Verdict) -> None:
    assert summarise([rep(finding("depth", verdict))], FAULTS).cues == ()


def test_no_more_cues_are_given_than_can_be_minded() -> None:
    findings = [finding(f"fault {number}", Verdict.FAIL) for number in range(MAX_CUES + 2)]
    assert len(summarise([rep(*findings)], FAULTS).cues) == MAX_CUES
