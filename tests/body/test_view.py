from __future__ import annotations

from collections.abc import Iterator

import bodies
import numpy as np
import pytest
from bodies import Camera, photograph, posture, squat
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.body import view as view_module
from formcheck.body.pose import HIPS, SHOULDERS, Landmark, Pose, Side
from formcheck.body.view import (
    Plane,
    View,
    body_yaw_deg,
    off_square_deg,
    view_of,
)

#: The limits under test, as they are meant to be.
FRONT_YAW_BIAS_DEG = -5.0
FRONTAL_WITHIN_DEG = 22.0
SAGITTAL_WITHIN_DEG = 32.0

MODEST = settings(max_examples=60, deadline=None)
yaws = st.floats(-180.0, 180.0)


@pytest.fixture(autouse=True)
def _a_model_without_bias(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stick figures are not seen by MediaPipe: its bias is nothing to take off here."""
    if "bias" not in request.node.name:
        monkeypatch.setattr(view_module, "FRONT_YAW_BIAS_DEG", 0.0)


def test_the_bias_of_the_model_is_taken_off_in_front_and_nowhere_else() -> None:
    assert seen_from(view_module.FRONT_YAW_BIAS_DEG).yaw_deg == pytest.approx(0.0, abs=0.1)
    for yaw_deg in (-90.0, 90.0, 120.0, 180.0):
        assert turn_between(seen_from(yaw_deg).yaw_deg, yaw_deg) < 1e-6


@pytest.fixture(autouse=True, scope="module")
def _exact_landmarks() -> Iterator[None]:
    """The stick figure's landmarks are true: MediaPipe's bias is not theirs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(view_module, "FRONT_YAW_BIAS_DEG", 0.0)
        yield


def seen_from(yaw_deg: float) -> View:
    return view_of(photograph(squat(60.0), Camera(yaw_deg)))


def turn_between(a: float, b: float) -> float:
    """The smaller turn from one yaw to another, whatever the number of full turns."""
    return abs((a - b + 180) % 360 - 180)


@MODEST
@given(yaws, st.floats(0.0, 120.0), st.one_of(st.none(), st.floats(2.0, 6.0)))
def test_the_yaw_of_the_camera_is_recovered_all_around(yaw_deg: float, depth: float, distance: float | None) -> None:
    pose = photograph(squat(depth), Camera(yaw_deg, distance_m=distance))
    assert turn_between(float(body_yaw_deg(pose)), yaw_deg) < 1.0
    assert turn_between(view_of(pose).yaw_deg, yaw_deg) < 1.0


def test_the_bias_of_front_views_is_taken_off_and_other_views_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view_module, "FRONT_YAW_BIAS_DEG", FRONT_YAW_BIAS_DEG)
    assert seen_from(FRONT_YAW_BIAS_DEG).yaw_deg == pytest.approx(0.0, abs=0.1)
    for yaw_deg in (90.0, -90.0, 120.0, -150.0, 180.0):
        assert turn_between(seen_from(yaw_deg).yaw_deg, yaw_deg) < 1e-6


@pytest.mark.parametrize("yaw_deg", [179.0, 180.0, -179.0])
def test_a_back_that_wavers_about_180_degrees_is_still_a_back(yaw_deg: float) -> None:
    turns = [photograph(posture(), Camera(yaw_deg + waver)) for waver in (-3.0, 0.0, 3.0)]
    view = view_of(Pose.stack(turns))
    assert view.plane is Plane.BACK
    assert turn_between(view.yaw_deg, yaw_deg) < 1.0


def test_the_yaw_of_a_recording_is_that_of_each_frame() -> None:
    recording = bodies.squats(reps=1, fps=5, yaw_deg=-40.0)
    assert body_yaw_deg(recording) == pytest.approx(np.full(len(recording), -40.0), abs=1e-6)
    assert body_yaw_deg(recording.at(0)).shape == ()


