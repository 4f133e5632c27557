"""The lines of each measure on one picture, worked out by hand on a body of whole numbers of pixels."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.body.pose import ANKLES, HEELS, HIPS, KNEES, SHOULDERS, TOES, Pose, Side
from formcheck.measures import lines
from formcheck.measures.lines import LinesOf

Point = tuple[float, float]

PLACES: dict[tuple[int, int], tuple[Point, Point]] = {
    SHOULDERS: ((580, 210), (440, 190)),
    HIPS: ((540, 400), (460, 430)),
    KNEES: ((560, 520), (450, 500)),
    ANKLES: ((550, 700), (450, 720)),
    HEELS: ((552, 690), (452, 725)),
    TOES: ((600, 740), (400, 740)),
}


def body() -> Pose:
    pose = Pose.unseen(0.0, 1000, 1000)
    for pair, both in PLACES.items():
        pose.image_px[list(pair)] = both
    return pose


#: By hand: the reference line, the measured line and the joint that the number stands beside.
BY_HAND: dict[str, tuple[LinesOf, Side, tuple[Point, Point], tuple[Point, Point], Point]] = {
    "a knee inside its toe": (
        lines.knee_and_toe,
        Side.LEFT,
        ((600, 740), (600, 520 - 0.15 * 220)),
        ((560, 520), (600, 520)),
        (560, 520),
    ),
    "the right knee": (
        lines.knee_and_toe,
        Side.RIGHT,
        ((400, 740), (400, 500 - 0.15 * 240)),
        ((450, 500), (400, 500)),
        (450, 500),
    ),
    "a trunk": (
        lines.trunk,
        Side.LEFT,
        ((500, 415), (500, 415 - np.hypot(10, 215))),
        ((500, 415), (510, 200)),
        (510, 200),
    ),
    "hips that tilt": (
        lines.level(HIPS),
        Side.LEFT,
        ((500 - 1.1 * np.hypot(80, 30), 415), (500 + 1.1 * np.hypot(80, 30), 415)),
        ((540 + 48, 400 - 18), (460 - 48, 430 + 18)),
        (460, 430),
    ),
    "knees of which the left one is lower": (
        lines.level(KNEES),
        Side.LEFT,
        ((505 - 1.1 * np.hypot(110, 20), 510), (505 + 1.1 * np.hypot(110, 20), 510)),
        ((560 + 66, 520 + 12), (450 - 66, 500 - 12)),
        (560, 520),
    ),
    "shoulders beside the feet": (
        lines.shift(SHOULDERS),
        Side.LEFT,
        ((500, 710), (500, 200 - 51)),
        ((500, 200), (510, 200)),
        (510, 200),
    ),
    "a thigh": (
        lines.thigh,
        Side.LEFT,
        ((560, 520), (560 - np.hypot(20, 120), 520)),
        ((560, 520), (540, 400)),
        (560, 520),
    ),
    "the right thigh": (
        lines.thigh,
        Side.RIGHT,
        ((450, 500), (450 + np.hypot(10, 70), 500)),
        ((450, 500), (460, 430)),
        (450, 500),
    ),
    "a heel": (lines.heel, Side.LEFT, ((600, 740), (552, 740)), ((552, 740), (552, 690)), (552, 690)),
    "a stance": (
        lines.stance,
        Side.LEFT,
        ((580, 710 + 0.15 * 510), (440, 710 + 0.15 * 510)),
        ((550, 700), (450, 720)),
        (550, 700),
    ),
}


@pytest.mark.parametrize(("draw", "side", "reference", "measured", "anchor"), BY_HAND.values(), ids=list(BY_HAND))
def test_a_line_runs_where_the_measure_is_taken(
    draw: LinesOf, side: Side, reference: tuple[Point, Point], measured: tuple[Point, Point], anchor: Point
) -> None:
    found = draw(body(), side)
    assert np.array(found.reference) == pytest.approx(np.array(reference))
    assert np.array(found.measured) == pytest.approx(np.array(measured))
    assert found.anchor == pytest.approx(anchor)
