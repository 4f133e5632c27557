"""What is said of the views of one session: how they go together, how sure that is, and where they disagree."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from formcheck.body.view import Plane
from formcheck.checks.check import Finding
from formcheck.checks.session_report import Joined, RepReport, SessionReport, Way
from formcheck.words.findings import check_words, reps_with, reps_words, value_words, view_words
from formcheck.words.numbers import difference_unit, number_text


def planes_of(report: SessionReport) -> tuple[Plane, ...]:
    """What the views of a session saw, each once, in order."""
    if report.joined is None:
        return (report.view.plane,)
    if report.joined.way is Way.TURNED:
        return tuple(dict.fromkeys(rep.view.plane for rep in report.reps)) or (report.view.plane,)
    return tuple(dict.fromkeys(part.report.view.plane for part in report.joined.parts))


def views_words(report: SessionReport) -> str:
    """Where the cameras stood: ``seen from the front and from the side``."""
    return _listed(view_words(plane) for plane in planes_of(report))


def joined_lines(report: SessionReport) -> tuple[str, ...]:
    """How the views of a session go together, in sentences, and where they disagree; nothing of one recording."""
    if report.joined is None:
        return ()
    return (*_how(report, report.joined), *_disagreements(report))


def _how(report: SessionReport, joined: Joined) -> Iterator[str]:
    if joined.way is Way.TURNED:
        yield f"One recording in which the person turns: {_counted(report.reps)}. {_BY_MEDIANS}"
        return
    clock = joined.clock
    if joined.way is Way.SAME_SET and clock is not None:
        began = f"{abs(clock.offset_s):.2f} s {'before' if clock.offset_s >= 0 else 'after'} the first"
        sure = f"± {max(clock.error_s, _LEAST_S):.2f} s; the heights of the hips correlate by {clock.correlation:.2f}"
        yield (
            f"One set, {views_words(report)}, joined repetition by repetition. "
            f"By the movement itself the second camera began {began} ({sure}, {clock.next_best:.2f} at the next best)."
        )
        return
    yield f"Two sets, {views_words(report)}. {_BY_MEDIANS}"
    if clock is not None and math.isfinite(clock.mismatch_s):
        yield f"They are not one set: put on one clock, their repetitions still differ by {clock.mismatch_s:.2f} s."


def _listed(views: Iterable[str]) -> str:
    return " and ".join(views).replace(" and seen ", " and ")


#: No certainty is shown as none.
_LEAST_S = 0.005
_BY_MEDIANS = "Each check is judged by the view that is surest of it; views are compared by their medians."


def _counted(reps: Sequence[RepReport]) -> str:
    planes = [rep.view.plane for rep in reps]
    return ", ".join(f"{planes.count(plane)} {view_words(plane)}" for plane in dict.fromkeys(planes))


def _disagreements(report: SessionReport) -> Iterator[str]:
    """For each check that two views read differently, the repetition in which they do so most."""
    found: dict[str, list[tuple[RepReport, Finding]]] = {}
    for rep in report.reps:
        for finding in rep.findings:
            if finding.other is not None and finding.other.disagrees:
                found.setdefault(finding.check, []).append((rep, finding))
    for check, pairs in found.items():
        rep, finding = max(pairs, key=lambda pair: _apart(pair[1]))
        numbers = list(dict.fromkeys(each.rep.number for each, _ in pairs))
        which = reps_words(numbers, len(reps_with(report.reps, check=check)))
        apart = f"the views disagree in {which} by more than their uncertainties"
        yield f"{check_words(check)}: {apart}: {_both(rep, finding)}."


def _apart(finding: Finding) -> float:
    return 0.0 if finding.value is None or finding.other is None else abs(finding.value - finding.other.value)


def _both(rep: RepReport, finding: Finding) -> str:
    """Both readings with their uncertainties, the one that judges first."""
    other, unit = finding.other, finding.unit
    if other is None or finding.value is None:
        return ""

    def read(plane: Plane, value: float, error: float | None) -> str:
        sure = "" if error is None else f" (± {number_text(error, difference_unit(unit))})"
        return f"{view_words(plane)} {value_words(value, unit)}{sure}"

    judged = read(finding.plane or rep.view.plane, finding.value, finding.uncertainty)
    return f"{judged}, which judges; {read(other.plane, other.value, other.uncertainty)}"
