"""What was measured over time, as plots: limits shaded, repetitions and phases marked, left and right told apart.

A plot shows the values as they were judged; each verdict's instant carries its sign: disc, triangle or square.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from formcheck.body.pose import SIDES, FloatArray, Side
from formcheck.body.view import Plane
from formcheck.checks.check import Check, Finding, Verdict, Worse
from formcheck.checks.exercises import checks_of
from formcheck.checks.session_report import SessionReport
from formcheck.measures.measured_rep import without_side
from formcheck.pages.plot import DOTTED, LEFT, RIGHT, Axes, Ink, Shape, Sign
from formcheck.words.findings import check_words, is_judged, value_words
from formcheck.words.numbers import exact_text, unit_words

INK_OF = {Side.LEFT: Ink.LEFT, Side.RIGHT: Ink.RIGHT, None: Ink.BODY}
#: Ink and sign of a verdict.
SIGNS = {
    Verdict.PASS: (Ink.PASS, Sign(Shape.DISC, 4.0)),
    Verdict.UNSURE: (Ink.UNSURE, Sign(Shape.LOZENGE, 4.2)),
    Verdict.WARN: (Ink.WARN, Sign(Shape.TRIANGLE, 5.5)),
    Verdict.FAIL: (Ink.FAIL, Sign(Shape.SQUARE, 4.8)),
}
#: Share of the range of values and limits that is left free above and below.
_MARGIN = 0.25
#: A standing person's plot does not blow up noise.
_LEAST_FLEXION_DEG = 30.0
#: More repetitions than this are not all numbered.
_NUMBERED = 24
#: More values than this are not all told in words.
_TOLD = 12


@dataclass(frozen=True, slots=True)
class Plot:
    """One plot. ``left`` and ``right`` are where ``start_s`` and ``end_s`` lie, in units of the SVG's view box."""

    name: str
    title: str
    unit: str
    note: str
    alt: str
    sides: tuple[Side, ...]
    svg: str
    start_s: float
    end_s: float
    left: float = LEFT
    right: float = RIGHT


def plots(report: SessionReport) -> Iterator[Plot]:
    """Knee flexion, and one plot for each check that was judged or shown for information in any repetition.

    From the front and the back the bend of a knee points at the camera, and its picture, 88 degrees in one deep squat
    and 10 in the next, tells nothing: there the plot of depth stands for it. A measure of the whole session, such as
    limb symmetry, has no course over time and no plot.
    """
    flexion = {side: report.timeseries.variables[f"{side}_knee_flexion_deg"] for side in SIDES}
    seen: dict[Side | None, FloatArray] = {
        side: values for side, values in flexion.items() if np.isfinite(values).any()
    }
    if seen and len(report.timeseries.time_s) > 1 and report.view.plane not in {Plane.FRONT, Plane.BACK}:
        yield _flexion(report, seen)
    over_time = {without_side(name) for name in report.timeseries.variables}
    for check in checks_of(report.exercise):
        if check.variable not in over_time:
            continue
        tracks = {side: track.values for (name, side), track in report.tracks.items() if name == check.name}
        judged = {side: tracks[side] for side in (*SIDES, None) if side in tracks and np.isfinite(tracks[side]).any()}
        if judged:
            yield _check(report, check, judged)


def _flexion(report: SessionReport, series: Mapping[Side | None, FloatArray]) -> Plot:
    note = "0° is a straight leg."
    if report.view.plane is not Plane.SIDE:
        note += " Only a view from the side shows the bend as it is: read the rhythm here, not the degrees."
    ends = [float(end(values)) for values in series.values() for end in (np.nanmin, np.nanmax)]
    axes = Axes(_span_s(report), (min(0.0, *ends), max(_LEAST_FLEXION_DEG, 1.05 * max(ends))))
    _mark_reps(axes, report)
    _draw_lines(axes, report.timeseries.time_s, series)
    svg = _finished(axes, "flexion-")
    deepest = ", ".join(f"{side} up to {np.nanmax(values):.0f}°" for side, values in series.items())
    alt = f"Knee flexion over time, {len(report.reps)} repetitions marked; {deepest}."
    return Plot("knee_flexion", "Knee flexion", "degrees", note, alt, _sides(series), svg, *_span_s(report))


def _check(report: SessionReport, check: Check, series: Mapping[Side | None, FloatArray]) -> Plot:
    findings = [f for rep in report.reps for f in rep.findings if f.check == check.name and f.value is not None]
    limits = limits_in_force(findings)
    axes = Axes(_span_s(report), value_range(check, findings, limits))
    mark_limits(axes, check, limits)
    _mark_reps(axes, report)
    _draw_lines(axes, report.timeseries.time_s, series)
    _mark_values(axes, findings)
    svg = _finished(axes, f"{check.name}-")
    note = "Shown for information: this profile has no limit." if not limits else _judged_where(check)
    title, alt = check_words(check.name), _alt(check, findings)
    return Plot(check.name, title, unit_words(check.unit), note, alt, _sides(series), svg, *_span_s(report))


