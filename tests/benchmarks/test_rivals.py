from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from bodies import Camera, concatenate, hidden, lunges, nobody, squats, standing

from benchmarks.accuracy.rival_counters import COUNTERS, RivalCounter
from benchmarks.accuracy.rivals import FAULTS, RIVALS, Fault, Rival
from formcheck.body.pose import Landmark, Pose, Side
from formcheck.measures.reps import Rep, cut_reps

BY_NAME = {rival.name: rival for rival in RIVALS}
COUNTER_BY_NAME = {counter.name: counter for counter in COUNTERS}
TRIVIAL = {"always positive", "always negative"}


def seen(name: str, fault: Fault, pose: Pose, exercise: str = "squat") -> bool | None:
    return BY_NAME[name].flags(pose, the_rep(pose, exercise), exercise)[fault]


def the_rep(pose: Pose, exercise: str = "squat") -> Rep:
    (rep,) = cut_reps(pose)
    return replace(rep, lead_side=Side.LEFT) if exercise == "lunge" else rep


def test_rivals_and_counters_have_names_of_their_own_and_a_source_each() -> None:
    for rows in (RIVALS, COUNTERS):
        assert len({row.name for row in rows}) == len(rows)
        assert all(row.source for row in rows)


@pytest.mark.parametrize("rival", RIVALS, ids=lambda rival: rival.name)
@pytest.mark.parametrize("exercise", ["squat", "lunge"])
def test_a_rival_answers_for_every_fault_and_only_where_it_has_a_rule(rival: Rival, exercise: str) -> None:
    pose = squats(1) if exercise == "squat" else lunges(1)
    flags = rival.flags(pose, the_rep(pose, exercise), exercise)
    assert set(flags) == set(FAULTS)
    silent = {fault for fault in FAULTS if exercise not in rival.exercises or fault not in rival.rules}
    assert {fault for fault, flag in flags.items() if flag is None} >= silent
    assert all(flag in {True, False, None} for flag in flags.values())


def test_the_trivial_rivals_flag_everything_and_nothing() -> None:
    pose = squats(1)
    always, never = (
        BY_NAME[name].flags(pose, the_rep(pose), "squat") for name in ("always positive", "always negative")
    )
    assert set(always.values()) == {True}
    assert set(never.values()) == {False}


@pytest.mark.parametrize(
    "rival", [rival for rival in RIVALS if rival.name not in TRIVIAL], ids=lambda rival: rival.name
)
def test_a_rival_that_sees_no_landmark_at_the_bottom_says_nothing(rival: Rival) -> None:
    pose = squats(1)
    empty = hidden(pose, list(Landmark), slice(0, len(pose)), coordinates=True)
    for exercise in rival.exercises:
        lead = Side.LEFT if exercise == "lunge" else None
        flags = rival.flags(empty, replace(the_rep(pose), lead_side=lead), exercise)
        assert set(flags.values()) == {None}


# At the bottom the gap of the knees is 0.26 m less both displacements; that of ankles and toes stays 0.26 m.
@pytest.mark.parametrize(
    ("name", "inward_m", "flagged"),
    [
        ("knee gap under 1.0 ankle gaps", -0.01, False),
        ("knee gap under 1.0 ankle gaps", 0.01, True),
        ("knee gap under 0.9 ankle gaps", 0.01, False),
        ("knee gap under 0.9 ankle gaps", 0.015, True),
        ("squat-form, beginner", 0.024, False),
        ("squat-form, beginner", 0.028, True),
        ("Exercise-Correction, squat", 0.044, False),  # 0.66 is rounded to 0.7
        ("Exercise-Correction, squat", 0.047, True),
    ],
)
def test_knees_that_come_together_are_flagged_from_the_published_ratio_on(
    name: str, inward_m: float, flagged: bool
) -> None:
    assert seen(name, "knee_valgus", squats(1, depth_deg=100, knee_inward_m=inward_m)) is flagged


@pytest.mark.parametrize(
    ("name", "limit_deg"), [("FPPA over the men's range", 8.0), ("FPPA over the women's range", 13.0)]
)
def test_the_projection_angle_is_flagged_beyond_the_normal_range(name: str, limit_deg: float) -> None:
    shin_m, thigh_m = 0.4 * np.cos(np.radians(24)), 0.4 * np.sin(np.radians(34))  # seen from the front at 80 degrees
    flags = []
    for angle_deg in (limit_deg - 1, limit_deg + 1):
        inward_m = np.interp(
            angle_deg, [np.degrees(np.arctan(x / shin_m) + np.arctan(x / thigh_m)) for x in GRID_M], GRID_M
        )
        flags.append(seen(name, "knee_valgus", squats(1, depth_deg=80, knee_inward_m=float(inward_m))))
    assert flags == [False, True]


def test_the_analyzer_wants_bent_knees_as_well_as_a_narrow_gap() -> None:
    narrow_but_straight = squats(1, depth_deg=80, knee_inward_m=0.03)
    bent_and_narrow = squats(1, depth_deg=110, knee_inward_m=0.03)
    bent_and_wide = squats(1, depth_deg=110, knee_inward_m=-0.05)
    poses = (narrow_but_straight, bent_and_narrow, bent_and_wide)
    assert [seen("biomechanical-analyzer", "knee_valgus", pose) for pose in poses] == [False, True, False]


