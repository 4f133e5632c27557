from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from formcheck.body import geometry

Array = NDArray[np.float64]
BinaryOperation = Callable[[Array, Array], Array]
MODEST = settings(max_examples=60, deadline=None)

angles_deg = st.floats(-179.0, 179.0)
lengths = st.floats(0.01, 1e4)
points = st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)).map(np.array)


def ray(angle_deg: float, length: float = 1.0) -> Array:
    """A picture vector turned clockwise, as it is seen, from the +x axis."""
    return length * np.array([np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))])


@MODEST
@given(angles_deg, st.floats(-179.0, 179.0), lengths, lengths)
def test_the_signed_angle_is_the_turn_from_the_first_to_the_second(
    start: float, turn: float, a: float, b: float
) -> None:
    assert geometry.signed_angle_2d_deg(ray(start, a), ray(start + turn, b)) == pytest.approx(turn, abs=1e-6)


def test_a_quarter_turn_from_right_to_down_is_clockwise_and_positive() -> None:
    right, down = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    assert geometry.signed_angle_2d_deg(right, down) == 90
    assert geometry.signed_angle_2d_deg(down, right) == -90
    assert geometry.cross_2d(right, down) == 1


@MODEST
@given(angles_deg, angles_deg, lengths, lengths)
def test_the_unsigned_angle_is_the_size_of_the_signed_one(first: float, second: float, a: float, b: float) -> None:
    u, v = ray(first, a), ray(second, b)
    assert geometry.angle_between_deg(u, v) == pytest.approx(abs(geometry.signed_angle_2d_deg(u, v)), abs=1e-6)


@pytest.mark.parametrize("tiny_deg", [1e-7, 1e-5, 0.01])
def test_angles_near_0_and_180_keep_their_digits(tiny_deg: float) -> None:
    assert geometry.angle_between_deg(ray(0), ray(tiny_deg)) == pytest.approx(tiny_deg, rel=1e-6)
    assert 180 - geometry.angle_between_deg(ray(0), ray(180 - tiny_deg)) == pytest.approx(tiny_deg, rel=1e-5)


@MODEST
@given(points, points, points)
def test_the_angle_at_a_vertex_does_not_depend_on_the_order_of_its_ends(a: Array, vertex: Array, b: Array) -> None:
    forth, back = geometry.angle_at_deg(a, vertex, b), geometry.angle_at_deg(b, vertex, a)
    assert np.array_equal(forth, back, equal_nan=True)
    assert np.isnan(forth) or 0 <= forth <= 180


def test_three_points_in_line_make_180_degrees_in_two_and_three_dimensions() -> None:
    assert geometry.angle_at_deg(np.array([0.0, 0.0]), np.array([1.0, 2.0]), np.array([3.0, 6.0])) == 180
    assert geometry.angle_at_deg(np.zeros(3), np.ones(3), np.full(3, 3.0)) == pytest.approx(180)


@pytest.mark.parametrize("function", [geometry.angle_between_deg, geometry.signed_angle_2d_deg])
def test_a_vector_of_no_length_has_no_angle(function: BinaryOperation) -> None:
    nothing, something = np.zeros(2), np.array([1.0, 2.0])
    assert np.isnan(function(nothing, something))
    assert np.isnan(function(something, nothing))
    assert np.isnan(geometry.unit(nothing)).all()


@MODEST
@given(angles_deg, lengths)
def test_a_unit_vector_has_length_1_and_the_same_direction(angle_deg: float, length: float) -> None:
    assert geometry.unit(ray(angle_deg, length)) == pytest.approx(ray(angle_deg), abs=1e-9)


def test_whole_numbers_are_accepted() -> None:
    assert geometry.unit(np.array([0, 5])) == pytest.approx([0.0, 1.0])
    assert geometry.ratio(np.array([1, 1]), np.array([2, 4])) == pytest.approx([0.5, 0.25])


def test_distance_is_euclidean_over_the_last_axis() -> None:
    assert geometry.distance(np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([3.0, 4.0])) == pytest.approx([5, 13**0.5])


def test_the_midpoint_lies_between_the_pair_and_needs_both() -> None:
    pair = np.array([[[0.0, 2.0], [4.0, 6.0]], [[0.0, np.nan], [4.0, 6.0]]])
    middle = geometry.midpoint(pair)
    assert middle[0] == pytest.approx([2.0, 4.0])
    assert middle[1, 0] == 2.0
    assert np.isnan(middle[1, 1])


def test_a_ratio_to_nothing_is_nan_there_alone_and_operands_are_broadcast() -> None:
    quotient = geometry.ratio(np.array([[1.0], [2.0]]), np.array([2.0, 0.0, np.nan]))
    assert quotient.shape == (2, 3)
    assert quotient[:, 0] == pytest.approx([0.5, 1.0])
    assert np.isnan(quotient[:, 1:]).all()


@pytest.mark.parametrize(
    "function", [geometry.distance, geometry.dot, geometry.angle_between_deg, geometry.signed_angle_2d_deg]
)
def test_nan_stays_in_its_element_and_leading_axes_are_free(function: BinaryOperation) -> None:
    rng = np.random.default_rng(1)
    u, v = rng.normal(size=(2, 4, 3, 2))
    whole = function(u, v)
    assert whole.shape == (4, 3)
    assert whole[1, 2] == function(u[1, 2], v[1, 2])
    u[2, 0, 1] = np.nan
    broken = function(u, v)
    assert np.isnan(broken[2, 0])
    assert np.isnan(broken).sum() == 1
    assert np.array_equal(np.delete(broken.ravel(), 6), np.delete(whole.ravel(), 6))


def test_medians_and_means_of_what_is_seen_leave_out_what_is_not() -> None:
    frames = np.array([[1.0, np.nan, np.nan], [5.0, 4.0, np.nan], [3.0, 2.0, np.nan]])
    np.testing.assert_array_equal(geometry.median_of_seen(frames), [3.0, 3.0, np.nan])
    np.testing.assert_array_equal(geometry.mean_of_seen(frames.T), [3.0, 3.0, np.nan])


def test_the_median_of_one_series_is_a_number_and_of_no_frames_unknown() -> None:
    assert float(geometry.median_of_seen(np.array([7.0, np.nan, 9.0]))) == 8.0
    assert np.isnan(geometry.median_of_seen(np.full(3, np.nan)))
    assert np.isnan(geometry.median_of_seen(np.empty((0, 2)))).tolist() == [True, True]
