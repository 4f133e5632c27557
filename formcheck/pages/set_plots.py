"""What was measured repetition by repetition, as plots: one for the velocity and one for each judged check.

The repetition is on the x axis, and a line stands between two sets. A value carries the sign of its verdict, and a bar
as long as its standard error to either side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from formcheck.body.pose import SIDES, Side
from formcheck.checks.check import Check, Finding, Known
from formcheck.checks.exercises import checks_of
from formcheck.checks.in_set import MIN_VELOCITIES
from formcheck.checks.session_report import RepReport, SessionReport
from formcheck.pages.plot import DASHED, Axes, Ink, Shape, Sign
from formcheck.pages.report_plots import INK_OF, SIGNS, limits_in_force, mark_limits, value_range
from formcheck.words.findings import check_words, is_judged
from formcheck.words.numbers import unit_words
from formcheck.words.sets import rep_velocity

#: Left and right stand this far beside the repetition's own place, so that their bars do not hide each other.
_BESIDE = {Side.LEFT: -0.12, Side.RIGHT: 0.12, None: 0.0}


@dataclass(frozen=True, slots=True)
class RepPlot:
    """One plot with the repetitions on its x axis."""

    title: str
    unit: str
    alt: str
    sides: tuple[Side, ...]
    svg: str


def rep_plots(report: SessionReport) -> Iterator[RepPlot]:
    """The plots of a recording with MIN_VELOCITIES repetitions or more: fewer make no course."""
    if len(report.reps) < MIN_VELOCITIES:
        return
    if any(np.isfinite(rep.measures["mean_velocity_legs_per_s"]) for rep in report.reps):
        yield _velocity(report)
    for check in checks_of(report.exercise):
        found = [(rep, f) for rep in report.reps for f in rep.findings if f.check == check.name and f.value is not None]
        judged = [(rep, finding) for rep, finding in found if is_judged(finding)]
        if check.known is not Known.SET_OVER and len({rep.rep.number for rep, _ in judged}) >= MIN_VELOCITIES:
            yield _check(report, check, judged)


def _velocity(report: SessionReport) -> RepPlot:
    unit = "m" if report.height_cm is not None else "legs"
    name = f"mean_velocity_{unit}_per_s"
    numbers = [rep.rep.number for rep in report.reps]
    values = np.array([rep.measures[name] for rep in report.reps])
    errors = np.array([rep.uncertainty.get(name, 0.0) for rep in report.reps])
    axes = Axes(_span(report), (0.0, 1.15 * float(np.nanmax(values + errors))))
    seen = [(number, *two) for number, *two in zip(numbers, values, errors, strict=True) if np.isfinite(two[0])]
    axes.bars([at for at, *_ in seen], [(value - error, value + error) for _, value, error in seen], Ink.BODY)
    axes.signs([(at, value) for at, value, _ in seen], Sign(Shape.DISC, 4.0), Ink.BODY)
    svg = _finished(axes, report, "by-rep-velocity-")
    told = ", ".join(f"{rep.rep.number}: {rep_velocity(rep)}" for rep in report.reps)
    unit_told = "metres a second" if unit == "m" else "leg lengths a second"
    return RepPlot("Velocity on the way up, hips", unit_told, f"Mean velocity by repetition, {told}.", (), svg)


def _check(report: SessionReport, check: Check, judged: Sequence[tuple[RepReport, Finding]]) -> RepPlot:
    findings = [finding for _, finding in judged]
    limits = limits_in_force(findings)
    sides = tuple(side for side in SIDES if any(f.side is side for f in findings))
    axes = Axes(_span(report), value_range(check, findings, limits))
    mark_limits(axes, check, limits)
    for rep, finding in judged:
        _mark(axes, rep.rep.number + (_BESIDE[finding.side] if len(sides) > 1 else 0.0), finding)
    svg = _finished(axes, report, f"by-rep-{check.name}-")
    told = "; ".join(f"{rep.rep.number}{f' {f.side}' if f.side else ''} {f.verdict}" for rep, f in judged)
    return RepPlot(check_words(check.name), unit_words(check.unit), f"By repetition: {told}.", sides, svg)


def _mark(axes: Axes, at: float, finding: Finding) -> None:
    ink, sign = SIGNS[finding.verdict]
    value, error = finding.value or 0.0, finding.uncertainty or 0.0
    axes.bars([at], [(value - error, value + error)], INK_OF[finding.side], width=1.2)
    axes.signs([(at, value)], sign, ink)


def _span(report: SessionReport) -> tuple[float, float]:
    return 0.5, len(report.reps) + 0.5


def _finished(axes: Axes, report: SessionReport, prefix: str) -> str:
    count = len(report.reps)
    numbered = range(1, count + 1, -(-count // 24))
    axes.x_ticks(numbered, [str(number) for number in numbered])
    axes.x_unit("rep")
    axes.upright([one.reps[0] - 0.5 for one in report.sets[1:]], Ink.TEXT, DASHED, width=0.8)
    axes.y_numbers()
    return axes.svg(prefix)
