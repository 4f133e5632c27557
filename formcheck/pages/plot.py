"""Plots as small inline SVG, for pages of any content security policy.

* Colours are CSS variables: the page decides, light or dark.
* Text stays text in the page's font.
* There is no ``style`` attribute, script, address or namespace.

Written here and not by Matplotlib, which takes half a second to load and 30 ms a plot.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from enum import StrEnum
from html import escape
from typing import NamedTuple

import numpy as np

from formcheck.body.pose import FloatArray

#: Size of a plot in units of its view box, and where its axes lie in it.
WIDTH, HEIGHT = 547.2, 144.0
LEFT, RIGHT, TOP, BOTTOM = 36.0, 490.0, 14.0, 124.0

#: Type size, in the same units, and how far its middle is above the line that it stands on.
_TEXT, _MIDDLE = 8.0, 2.9
#: Space between the axes and what is written beside them.
_PAD = 3.5
#: Intervals of an axis, at most.
_X_INTERVALS, _Y_INTERVALS = 9, 5
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
#: A line is drawn through the values to within this.
_TOLERANCE = 0.15
#: A line has no more points than this many per unit.
_POINTS_PER_UNIT = 4

Range = tuple[float, float]
Numbers = Sequence[float] | FloatArray
DASHED, DOTTED = "4 2", "1 2"


class Ink(StrEnum):
    """Colours by what they mean; the page says which they are."""

    TEXT = "text"
    GRID = "grid"
    DESCENT = "descent"
    ASCENT = "ascent"
    WARN_AREA = "warn-area"
    FAIL_AREA = "fail-area"
    LEFT = "left"
    RIGHT = "right"
    BODY = "body"
    PASS = "pass"  # noqa: S105 - a verdict, not a password
    WARN = "warn"
    FAIL = "fail"
    PAPER = "paper"
    UNSURE = "unsure"

    @property
    def variable(self) -> str:
        """The CSS variable that the page gives a colour."""
        return f"var(--plot-{self})"


class Shape(StrEnum):
    """Signs, told apart without their colours."""

    DISC = "disc"
    LOZENGE = "lozenge"
    TRIANGLE = "triangle"
    SQUARE = "square"


class Sign(NamedTuple):
    """A sign and its width."""

    shape: Shape
    width: float

    @property
    def path(self) -> str:
        """Around (0, 0)."""
        r = self.width / 2
        if self.shape is Shape.DISC:
            return f"M{r:g} 0A{r:g} {r:g} 0 1 1 {-r:g} 0A{r:g} {r:g} 0 1 1 {r:g} 0Z"
        far = r * math.sqrt(2)
        corners = {
            Shape.LOZENGE: ((0, -far), (far, 0), (0, far), (-far, 0)),
            Shape.TRIANGLE: ((0, -r), (r, r), (-r, r)),
            Shape.SQUARE: ((-r, -r), (r, -r), (r, r), (-r, r)),
        }[self.shape]
        return "M" + "L".join(f"{x:.4g} {y:.4g}" for x, y in corners) + "Z"


class Axes:
    """A plot that grows; what lies in front of what does not depend on the order in which it is drawn.

    ``x`` and ``y`` are what its ends show. ``text`` is the type size.
    """

    def __init__(self, x: Range, y: Range, *, text: float = _TEXT) -> None:
        self.x, self.y, self._text = x, y, text
        self._drawn: list[tuple[float, str]] = []
        self._signs: dict[str, str] = {}

    def shade(self, ends: Range, ink: Ink) -> None:
        """An area of all x between two y."""
        top, bottom = sorted(self._down(_held(ends, self.y)).tolist())
        self._rect(0.0, (LEFT, RIGHT), (top, bottom), ink)

    def columns(self, spans: Iterable[Range], ink: Ink, tops: Iterable[float] | None = None) -> None:
        """Areas between two x each, from the bottom to their ``tops``; all the way up where those are not given."""
        spans = list(spans)
        highs = [TOP] * len(spans) if tops is None else self._down(list(tops)).tolist()
        for ends, high in zip(spans, highs, strict=True):
            left, right = sorted(self._across(_held(ends, self.x)).tolist())
            self._rect(0.2 if tops is None else 1.0, (left, right), (high, BOTTOM), ink)

    def level(self, y: float, ink: Ink, note: str = "") -> None:
        """A line across at ``y``, with a note beside its right end; nothing where the plot does not show that y."""
        if not min(self.y) <= y <= max(self.y):
            return
        [high] = self._down([y]).tolist()
        self._path(1.5, f"M{LEFT:g} {_n(high)}H{RIGHT:g}", ink, 0.7)
        self._write(note, RIGHT + 4, high + _MIDDLE, "start")

    def upright(self, xs: Iterable[float], ink: Ink, dashes: str, width: float = 0.7) -> None:
        """Lines all the way up."""
        lines = "".join(f"M{_n(x)} {BOTTOM:g}V{TOP:g}" for x in self._across(list(xs)).tolist())
        self._path(1.2, lines, ink, width, dashes)

    def line(self, xs: Numbers, ys: Numbers, ink: Ink, *, width: float = 1.5, dashed: bool = False) -> None:
        """A line through points of ascending x, with a gap where y is NaN."""
        points = np.column_stack([self._across(xs), self._down(ys)])
        seen = np.isfinite(points[:, 1])
        edges = np.flatnonzero(np.diff(np.concatenate([[False], seen, [False]]).astype(int)))
        runs = [_simplified(points[start:end]) for start, end in edges.reshape(-1, 2)]
        path = "".join("M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in run) for run in runs)
        self._path(2.0, path, ink, width, DASHED if dashed else "", clipped=True)

    def bars(self, xs: Numbers, ends: Sequence[Range], ink: Ink, *, width: float = 0.8, cap: float = 0.0) -> None:
        """Upright bars between two y each, with a cap of that width at either end."""
        path = ""
        for x, two in zip(self._across(xs).tolist(), ends, strict=True):
            low, high = self._down(two).tolist()
            path += f"M{_n(x)} {_n(low)}V{_n(high)}"
            path += "".join(f"M{_n(x - cap)} {_n(y)}H{_n(x + cap)}" for y in (low, high)) if cap else ""
        self._path(2.0, path, ink, width, clipped=True)

    def signs(self, points: Iterable[tuple[float, float]], sign: Sign, ink: Ink) -> None:
        """A sign at each point, edged so that it shows on anything."""
        name = f"{sign.shape}-{sign.width:g}".replace(".", "_")
        self._signs[name] = sign.path
        look = f'fill="{ink.variable}" stroke="{Ink.PAPER.variable}" stroke-width="0.8"'
        for x, y in points:
            across, down = self._across([x])[0], self._down([y])[0]
            self._add(3.0, f'<use href="#\0{name}" x="{_n(across)}" y="{_n(down)}" {look}/>')

    def above(self, x: float, text: str) -> None:
        """A word above the axes."""
        self._write(text, float(self._across([x])[0]), TOP - _PAD, "middle")

    def x_ticks(self, places: Sequence[float], labels: Sequence[str]) -> None:
        """Words below the axes."""
        for x, label in zip(self._across(places).tolist(), labels, strict=True):
            self._write(label, x, BOTTOM + _PAD + 0.77 * self._text, "middle")

    def x_numbers(self) -> None:
        """Round numbers below the axes."""
        self.x_ticks(*_round_numbers(self.x, _X_INTERVALS))

    def x_unit(self, text: str) -> None:
        """What the x axis is in, at its right end."""
        self._write(text, RIGHT + 6, BOTTOM + _PAD + 0.77 * self._text, "start")

    def y_numbers(self) -> None:
        """Round numbers beside the axes, each with a line across, and the axis itself."""
        places, labels = _round_numbers(self.y, _Y_INTERVALS)
        for y, label in zip(self._down(places).tolist(), labels, strict=True):
            self._path(0.1, f"M{LEFT:g} {_n(y)}H{RIGHT:g}", Ink.GRID, 0.4)
            self._write(label, LEFT - _PAD, y + _MIDDLE, "end")
        self._path(2.5, f"M{LEFT:g} {TOP:g}V{BOTTOM:g}", Ink.GRID, 0.6)

    def svg(self, prefix: str) -> str:
        """The ``<svg>`` element; ``prefix`` keeps its ids apart from those of other plots of the page."""
        self._path(2.5, f"M{LEFT:g} {BOTTOM:g}H{RIGHT:g}", Ink.GRID, 0.6)
        signs = "".join(f'<path id="\0{name}" d="{path}"/>' for name, path in self._signs.items())
        box = f'<rect x="{LEFT:g}" y="{TOP:g}" width="{RIGHT - LEFT:g}" height="{BOTTOM - TOP:g}"/>'
        drawn = "".join(element for _, element in sorted(self._drawn, key=lambda one: one[0]))
        clip = f'<clipPath id="\0axes">{box}</clipPath>' if "url(#\0axes)" in drawn else ""
        defined = f"<defs>{clip}{signs}</defs>" if clip or signs else ""
        body = f"{defined}{drawn}".replace("\0", escape(prefix))
        return f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" aria-hidden="true">{body}</svg>'

    def _across(self, xs: Numbers) -> FloatArray:
        low, high = self.x
        return np.asarray(LEFT + (np.asarray(xs, dtype=float) - low) * (RIGHT - LEFT) / ((high - low) or 1.0))

    def _down(self, ys: Numbers) -> FloatArray:
        low, high = self.y
        return np.asarray(BOTTOM - (np.asarray(ys, dtype=float) - low) * (BOTTOM - TOP) / ((high - low) or 1.0))

    def _add(self, depth: float, element: str) -> None:
        self._drawn.append((depth, element))

    def _rect(self, depth: float, across: Range, down: Range, ink: Ink) -> None:
        (left, right), (top, bottom) = across, down
        size = f'width="{_n(right - left)}" height="{_n(bottom - top)}"'
        self._add(depth, f'<rect x="{_n(left)}" y="{_n(top)}" {size} fill="{ink.variable}"/>')

    def _path(
        self, depth: float, path: str, ink: Ink, width: float, dashes: str = "", *, clipped: bool = False
    ) -> None:
        if not path:
            return
        dashed = f' stroke-dasharray="{" ".join(_n(width * float(part)) for part in dashes.split())}"' if dashes else ""
        clip = ' clip-path="url(#\0axes)"' if clipped else ""
        look = f'fill="none" stroke="{ink.variable}" stroke-width="{width:g}" stroke-linejoin="round"{dashed}'
        self._add(depth, f'<path d="{path}" {look}{clip}/>')

    def _write(self, text: str, x: float, y: float, anchor: str) -> None:
        if text:
            look = f'font-size="{self._text:g}" text-anchor="{anchor}" fill="{Ink.TEXT.variable}"'
            self._add(4.0, f'<text x="{_n(x)}" y="{_n(y)}" {look}>{escape(text)}</text>')


def _held(values: Range, ends: Range) -> list[float]:
    """Two values, each no further than an end."""
    return [min(max(value, min(ends)), max(ends)) for value in values]


def _n(number: float) -> str:
    """A length to a tenth of a unit."""
    return f"{round(number, 1) + 0.0:g}"


def _round_numbers(ends: Range, intervals: int) -> tuple[list[float], list[str]]:
    """Round numbers at equal distances between two ends, and how they are written."""
    low, high = min(ends), max(ends)
    least = (high - low) / intervals or 1.0
    ten = 10.0 ** math.floor(math.log10(least))
    step = next(step * ten for step in _STEPS if step * ten >= least * (1 - 1e-9))
    places = [number * step for number in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    digits += any(abs(place - round(place, digits)) > 1e-6 * step for place in places)
    return places, [f"{place + 0.0:.{digits}f}".replace("-", "−") for place in places]


def _simplified(points: FloatArray) -> list[tuple[float, float]]:
    """Points of ascending x without those that the line between their neighbours passes within _TOLERANCE.

    Where there are very many, first the lowest and the highest of each stretch of x are taken.
    """
    if len(points) > _POINTS_PER_UNIT * WIDTH:
        edges = np.unique(np.linspace(0, len(points), int(WIDTH) + 1).astype(int))
        parts = (points[start:end] for start, end in itertools.pairwise(edges))
        points = np.concatenate(
            [part[np.unique([0, part[:, 1].argmin(), part[:, 1].argmax(), len(part) - 1])] for part in parts]
        )
    told = [(float(x), float(y)) for x, y in points]
    kept, anchor, lowest, highest = told[:1], told[0], -math.inf, math.inf
    for before, point in itertools.pairwise(told):
        run = max(before[0] - anchor[0], 1e-9)
        lowest = max(lowest, (before[1] - _TOLERANCE - anchor[1]) / run)
        highest = min(highest, (before[1] + _TOLERANCE - anchor[1]) / run)
        if not lowest <= (point[1] - anchor[1]) / max(point[0] - anchor[0], 1e-9) <= highest:
            kept.append(before)
            anchor, lowest, highest = before, -math.inf, math.inf
    return kept + told[-1:] if len(told) > 1 else kept
