"""Pictures that lie on their side or stand on their head are said to be so, and nothing in them is judged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from bodies import Camera, concatenate, hidden, jittered, lunges, nobody, photograph, posture, squats, standing

from formcheck.body.pose import Landmark, Pose
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.sideways import put_upright, turned_cw_deg

TURNS = [90, 180, 270]
#: A portrait picture: width and height change places when it is turned.
TALL = Camera(yaw_deg=0.0, width_px=720, height_px=960)
WAYS = {90: "90 degrees counter-clockwise", 180: "180 degrees", 270: "90 degrees clockwise"}


def turned(pose: Pose, cw_deg: int) -> Pose:
    """The recording as a camera stores it that was turned: the picture is turned clockwise, the body with it."""
    angle = np.radians(cw_deg)
    turn = np.round(np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]))
    middle = np.array([pose.width_px, pose.height_px]) / 2
    size = (pose.height_px, pose.width_px) if cw_deg % 180 else (pose.width_px, pose.height_px)
    world = pose.world_m.copy()
    world[..., :2] = world[..., :2] @ turn.T
    image = (pose.image_px - middle) @ turn.T + np.array(size) / 2
    return replace(pose, image_px=image, world_m=world, width_px=size[0], height_px=size[1])


@pytest.mark.parametrize("cw_deg", TURNS)
@pytest.mark.parametrize(
    "film",
    [
        squats(2, camera=TALL),
        squats(2, yaw_deg=90.0),
        lunges(2, yaw_deg=-90.0),
        jittered(squats(3, yaw_deg=45.0), noise_px=3.0),
    ],
    ids=["squats, front", "squats, side", "lunges, side", "squats at an angle, noise"],
)
def test_a_turned_picture_is_not_judged_and_says_how_to_turn_it_back(film: Pose, cw_deg: int) -> None:
    assert analyze_poses(film).summary.reason is None
    report = analyze_poses(turned(film, cw_deg))
    assert (report.exercise, report.reps, report.passed_over) == ("none", (), ())
    assert report.summary.form_score is None
    assert report.summary.reason is not None
    assert f"turn the recording by {WAYS[cw_deg]} and analyse it again" in report.summary.reason
    assert "\n" not in report.summary.reason


@pytest.mark.parametrize("cw_deg", TURNS)
def test_an_exercise_that_was_stated_stays_and_the_picture_is_still_said_to_be_turned(cw_deg: int) -> None:
    report = analyze_poses(turned(squats(2), cw_deg), exercise="squat", view="front")
    assert (report.exercise, report.reps) == ("squat", ())
    assert WAYS[cw_deg] in (report.summary.reason or "")


@pytest.mark.parametrize("cw_deg", [0, *TURNS])
def test_what_was_turned_is_put_upright_as_it_was(cw_deg: int) -> None:
    film = squats(1, camera=TALL)
    lying = turned(film, cw_deg)
    assert turned_cw_deg(lying) == cw_deg
    again = put_upright(lying, cw_deg)
    assert (again.width_px, again.height_px) == (720, 960)
    np.testing.assert_allclose(again.image_px, film.image_px, atol=1e-6)
    np.testing.assert_allclose(again.world_m, film.world_m, atol=1e-9)


@pytest.mark.parametrize("cw_deg", TURNS)
def test_who_lies_there_and_does_no_repetition_is_not_told_to_turn_the_picture(cw_deg: int) -> None:
    reason = analyze_poses(turned(standing(4.0), cw_deg)).summary.reason or ""
    assert reason
    assert "turn the recording" not in reason


def test_a_trunk_that_lies_over_standing_legs_is_no_turned_picture() -> None:
    bent = photograph(posture(trunk_inclination_deg=90.0), Camera(90.0), np.arange(60) / 30)
    assert turned_cw_deg(bent) == 0


def test_where_no_whole_body_is_seen_nothing_is_said_of_the_picture() -> None:
    assert turned_cw_deg(nobody()) == 0
    feet = [Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE]
    assert turned_cw_deg(hidden(turned(squats(1), 90), feet)) == 0


def test_who_lies_down_after_upright_repetitions_is_judged() -> None:
    film = squats(3)
    report = analyze_poses(concatenate(film, turned(standing(2.0), 90)))
    assert report.exercise == "squat"
    assert len(report.reps) == 3
