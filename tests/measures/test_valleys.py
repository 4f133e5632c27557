"""Valleys: one where a body goes down and up once, whatever its landmarks do at the bottom."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.body.pose import FloatArray
from formcheck.measures.valleys import find_valleys

TIME_S = np.arange(240) / 30


def through(*points: tuple[float, float]) -> FloatArray:
    """A height that goes through (time, height), leg lengths."""
    times, heights = zip(*points, strict=True)
    return np.interp(TIME_S, times, heights)


TWICE = through((0, 1.0), (1, 1.0), (2, 0.5), (3, 1.0), (4, 1.0), (5, 0.5), (6, 1.0), (8, 1.0))


def count(height: FloatArray, *witnesses: FloatArray) -> int:
    return len(find_valleys(TIME_S, height, np.column_stack(witnesses) if witnesses else np.full((240, 1), np.nan)))


def test_each_way_down_and_up_is_a_valley() -> None:
    first, second = find_valleys(TIME_S, TWICE, TWICE[:, None])
    assert TIME_S[first.lowest] == pytest.approx(2.0, abs=0.04)
    assert TIME_S[second.lowest] == pytest.approx(5.0, abs=0.04)
    assert first.before < first.lowest < first.after == second.before


@pytest.mark.parametrize("bounce", [0.08, 0.15, 0.22])
def test_a_bounce_at_the_bottom_makes_no_second_valley(bounce: float) -> None:
    height = through((0, 1.0), (1, 1.0), (2, 0.5), (2.5, 0.5 + bounce), (3, 0.5), (4, 1.0), (8, 1.0))
    assert count(height) == 1


def test_hips_that_jump_while_shoulders_and_legs_stay_down_make_no_second_valley() -> None:
    hips = through((0, 1.0), (1, 1.0), (2, 0.5), (2.4, 0.9), (2.8, 0.5), (4, 1.0), (8, 1.0))
    shoulders = through((0, 1.6), (1, 1.6), (2, 1.1), (2.8, 1.1), (4, 1.6), (8, 1.6))
    assert count(hips) == 2
    assert count(hips, shoulders) == 1


def test_a_witness_that_sees_nothing_of_the_movement_does_not_join_two_repetitions() -> None:
    assert count(TWICE, np.full(240, 0.9)) == 2
    assert count(TWICE, np.full(240, np.nan)) == 2


def test_a_dip_on_the_way_up_is_none_of_its_own() -> None:
    height = through((0, 1.0), (1, 1.0), (2, 0.4), (2.8, 0.9), (2.95, 0.8), (3.1, 1.0), (8, 1.0))
    assert count(height) == 1


def test_frames_in_which_nothing_is_seen_are_passed_over() -> None:
    height = TWICE.copy()
    height[70:80] = np.nan
    assert count(height) == 2
    assert count(np.full(240, np.nan)) == 0


@pytest.mark.parametrize(("seconds", "valleys"), [(0.5, 1), (0.8, 2)])
def test_a_small_dip_beside_a_deep_valley_is_one_of_its_own_if_it_takes_as_long_as_a_repetition(
    seconds: float, valleys: int
) -> None:
    dip = ((4, 1.0), (4 + seconds / 2, 0.88), (4 + seconds, 1.0))
    assert count(through((0, 1.0), (1, 1.0), (2, 0.5), (3, 0.98), *dip, (8, 1.0))) == valleys
