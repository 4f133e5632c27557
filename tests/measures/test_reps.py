"""Repetitions: the right number at every frame rate, the bottom where it is, and nothing that is no repetition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import groupby, pairwise

import numpy as np
import pytest
from bodies import Camera, concatenate, hidden, jittered, lunge, lunges, nobody, photograph, squats, standing
from recordings import (
    EVERY_S,
    FIRST_BOTTOM_S,
    hopping,
    lowered_slowly,
    moved,
    passing_by,
    sitting,
    walking,
    walking_towards_the_camera,
)

from formcheck.body.pose import FloatArray, Landmark, Pose
from formcheck.measures.heights import followed_height_ratio, hips_y_px, leg_length_px
from formcheck.measures.reps import (
    Cut,
    Phase,
    Rep,
    cut_reps,
    depth_fraction,
    phases,
)
from formcheck.measures.reps import cut as cut_up
from formcheck.measures.smoothing import smooth_recording

YAWS = [0, 90, -90, 180, 45]
RNG_SEED = 7


def cut(pose: Pose) -> tuple[Rep, ...]:
    return cut_reps(smooth_recording(pose.masked()))


def split(pose: Pose) -> Cut:
    return cut_up(smooth_recording(pose.masked()), pose)


def bottoms_s(pose: Pose) -> list[float]:
    return [rep.bottom_s for rep in cut(pose)]


def posed_bottoms_s(reps: int) -> FloatArray:
    return np.asarray(FIRST_BOTTOM_S + EVERY_S * np.arange(reps))


def everyone() -> list[Landmark]:
    return list(Landmark)


@pytest.mark.parametrize("fps", [15, 24, 30, 60, 120])
@pytest.mark.parametrize("yaw_deg", [0, 90])
def test_repetitions_are_counted_and_their_bottom_found_at_any_frame_rate(fps: float, yaw_deg: float) -> None:
    found = bottoms_s(squats(3, fps=fps, yaw_deg=yaw_deg))
    assert len(found) == 3
    np.testing.assert_allclose(found, posed_bottoms_s(3), atol=1 / 30 + 1e-9)


def test_uneven_frame_times_change_neither_the_count_nor_the_bottom() -> None:
    steps_s = np.random.default_rng(RNG_SEED).uniform(0.4, 1.6, 340) / 30
    found = bottoms_s(squats(3, times_s=np.cumsum(steps_s)))
    assert len(found) == 3
    np.testing.assert_allclose(found, posed_bottoms_s(3), atol=1.6 / 30)


def test_dropped_frames_change_neither_the_count_nor_the_bottom() -> None:
    pose = squats(3)
    kept = np.random.default_rng(RNG_SEED).random(len(pose)) > 0.3
    found = bottoms_s(pose.at(kept))
    assert len(found) == 3
    np.testing.assert_allclose(found, posed_bottoms_s(3), atol=2 / 30)


def test_a_rate_that_changes_in_the_middle_is_no_matter() -> None:
    assert len(cut(concatenate(squats(2, fps=60), squats(2, fps=20)))) == 4


@pytest.mark.parametrize("depth_deg", [60, 75, 90, 105, 120])
@pytest.mark.parametrize("yaw_deg", YAWS)
def test_shallow_and_deep_squats_count(depth_deg: float, yaw_deg: float) -> None:
    assert len(cut(squats(2, depth_deg=depth_deg, yaw_deg=yaw_deg))) == 2


@pytest.mark.parametrize("yaw_deg", YAWS)
def test_a_half_movement_does_not_count(yaw_deg: float) -> None:
    assert cut(squats(3, depth_deg=35, yaw_deg=yaw_deg)) == ()


def test_half_movements_between_squats_do_not_count() -> None:
    pose = concatenate(squats(1), squats(1, depth_deg=30), squats(1))
    assert len(cut(pose)) == 2


@pytest.mark.parametrize("yaw_deg", YAWS)
@pytest.mark.parametrize("lead", ["left", "right", "alternate"])
def test_lunges_count_whichever_leg_leads(lead: str, yaw_deg: float) -> None:
    pose = lunges(2, lead=lead, yaw_deg=yaw_deg)
    np.testing.assert_allclose(bottoms_s(pose), [2.5, 6.5], atol=1 / 30 + 1e-9)


def test_a_camera_with_perspective_sees_the_same_repetitions() -> None:
    for yaw_deg in (0.0, 90.0):
        assert len(cut(squats(3, camera=Camera(yaw_deg, distance_m=4.0)))) == 3
        assert len(cut(lunges(2, camera=Camera(yaw_deg, distance_m=4.0)))) == 2


@pytest.mark.parametrize(
    "film",
    [
        lambda: standing(8.0),
        lambda: jittered(standing(8.0), 3.0),
        walking,
        lambda: walking(yaw_deg=90),
        walking_towards_the_camera,
        lambda: moved(walking(), scale=np.linspace(1.0, 0.5, 120)),
        passing_by,
        sitting,
        hopping,
        lambda: nobody(3.0),
    ],
    ids=["standing", "trembling", "steps", "steps aside", "nearing", "leaving", "passing", "sitting", "hops", "nobody"],
)
def test_other_movements_are_no_repetitions(film: Callable[[], Pose]) -> None:
    assert cut(film()) == ()


def test_squats_after_walking_in_are_counted_alone() -> None:
    assert len(cut(concatenate(walking_towards_the_camera(), standing(1.0), squats(2)))) == 2


def test_squats_before_sitting_down_are_counted_alone() -> None:
    assert len(cut(concatenate(squats(2, yaw_deg=90), sitting()))) == 2


def test_a_recording_that_starts_at_the_bottom_counts_only_what_it_shows_whole() -> None:
    pose = squats(3)
    from_the_bottom = pose.at(pose.time_s >= FIRST_BOTTOM_S)
    half_way_down = pose.at(pose.time_s >= FIRST_BOTTOM_S - 0.6)
    assert len(cut(from_the_bottom)) == 2
    assert len(cut(half_way_down)) == 2


def test_a_recording_that_ends_on_the_way_up_counts_only_what_it_shows_whole() -> None:
    pose = squats(3)
    last_bottom_s = posed_bottoms_s(3)[-1]
    assert len(cut(pose.at(pose.time_s <= last_bottom_s))) == 2
    assert len(cut(pose.at(pose.time_s <= last_bottom_s + 0.6))) == 2


def test_repetitions_without_a_pause_at_the_top_are_counted_one_by_one() -> None:
    pose = concatenate(standing(1.0), squats(6, rest_s=0.0, rep_s=1.6), standing(1.0))
    reps = cut(pose)
    assert len(reps) == 6
    assert all(before.end <= after.start for before, after in pairwise(reps))


def test_long_pauses_between_repetitions_are_no_matter() -> None:
    found = bottoms_s(squats(3, rest_s=12.0))
    np.testing.assert_allclose(found, 13.2 + 14.4 * np.arange(3), atol=1 / 30 + 1e-9)


@pytest.mark.parametrize("rep_s", [0.8, 1.5, 5.0, 9.0])
def test_quick_and_slow_repetitions_count(rep_s: float) -> None:
    assert len(cut(squats(3, rep_s=rep_s))) == 3


def test_the_bottom_of_a_squat_with_a_pause_is_the_middle_of_the_pause() -> None:
    reps = cut(squats(1, rep_s=4.4, pause_s=2.0))
    assert len(reps) == 1
    assert reps[0].bottom_s == pytest.approx(3.2, abs=0.1)


def test_the_bottom_of_an_uneven_squat_is_where_it_is_lowest() -> None:
    (rep,) = cut(lowered_slowly(down_s=2.4, up_s=0.6))
    assert rep.bottom_s == pytest.approx(3.4, abs=2 / 30)
    (rep,) = cut(lowered_slowly(down_s=0.6, up_s=2.4))
    assert rep.bottom_s == pytest.approx(1.6, abs=2 / 30)


@pytest.mark.parametrize(("seconds", "expected"), [(3.0, 1), (4.6, 0), (8.0, 0)])
def test_a_pause_at_the_bottom_is_a_repetition_and_a_seat_is_none(seconds: float, expected: int) -> None:
    assert len(cut(sitting(seconds))) == expected


def test_a_repetition_whose_bottom_was_not_seen_is_not_counted() -> None:
    pose = squats(3)
    away = np.abs(pose.time_s - posed_bottoms_s(3)[1]) < 0.6
    found = bottoms_s(hidden(pose, everyone(), away, coordinates=True))
    np.testing.assert_allclose(found, posed_bottoms_s(3)[[0, 2]], atol=1 / 30 + 1e-9)


def test_a_few_lost_frames_do_not_lose_a_repetition() -> None:
    pose = squats(3)
    lost = np.abs(pose.time_s - posed_bottoms_s(3)[1] - 0.5) < 0.08
    assert len(cut(hidden(pose, everyone(), lost, coordinates=True))) == 3


def test_hips_that_a_plate_hides_are_followed_by_the_shoulders() -> None:
    pose = squats(3, yaw_deg=90)
    behind = np.abs(pose.time_s - posed_bottoms_s(3)[1]) < 0.7
    found = bottoms_s(hidden(pose, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP], behind))
    np.testing.assert_allclose(found, posed_bottoms_s(3), atol=0.25)


def test_a_movement_that_was_out_of_sight_is_passed_over_by_name() -> None:
    pose = squats(3)
    away = np.abs(pose.time_s - posed_bottoms_s(3)[1] - 0.3) < 0.6
    found = split(hidden(pose, everyone(), away, coordinates=True))
    assert len(found.reps) == 2
    assert [other.reason.partition(":")[0] for other in found.passed_over] == ["was out of sight"]


def test_the_last_repetition_counts_where_the_person_walks_up_to_the_camera_after_it() -> None:
    pose = squats(3)
    steps = walking(2.0)
    coming = moved(steps, scale=np.linspace(1.0, 1.7, len(steps)), by_px=(0.0, np.linspace(0.0, -150.0, len(steps))))
    assert len(cut(concatenate(pose, coming))) == 3


def test_who_steps_into_a_split_stance_loses_no_repetition() -> None:
    heights = [(0.0, 0.0), (1.0, 0.0), (1.6, 0.35), (2.2, 0.35), (3.0, 1.0), (3.8, 0.35), (4.4, 0.35), (5.2, 1.0)]
    heights += [(6.0, 0.35), (6.6, 0.35), (7.2, 0.0), (8.2, 0.0)]
    time_s = np.arange(246) / 30
    down = np.interp(time_s, *zip(*heights, strict=True))
    found = cut(photograph(lunge("left", down=down), Camera(90.0), time_s))
    np.testing.assert_allclose([rep.bottom_s for rep in found], [3.0, 5.2], atol=0.1)
    assert found[0].start_s > 2.0


def test_a_repetition_begins_where_the_body_does_while_the_picture_drifts() -> None:
    """A camera in somebody's hand sinks slowly by a quarter of the fall before the squat begins."""
    pose = concatenate(standing(4.0), squats(1))
    drift_px = np.interp(pose.time_s, (0.5, 4.5), (-80.0, 0.0))
    (rep,) = cut(moved(pose, by_px=(0.0, drift_px)))
    assert rep.start_s == pytest.approx(5.0, abs=0.5)


