from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from bodies import lunges, squats, standing
from recordings import clean_squats, lunges_deeper_on_the_left, trunk_moved
from rich.console import Console

from formcheck.analysis import Analysis
from formcheck.checks.check import Finding, Verdict, Worse
from formcheck.checks.exercises import EXERCISES
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.session_report import SessionReport
from formcheck.cli.findings_table import print_analysis
from formcheck.landmarks.recording import Recording
from formcheck.words.advice import advice, load_advice
from formcheck.words.findings import (
    change_words,
    direction_words,
    fault_words,
    headline,
    points,
    reading_words,
    reps_words,
    unseen_because,
    value_words,
)
from formcheck.words.limits import limit_words, limits_words
from formcheck.words.numbers import number_text, score_text

CAVED = squats(2, knee_inward_m=(0.08, 0.0))


@pytest.fixture(scope="module")
def caved() -> SessionReport:
    return analyze_poses(CAVED)


def by_fault(report: SessionReport) -> dict[str, tuple[Verdict, str]]:
    return {point.fault: (point.verdict, point.text) for point in points(report)}


def finding(report: SessionReport, check: str) -> Finding:
    return next(f for rep in report.reps for f in rep.findings if f.check == check and f.value is not None)


def test_the_headline_names_what_is_to_be_worked_on(caved: SessionReport) -> None:
    assert headline(caved) == "To work on: knees caving inward."


def test_clean_squats_are_good_as_far_as_the_camera_could_see() -> None:
    assert headline(analyze_poses(clean_squats(yaw_deg=90))) == "Good: nothing to correct in what the camera could see."


def test_what_is_too_close_to_call_is_neither_good_nor_to_watch() -> None:
    report = analyze_poses(clean_squats(2, yaw_deg=90))
    close = [
        replace(f, verdict=Verdict.UNSURE, excess=-0.01, uncertainty=2.0) if f.check == "trunk_lean" else f
        for f in report.reps[1].findings
    ]
    verdicts = {**report.summary.verdicts, "trunk_lean": Verdict.UNSURE}
    reps = (report.reps[0], replace(report.reps[1], findings=tuple(close)))
    close_report = replace(report, reps=reps, summary=replace(report.summary, verdicts=verdicts))
    assert headline(close_report).endswith("Too close to call: leaning trunk.")
    verdict, text = by_fault(close_report)["trunk_lean"]
    assert verdict is Verdict.UNSURE
    assert text.startswith("In 1 of 2 repetitions (2).")
    assert "(± 2°) is too near to the limit of" in text
    assert list(advice(close_report)) == []


def test_without_a_repetition_nothing_is_called_good() -> None:
    report = analyze_poses(standing(2.0))
    assert headline(report).startswith("Nobody moves in this recording")
    assert points(report) == ()


def test_a_view_that_shows_nothing_is_told_as_such() -> None:
    report = analyze_poses(lunges(1, yaw_deg=180), view="back")
    unseen = replace(
        report,
        reps=tuple(
            replace(rep, findings=tuple(replace(f, verdict=Verdict.UNSEEN, value=None) for f in rep.findings))
            for rep in report.reps
        ),
    )
    assert headline(unseen) == "Nothing could be judged in this recording."


def test_every_fault_of_the_exercise_gets_one_point_and_the_found_ones_come_first(caved: SessionReport) -> None:
    told = points(caved)
    assert {point.fault for point in told} == set(caved.summary.verdicts)
    assert told[0].fault == "knee_valgus"
    assert [point.verdict for point in told[-3:]] == [Verdict.UNSEEN] * 3


def test_a_found_fault_tells_whose_how_much_where_and_against_which_limit(caved: SessionReport) -> None:
    verdict, text = by_fault(caved)["knee_valgus"]
    assert verdict is Verdict.FAIL
    assert text.startswith("In both repetitions. Left knee about a quarter of your shin (0.2")
    for part in (
        "shank lengths) inside the line of the foot",
        "±",
        "in repetition",
        f"The limit is {finding(caved, 'knee_valgus').limit_warn:g} shank lengths",
    ):
        assert part in text


def test_an_unseen_fault_tells_why(caved: SessionReport) -> None:
    verdict, text = by_fault(caved)["knee_past_toes"]
    assert (verdict, text) == (Verdict.UNSEEN, "Needs a side view; the camera sees the front.")


