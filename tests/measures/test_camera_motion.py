"""What the camera does to the picture: a roll is read from feet on the ground alone, a hand from their drift."""

from __future__ import annotations

from dataclasses import replace

import bodies
import numpy as np
import pytest
from bodies import Array
from recordings import clean_squats
from stick_figure import posture

from formcheck.body.pose import ANKLES, HEELS, HIPS, KNEES, SHOULDERS, TOES, Landmark, Pose, Side
from formcheck.body.view import Plane, View
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.session_report import SessionReport
from formcheck.measures.camera import Camera, agreed_rolls_deg, camera_roll_deg, levelled, steadied
from formcheck.measures.standing import baseline

#: The limits under test, as they are meant to be.
STANDING_LEAN_DEG = 4.5
MAX_ROLL_DEG = 10.0


def roll_deg_of(pose: Pose, yaw_deg: float, plane: Plane) -> float:
    near = None if plane is Plane.FRONT else Side.LEFT if yaw_deg > 0 else Side.RIGHT
    return camera_roll_deg(pose, pose, View(yaw_deg, plane, near))


def rolled(pose: Pose, angle_deg: float) -> Pose:
    """The picture of a camera that is rolled: turned clockwise, as it is seen, about its middle."""
    cos, sin = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    middle = np.array([pose.width_px / 2, pose.height_px / 2])
    return replace(pose, image_px=(pose.image_px - middle) @ np.array([[cos, sin], [-sin, cos]]) + middle)


def with_lifted_foot(pose: Pose, by_px: float) -> Pose:
    """One foot held up, its leg still straight in the picture."""
    image_px = pose.image_px.copy()
    image_px[:, [ANKLES[1], HEELS[1], TOES[1]], 1] -= by_px
    return replace(pose, image_px=image_px)


def shaken(pose: Pose, shift_px: Array) -> Pose:
    """The picture of a camera that moves by ``shift_px`` (T, 2)."""
    return replace(pose, image_px=pose.image_px + shift_px[:, None])


def values(report: SessionReport) -> dict[tuple[str, object], float]:
    return {(f.check, f.side): f.value for f in report.reps[0].findings if f.value is not None}


@pytest.mark.parametrize("yaw_deg", [0.0, 180.0])
@pytest.mark.parametrize("roll_deg", [-5.0, 0.0, 3.0])
def test_the_roll_of_the_camera_is_read_from_a_standing_body_and_undone(yaw_deg: float, roll_deg: float) -> None:
    upright_pose = bodies.standing(0.5, yaw_deg=yaw_deg)
    pose = rolled(upright_pose, roll_deg)
    found_deg = roll_deg_of(pose, yaw_deg, Plane.FRONT)
    assert found_deg == pytest.approx(roll_deg, abs=1e-6)
    assert levelled(pose, found_deg).image_px == pytest.approx(upright_pose.image_px, abs=1e-3)


@pytest.mark.parametrize("yaw_deg", [90.0, -90.0, 40.0])
def test_from_the_side_a_standing_body_is_taken_to_lean_forward_a_little(yaw_deg: float) -> None:
    upright_pose = bodies.standing(0.5, yaw_deg=yaw_deg)
    lean_deg = STANDING_LEAN_DEG * np.sin(np.radians(yaw_deg))
    for roll_deg in (-4.0, 0.0, 4.0):
        found_deg = roll_deg_of(rolled(upright_pose, roll_deg), yaw_deg, Plane.SIDE)
        assert found_deg == pytest.approx(roll_deg + lean_deg, abs=1e-6)


def test_from_the_front_hips_to_one_side_and_from_the_side_a_leaning_trunk_are_no_roll() -> None:
    pose = bodies.standing(0.5)
    image_px = pose.image_px.copy()
    image_px[:, list(HIPS), 0] += 20.0
    assert roll_deg_of(replace(pose, image_px=image_px), 0.0, Plane.FRONT) == pytest.approx(0.0, abs=1e-6)
    upright_pose = bodies.standing(0.5, yaw_deg=90.0)
    image_px = upright_pose.image_px.copy()
    image_px[:, list(SHOULDERS), 0] += 60.0
    leaning = roll_deg_of(replace(upright_pose, image_px=image_px), 90.0, Plane.SIDE)
    assert leaning == pytest.approx(roll_deg_of(upright_pose, 90.0, Plane.SIDE))