@pytest.mark.parametrize(
    ("yaw_deg", "plane", "near"),
    [
        (0.0, Plane.FRONT, None),
        (FRONTAL_WITHIN_DEG - 0.5, Plane.FRONT, None),
        (FRONTAL_WITHIN_DEG + 0.5, Plane.OBLIQUE, Side.LEFT),
        (45.0, Plane.OBLIQUE, Side.LEFT),
        (90 - SAGITTAL_WITHIN_DEG - 0.5, Plane.OBLIQUE, Side.LEFT),
        (90 - SAGITTAL_WITHIN_DEG + 0.5, Plane.SIDE, Side.LEFT),
        (90.0, Plane.SIDE, Side.LEFT),
        (90 + SAGITTAL_WITHIN_DEG - 0.5, Plane.SIDE, Side.LEFT),
        (90 + SAGITTAL_WITHIN_DEG + 0.5, Plane.OBLIQUE, Side.LEFT),
        (180 - FRONTAL_WITHIN_DEG - 0.5, Plane.OBLIQUE, Side.LEFT),
        (180 - FRONTAL_WITHIN_DEG + 0.5, Plane.BACK, None),
        (180.0, Plane.BACK, None),
    ],
)
def test_each_plane_begins_and_ends_at_its_limit_on_both_sides(yaw_deg: float, plane: Plane, near: Side | None) -> None:
    from_left, from_right = seen_from(yaw_deg), seen_from(-yaw_deg)
    assert (from_left.plane, from_left.near_side) == (plane, near)
    assert (from_right.plane, from_right.near_side) == (plane, Side.RIGHT if near else None)


def test_the_near_side_is_the_one_closer_to_the_camera() -> None:
    for yaw_deg in (30.0, 90.0, 150.0, -30.0, -90.0, -150.0):
        pose = photograph(posture(), Camera(yaw_deg))
        away = pose.pair_m(HIPS)[..., 2]
        assert view_of(pose).near_side is (Side.LEFT if away[0] < away[1] else Side.RIGHT)


def test_nobody_seen_is_an_unknown_view() -> None:
    view = view_of(bodies.nobody(0.5))
    assert np.isnan(view.yaw_deg)
    assert view.plane is Plane.UNKNOWN
    assert view.near_side is None
    assert np.isnan(body_yaw_deg(bodies.nobody(0.5))).all()


def test_frames_in_which_the_trunk_is_unseen_do_not_count() -> None:
    recording = bodies.standing(1.0, fps=10, yaw_deg=70.0)
    partly = bodies.hidden(recording, [Landmark.LEFT_HIP], slice(0, 7), coordinates=True)
    assert view_of(partly).yaw_deg == pytest.approx(70.0)


def test_the_view_is_where_the_body_faces_for_most_of_the_time() -> None:
    recording = bodies.concatenate(bodies.standing(1.0, yaw_deg=5.0), bodies.standing(0.9, yaw_deg=90.0))
    assert view_of(recording).yaw_deg == pytest.approx(5.0)


def test_a_twisted_trunk_faces_between_its_hips_and_its_shoulders() -> None:
    hips_ahead, turned = (photograph(posture(), Camera(yaw_deg)) for yaw_deg in (0.0, 40.0))
    hips_ahead.world_m[list(SHOULDERS)] = turned.world_m[list(SHOULDERS)]
    assert 15 < body_yaw_deg(hips_ahead) < 35


@pytest.mark.parametrize("plane", list(Plane))
def test_a_user_who_vouches_for_a_plane_is_believed_and_the_yaw_stays_the_measured_one(plane: Plane) -> None:
    view = view_of(photograph(posture(), Camera(50.0)), stated=str(plane))
    assert view.plane is plane
    assert view.yaw_deg == pytest.approx(50.0)
    assert view.near_side is (Side.LEFT if plane in {Plane.SIDE, Plane.OBLIQUE} else None)


def test_a_user_is_believed_even_where_nobody_is_seen() -> None:
    view = view_of(bodies.nobody(0.5), stated="side")
    assert view.plane is Plane.SIDE
    assert np.isnan(view.yaw_deg)


def test_a_plane_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="above"):
        view_of(photograph(posture()), stated="above")


@pytest.mark.parametrize(
    ("yaw_deg", "off_deg"), [(0.0, 0.0), (-12.0, 12.0), (90.0, 0.0), (-75.0, 15.0), (110.0, 20.0), (-170.0, 10.0)]
)
def test_off_square_is_counted_from_the_middle_of_the_plane_that_is_seen(yaw_deg: float, off_deg: float) -> None:
    assert off_square_deg(seen_from(yaw_deg)) == pytest.approx(off_deg, abs=1e-6)


def test_off_square_is_0_where_there_is_nothing_to_be_square_to() -> None:
    assert off_square_deg(seen_from(45.0)) == 0
    assert off_square_deg(view_of(bodies.nobody(0.5))) == 0
