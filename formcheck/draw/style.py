"""How verdicts look: a colour, a line style and a marker each, so that no meaning rests on hue alone.

Colours are from the palette of Okabe & Ito 2008, "Color Universal Design" (vermilion, sky blue, yellow; greys for what
is not told), picked so that they also form a ladder of lightness: unsure < fail < pass < unseen < warn < neutral.
Every line has a dark halo, which keeps the light ones readable on a white wall. Colours are (blue, green, red), 0..255.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from formcheck.checks.check import Verdict
from formcheck.frames.frame import ImageBGR

Colour = tuple[int, int, int]
PointPx = tuple[float, float]

#: Halo of lines, writing on coloured ground, detail inside markers.
INK: Colour = (26, 20, 16)
WHITE: Colour = (250, 250, 250)
#: Writing of less weight on a dark panel.
PALE: Colour = (214, 214, 214)

#: Positions reach OpenCV in 1/16 px, so that slow movement does not step from pixel to pixel.
_SHIFT = 4
#: Share of a gap in a dash and its gap.
_GAP = 4 / 6.5


@dataclass(frozen=True, slots=True)
class Look:
    """Colour and line style of a verdict; ``relative_width`` multiplies the width that a limb has."""

    colour: Colour
    relative_width: float = 1.0
    dashed: bool = False


LOOKS = {
    Verdict.PASS: Look((233, 180, 86)),
    Verdict.UNSURE: Look((112, 112, 112)),
    Verdict.WARN: Look((66, 228, 240), 1.15),
    Verdict.FAIL: Look((0, 94, 213), 1.35),
    Verdict.UNSEEN: Look((198, 198, 198), 0.8, dashed=True),
}
NEUTRAL = Look((245, 245, 245))


def look_of(verdict: Verdict | None) -> Look:
    """Look of a verdict; None, where nothing is being judged, is neutral."""
    return NEUTRAL if verdict is None else LOOKS[verdict]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes in pixels that follow the shorter side of the picture."""

    width_px: int
    height_px: int

    @property
    def short_px(self) -> int:
        """The shorter side."""
        return min(self.width_px, self.height_px)

    @property
    def is_wide(self) -> bool:
        """Whether the picture has room for a cue beside the status line."""
        return self.width_px >= 1.2 * self.height_px

    @property
    def text_px(self) -> int:
        """Type size of the status line: 3.4 % of the shorter side, but 12 px (a tenth of tiny pictures) at least."""
        return round(max(min(12.0, self.short_px / 10), 0.034 * self.short_px))

    @property
    def smallest_text_px(self) -> int:
        """No writing is smaller."""
        return max(9, round(0.75 * self.text_px))

    @property
    def pad_px(self) -> int:
        """Space between writing and the edge of its panel."""
        return max(2, round(0.3 * self.text_px))

    @property
    def leg_px(self) -> float:
        """Width of the line of a leg."""
        return max(2.0, 0.0095 * self.short_px)


def _fixed(point: PointPx) -> tuple[int, int]:
    return round(point[0] * (1 << _SHIFT)), round(point[1] * (1 << _SHIFT))


def line(image_bgr: ImageBGR, start: PointPx, end: PointPx, colour: Colour, width_px: float) -> None:
    """Smooth line with round ends."""
    thickness = max(1, round(width_px))
    cv2.line(image_bgr, _fixed(start), _fixed(end), colour, thickness, cv2.LINE_AA, _SHIFT)


def dashes(start: PointPx, end: PointPx, width_px: float) -> list[tuple[PointPx, PointPx]]:
    """Cut a line into dashes of 2.5 widths with gaps of 4, of which round ends and halo take a good third.

    There are two dashes at least, one at either end.
    """
    a, b = np.asarray(start), np.asarray(end)
    count = max(2, round((float(np.linalg.norm(b - a)) / max(width_px, 1.0) + 4) / 6.5))
    starts = np.arange(count) / (count - _GAP)
    edges = np.column_stack((starts, starts + (1 - _GAP) / (count - _GAP))).ravel()
    points = [(float(x), float(y)) for x, y in a + edges[:, None] * (b - a)]
    return list(zip(points[::2], points[1::2], strict=True))


