"""What the renderer calls the truth of exercises on one leg: planted feet, faults as asked, boxes and benches."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from formcheck_render.character import make_character
from formcheck_render.exercises import (
    Exercise,
    FreeLeg,
    OneLegRep,
    SideLunge,
    SingleLegSquat,
    SplitSquat,
    StepDown,
    Tempo,
)
from formcheck_render.labels import label_rep
from formcheck_render.looks import LOOKS
from formcheck_render.performance import Moment, Performance
from formcheck_render.performers import perform
from formcheck_render.posture import Poser
from formcheck_render.props import prop_vertices
from formcheck_render.sides import SIDES, Side, other
from formcheck_render.suites import SUITES
from formcheck_render.truth import Measures, measures, one_leg_measures

EXACT = Tempo(lead_s=0.2, rest_s=0.1, vary_ratio=0, sway_m=0)
EYE = np.array([0.0, -3.0, 1.0])
REP = OneLegRep("left", depth_deg=80, knee_past_toe_ratio=0.0, knee_in_ratio=0.0)
BOTH = (REP, replace(REP, lead_side="right"))
SINGLE, SPLIT = SingleLegSquat(BOTH, tempo=EXACT), SplitSquat((replace(REP, depth_deg=95),), tempo=EXACT)
BULGARIAN = replace(SPLIT, bench_m=0.4)
STEP, LATERAL = StepDown(BOTH, tempo=EXACT), StepDown((REP,), way="lateral", tempo=EXACT)
STEP_UP = StepDown((replace(REP, trunk_lean_deg=22),), way="backward", tempo=EXACT)
SIDE, COSSACK = SideLunge(BOTH, tempo=EXACT), SideLunge(BOTH, is_wide=True, tempo=EXACT)
ALL = (SINGLE, SPLIT, BULGARIAN, STEP, LATERAL, STEP_UP, SIDE, COSSACK)


@cache
def poser() -> Poser:
    return Poser(make_character("m_avg", LOOKS["m_avg"]))


@cache
def performed(exercise: Exercise) -> Performance:
    return perform(poser(), exercise, 10, np.random.default_rng(3))


def bottom_moments(exercise: Exercise) -> list[Moment]:
    done = performed(exercise)
    frames = [int(np.argmin(np.abs(done.schedule.time_s - rep.bottom_s))) for rep in done.schedule.reps]
    return [done.moments[frame] for frame in frames]


def bottoms(exercise: Exercise) -> list[Measures]:
    found = []
    for moment in bottom_moments(exercise):
        values = measures(poser(), moment.posture, EYE)
        found.append(values | one_leg_measures(values, moment.lead_side))
    return found


def height_m(moment: Moment, side: Side) -> float:
    """The lower end of a shoe above the floor; of a shoe that stands flat it is 3 cm up."""
    return min(float(moment.posture.points[f"{side}_{name}"][2]) for name in ("heel", "foot_index"))


@pytest.mark.parametrize("exercise", ALL)
def test_the_working_leg_does_what_it_was_asked_for(exercise: Exercise) -> None:
    for moment, bottom in zip(bottom_moments(exercise), bottoms(exercise), strict=True):
        side = moment.lead_side
        if exercise.name != "step_down":
            asked = exercise.reps[0].depth_deg  # type: ignore[union-attr]
            assert bottom[f"knee_flexion_deg_{side}"] == pytest.approx(asked, abs=0.3)
        assert bottom[f"knee_past_toe_ratio_{side}"] == pytest.approx(0.0, abs=0.01)
        assert bottom[f"medial_knee_displacement_ratio_{side}"] == pytest.approx(0.0, abs=0.005)
        assert moment.residual < 0.01


@pytest.mark.parametrize("exercise", ALL)
def test_a_planted_foot_stays_where_it_stands(exercise: Exercise) -> None:
    moments = performed(exercise).moments
    for before, after in itertools.pairwise(moments):
        for side in before.planted & after.planted:
            moved = before.posture.points[f"{side}_foot_index"] - after.posture.points[f"{side}_foot_index"]
            assert np.abs(moved).max() < 1e-6


@pytest.mark.parametrize("exercise", ALL)
def test_bones_keep_their_lengths_and_no_shoe_is_in_the_floor(exercise: Exercise) -> None:
    for moment in performed(exercise).moments:
        points = moment.posture.points
        for side in SIDES:
            shank = np.linalg.norm(points[f"{side}_ankle"] - points[f"{side}_knee"])
            assert shank == pytest.approx(poser().shank_m, abs=2e-3)
            assert height_m(moment, side) > 0.0


@pytest.mark.parametrize("exercise", [SINGLE, STEP, SIDE])
def test_left_and_right_are_mirror_images(exercise: Exercise) -> None:
    left, right = bottoms(exercise)
    for measure in ("knee_flexion_deg", "thigh_inclination_deg", "frontal_angle_deg"):
        assert left[f"{measure}_left"] == pytest.approx(right[f"{measure}_right"], abs=0.5)
    assert left["pelvic_drop_deg"] == pytest.approx(right["pelvic_drop_deg"], abs=0.2)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("exercise", [SINGLE, LATERAL, STEP])
def test_faults_of_a_leg_are_as_large_as_asked(exercise: SingleLegSquat | StepDown, side: Side) -> None:
    asked = replace(REP, lead_side=side, knee_in_ratio=0.2, pelvic_drop_deg=14, side_lean_deg=14, trunk_lean_deg=10)
    (bottom,) = bottoms(replace(exercise, reps=(asked,)))
    assert bottom[f"medial_knee_displacement_ratio_{side}"] == pytest.approx(0.2, abs=0.005)
    assert bottom["pelvic_drop_deg"] == pytest.approx(14, abs=1)
    assert bottom["side_lean_deg"] == pytest.approx(14, abs=1)
    assert {"knee_valgus", "pelvic_drop", "side_lean"} <= label_rep(exercise.name, bottom, side).fault_names
    assert not label_rep(exercise.name, bottom, other(side)).fault_names & {"pelvic_drop"}


@pytest.mark.parametrize("free_leg", ["front", "beside", "behind"])
def test_the_free_foot_is_in_the_air_where_it_was_asked_for(free_leg: FreeLeg) -> None:
    moment, *_ = bottom_moments(replace(SINGLE, free_leg=free_leg))
    assert height_m(moment, "right") > 0.08
    behind_m = float(moment.posture.points["right_ankle"][1] - moment.posture.points["left_ankle"][1])
    assert {"front": behind_m < -0.3, "beside": abs(behind_m) < 0.1, "behind": behind_m > 0.3}[free_leg]


def test_a_held_foot_never_touches_the_floor() -> None:
    done = performed(SingleLegSquat((REP, REP), is_held=True, tempo=EXACT))
    assert all(moment.planted == {"left"} for moment in done.moments)
    assert min(height_m(moment, "right") for moment in done.moments) > 0.04


@pytest.mark.parametrize("exercise", [STEP, LATERAL, STEP_UP])
def test_the_free_foot_of_a_step_down_reaches_the_floor_from_a_box(exercise: StepDown) -> None:
    moment, *_ = bottom_moments(exercise)
    assert height_m(moment, "right") == pytest.approx(0.03, abs=0.015)
    assert height_m(moment, "left") == pytest.approx(exercise.box_m + 0.03, abs=0.005)


def test_a_raised_rear_foot_lies_on_its_bench() -> None:
    done = performed(BULGARIAN)
    top_m = max(prop.centre_m[2] + prop.size_m[2] / 2 for prop in done.props)
    assert top_m == pytest.approx(BULGARIAN.bench_m)
    toe = done.moments[0].posture.points["right_foot_index"]
    assert top_m < toe[2] < top_m + 0.1
    bench = done.props[0]
    assert abs(toe[1] - bench.centre_m[1]) < bench.size_m[1] / 2


def test_what_stands_around_is_drawn_as_closed_boxes() -> None:
    props = performed(STEP).props
    assert len(prop_vertices(props, np.random.default_rng(0))) == len(props) * 36
    assert not len(prop_vertices((), np.random.default_rng(0)))


def test_a_shaking_knee_shakes_and_a_steady_one_does_not() -> None:
    def spread(exercise: SingleLegSquat) -> float:
        done = perform(poser(), exercise, 30, np.random.default_rng(3))
        low = [m.posture for m, p in zip(done.moments, done.schedule.progress, strict=True) if p > 0.9]
        return float(np.ptp([measures(poser(), p, EYE)["medial_knee_displacement_ratio_left"] for p in low]))

    steady, shaking = (SingleLegSquat((replace(REP, wobble_ratio=w),), tempo=EXACT) for w in (0.0, 0.05))
    assert spread(shaking) > 2 * spread(steady) + 0.02


def test_reported_and_development_clips_share_no_body() -> None:
    bodies = [{scenario.body for scenario in SUITES[name]} for name in ("one_leg", "one_leg_held_out")]
    assert not bodies[0] & bodies[1]
    for suite in ("one_leg", "one_leg_held_out"):
        assert {s.exercise_name for s in SUITES[suite]} == {
            "single_leg_squat",
            "split_squat",
            "step_down",
            "side_lunge",
        }