@pytest.mark.parametrize("seed", range(3))
def test_the_bottom_lies_where_the_body_is_low(seed: int) -> None:
    for rep_s, pause_s in ((2.4, 0.0), (5.0, 3.0)):
        pose = squats(2, rep_s=rep_s, pause_s=pause_s)
        smooth = smooth_recording(jittered(pose, 0.02 * leg_length_px(pose), seed))
        for rep in cut_reps(smooth, pose):
            depth = depth_fraction(pose.at(rep.frames))
            assert depth[rep.bottom - rep.start] > 0.7


def test_somebody_who_leaves_and_comes_back_is_counted_before_and_after() -> None:
    assert len(cut(concatenate(squats(2), nobody(3.0), squats(1)))) == 3


@pytest.mark.parametrize("fps", [15, 30, 60])
@pytest.mark.parametrize("seed", range(5))
def test_noise_of_a_hundredth_of_the_leg_is_no_matter(fps: float, seed: int) -> None:
    pose = squats(3, fps=fps, depth_deg=90)
    found = bottoms_s(jittered(pose, 0.01 * leg_length_px(pose), seed))
    assert len(found) == 3
    np.testing.assert_allclose(found, posed_bottoms_s(3), atol=0.15)


@pytest.mark.parametrize(("scale", "by_px"), [(0.3, (0.0, 0.0)), (1.0, (-150.0, 40.0)), (0.6, (100.0, -120.0))])
def test_neither_size_nor_place_in_the_picture_changes_a_repetition(scale: float, by_px: tuple[float, float]) -> None:
    pose = squats(3)
    assert cut(moved(pose, scale=scale, by_px=by_px)) == cut(pose)


