from __future__ import annotations

from collections.abc import Callable

import bodies
import numpy as np
import pytest
from bodies import Camera, photograph, posture, squat
from hypothesis import given, settings
from hypothesis import strategies as st
from stick_figure import FOOT_M, HIP_WIDTH_M, SHANK_M, SHOULDER_WIDTH_M, THIGH_M

from formcheck.body import kinematics
from formcheck.body.geometry import distance
from formcheck.body.pose import HEELS, HIPS, TOES, FloatArray

MODEST = settings(max_examples=40, deadline=None)


shanks = st.floats(-20.0, 50.0)
thighs = st.floats(-35.0, 90.0)
side_yaws = st.sampled_from([90.0, -90.0])
frontal_yaws = st.sampled_from([0.0, 180.0])


# Posed = measured


@MODEST
@given(st.tuples(shanks, shanks), st.tuples(thighs, thighs), side_yaws)
def test_leg_angles_posed_in_the_sagittal_plane_are_measured_from_both_sides(
    shank: tuple[float, float], thigh: tuple[float, float], yaw_deg: float
) -> None:
    pose = photograph(posture(shank_inclination_deg=shank, thigh_inclination_deg=thigh), Camera(yaw_deg))
    flexion = np.abs(np.array(shank) + 90 - np.array(thigh))
    assert kinematics.shank_inclination_deg(pose) == pytest.approx(shank, abs=1e-6)
    assert kinematics.thigh_inclination_deg(pose) == pytest.approx(thigh, abs=1e-6)
    assert kinematics.knee_flexion_deg(pose) == pytest.approx(flexion, abs=1e-4)
    assert kinematics.interlimb_knee_flexion_difference_deg(pose) == pytest.approx(flexion[0] - flexion[1], abs=1e-4)


@MODEST
@given(st.floats(0.0, 130.0), st.floats(-20.0, 50.0), side_yaws)
def test_trunk_and_hip_angles_posed_in_the_sagittal_plane_are_measured(
    depth_deg: float, trunk_deg: float, yaw_deg: float
) -> None:
    pose = photograph(squat(depth_deg, shank_deg=10.0, trunk_deg=trunk_deg), Camera(yaw_deg))
    assert kinematics.trunk_inclination_deg(pose) == pytest.approx(trunk_deg, abs=1e-6)
    assert kinematics.hip_flexion_deg(pose) == pytest.approx([abs(trunk_deg + depth_deg - 10)] * 2, abs=1e-4)


@MODEST
@given(st.floats(0.0, 60.0), st.floats(0.0, 50.0), side_yaws)
def test_knee_past_toe_and_heel_rise_are_measured_from_the_side(
    shank_deg: float, rise_deg: float, yaw_deg: float
) -> None:
    flat = photograph(posture(shank_inclination_deg=shank_deg), Camera(yaw_deg))
    ahead = np.sin(np.radians(shank_deg)) - 0.17 / SHANK_M  # the toe is 0.17 m ahead of the ankle
    assert kinematics.anterior_knee_displacement_ratio(flat) == pytest.approx([ahead] * 2, abs=1e-9)
    risen = photograph(posture(heel_rise_deg=(rise_deg, 0.0)), Camera(yaw_deg))
    assert kinematics.heel_rise_ratio(risen) == pytest.approx([np.sin(np.radians(rise_deg)), 0.0], abs=1e-9)


@MODEST
@given(st.tuples(st.floats(-0.08, 0.08), st.floats(-0.08, 0.08)), st.floats(0.0, 100.0), frontal_yaws)
def test_knees_posed_inward_are_measured_from_front_and_back(
    inward_m: tuple[float, float], depth_deg: float, yaw_deg: float
) -> None:
    pose = photograph(squat(depth_deg, knee_inward_m=inward_m), Camera(yaw_deg))
    upright = photograph(posture(), Camera(yaw_deg))
    in_shanks = np.array(inward_m) / SHANK_M
    shank_up = SHANK_M * np.cos(np.radians(0.3 * depth_deg))
    thigh_up = THIGH_M * np.cos(np.radians(0.7 * depth_deg))
    fppa = np.degrees(np.arctan(np.array(inward_m) / shank_up) + np.arctan(np.array(inward_m) / thigh_up))
    shank = kinematics.shank_px(upright)
    assert kinematics.fppa_deg(pose) == pytest.approx(fppa, abs=1e-6)
    assert kinematics.medial_knee_displacement_ratio(pose, shank_px=shank) == pytest.approx(in_shanks, abs=1e-9)
    gap = 1 - sum(inward_m) / HIP_WIDTH_M
    assert kinematics.knee_ankle_separation_ratio(pose) == pytest.approx(gap, abs=1e-9)


