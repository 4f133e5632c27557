"""A squat on one leg from the front is one by its picture, where the world landmarks hardly bend."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from bodies import squats
from one_leg import on_one_leg, step_downs
from recordings import analyze_joints

from formcheck.body.pose import ANKLES, HEELS, HIPS, TOES, Pose


def flat(pose: Pose) -> Pose:
    """The recording with world landmarks that stand still as in its first frame."""
    return replace(pose, world_m=np.repeat(pose.world_m[:1], len(pose), axis=0))


@pytest.mark.parametrize("stance", ["left", "right"])
@pytest.mark.parametrize("free", ["beside", "behind", "in front"])
def test_a_squat_on_one_leg_from_the_front_needs_no_bent_knee_in_the_world(free: str, stance: str) -> None:
    report = analyze_joints(flat(on_one_leg(2, free=free, stance=stance)))
    assert report.exercise == "single_leg_squat"
    assert [rep.rep.lead_side for rep in report.reps] == [stance, stance]


def test_a_squat_on_both_feet_is_none_on_one_leg_even_so() -> None:
    assert analyze_joints(flat(squats(2, yaw_deg=0))).exercise != "single_leg_squat"


def test_a_foot_that_goes_far_down_beside_the_other_makes_no_squat_on_one_leg() -> None:
    assert analyze_joints(flat(step_downs(2, 80.0))).exercise != "single_leg_squat"


def test_from_the_side_the_world_tells_whether_a_knee_bends() -> None:
    assert analyze_joints(flat(on_one_leg(2, yaw_deg=90))).exercise == "none"


def test_a_foot_in_the_air_that_is_as_low_as_the_other_is_in_front() -> None:
    pose = on_one_leg(1, free="beside")
    low = flat(pose)
    image_px = low.image_px.copy()
    left, right = ([pair[side] for pair in (ANKLES, HEELS, TOES)] for side in (0, 1))
    down = (image_px[:, HIPS[0], 1] - image_px[0, HIPS[0], 1]) / np.ptp(image_px[:, HIPS[0], 1])
    image_px[:, right, 1] = image_px[:, left, 1]
    image_px[:, right, 0] += 60 * down[:, None]
    (rep,) = analyze_joints(replace(low, image_px=image_px)).reps
    assert rep.rep.variant == "leg_in_front"