def test_a_pass_of_one_check_does_not_speak_for_another_that_was_unseen() -> None:
    verdict, text = by_fault(analyze_poses(lunges(1, yaw_deg=0)))["trunk_lean"]
    assert verdict is Verdict.PASS
    assert text == "In the one repetition. Not judged: trunk lean."


def test_what_is_information_only_is_not_called_good() -> None:
    report = analyze_poses(clean_squats(yaw_deg=90), profile="performance")
    verdict, text = by_fault(report)["knee_past_toes"]
    assert (verdict, text) == (Verdict.UNSEEN, "Information only in this profile.")


def test_signed_values_are_told_with_the_side_and_without_the_sign() -> None:
    right, left = (analyze_poses(trunk_moved(lunges(1, yaw_deg=0), shift)) for shift in (0.2, -0.2))
    assert reading_words(finding(right, "side_lean")).endswith("further to the right than while standing")
    assert reading_words(finding(left, "side_lean")).endswith("further to the left than while standing")
    assert "-" not in reading_words(finding(left, "side_lean"))


def test_every_check_has_words_for_its_reading() -> None:
    template = finding(analyze_poses(lunges(1, yaw_deg=0)), "depth")
    for exercise in EXERCISES.values():
        for check in exercise.checks:
            text = reading_words(replace(template, check=check.name, unit=check.unit, value=-0.5))
            assert "_" not in text
            assert "{" not in text
            assert check.name.replace("_", " ") not in text, "the value is told as a sentence"
            assert "_" not in fault_words(check.fault.name)


def test_an_unseen_finding_has_no_reading(caved: SessionReport) -> None:
    unseen = next(f for f in caved.reps[0].findings if f.verdict is Verdict.UNSEEN)
    with pytest.raises(ValueError, match="no value"):
        reading_words(unseen)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.2149, "shank lengths", "0.21 shank lengths"),
        (16.4, "deg above parallel", "16° above parallel"),
        (-5.2, "deg above parallel", "5° below parallel"),
        (89.6, "%", "90%"),
        (-0.001, "ankle gaps", "0.00 ankle gaps"),
    ],
)
def test_values_have_as_many_digits_as_mean_something(value: float, unit: str, text: str) -> None:
    assert value_words(value, unit) == text


def test_limits_keep_every_digit() -> None:
    assert limit_words(6.5, "deg") == "6.5°"
    assert limit_words(0.13, "shank lengths") == "0.13 shank lengths"


@pytest.mark.parametrize(
    ("warn", "fail", "unit", "worse", "text"),
    [
        (0.13, 0.2, "shank lengths", Worse.ABOVE, "warn from 0.13 up, fail from 0.2 up, shank lengths"),
        (85.0, 75.0, "%", Worse.BELOW, "warn from 85% down, fail from 75% down"),
        (6.5, 9.5, "deg", Worse.EITHER, "warn from ±6.5°, fail from ±9.5°"),
        (-5.0, 15.0, "deg above parallel", Worse.ABOVE, "warn from −5° up, fail from 15° up, above parallel"),
        (None, None, "deg", Worse.ABOVE, "none: information only in this profile"),
    ],
)
def test_both_limits_are_told_with_their_direction(
    warn: float | None, fail: float | None, unit: str, worse: Worse, text: str
) -> None:
    assert limits_words(warn, fail, unit, worse) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.123, "shank lengths", "0.12"),
        (-0.001, "ankle gaps", "0.00"),
        (-0.25, "foot lengths", "−0.25"),
        (97.4, "deg", "97°"),
        (-7.0, "deg above parallel", "−7°"),
        (88.6, "%", "89%"),
        (1.26, "s", "1.3"),
        (float("nan"), "deg", "–"),
    ],
)
def test_numbers_are_written_alike_everywhere(value: float, unit: str, text: str) -> None:
    assert number_text(value, unit) == text


def test_a_difference_has_its_sign() -> None:
    assert [number_text(value, "deg", signed=True) for value in (3.2, -3.2, 0.0)] == ["+3°", "−3°", "+0°"]