def test_one_hip_is_enough() -> None:
    one_sided = hidden(squats(3, yaw_deg=90), [Landmark.RIGHT_HIP, Landmark.RIGHT_KNEE, Landmark.RIGHT_ANKLE])
    assert len(cut(one_sided)) == 3


def test_repetitions_are_numbered_in_order_with_times_that_belong_to_their_frames() -> None:
    pose = squats(4)
    reps = cut(pose)
    assert [rep.number for rep in reps] == [1, 2, 3, 4]
    for rep in reps:
        assert rep.start < rep.bottom < rep.end
        assert [rep.start_s, rep.bottom_s, rep.end_s] == pose.time_s[[rep.start, rep.bottom, rep.end]].tolist()
        assert rep.frames == slice(rep.start, rep.end + 1)
        assert rep.lead_side is None


def test_a_repetition_starts_and_ends_near_where_the_movement_does() -> None:
    for rep, bottom_s in zip(cut(squats(3)), posed_bottoms_s(3), strict=True):
        assert rep.start_s == pytest.approx(bottom_s - 1.2, abs=0.35)
        assert rep.end_s == pytest.approx(bottom_s + 1.2, abs=0.35)
        assert rep.start_s >= bottom_s - 1.2 - 1 / 30
        assert rep.end_s <= bottom_s + 1.2 + 1 / 30


