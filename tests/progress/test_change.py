"""What counts as a change, and what load has to do with it."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from past_sessions import session

from formcheck.body.pose import Side
from formcheck.body.view import Plane
from formcheck.progress.change import Outcome, Rate, rate_outcome, smallest_change, wilson
from formcheck.progress.history import courses, rate_courses, side_courses
from formcheck.progress.past_session import (
    Observation,
    PastSession,
    changes,
    differences,
    in_order,
    levels,
    load_notes,
    rate_changes,
    rates,
    side_pairs,
)
from formcheck.words.comparison import outcome_lines

SEM = 0.03


def knee(
    rep: int, value: float | None, *, faulty: bool = False, side: Side = Side.LEFT, lead: Side | None = None
) -> Observation:
    judged = value is not None
    return Observation(rep, Plane.FRONT, lead, "knee_valgus", "knee_valgus", side, value, SEM, judged, faulty)


def knees(*values: float, faulty: int = 0, **facts: object) -> PastSession:
    """A session of one knee, whose first repetitions are faulty."""
    return session(*(knee(n, value, faulty=n <= faulty) for n, value in enumerate(values, 1)), **facts)


def test_the_smallest_change_is_that_of_weir() -> None:
    assert smallest_change(SEM, SEM) == pytest.approx(1.96 * math.sqrt(2) * SEM)


def test_the_interval_of_a_rate_is_that_of_wilson() -> None:
    assert wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert wilson(0, 5)[0] == 0.0
    assert wilson(5, 5)[1] == 1.0
    assert Rate(0, 0).interval == (0.0, 1.0)


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        (Rate(0, 5), Rate(5, 5), Outcome.WORSE),
        (Rate(5, 5), Rate(0, 5), Outcome.BETTER),
        (Rate(0, 5), Rate(3, 5), Outcome.WITHIN),
        (Rate(0, 5), Rate(0, 0), Outcome.UNKNOWN),
    ],
)
def test_a_rate_has_changed_where_the_intervals_do_not_overlap(before: Rate, after: Rate, outcome: Outcome) -> None:
    assert rate_outcome(before, after) is outcome


@pytest.mark.parametrize(
    ("after", "outcome"), [(0.20 + 0.082, Outcome.WITHIN), (0.20 + 0.084, Outcome.WORSE), (0.116, Outcome.BETTER)]
)
def test_a_measure_has_changed_only_beyond_the_smallest_change(after: float, outcome: Outcome) -> None:
    [change] = changes(knees(0.20, faulty=1), knees(after, faulty=1))
    assert change.outcome is outcome
    assert change.smallest == pytest.approx(0.0832, abs=1e-4)


def test_more_repetitions_do_not_make_a_smaller_change_count() -> None:
    [change] = changes(knees(*[0.20] * 50, faulty=50), knees(*[0.27] * 50, faulty=50))
    assert change.outcome is Outcome.WITHIN


def test_a_change_between_two_good_values_is_no_progress() -> None:
    [change] = changes(knees(0.10), knees(-0.10))
    assert change.outcome is Outcome.CHANGED


def test_the_same_fault_to_the_other_side_is_neither_better_nor_worse() -> None:
    tilt = Observation(1, Plane.FRONT, None, "pelvic_tilt", "asymmetry", None, 12.0, 2.0, True, True)
    [change] = changes(session(tilt), session(replace(tilt, value=-12.0)))
    assert change.outcome is Outcome.CHANGED


def test_nothing_is_said_of_a_change_whose_error_is_not_known() -> None:
    [change] = changes(session(replace(knee(1, 0.1), uncertainty=None)), knees(0.5, faulty=1))
    assert (change.outcome, change.smallest) == (Outcome.UNKNOWN, None)


def test_the_value_of_a_session_is_the_median_and_its_error_that_of_one_repetition() -> None:
    [level] = levels(knees(0.1, 0.4, 0.2)).values()
    assert (level.value, level.low, level.high, level.reps, level.error) == (0.2, 0.1, 0.4, 3, SEM)


def test_other_views_and_other_leading_legs_are_not_compared() -> None:
    front = knee(1, 0.1, lead=Side.LEFT)
    assert not list(changes(session(front), session(replace(front, plane=Plane.BACK))))
    assert not list(changes(session(front), session(replace(front, lead_side=Side.RIGHT))))
    assert not list(changes(session(front), session(front, exercise="lunge")))


def test_what_was_unseen_is_not_counted_as_good() -> None:
    seen = session(knee(1, 0.3, faulty=True), knee(2, None), knee(3, 0.0))
    assert list(rates(seen).values()) == [Rate(1, 2)]


def test_a_repetition_with_one_faulty_knee_counts_once() -> None:
    both = session(knee(1, 0.3, faulty=True), knee(1, 0.0, side=Side.RIGHT))
    assert list(rates(both).values()) == [Rate(1, 1)]


def test_a_value_of_the_whole_session_is_no_fault_of_each_repetition() -> None:
    symmetry = [
        Observation(n, Plane.FRONT, lead, "limb_symmetry", "asymmetry", None, 60.0, 4.0, True, True)
        for n, lead in enumerate((Side.LEFT, Side.RIGHT), 1)
    ]
    lunge = session(*symmetry, exercise="lunge")
    assert rates(lunge) == {}
    assert [(key.lead_side, level.value) for key, level in levels(lunge).items()] == [(None, 60.0)]


def test_rates_by_other_limits_are_not_compared_but_values_are() -> None:
    before, after = knees(*[0.1] * 5), knees(*[0.3] * 5, faulty=5, profile="strict")
    assert [one.outcome for one in rate_changes(before, after)] == [Outcome.UNKNOWN]
    assert [one.outcome for one in changes(before, after)] == [Outcome.WORSE]
    assert [(what, values) for what, values in differences([before, after])] == [("profile", ["standard", "strict"])]


def test_left_led_lunges_are_compared_with_right_led_ones() -> None:
    lunge = session(knee(1, 0.20, lead=Side.LEFT), knee(2, 0.05, side=Side.RIGHT, lead=Side.RIGHT), exercise="lunge")
    [pair] = side_pairs(lunge)
    assert pair.outcome is Outcome.CHANGED
    assert pair.difference == pytest.approx(0.15)
    assert (pair.left.value, pair.right.value) == (0.20, 0.05)


def test_leaning_towards_either_leading_leg_by_as_much_is_no_difference() -> None:
    lean = Observation(1, Plane.FRONT, Side.LEFT, "side_lean", "trunk_lean", None, 8.0, 1.0, True, False)
    [pair] = side_pairs(session(lean, replace(lean, lead_side=Side.RIGHT, value=-8.0), exercise="lunge"))
    assert (pair.difference, pair.outcome) == (0.0, Outcome.WITHIN)


def test_load_that_grew_faster_than_form_held_is_noted() -> None:
    light, heavy = knees(*[0.0] * 5, day=1, load_kg=60.0), knees(*[0.3] * 5, faulty=5, day=8, load_kg=80.0)
    [note] = load_notes([heavy, light])
    assert (note.before, note.after, note.score_fell) == (light, heavy, False)
    assert [one.outcome for one in note.rates] == [Outcome.WORSE]


@pytest.mark.parametrize(
    "facts",
    [
        {"load_kg": 60.0},
        {"load_kg": None},
        {"is_dated": False},
        {"profile": "strict"},
        {"plane": Plane.SIDE},
        {"athlete": "Max"},
    ],
)
def test_load_is_not_blamed_where_it_did_not_rise_or_sessions_are_not_alike(facts: dict[str, object]) -> None:
    light = knees(*[0.0] * 5, day=1, load_kg=60.0)
    heavy = knees(*[0.3] * 5, faulty=5, day=8, load_kg=80.0)
    assert not load_notes([light, replace(heavy, **facts)])


def test_load_is_not_blamed_where_the_fault_rate_may_be_chance() -> None:
    light, heavy = knees(*[0.0] * 5, day=1, load_kg=60.0), knees(*[0.3] * 5, faulty=3, day=8, load_kg=80.0)
    assert not load_notes([light, heavy])


def test_a_score_that_falls_by_a_fault_is_noted_and_by_less_is_not() -> None:
    light = knees(0.0, day=1, load_kg=60.0)
    [note] = load_notes([light, knees(0.0, day=2, load_kg=70.0, form_score=80.0)])
    assert note.score_fell
    assert not load_notes([light, knees(0.0, day=2, load_kg=70.0, form_score=80.1)])


def test_a_slow_decline_is_noted_from_the_first_to_the_last_session() -> None:
    faulty = (0, 3, 5)
    slow = [knees(*[0.1] * 5, faulty=count, day=day, load_kg=50.0 + 10 * day) for day, count in enumerate(faulty, 1)]
    assert [(note.before, note.after) for note in load_notes(slow)] == [(slow[0], slow[2])]


def test_sessions_are_ordered_by_date_then_by_load() -> None:
    second, third, first = knees(0.0, day=2, load_kg=60.0), knees(0.0, day=2, load_kg=80.0), knees(0.0, day=1)
    assert in_order([third, second, first]) == [first, second, third]


def test_a_course_compares_the_last_session_with_the_first_and_with_the_one_before() -> None:
    sessions = [knees(0.3, 0.3, faulty=2), knees(0.1, 0.1, day=2), knees(0.1, 0.1, day=3)]
    [course] = courses(sessions)
    assert course.since_first.outcome is Outcome.BETTER
    assert course.since_previous.outcome is Outcome.WITHIN
    [rate] = rate_courses(sessions)
    assert rate.rates == (Rate(2, 2), Rate(0, 2), Rate(0, 2))
    assert list(side_courses(sessions)) == []


def test_the_view_is_told_where_there_are_several() -> None:
    def both(front: float, back: float, day: int) -> PastSession:
        seen_from_behind = replace(knee(2, back), plane=Plane.BACK)
        return session(knee(1, front, faulty=True), seen_from_behind, day=day)

    [first, second] = both(0.05, 0.30, 1), both(0.30, 0.05, 2)
    lines = outcome_lines([*changes(first, second)], [*rate_changes(first, second)])
    assert lines[0] == "Worse: knee valgus, left, front view."
    alone = session(knee(1, 0.05)), session(knee(1, 0.30, faulty=True), day=2)
    assert outcome_lines([*changes(*alone)], [*rate_changes(*alone)])[0] == "Worse: knee valgus, left."


def test_a_measure_seen_once_has_no_course() -> None:
    assert list(courses([knees(0.1), session(knee(1, None), day=2)])) == []
