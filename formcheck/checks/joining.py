"""Several views of one person in one session: every check by the view that can judge it, by the surer one of two.

Cameras that film a set at once see the same repetitions: their findings are joined repetition by repetition. Sets that
are filmed one after the other, and one recording in which the person turns, have other repetitions in every view: a
check is there judged by one view alone, in all its repetitions, and which view that is, and whether another one
disagrees, goes by their medians.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median

from formcheck.body.pose import Side
from formcheck.body.view import Plane, View, off_square_deg
from formcheck.checks.check import Check, Finding, OtherReading
from formcheck.checks.exercises import EXERCISES, NO_EXERCISE, checks_of
from formcheck.checks.scoring import summarise, summarise_apart
from formcheck.checks.session_report import Joined, Part, RepReport, SessionReport, Summary, Way
from formcheck.checks.sets import sets_of
from formcheck.measures.clock import Clock, common_clock, partners

#: Two recordings of one set show its repetitions at the same times, but for so much (root mean square): up to 0.007 s
#: in rendered pairs at 30 pictures a second, 0.03 to 0.2 s in sets of other people. Of one repetition alone the ways
#: down and up must match: 0.002 to 0.017 s in 60 squats of UI-PRMD with a pose model's noise; two squats of one
#: person, each put on the other's clock, differ by 0.033 s in the middle. Coarser pictures are given more.
MAX_MISMATCH_S, MAX_MISMATCH_FRAMES = 0.025, 0.75
#: A repetition that both show begins this long after a recording does, and ends as long before its end.
_WHOLE_S = 0.3
#: Standard errors of a difference beyond which two readings disagree: 95 %.
_Z_95 = 1.96

_Candidate = tuple[int, View, Finding]


def join(reports: Sequence[SessionReport], *, together: bool | None = None) -> SessionReport:
    """One report of the views of a session.

    Args:
        reports: Of its recordings, one or two of one exercise; of one, its repetitions are split by what they show.
        together: Whether two recordings are of one set; None lets the movement tell.

    Returns:
        The report, in the time of the first recording where they are one set, each in its own where they are not.
    """
    first = reports[0]
    faults = tuple(first.summary.verdicts)
    if len(reports) == 1:
        reps = _apart([list(group) for group in _by_plane(first.reps)])
        joined = Joined(Way.TURNED, (Part(first),))
        return _joined(first, reps, summarise_apart(reps, faults), joined)
    clock = common_clock(*((report.pose, tuple(rep.rep for rep in report.reps)) for report in reports))
    is_one_set = clock is not None and (shows_one_set(clock, reports) if together is None else together)
    if clock is not None and is_one_set:
        reps = list(_together(reports, clock))
        summary = summarise(reps, faults)
        joined = Joined(Way.SAME_SET, (Part(first), Part(reports[1], clock.offset_s)), clock)
    else:
        reps = _apart([[replace(rep, recording=n) for rep in each.reps] for n, each in enumerate(reports, 1)])
        summary = summarise_apart(reps, faults)
        joined = Joined(Way.IN_TURN, tuple(map(Part, reports)), clock)
    return _joined(first, reps, summary, joined)


def _joined(first: SessionReport, reps: Sequence[RepReport], summary: Summary, joined: Joined) -> SessionReport:
    """The first report with the repetitions of all, and the sets that they make."""
    sets = sets_of(reps, EXERCISES.get(first.exercise, NO_EXERCISE))
    return replace(first, reps=tuple(reps), summary=_told(summary, first), joined=joined, sets=sets)


def _told(summary: Summary, first: SessionReport) -> Summary:
    """With the reason why there is no repetition, where there is none."""
    return summary if summary.rep_count else replace(summary, reason=first.summary.reason)


def shows_one_set(clock: Clock, reports: Sequence[SessionReport]) -> bool:
    """Whether two recordings are of one set: every repetition that both must show is in both, at the same times."""
    steps_s = [
        float(report.pose.time_s[-1] - report.pose.time_s[0]) / max(1, len(report.pose) - 1) for report in reports
    ]
    if not clock.mismatch_s <= max(MAX_MISMATCH_S, MAX_MISMATCH_FRAMES * max(steps_s)):
        return False
    spans = [(report.pose.time_s[0], report.pose.time_s[-1]) for report in reports]
    spans[1] = (spans[1][0] - clock.offset_s, spans[1][1] - clock.offset_s)
    from_s, to_s = max(spans[0][0], spans[1][0]) + _WHOLE_S, min(spans[0][1], spans[1][1]) - _WHOLE_S
    one, other = (tuple(rep.rep for rep in report.reps) for report in reports)
    for mine, its in partners(one, other, clock.offset_s):
        if mine is None or its is None:
            lone, by_s = (mine, 0.0) if mine else (its, clock.offset_s)
            if lone is not None and from_s <= lone.start_s - by_s and lone.end_s - by_s <= to_s:
                return False
    return True


def _together(reports: Sequence[SessionReport], clock: Clock) -> Iterator[RepReport]:
    """The repetitions of one set, in the time of the first recording, from 1."""
    checks = checks_of(reports[0].exercise)
    by_rep = [{rep.rep.number: rep for rep in report.reps} for report in reports]
    one, other = (tuple(rep.rep for rep in report.reps) for report in reports)
    pairs = partners(one, other, clock.offset_s)
    for number, pair in enumerate(pairs, 1):
        views = [(n, by_rep[n - 1][rep.number]) for n, rep in enumerate(pair, 1) if rep is not None]
        moved = [(n, _in_session_time(rep, n, clock)) for n, rep in views]
        findings = tuple(f for check in checks for f in _fused(check, moved))
        lead = next((rep.rep.lead_side for _, rep in moved if rep.rep.lead_side), None)
        shown, (measures, errors) = moved[0][1], _measures(rep for _, rep in moved)
        yield RepReport(
            rep=replace(shown.rep, number=number, lead_side=lead),
            view=shown.view,
            measures=measures,
            uncertainty=errors,
            findings=findings,
            notes=tuple(_notes(moved)),
            noise=_noise(rep for _, rep in moved),
        )


def _in_session_time(rep: RepReport, recording: int, clock: Clock) -> RepReport:
    """The repetition with its times in those of the first recording; its frames stay its own."""
    by_s = clock.offset_s if recording > 1 else 0.0
    own = rep.rep
    moved = replace(own, start_s=own.start_s - by_s, bottom_s=own.bottom_s - by_s, end_s=own.end_s - by_s)
    findings = tuple(replace(f, at_s=None if f.at_s is None else f.at_s - by_s) for f in rep.findings)
    return replace(rep, rep=moved, findings=findings)


def _notes(views: Sequence[tuple[int, RepReport]]) -> Iterator[str]:
    """What is to be known of how it was filmed, each once, and whether the views name another leading leg."""
    yield from dict.fromkeys(note for _, rep in views for note in rep.notes)
    leads = {rep.rep.lead_side for _, rep in views} - {None}
    if len(leads) > 1:
        yield "the two views do not agree on which leg leads; the first one's is taken"
    if len(views) == 1:
        yield f"only the recording from the {views[0][1].view.plane} shows it"


def _measures(reps: Iterator[RepReport]) -> tuple[dict[str, float], dict[str, float]]:
    """Each measure, and its uncertainty, by the view that is surest of it; by the first that sees it where that is not
    known. NaN where none does.
    """
    values: dict[str, float] = {}
    errors: dict[str, float] = {}
    for rep in reps:
        for name, value in rep.measures.items():
            error = rep.uncertainty.get(name, math.inf)
            is_first = not math.isfinite(values.get(name, math.nan))
            if is_first or (math.isfinite(value) and error < errors.get(name, math.inf)):
                values[name] = value
                errors[name] = error
    return values, {name: error for name, error in errors.items() if math.isfinite(error)}


def _noise(reps: Iterator[RepReport]) -> dict[str, float]:
    """By how much each measure scatters, the most of any view that measures it: which of them is told may change."""
    most: dict[str, float] = {}
    for rep in reps:
        for name, noise in rep.noise.items():
            most[name] = max(noise, most.get(name, noise))
    return most


def _fused(check: Check, views: Sequence[tuple[int, RepReport]]) -> Iterator[Finding]:
    """The findings of one check in one repetition, by side: the surest of those that have a value.

    What a view cannot judge is not told where another view judges it; a leg that is hidden in a view that could have
    judged it is.
    """
    found = [(n, rep.view, f) for n, rep in views for f in rep.findings if f.check == check.name]
    of_first = [one for one in found if one[0] == found[0][0]]
    able = [one for one in found if one[1].plane in check.planes] or of_first
    sides = dict.fromkeys(f.side for _, _, f in able)
    has_value = {f.side for _, _, f in able if f.value is not None}
    for side in sides:
        of_side = [one for one in able if one[2].side == side]
        seen = sorted((one for one in of_side if one[2].value is not None), key=_doubt)
        if seen:
            yield _by_view(seen[0], seen[1:])
        elif side is not None or not has_value:
            yield _by_view(of_side[0], [])


def _doubt(candidate: _Candidate) -> tuple[float, float]:
    _, view, finding = candidate
    return (float("inf") if finding.uncertainty is None else finding.uncertainty), off_square_deg(view)


def _by_view(chosen: _Candidate, others: Sequence[_Candidate]) -> Finding:
    """The finding with the view that judged it, and what the surest of the others reads."""
    number, view, finding = chosen
    other = next((_reading(finding, each, its.plane) for _, its, each in others), None)
    return replace(finding, recording=number, plane=view.plane, other=other)


def _reading(finding: Finding, other: Finding, plane: Plane) -> OtherReading | None:
    if finding.value is None or other.value is None:
        return None
    return OtherReading(plane, other.value, other.uncertainty, _disagree(finding, other))


def _disagree(one: Finding, other: Finding) -> bool:
    if None in (one.value, other.value, one.uncertainty, other.uncertainty):
        return False
    error = (one.uncertainty**2 + other.uncertainty**2) ** 0.5  # type: ignore[operator]
    return bool(abs(one.value - other.value) > _Z_95 * error)  # type: ignore[operator]


def _by_plane(reps: Sequence[RepReport]) -> Iterator[list[RepReport]]:
    for plane in dict.fromkeys(rep.view.plane for rep in reps):
        yield [rep for rep in reps if rep.view.plane is plane]


def _apart(groups: Sequence[Sequence[RepReport]]) -> list[RepReport]:
    """The repetitions of all groups, each with the findings of the checks that its group judges, numbered from 1: by
    group, or in time where all are of one recording.
    """
    names = dict.fromkeys(f.check for group in groups for rep in group for f in rep.findings)
    chosen = {name: _surest_group(name, groups) for name in names}
    reps = []
    for number, group in enumerate(groups):
        for rep in group:
            kept = [f for f in rep.findings if chosen[f.check] == number]
            beside = (_with_median(f, groups, number) for f in kept)
            reps.append(replace(rep, findings=tuple(beside)))
    if all(rep.recording is None for rep in reps):
        reps.sort(key=lambda rep: rep.rep.start)
    return [replace(rep, rep=replace(rep.rep, number=number)) for number, rep in enumerate(reps, 1)]


def _surest_group(check: str, groups: Sequence[Sequence[RepReport]]) -> int:
    """Which group judges a check: the surest of those that see it; else the one that comes nearest to seeing it."""

    def place(number: int) -> tuple[bool, float, float, int]:
        found = [(rep.view, f) for rep in groups[number] for f in rep.findings if f.check == check]
        seen = [f for _, f in found if f.value is not None]
        errors = [float("inf") if f.uncertainty is None else f.uncertainty for f in seen]
        hidden = sum(not (f.reason or "").startswith("needs a") for _, f in found)
        return not seen, max(errors, default=float("inf")), -hidden, number

    return min((number for number, group in enumerate(groups) if group), key=place, default=0)


def _with_median(finding: Finding, groups: Sequence[Sequence[RepReport]], own: int) -> Finding:
    """The finding with the median of another group beside it, which disagrees where the medians of the two do."""
    mine = _median(finding.check, finding.side, groups[own])
    for number, group in enumerate(groups):
        its = _median(finding.check, finding.side, group) if number != own else None
        if mine is not None and its is not None:
            return replace(finding, other=_reading(mine, its, group[0].view.plane))
    return finding


def _median(check: str, side: Side | None, group: Sequence[RepReport]) -> Finding | None:
    """A finding with the middle value of a group, and its largest error; None where nothing of it was seen."""
    seen = [f for rep in group for f in rep.findings if (f.check, f.side) == (check, side) and f.value is not None]
    if not seen:
        return None
    errors = [f.uncertainty for f in seen if f.uncertainty is not None]
    middle = median(f.value for f in seen if f.value is not None)
    return replace(seen[0], value=middle, uncertainty=max(errors) if len(errors) == len(seen) else None)
