"""What is drawn lies where its numbers say."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from formcheck.pages.plot import BOTTOM, LEFT, RIGHT, TOP, Axes, Ink, Shape, Sign


def drawn(axes: Axes) -> ET.Element:
    return ET.fromstring(axes.svg("a-"))  # noqa: S314 - our own drawing


def labels(axes: Axes) -> list[str]:
    return [text.text or "" for text in drawn(axes).iter("text")]


def points_of(axes: Axes, ink: Ink) -> list[list[tuple[float, float]]]:
    """The points of each piece of the line in that ink."""
    [path] = [one for one in drawn(axes).iter("path") if one.get("stroke") == ink.variable]
    pieces = path.attrib["d"].split("M")[1:]
    return [[(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", piece)] for piece in pieces]


def test_a_line_goes_from_corner_to_corner() -> None:
    axes = Axes((2.0, 4.0), (-1.0, 1.0))
    axes.line([2.0, 3.0, 4.0], [-1.0, 1.0, -1.0], Ink.LEFT)
    middle = (LEFT + RIGHT) / 2
    assert points_of(axes, Ink.LEFT) == [[(LEFT, BOTTOM), (middle, TOP), (RIGHT, BOTTOM)]]


def test_a_line_has_a_gap_where_a_value_is_unseen() -> None:
    axes = Axes((0.0, 5.0), (0.0, 9.0))
    axes.line(np.arange(6.0), [np.nan, 1, 5, np.nan, 2, 7], Ink.BODY)
    assert [len(piece) for piece in points_of(axes, Ink.BODY)] == [2, 2]


@pytest.mark.parametrize("count", [50, 900, 40_000])
def test_a_simpler_line_is_the_same_line(count: int) -> None:
    xs = np.linspace(0.0, 10.0, count)
    ys = np.sin(3 * xs) + 0.2 * np.sin(17 * xs)
    axes = Axes((0.0, 10.0), (-2.0, 2.0))
    axes.line(xs, ys, Ink.LEFT)
    [points] = points_of(axes, Ink.LEFT)
    assert len(points) < 1500
    across, down = np.array(points).T
    at = np.interp(LEFT + xs * (RIGHT - LEFT) / 10, across, down)
    assert np.abs(at - (BOTTOM - (ys + 2) * (BOTTOM - TOP) / 4)).max() < 1.0


def test_one_frame_that_stands_out_of_an_hour_is_still_seen() -> None:
    ys = np.zeros(100_000)
    ys[54_321] = 1.0
    axes = Axes((0.0, 1.0), (0.0, 1.0))
    axes.line(np.linspace(0, 1, len(ys)), ys, Ink.LEFT)
    assert min(y for _, y in points_of(axes, Ink.LEFT)[0]) == TOP


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        ((0.0, 1.0), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        ((-12.0, 13.0), ["−10", "−5", "0", "5", "10"]),
        ((0.0, 12.5), ["0.0", "2.5", "5.0", "7.5", "10.0", "12.5"]),
        ((89.9, 90.3), ["89.9", "90.0", "90.1", "90.2", "90.3"]),
        ((0.0, 4000.0), ["0", "1000", "2000", "3000", "4000"]),
    ],
)
def test_an_axis_is_numbered_in_round_steps(ends: tuple[float, float], told: list[str]) -> None:
    axes = Axes((0.0, 1.0), ends)
    axes.y_numbers()
    assert labels(axes) == told


def test_a_limit_that_is_not_shown_is_not_written() -> None:
    axes = Axes((0.0, 1.0), (0.0, 1.0))
    axes.level(2.0, Ink.FAIL, "fail 2")
    axes.level(0.5, Ink.WARN, "warn 0.5")
    assert labels(axes) == ["warn 0.5"]


def test_areas_end_with_the_axes() -> None:
    axes = Axes((0.0, 1.0), (0.0, 1.0))
    axes.shade((0.5, 99.0), Ink.FAIL_AREA)
    axes.columns([(-5.0, 0.5)], Ink.DESCENT)
    found = {
        one.attrib["fill"]: [float(one.attrib[name]) for name in ("x", "y", "width", "height")]
        for one in drawn(axes).iter("rect")
    }
    assert found[Ink.FAIL_AREA.variable] == [LEFT, TOP, RIGHT - LEFT, (BOTTOM - TOP) / 2]
    assert found[Ink.DESCENT.variable] == [LEFT, TOP, (RIGHT - LEFT) / 2, BOTTOM - TOP]


def test_each_sign_has_a_shape_of_its_own() -> None:
    axes = Axes((0.0, 1.0), (0.0, 1.0))
    for shape in Shape:
        axes.signs([(0.5, 0.5)], Sign(shape, 4.0), Ink.PASS)
    shapes = [one.attrib["d"] for one in drawn(axes).iter("path") if "id" in one.attrib]
    assert len(set(shapes)) == len(Shape)
    wanted = [one.attrib["href"].removeprefix("#") for one in drawn(axes).iter("use")]
    assert set(wanted) == {one.attrib["id"] for one in drawn(axes).iter("path") if "id" in one.attrib}


def test_what_is_written_cannot_become_markup() -> None:
    axes = Axes((0.0, 1.0), (0.0, 1.0))
    axes.above(0.5, "<b>&")
    assert labels(axes) == ["<b>&"]
