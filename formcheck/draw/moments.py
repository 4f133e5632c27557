"""The worst moment of each fault: which frame, which part of the picture, and a stick figure where there is none.

A fault that was not found, and a check that was unseen, has no moment. Nothing here needs OpenCV.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

import numpy as np

from formcheck.body.pose import ANKLES, HEELS, HIPS, KNEES, SHOULDERS, SIDES, TOES, Landmark, LandmarkPair, Pose, Side
from formcheck.checks.check import Finding
from formcheck.checks.session_report import RepReport, SessionReport
from formcheck.draw.lines import LinePx, measured_lines
from formcheck.pages.plot import Ink
from formcheck.words.findings import TOWARDS_SIDE, reading_words, worst_finding
from formcheck.words.numbers import number_text

#: Width over height of the part of the picture that is shown, and how much is left free around the body.
_ASPECT, _MARGIN = 0.75, 0.14
#: Height of a stick figure's drawing, in units of its view box.
_FIGURE_PX = 400.0
_ELBOWS = (Landmark.LEFT_ELBOW, Landmark.RIGHT_ELBOW)
_WRISTS = (Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST)
_LEGS = ((HIPS, KNEES), (KNEES, ANKLES), (ANKLES, HEELS), (HEELS, TOES), (ANKLES, TOES))
_ARMS = ((SHOULDERS, _ELBOWS), (_ELBOWS, _WRISTS))
_SIDE_INK = {Side.LEFT: Ink.LEFT, Side.RIGHT: Ink.RIGHT}


@dataclass(frozen=True, slots=True)
class WorstMoment:
    """The worst finding of a fault: its repetition, its frame and the ``box`` (left, top, right, bottom) to show."""

    fault: str
    finding: Finding
    rep: RepReport
    frame: int
    box: tuple[int, int, int, int]

    @property
    def number(self) -> str:
        """What is written beside the measured line; the picture shows to which side."""
        value = self.finding.value
        if value is None:
            return ""
        return number_text(abs(value) if self.finding.check in TOWARDS_SIDE else value, self.finding.unit)


def worst_moments(report: SessionReport) -> tuple[WorstMoment, ...]:
    """One moment for each fault that was found, in the order of the summary."""
    return tuple(_moments(report))


def _moments(report: SessionReport) -> Iterator[WorstMoment]:
    for fault in report.summary.verdicts:
        worst = worst_finding(report.reps, fault)
        if worst is None:
            continue
        rep, finding = worst
        if finding.at_s is None:
            continue
        frame = int(np.argmin(np.abs(report.timeseries.time_s - finding.at_s)))
        box = body_box(report.pose.at(frame))
        if box is not None:
            yield WorstMoment(fault, finding, rep, frame, box)


def body_box(pose: Pose) -> tuple[int, int, int, int] | None:
    """The part of the picture around the body, upright where the picture allows it; None where nobody is seen."""
    seen = pose.image_px[np.isfinite(pose.image_px).all(axis=-1)]
    if not len(seen):
        return None
    low, high = seen.min(axis=0), seen.max(axis=0)
    margin = _MARGIN * float(max(high - low))
    width, height = high - low + 2 * margin
    width, height = max(width, _ASPECT * height), max(height, width / _ASPECT)
    left, right = _within((low[0] + high[0]) / 2, width, pose.width_px)
    top, bottom = _within((low[1] + high[1]) / 2, height, pose.height_px)
    return left, top, right, bottom


def _within(middle: float, length: float, limit: int) -> tuple[int, int]:
    """A stretch of that length around the middle, moved inside 0..limit, or all of it."""
    start = min(max(0.0, middle - length / 2), max(0.0, limit - length))
    return round(start), min(limit, max(round(start) + 2, round(start + length)))


def stick_figure(report: SessionReport, moment: WorstMoment) -> str:
    """The body at the moment as an ``<svg>``: left leg solid, right leg dashed, the measured line and its number."""
    left, top, right, bottom = moment.box
    scale = _FIGURE_PX / (bottom - top)
    pose = report.pose.at(moment.frame)
    parts = [*_limbs(pose), *_measured(pose, moment)]
    moved = f'<g transform="scale({scale:.4f}) translate({-left} {-top})">{"".join(parts)}</g>'
    size = f"0 0 {scale * (right - left):.0f} {_FIGURE_PX:.0f}"
    label = escape(f"Stick figure: {reading_words(moment.finding)}")
    return f'<svg class="figure" viewBox="{size}" role="img" aria-label="{label}">{moved}</svg>'


def _limbs(pose: Pose) -> Iterator[str]:
    body_px = float(np.nanmax(pose.image_px[:, 1]) - np.nanmin(pose.image_px[:, 1]))
    width = body_px / 45
    yield from _drawn(pose, SHOULDERS, HIPS, Ink.BODY, width)
    for pair in (SHOULDERS, HIPS):
        yield from _stroke(_between(pose, *pair), Ink.BODY, width, None)
    for lines, relative in ((_ARMS, 0.5), (_LEGS, 1.0)):
        for start, end in lines:
            yield from _drawn(pose, start, end, None, relative * width)
    nose = pose.px(Landmark.NOSE)
    if np.isfinite(nose).all():
        size = f'cx="{nose[0]:.1f}" cy="{nose[1]:.1f}" r="{body_px / 14:.1f}"'
        yield f'<circle {size} fill="none" stroke="{Ink.BODY.variable}" stroke-width="{width:.1f}"/>'


def _drawn(pose: Pose, starts: LandmarkPair, ends: LandmarkPair, ink: Ink | None, width: float) -> Iterator[str]:
    """A line on either side, in the ink of the side unless told; those of the right side dashed."""
    for i, side in enumerate(SIDES):
        line = _between(pose, starts[i], ends[i])
        dashes = f"{2 * width:.1f} {1.6 * width:.1f}" if ink is None and side is Side.RIGHT else None
        yield from _stroke(line, ink or _SIDE_INK[side], width, dashes)


def _between(pose: Pose, start: Landmark, end: Landmark) -> LinePx:
    (x1, y1), (x2, y2) = pose.px(start).tolist(), pose.px(end).tolist()
    return (x1, y1), (x2, y2)


def _measured(pose: Pose, moment: WorstMoment) -> Iterator[str]:
    lines = measured_lines(moment.finding, pose, moment.rep.view.near_side)
    if lines is None:
        return
    height = moment.box[3] - moment.box[1]
    ink = Ink[moment.finding.verdict.name]
    yield from _stroke(lines.reference, Ink.TEXT, height / 160, f"{height / 60:.1f} {height / 80:.1f}")
    yield from _stroke(lines.measured, ink, height / 60, None)
    x, y = lines.anchor
    place = (
        f'x="{x + lines.outward * height / 22:.1f}" y="{y:.1f}" text-anchor="{"start" if lines.outward > 0 else "end"}"'
    )
    size = f'font-size="{height / 16:.1f}" font-weight="700" stroke-width="{height / 90:.1f}"'
    yield f'<text class="number" {place} {size} fill="{ink.variable}">{moment.number}</text>'


def _stroke(line: LinePx, ink: Ink, width: float, dashes: str | None) -> Iterator[str]:
    (x1, y1), (x2, y2) = line
    if not np.isfinite([x1, y1, x2, y2]).all():
        return
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    look = f'stroke="{ink.variable}" stroke-width="{width:.1f}" stroke-linecap="round"{dashed}'
    yield f"<line {ends} {look}/>"
