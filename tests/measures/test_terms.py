"""The terms of the corrections, against lengths worked out by hand on a body of whole numbers of pixels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from formcheck.body.pose import ANKLES, HEELS, HIPS, KNEES, SHOULDERS, TOES, LandmarkPair, Pose, Side
from formcheck.body.view import Plane, View
from formcheck.measures.standing import Baseline, baseline
from formcheck.measures.terms import camera_above_rad, held_against_ankles, leg_terms, trunk_terms

#: From the front, left at the right of the picture: thighs and shanks of 200 px, ankles 80 px apart.
STANDING_PX: dict[LandmarkPair, tuple[tuple[float, float], tuple[float, float]]] = {
    SHOULDERS: ((560, 200), (440, 200)),
    HIPS: ((540, 400), (460, 400)),
    KNEES: ((540, 600), (460, 600)),
    ANKLES: ((540, 800), (460, 800)),
    HEELS: ((540, 820), (460, 820)),
    TOES: ((560, 830), (440, 830)),
}
#: The left knee 20 px inward and the right one 10, the hips 160 px lower, the right one 10 px more.
LOW_PX = STANDING_PX | {HIPS: ((540, 560), (460, 570)), KNEES: ((520, 620), (470, 620))}
FRONT = View(10.0, Plane.FRONT, None)


def posed(places: dict[LandmarkPair, tuple[tuple[float, float], tuple[float, float]]]) -> Pose:
    pose = Pose.unseen(0.0, 1000, 1000)
    for pair, both in places.items():
        pose.image_px[list(pair)] = both
    pose.world_m[list(SHOULDERS)] = (0.0, -0.5, -0.1)
    pose.world_m[list(ANKLES)] = (0.0, 0.8, 0.0)
    return Pose.stack([pose, pose])


def standing() -> Baseline:
    pose = posed(STANDING_PX)
    return baseline(pose, pose, np.ones(2, dtype=bool))


def of_legs(low: Pose, view: View = FRONT) -> dict[str, tuple[float, float]]:
    found = leg_terms(low, low, standing(), view)
    assert all(values.shape == (2, 2) for values in found.values())
    return {name: (float(values[0, 0]), float(values[0, 1])) for name, values in found.items()}


def test_knees_and_toes_are_counted_inward_from_the_ankle_in_shanks() -> None:
    terms = of_legs(posed(LOW_PX))
    assert terms["knee_in"] == pytest.approx((0.1, 0.05))
    assert terms["toe_in"] == pytest.approx((-0.1, -0.1))
    assert terms["standing_knee_in"] == (0.0, 0.0)


def test_what_the_shank_lacks_in_the_picture_points_at_the_camera() -> None:
    terms = of_legs(posed(LOW_PX))
    assert terms["knee_above_ankle"] == pytest.approx((0.9, 0.9))
    towards = (np.sqrt(1 - 0.81 - 0.01), np.sqrt(1 - 0.81 - 0.0025))
    assert terms["knee_towards_camera"] == pytest.approx(towards)
    assert terms["knee_in_x_towards_camera"] == pytest.approx((0.1 * towards[0], 0.05 * towards[1]))
    assert terms["toe_in_x_towards_camera"] == pytest.approx((-0.1 * towards[0], -0.1 * towards[1]))


def test_hips_fall_in_legs_and_the_thigh_is_lowered_by_what_the_hip_is_no_longer_above_the_knee() -> None:
    terms = of_legs(posed(LOW_PX))
    assert terms["hip_fall"] == pytest.approx((0.4, 0.425))
    assert terms["thigh_lowered"] == pytest.approx((1 - 60 / 200, 1 - 50 / 200))
    assert terms["thigh_seen"] == pytest.approx((np.hypot(20, 60) / 200, np.hypot(10, 50) / 200))
    assert terms["shank_seen"] == pytest.approx((np.hypot(20, 180) / 200, np.hypot(10, 180) / 200))


def test_shoulders_nearer_than_ankles_mean_a_camera_above() -> None:
    assert camera_above_rad(standing()) == pytest.approx(np.arctan2(0.1, 1.3))
    terms = of_legs(posed(LOW_PX))
    assert terms["hip_fall_x_camera_above"] == pytest.approx(tuple(f * np.arctan2(0.1, 1.3) for f in (0.4, 0.425)))


@pytest.mark.parametrize(("yaw_deg", "inward"), [(10, (1, -1)), (-10, (-1, 1)), (170, (-1, 1)), (-170, (1, -1))])
def test_a_body_turned_to_its_right_has_its_left_leg_facing_inward(yaw_deg: float, inward: tuple[int, int]) -> None:
    """With its left side to the camera (+) the way it faces is the picture's left, which is inward for the left leg."""
    sine = np.sin(np.radians(10))
    terms = of_legs(posed(LOW_PX), View(yaw_deg, Plane.FRONT if abs(yaw_deg) < 90 else Plane.BACK, None))
    assert terms["yaw_inward"] == pytest.approx((inward[0] * sine, inward[1] * sine))


