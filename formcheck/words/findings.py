"""The report in plain words: what was good, what was not, what could not be seen. Nothing is judged here.

A fault of which every value is information only in the profile counts as not judged, as does one that was unseen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from formcheck.body.view import Plane
from formcheck.checks.check import FAULTY, RANKS, Finding, Verdict
from formcheck.checks.exercises import check_row, fault_row
from formcheck.checks.session_report import RepReport, SessionReport
from formcheck.words.limits import limit_words
from formcheck.words.numbers import difference_unit, length_words, number_text, short_text, sign_and_words

#: Over the faults of one verdict.
_HEADINGS = {
    Verdict.PASS: "Good",
    Verdict.UNSURE: "Too close to call",
    Verdict.WARN: "To watch",
    Verdict.FAIL: "To work on",
    Verdict.UNSEEN: "Could not be judged",
}


@dataclass(frozen=True, slots=True)
class Point:
    """One fault over the session. ``worst`` is its worst finding, in ``rep``; None unless a fault was found."""

    fault: str
    title: str
    verdict: Verdict
    text: str
    worst: Finding | None = None
    rep: RepReport | None = None


def headings() -> list[tuple[Verdict, str]]:
    """Verdicts, the worst first, and what stands over the faults that have them."""
    return [(verdict, _HEADINGS[verdict]) for verdict in sorted(Verdict, key=RANKS.__getitem__, reverse=True)]


def fault_words(fault: str) -> str:
    """What a fault is called: ``knees caving inward``."""
    return fault_row(fault).title


def check_words(check: str) -> str:
    """What a check is called: ``Knee past toes``."""
    return sentence(check_row(check).title)


def sentence(text: str) -> str:
    """The text with its first letter as a capital and the rest as it is."""
    return text[:1].upper() + text[1:]


def value_words(value: float, unit: str) -> str:
    """A value with its unit in words: ``0.21 shank lengths``, ``5° below parallel``."""
    _, words = sign_and_words(unit)
    if words == "above parallel" and value < 0:
        value, words = -value, "below parallel"
    return f"{number_text(value, unit)} {words}".strip()


def direction_words(check: str, value: float, unit: str) -> str:
    """What the sign of a value says, for who reads it without the sign: ``to the left``, ``below parallel``.

    Empty where it says nothing, or where the value is shown as 0.
    """
    return _sign_words(check_row(check).signs, check, value, unit)


def change_words(check: str, difference: float, unit: str) -> str:
    """How much a value has changed and which way: ``3° deeper``, ``0.05 to the left``, ``0.02 less``; ``none``.

    The way stands on a line of its own.
    """
    way = _sign_words(check_row(check).changes, check, difference, unit)
    return f"{number_text(abs(difference), difference_unit(unit))}\n{way}" if way else "none"


def _sign_words(plus_and_minus: tuple[str, str], check: str, value: float, unit: str) -> str:
    if float(number_text(abs(value), unit).rstrip("°%")) == 0:
        return ""
    if not (plus := check_row(check).plus):
        return plus_and_minus[value < 0]
    words = [word for word in plus.split() if word not in {"hip", "knee"}]  # the check's name has it
    turned = {"left": "right", "right": "left"}
    return " ".join(turned.get(word, word) if value < 0 else word for word in words)


def reading_words(finding: Finding) -> str:
    """What was measured: ``left knee 0.21 shank lengths inside the line of the foot``; needs a value."""
    if finding.value is None:
        raise ValueError("an unseen finding has no value to tell")
    row = check_row(finding.check)
    value = abs(finding.value) if row.mirrored else finding.value
    reading = row.mirrored if row.mirrored and finding.value < 0 else row.reading
    is_length = not sign_and_words(finding.unit)[0]
    told = length_words(value, finding.unit, finding.cm_per_unit) if is_length else value_words(value, finding.unit)
    text = reading.format(side=finding.side or "", value=told)
    return " ".join(text.split())


def error_words(finding: Finding) -> str:
    """Behind a value, how far it may be off: `` (± 0.03)``; empty where that is not known."""
    if finding.uncertainty is None:
        return ""
    return f" (± {short_text(finding.uncertainty, finding.unit, finding.cm_per_unit)})"


def is_judged(finding: Finding) -> bool:
    """Whether the finding is a verdict: seen, and with a limit in the profile."""
    return finding.verdict is not Verdict.UNSEEN and finding.limit_warn is not None


def worst_finding(reps: Sequence[RepReport], fault: str) -> tuple[RepReport, Finding] | None:
    """The warned or failed finding of a fault that lies farthest beyond its limits; None where there is none."""
    found = [(rep, f) for rep in reps for f in rep.findings if f.fault == fault and f.verdict in FAULTY]
    return max(found, key=lambda pair: (RANKS[pair[1].verdict], pair[1].excess or 0.0), default=None)


def points(report: SessionReport) -> tuple[Point, ...]:
    """Every fault of the exercise, those that were found first, worst first; nothing without a repetition."""
    if not report.reps:
        return ()
    found = [_point(report.reps, fault) for fault in report.summary.verdicts]
    cost = {deduction.fault: deduction.points for deduction in report.summary.deductions}
    return tuple(sorted(found, key=lambda point: (-RANKS[point.verdict], -cost.get(point.fault, 0.0))))


def headline(report: SessionReport) -> str:
    """The verdict in one sentence or two."""
    if not report.reps:
        return report.summary.reason or "No complete repetition was found."
    return headline_of({point.fault: point.verdict for point in points(report)})


def headline_of(verdicts: Mapping[str, Verdict]) -> str:
    """The same of the verdicts on faults alone, in the order in which they are to be named."""
    fails, warns = (_listed(verdicts, verdict) for verdict in (Verdict.FAIL, Verdict.WARN))
    if not any(verdict is not Verdict.UNSEEN for verdict in verdicts.values()):
        return "Nothing could be judged in this recording."
    if fails:
        return f"To work on: {fails}." + (f" To watch: {warns}." if warns else "")
    if warns:
        return f"Nothing plainly wrong. To watch: {warns}."
    if unsure := _listed(verdicts, Verdict.UNSURE):
        return f"Nothing wrong that the camera could tell for sure. Too close to call: {unsure}."
    return "Good: nothing to correct in what the camera could see."


def unseen_because(reps: Sequence[RepReport]) -> Iterator[tuple[str, str]]:
    """What was not judged, and why: ``("trunk lean, heel rise in 1 of 3 repetitions (2)", "needs a side view")``."""
    for reason, checks in _not_judged(reps).items():
        alike: dict[tuple[tuple[int, ...], int], list[str]] = {}
        for check, numbers in checks.items():
            key = tuple(numbers), len(reps_with(reps, check=check))
            alike.setdefault(key, []).append(check_row(check).title)
        named = (
            ", ".join(titles) + ("" if len(numbers) == asked else f" in {reps_words(numbers, asked)}")
            for (numbers, asked), titles in alike.items()
        )
        yield "; ".join(named), reason


def _not_judged(reps: Sequence[RepReport]) -> dict[str, dict[str, list[int]]]:
    """Checks that were unseen, by reason, with the numbers of the repetitions in which they were."""
    found: dict[str, dict[str, list[int]]] = {}
    for rep in reps:
        for finding in rep.findings:
            if finding.verdict is Verdict.UNSEEN and finding.reason:
                numbers = found.setdefault(finding.reason, {}).setdefault(finding.check, [])
                if rep.rep.number not in numbers:
                    numbers.append(rep.rep.number)
    return found


def filming_notes(reps: Sequence[RepReport]) -> dict[str, list[int]]:
    """What is to be known of how the repetitions were filmed, with the numbers of those that it is about."""
    found: dict[str, list[int]] = {}
    for rep in reps:
        for note in rep.notes:
            found.setdefault(note, []).append(rep.rep.number)
    return found


def reps_with(reps: Sequence[RepReport], *, check: str = "", fault: str = "") -> list[RepReport]:
    """The repetitions in which a check, or a fault, was looked for: of sets seen one after the other not all."""
    return [rep for rep in reps if any(f.check == check or f.fault == fault for f in rep.findings)]


def reps_words(numbers: Sequence[int], total: int) -> str:
    """As in ``all 3 repetitions``, ``2 of 5 repetitions (1 and 4)``, ``the one repetition``."""
    if len(numbers) == total:
        return {1: "the one repetition", 2: "both repetitions"}.get(total, f"all {total} repetitions")
    listed = [str(number) for number in numbers]
    joined = listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"
    return f"{len(numbers)} of {total} repetitions ({joined})"


def person_words(video: Mapping[str, Any]) -> str:
    """Who of several people was judged, by the facts of ``report.json``; empty where one person was seen."""
    if "people" not in video:
        return ""
    return f"Judged: person {video['person']} of {video['people']}, counted from the left at the start"


def view_words(plane: Plane) -> str:
    """Where the camera stood: ``seen from the side``."""
    odd = {Plane.OBLIQUE: "seen at an angle", Plane.UNKNOWN: "view unknown"}
    return odd.get(plane, f"seen from the {plane}")


def _listed(verdicts: Mapping[str, Verdict], wanted: Verdict) -> str:
    return ", ".join(fault_words(fault) for fault, verdict in verdicts.items() if verdict is wanted)


def _point(every: Sequence[RepReport], fault: str) -> Point:
    reps = reps_with(every, fault=fault)
    findings = [(rep, f) for rep in reps for f in rep.findings if f.fault == fault]
    judged = {rep.rep.number for rep, f in findings if is_judged(f)}
    title = sentence(fault_words(fault))
    worst = worst_finding(reps, fault)
    if worst is not None:
        rep, finding = worst
        numbers = sorted({rep.rep.number for rep, f in findings if f.verdict in FAULTY})
        text = f"In {reps_words(numbers, len(reps))}. {' '.join(_worst_sentences(rep, finding))}"
        return Point(fault, title, finding.verdict, text, finding, rep)
    close = [f for _, f in findings if f.verdict is Verdict.UNSURE]
    if close:
        numbers = sorted({rep.rep.number for rep, f in findings if f.verdict is Verdict.UNSURE})
        nearest = max(close, key=lambda finding: finding.excess or 0.0)
        text = f"In {reps_words(numbers, len(reps))}. {' '.join(_close_sentences(nearest))}"
        return Point(fault, title, Verdict.UNSURE, text)
    if judged:
        return Point(fault, fault_row(fault).good, Verdict.PASS, " ".join(_good_sentences(reps, fault, sorted(judged))))
    reasons = dict.fromkeys(f.reason for _, f in findings if f.reason)
    return Point(fault, title, Verdict.UNSEEN, sentence("; ".join(reasons)) + ".")


def _good_sentences(reps: Sequence[RepReport], fault: str, judged: Sequence[int]) -> Iterator[str]:
    """Where nothing was found, and what of the fault could not be seen: a pass of one check speaks for no other."""
    yield f"In {reps_words(judged, len(reps))}{' that could be judged' if len(judged) < len(reps) else ''}."
    of_fault = [f for rep in reps for f in rep.findings if f.fault == fault]
    seen = {f.check for f in of_fault if is_judged(f)}
    missing = dict.fromkeys(check_words(f.check).lower() for f in of_fault if f.check not in seen)
    if missing:
        yield f"Not judged: {', '.join(missing)}."


def _close_sentences(finding: Finding) -> Iterator[str]:
    """The value nearest to a fault, and why nothing is said of it."""
    limit = (
        ""
        if finding.limit_warn is None
        else f" of {limit_words(finding.limit_warn, finding.unit, finding.cm_per_unit)}"
    )
    yield f"{sentence(reading_words(finding))}{error_words(finding)} is too near to the limit{limit} to call."


def _worst_sentences(rep: RepReport, finding: Finding) -> Iterator[str]:
    yield f"{sentence(reading_words(finding))}{error_words(finding)} in repetition {rep.rep.number}."
    if finding.limit_warn is None or finding.limit_fail is None:
        return
    warn, fail = (
        limit_words(limit, finding.unit, finding.cm_per_unit) for limit in (finding.limit_warn, finding.limit_fail)
    )
    if finding.verdict is Verdict.FAIL:
        yield f"The limit is {warn}; from {fail} on it is a plain fault."
    else:
        yield f"The limit is {warn}; only what is surely beyond {fail} is a plain fault."