@pytest.mark.parametrize("plane", [Plane.FRONT, Plane.SIDE])
def test_a_foot_in_the_air_or_on_a_bench_tells_no_roll(plane: Plane) -> None:
    yaw_deg = 0.0 if plane is Plane.FRONT else 90.0
    pose = rolled(bodies.standing(0.5, yaw_deg=yaw_deg), 3.0)
    assert np.isfinite(roll_deg_of(pose, yaw_deg, plane))
    on_one_leg = with_lifted_foot(pose, 120.0)
    assert np.isnan(roll_deg_of(on_one_leg, yaw_deg, plane))


def test_bent_legs_tell_no_roll() -> None:
    bent = bodies.photograph(
        posture(shank_inclination_deg=20.0, thigh_inclination_deg=70.0), bodies.Camera(90.0), np.arange(15) / 30
    )
    assert np.isnan(roll_deg_of(bent, 90.0, Plane.SIDE))


@pytest.mark.parametrize("bent", [0, 1])
def test_one_bent_leg_tells_no_roll_from_the_front(bent: int) -> None:
    """Whichever it is: who stands on the other one leans."""
    pose = bodies.standing(0.5)
    image_px = pose.image_px.copy()
    image_px[:, KNEES[bent], 0] += 40.0
    assert np.isnan(roll_deg_of(replace(pose, image_px=image_px), 0.0, Plane.FRONT))


def test_a_body_that_lies_is_no_rolled_picture() -> None:
    upright_pose = bodies.standing(0.5)
    assert np.isnan(roll_deg_of(rolled(upright_pose, MAX_ROLL_DEG + 1), 0.0, Plane.FRONT))


def test_a_body_whose_ankles_are_unseen_tells_no_roll() -> None:
    pose = bodies.hidden(bodies.standing(0.5), [Landmark.LEFT_ANKLE], coordinates=True)
    assert np.isnan(roll_deg_of(pose, 0.0, Plane.FRONT))


def test_all_repetitions_share_the_roll_of_one_camera_until_it_is_moved() -> None:
    nan = float("nan")
    assert agreed_rolls_deg([2.0, nan, 3.0, 2.5, nan]) == [2.5] * 5
    assert agreed_rolls_deg([2.0, 2.0, 2.0, -7.0]) == [2.0, 2.0, 2.0, -7.0]
    assert np.isnan(agreed_rolls_deg([nan, nan])).all()


def test_where_no_roll_can_be_told_the_measures_are_less_certain() -> None:
    def errors(pose: Pose) -> dict[str, float | None]:
        return {f.check: f.uncertainty for f in analyze_poses(pose, exercise="squat").reps[0].findings}

    sure = errors(clean_squats(yaw_deg=90))
    unknown = errors(rolled(clean_squats(yaw_deg=90), MAX_ROLL_DEG + 4))
    assert (unknown["knee_past_toes"] or 0) > (sure["knee_past_toes"] or 0)
    assert unknown["trunk_lean"] == sure["trunk_lean"]  # a change from standing: the roll is in both


@pytest.mark.parametrize("yaw_deg", [0.0, 90.0])
def test_a_camera_that_drifts_in_a_hand_changes_no_measure_and_is_told(yaw_deg: float) -> None:
    still = clean_squats(yaw_deg=yaw_deg)
    sway = 90 * np.sin(np.pi * np.linspace(0, 1, len(still))) ** 2
    drift = np.stack([sway, sway / 3], axis=-1)
    before, after = analyze_poses(still), analyze_poses(shaken(still, drift))
    assert values(after) == pytest.approx(values(before), rel=0.05, abs=0.03)
    assert any("camera moved" in note for note in after.reps[0].notes)
    assert before.reps[0].notes == ()
    wider = {f.check: f.uncertainty for f in after.reps[0].findings}["depth"]
    assert (wider or 0) > ({f.check: f.uncertainty for f in before.reps[0].findings}["depth"] or 0)


