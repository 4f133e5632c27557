"""What changes no measure, what swaps its sides, and how far an unseen landmark reaches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import bodies
import numpy as np
import pytest
from bodies import Camera, photograph, posture, squat
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.body import kinematics
from formcheck.body.pose import ANKLES, HEELS, HIPS, KNEES, SHOULDERS, TOES, FloatArray, Landmark, LandmarkPair, Pose

Measure = Callable[[Pose], FloatArray]
MODEST = settings(max_examples=40, deadline=None)

#: Measures with sides: the pairs of which each needs its own side, and those of which it needs both.
SIDED: dict[Measure, tuple[set[LandmarkPair], set[LandmarkPair]]] = {
    kinematics.thigh_px: ({HIPS, KNEES}, set()),
    kinematics.shank_px: ({KNEES, ANKLES}, set()),
    kinematics.foot_px: ({HEELS, TOES}, set()),
    kinematics.medial_direction: (set(), {HIPS}),
    kinematics.knee_flexion_deg: ({HIPS, KNEES, ANKLES}, set()),
    kinematics.hip_flexion_deg: ({SHOULDERS, HIPS, KNEES}, set()),
    kinematics.shank_inclination_deg: ({KNEES, ANKLES}, set()),
    kinematics.thigh_inclination_deg: ({HIPS, KNEES}, set()),
    kinematics.fppa_deg: ({KNEES, ANKLES}, {HIPS}),
    kinematics.medial_knee_displacement_ratio: ({KNEES, ANKLES, TOES}, {HIPS}),
    kinematics.anterior_knee_displacement_ratio: ({KNEES, ANKLES, TOES}, set()),
    kinematics.heel_rise_ratio: ({HEELS, TOES}, set()),
}
#: Measures of the whole body: the pairs of which each needs both; its sign in a mirror image.
WHOLE: dict[Measure, tuple[set[LandmarkPair], int]] = {
    kinematics.forward_direction: (set(), -1),  # a direction in the picture, not a measure of the body
    kinematics.trunk_inclination_deg: ({SHOULDERS, HIPS}, 1),
    kinematics.knee_ankle_separation_ratio: ({KNEES, ANKLES}, 1),
    kinematics.pelvic_obliquity_deg: ({HIPS}, -1),
    kinematics.lateral_pelvic_shift_ratio: ({HIPS, ANKLES}, -1),
    kinematics.lateral_trunk_shift_ratio: ({SHOULDERS, ANKLES}, -1),
    kinematics.lateral_trunk_inclination_deg: ({SHOULDERS, HIPS}, -1),
    kinematics.knee_height_difference_ratio: ({KNEES, ANKLES}, -1),
    kinematics.stance_width_ratio: ({ANKLES, SHOULDERS}, 1),
    kinematics.interlimb_knee_flexion_difference_deg: ({HIPS, KNEES, ANKLES}, -1),
}
LENGTHS: list[Measure] = [kinematics.thigh_px, kinematics.shank_px, kinematics.foot_px]
DIRECTIONS = {kinematics.medial_direction, kinematics.forward_direction}
EVERY: list[Measure] = [*SIDED, *WHOLE]
#: What turns with the picture not at all, as long as left stays left and forward stays forward.
UNTURNED: list[Measure] = [
    *LENGTHS,
    kinematics.knee_flexion_deg,
    kinematics.hip_flexion_deg,
    kinematics.fppa_deg,
    kinematics.interlimb_knee_flexion_difference_deg,
]

by_name = pytest.mark.parametrize("measure", EVERY, ids=lambda m: m.__name__)
side_yaws = st.sampled_from([90.0, -90.0])
frontal_yaws = st.sampled_from([0.0, 180.0])


def crooked(yaw_deg: float = 35.0) -> Pose:
    """A pose in which no measure is 0 and no two sides are alike."""
    body = posture(
        shank_inclination_deg=(25.0, 33.0),
        thigh_inclination_deg=(20.0, 27.0),
        knee_inward_m=(0.05, -0.03),
        toe_out_deg=(12.0, 20.0),
        heel_rise_deg=(15.0, 5.0),
        trunk_inclination_deg=30.0,
        pelvis_drop_deg=6.0,
        pelvis_shift_m=0.04,
        stance_m=0.4,
    )
    return photograph(body, Camera(yaw_deg, distance_m=3.0))


def with_image(pose: Pose, image_px: FloatArray) -> Pose:
    return replace(pose, image_px=image_px)


def turned(pose: Pose, angle_deg: float) -> Pose:
    """The picture turned clockwise, as it is seen, about its middle."""
    cos, sin = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    middle = np.array([pose.width_px / 2, pose.height_px / 2])
    return with_image(pose, (pose.image_px - middle) @ np.array([[cos, sin], [-sin, cos]]) + middle)


# Invariance


@by_name
@MODEST
@given(dx=st.floats(-2000, 2000), dy=st.floats(-2000, 2000), scale=st.floats(0.05, 20.0), yaw_deg=st.floats(-170, 170))
def test_place_and_size_in_the_picture_change_no_measure(
    measure: Measure, dx: float, dy: float, scale: float, yaw_deg: float
) -> None:
    pose = crooked(yaw_deg)
    moved = with_image(pose, pose.image_px * scale + np.array([dx, dy]))
    expected = measure(pose) * (scale if measure in LENGTHS else 1.0)
    assert measure(moved) == pytest.approx(expected, rel=1e-6, abs=1e-6, nan_ok=True)


@pytest.mark.parametrize("measure", UNTURNED, ids=lambda m: m.__name__)
@MODEST
@given(angle_deg=st.floats(-40.0, 40.0), yaw_deg=st.sampled_from([0.0, 30.0, -30.0, 180.0]))
def test_a_tilted_camera_changes_no_measure_between_segments(
    measure: Measure, angle_deg: float, yaw_deg: float
) -> None:
    pose = crooked(yaw_deg)
    assert measure(turned(pose, angle_deg)) == pytest.approx(measure(pose), rel=1e-6, abs=1e-6, nan_ok=True)


@MODEST
@given(st.floats(-30.0, 30.0), side_yaws)
def test_a_tilted_camera_adds_its_tilt_to_what_is_measured_against_the_vertical(tilt_deg: float, yaw: float) -> None:
    pose = photograph(squat(80.0), Camera(yaw))
    forward_tilt = tilt_deg * kinematics.forward_direction(pose)
    for measure in (
        kinematics.shank_inclination_deg,
        kinematics.trunk_inclination_deg,
        kinematics.thigh_inclination_deg,
    ):
        assert measure(turned(pose, tilt_deg)) == pytest.approx(measure(pose) + forward_tilt, abs=1e-6)


@MODEST
@given(st.floats(-30.0, 30.0), frontal_yaws)
def test_a_tilted_camera_tilts_the_pelvis_by_as_much(tilt_deg: float, yaw_deg: float) -> None:
    pose = photograph(posture(pelvis_drop_deg=5.0), Camera(yaw_deg))
    towards_right = 1 if yaw_deg == 180 else -1  # where the right hip is in the picture
    assert kinematics.pelvic_obliquity_deg(turned(pose, tilt_deg)) == pytest.approx(5 + towards_right * tilt_deg)


@by_name
@pytest.mark.parametrize("yaw_deg", [0.0, 35.0, 90.0, -90.0, 150.0, 180.0])
def test_the_mirror_image_of_a_body_swaps_the_sides(measure: Measure, yaw_deg: float) -> None:
    pose = crooked(yaw_deg)
    mirrored, direct = measure(bodies.mirrored(pose)), measure(pose)
    if measure in DIRECTIONS:
        assert mirrored == pytest.approx(-direct if measure in WHOLE else -direct[::-1])
    elif measure in SIDED:
        assert mirrored == pytest.approx(direct[::-1], nan_ok=True)
    else:
        assert mirrored == pytest.approx(WHOLE[measure][1] * direct)


@pytest.mark.parametrize("measure", [m for m in EVERY if m not in DIRECTIONS], ids=lambda m: m.__name__)
@pytest.mark.parametrize("yaw_deg", [0.0, 35.0, -90.0, 180.0])
def test_a_mirrored_preview_measures_what_the_picture_measures(measure: Measure, yaw_deg: float) -> None:
    pose = crooked(yaw_deg)
    flipped = pose.image_px.copy()
    flipped[..., 0] = pose.width_px - flipped[..., 0]
    assert measure(with_image(pose, flipped)) == pytest.approx(measure(pose), nan_ok=True)


# Unseen landmarks, leading axes


@by_name
def test_one_unseen_landmark_hides_exactly_what_needs_it(measure: Measure) -> None:
    pose = crooked()
    whole = measure(pose)
    assert np.isfinite(whole).all()
    for landmark in Landmark:
        measured = measure(bodies.hidden(Pose.stack([pose]), [landmark], coordinates=True).at(0))
        expected_nan = _lost(measure, landmark)
        assert np.isnan(measured).tolist() == expected_nan, landmark
        assert np.array_equal(measured[~np.isnan(measured)], whole[~np.isnan(measured)]), landmark


def _lost(measure: Measure, landmark: Landmark) -> list[bool] | bool:
    if measure in WHOLE:
        return any(landmark in pair for pair in WHOLE[measure][0])
    own, both = SIDED[measure]
    shared = any(landmark in pair for pair in both)
    return [shared or any(landmark == pair[side] for pair in own) for side in (0, 1)]


def test_forward_is_told_by_one_foot_and_unknown_without_any() -> None:
    pose = Pose.stack([crooked(90.0)])
    one_foot = bodies.hidden(pose, [Landmark.LEFT_HEEL], coordinates=True)
    no_foot = bodies.hidden(one_foot, [Landmark.RIGHT_FOOT_INDEX], coordinates=True)
    assert kinematics.forward_direction(one_foot) == kinematics.forward_direction(pose)
    for measure in (kinematics.forward_direction, kinematics.shank_inclination_deg, kinematics.trunk_inclination_deg):
        assert np.isnan(measure(no_foot)).all()
    assert np.isfinite(kinematics.knee_flexion_deg(no_foot)).all()


@by_name
def test_a_recording_measures_what_its_instants_measure(measure: Measure) -> None:
    recording = bodies.squats(reps=1, fps=5, yaw_deg=40.0, knee_inward_m=(0.05, 0.0), pelvis_drop_deg=5.0)
    one_by_one = np.array([measure(recording.at(index)) for index in range(len(recording))])
    assert np.array_equal(measure(recording), one_by_one, equal_nan=True)


@by_name
def test_the_shape_is_that_of_the_pose_and_a_side_axis_where_there_are_sides(measure: Measure) -> None:
    recording = bodies.standing(0.2, fps=15)
    sides = (2,) if measure in SIDED else ()
    assert measure(recording).shape == (3, *sides)
    assert measure(recording.at(0)).shape == sides
