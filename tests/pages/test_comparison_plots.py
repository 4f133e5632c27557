"""Where sessions stand in the plots of a history."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import pytest
from past_sessions import session

from formcheck.pages.comparison_plots import places_of


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