@MODEST
@given(st.floats(-20.0, 20.0), st.floats(-0.15, 0.15), st.floats(0.15, 0.8), frontal_yaws)
def test_pelvis_and_stance_are_measured_from_front_and_back(
    drop_deg: float, shift_m: float, stance_m: float, yaw_deg: float
) -> None:
    body = posture(pelvis_drop_deg=drop_deg, pelvis_shift_m=shift_m, stance_m=stance_m)
    pose = photograph(body, Camera(yaw_deg))
    assert kinematics.pelvic_obliquity_deg(pose) == pytest.approx(drop_deg, abs=1e-6)
    assert kinematics.lateral_pelvic_shift_ratio(pose) == pytest.approx(shift_m / stance_m, abs=1e-9)
    assert kinematics.stance_width_ratio(pose) == pytest.approx(stance_m / SHOULDER_WIDTH_M, abs=1e-9)


@MODEST
@given(st.tuples(shanks, shanks), st.floats(-180.0, 180.0))
def test_knee_heights_differ_alike_in_every_view(shank: tuple[float, float], yaw_deg: float) -> None:
    body = posture(shank_inclination_deg=shank)
    pose, upright = photograph(body, Camera(yaw_deg)), photograph(posture(), Camera(yaw_deg))
    higher = np.cos(np.radians(shank[0])) - np.cos(np.radians(shank[1]))
    measured = kinematics.knee_height_difference_ratio(pose, shank_px=kinematics.shank_px(upright))
    assert measured == pytest.approx(higher, abs=1e-9)


@MODEST
@given(st.floats(-40.0, 90.0), st.floats(-180.0, 180.0))
def test_the_thigh_measured_against_its_standing_length_is_right_in_every_view(thigh: float, yaw_deg: float) -> None:
    upright = photograph(posture(), Camera(yaw_deg))
    pose = photograph(posture(thigh_inclination_deg=thigh), Camera(yaw_deg))
    measured = kinematics.thigh_inclination_deg(pose, thigh_px=kinematics.thigh_px(upright))
    assert measured == pytest.approx([thigh, thigh], abs=1e-4)


def test_a_thigh_that_looks_longer_than_while_standing_is_upright_not_an_error() -> None:
    pose = photograph(posture())
    assert kinematics.thigh_inclination_deg(pose, thigh_px=0.9 * kinematics.thigh_px(pose)) == pytest.approx([90, 90])


# Signs


@pytest.mark.parametrize("yaw_deg", [0.0, 10.0, 180.0, -170.0])
@pytest.mark.parametrize("side", [0, 1])
def test_a_knee_that_caves_in_is_positive_on_its_own_leg_from_front_and_back(side: int, yaw_deg: float) -> None:
    inward = (0.06, 0.0) if side == 0 else (0.0, 0.06)
    caved = photograph(squat(60.0, knee_inward_m=inward), Camera(yaw_deg))
    straight = photograph(squat(60.0), Camera(yaw_deg))
    for measure in (
        kinematics.fppa_deg,
        kinematics.medial_knee_displacement_ratio,
    ):
        change = measure(caved) - measure(straight)
        assert change[side] > 0.05
        assert change[1 - side] == pytest.approx(0.0, abs=1e-9)
    assert kinematics.knee_ankle_separation_ratio(caved) < kinematics.knee_ankle_separation_ratio(straight)


@pytest.mark.parametrize("yaw_deg", [90.0, -90.0, 60.0, -60.0])
def test_forward_is_positive_whichever_way_the_body_faces_in_the_picture(yaw_deg: float) -> None:
    pose = photograph(squat(100.0, shank_deg=40.0, trunk_deg=35.0), Camera(yaw_deg))
    assert kinematics.forward_direction(pose) == (-1 if yaw_deg > 0 else 1)
    assert (kinematics.shank_inclination_deg(pose) > 20).all()
    assert kinematics.trunk_inclination_deg(pose) > 20
    backward = photograph(posture(shank_inclination_deg=-10.0, trunk_inclination_deg=-10.0), Camera(yaw_deg))
    assert (kinematics.shank_inclination_deg(backward) < 0).all()
    assert kinematics.trunk_inclination_deg(backward) < 0


@pytest.mark.parametrize("yaw_deg", [0.0, 15.0, 180.0, -165.0])
def test_the_pelvis_lower_on_the_right_or_shifted_to_the_right_is_positive(yaw_deg: float) -> None:
    pose = photograph(posture(pelvis_drop_deg=8.0, pelvis_shift_m=0.05), Camera(yaw_deg))
    assert kinematics.pelvic_obliquity_deg(pose) > 7
    assert kinematics.lateral_pelvic_shift_ratio(pose) > 0.15


def test_a_thigh_below_parallel_is_negative() -> None:
    pose = photograph(posture(thigh_inclination_deg=(10.0, -10.0)), Camera(90.0))
    assert kinematics.thigh_inclination_deg(pose) == pytest.approx([10.0, -10.0])


