"""Sets in sentences, and lengths as people think of them."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from bodies import lunges
from drifting import two_sets
from recordings import clean_squats

from formcheck.checks.exercises import EXERCISES
from formcheck.checks.fault import KNEE_VALGUS
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.session_report import SessionReport
from formcheck.words.advice import advice
from formcheck.words.numbers import length_words, short_text
from formcheck.words.plan import differences, plan_lines
from formcheck.words.sets import drift_words, set_lines, set_title

STEP_DOWNS = SimpleNamespace(words="step-downs")
ON_ONE_LEG = {"single_leg_squat", "split_squat", "step_down", "side_lunge"}


@pytest.fixture(scope="module")
def report() -> SessionReport:
    return analyze_poses(two_sets(), height_cm=180)


def test_a_set_is_told_with_what_held_and_what_did_not(report: SessionReport) -> None:
    first, second = report.sets
    assert set_title(first) == "Set 1: repetitions 1 to 8"
    told = " ".join(set_lines(report, first))
    assert "Your left knee held for five repetitions, then moved inward by " in told
    assert "Velocity loss " in told
    assert " m/s on the way up" in told
    assert "held" not in " ".join(set_lines(report, second))


def test_without_a_height_velocity_is_in_leg_lengths() -> None:
    report = analyze_poses(clean_squats(3))
    assert " leg lengths/s on the way up." in " ".join(set_lines(report, report.sets[0]))


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (0.26, "shank lengths", "about a quarter of your shin (0.26 shank lengths)"),
        (0.11, "ankle gaps", "about a tenth of the gap between your feet (0.11 ankle gaps)"),
        (0.52, "foot lengths", "about half of your foot (0.52 foot lengths)"),
        (0.01, "shank lengths", "0.01 shank lengths"),
        (-0.2, "shank lengths", "−0.20 shank lengths"),
        (1.7, "foot lengths", "1.70 foot lengths"),
    ],
)
def test_a_length_is_a_share_of_ones_own_body(value: float, unit: str, told: str) -> None:
    assert length_words(value, unit) == told


def test_where_the_height_is_known_a_length_is_in_centimetres_first() -> None:
    assert length_words(0.26, "shank lengths", 43.5) == "11 cm (0.26 shank lengths)"
    assert length_words(-0.04, "ankle gaps", 30.0) == "−1 cm (−0.04 ankle gaps)"
    assert (short_text(0.26, "shank lengths", 43.5), short_text(0.26, "shank lengths")) == ("11 cm", "0.26")


def test_who_moved_and_how_is_said_by_the_row_or_by_title_and_number(report: SessionReport) -> None:
    for exercise in EXERCISES.values():
        for check in exercise.checks:
            who, up, down = check.moves
            assert not who or up != down
            assert "{side}" in who or check.scope == "body" or not who
    drift = replace(report.sets[0].drifts[0], check="limb_symmetry", unit="%", held_for=None)
    assert drift_words(drift).startswith("Limb symmetry left rose from repetition to repetition")


def test_advice_names_an_exercise_on_one_leg_only_where_it_can_be_judged(
    report: SessionReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("formcheck.words.advice.EXERCISES", {"squat": EXERCISES["squat"]})
    assert "--exercise" not in next(advice(report)).helps
    for where in ("advice", "plan"):
        monkeypatch.setattr(f"formcheck.words.{where}.EXERCISES", {KNEE_VALGUS.trained_by: STEP_DOWNS})
    assert "On one leg: step-downs, which formcheck judges." in next(advice(report)).helps


def test_a_plan_is_told_only_where_left_and_right_truly_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("formcheck.words.plan.EXERCISES", {"step_down": STEP_DOWNS})
    one_sided = analyze_poses(clean_squats(4, knee_inward_m=(0.12, 0.0)))
    plan = plan_lines(one_sided)
    assert len(plan) == 3
    assert plan[0].startswith("2 × 8 step-downs each side, left first")
    assert plan_lines(analyze_poses(clean_squats(4, knee_inward_m=(0.0, 0.12))))[0].count("right first") == 1
    assert plan_lines(analyze_poses(clean_squats(4, knee_inward_m=(0.1, 0.1)))) == ()
    assert plan_lines(analyze_poses(clean_squats(4))) == ()
    assert plan_lines(analyze_poses(lunges(2, yaw_deg=0))) == ()


def test_two_repetitions_tell_no_difference_of_sides() -> None:
    assert list(differences(analyze_poses(clean_squats(2, knee_inward_m=(0.12, 0.0))))) == []


def test_what_trains_against_a_fault_is_judged_once_exercises_on_one_leg_are() -> None:
    named = {check.fault.trained_by for exercise in EXERCISES.values() for check in exercise.checks} - {""}
    assert named <= ON_ONE_LEG
    assert named <= EXERCISES.keys() or not ON_ONE_LEG & EXERCISES.keys()
