"""What the renderer calls the truth: motion, measures, labels and cameras, without drawing anything."""

from __future__ import annotations

import ast
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import formcheck_render
from formcheck_render.camera import View, place_camera
from formcheck_render.character import make_character
from formcheck_render.errors import ScenarioError
from formcheck_render.exercises import Exercise, Lunge, LungeRep, Squat, SquatRep, Tempo
from formcheck_render.labels import label_rep
from formcheck_render.looks import LOOKS
from formcheck_render.measures import (
    body_yaw_to_camera_deg,
    knee_flexion_deg,
    medial_displacement_m,
    pelvic_obliquity_deg,
    thigh_inclination_deg,
)
from formcheck_render.performance import Performance
from formcheck_render.performers import perform as perform_any
from formcheck_render.posture import Poser
from formcheck_render.scenario import UPRIGHT_640, Scenario
from formcheck_render.sides import SIDES
from formcheck_render.suites import SUITES
from formcheck_render.take import Take, make_take
from formcheck_render.truth import Measures, measures

FPS = 10
EXACT = Tempo(lead_s=0.2, rest_s=0.1, vary_ratio=0, sway_m=0)
EYE = np.array([0.0, -3.0, 1.0])


@cache
def poser(body: str = "m_avg") -> Poser:
    return Poser(make_character(body, LOOKS[body]))


def perform(exercise: Exercise, fps: int = FPS) -> Performance:
    return perform_any(poser(), exercise, fps, np.random.default_rng(3))


def bottoms(exercise: Exercise) -> list[Measures]:
    done = perform(exercise)
    frames = [int(np.argmin(np.abs(done.schedule.time_s - rep.bottom_s))) for rep in done.schedule.reps]
    return [measures(poser(), done.moments[frame].posture, EYE) for frame in frames]


@cache
def sample(name: str) -> Take:
    chosen = next(s for s in SUITES["samples"] if s.name == name)
    return make_take(replace(chosen, fps=5))


def test_a_squat_reaches_the_knee_flexion_and_travel_it_was_asked_for() -> None:
    (bottom,) = bottoms(Squat((SquatRep(depth_deg=105, knee_past_toe_ratio=0.1),), tempo=EXACT))
    for side in SIDES:
        assert bottom[f"knee_flexion_deg_{side}"] == pytest.approx(105, abs=0.1)
        assert bottom[f"knee_past_toe_ratio_{side}"] == pytest.approx(0.1, abs=0.01)


def test_each_knee_goes_as_far_inwards_as_asked() -> None:
    (bottom,) = bottoms(Squat((SquatRep(knee_in_ratio=(0.2, -0.05)),), tempo=EXACT))
    assert bottom["medial_knee_displacement_ratio_left"] == pytest.approx(0.2, abs=0.002)
    assert bottom["medial_knee_displacement_ratio_right"] == pytest.approx(-0.05, abs=0.002)


def test_pelvis_shift_and_obliquity_to_the_right_read_positive() -> None:
    (bottom,) = bottoms(Squat((SquatRep(pelvis_shift_m=0.05, pelvic_obliquity_deg=6),), tempo=EXACT))
    assert bottom["lateral_pelvic_shift_ratio"] > 0.1
    assert bottom["pelvic_obliquity_deg"] > 4


def test_mirroring_the_asked_frontal_angles_swaps_the_sides() -> None:
    left, right = (
        bottoms(Squat((SquatRep(depth_deg=80, fppa_deg=pair),), tempo=EXACT))[0] for pair in ((12, None), (None, 12))
    )
    assert left["frontal_angle_deg_left"] == pytest.approx(12, abs=0.01)
    for measure in ("frontal_angle_deg", "medial_knee_displacement_ratio", "knee_flexion_deg"):
        assert left[f"{measure}_left"] == pytest.approx(right[f"{measure}_right"], abs=0.3)
        assert left[f"{measure}_right"] == pytest.approx(right[f"{measure}_left"], abs=0.3)


def test_the_feet_of_a_squat_never_move() -> None:
    moments = perform(Squat((SquatRep(),))).moments
    for name in ("left_heel", "right_heel", "left_foot_index", "right_foot_index", "left_ankle"):
        track = np.array([moment.posture.points[name] for moment in moments])
        assert np.ptp(track, axis=0).max() < 1e-9


def test_a_lunge_steps_out_with_the_front_foot_and_keeps_the_rear_toes_where_they_stand() -> None:
    moments = perform(Lunge((LungeRep("right"),))).moments
    front = np.array([moment.posture.points["right_foot_index"] for moment in moments])
    rear = np.array([moment.posture.points["left_foot_index"] for moment in moments])
    assert np.ptp(front[:, 1]) > 0.5
    assert np.ptp(rear, axis=0).max() < 1e-9
    assert {moment.lead_side for moment in moments} == {"right"}


