"""The bottom of a repetition is where the middles of the times spent low lead to, not the lowest of many low frames."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.body.pose import FloatArray
from formcheck.measures.floor import bottom_frame

TIME_S = np.arange(91) / 30


def bowl(bottom_s: float, power: float = 2.0) -> FloatArray:
    return np.abs((TIME_S - bottom_s) / 1.5) ** power


@pytest.mark.parametrize("power", [1.5, 2.0, 4.0])
@pytest.mark.parametrize("bottom_s", [1.2, 1.5, 1.9])
def test_the_bottom_of_a_smooth_movement_is_its_lowest_frame(bottom_s: float, power: float) -> None:
    assert bottom_frame(TIME_S, bowl(bottom_s, power), 0) == pytest.approx(30 * bottom_s, abs=1)


def test_a_single_low_frame_on_a_flat_floor_does_not_decide() -> None:
    flat = np.clip(np.abs(TIME_S - 1.5) - 0.4, 0, None)
    flat[int(30 * 1.2)] = -0.01
    assert bottom_frame(TIME_S, flat, 0) == pytest.approx(45, abs=2)


def test_a_quick_way_down_and_a_slow_way_up_lead_to_where_they_meet() -> None:
    uneven = np.where(TIME_S < 1.0, (1.0 - TIME_S) / 1.0, (TIME_S - 1.0) / 2.0)
    assert bottom_frame(TIME_S, uneven, 0) == pytest.approx(30, abs=3)


def test_frames_that_are_unseen_are_passed_over() -> None:
    height = bowl(1.5)
    height[[20, 44, 45, 70]] = np.nan
    assert bottom_frame(TIME_S, height, 0) == pytest.approx(45, abs=1)


@pytest.mark.parametrize("height", [np.full(91, np.nan), np.ones(91), -bowl(1.5)], ids=["unseen", "level", "a hill"])
def test_without_a_fall_the_bottom_is_where_it_was_taken_to_be(height: FloatArray) -> None:
    assert bottom_frame(TIME_S, height, 37) == 37
