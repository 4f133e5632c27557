from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from bodies import concatenate, hidden, jittered, lunges, nobody, squats, standing

from formcheck.body.pose import ANKLES, HEELS, HIPS, KNEES, TOES, LandmarkPair, Pose
from formcheck.measures.swaps import unswapped

LEG = (HIPS, KNEES, ANKLES, HEELS, TOES)
BELOW_HIP = LEG[1:]
FOOT = LEG[2:]
#: Frames around the bottom of the first lunge: the feet are far apart, so a swap shows.
BOTTOM = slice(72, 78)


@pytest.fixture(scope="module")
def lunging() -> Pose:
    return lunges(reps=2, lead="alternate", yaw_deg=-90)


def swapped(pose: Pose, frames: slice, pairs: Sequence[LandmarkPair] = LEG) -> Pose:
    image_px, world_m, visibility = pose.image_px.copy(), pose.world_m.copy(), pose.visibility.copy()
    for array in (image_px, world_m, visibility):
        for pair in pairs:
            array[frames, list(pair)] = array[frames, list(reversed(pair))]
    return replace(pose, image_px=image_px, world_m=world_m, visibility=visibility)


def assert_same_legs(pose: Pose, expected: Pose) -> None:
    np.testing.assert_array_equal(pose.image_px, expected.image_px)
    np.testing.assert_array_equal(pose.world_m, expected.world_m)
    np.testing.assert_array_equal(pose.visibility, expected.visibility)


@pytest.mark.parametrize("yaw_deg", [-90, -60, -30, 0, 45, 90, 180])
@pytest.mark.parametrize("fps", [15, 30, 120])
def test_nothing_is_exchanged_where_nothing_was_swapped(yaw_deg: float, fps: float) -> None:
    for pose in (squats(1, yaw_deg=yaw_deg, fps=fps), lunges(2, lead="alternate", yaw_deg=yaw_deg, fps=fps)):
        assert unswapped(pose) is pose
        noisy = jittered(pose, 3.0)
        assert unswapped(noisy) is noisy


@pytest.mark.parametrize("pairs", [LEG, BELOW_HIP, FOOT, (KNEES,)], ids=["leg", "below the hip", "foot", "knee"])
@pytest.mark.parametrize("frames", [slice(74, 75), BOTTOM, slice(68, 82)], ids=["1", "6", "11"])
def test_legs_swapped_for_a_while_get_their_own_sides_back(
    lunging: Pose, pairs: tuple[LandmarkPair, ...], frames: slice
) -> None:
    lunge = replace(lunging, visibility=np.linspace(0.5, 1, lunging.visibility.size).reshape(lunging.visibility.shape))
    mended = unswapped(swapped(lunge, frames, pairs))
    for pair in BELOW_HIP:
        np.testing.assert_array_equal(mended.pair_px(pair), lunge.pair_px(pair))
        np.testing.assert_array_equal(mended.pair_m(pair), lunge.pair_m(pair))
        np.testing.assert_array_equal(mended.visibility[:, list(pair)], lunge.visibility[:, list(pair)])


def test_several_swaps_of_different_parts_are_told_apart(lunging: Pose) -> None:
    there = swapped(swapped(swapped(lunging, slice(68, 70), FOOT), slice(74, 76), (KNEES,)), slice(80, 81), BELOW_HIP)
    assert_same_legs(unswapped(there), lunging)


def test_mending_twice_changes_nothing_more(lunging: Pose) -> None:
    mended = unswapped(swapped(lunging, BOTTOM, BELOW_HIP))
    assert unswapped(mended) is mended


def test_only_legs_change_sides(lunging: Pose) -> None:
    there = swapped(lunging, BOTTOM)
    mended = unswapped(there)
    above = [number for number in range(33) if number not in {joint for pair in LEG for joint in pair}]
    np.testing.assert_array_equal(mended.image_px[:, above], there.image_px[:, above])


def test_a_swap_is_found_beside_landmarks_that_are_unseen(lunging: Pose) -> None:
    part = hidden(lunging, [HIPS[0], ANKLES[1]], slice(20, 30), coordinates=True)
    assert_same_legs(unswapped(swapped(part, BOTTOM, BELOW_HIP)), part)


def test_after_a_long_gap_nothing_is_known_of_what_came_before(lunging: Pose) -> None:
    gone = concatenate(
        lunging.at(slice(0, 75)), nobody(1.0), swapped(lunging, slice(0, len(lunging))).at(slice(75, 90))
    )
    assert unswapped(gone) is gone


def test_a_cut_to_another_picture_is_no_swap(lunging: Pose) -> None:
    moved = replace(lunging, image_px=lunging.image_px + np.array([300.0, 0.0]))
    cut = concatenate(lunging.at(slice(0, 75)), swapped(moved, slice(0, len(moved))).at(slice(75, 90)))
    assert unswapped(cut) is cut


def test_a_camera_that_pans_moves_no_joint_against_the_trunk(lunging: Pose) -> None:
    pan = np.stack([np.linspace(0, 400, len(lunging)), np.zeros(len(lunging))], axis=-1)
    panned = replace(lunging, image_px=lunging.image_px + pan[:, None])
    assert_same_legs(unswapped(swapped(panned, BOTTOM, BELOW_HIP)), panned)


def test_the_size_of_the_picture_does_not_matter(lunging: Pose) -> None:
    small = replace(lunging, image_px=lunging.image_px / 8)
    assert_same_legs(unswapped(swapped(small, BOTTOM, BELOW_HIP)), small)


def test_recordings_without_anybody_or_with_a_single_frame_are_left_alone() -> None:
    for pose in (nobody(1.0), standing(1.0).at(slice(0, 1)), standing(1.0).at(slice(0, 0))):
        assert unswapped(pose) is pose


@pytest.mark.parametrize(("apart_shanks", "is_mended"), [(0.28, False), (0.45, True)])
def test_legs_that_jump_faster_than_seven_shanks_a_second_were_exchanged(
    apart_shanks: float, *, is_mended: bool
) -> None:
    """At 30 frames a second a joint goes 7/30 of a shank from frame to frame at most, and 0.1 may be noise."""
    pose = standing(2.0, yaw_deg=-90)
    image_px = pose.image_px.copy()
    shank_px = float(np.linalg.norm(image_px[0, KNEES[0]] - image_px[0, ANKLES[0]]))
    image_px[:, [pair[0] for pair in BELOW_HIP], 0] += apart_shanks * shank_px
    apart = replace(pose, image_px=image_px)
    exchanged = swapped(apart, slice(20, 40), BELOW_HIP)
    assert_same_legs(unswapped(exchanged), apart if is_mended else exchanged)