@pytest.mark.parametrize(
    ("plane", "shanks", "is_told"),
    [
        (Plane.FRONT, 0.08, False),
        (Plane.FRONT, 0.12, True),
        (Plane.SIDE, 0.18, False),
        (Plane.SIDE, 0.22, True),
    ],
)
def test_feet_that_drift_less_than_mediapipes_own_are_left_where_they_are(
    plane: Plane, shanks: float, *, is_told: bool
) -> None:
    pose = bodies.standing(1.0)
    start = baseline(pose, pose, np.ones(len(pose), dtype=bool))
    low = np.arange(len(pose)) >= 15
    shift_px = np.zeros((len(pose), 2))
    shift_px[low, 0] = shanks * float(start.shank_px[0])
    steady, moved_ratio = steadied(shaken(pose, shift_px), start, low, plane)
    assert moved_ratio == pytest.approx(shanks if is_told else 0.0)
    assert steady.image_px == pytest.approx((pose if is_told else shaken(pose, shift_px)).image_px)


def test_one_foot_that_steps_is_no_motion_of_the_camera() -> None:
    pose = bodies.standing(1.0)
    start = baseline(pose, pose, np.ones(len(pose), dtype=bool))
    image_px = pose.image_px.copy()
    image_px[15:, [ANKLES[0], HEELS[0], TOES[0]], 0] += 0.5 * float(start.shank_px[0])
    stepped = replace(pose, image_px=image_px)
    assert steadied(stepped, start, np.arange(len(pose)) >= 15, Plane.FRONT) == (stepped, 0.0)


def test_a_steady_level_square_camera_leaves_no_doubt_and_no_note() -> None:
    assert Camera(roll_deg=0.0).doubts() == {}
    assert Camera(roll_deg=0.0).notes() == ()
    assert Camera(roll_deg=0.0, moved_ratio=0.2).notes()


def test_an_unknown_roll_is_doubted_by_what_three_degrees_do() -> None:
    """tan 3° is 0.05: of a shank for a knee, of about two ankle gaps for shoulders."""
    assert Camera().doubts() == {
        "anterior_knee_displacement_ratio": 0.05,
        "lateral_pelvic_shift_ratio": 0.05,
        "lateral_trunk_inclination_deg": 3.0,
        "lateral_trunk_shift_ratio": 0.1,
        "medial_knee_displacement_ratio": 0.05,
        "pelvic_obliquity_deg": 3.0,
        "trunk_inclination_deg": 3.0,
    }


def test_a_camera_that_moved_is_doubted_by_half_of_what_is_not_taken_out() -> None:
    doubts = Camera(roll_deg=0.0, moved_ratio=0.3).doubts()
    ratios = {name: doubt for name, doubt in doubts.items() if name.endswith("_ratio")}
    assert set(ratios.values()) == {0.05}
    assert len(ratios) == 4
    assert {name: doubt for name, doubt in doubts.items() if name.endswith("_deg")} == {
        "thigh_inclination_deg": 3.0,
        "trunk_inclination_deg": 2.0,
        "trunk_inclination_change_deg": 2.0,
        "lateral_trunk_inclination_deg": 2.0,
        "lateral_trunk_inclination_change_deg": 2.0,
    }


def test_off_square_doubts_begin_at_a_few_degrees_and_grow_with_the_sine() -> None:
    square, turned = Camera(0.0, off_square_deg=8.0).doubts(), Camera(0.0, off_square_deg=20.0).doubts()
    assert square == {}
    assert turned == {
        "anterior_knee_displacement_ratio": pytest.approx(0.28 * np.sin(np.radians(10))),
        "medial_knee_displacement_ratio": pytest.approx(0.3 * np.sin(np.radians(12))),
    }


def test_doubts_that_have_nothing_to_do_with_each_other_add_as_squares() -> None:
    all_of_it = Camera(moved_ratio=0.3, off_square_deg=20.0).doubts()["medial_knee_displacement_ratio"]
    assert all_of_it == pytest.approx(np.sqrt(0.05**2 + 0.05**2 + (0.3 * np.sin(np.radians(12))) ** 2))