def test_from_the_side_the_knee_and_the_tip_of_the_shoe_are_counted_ahead_of_the_ankle() -> None:
    shifted = {pair: tuple((500.0, y) for _, y in both) for pair, both in STANDING_PX.items()}
    facing_right = shifted | {TOES: ((600, 830), (600, 830)), HEELS: ((490, 830), (490, 830))}
    low = facing_right | {KNEES: ((580, 620), (580, 620))}
    for sign in (1, -1):
        start, deep = (
            posed({pair: tuple((500 + sign * (x - 500), y) for x, y in both) for pair, both in places.items()})  # type: ignore[misc]
            for places in (facing_right, low)
        )
        stood = baseline(start, start, np.ones(2, dtype=bool))
        terms = leg_terms(deep, deep, stood, View(90.0 * sign, Plane.SIDE, Side.LEFT))
        assert terms["knee_ahead"][0] == pytest.approx([0.4, 0.4])
        assert terms["toe_tip_ahead"][0] == pytest.approx([(100 + 0.11 * 110) / 200] * 2)


def test_the_thigh_is_less_above_level_than_a_hip_that_went_back_seems() -> None:
    """Legs of 400 px in a picture of 1000 are 1.85 m away; by hand three rounds give 13.6 and 10.0 degrees."""
    level_deg = of_legs(posed(LOW_PX), View(0.0, Plane.FRONT, None))["thigh_level_deg"]
    assert level_deg == pytest.approx((13.6, 10.0), abs=0.05)


def test_the_thigh_is_as_level_as_it_seems_from_the_side_and_more_above_level_from_behind() -> None:
    seems_deg = tuple(np.degrees(np.arcsin(np.array([60, 50]) / 200)))
    from_side, from_behind = (
        of_legs(posed(LOW_PX), View(yaw_deg, plane, None))["thigh_level_deg"]
        for yaw_deg, plane in ((90.0, Plane.SIDE), (180.0, Plane.BACK))
    )
    assert from_side == pytest.approx(seems_deg)
    assert all(deg > seems for deg, seems in zip(from_behind, seems_deg, strict=True))


def turned_out(*feet_deg: float, knee_in: float = 0.05) -> dict[str, NDArray[np.float64]]:
    toe_in = -0.42 * np.sin(np.radians(np.array([feet_deg])))
    return {"toe_in": toe_in, "knee_in": np.full((1, 2), knee_in)}


def test_knees_are_held_against_the_ankles_where_both_feet_are_turned_out_too_far_for_their_line() -> None:
    inside = np.array([[0.3, 0.02]])
    assert held_against_ankles(inside, turned_out(45, 45)) == pytest.approx(np.array([[0.05, 0.02]]))
    assert held_against_ankles(inside, turned_out(30, 30)).tolist() == inside.tolist()
    halfway = held_against_ankles(inside, turned_out(37, 37))
    assert halfway == pytest.approx(np.array([[0.175, 0.02]]))


def test_one_foot_alone_turned_out_is_the_cameras_yaw_or_a_step_and_changes_nothing() -> None:
    inside = np.array([[0.3, 0.3]])
    assert held_against_ankles(inside, turned_out(50, 10)).tolist() == inside.tolist()


def test_a_foot_beside_a_hidden_one_is_as_far_turned_out_as_it_seems() -> None:
    held = held_against_ankles(np.array([[0.3, np.nan]]), turned_out(50, float("nan")))
    assert held[0, 0] == pytest.approx(0.05)


def test_terms_of_the_trunk_are_the_lower_hip_the_fall_and_the_turn() -> None:
    terms = {name: values[0] for name, values in trunk_terms(posed(LOW_PX), standing(), FRONT).items()}
    sine = np.sin(np.radians(10))
    assert terms["right_hip_lower"] == pytest.approx(10 / 200)
    assert terms["hips_fall"] == pytest.approx(165 / 400)
    assert terms["yaw_to_left"] == pytest.approx(sine)
    assert terms["hips_fall_x_yaw"] == pytest.approx(165 * sine / 80)


def test_a_landmark_that_is_unseen_leaves_its_own_leg_unseen() -> None:
    low = posed(LOW_PX)
    image_px = low.image_px.copy()
    image_px[0, KNEES[0]] = np.nan
    terms = leg_terms(replace(low, image_px=image_px), low, standing(), FRONT)
    assert np.isnan(terms["knee_in"]).tolist() == [[True, False], [False, False]]
    assert np.isfinite(terms["hip_fall"]).all()
