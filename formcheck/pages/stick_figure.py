"""The body at a worst moment as an ``<svg>``, for pages without a picture."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import numpy as np

from formcheck.body.pose import ANKLES, HEELS, HIPS, KNEES, SHOULDERS, SIDES, TOES, Landmark, LandmarkPair, Pose, Side
from formcheck.draw.lines import measured_lines
from formcheck.draw.moments import WorstMoment
from formcheck.measures.lines import LinePx
from formcheck.pages.plot import Ink
from formcheck.words.findings import reading_words

#: Height of a stick figure's drawing, in units of its view box.
_FIGURE_PX = 400.0

_ELBOWS = (Landmark.LEFT_ELBOW, Landmark.RIGHT_ELBOW)

_WRISTS = (Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST)

LEGS = ((HIPS, KNEES), (KNEES, ANKLES), (ANKLES, HEELS), (HEELS, TOES), (ANKLES, TOES))

ARMS = ((SHOULDERS, _ELBOWS), (_ELBOWS, _WRISTS))

SIDE_INK = {Side.LEFT: Ink.LEFT, Side.RIGHT: Ink.RIGHT}


def stick_figure(moment: WorstMoment) -> str:
    """The body at the moment as an ``<svg>``: left leg solid, right leg dashed, the measured line and its number."""
    left, top, right, bottom = moment.box
    scale = _FIGURE_PX / (bottom - top)
    parts = [*_limbs(moment.pose), *_measured(moment.pose, moment)]
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
    for lines, relative in ((ARMS, 0.5), (LEGS, 1.0)):
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
        yield from _stroke(line, ink or SIDE_INK[side], width, dashes)


def _between(pose: Pose, start: Landmark, end: Landmark) -> LinePx:
    (x1, y1), (x2, y2) = pose.px(start).tolist(), pose.px(end).tolist()
    return (x1, y1), (x2, y2)


def _measured(pose: Pose, moment: WorstMoment) -> Iterator[str]:
    lines = measured_lines(moment.finding, pose, moment.view.near_side)
    if lines is None:
        return
    height = moment.box[3] - moment.box[1]
    ink = Ink[moment.finding.verdict.name]
    yield from _stroke(lines.reference, Ink.TEXT, height / 160, f"{height / 60:.1f} {height / 80:.1f}")
    yield from _stroke(lines.measured, ink, height / 60, None)
    x, y = lines.anchor
    gap, wide = height / 22, 0.62 * len(moment.number) * height / 16
    has_room = moment.box[0] < x + lines.outward * (gap + wide) < moment.box[2]
    outward = lines.outward if has_room else -lines.outward
    place = f'x="{x + outward * gap:.1f}" y="{y:.1f}" text-anchor="{"start" if outward > 0 else "end"}"'
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
