"""The tables of the report page as plain values: repetitions, left against right, how sure each check is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from formcheck.checks import Check, Finding, Verdict
from formcheck.exercises import EXERCISES
from formcheck.io.report_words import TOWARDS_SIDE, check_words, is_judged, reading_words, sentence, value_words
from formcheck.io.units import number_text, sign_and_words
from formcheck.measured import Measured, measured_for
from formcheck.pose import SIDES, Side
from formcheck.report import RepReport, SessionReport
from formcheck.scoring import rep_score


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


def rep_columns(report: SessionReport) -> tuple[tuple[str, str, str], ...]:
    """Name, words and unit of every check that has a value in any repetition."""
    checks = {f.check: f.unit for rep in report.reps for f in rep.findings if f.value is not None}
    order = [check.name for check in EXERCISES[report.exercise].checks if check.name in checks]
    return tuple((name, check_words(name), sign_and_words(checks[name])[1]) for name in order)


def rep_rows(report: SessionReport) -> tuple[RepRow, ...]:
    """A row a repetition."""
    names = [name for name, _, _ in rep_columns(report)]
    rows = []
    for rep in report.reps:
        cells = tuple(tuple(_cell(f) for f in rep.findings if f.check == name) for name in names)
        rows.append(RepRow(rep, rep_score(rep.findings), cells))
    return tuple(rows)


def _cell(finding: Finding) -> Cell:
    verdict = finding.verdict if is_judged(finding) or finding.verdict is Verdict.UNSEEN else None
    text = "not seen" if finding.value is None else number_text(finding.value, finding.unit)
    return Cell(verdict, text.replace("-", "−"), finding.side, finding.at_s)


def side_rows(report: SessionReport) -> tuple[SideRow, ...]:
    """Measures that were seen on both sides, such as the knees from the front or lunges led by either leg."""
    rows = []
    for check in EXERCISES[report.exercise].checks:
        found = [_of_side(report.reps, check.name, side) for side in SIDES]
        if all(found):
            rows.append(_side_row(check, *found))
    return tuple(rows)


def _of_side(reps: Sequence[RepReport], check: str, side: Side) -> list[Finding]:
    return [f for rep in reps for f in rep.findings if f.check == check and f.side is side and f.value is not None]


def _side_row(check: Check, left: list[Finding], right: list[Finding]) -> SideRow:
    medians = [_median(findings) for findings in (left, right)]
    left_text, right_text = (number_text(median, check.unit).replace("-", "−") for median in medians)
    errors = [f.uncertainty for f in (*left, *right) if f.uncertainty is not None]
    difference = abs(medians[0] - medians[1])
    size = value_words(difference, check.unit) if "parallel" not in check.unit else number_text(difference, check.unit)
    if not errors:
        meaning = f"differ by {size}"
    else:
        error = math.sqrt(2) * max(errors)
        sure = number_text(error, check.unit)
        told = f"differ by {size}, more than the measurement may be wrong (± {sure})"
        meaning = told if difference > error else f"no difference that the measurement could tell (± {sure})"
    return SideRow(check_words(check.name), left_text, right_text, meaning)


def _median(findings: Sequence[Finding]) -> float:
    return float(np.median([f.value for f in findings if f.value is not None]))


def lean_lines(report: SessionReport) -> Iterator[tuple[Verdict, str]]:
    """What the whole body did towards one side, in the middle of all repetitions, and the worst verdict on it."""
    for check in EXERCISES[report.exercise].checks:
        of_check = [f for rep in report.reps for f in rep.findings if f.check == check.name and f.value is not None]
        if of_check and (check.name in TOWARDS_SIDE or check.name == "limb_symmetry"):
            first = of_check[0]
            text = reading_words(replace(first, value=_median(of_check)))
            error = f" (± {number_text(first.uncertainty, first.unit)})" if first.uncertainty is not None else ""
            worst = max(of_check, key=lambda f: [Verdict.PASS, Verdict.WARN, Verdict.FAIL].index(f.verdict))
            yield worst.verdict, sentence(text) + error


def check_facts(report: SessionReport) -> Iterator[CheckFacts]:
    """Every check that has a value in any repetition."""
    for check in EXERCISES[report.exercise].checks:
        pairs = [(rep, f) for rep in report.reps for f in rep.findings if f.check == check.name and f.value is not None]
        if not pairs:
            continue
        planes = {rep.view.plane for rep, _ in pairs}
        errors = [f.uncertainty for _, f in pairs if f.uncertainty is not None]
        rows = [row for row in measured_for(report.exercise, check.name) if row.plane in planes]
        yield CheckFacts(
            title=check_words(check.name),
            limits=_limits(pairs[0][1]),
            source=pairs[0][1].source,
            uncertainty=f"± {value_words(max(errors), _plain(check.unit))}" if errors else "not known",
            accuracy=tuple(line for row in rows for line in accuracy_lines(row)) or (_UNKNOWN,),
            cannot_see=check.cannot_see,
        )


_UNKNOWN = "How often it is right is not known: the test recordings show no such fault in this view."


def _plain(unit: str) -> str:
    """An uncertainty is so many degrees, not degrees above parallel."""
    return "deg" if unit.startswith("deg") else unit


def _limits(finding: Finding) -> str:
    if finding.limit_warn is None or finding.limit_fail is None:
        return "none: information only in this profile"
    warn, fail = (number_text(limit, finding.unit) for limit in (finding.limit_warn, finding.limit_fail))
    return f"warns from {warn}, fails from {value_words(finding.limit_fail, finding.unit)}" if warn != fail else fail


def accuracy_lines(row: Measured) -> Iterator[str]:
    """How often the check was right on rendered people that nothing was chosen on, in sentences."""
    together = f" (together with {', '.join(map(check_words, row.checks[1:])).lower()})" if len(row.checks) > 1 else ""
    yield f"Found {_share(row.found, row.faulty)} faults of {value_words(row.fault_from, row.unit)} or more{together}."
    yield f"False alarms: {_share(row.alarms, row.clean)} cases of {value_words(row.clean_to, row.unit)} or less."
    if row.smallest is not None:
        yield f"Finds nine in ten from {value_words(row.smallest, row.unit)} on."


def _share(hits: int, count: int) -> str:
    return f"{hits} of {count}"