def test_bones_keep_their_lengths_through_a_lunge() -> None:
    for moment in perform(Lunge((LungeRep("left", depth_deg=110),))).moments:
        points = moment.posture.points
        for side in SIDES:
            thigh = np.linalg.norm(points[f"{side}_hip"] - points[f"{side}_knee"])
            assert thigh == pytest.approx(poser().thigh_m, abs=1e-3)


def test_the_frame_rate_changes_neither_the_schedule_nor_the_bottom() -> None:
    slow, fast = perform(Squat((SquatRep(),)), fps=10), perform(Squat((SquatRep(),)), fps=20)
    assert slow.schedule.reps == fast.schedule.reps
    frame = int(np.argmin(np.abs(slow.schedule.time_s - slow.schedule.reps[0].bottom_s)))
    np.testing.assert_allclose(slow.moments[frame].posture.heads, fast.moments[2 * frame].posture.heads, atol=1e-4)


def test_the_reference_clip_still_has_its_first_published_truth() -> None:
    # side_squat_m_knees as the first version of this renderer wrote it, seed 0: at the bottom of each
    # rep (left) knee flexion, frontal angle, knee past toe, thigh, and the camera
    first = {"depth": (100.056, 101.396, 99.94), "frontal": (-37.205, -26.103, -20.032), "toe": (-0.201, 0.009, 0.2)}
    thigh = (11.839, 19.724, 30.452)
    scenario = next(s for s in SUITES["reference"] if s.name == "side_squat_m_knees")
    take = make_take(replace(scenario, fps=10))
    assert take.camera.azimuth_deg == pytest.approx(86.7, abs=0.01)
    np.testing.assert_allclose(take.camera.eye, [2.92965, -0.169095, 1.146306], atol=1e-5)
    assert [rep.bottom_s for rep in take.performance.schedule.reps] == [1.486, 3.825, 6.164]
    for i, frame in enumerate(take.bottom_frames()):
        bottom = measures(take.poser, take.performance.moments[frame].posture, take.camera.eye)
        assert bottom["knee_flexion_deg_left"] == pytest.approx(first["depth"][i], abs=0.1)
        assert bottom["frontal_angle_deg_left"] == pytest.approx(first["frontal"][i], abs=0.3)
        assert bottom["knee_past_toe_ratio_left"] == pytest.approx(first["toe"][i], abs=0.01)
        assert bottom["thigh_inclination_deg_left"] == pytest.approx(thigh[i], abs=0.1)


def test_measures_have_the_documented_zeros_and_signs() -> None:
    ankle, knee, hip = np.array([0.1, 0, 0.1]), np.array([0.1, 0, 0.5]), np.array([0.1, 0, 0.9])
    forward = np.array([0.0, -1.0, 0.0])
    assert knee_flexion_deg(hip, knee, ankle) == pytest.approx(0, abs=1e-5)
    assert thigh_inclination_deg(hip, knee) == pytest.approx(90)
    assert thigh_inclination_deg(knee + np.array([0, 0.4, -0.1]), knee) < 0
    inside = knee - [0.05, 0, 0]
    assert medial_displacement_m(inside, ankle, forward, "left") == pytest.approx(0.05)
    assert medial_displacement_m(inside, ankle, forward, "right") == pytest.approx(-0.05)
    assert pelvic_obliquity_deg(np.array([0.1, 0, 1.0]), np.array([-0.1, 0, 0.9])) > 0


@pytest.mark.parametrize(("eye", "yaw_deg"), [((0, -3, 1), 0), ((3, 0, 1), 90), ((-3, 0, 1), -90), ((3, -3, 0.2), 45)])
def test_body_yaw_is_where_the_camera_stands_around_the_subject(eye: tuple[float, ...], yaw_deg: float) -> None:
    hips = np.array([0.1, 0, 0.9]), np.array([-0.1, 0, 0.9])
    assert body_yaw_to_camera_deg(*hips, np.array(eye, float)) == pytest.approx(yaw_deg)


def test_a_camera_at_the_left_sees_the_front_of_the_subject_point_left() -> None:
    rng = np.random.default_rng(0)
    view = View(90, azimuth_spread_deg=0, height_m=1.0, distance_m=3.0, roll_deg=0)
    camera = place_camera(view, (640, 480), 1.7, 0.0, rng)
    middle, ahead, above = camera.project(np.array([[0, 0, 0.85], [0, -0.5, 0.85], [0, 0, 1.5]]))
    assert middle[:2] == pytest.approx([320, 240], abs=1e-6)
    assert ahead[0] < middle[0]
    assert above[1] < middle[1]


