"""The report in plain words: what was good, what was not, what could not be seen. Nothing is judged here.

A fault of which every value is information only in the profile counts as not judged, as does one that was unseen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from formcheck.body.pose import Side
from formcheck.body.view import Plane
from formcheck.checks.check import FAULTY, RANKS, Finding, Verdict
from formcheck.checks.session_report import RepReport, SessionReport
from formcheck.words.numbers import exact_text, number_text, sign_and_words

#: What a fault is called, and what is said of its absence.
_FAULTS = {
    "knee_valgus": ("knees caving inward", "Knees in line with the feet"),
    "knee_past_toes": ("knees past the toes", "Knees above the feet"),
    "asymmetry": ("left-right difference", "Left and right alike"),
    "depth": ("too little depth", "Deep enough"),
    "trunk_lean": ("leaning trunk", "Trunk upright enough"),
    "heel_rise": ("heels lifting", "Heels on the floor"),
}
#: How the value of a check reads; {towards} is the side to which a signed value points.
_READINGS = {
    "knee_valgus": "{side} knee {value} inside the line of the foot",
    "knee_past_toes": "{side} knee {value} past the tip of the shoe",
    "pelvic_tilt": "{towards} hip {value} lower",
    "pelvic_shift": "hips {value} to the {towards}",
    "body_shift": "shoulders {value} to the {towards}",
    "knee_height": "{away} knee {value} higher",
    "limb_symmetry": "one leg went {value} as deep as the other",
    "depth": "thigh {value}",
    "trunk_lean": "trunk {value} further forward than while standing",
    "side_lean": "trunk {value} to the {towards}",
    "heel_rise": "{side} heel {value} off the floor",
}
#: Checks whose value has the sign of a side, and what + means.
TOWARDS_SIDE = {
    "pelvic_tilt": "right hip lower",
    "pelvic_shift": "to the right",
    "body_shift": "to the right",
    "knee_height": "left knee higher",
    "side_lean": "to the right",
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


def fault_words(fault: str) -> str:
    """What a fault is called: ``knees caving inward``."""
    return _FAULTS[fault][0] if fault in _FAULTS else fault.replace("_", " ")


def check_words(check: str) -> str:
    """What a check is called: ``Knee past toes``."""
    return check.replace("_", " ").capitalize()


def sentence(text: str) -> str:
    """The text with its first letter as a capital and the rest as it is."""
    return text[:1].upper() + text[1:]


def value_words(value: float, unit: str) -> str:
    """A value with its unit in words: ``0.21 shank lengths``, ``5° below parallel``."""
    _, words = sign_and_words(unit)
    if words == "above parallel" and value < 0:
        value, words = -value, "below parallel"
    return f"{number_text(value, unit)} {words}".strip()


def limit_words(limit: float, unit: str) -> str:
    """A limit with its unit in words, every digit of it: ``6.5°``, ``0.13 shank lengths``."""
    return f"{exact_text(limit, unit)} {sign_and_words(unit)[1]}".strip()


def reading_words(finding: Finding) -> str:
    """What was measured: ``left knee 0.21 shank lengths inside the line of the foot``; needs a value."""
    if finding.value is None:
        raise ValueError("an unseen finding has no value to tell")
    value = abs(finding.value) if finding.check in TOWARDS_SIDE else finding.value
    towards, away = (Side.RIGHT, Side.LEFT) if finding.value >= 0 else (Side.LEFT, Side.RIGHT)
    template = _READINGS.get(finding.check, f"{check_words(finding.check).lower()} {{value}}")
    text = template.format(side=finding.side or "", towards=towards, away=away, value=value_words(value, finding.unit))
    return " ".join(text.split())


def is_judged(finding: Finding) -> bool:
    """Whether the finding is a verdict: seen, and with a limit in the profile."""
    return finding.verdict is not Verdict.UNSEEN and finding.limit_warn is not None


def worst_finding(reps: Sequence[RepReport], fault: str) -> tuple[RepReport, Finding] | None:
    """The warned or failed finding of a fault that lies farthest beyond its limits; None where there is none."""
    found = [(rep, f) for rep in reps for f in rep.findings if f.fault == fault and f.verdict in FAULTY]
    return max(found, key=lambda pair: (pair[1].verdict is Verdict.FAIL, pair[1].excess or 0.0), default=None)


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
        return "No complete repetition was found."
    found = points(report)
    fails, warns = (_listed(found, verdict) for verdict in (Verdict.FAIL, Verdict.WARN))
    if not any(point.verdict is not Verdict.UNSEEN for point in found):
        return "Nothing could be judged in this recording."
    if fails:
        return f"To work on: {fails}." + (f" To watch: {warns}." if warns else "")
    if warns:
        return f"Nothing plainly wrong. To watch: {warns}."
    if unsure := _listed(found, Verdict.UNSURE):
        return f"Nothing wrong that the camera could tell for sure. Too close to call: {unsure}."
    return "Good: nothing to correct in what the camera could see."


def not_judged(reps: Sequence[RepReport]) -> dict[str, dict[str, list[int]]]:
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


def reps_words(numbers: Sequence[int], total: int) -> str:
    """As in ``all 3 repetitions``, ``2 of 5 repetitions (1 and 4)``, ``the one repetition``."""
    if len(numbers) == total:
        return {1: "the one repetition", 2: "both repetitions"}.get(total, f"all {total} repetitions")
    listed = [str(number) for number in numbers]
    joined = listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"
    return f"{len(numbers)} of {total} repetitions ({joined})"


def view_words(plane: Plane) -> str:
    """Where the camera stood: ``seen from the side``."""
    odd = {Plane.OBLIQUE: "seen at an angle", Plane.UNKNOWN: "view unknown"}
    return odd.get(plane, f"seen from the {plane}")


def _listed(found: Sequence[Point], verdict: Verdict) -> str:
    return ", ".join(fault_words(point.fault) for point in found if point.verdict is verdict)


def _point(reps: Sequence[RepReport], fault: str) -> Point:
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
        good = _FAULTS[fault][1] if fault in _FAULTS else f"No {fault_words(fault)}"
        return Point(fault, good, Verdict.PASS, " ".join(_good_sentences(reps, fault, sorted(judged))))
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
    error = "" if finding.uncertainty is None else f" (± {number_text(finding.uncertainty, finding.unit)})"
    limit = "" if finding.limit_warn is None else f" of {limit_words(finding.limit_warn, finding.unit)}"
    yield f"{sentence(reading_words(finding))}{error} is too near to the limit{limit} to call."


def _worst_sentences(rep: RepReport, finding: Finding) -> Iterator[str]:
    reading = reading_words(finding)
    error = "" if finding.uncertainty is None else f" (± {number_text(finding.uncertainty, finding.unit)})"
    yield f"{sentence(reading)}{error} in repetition {rep.rep.number}."
    if finding.limit_warn is None or finding.limit_fail is None:
        return
    warn, fail = (limit_words(limit, finding.unit) for limit in (finding.limit_warn, finding.limit_fail))
    if finding.verdict is Verdict.FAIL:
        yield f"The limit is {warn}; from {fail} on it is a plain fault."
    else:
        yield f"The limit is {warn}; only what is surely beyond {fail} is a plain fault."