def _sides(series: Mapping[Side | None, FloatArray]) -> tuple[Side, ...]:
    return tuple(side for side in series if side is not None)


def _span_s(report: SessionReport) -> tuple[float, float]:
    time_s = report.timeseries.time_s
    return float(time_s[0]), float(time_s[-1])


def _judged_where(check: Check) -> str:
    share = f"at least {check.from_depth:.0%} of the way down".replace("%", " %")
    above = f" Above 0: {check.plus}." if check.plus else ""
    return f"One value a repetition is judged, from the frames {share}.{above}"


def _alt(check: Check, findings: Sequence[Finding]) -> str:
    """The plot in words: every value or, where they are many, their range and how many were judged how."""
    seen = [(finding, finding.value) for finding in findings if finding.value is not None]
    told = [f"{f.side or ''} {value_words(value, f.unit)} {f.verdict}".strip() for f, value in seen]
    if len(told) > _TOLD:
        low, high = (value_words(end(value for _, value in seen), check.unit) for end in (min, max))
        counts = Counter(str(finding.verdict) for finding, _ in seen)
        told = [f"from {low} to {high}", *(f"{count} times {verdict}" for verdict, count in counts.items())]
    return f"{check_words(check.name)} over time, one value a repetition: {'; '.join(told)}."


def limits_in_force(findings: Sequence[Finding]) -> tuple[float, float] | None:
    """The limits for warning and failing in force; None where the measure is information only."""
    for finding in filter(is_judged, findings):
        if finding.limit_warn is not None and finding.limit_fail is not None:
            return finding.limit_warn, finding.limit_fail
    return None


def value_range(check: Check, findings: Sequence[Finding], limits: tuple[float, float] | None) -> tuple[float, float]:
    """From the lowest to the highest of what is judged and its limits: a knee that stands straight may be outside."""
    values = [finding.value for finding in findings if finding.value is not None] + [*(limits or ()), 0.0]
    if check.worse is Worse.EITHER:
        values += [-limit for limit in limits or ()]
    low, high = min(values), max(values)
    margin = _MARGIN * ((high - low) or 1.0)
    return low - margin, high + margin


def mark_limits(axes: Axes, check: Check, limits: tuple[float, float] | None) -> None:
    """Shade what lies beyond the limits, and number them at the right edge."""
    if limits is None:
        return
    low, high = axes.y
    signs = (1, -1) if check.worse is Worse.EITHER else (1,)
    for sign in signs:
        warn, fail = sign * limits[0], sign * limits[1]
        axes.shade((warn, fail), Ink.WARN_AREA)
        axes.shade((fail, high if (check.worse is not Worse.BELOW) == (sign > 0) else low), Ink.FAIL_AREA)
        for limit, name, ink in ((warn, "warn", Ink.WARN), (fail, "fail", Ink.FAIL)):
            axes.level(limit, ink, f"{name} {exact_text(limit, unit='')}")  # the title has the unit


def _mark_reps(axes: Axes, report: SessionReport) -> None:
    """Descent and ascent as columns, the bottom as a line between them, the number above."""
    reps = [one.rep for one in report.reps]
    axes.columns([(rep.start_s, rep.bottom_s) for rep in reps], Ink.DESCENT)
    axes.columns([(rep.bottom_s, rep.end_s) for rep in reps], Ink.ASCENT)
    axes.upright([rep.bottom_s for rep in reps], Ink.GRID, DOTTED)
    for rep in reps[:: -(-len(reps) // _NUMBERED) or 1]:
        axes.above(rep.bottom_s, str(rep.number))


def _draw_lines(axes: Axes, time_s: FloatArray, series: Mapping[Side | None, FloatArray]) -> None:
    """One line a side; the right one is dashed where the left one is there, too."""
    for side, values in series.items():
        axes.line(time_s, values, INK_OF[side], dashed=side is Side.RIGHT and len(series) > 1)


def _mark_values(axes: Axes, findings: Sequence[Finding]) -> None:
    """The sign of each verdict at the instant and the value that were judged; a small disc without a verdict."""
    for finding in findings:
        if finding.at_s is not None and finding.value is not None:
            plain = INK_OF[finding.side], Sign(Shape.DISC, 3.0)
            ink, sign = SIGNS[finding.verdict] if is_judged(finding) else plain
            axes.signs([(finding.at_s, finding.value)], sign, ink)


def _finished(axes: Axes, prefix: str) -> str:
    axes.x_numbers()
    axes.x_unit("s")
    axes.y_numbers()
    return axes.svg(prefix)
