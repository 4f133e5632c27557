"""Each exercise says by itself how well it explains a movement; the set decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from bodies import squats
from recordings import the_movement

from formcheck.checks.exercise import HIPS_FALL, Exercise
from formcheck.checks.exercises import EXERCISES
from formcheck.checks.recognition import Recognised, recognise
from formcheck.measures.movement import Movement, Posture

SQUAT, LUNGE, SPLIT_SQUAT = EXERCISES["squat"], EXERCISES["lunge"], EXERCISES["split_squat"]
ON_ONE_LEG, STEP_DOWN, SIDE_LUNGE = EXERCISES["single_leg_squat"], EXERCISES["step_down"], EXERCISES["side_lunge"]


@dataclass(frozen=True)
class Seen:
    """What real people's landmarks have, feet and knees in leg lengths and degrees: feet wide, feet ahead, foot up,
    knee up, left knee, right knee; at the bottom and, where it is no stand on both feet, at the ends.
    """

    bottom: tuple[float, ...]
    exercise: Exercise | None
    ends: tuple[float, ...] = (0.4, 0.0, 0.0, 0.0, 10.0, 10.0)
    drop: float = 0.4
    trunk_deg: float = 40.0
    hand_up: float = 0.8
    between_deg: float = 10.0
    apart_between: float = 0.02
    foot_up_seen: float = float("nan")


ON_A_BENCH = (0.15, 0.90, -0.42, 0.04, 62.0, 74.0)
APART = (0.38, -0.87, 0.11, -0.07, 35.0, 33.0)
SHRIMP = (0.21, -0.02, 0.78, 0.03, 138.0, 7.0)
WIDE = (1.22, 0.04, -0.02, -0.05, 22.0, 24.0)
BLOCK = (0.20, -0.42, -0.02, -0.02, 5.0, 10.0)
CROUCHED = (0.45, 0.06, 0.0, 0.0, 45.0, 65.0)
SEEN = {
    "squat": Seen((0.55, -0.05, 0.0, -0.03, 102.0, 100.0), SQUAT),
    "squat with the weight on one leg": Seen((0.59, -0.29, 0.07, 0.14, 93.0, 65.0), SQUAT),
    "oblique barbell squat": Seen((0.80, -0.33, 0.09, 0.08, 73.0, 67.0), SQUAT),
    "in-line lunge from the front": Seen((0.29, 0.78, 0.11, 0.41, 103.0, 92.0), LUNGE),
    "lunge with a knee drive": Seen(
        (0.73, 0.80, -0.12, 0.20, 88.0, 48.0), LUNGE, ends=(0.42, 0.05, -0.57, -0.46, 37.0, 110.0), apart_between=0.11
    ),
    "rear-foot-elevated split squat": Seen(
        (0.14, 0.79, -0.27, 0.48, 116.0, 115.0), SPLIT_SQUAT, ends=ON_A_BENCH, apart_between=0.81
    ),
    "a single one with the rear foot on a bench": Seen(
        (0.14, 0.79, -0.27, 0.48, 116.0, 115.0), SPLIT_SQUAT, ends=ON_A_BENCH, apart_between=float("nan")
    ),
    "a single one with the feet apart": Seen(
        (0.55, -0.79, 0.10, -0.40, 98.0, 102.0), LUNGE, ends=APART, apart_between=float("nan")
    ),
    "split squat": Seen((0.55, -0.79, 0.10, -0.40, 98.0, 102.0), SPLIT_SQUAT, ends=APART, apart_between=0.86),
    "static split, barbell": Seen((0.75, -0.43, 0.23, 0.34, 98.0, 51.0), SPLIT_SQUAT, ends=APART, apart_between=0.60),
    "side lunge": Seen((1.27, 0.07, -0.11, 0.11, 128.0, 11.0), SIDE_LUNGE, ends=WIDE, trunk_deg=50.0, hand_up=0.4),
    "side lunge of a step": Seen((1.10, 0.07, -0.05, 0.11, 110.0, 11.0), SIDE_LUNGE),
    "side lunge of a short step": Seen((0.96, 0.12, 0.03, -0.01, 83.0, 9.0), SIDE_LUNGE, drop=0.2),
    "side lunge that turns the trunk": Seen(
        (0.64, -0.79, 0.03, -0.13, 28.0, 88.0), SIDE_LUNGE, ends=(0.97, 0.20, 0.01, -0.02, 11.0, 27.0), trunk_deg=75.0
    ),
    "touching a foot": Seen((1.08, -0.32, 0.02, -0.17, 11.0, 70.0), None, ends=WIDE, trunk_deg=58.0, hand_up=0.05),
    "crouched shuffle": Seen(
        (1.00, -0.30, -0.12, -0.25, 34.0, 104.0), None, ends=CROUCHED, trunk_deg=63.0, hand_up=0.2, between_deg=47.0
    ),
    "shrimp squat": Seen((0.30, -0.17, 0.69, -0.04, 134.0, 39.0), ON_ONE_LEG, ends=SHRIMP, drop=0.23),
    "pistol": Seen((0.20, 0.85, 0.30, 0.35, 8.0, 125.0), ON_ONE_LEG),
    "squat on one leg, the other foot low": Seen(
        (0.25, -0.15, 0.25, 0.05, 75.0, 65.0), ON_ONE_LEG, ends=(0.25, -0.15, 0.25, 0.05, 70.0, 6.0), drop=0.15
    ),
    "step down from a block": Seen(
        (0.25, -0.54, 0.05, -0.03, 32.0, 4.0), STEP_DOWN, ends=BLOCK, drop=0.15, foot_up_seen=0.12
    ),
    "step up on a high box": Seen((0.20, -0.60, -0.53, -0.59, 4.0, 87.0), STEP_DOWN, drop=0.55),
    "step down beside the box": Seen((0.35, 0.05, 0.24, 0.10, 60.0, 5.0), STEP_DOWN, drop=0.22),
    "a knee that is lifted": Seen((0.20, 0.20, 0.45, 0.30, 95.0, 4.0), None, drop=0.06),
}


def recognised(moves: Sequence[Movement]) -> Recognised:
    return recognise({HIPS_FALL: moves})


def posture(numbers: Sequence[float], trunk_deg: float, hand_up: float) -> Posture:
    wide, ahead, foot_up, knee_up, left, right = numbers
    return Posture(
        trunk_deg=20.0,
        trunk_world_deg=trunk_deg,
        leg_deg=20.0,
        knee_deg=np.array([left, right]),
        feet_wide=wide,
        feet_ahead=ahead,
        foot_up=foot_up,
        knee_up=knee_up,
        legs_px=200.0,
        hand_up=hand_up,
    )


def posed(seen: Seen, *, share: float = 1.0) -> Movement:
    numbers = (share * np.array(seen.bottom)).tolist()
    bottom = replace(posture(numbers, seen.trunk_deg, seen.hand_up), foot_up_seen=seen.foot_up_seen)
    end = posture(seen.ends, seen.between_deg, 0.8)
    real = the_movement(squats(1))
    return replace(
        real,
        start=replace(end, foot_up_seen=0.0),
        bottom=bottom,
        end=replace(end, foot_up_seen=0.0),
        drop_ratio=seen.drop,
        apart_between=seen.apart_between,
    )


@pytest.mark.parametrize("name", SEEN)
def test_what_people_do_is_recognised_as_what_it_is(name: str) -> None:
    assert recognised([posed(SEEN[name])]).exercise is SEEN[name].exercise


def test_what_is_no_exercise_is_named_so() -> None:
    assert "no squat or lunge" in recognised([posed(SEEN["touching a foot"])]).other


def test_the_mirror_image_of_a_movement_is_the_same_exercise() -> None:
    for name, seen in SEEN.items():
        mirrored = replace(
            seen, bottom=_mirrored(seen.bottom), ends=_mirrored(seen.ends), foot_up_seen=-seen.foot_up_seen
        )
        assert recognised([posed(mirrored)]).exercise is seen.exercise, name


def _mirrored(numbers: Sequence[float]) -> tuple[float, ...]:
    wide, ahead, foot_up, knee_up, left, right = numbers
    return (wide, -ahead, -foot_up, -knee_up, right, left)


def test_the_set_decides_and_one_odd_repetition_does_not() -> None:
    squat, lunge = posed(SEEN["squat"]), posed(SEEN["in-line lunge from the front"])
    assert recognised([squat, squat, lunge]).exercise is SQUAT
    assert recognised([squat, lunge, lunge]).exercise is LUNGE


def test_no_movement_is_no_exercise() -> None:
    assert recognised([]).exercise is None


def test_a_step_between_two_repetitions_makes_a_lunge_of_a_set() -> None:
    apart = posed(SEEN["split squat"])
    assert recognised([apart, apart, apart]).exercise is SPLIT_SQUAT
    assert recognised([replace(apart, apart_between=0.05)] * 2 + [apart]).exercise is LUNGE


@pytest.mark.parametrize("share", [0.9, 1.1])
def test_a_posture_that_is_read_a_little_otherwise_is_the_same_exercise(share: float) -> None:
    for name, seen in SEEN.items():
        assert recognised([posed(seen, share=share)]).exercise is seen.exercise, name