def test_phases_go_from_standing_down_and_up_to_standing() -> None:
    pose = squats(2)
    reps = cut(pose)
    phase = phases(pose.time_s, reps)
    once = [Phase.ECCENTRIC, Phase.CONCENTRIC, Phase.STANDING]
    assert [str(key) for key, _ in groupby(phase)] == [Phase.STANDING, *once, *once]
    for rep in reps:
        assert (phase[rep.start], phase[rep.bottom], phase[rep.end]) == (
            Phase.ECCENTRIC,
            Phase.ECCENTRIC,
            Phase.CONCENTRIC,
        )
        assert phase[rep.bottom + 1] == Phase.CONCENTRIC
        assert phase[rep.start - 1] == phase[rep.end + 1] == Phase.STANDING


def test_a_recording_without_repetitions_is_standing_throughout() -> None:
    assert set(phases(np.arange(5.0), ()).tolist()) == {str(Phase.STANDING)}


def test_depth_goes_from_nought_at_the_higher_end_to_one_at_the_bottom() -> None:
    pose = smooth_recording(squats(1))
    (rep,) = cut_reps(pose)
    depth = depth_fraction(pose.at(rep.frames))
    assert len(depth) == rep.end + 1 - rep.start
    assert min(depth[0], depth[-1]) == pytest.approx(0.0, abs=1e-9)
    assert depth.max() == 1.0
    assert depth[rep.bottom - rep.start] == pytest.approx(1.0, abs=0.03)


def test_the_length_of_the_leg_and_the_height_of_the_hips_are_those_of_the_figure() -> None:
    pose = standing(1.0)
    px_per_m = Camera().px_per_m
    assert leg_length_px(pose) == pytest.approx(0.8 * px_per_m, rel=1e-6)
    leg_px, lower = leg_length_px(pose), moved(pose, by_px=(0.0, 0.4 * px_per_m))
    fallen = followed_height_ratio(pose, leg_px) - followed_height_ratio(lower, leg_px)
    np.testing.assert_allclose(fallen, 0.5)


def test_hip_height_is_unknown_where_neither_hip_is_seen() -> None:
    pose = hidden(standing(1.0), [Landmark.LEFT_HIP, Landmark.RIGHT_HIP], slice(3, 5), coordinates=True)
    assert np.flatnonzero(np.isnan(hips_y_px(pose))).tolist() == [3, 4]


@pytest.mark.parametrize("frames", [0, 1, 2])
def test_a_recording_of_hardly_any_frames_has_no_repetition(frames: int) -> None:
    pose = standing(1.0).at(slice(0, frames))
    assert cut(pose) == ()


def test_a_recording_in_which_only_one_frame_shows_somebody_has_no_repetition() -> None:
    pose = nobody(1.0)
    image_px = pose.image_px.copy()
    image_px[7] = standing(1.0).image_px[0]
    assert cut_reps(replace(pose, image_px=image_px)) == ()