def test_the_left_leg_more_bent_or_its_knee_higher_is_positive() -> None:
    bent = photograph(posture(thigh_inclination_deg=(50.0, 90.0)), Camera(90.0))
    assert kinematics.interlimb_knee_flexion_difference_deg(bent) == pytest.approx(40.0)
    lunging = photograph(bodies.lunge("left"), Camera(0.0))
    assert kinematics.knee_height_difference_ratio(lunging) > 0.5


@pytest.mark.parametrize(("yaw_deg", "expected"), [(0.0, [-1, 1]), (180.0, [1, -1])])
def test_medial_points_to_the_other_leg(yaw_deg: float, expected: list[int]) -> None:
    assert kinematics.medial_direction(photograph(posture(), Camera(yaw_deg))).tolist() == expected


def test_hips_above_each_other_have_no_medial_direction() -> None:
    pose = photograph(posture())
    pose.image_px[list(HIPS), 0] = 480.0
    assert np.isnan(kinematics.medial_direction(pose)).all()
    assert np.isnan(kinematics.fppa_deg(pose)).all()


# Foreshortening and standing lengths


def test_a_thigh_that_points_at_the_camera_has_no_projection_angle() -> None:
    body = posture(shank_inclination_deg=20.0, thigh_inclination_deg=(13.0, 16.0), knee_inward_m=0.02)
    angles = kinematics.fppa_deg(photograph(body))
    assert np.isnan(angles[0])  # projected thigh below a quarter of the shank
    assert angles[1] > 0


@pytest.mark.parametrize(
    "measure",
    [
        kinematics.medial_knee_displacement_ratio,
        kinematics.anterior_knee_displacement_ratio,
    ],
)
def test_a_given_shank_replaces_the_one_in_the_picture(measure: Callable[..., FloatArray]) -> None:
    pose = photograph(squat(70.0, knee_inward_m=(0.05, -0.03)), Camera(35.0))
    twice = measure(pose, shank_px=2 * kinematics.shank_px(pose))
    assert twice == pytest.approx(measure(pose) / 2)
    assert np.isnan(measure(pose, shank_px=np.array([np.nan, 100.0]))).tolist() == [True, False]


def test_heel_rise_counts_from_the_standing_foot() -> None:
    flat, risen = (photograph(posture(heel_rise_deg=r), Camera(90.0, distance_m=3.0)) for r in (0.0, 30.0))
    rest = flat.pair_px(TOES)[..., 1] - flat.pair_px(HEELS)[..., 1]
    foot = kinematics.foot_px(flat)
    assert kinematics.heel_rise_ratio(flat, standing_px=rest, foot_px=foot) == pytest.approx([0, 0])
    assert kinematics.heel_rise_ratio(risen, standing_px=rest, foot_px=foot) == pytest.approx([0.5, 0.5], abs=0.01)
    raised = kinematics.heel_rise_ratio(risen, standing_px=rest + 0.2 * foot, foot_px=foot)
    assert raised == pytest.approx([0.3, 0.3], abs=0.01)


def test_segment_lengths_are_those_of_the_figure() -> None:
    camera = Camera(90.0)
    pose = photograph(squat(90.0), camera)
    assert kinematics.thigh_px(pose) == pytest.approx([THIGH_M * camera.px_per_m] * 2)
    assert kinematics.shank_px(pose) == pytest.approx([SHANK_M * camera.px_per_m] * 2)
    assert kinematics.foot_px(pose) == pytest.approx([FOOT_M * camera.px_per_m] * 2)
    assert distance(*np.moveaxis(pose.pair_m(HIPS), -2, 0)) == pytest.approx(HIP_WIDTH_M)


def test_crossed_ankles_make_the_separation_negative() -> None:
    assert kinematics.knee_ankle_separation_ratio(photograph(posture(stance_m=-0.1, knee_inward_m=-0.1))) < 0


# Symmetry index


@MODEST
@given(st.floats(0.01, 1e3), st.floats(0.01, 1e3))
def test_the_symmetry_index_is_the_lower_by_the_higher_whichever_side_it_is(a: float, b: float) -> None:
    left, right = np.array(a), np.array(-b)
    index = kinematics.limb_symmetry_index_pct(left, right)
    assert index == kinematics.limb_symmetry_index_pct(right, left)
    assert index == pytest.approx(100 * min(a, b) / max(a, b))


def test_the_symmetry_index_is_100_for_equal_0_for_one_idle_limb_and_nan_for_none() -> None:
    left, right = np.array([5.0, 0.0, 0.0, np.nan]), np.array([5.0, 5.0, 0.0, 1.0])
    assert kinematics.limb_symmetry_index_pct(left, right) == pytest.approx([100, 0, np.nan, np.nan], nan_ok=True)
