"""A check as a row of data: direction, reduction, limits and the order of verdicts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.body.view import Plane
from formcheck.checks.check import FAULTY, Check, Limit, Reducer, Verdict, Worse, worst_verdict
from formcheck.checks.fault import Fault

ROW = Check(
    name="row",
    fault=Fault.unknown("row"),
    variable="anything",
    unit="deg",
    worse=Worse.ABOVE,
    planes=frozenset({Plane.FRONT}),
    title="row",
    reading="row {value}",
    cue="Do it.",
    cannot_see="much",
)
BELOW = replace(ROW, worse=Worse.BELOW)
EITHER = replace(ROW, worse=Worse.EITHER)
UPWARDS = Limit(10.0, 20.0, "test")
DOWNWARDS = Limit(85.0, 75.0, "test")

numbers = st.floats(-1000, 1000)


@pytest.mark.parametrize(
    ("check", "limit", "value", "expected"),
    [
        (ROW, UPWARDS, 9.999, Verdict.PASS),
        (ROW, UPWARDS, 10.0, Verdict.WARN),
        (ROW, UPWARDS, 19.999, Verdict.WARN),
        (ROW, UPWARDS, 20.0, Verdict.FAIL),
        (ROW, UPWARDS, -50.0, Verdict.PASS),
        (BELOW, DOWNWARDS, 85.001, Verdict.PASS),
        (BELOW, DOWNWARDS, 85.0, Verdict.WARN),
        (BELOW, DOWNWARDS, 75.001, Verdict.WARN),
        (BELOW, DOWNWARDS, 75.0, Verdict.FAIL),
        (EITHER, UPWARDS, -9.999, Verdict.PASS),
        (EITHER, UPWARDS, -10.0, Verdict.WARN),
        (EITHER, UPWARDS, 10.0, Verdict.WARN),
        (EITHER, UPWARDS, -20.0, Verdict.FAIL),
    ],
)
def test_a_value_exactly_at_a_limit_has_reached_it(check: Check, limit: Limit, value: float, expected: Verdict) -> None:
    assert check.verdict(value, limit) is expected


def test_a_negative_limit_is_worse_above_it_as_any_other() -> None:
    behind_the_toe = Limit(-0.05, 0.05, "test")
    assert [ROW.verdict(value, behind_the_toe) for value in (-0.06, -0.05, 0.049, 0.05)] == [
        Verdict.PASS,
        Verdict.WARN,
        Verdict.WARN,
        Verdict.FAIL,
    ]


@pytest.mark.parametrize("check", [ROW, BELOW, EITHER], ids=lambda check: str(check.worse))
def test_a_limit_for_information_only_never_warns(check: Check) -> None:
    assert check.verdict(1e9, Limit(None, None, "test")) is Verdict.PASS
    assert check.verdict(-1e9, Limit(None, None, "test")) is Verdict.PASS


@given(value=numbers, other=numbers)
def test_a_worse_value_never_gets_a_better_verdict(value: float, other: float) -> None:
    order = [Verdict.PASS, Verdict.UNSURE, Verdict.WARN, Verdict.FAIL]
    for check, limit in ((ROW, UPWARDS), (BELOW, DOWNWARDS), (EITHER, UPWARDS)):
        milder, harder = sorted((value, other), key=check.severity)
        for error in (0.0, 3.0, 40.0):
            told = [order.index(check.verdict(each, limit, error)) for each in (milder, harder)]
            assert told == sorted(told)


@given(value=numbers, error=st.floats(0, 100))
def test_a_claim_is_beyond_its_limit_by_the_uncertainty_and_a_pass_is_better_by_it(value: float, error: float) -> None:
    verdict = ROW.verdict(value, UPWARDS, error)
    assert (verdict in FAULTY) is (value >= 10.0 + error)
    assert (verdict is Verdict.FAIL) is (value >= 20.0 + error)
    assert (verdict is Verdict.PASS) is (value < 10.0 - error)


def test_severity_turns_the_sign_so_that_larger_is_worse() -> None:
    values = np.array([-3.0, 0.0, 2.0, np.nan])
    np.testing.assert_array_equal(ROW.severity(values), values)
    np.testing.assert_array_equal(BELOW.severity(values), -values)
    np.testing.assert_array_equal(EITHER.severity(values), [3.0, 0.0, 2.0, np.nan])


@pytest.mark.parametrize("check", [ROW, BELOW, EITHER], ids=lambda check: str(check.worse))
def test_an_unseen_value_is_beyond_no_bound(check: Check) -> None:
    assert not check.is_beyond(np.array([np.nan, np.nan]), 0.0).any()


def test_nothing_is_beyond_a_bound_that_is_not_there() -> None:
    beyond = ROW.is_beyond(np.array([1.0, 1e9]), None)
    assert beyond.shape == (2,)
    assert not beyond.any()


def test_the_median_ignores_unseen_frames_and_names_a_frame_that_shows_it() -> None:
    reduced = ROW.reduce(np.array([np.nan, 1.0, 50.0, 3.0, np.nan]))
    assert reduced == (3.0, 3)


def test_the_median_of_an_even_number_of_frames_names_a_frame_nearest_to_it() -> None:
    reduced = ROW.reduce(np.array([0.0, np.nan, 4.0, 5.0, 100.0]))
    assert reduced is not None
    value, index = reduced
    assert value == 4.5
    assert index in {2, 3}


@pytest.mark.parametrize(
    ("worse", "expected"),
    [(Worse.ABOVE, (7.0, 1)), (Worse.BELOW, (-9.0, 3)), (Worse.EITHER, (-9.0, 3))],
)
def test_the_worst_value_is_taken_in_the_direction_of_the_check(worse: Worse, expected: tuple[float, int]) -> None:
    check = replace(ROW, worse=worse, reducer=Reducer.WORST)
    assert check.reduce(np.array([1.0, 7.0, np.nan, -9.0])) == expected


@pytest.mark.parametrize("reducer", list(Reducer))
@pytest.mark.parametrize("values", [np.array([np.nan, np.nan]), np.array([])], ids=["all unseen", "no frames"])
def test_frames_that_show_nothing_reduce_to_nothing(reducer: Reducer, values: np.ndarray) -> None:
    assert replace(ROW, reducer=reducer).reduce(values) is None


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([Verdict.PASS, Verdict.FAIL, Verdict.WARN], Verdict.FAIL),
        ([Verdict.PASS, Verdict.WARN], Verdict.WARN),
        ([Verdict.UNSEEN, Verdict.PASS], Verdict.PASS),
        ([Verdict.PASS, Verdict.UNSURE, Verdict.UNSEEN], Verdict.UNSURE),
        ([Verdict.WARN, Verdict.UNSURE], Verdict.WARN),
        ([Verdict.UNSEEN, Verdict.UNSEEN], Verdict.UNSEEN),
        ([], Verdict.UNSEEN),
    ],
)
def test_the_worst_of_several_verdicts_is_unseen_only_where_nothing_else_was_said(
    verdicts: list[Verdict], expected: Verdict
) -> None:
    assert worst_verdict(verdicts) is expected


@given(value=numbers, other=numbers)
def test_points_grow_with_the_value_without_a_jump_and_do_not_know_the_verdict(value: float, other: float) -> None:
    limit = replace(UPWARDS, clean=5.0)
    milder, harder = sorted((value, other))
    costs = [ROW.points(one, limit) for one in (milder, harder)]
    assert costs == sorted(costs)
    assert costs[1] - costs[0] <= 25 / 15 * (harder - milder) + 1e-9
    assert ROW.points(value, limit) == ROW.points(value, replace(limit, warn=19.0))


def test_a_value_costs_nothing_while_it_is_clean_and_25_points_where_it_fails() -> None:
    limit = replace(UPWARDS, clean=5.0)
    assert [ROW.points(value, limit) for value in (-3.0, 5.0, 12.5, 20.0, 29.0, 99.0)] == [0, 0, 12.5, 25, 40, 40]
    assert [BELOW.points(value, replace(DOWNWARDS, clean=95.0)) for value in (99.0, 95.0, 85.0, 75.0)] == [
        0,
        0,
        12.5,
        25,
    ]
    assert replace(ROW, is_scored=False).points(99.0, limit) == 0
    assert ROW.points(99.0, Limit(None, None, "test")) == 0


def test_what_may_be_the_instruments_error_costs_nothing() -> None:
    limit = replace(UPWARDS, clean=5.0)
    assert [ROW.points(value, limit, 7.5) for value in (12.5, 20.0, 27.5)] == [0, 12.5, 25]


def test_excess_is_where_a_value_lies_between_the_limits() -> None:
    assert [ROW.excess(value, UPWARDS) for value in (5.0, 10.0, 15.0, 20.0, 30.0)] == [-0.5, 0.0, 0.5, 1.0, 2.0]
    assert [EITHER.excess(value, UPWARDS) for value in (-15.0, 15.0, 0.0)] == [0.5, 0.5, -1.0]
    assert ROW.excess(5.0, Limit(None, None, "test")) is None


def test_with_one_limit_for_both_a_value_is_a_plain_fault_or_none() -> None:
    sharp = Limit(10.0, 10.0, "test")
    assert [ROW.excess(value, sharp) for value in (9.9, 10.0, 10.1)] == [-1.0, 1.0, 1.0]
    assert [ROW.points(value, sharp) for value in (9.9, 10.0, 10.1)] == [0.0, 25.0, 25.0]


@pytest.mark.parametrize(("seen", "is_told"), [(4, False), (5, True)])
def test_half_of_the_frames_must_be_seen(seen: int, *, is_told: bool) -> None:
    values = np.where(np.arange(10) < seen, 1.0, np.nan)
    assert (ROW.reduce(values) is not None) is is_told


def test_a_check_of_another_version_has_a_name_and_a_value_and_nothing_else() -> None:
    other = Check.unknown("ankle_roll")
    assert (other.name, other.title, other.reading) == ("ankle_roll", "ankle roll", "ankle roll {value}")
    assert (other.unit, other.cue, other.planes, other.lines) == ("", "", frozenset(), None)
