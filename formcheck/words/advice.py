"""What helps against a fault. Coaching advice, kept apart from what is measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from formcheck.checks.check import FAULTY, Verdict
from formcheck.checks.exercises import EXERCISES, fault_row
from formcheck.checks.session_report import SessionReport
from formcheck.words.findings import fault_words
from formcheck.words.plan import exercise_words

#: Where the advice comes from; said wherever it is shown.
ADVICE_SOURCE = (
    "What helps is common advice of coaching texts. Formcheck measures movement; it has not tested which exercise "
    "changes it."
)
_LOAD = "Add load only gradually: too much too soon shows as broken form."


@dataclass(frozen=True, slots=True)
class Advice:
    """One cue of the summary, the fault it is about, and what helps; ``helps`` is empty where nothing is known."""

    cue: str
    fault: str
    helps: str


def advice(report: SessionReport) -> Iterator[Advice]:
    """The cues of the summary in their order. What helps is told once for each fault."""
    fault_of = {f.cue: f.fault for rep in report.reps for f in rep.findings if f.verdict in FAULTY}
    told: set[str] = set()
    for cue in report.summary.cues:
        fault = fault_of[cue]
        yield Advice(cue, fault_words(fault), "" if fault in told else help_words(fault))
        told.add(fault)


def help_words(fault: str) -> str:
    """What helps against a fault, and the exercise on one leg that trains it, where formcheck can judge that."""
    row = fault_row(fault)
    if row.trained_by not in EXERCISES:
        return row.helps
    return f"{row.helps} On one leg: {exercise_words(row)}, which formcheck judges."


def load_advice(report: SessionReport) -> str:
    """What to do about the load where something plainly failed; empty elsewhere."""
    return _LOAD if Verdict.FAIL in report.summary.verdicts.values() else ""
