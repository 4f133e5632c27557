"""What was measured over time, as plots: limits shaded, repetitions and phases marked, left and right told apart.

A plot shows the values as they were judged; each verdict's instant carries its sign: disc, triangle or square.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formcheck.body.pose import SIDES, FloatArray, Side
from formcheck.body.view import Plane
from formcheck.checks.check import Check, Finding, Verdict, Worse
from formcheck.checks.exercises import checks_of
from formcheck.checks.session_report import SessionReport
from formcheck.measures.measured_rep import without_side
from formcheck.pages.plot import LEFT, RIGHT, Ink, drawing, svg_of
from formcheck.words.findings import check_words, is_judged, value_words
from formcheck.words.numbers import exact_text, unit_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK_OF = {Side.LEFT: Ink.LEFT, Side.RIGHT: Ink.RIGHT, None: Ink.BODY}
#: The right side where both are shown.
_DASHES = (0, (4, 2))
#: Ink, marker and its size of a verdict.
SIGNS = {
    Verdict.PASS: (Ink.PASS, "o", 4.0),
    Verdict.UNSURE: (Ink.UNSURE, "D", 4.2),
    Verdict.WARN: (Ink.WARN, "^", 5.5),
    Verdict.FAIL: (Ink.FAIL, "s", 4.8),
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
    with drawing() as (figure, axes):
        _mark_reps(axes, report)
        _draw_lines(axes, report.timeseries.time_s, series)
        ends = [float(end(values)) for values in series.values() for end in (np.nanmin, np.nanmax)]
        axes.set_ylim(min(0.0, *ends), max(_LEAST_FLEXION_DEG, 1.05 * max(ends)))
        _finish(axes, report)
        svg = svg_of(figure, "flexion-")
    deepest = ", ".join(f"{side} up to {np.nanmax(values):.0f}°" for side, values in series.items())
    alt = f"Knee flexion over time, {len(report.reps)} repetitions marked; {deepest}."
    return Plot("knee_flexion", "Knee flexion", "degrees", note, alt, _sides(series), svg, *_span_s(report))


def _check(report: SessionReport, check: Check, series: Mapping[Side | None, FloatArray]) -> Plot:
    findings = [f for rep in report.reps for f in rep.findings if f.check == check.name and f.value is not None]
    limits = limits_in_force(findings)
    with drawing() as (figure, axes):
        axes.set_ylim(*value_range(check, findings, limits))
        mark_limits(axes, check, limits)
        _mark_reps(axes, report)
        _draw_lines(axes, report.timeseries.time_s, series)
        _mark_values(axes, findings)
        _finish(axes, report)
        svg = svg_of(figure, f"{check.name}-")
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
    low, high = axes.get_ylim()
    signs = (1, -1) if check.worse is Worse.EITHER else (1,)
    for sign in signs:
        warn, fail = sign * limits[0], sign * limits[1]
        end = high if (check.worse is not Worse.BELOW) == (sign > 0) else low
        axes.axhspan(warn, fail, color=str(Ink.WARN_AREA), lw=0, zorder=0)
        axes.axhspan(fail, end, color=str(Ink.FAIL_AREA), lw=0, zorder=0)
        for limit, name, ink in ((warn, "warn", Ink.WARN), (fail, "fail", Ink.FAIL)):
            axes.axhline(limit, color=str(ink), lw=0.7, zorder=1.5)
            if low < limit < high:
                text = f"{name} {exact_text(limit, unit='')}"  # the title has the unit
                axes.annotate(
                    text, (1, limit), (4, 0), ("axes fraction", "data"), textcoords="offset points", va="center"
                )
    axes.set_ylim(low, high)


def _mark_reps(axes: Axes, report: SessionReport) -> None:
    """Descent and ascent as columns, the bottom as a line between them, the number above."""
    reps = [one.rep for one in report.reps]
    whole = axes.get_xaxis_transform()  # x in seconds, y in axes
    for ink, spans in (
        (Ink.DESCENT, [(rep.start_s, rep.bottom_s - rep.start_s) for rep in reps]),
        (Ink.ASCENT, [(rep.bottom_s, rep.end_s - rep.bottom_s) for rep in reps]),
    ):
        axes.broken_barh(spans, (0, 1), transform=whole, color=str(ink), lw=0, zorder=1)
    bottoms = [rep.bottom_s for rep in reps]
    axes.vlines(bottoms, 0, 1, str(Ink.GRID), (0, (1, 2)), lw=0.7, transform=whole, zorder=1.2)
    for rep in reps[:: -(-len(reps) // _NUMBERED) or 1]:
        axes.text(rep.bottom_s, 1.03, str(rep.number), transform=whole, ha="center")


def _draw_lines(axes: Axes, time_s: FloatArray, series: Mapping[Side | None, FloatArray]) -> None:
    """One line a side; the right one is dashed where the left one is there, too."""
    for side, values in series.items():
        style = _DASHES if side is Side.RIGHT and len(series) > 1 else "-"
        axes.plot(time_s, values, color=str(INK_OF[side]), ls=style, lw=1.5, zorder=2)


def _mark_values(axes: Axes, findings: Sequence[Finding]) -> None:
    """The sign of each verdict at the instant and the value that were judged; a small disc without a verdict."""
    marks: dict[tuple[Ink, str, float], list[tuple[float, float]]] = {}
    for finding in findings:
        if finding.at_s is not None and finding.value is not None:
            sign = SIGNS[finding.verdict] if is_judged(finding) else (INK_OF[finding.side], "o", 3.0)
            marks.setdefault(sign, []).append((finding.at_s, finding.value))
    for (ink, marker, size), points in marks.items():
        times_s, values = zip(*points, strict=True)
        edge = str(Ink.PAPER)
        axes.plot(times_s, values, marker, color=str(ink), ms=size, mec=edge, mew=0.8, zorder=3, clip_on=False)


def _finish(axes: Axes, report: SessionReport) -> None:
    axes.set_xlim(*_span_s(report))
    axes.grid(axis="y", color=str(Ink.GRID), lw=0.4)
    axes.set_axisbelow(True)
    axes.locator_params(axis="y", nbins=5)
    axes.annotate("s", (1, 0), (6, -9), "axes fraction", textcoords="offset points", va="center")
