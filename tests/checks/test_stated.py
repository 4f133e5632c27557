"""What a user may state is an exercise and a view that there are; everything else is refused in one line."""

from __future__ import annotations

import pytest

from formcheck.checks.exercise import rises
from formcheck.checks.stated import VIEWS, check_stated, exercises
from formcheck.errors import InputError


def test_exercises_and_views_are_auto_and_those_there_are() -> None:
    judged = ("squat", "lunge", "split_squat", "single_leg_squat", "step_down", "side_lunge")
    assert exercises() == ("auto", *judged)
    assert VIEWS == ("auto", "front", "back", "side", "oblique")
    for exercise in exercises():
        for view in VIEWS:
            check_stated(exercise, view)


@pytest.mark.parametrize(
    ("exercise", "view", "told"),
    [
        (
            "deadlift",
            "front",
            "expected auto, squat, lunge, split_squat, single_leg_squat, step_down, side_lunge as the exercise, got "
            "deadlift: choose one of them",
        ),
        ("squat", "top", "expected auto, front, back, side, oblique as the view, got top: choose one of them"),
        ("none", "auto", "got none"),
        ("auto", "unknown", "got unknown"),
    ],
)
def test_another_word_is_refused_with_those_that_there_are(exercise: str, view: str, told: str) -> None:
    with pytest.raises(InputError) as refused:
        check_stated(exercise, view)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("value", "share"), [(-1.0, 0.0), (2.0, 0.0), (2.5, 0.25), (3.0, 0.5), (4.0, 1.0), (9.0, 1.0), (float("nan"), 0.5)]
)
def test_how_sure_a_kind_is_rises_evenly_and_what_is_unseen_counts_for_nothing(value: float, share: float) -> None:
    assert rises(value, 2.0, 4.0) == pytest.approx(share)
