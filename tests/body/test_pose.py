from __future__ import annotations

import bodies
import numpy as np
import pytest

from formcheck.body.pose import ANKLES, HEELS, HIPS, KNEES, SHOULDERS, SIDES, TOES, Landmark, Pose, Side

#: The limits under test, as they are meant to be.
MIN_VISIBILITY = 0.5

PAIRS = [SHOULDERS, HIPS, KNEES, ANKLES, HEELS, TOES]


def test_there_are_33_landmarks_counted_from_0() -> None:
    assert [int(landmark) for landmark in Landmark] == list(range(33))


@pytest.mark.parametrize("pair", PAIRS)
def test_pairs_are_left_then_right_like_every_side_axis(pair: tuple[Landmark, Landmark]) -> None:
    assert SIDES == (Side.LEFT, Side.RIGHT)
    left, right = pair
    assert left.name.startswith("LEFT_")
    assert right.name == left.name.replace("LEFT_", "RIGHT_")


def test_px_and_pairs_pick_the_landmarks_of_every_frame() -> None:
    pose = bodies.squats(reps=1, fps=10, yaw_deg=45)
    assert np.array_equal(pose.px(Landmark.NOSE), pose.image_px[:, 0])
    assert np.array_equal(pose.pair_px(KNEES)[:, 1], pose.px(Landmark.RIGHT_KNEE))
    assert np.array_equal(pose.pair_m(HIPS)[:, 0], pose.world_m[:, Landmark.LEFT_HIP])


@pytest.mark.parametrize("name", ["image_px", "world_m", "visibility"])
def test_an_array_of_another_shape_is_refused_by_name(name: str) -> None:
    arrays = {"image_px": np.zeros((4, 33, 2)), "world_m": np.zeros((4, 33, 3)), "visibility": np.zeros((4, 33))}
    arrays[name] = arrays[name][:3]
    with pytest.raises(ValueError, match=rf"{name} must have shape \(4, 33"):
        Pose(time_s=np.arange(4.0), width_px=10, height_px=10, **arrays)


def test_an_unseen_instant_has_no_coordinates_and_no_visibility() -> None:
    pose = Pose.unseen(1.5, 640, 480)
    assert pose.time_s.shape == ()
    assert float(pose.time_s) == 1.5
    assert np.isnan(pose.image_px).all()
    assert np.isnan(pose.world_m).all()
    assert (pose.visibility == 0).all()
    assert (pose.width_px, pose.height_px) == (640, 480)


def test_stacked_instants_are_the_recording_and_single_frames_are_the_instants() -> None:
    recording = bodies.squats(reps=1, fps=10)
    instants = [recording.at(index) for index in range(len(recording))]
    again = Pose.stack(instants)
    assert len(again) == len(recording)
    assert instants[3].image_px.shape == (33, 2)
    for name in ("time_s", "image_px", "world_m", "visibility"):
        assert np.array_equal(getattr(again, name), getattr(recording, name))


def test_nothing_cannot_be_stacked() -> None:
    with pytest.raises(ValueError, match="at least one instant"):
        Pose.stack([])


def test_an_instant_has_no_length() -> None:
    with pytest.raises(TypeError, match="no length"):
        len(Pose.unseen(0.0, 10, 10))


def test_frames_are_selected_by_slice_mask_and_index() -> None:
    recording = bodies.standing(1.0, fps=10)
    late = recording.time_s > 0.45
    assert len(recording.at(slice(2, 5))) == 3
    assert np.array_equal(recording.at(late).time_s, recording.time_s[5:])
    assert np.array_equal(recording.at(np.array([1, 7])).time_s, recording.time_s[[1, 7]])


def test_masking_hides_what_is_less_visible_than_the_limit_and_nothing_else() -> None:
    pose = bodies.standing(0.1, fps=30)
    pose.visibility[:, Landmark.LEFT_KNEE] = MIN_VISIBILITY - 0.01
    pose.visibility[:, Landmark.RIGHT_KNEE] = MIN_VISIBILITY
    masked = pose.masked()
    others = [landmark for landmark in Landmark if landmark is not Landmark.LEFT_KNEE]
    assert np.isnan(masked.px(Landmark.LEFT_KNEE)).all()
    assert np.isnan(masked.world_m[:, Landmark.LEFT_KNEE]).all()
    assert np.array_equal(masked.image_px[:, others], pose.image_px[:, others])
    assert np.array_equal(masked.world_m[:, others], pose.world_m[:, others])


@pytest.mark.parametrize(
    ("x", "y", "seen"),
    [
        (0.0, 0.0, True),
        (959.9, 959.9, True),
        (-0.1, 10.0, False),
        (960.0, 10.0, False),
        (10.0, -0.1, False),
        (10.0, 960.0, False),
        (np.nan, 10.0, False),
    ],
)
def test_masking_hides_what_lies_outside_the_picture(x: float, y: float, *, seen: bool) -> None:
    pose = bodies.photograph(bodies.posture())
    pose.image_px[Landmark.NOSE] = (x, y)
    assert np.isfinite(pose.masked().px(Landmark.NOSE)).all() == seen


def test_masking_leaves_the_original_and_the_visibility_as_they_were() -> None:
    pose = bodies.hidden(bodies.standing(0.2), [Landmark.LEFT_HEEL])
    masked = pose.masked()
    assert np.isfinite(pose.image_px).all()
    assert np.array_equal(masked.visibility, pose.visibility)


def test_masking_with_limit_0_keeps_everything_inside_the_picture() -> None:
    pose = bodies.hidden(bodies.standing(0.2), list(Landmark))
    assert np.isfinite(pose.masked(0.0).image_px).all()
