"""The plots of a report, of a session those of each recording: a check is shown in the view that judges it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from formcheck.body.view import Plane
from formcheck.checks.exercises import checks_of
from formcheck.checks.session_report import Part, SessionReport, Way
from formcheck.pages.report_plots import Plot, plots


def session_plots(report: SessionReport) -> Iterator[tuple[Plot, int, Plane]]:
    """Each plot in the time of the report, with the number of its recording, 0 where all recordings have one time, and
    what that saw.
    """
    if report.joined is None or len(report.joined.parts) == 1:
        yield from ((plot, 0, report.view.plane) for plot in plots(report))
        return
    checks, shown = {check.name for check in checks_of(report.exercise)}, set[str]()
    for number, part in enumerate(report.joined.parts, 1):
        judged = {f.check for rep in report.reps for f in rep.findings if (f.recording or rep.recording) == number}
        for plot in plots(_numbered(report, part, number)):
            if plot.name in judged or plot.name not in {*checks, *shown}:
                shown.add(plot.name)
                moved = replace(plot, start_s=plot.start_s - part.ahead_s, end_s=plot.end_s - part.ahead_s)
                yield moved, number if report.joined.way is Way.IN_TURN else 0, part.report.view.plane


def _numbered(report: SessionReport, part: Part, number: int) -> SessionReport:
    """What a recording says alone, its repetitions by their numbers in the session."""
    its = [rep for rep in report.reps if rep.recording in {None, number}]

    def in_session(bottom_s: float) -> int:
        return min(its, key=lambda rep: abs(rep.rep.bottom_s + part.ahead_s - bottom_s)).rep.number

    reps = [replace(rep, rep=replace(rep.rep, number=in_session(rep.rep.bottom_s))) for rep in part.report.reps]
    return replace(part.report, reps=tuple(reps))
