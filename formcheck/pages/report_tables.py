"""The tables of the report page as plain values: repetitions, left against right, how sure each check is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from formcheck.body.pose import SIDES, Side
from formcheck.body.view import Plane
from formcheck.checks.accuracy import EARLIER, CheckAccuracy, accuracy_of
from formcheck.checks.check import Check, Finding, Known, Verdict
from formcheck.checks.exercises import check_row, checks_of
from formcheck.checks.scoring import rep_score
from formcheck.checks.session_report import RepReport, SessionReport
from formcheck.progress.change import smallest_change
from formcheck.words.findings import (
    check_words,
    error_words,
    is_judged,
    reading_words,
    value_words,
    view_words,
)
from formcheck.words.limits import limit_words, limits_words
from formcheck.words.numbers import cm_text, difference_unit, number_text, sign_and_words


@dataclass(frozen=True, slots=True)
class CheckColumn:
    """One check in the table of repetitions: its words, and what is to be known of its numbers."""

    check: str
    title: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One finding in the table of repetitions; ``verdict`` is None for what is information only."""

    verdict: Verdict | None
    text: str
    side: Side | None
    at_s: float | None


@dataclass(frozen=True, slots=True)
class RepRow:
    """One repetition; ``cells`` has the findings of each column of :func:`rep_columns`."""

    rep: RepReport
    score: float | None
    cells: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class SideRow:
    """One measure of both sides: the medians over the repetitions and what their difference means."""

    title: str
    left: str
    right: str
    meaning: str


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """How sure one check is: its limits and their source, its uncertainty, how often it was right, what it misses."""

    title: str
    limits: str
    source: str
    uncertainty: str
    accuracy: tuple[str, ...]
    cannot_see: str


def rep_columns(report: SessionReport) -> tuple[CheckColumn, ...]:
    """Every check that has a value in any repetition."""
    columns = []
    for check in checks_of(report.exercise):
        found = _of_check(report.reps, check)
        if found:
            errors = [f.uncertainty for f in found if f.uncertainty is not None]
            sure = f"± {number_text(max(errors), check.unit)}" if errors else ""
            notes = (sign_and_words(check.unit)[1], sure, _seen_from(report, check))
            columns.append(CheckColumn(check.name, check_words(check.name), tuple(note for note in notes if note)))
    return tuple(columns)


def _seen_from(report: SessionReport, check: Check) -> str:
    """Which view of a session judges a check; empty of a single view."""
    return "" if report.joined is None else ", ".join(dict.fromkeys(map(view_words, _planes(report, check))))


def _planes(report: SessionReport, check: Check) -> list[Plane]:
    """What the camera saw that each value of a check was judged by."""
    return [
        f.plane or rep.view.plane
        for rep in report.reps
        for f in rep.findings
        if f.check == check.name and f.value is not None
    ]


def plus_words(columns: Sequence[CheckColumn]) -> str:
    """What + means in the columns that have a sign; empty where none has."""
    rows = [check_row(column.check) for column in columns]
    meant = [f"{row.title} {row.plus}" for row in rows if row.plus]
    return f"+ means: {', '.join(meant)}." if meant else ""


def rep_rows(report: SessionReport) -> tuple[RepRow, ...]:
    """A row a repetition."""
    names = [column.check for column in rep_columns(report)]
    rows = []
    for rep in report.reps:
        cells = tuple(tuple(_cell(f) for f in rep.findings if f.check == name) for name in names)
        rows.append(RepRow(rep, rep_score(rep.findings), cells))
    return tuple(rows)


def _cell(finding: Finding) -> Cell:
    verdict = finding.verdict if is_judged(finding) or finding.verdict is Verdict.UNSEEN else None
    text = "not seen" if finding.value is None else number_text(finding.value, finding.unit)
    if finding.value_cm is not None:
        text = f"{cm_text(finding.value_cm)} ({text})"
    return Cell(verdict, text, finding.side, finding.at_s)


def side_rows(report: SessionReport) -> tuple[SideRow, ...]:
    """Measures that were seen on both sides, such as the knees from the front or lunges led by either leg."""
    rows = []
    for check in checks_of(report.exercise):
        left, right = ([f for f in _of_check(report.reps, check) if f.side is side] for side in SIDES)
        if left and right:
            meaning = _difference(check, left, right)
            rows.append(
                SideRow(
                    check_words(check.name), _middle_and_worst(check, left), _middle_and_worst(check, right), meaning
                )
            )
    return tuple(rows)


