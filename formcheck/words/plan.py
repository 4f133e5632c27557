"""What to do next time, in three lines, where left and right truly differ; else nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from formcheck.body.pose import SIDES, Side
from formcheck.checks.check import Check, Finding
from formcheck.checks.exercises import EXERCISES, checks_of
from formcheck.checks.fault import Fault
from formcheck.checks.session_report import SessionReport
from formcheck.progress.change import smallest_change
from formcheck.words.numbers import length_words, number_text, sign_and_words

#: Repetitions of both sides that a difference is told from.
MIN_REPS = 3
#: Common practice for strength: two sets of eight a side, the weaker side first, so that it sets the number.
_SETS, _REPS = 2, 8


@dataclass(frozen=True, slots=True)
class Difference:
    """The side that is worse in one check, by how much, in the unit of the check, and what the check is about."""

    worse: Side
    check: Check
    size: float
    finding: Finding


def plan_lines(report: SessionReport) -> tuple[str, ...]:
    """Three lines, or none where no difference is sure or nothing that formcheck judges trains it."""
    found = max(differences(report), key=lambda one: abs(one.finding.excess or 0.0), default=None)
    if found is None or found.check.fault.trained_by not in EXERCISES:
        return ()
    other = next(side for side in SIDES if side is not found.worse)
    exercise = exercise_words(found.check.fault)
    size = length_words(found.size, found.finding.unit, found.finding.cm_per_unit)
    if sign_and_words(found.finding.unit)[0]:
        size = number_text(found.size, "deg")
    return (
        f"{_SETS} × {_REPS} {exercise} each side, {found.worse} first; the {other} does no more than the {found.worse} "
        "managed.",
        f"Why: in {found.check.title} the {found.worse} side is worse than the {other} by {size}, which is more than "
        "the measurement may be wrong.",
        "Film it from the front and have it judged; end a set when form breaks, and stop with sharp pain or swelling.",
    )


def differences(report: SessionReport) -> Iterator[Difference]:
    """Checks of both sides whose usual values differ by more than error, and of which the worse side has the fault."""
    for check in checks_of(report.exercise):
        both = {
            side: [
                f
                for rep in report.reps
                for f in rep.findings
                if f.check == check.name and f.side is side and f.value is not None and f.limit_warn is not None
            ]
            for side in SIDES
        }
        if min(map(len, both.values())) < MIN_REPS:
            continue
        middle = {side: median(float(check.severity(f.value or 0.0)) for f in both[side]) for side in SIDES}
        errors = [f.uncertainty for side in SIDES for f in both[side]]
        worst = max(SIDES, key=lambda side: middle[side])
        size = abs(middle[SIDES[0]] - middle[SIDES[1]])
        known = [error for error in errors if error is not None]
        if len(known) < len(errors) or size <= smallest_change(max(known), max(known)):
            continue
        finding = max(both[worst], key=lambda f: -math.inf if f.excess is None else f.excess)
        if (finding.excess or -1.0) >= 0:
            yield Difference(worst, check, size, finding)


def exercise_words(fault: Fault) -> str:
    """The exercise that trains against a fault and is known, in the plural: ``split squats``."""
    return EXERCISES[fault.trained_by].words
