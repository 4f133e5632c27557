"""How high a body is, in numbers worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from bodies import Camera, hidden, nobody, squats, standing

from formcheck.body.pose import ANKLES, HIPS, KNEES, SHOULDERS, Landmark, Pose
from formcheck.measures.heights import (
    body_height_px,
    followed_height_ratio,
    hips_y_px,
    leg_length_m,
    leg_length_px,
    witness_heights,
)

#: A metre is 384 px; thighs and shanks are 0.4 m, ankles 0.06 m up, the floor at 816 of 960 px.
PX_PER_M = Camera().px_per_m
HIPS_Y_PX = 816 - 0.86 * PX_PER_M


def with_y(pose: Pose, landmark: Landmark, add_px: float) -> Pose:
    image_px = pose.image_px.copy()
    image_px[..., landmark, 1] += add_px
    return replace(pose, image_px=image_px)


def test_a_leg_is_thigh_and_shank_of_the_longer_seen_one() -> None:
    pose = standing(1.0)
    assert leg_length_px(pose) == pytest.approx(0.8 * PX_PER_M)
    assert leg_length_m(pose) == pytest.approx(0.8)
    short = with_y(pose, KNEES[0], -60.0)
    short = with_y(short, ANKLES[0], -120.0)
    assert leg_length_px(short) == pytest.approx(0.8 * PX_PER_M), "the other leg tells it"
    assert leg_length_px(hidden(short, [KNEES[1]], coordinates=True)) == pytest.approx(0.8 * PX_PER_M - 120)
    assert np.isnan(leg_length_px(nobody(0.5)))
    assert np.isnan(leg_length_m(nobody(0.5)))


def test_bent_frames_do_not_shorten_the_leg() -> None:
    assert leg_length_px(squats(2)) == pytest.approx(0.8 * PX_PER_M, rel=0.02)


def test_the_height_of_the_hips_is_their_mean_or_that_of_the_one_that_is_seen() -> None:
    pose = with_y(standing(0.5), HIPS[0], 20.0)
    assert hips_y_px(pose) == pytest.approx(np.full(len(pose), HIPS_Y_PX + 10))
    one = hidden(pose, [HIPS[1]], coordinates=True)
    assert hips_y_px(one) == pytest.approx(np.full(len(pose), HIPS_Y_PX + 20))
    assert followed_height_ratio(one, 100.0) == pytest.approx(np.full(len(pose), (960 - HIPS_Y_PX - 20) / 100))


def test_the_height_of_the_body_is_that_of_hips_and_shoulders_together() -> None:
    pose = standing(0.5)
    shoulders_px = 0.5 * PX_PER_M
    assert body_height_px(pose) == pytest.approx(np.full(len(pose), 960 - HIPS_Y_PX + shoulders_px / 2))
    assert body_height_px(hidden(pose, SHOULDERS, coordinates=True)) == pytest.approx(
        np.full(len(pose), 960 - HIPS_Y_PX)
    )


@pytest.mark.parametrize("others", [(), SHOULDERS], ids=["by the shoulders", "by the head"])
def test_hidden_hips_are_followed_by_what_falls_and_rises_with_them(others: tuple[Landmark, ...]) -> None:
    pose = squats(1, trunk_deg=0.0)
    plain = followed_height_ratio(pose, 100.0)
    gap = slice(50, 80)
    part = hidden(hidden(pose, HIPS, gap, coordinates=True), list(others), coordinates=True)
    assert np.isnan(hips_y_px(part)[gap]).all()
    assert followed_height_ratio(part, 100.0) == pytest.approx(plain, abs=1e-6)


def test_the_distance_to_the_hips_changes_evenly_across_a_gap() -> None:
    pose = standing(1.0)
    sinking = np.linspace(0, 29, 30)
    image_px = pose.image_px.copy()
    image_px[:, list(SHOULDERS), 1] += sinking[:, None]
    part = hidden(replace(pose, image_px=image_px), HIPS, slice(10, 20), coordinates=True)
    assert followed_height_ratio(part, 1.0) == pytest.approx(np.full(30, 960 - HIPS_Y_PX))


def test_without_hips_anywhere_nothing_is_known() -> None:
    assert np.isnan(followed_height_ratio(hidden(standing(0.5), HIPS, coordinates=True), 100.0)).all()


def test_three_witnesses_tell_the_height_shoulders_legs_in_the_picture_and_in_the_world() -> None:
    pose = standing(0.5)
    leg_px = 0.8 * PX_PER_M
    shoulders = (960 - HIPS_Y_PX + 0.5 * PX_PER_M) / leg_px
    assert witness_heights(pose, pose, leg_px)[0] == pytest.approx([shoulders, 1.0, 1.0])
    lower = squats(1)
    assert (np.nanmin(witness_heights(lower, lower, leg_px), axis=0) < [shoulders - 0.3, 0.7, 0.7]).all()
