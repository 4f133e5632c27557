"""What is said of sessions beside each other, word for word."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from past_sessions import session

from formcheck.body.pose import Side
from formcheck.body.view import Plane
from formcheck.progress.change import Rate
from formcheck.progress.history import courses, rate_courses
from formcheck.progress.past_session import Key, Observation, PastSession, RateKey
from formcheck.words.comparison import (
    caveats,
    course_lines,
    key_words,
    keys_named,
    order_caveats,
    pair_caveats,
    rate_text,
    rate_words,
    time_words,
)


def knees(value: float, day: int, *, faulty: bool = False) -> PastSession:
    facts = (Plane.FRONT, None, "knee_valgus", "knee_valgus", Side.LEFT, value, 0.01)
    seen = (Observation(number, *facts, is_judged=True, is_faulty=faulty) for number in range(1, 11))
    return session(*seen, day=day)


def lines_of(*sessions: PastSession) -> list[str]:
    return course_lines([*courses(sessions)], [*rate_courses(sessions)], sessions=len(sessions))


def test_the_course_is_told_since_the_first_session_and_since_the_last_one() -> None:
    assert lines_of(knees(0.3, 1, faulty=True), knees(0.1, 2), knees(0.1, 3)) == [
        "Since the first, better: knee valgus, left.",
        "Since the first, less often: knees caving inward.",
        "Since last time, no measure has changed by more than formcheck's own error.",
    ]
    assert lines_of(knees(0.1, 1), knees(0.3, 2, faulty=True)) == [
        "Worse: knee valgus, left.",
        "More often: knees caving inward.",
    ]
    assert lines_of(knees(0.1, 1)) == ["One session: there is nothing to compare it with yet."]
    assert lines_of(session(day=1), session(day=2), session(day=3)) == [
        "Nothing can be compared: no measure was seen in both, in the same view."
    ]


def test_a_measure_is_named_with_its_side_and_its_leading_leg() -> None:
    assert key_words(Key("knee_valgus", Plane.FRONT, Side.LEFT, None)) == "Knee valgus, left"
    assert key_words(Key("depth", Plane.SIDE, Side.RIGHT, Side.RIGHT)) == "Depth, right leg leading"
    assert key_words(Key("depth", Plane.SIDE, Side.LEFT, Side.RIGHT)) == "Depth, left, right leg leading"
    assert key_words(Key("depth", Plane.SIDE, None, None)) == "Depth"
    assert rate_words(RateKey("knee_valgus", Plane.FRONT, Side.LEFT)) == "Knees caving inward, left leg leading"


def test_names_in_a_table_have_the_unit_without_a_sign_and_the_view_where_there_are_two() -> None:
    front, back = (Key("knee_valgus", plane, Side.LEFT, None) for plane in (Plane.FRONT, Plane.BACK))
    depth = Key("depth", Plane.FRONT, None, None)
    assert keys_named("squat", [front, depth]) == ["Knee valgus, left (shank lengths)", "Depth"]
    assert keys_named("squat", [front, back])[1] == "Knee valgus, left, back view (shank lengths)"


def test_a_rate_has_its_interval() -> None:
    assert rate_text(Rate(3, 5)) == "3 of 5 (23–88 %)"


@pytest.mark.parametrize(
    ("at", "is_dated", "told"),
    [
        (None, True, "–"),
        (datetime(2026, 1, 31), True, "2026-01-31"),
        (datetime(2026, 1, 31, 17, 0), False, "2026-01-31"),
        (datetime(2026, 1, 31, 0, 5), True, "2026-01-31 00:05"),
        (datetime(2026, 1, 31, 17, 0), True, "2026-01-31 17:00"),
    ],
)
def test_a_date_is_told_with_the_time_where_it_has_one(at: datetime | None, told: str, *, is_dated: bool) -> None:
    assert time_words(session(at=at, is_dated=is_dated)) == told


def test_sessions_without_a_date_are_said_to_be_ordered_otherwise() -> None:
    dated, undated = session(day=1), session(day=2, is_dated=False)
    assert list(order_caveats([dated, dated])) == []
    [some] = order_caveats([dated, undated, undated])
    assert some.startswith("2 of 3 sessions have no date such as 2026-01-31")
    [none] = order_caveats([undated, undated])
    assert none.startswith("No session has a date such as 2026-01-31")


def test_what_two_sessions_do_not_share_is_told() -> None:
    before, after = session(day=1), session(day=2, model="lite", profile="strict")
    told = list(caveats([before, after]))
    assert [line.partition(";")[0] for line in told] == [
        "They differ in pose model: full, lite",
        "They differ in limits (profile): standard, strict",
    ]


def test_two_sessions_in_the_wrong_order_are_told_so_only_where_both_have_dates() -> None:
    early, late = session(day=1), session(day=2)
    wrong = "The second is the earlier one: before and after are in the order given."
    assert list(pair_caveats(late, early)) == [wrong]
    assert list(pair_caveats(early, late)) == []
    assert list(pair_caveats(early, early)) == []
    assert list(pair_caveats(replace(late, is_dated=False), early)) == []
    assert list(pair_caveats(late, replace(early, is_dated=False))) == []