GRID_M = np.linspace(0.0, 0.2, 2001)


@pytest.mark.parametrize(("mode", "limit_deg"), [("beginner", 45), ("pro", 30)])
def test_the_trainer_flags_a_shin_that_leans_more_than_its_mode_allows(mode: str, limit_deg: int) -> None:
    flags = [
        seen(f"LearnOpenCV trainer, {mode}", "knee_past_toes", squats(1, shank_deg=lean_deg, yaw_deg=90))
        for lean_deg in (limit_deg - 2, limit_deg + 3)
    ]
    assert flags == [False, True]


@pytest.mark.parametrize(("mode", "limit_deg"), [("beginner", 70), ("pro", 80)])
def test_the_trainer_misses_depth_where_the_thigh_never_leans_enough(mode: str, limit_deg: int) -> None:
    flags = [
        seen(f"LearnOpenCV trainer, {mode}", "depth", squats(1, depth_deg=thigh_deg + 25, shank_deg=25, yaw_deg=90))
        for thigh_deg in (limit_deg - 3, limit_deg + 3)
    ]
    assert flags == [True, False]


def test_the_trainer_says_nothing_from_the_front() -> None:
    assert seen("LearnOpenCV trainer, beginner", "depth", squats(1, depth_deg=60)) is None


@pytest.mark.parametrize(
    ("name", "flexion_deg", "flagged"),
    [
        ("squat-form, beginner", 68, True),
        ("squat-form, beginner", 72, False),
        ("squatsense", 88, True),
        ("squatsense", 120, True),  # the thigh is still 6 degrees above level
        ("squatsense", 132, False),
    ],
)
def test_depth_is_judged_by_the_published_angle(name: str, flexion_deg: float, flagged: bool) -> None:
    assert seen(name, "depth", squats(1, depth_deg=flexion_deg, yaw_deg=90)) is flagged


def test_a_lunge_with_a_straight_knee_is_too_shallow_for_exercise_correction() -> None:
    rear_bent = seen("Exercise-Correction, lunge", "depth", lunges(1, depth_deg=90), "lunge")
    shallow = seen("Exercise-Correction, lunge", "depth", lunges(1, depth_deg=50), "lunge")
    assert (rear_bent, shallow) == (False, True)


def test_exercise_correction_measures_in_a_picture_that_is_one_wide_and_one_high() -> None:
    # Toes 192 px apart; knees 30 px apart and one 150 px lower: 0.8 toe gaps in a square, 0.25 in a narrow picture.
    flags = []
    for width_px in (960, 240):
        pose = squats(1, camera=Camera(width_px=width_px), stance_m=0.5)
        image_px = pose.image_px.copy()
        image_px[:, Landmark.LEFT_KNEE] = image_px[:, Landmark.RIGHT_KNEE] + [30, 150]
        flags.append(seen("Exercise-Correction, squat", "knee_valgus", replace(pose, image_px=image_px)))
    assert flags == [False, True]


def test_a_dropped_hip_is_asymmetric_for_squat_form_and_unequal_knees_for_squatsense() -> None:
    assert seen("squat-form, beginner", "asymmetry", squats(1, pelvis_drop_deg=5)) is False
    assert seen("squat-form, beginner", "asymmetry", squats(1, pelvis_drop_deg=7)) is True
    assert seen("squatsense", "asymmetry", squats(1, depth_deg=(100, 106), yaw_deg=90)) is False
    assert seen("squatsense", "asymmetry", squats(1, depth_deg=(100, 110), yaw_deg=90)) is True


def test_the_plain_rule_flags_a_knee_beyond_the_toe_of_the_front_leg() -> None:
    assert seen("knee beyond the toe", "knee_past_toes", lunges(1, shank_deg=5), "lunge") is False
    assert seen("knee beyond the toe", "knee_past_toes", lunges(1, shank_deg=32), "lunge") is True


@pytest.mark.parametrize("counter", COUNTERS, ids=lambda counter: counter.name)
def test_counters_count_deep_squats_from_the_side_through_gaps(counter: RivalCounter) -> None:
    pose = concatenate(
        squats(2, depth_deg=115, shank_deg=25, yaw_deg=90), nobody(), squats(1, depth_deg=115, yaw_deg=90)
    )
    assert counter.count(pose) == 3
    assert counter.count(standing(yaw_deg=90)) == 0


def test_the_gym_counter_misses_squats_that_stay_above_its_lower_angle() -> None:
    gym = COUNTER_BY_NAME["Ultralytics AIGym"]
    assert gym.count(squats(2, depth_deg=88, yaw_deg=90)) == 0
    assert gym.count(squats(2, depth_deg=92, yaw_deg=90)) == 2


def test_the_trainer_counts_a_shallow_squat_as_an_incorrect_one_and_nothing_from_the_front() -> None:
    trainer = COUNTER_BY_NAME["LearnOpenCV trainer, beginner"]
    assert trainer.count(squats(2, depth_deg=70, yaw_deg=90)) == 2
    assert trainer.count(squats(2, depth_deg=115, yaw_deg=0)) == 0
