"""Each exercise says by itself how well it explains a movement; the set decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from bodies import squats
from recordings import the_movement

from formcheck.checks.exercise import HIPS_FALL
from formcheck.checks.exercises import EXERCISES
from formcheck.checks.exercises.unjudged import SIDE_LUNGE, SINGLE_LEG_SQUAT
from formcheck.checks.recognition import Recognised, recognise
from formcheck.measures.movement import Movement, Posture

SQUAT, LUNGE = EXERCISES["squat"], EXERCISES["lunge"]
#: Postures at the bottom as real people's landmarks have them, in leg lengths and degrees:
#: feet wide, feet ahead, foot up, knee up, left knee, right knee.
SEEN = {
    "squat": (0.55, -0.05, 0.0, -0.03, 102.0, 100.0),
    "squat with the weight on one leg": (0.59, -0.29, 0.07, 0.14, 93.0, 65.0),
    "oblique barbell squat": (0.80, -0.33, 0.09, 0.08, 73.0, 67.0),
    "in-line lunge from the front": (0.29, 0.78, 0.11, 0.41, 103.0, 92.0),
    "rear-foot-elevated split squat": (0.14, -0.79, -0.27, 0.48, 116.0, 115.0),
    "static split, barbell": (0.75, -0.43, 0.23, 0.34, 98.0, 51.0),
    "side lunge": (1.27, 0.07, -0.11, 0.11, 128.0, 11.0),
    "side lunge of a short step": (0.96, 0.12, 0.03, -0.01, 83.0, 9.0),
    "shrimp squat": (0.30, 0.17, 0.69, -0.04, 134.0, 39.0),
    "step down from a block": (0.25, 0.54, 0.05, -0.03, 32.0, 4.0),
}
EXPECTED = {
    "squat": SQUAT,
    "squat with the weight on one leg": SQUAT,
    "oblique barbell squat": SQUAT,
    "in-line lunge from the front": LUNGE,
    "rear-foot-elevated split squat": LUNGE,
    "static split, barbell": LUNGE,
}


def recognised(moves: Sequence[Movement]) -> Recognised:
    return recognise({HIPS_FALL: moves})


def posed(numbers: Sequence[float]) -> Movement:
    wide, ahead, foot_up, knee_up, left, right = numbers
    real = the_movement(squats(1))
    bottom = Posture(
        trunk_deg=20.0,
        trunk_world_deg=20.0,
        leg_deg=20.0,
        knee_deg=np.array([left, right]),
        feet_wide=wide,
        feet_ahead=ahead,
        foot_up=foot_up,
        knee_up=knee_up,
        legs_px=200.0,
    )
    return replace(real, bottom=bottom)


@pytest.mark.parametrize("name", SEEN)
def test_what_people_do_is_recognised_as_what_it_is(name: str) -> None:
    assert recognised([posed(SEEN[name])]).exercise is EXPECTED.get(name)


def test_what_is_recognised_and_not_judged_is_named() -> None:
    assert SIDE_LUNGE.words in recognised([posed(SEEN["side lunge"])]).other
    assert SINGLE_LEG_SQUAT.words in recognised([posed(SEEN["shrimp squat"])]).other


def test_the_set_decides_and_one_odd_repetition_does_not() -> None:
    squat, lunge = posed(SEEN["squat"]), posed(SEEN["in-line lunge from the front"])
    assert recognised([squat, squat, lunge]).exercise is SQUAT
    assert recognised([squat, lunge, lunge]).exercise is LUNGE


def test_no_movement_is_no_exercise() -> None:
    assert recognised([]).exercise is None


@pytest.mark.parametrize("share", [0.85, 1.15])
def test_a_posture_that_is_read_a_little_otherwise_is_the_same_exercise(share: float) -> None:
    for name, exercise in EXPECTED.items():
        assert recognised([posed((share * np.array(SEEN[name])).tolist())]).exercise is exercise, name
