"""Plots as small inline SVG: drawn by Matplotlib, then stripped so that a page's own colours and policy apply.

* Colours are stand-ins (:class:`Ink`) that become CSS variables: the page decides, light or dark.
* Text stays text in the page's font.
* No ``style`` attribute, script, address or namespace is left: an inline SVG works under any content security policy.
"""

from __future__ import annotations

import io
import logging
import re
import threading
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Size of a plot in units of its view box, and where its axes lie in it.
WIDTH, HEIGHT = 547.2, 144.0
LEFT, RIGHT, TOP, BOTTOM = 36.0, 490.0, 14.0, 124.0
_POINTS_PER_INCH = 72.0

_NUMBER = re.compile(r"-?\d+\.\d+")
#: Matplotlib keeps its settings in one place for all threads.
_DRAWING = threading.Lock()
_DROPPED_STYLES = {"font", "font-family"}


class Ink(StrEnum):
    """Colours by what they mean: the value stands in for ``var(--plot-<name>)`` until the drawing is done."""

    TEXT = "#00000a"
    GRID = "#00000b"
    DESCENT = "#00000c"
    ASCENT = "#00000d"
    WARN_AREA = "#00000e"
    FAIL_AREA = "#00000f"
    LEFT = "#00001a"
    RIGHT = "#00001b"
    BODY = "#00001c"
    PASS = "#00001d"  # noqa: S105 - a verdict, not a password
    WARN = "#00001e"
    FAIL = "#00001f"
    PAPER = "#00002a"
    UNSURE = "#00002b"

    @property
    def variable(self) -> str:
        """The CSS variable that the page gives a colour."""
        return f"var(--plot-{self.name.lower().replace('_', '-')})"


_VARIABLES = {str(ink): ink.variable for ink in Ink}


@contextmanager
def drawing() -> Iterator[tuple[Figure, Axes]]:
    """A figure of the size of a plot and its axes; save it with :func:`svg_of` inside the block.

    Matplotlib's own defaults hold, whatever a user's matplotlibrc says. Nothing is printed where its folder for
    settings cannot be written: it then uses a temporary one.
    """
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    import matplotlib as mpl  # takes half a second, and only a report needs it
    from matplotlib.figure import Figure

    with _DRAWING, mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)
        figure = Figure(figsize=(WIDTH / _POINTS_PER_INCH, HEIGHT / _POINTS_PER_INCH))
        box = (LEFT / WIDTH, 1 - BOTTOM / HEIGHT, (RIGHT - LEFT) / WIDTH, (BOTTOM - TOP) / HEIGHT)
        axes = figure.add_axes(box)
        figure.patch.set_visible(False)
        axes.patch.set_visible(False)
        yield figure, axes


_SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "formcheck",
    "font.size": 8.0,
    "text.color": str(Ink.TEXT),
    "xtick.color": str(Ink.TEXT),
    "ytick.color": str(Ink.TEXT),
    "xtick.major.size": 0.0,
    "ytick.major.size": 0.0,
    "axes.edgecolor": str(Ink.GRID),
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "path.simplify_threshold": 0.3,
}


def svg_of(figure: Figure, prefix: str) -> str:
    """The figure as an ``<svg>`` element. ``prefix`` keeps its ids apart from those of other plots of the page."""
    stream = io.StringIO()
    figure.savefig(stream, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    root = ET.fromstring(stream.getvalue())  # noqa: S314 - our own drawing
    for element in root.iter():
        for child in [child for child in element if _local(child.tag) in {"style", "metadata"}]:
            element.remove(child)
    used = set(re.findall(r"#(\w+)", " ".join(_references(root))))
    for element in root.iter():
        _strip(element, prefix, used)
    root.attrib = {"viewBox": f"0 0 {WIDTH:g} {HEIGHT:g}", "aria-hidden": "true"}
    return ET.tostring(root, encoding="unicode")


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _references(root: ET.Element) -> Iterator[str]:
    for element in root.iter():
        yield from (value for value in element.attrib.values() if "#" in value and "url(" in value)
        yield from (value for name, value in element.attrib.items() if _local(name) == "href")


def _strip(element: ET.Element, prefix: str, used: set[str]) -> None:
    element.tag = _local(element.tag)
    element.tail = None
    if element.tag != "text":
        element.text = None
    attributes: dict[str, str] = {}
    for name, value in element.attrib.items():
        if name == "style":
            attributes |= _as_attributes(value)
        elif name != "id":
            attributes[_local(name)] = value
        elif value in used:
            attributes["id"] = prefix + value
    element.attrib = {name: _short(name, value, prefix) for name, value in attributes.items()}


def _as_attributes(style: str) -> dict[str, str]:
    """Declarations as presentation attributes; of a font only its size stays."""
    pairs = [part.partition(":")[::2] for part in style.split(";") if part.strip()]
    found = {name.strip(): value.strip() for name, value in pairs}
    if "font" in found:
        found["font-size"] = found["font"].split("px")[0].split()[-1]
    return {name: value for name, value in found.items() if name not in _DROPPED_STYLES}


def _short(name: str, value: str, prefix: str) -> str:
    if value in _VARIABLES:
        return _VARIABLES[value]
    if name == "href" or value.startswith("url(#"):
        return value.replace("#", f"#{prefix}")
    if name in {"d", "transform", "x", "y", "width", "height", "stroke-width", "points"}:
        return " ".join(_NUMBER.sub(lambda number: f"{float(number[0]):.1f}".removesuffix(".0"), value).split())
    return value