def disc(image_bgr: ImageBGR, centre: PointPx, radius_px: float, colour: Colour) -> None:
    """Smooth filled circle."""
    cv2.circle(image_bgr, _fixed(centre), round(radius_px * (1 << _SHIFT)), colour, cv2.FILLED, cv2.LINE_AA, _SHIFT)


def _ring(image_bgr: ImageBGR, centre: PointPx, radius_px: float, colour: Colour) -> None:
    fixed_radius, thickness = round(radius_px * (1 << _SHIFT)), max(1, round(0.3 * radius_px))
    cv2.circle(image_bgr, _fixed(centre), fixed_radius, colour, thickness, cv2.LINE_AA, _SHIFT)


def _polygon(image_bgr: ImageBGR, centre: PointPx, corners: Iterable[PointPx], colour: Colour) -> None:
    points = np.array([_fixed((centre[0] + x, centre[1] + y)) for x, y in corners], dtype=np.int32)
    cv2.fillConvexPoly(image_bgr, points, colour, cv2.LINE_AA, _SHIFT)


def _shape(image_bgr: ImageBGR, verdict: Verdict, centre: PointPx, radius_px: float, colour: Colour) -> None:
    r = radius_px
    if verdict is Verdict.WARN:
        _polygon(image_bgr, centre, ((0, -1.2 * r), (1.2 * r, 0.95 * r), (-1.2 * r, 0.95 * r)), colour)
    elif verdict is Verdict.UNSURE:
        _polygon(image_bgr, centre, ((0, -1.2 * r), (1.2 * r, 0), (0, 1.2 * r), (-1.2 * r, 0)), colour)
    elif verdict is Verdict.FAIL:
        side = 0.95 * r
        _polygon(image_bgr, centre, ((-side, -side), (side, -side), (side, side), (-side, side)), colour)
    else:
        disc(image_bgr, centre, r, colour)


def _detail(image_bgr: ImageBGR, verdict: Verdict, centre: PointPx, radius_px: float, colour: Colour) -> None:
    (x, y), r = centre, radius_px
    stroke = max(1.0, 0.28 * r)
    strokes: tuple[tuple[float, float, float, float], ...]
    if verdict is Verdict.FAIL:
        strokes = ((-0.45, -0.45, 0.45, 0.45), (-0.45, 0.45, 0.45, -0.45))
    elif verdict is Verdict.WARN:
        strokes = ((0, -0.5, 0, 0.2), (0, 0.6, 0, 0.62))
    elif verdict is Verdict.UNSURE:
        strokes = ((-0.5, -0.2, 0.5, -0.2), (-0.5, 0.25, 0.5, 0.25))
    else:
        strokes = ((-0.45, 0.05, -0.1, 0.4), (-0.1, 0.4, 0.5, -0.35))
    for x0, y0, x1, y1 in strokes:
        line(image_bgr, (x + x0 * r, y + y0 * r), (x + x1 * r, y + y1 * r), colour, stroke)


def marker(
    image_bgr: ImageBGR,
    verdict: Verdict,
    centre: PointPx,
    radius_px: float,
    *,
    fill: Colour | None = None,
    ink: Colour = INK,
) -> None:
    """Sign of a verdict: disc with tick (pass), lozenge with two bars (unsure), triangle with bar (warn),
    square with cross (fail), ring (unseen).

    Signs of less than 5 px radius are shapes without the detail inside. ``fill`` replaces the colour of the verdict.
    """
    colour = LOOKS[verdict].colour if fill is None else fill
    _shape(image_bgr, verdict, centre, radius_px + max(1.0, 0.22 * radius_px), ink)
    if verdict is Verdict.UNSEEN:
        _ring(image_bgr, centre, 0.8 * radius_px, colour)
        return
    _shape(image_bgr, verdict, centre, radius_px, colour)
    if radius_px >= 5:
        _detail(image_bgr, verdict, centre, radius_px, ink)
