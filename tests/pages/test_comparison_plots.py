"""Where sessions stand in the plots of a history."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import pairwise

import pytest
from past_sessions import session

from formcheck.body.pose import Side
from formcheck.body.view import Plane
from formcheck.pages.comparison_plots import places_of, progress_plots
from formcheck.progress.history import courses
from formcheck.progress.past_session import Observation
from formcheck.words.comparison_tables import sessions_table


def places(*days: int) -> list[float]:
    return places_of([session(day=day) for day in days])


def test_sessions_stand_at_their_dates() -> None:
    assert places(1, 2, 11, 31) == pytest.approx([0.0, 0.4, 1.0, 3.0])


def test_sessions_of_one_day_stand_apart_in_order_within_the_plot() -> None:
    found = places(1, 31, 31, 31)
    assert (found[0], found[-1]) == pytest.approx((0.0, 3.0))
    assert min(b - a for a, b in pairwise(found)) > 0.2


def test_without_dates_or_with_only_one_the_distances_are_equal() -> None:
    assert places(5, 5, 5) == [0.0, 1.0, 2.0]
    undated = [session(day=1), session(day=9, at=datetime(2026, 2, 1), is_dated=False), session(day=30)]
    assert places_of(undated) == [0.0, 1.0, 2.0]
    assert places(7) == [0.0]


def valgus(side: Side, value: float) -> Observation:
    return Observation(
        1, Plane.FRONT, None, "knee_valgus", "knee_valgus", side, value, 0.01, is_judged=True, is_faulty=False
    )


def test_each_side_is_drawn_in_its_own_colour_and_the_right_one_dashed() -> None:
    """The left knee is far inside the line of its foot, so its line is the upper one."""
    sessions = [session(valgus(Side.LEFT, 0.3), valgus(Side.RIGHT, 0.02), day=day) for day in (1, 2, 3)]
    [plot] = progress_plots(sessions, list(courses(sessions)), "a")
    heights = {}
    for path in re.findall(r"<path[^>]*>", plot.svg):
        side = re.search(r'stroke="?:? ?var\(--plot-(left|right)\)', path)
        points = re.findall(r"[ML] ?([\d.]+)[ ,]([\d.]+)", path)
        if side and len(points) <= 3:  # a bar for the error of each value has more
            heights[side.group(1)] = float(points[0][1])
            assert ("dasharray" in path) is (side.group(1) == "right")
    assert heights["left"] < heights["right"], "y is down"
    assert plot.sides == (Side.LEFT, Side.RIGHT)
    assert "left: 0.30" in plot.alt
    assert "right: 0.02" in plot.alt


def test_load_is_drawn_against_the_velocity_that_was_lost_where_both_are_known() -> None:
    known = [session(day=day, load_kg=20.0 * day, velocity_loss_pct=10.0 * day) for day in (1, 2)]
    plots = {plot.title: plot for plot in progress_plots(known, [], "a")}
    assert plots["Load against velocity loss"].alt == "Velocity loss by load: 20 kg 10 %, 40 kg 20 %."
    unknown = [session(day=1, load_kg=20.0), known[1]]
    assert "Load against velocity loss" not in {plot.title for plot in progress_plots(unknown, [], "a")}


def test_the_table_of_sessions_tells_the_velocity_loss_only_where_one_is_known() -> None:
    known = session(day=1, velocity_loss_pct=23.4, velocity_loss_error_pct=5.2)
    table = sessions_table([known, session(day=2)])
    assert table.head[-1] == "Velocity loss"
    assert [line.cells[-1] for line in table.lines] == ["23 % ± 5", "–"]
    assert "Velocity loss" not in sessions_table([session(day=2)]).head
