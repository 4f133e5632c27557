from __future__ import annotations

from dataclasses import replace

import pytest
from bodies import lunges, squats
from recordings import clean_squats, lunges_deeper_on_the_left

from formcheck.body.pose import Side
from formcheck.checks.accuracy import accuracy_of
from formcheck.checks.check import Verdict
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.scoring import rep_score
from formcheck.checks.session_report import SessionReport
from formcheck.pages.report_tables import (
    accuracy_lines,
    check_facts,
    lean_lines,
    plus_words,
    rep_columns,
    rep_rows,
    side_rows,
)


@pytest.fixture(scope="module")
def caved() -> SessionReport:
    """The left knee caves in, the right one does not."""
    return analyze_poses(squats(2, knee_inward_m=(0.08, 0.0)))


def test_a_row_has_a_cell_for_each_column_both_legs_in_one_and_the_score_of_the_repetition(
    caved: SessionReport,
) -> None:
    columns, rows = rep_columns(caved), rep_rows(caved)
    assert [column.check for column in columns][:2] == ["knee_valgus", "pelvic_tilt"]
    assert columns[0].notes == ("shank lengths", "± 0.03")
    for row in rows:
        assert len(row.cells) == len(columns)
        assert [cell.side for cell in row.cells[0]] == [Side.LEFT, Side.RIGHT]
        assert [cell.verdict for cell in row.cells[0]] == [Verdict.FAIL, Verdict.PASS]
        assert row.score == rep_score(row.rep.findings)


def test_a_value_for_information_has_no_verdict() -> None:
    report = analyze_poses(clean_squats(yaw_deg=90), profile="performance")
    [row] = rep_rows(report)
    index = [column.check for column in rep_columns(report)].index("knee_past_toes")
    [cell] = row.cells[index]
    assert cell.verdict is None
    assert cell.text != "not seen"


def test_an_unseen_finding_in_a_column_that_others_fill_says_so(caved: SessionReport) -> None:
    first = caved.reps[0]
    hidden = tuple(
        replace(f, value=None, verdict=Verdict.UNSEEN, at_s=None, reason="hidden") if f.check == "depth" else f
        for f in first.findings
    )
    report = replace(caved, reps=(replace(first, findings=hidden), *caved.reps[1:]))
    depth = [column.title for column in rep_columns(report)].index("Depth")
    [cell] = rep_rows(report)[0].cells[depth]
    assert (cell.text, cell.verdict) == ("not seen", Verdict.UNSEEN)


def test_signs_are_explained_for_the_columns_that_have_one(caved: SessionReport) -> None:
    assert "pelvic tilt right hip lower" in plus_words(rep_columns(caved))
    assert plus_words(rep_columns(analyze_poses(clean_squats(yaw_deg=90)))) == ""


def test_sides_differ_only_by_more_than_the_measurement_may_be_wrong(caved: SessionReport) -> None:
    [row] = side_rows(caved)
    assert row.title == "Knee valgus"
    assert row.left.startswith("0.2")
    assert row.meaning.startswith("differ by 0.")
    assert row.meaning.endswith("(± 0.05)"), "the difference of two values is less sure than one of them"
    [even] = side_rows(analyze_poses(clean_squats()))
    assert even.meaning == "no difference that the measurement could tell (± 0.05)"


def test_from_the_side_nothing_is_compared() -> None:
    report = analyze_poses(clean_squats(yaw_deg=90))
    assert side_rows(report) == ()
    assert list(lean_lines(report)) == []


def test_lunges_led_by_either_leg_are_compared_and_their_symmetry_is_told() -> None:
    report = analyze_poses(lunges_deeper_on_the_left())
    assert {"Knee valgus", "Depth"} <= {row.title for row in side_rows(report)}
    texts = [text for _, text in lean_lines(report)]
    assert any(text.startswith("Limb symmetry: one leg went ") for text in texts)
    assert side_rows(analyze_poses(lunges(1, yaw_deg=0))) == ()


def test_a_shift_is_told_at_its_worst_with_its_side_and_its_verdict(caved: SessionReport) -> None:
    told = {text.partition(":")[0]: (verdict, text) for verdict, text in lean_lines(caved)}
    assert set(told) == {"Pelvic tilt", "Pelvic shift", "Body shift", "Knee height"}
    verdict, text = told["Pelvic shift"]
    assert verdict is Verdict.PASS
    assert "at worst hips about a twentieth of the gap between your feet (0.0" in text
    assert "± 0.04" in text


def test_what_is_known_of_a_check_is_that_of_the_view_it_was_judged_in(caved: SessionReport) -> None:
    told = {facts.title: facts for facts in check_facts(caved)}
    assert list(told) == [column.title for column in rep_columns(caved)]
    depth = told["Depth"]
    assert depth.limits == "warn from 15° up, fail from 30° up, above parallel"
    assert depth.accuracy[0].startswith("Found 4 of 4 faults of 20° above parallel or more")
    assert depth.uncertainty == "± 3°"
    assert "not known" in told["Knee height"].accuracy[0]
    from_the_side = {facts.title: facts for facts in check_facts(analyze_poses(clean_squats(yaw_deg=90)))}
    assert from_the_side["Depth"].accuracy[0].startswith("Found 2 of 2")


def test_accuracy_names_the_checks_that_were_counted_together() -> None:
    [row] = accuracy_of("squat", "pelvic_shift")
    found, alarms, smallest, _ = accuracy_lines(row, "pelvic_shift")
    assert found == "Found 11 of 16 faults of 0.05 ankle gaps or more (together with body shift)."
    assert alarms == "False alarms: 11 in 61 cases of 0.02 ankle gaps or less."
    assert smallest == "Finds nine in ten from 0.07 ankle gaps on."
    assert "(together with pelvic shift)" in next(accuracy_lines(row, "body_shift"))


def test_accuracy_says_what_was_too_close_to_call_and_what_is_of_an_earlier_version() -> None:
    [row] = accuracy_of("squat", "pelvic_shift")
    close, earlier = replace(row, close=2, is_earlier=False), replace(row, close=0, is_earlier=True)
    assert next(accuracy_lines(close, "pelvic_shift")).endswith(", 2 were too close to call.")
    assert [line for line in accuracy_lines(close, "pelvic_shift") if "earlier version" in line] == []
    *_, last = accuracy_lines(earlier, "pelvic_shift")
    assert last.startswith("These rates are of an earlier version")