def test_clean_limits_and_fault_limits_leave_a_gap_that_is_called_borderline() -> None:
    clean = {f"{name}_{side}": 0.0 for name in MEASURED for side in SIDES}
    clean |= dict.fromkeys(
        (
            "pelvic_obliquity_deg",
            "lateral_pelvic_shift_ratio",
            "lateral_trunk_inclination_deg",
            "interlimb_knee_flexion_difference_deg",
        ),
        0.0,
    )
    key = "medial_knee_displacement_ratio_right"
    assert not label_rep("squat", clean, None).faults
    assert not label_rep("squat", clean | {key: 0.1}, None).faults
    assert label_rep("squat", clean | {key: 0.1}, None).borderline[0]["side"] == "right"
    assert label_rep("squat", clean | {key: 0.2}, None).faults[0]["side"] == "right"
    assert label_rep("squat", clean | {"pelvic_obliquity_deg": -6.0}, None).fault_names == {"asymmetry"}
    assert not label_rep("lunge", clean | {key: 0.2}, "left").faults


MEASURED = ("medial_knee_displacement_ratio", "knee_past_toe_ratio", "thigh_inclination_deg")


@pytest.mark.parametrize(
    ("name", "faults"),
    [
        ("squat_front_clean_f_avg", [set(), set(), set()]),
        ("squat_front_knees_in_m_avg", [set(), {"knee_valgus"}, {"knee_valgus"}]),
        ("squat_front_one_knee_in_f_asian", [set(), {"knee_valgus"}, {"knee_valgus"}]),
        ("squat_front_pelvis_shift_m_dark", [set(), {"asymmetry"}, {"asymmetry"}]),
        ("squat_side_knees_past_toes_f_heavy", [set(), {"knee_past_toes"}, {"knee_past_toes"}]),
        ("squat_side_shallow_m_heavy", [set(), {"depth"}, {"depth"}]),
        ("lunge_front_clean_m_avg", [set(), set()]),
        ("lunge_front_knee_in_f_avg", [set(), {"knee_valgus"}, {"knee_valgus"}]),
        ("lunge_side_knee_past_toes_m_heavy", [set(), {"knee_past_toes"}]),
        ("single_leg_squat_front_knee_in_f_avg", [set(), {"knee_valgus"}]),
        ("split_squat_side_raised_m_avg", [set(), {"knee_past_toes"}]),
        ("step_down_front_pelvis_drops_m_dark", [set(), {"pelvic_drop"}]),
        ("side_lunge_front_knee_in_f_asian", [set(), {"knee_valgus"}]),
    ],
)
def test_every_sample_shows_the_faults_its_name_says_and_no_other(name: str, faults: list[set[str]]) -> None:
    take = sample(name)
    found = []
    for frame in take.bottom_frames():
        moment = take.performance.moments[frame]
        bottom = measures(take.poser, moment.posture, take.camera.eye)
        found.append(set(label_rep(take.scenario.exercise_name, bottom, moment.lead_side).fault_names))
    assert found == faults


def test_the_truth_lies_inside_the_picture() -> None:
    take = sample("lunge_front_clean_m_avg")
    for row in take.truth_rows():
        for column, value in row.items():
            if column.endswith("_px"):
                assert 0 < value < take.scenario.size_px[0 if column.endswith("_x_px") else 1]


def test_every_sample_stands_still_before_the_first_rep_and_after_the_last() -> None:
    for scenario in SUITES["samples"]:
        schedule = sample(scenario.name).performance.schedule
        assert schedule.reps[0].start_s >= 0.5
        assert schedule.time_s[-1] - schedule.reps[-1].end_s >= 0.3


def test_no_two_clips_share_a_name() -> None:
    names = [scenario.name for suite in SUITES.values() for scenario in suite]
    assert len(names) == len(set(names))


def test_another_seed_moves_the_camera_and_the_same_seed_does_not() -> None:
    scenario = Scenario("a", "m_avg", View(0), UPRIGHT_640, Squat((SquatRep(),)), fps=2)
    first, again, other = (make_take(scenario, seed).camera.eye for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 1e-3


def test_an_unknown_body_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ScenarioError, match="m_avg"):
        make_character("nobody", LOOKS["m_avg"])


def test_the_renderer_imports_nothing_of_formcheck() -> None:
    folder = Path(formcheck_render.__file__).parent
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not [name for name in names if name.split(".")[0] == "formcheck"], path