def _of_check(reps: Sequence[RepReport], check: Check) -> list[Finding]:
    return [f for rep in reps for f in rep.findings if f.check == check.name and f.value is not None]


def _values(findings: Sequence[Finding]) -> list[float]:
    return [f.value for f in findings if f.value is not None]


def _middle_and_worst(check: Check, findings: Sequence[Finding]) -> str:
    values = _values(findings)
    middle = number_text(float(np.median(values)), check.unit)
    at_worst = number_text(max(values, key=check.severity), check.unit)
    return f"{middle}, at worst {at_worst}" if len(values) > 1 else middle


def _difference(check: Check, left: Sequence[Finding], right: Sequence[Finding]) -> str:
    difference = abs(float(np.median(_values(left))) - float(np.median(_values(right))))
    errors = [f.uncertainty for f in (*left, *right) if f.uncertainty is not None]
    size = value_words(difference, difference_unit(check.unit))
    if not errors:
        return f"differ by {size}"
    sure = f"(± {number_text(math.sqrt(2) * max(errors), check.unit)})"
    is_sure = difference > smallest_change(max(errors), max(errors))
    return f"differ by {size} {sure}" if is_sure else f"no difference that the measurement could tell {sure}"


def lean_lines(report: SessionReport) -> Iterator[tuple[Verdict, str]]:
    """What the whole body did towards one side, at worst and in the middle of all repetitions; limb symmetry."""
    for check in checks_of(report.exercise):
        found = _of_check(report.reps, check)
        is_towards_a_side = any(str(side) in check.plus for side in SIDES)
        if not found or not (is_towards_a_side or check.known is Known.SET_OVER):
            continue
        middle = replace(found[0], value=float(np.median(_values(found))))
        worst = max(found, key=lambda finding: float(check.severity(finding.value or 0.0)))
        error = found[0].uncertainty
        sure = error_words(found[0])
        if check.known is Known.SET_OVER:
            yield worst.verdict, f"{check_words(check.name)}: {reading_words(middle)}{sure}"
            continue
        is_level = error is not None and abs(middle.value or 0.0) <= error
        usual = "nothing that the measurement could tell" if is_level else reading_words(middle)
        yield worst.verdict, f"{check_words(check.name)}: at worst {reading_words(worst)}, usually {usual}{sure}"


def check_facts(report: SessionReport) -> Iterator[CheckFacts]:
    """Every check that has a value in any repetition."""
    for check in checks_of(report.exercise):
        found = _of_check(report.reps, check)
        if not found:
            continue
        one, planes = found[0], set(_planes(report, check))
        errors = [f.uncertainty for f in found if f.uncertainty is not None]
        rows = [row for row in accuracy_of(report.exercise, check.name) if row.plane in planes]
        yield CheckFacts(
            title=check_words(check.name),
            limits=limits_words(one.limit_warn, one.limit_fail, check.unit, check.worse),
            source=one.source,
            uncertainty=f"± {value_words(max(errors), difference_unit(check.unit))}" if errors else "not known",
            accuracy=tuple(line for row in rows for line in accuracy_lines(row, check.name)) or (_UNKNOWN,),
            cannot_see=check.cannot_see,
        )


_UNKNOWN = "How often it is right is not known: the test recordings show no such fault in this view."


def accuracy_lines(row: CheckAccuracy, check: str) -> Iterator[str]:
    """How often the check was right on rendered people that nothing was chosen on, in sentences."""
    others = ", ".join(map(check_words, row.besides(check))).lower()
    together = f" (together with {others})" if others else ""
    close = f", {row.close} were too close to call" if row.close else ""
    size = limit_words(row.fault_from, row.unit)
    yield f"Found {row.found} of {row.faulty} faults of {size} or more{together}{close}."
    yield f"False alarms: {row.alarms} in {row.clean} cases of {limit_words(row.clean_to, row.unit)} or less."
    if row.smallest is not None:
        yield f"Finds nine in ten from {value_words(row.smallest, row.unit)} on."
    if row.is_earlier:
        yield f"These rates are {EARLIER}."
