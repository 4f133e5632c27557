"""A recording in stretches: every frame belongs to one repetition's surroundings, measured against its own baseline."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from bodies import Camera, concatenate, hidden, standing
from recordings import clean_squats, moved, walking

from formcheck.body.pose import HIPS, KNEES, FloatArray, Landmark, Pose, Side
from formcheck.body.view import Plane
from formcheck.measures.footage import read_footage
from formcheck.measures.measured_rep import MeasuredRep, by_side, measure_reps
from formcheck.measures.reps import cut_reps
from formcheck.measures.smoothing import smooth_recording

#: The limits under test, as they are meant to be.
STANDING_LEAN_DEG = 4.5


def stretches(pose: Pose, *, stated_view: str = "auto") -> list[MeasuredRep]:
    seen, whole = smooth_recording(pose.masked()), smooth_recording(pose)
    return measure_reps(seen, whole, cut_reps(seen), stated_view=stated_view)


def test_the_stretches_cover_every_frame_once_and_meet_half_way_between_repetitions() -> None:
    pose = clean_squats(3)
    found = stretches(pose)
    assert found[0].frames.start == 0
    assert found[-1].frames.stop == len(pose)
    for before, after in pairwise(found):
        assert before.frames.stop == after.frames.start
        gap = (before.rep.end, after.rep.start)
        assert abs(before.frames.stop - sum(gap) / 2) <= 1


def test_a_recording_without_repetitions_has_no_stretches() -> None:
    assert stretches(standing(3.0)) == []


def test_variables_cover_the_stretch_and_depth_the_repetition() -> None:
    for stretch in stretches(clean_squats(2)):
        length = stretch.frames.stop - stretch.frames.start
        assert {len(values) for values in stretch.variables.values()} == {length}
        assert len(stretch.depth) == stretch.rep.end + 1 - stretch.rep.start


def test_the_part_within_the_repetition_is_that_of_its_frames() -> None:
    pose = clean_squats(2)
    for stretch in stretches(pose):
        frames = np.arange(len(pose), dtype=np.float64)[stretch.frames]
        assert stretch.within_rep(frames).tolist() == list(range(stretch.rep.start, stretch.rep.end + 1))


def test_the_bottom_is_a_run_of_frames_about_the_bottom_instant() -> None:
    pose = clean_squats(2)
    for stretch in stretches(pose):
        marked = np.flatnonzero(stretch.at_bottom()) + stretch.rep.start
        assert stretch.rep.bottom in marked
        assert (np.diff(marked) == 1).all()
        assert stretch.rep.start < marked[0]
        assert marked[-1] < stretch.rep.end
        assert stretch.low.time_s.tolist() == pose.time_s[marked].tolist()


def test_every_repetition_has_its_own_view() -> None:
    turned = concatenate(clean_squats(1), clean_squats(1, yaw_deg=90), clean_squats(1, yaw_deg=-90))
    views = [stretch.view for stretch in stretches(turned)]
    assert [view.plane for view in views] == [Plane.FRONT, Plane.SIDE, Plane.SIDE]
    assert [view.near_side for view in views] == [None, Side.LEFT, Side.RIGHT]


def test_a_view_that_is_told_holds_for_every_repetition() -> None:
    planes = {stretch.view.plane for stretch in stretches(clean_squats(2, yaw_deg=45), stated_view="front")}
    assert planes == {Plane.FRONT}


def test_every_repetition_has_the_baseline_of_the_frames_around_it() -> None:
    """Somebody who comes nearer between two squats has longer shanks in the second."""
    far = moved(clean_squats(1, rest_s=2.0), scale=0.5)
    first, second = stretches(concatenate(far, clean_squats(1, rest_s=2.0)))
    np.testing.assert_allclose(first.baseline.shank_px, 0.5 * second.baseline.shank_px, rtol=0.02)
    assert second.baseline.leg_px == pytest.approx(0.8 * Camera().px_per_m, rel=0.02)


def test_who_walks_up_to_the_camera_after_a_squat_has_the_baseline_of_where_the_squat_was() -> None:
    squat, walk = clean_squats(1), walking(2.0)
    coming = moved(walk, scale=np.linspace(1.0, 1.6, len(walk)))
    (stretch,) = stretches(concatenate(squat, coming))
    (still,) = stretches(squat)
    np.testing.assert_allclose(stretch.baseline.shank_px, still.baseline.shank_px, rtol=0.02)


def test_who_steps_aside_just_before_a_squat_has_the_baseline_of_where_the_squat_is() -> None:
    pose = clean_squats(1)
    (plain,) = stretches(pose)
    before = pose.time_s < plain.rep.start_s - 0.5
    image_px = pose.image_px.copy()
    image_px[before, :, 0] += 120.0
    (found,) = stretches(replace(pose, image_px=image_px))
    assert found.baseline.pose.image_px == pytest.approx(plain.baseline.pose.image_px, abs=6.0)


def test_the_baseline_of_a_shot_is_taken_in_that_shot() -> None:
    far = moved(clean_squats(1, rest_s=0.3), scale=0.5)
    pose = concatenate(far, clean_squats(1, rest_s=0.3))
    found = read_footage(pose, cuts=[len(far)])
    first, second = measure_reps(found.smoothed, found.whole, found.reps, shots=found.shots)
    np.testing.assert_allclose(first.baseline.shank_px, 0.5 * second.baseline.shank_px, rtol=0.02)


def test_measures_are_those_of_the_bottom_and_of_the_whole_repetition() -> None:
    (stretch,) = stretches(clean_squats(1, yaw_deg=90, rep_s=3.0))
    measures = stretch.measures()
    assert measures["left_knee_flexion_deg"] == pytest.approx(112, abs=5)
    # The body of these tests stands on upright legs, which people do not: it is turned by what they would lean.
    assert measures["trunk_inclination_deg"] == pytest.approx(35 + STANDING_LEAN_DEG, abs=1)
    assert measures["eccentric_s"] == pytest.approx(stretch.rep.bottom_s - stretch.rep.start_s)
    assert measures["concentric_s"] == pytest.approx(stretch.rep.end_s - stretch.rep.bottom_s)
    # Hip above ankle: 0.8 m upright; shank 26 and thigh 86 degrees from the vertical at the bottom.
    drop_m = 0.8 - 0.4 * (np.cos(np.radians(26)) + np.cos(np.radians(86)))
    assert measures["hip_drop_ratio"] == pytest.approx(drop_m / 0.8, rel=0.08)


def test_what_was_not_seen_has_no_measure() -> None:
    (stretch,) = stretches(hidden(clean_squats(1), [KNEES[0]]))
    measures = stretch.measures()
    assert np.isnan(measures["left_knee_flexion_deg"])
    assert np.isfinite(measures["right_knee_flexion_deg"])


def test_one_hidden_hip_leaves_the_other_side_measured() -> None:
    (stretch,) = stretches(hidden(clean_squats(1, yaw_deg=-90), [HIPS[0]]))
    assert np.isfinite(stretch.measures()["right_knee_flexion_deg"])
    assert np.isfinite(stretch.hip_drop_ratio)


def test_sided_variables_are_named_by_side_and_others_by_themselves() -> None:
    sided: FloatArray = np.array([[1.0, 2.0], [3.0, 4.0]])
    columns = {name: values.tolist() for name, values in by_side({"a_deg": sided, "b_ratio": np.array([5.0, 6.0])})}
    assert columns == {"left_a_deg": [1.0, 3.0], "right_a_deg": [2.0, 4.0], "b_ratio": [5.0, 6.0]}


# Which foot stepped


def stepped(forward: float, *, lead: Side | None = Side.LEFT, unseen: bool = False) -> bool | None:
    """Of a squat from the front whose left ankle goes down the picture by so many shanks at the bottom."""
    [rep] = stretches(clean_squats(1))
    low = rep.low.image_px.copy()
    low[:, Landmark.LEFT_ANKLE] = rep.baseline.pose.px(Landmark.LEFT_ANKLE)
    low[:, Landmark.LEFT_ANKLE, 1] += forward * rep.baseline.shank_px[0]
    if unseen:
        low[:, Landmark.LEFT_ANKLE] = np.nan
    rep = replace(rep, low=replace(rep.low, image_px=low), rep=replace(rep.rep, lead_side=lead))
    return rep.front_foot_stepped()


def test_the_front_foot_stepped_or_stayed_or_it_is_not_told() -> None:
    assert [stepped(by) for by in (0.05, 0.2, 0.6, -0.6)] == [False, None, True, True]
    assert stepped(0.6, lead=None) is None
    assert stepped(0.6, unseen=True) is None


def test_a_foot_that_steps_beside_a_front_foot_that_stays_is_no_step_forward() -> None:
    assert stepped(0.6, lead=Side.RIGHT) is False