@pytest.mark.parametrize(
    ("numbers", "total", "text"),
    [
        ([1], 1, "the one repetition"),
        ([1, 2], 2, "both repetitions"),
        ([1, 2, 3], 3, "all 3 repetitions"),
        ([2], 5, "1 of 5 repetitions (2)"),
        ([1, 2, 4], 5, "3 of 5 repetitions (1, 2 and 4)"),
    ],
)
def test_repetitions_are_counted_and_named(numbers: list[int], total: int, text: str) -> None:
    assert reps_words(numbers, total) == text


def test_what_was_not_judged_is_listed_by_reason_with_its_repetitions(caved: SessionReport) -> None:
    assert list(unseen_because(caved.reps)) == [
        ("knee past toes, trunk lean, heel rise, lockout", "needs a side view; the camera sees the front")
    ]
    [first, second] = caved.reps
    seen = tuple(replace(f, verdict=Verdict.PASS) for f in second.findings)
    assert next(unseen_because([first, replace(second, findings=seen)]))[0] == (
        "knee past toes, trunk lean, heel rise, lockout in 1 of 2 repetitions (1)"
    )


def test_each_cue_comes_with_what_helps_against_its_fault_once(caved: SessionReport) -> None:
    told = list(advice(caved))
    assert [item.cue for item in told] == list(caved.summary.cues)
    assert "mirror" in told[0].helps
    uneven = list(advice(analyze_poses(lunges_deeper_on_the_left())))
    assert any("single-leg deadlift" in item.helps for item in uneven)


def test_load_is_spoken_of_only_where_something_plainly_failed(caved: SessionReport) -> None:
    assert "gradually" in load_advice(caved)
    assert load_advice(analyze_poses(clean_squats(yaw_deg=90))) == ""


@pytest.mark.parametrize(
    ("check", "value", "unit", "words"),
    [
        ("pelvic_tilt", 3.0, "deg", "right lower"),
        ("pelvic_tilt", -3.0, "deg", "left lower"),
        ("pelvic_shift", -0.2, "ankle gaps", "to the left"),
        ("knee_height", 0.1, "shank lengths", "left higher"),
        ("knee_height", -0.1, "shank lengths", "right higher"),
        ("depth", -6.0, "deg above parallel", "below parallel"),
        ("depth", 6.0, "deg above parallel", "above parallel"),
        ("knee_valgus", -0.05, "shank lengths", "outward"),
        ("knee_valgus", 0.05, "shank lengths", ""),
        ("pelvic_tilt", -0.4, "deg", ""),  # shown as 0
    ],
)
def test_the_sign_of_a_value_is_words(check: str, value: float, unit: str, words: str) -> None:
    assert direction_words(check, value, unit) == words


def test_every_check_has_words_for_the_sign_of_a_change() -> None:
    for exercise in EXERCISES.values():
        for check in exercise.checks:
            for difference in (-5.0, 5.0):
                words = change_words(check.name, difference, check.unit)
                assert re.fullmatch(r"5\S*\n[a-z ]+", words), words
    assert change_words("depth", -4.0, "deg above parallel") == "4°\ndeeper"
    assert change_words("trunk_lean", 0.2, "deg") == "none"


@pytest.mark.parametrize(
    ("score", "digits", "text"),
    [
        (100.0, 0, "100"),
        (99.9, 0, "99"),
        (99.5, 0, "99"),
        (99.4, 0, "99"),
        (99.96, 1, "99.9"),
        (60.2, 0, "60"),
        (0, 0, "0"),
    ],
)
def test_a_score_is_100_only_where_nothing_was_taken_off(score: float, digits: int, text: str) -> None:
    assert score_text(score, digits) == text


def test_a_full_score_never_stands_beside_a_warning(caved: SessionReport) -> None:
    almost = replace(caved, summary=replace(caved.summary, form_score=99.95))
    facts = {"name": "a.mp4", "frames": 90, "duration_s": 3.0, "width": 640, "height": 480, "rotation": 0}
    recording = Recording(CAVED, {**facts, "complete": True, "reason": None}, {"name": "full", "sha256": "0" * 64})
    console = Console(file=io.StringIO(), width=80)
    print_analysis(console, Analysis(almost, recording))
    assert "Form score 99:" in console.file.getvalue()  # type: ignore[attr-defined]  # a StringIO
