"""Cuts in a film: found by body and picture, and nothing is measured across them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from bodies import concatenate, hidden, jittered, lunges, squats, standing
from recordings import hopping, moved, passing_by

from formcheck.body.pose import Landmark, Pose
from formcheck.checks.judge_recording import analyze_poses
from formcheck.frames.cuts import FilmCuts
from formcheck.frames.frame import Frame
from formcheck.measures.shots import landmark_cuts, shots


def test_a_cut_is_where_the_body_is_elsewhere_at_once() -> None:
    nearer = moved(standing(1.0), scale=0.6, by_px=(250.0, 0.0))
    assert landmark_cuts(concatenate(standing(1.0), nearer)) == [30]


def test_a_cut_is_where_the_body_has_turned_at_once_in_the_same_place() -> None:
    assert landmark_cuts(concatenate(standing(1.0, yaw_deg=90), standing(1.0, yaw_deg=0))) == [30]


@pytest.mark.parametrize(
    "pose", [squats(2, fps=12, rep_s=1.0), lunges(2, yaw_deg=0), hopping(), passing_by(), jittered(squats(1), 8.0)]
)
def test_people_in_motion_are_no_cut(pose: Pose) -> None:
    assert landmark_cuts(pose) == []


def test_a_body_that_is_lost_for_a_moment_or_guessed_elsewhere_in_one_frame_is_no_cut() -> None:
    pose = standing(2.0)
    image_px = pose.image_px.copy()
    image_px[30] += 300.0
    assert landmark_cuts(replace(pose, image_px=image_px)) == []
    assert landmark_cuts(hidden(pose, list(Landmark), slice(20, 25), coordinates=True)) == []


def test_shots_are_all_frames_in_order_and_known_cuts_are_among_their_edges() -> None:
    parts = shots(standing(2.0), [20, 0, 60, 45])
    assert [(part.start, part.stop) for part in parts] == [(0, 20), (20, 45), (45, 60)]


def test_half_a_repetition_before_a_cut_and_half_of_another_after_it_are_none() -> None:
    first, second = squats(1, yaw_deg=90), moved(squats(1, yaw_deg=90), by_px=(40.0, 0.0))
    down = first.at(first.time_s <= 2.2)
    up = second.at(second.time_s >= 2.2)
    film = concatenate(down, up)
    assert len(analyze_poses(film).reps) == 1
    assert analyze_poses(film, cuts=[len(down)]).reps == ()


def test_repetitions_of_every_shot_are_counted_with_their_own_baseline() -> None:
    far = moved(squats(2), scale=0.5)
    report = analyze_poses(concatenate(squats(2), far))
    assert [rep.rep.number for rep in report.reps] == [1, 2, 3, 4]
    drops = [rep.measures["hip_drop_ratio"] for rep in report.reps]
    np.testing.assert_allclose(drops, drops[0], rtol=0.01)
    numbers = report.timeseries.rep_number
    assert all(set(numbers[rep.rep.frames].tolist()) == {rep.rep.number} for rep in report.reps)


def frames(*shades: int, size: int = 64) -> list[Frame]:
    return [Frame(i, i / 30, np.full((size, size, 3), shade, dtype=np.uint8)) for i, shade in enumerate(shades)]


def cuts_of(film: list[Frame]) -> tuple[int, ...]:
    found = FilmCuts()
    look = found.follow()
    for frame in film:
        look(frame)
    return found.first_frames()


def test_the_picture_shows_a_cut_where_nearly_everything_changes_at_once() -> None:
    assert cuts_of(frames(*[20] * 20, *[200] * 20)) == (20,)


def test_a_slow_change_of_the_whole_picture_is_no_cut() -> None:
    assert cuts_of(frames(*range(20, 220, 5))) == ()


def test_a_flash_begins_one_shot_and_not_two() -> None:
    assert len(cuts_of(frames(*[20] * 20, 250, *[20] * 20))) <= 1


def test_two_halves_that_overlap_find_what_one_pass_finds() -> None:
    film = frames(*[20] * 20, *[200] * 20)
    found = FilmCuts()
    for part in (film[:25], film[15:]):
        look = found.follow()
        for frame in part:
            look(frame)
    assert found.first_frames() == (20,)
