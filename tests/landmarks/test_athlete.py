from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from bodies import nobody, squats, standing

from formcheck.body.pose import FloatArray, Pose
from formcheck.landmarks.athlete import (
    Person,
    athlete_index,
    has_jumped,
    is_hidden,
    is_person,
    join_people,
    trunk_px,
    whereabouts,
    windows_px,
)

EVERY_S = 1 / 3
ATHLETE = squats(3)
STANDER = standing(float(ATHLETE.time_s[-1]))


def placed(pose: Pose, x_px: FloatArray | float, scale: float = 1.0, floor_px: float = 816.0) -> Pose:
    """The body with its feet at ``floor_px`` and its middle at ``x_px``, (T,) for somebody who walks."""
    feet = np.array([480.0, 816.0])
    moved = (pose.image_px - feet) * scale
    middle = np.broadcast_to(np.asarray(x_px, dtype=float), pose.time_s.shape)
    target = np.stack([middle, np.full(pose.time_s.shape, floor_px)], axis=-1)
    return replace(pose, image_px=moved + target[..., None, :], visibility=np.ones(pose.visibility.shape))


def survey_of(*bodies: Pose) -> tuple[list[Pose], FloatArray]:
    """The sightings of a survey in which everybody is found where seen, and the times of its pictures."""
    times = np.arange(0, float(max(body.time_s[-1] for body in bodies)), EVERY_S)
    sightings = []
    for time in times:
        for body in bodies:
            index = int(np.argmin(np.abs(body.time_s - time)))
            instant = body.at(index)
            if abs(float(instant.time_s) - time) < EVERY_S / 2 and np.isfinite(instant.image_px).all():
                sightings.append(replace(instant, time_s=np.asarray(time)))
    return sightings, times


def people_of(*bodies: Pose) -> tuple[list[Person], int]:
    sightings, times = survey_of(*bodies)
    return join_people(sightings, times), len(times)


def between(pose: Pose, first_s: float, last_s: float) -> Pose:
    return pose.at((pose.time_s >= first_s) & (pose.time_s <= last_s))


def middles(people: Sequence[Person]) -> list[int]:
    return [round(float(np.median([trunk_px(seen)[0] for seen in person.sightings]))) for person in people]


def walker(scale: float, floor_px: float = 816.0) -> Pose:
    """Somebody who crosses the whole picture, in front of or behind the middle."""
    return placed(STANDER, np.linspace(-100, 1060, len(STANDER)), scale, floor_px)


def test_people_are_numbered_from_left_to_right_whatever_the_order_in_which_a_picture_yields_them() -> None:
    bodies = placed(STANDER, 800), placed(ATHLETE, 450), placed(STANDER, 150, 0.6)
    people, _ = people_of(*bodies)
    assert middles(people) == [150, 450, 800]
    assert len({len(person.sightings) for person in people}) == 1


@pytest.mark.parametrize("scale", [0.4, 0.7, 1.0])
def test_who_squats_is_the_athlete_also_if_smaller_than_who_stands(scale: float) -> None:
    people, surveys = people_of(placed(STANDER, 250), placed(ATHLETE, 700, scale))
    assert athlete_index(people, surveys) == 1


def test_of_a_body_and_its_smaller_mirror_image_the_body_is_the_athlete() -> None:
    people, surveys = people_of(placed(ATHLETE, 250, 0.75, 700), placed(ATHLETE, 650))
    assert athlete_index(people, surveys) == 1


def test_of_two_who_only_stand_the_one_longer_in_view_is_taken() -> None:
    people, surveys = people_of(between(placed(STANDER, 250), 0, 3), placed(STANDER, 700))
    assert athlete_index(people, surveys) == 1


def test_who_walks_about_is_not_the_athlete_though_nearer() -> None:
    people, surveys = people_of(walker(1.4), placed(ATHLETE, 480, 0.8))
    assert middles(people)[athlete_index(people, surveys)] == 480


def test_somebody_who_passes_stays_one_person_and_does_not_become_the_athlete() -> None:
    people, _ = people_of(walker(0.6), placed(ATHLETE, 480))
    assert len(people) == 2
    xs = [[float(trunk_px(seen)[0]) for seen in person.sightings] for person in people]
    assert np.ptp(xs[1]) < 20
    assert np.all(np.diff(xs[0]) > 0)


def test_what_is_found_now_and_then_is_not_a_person() -> None:
    sightings, times = survey_of(placed(ATHLETE, 300))
    plant = placed(STANDER, 800).at(0)
    rare = [replace(plant, time_s=np.asarray(times[index])) for index in (2, 9)]
    scattered = [replace(plant, time_s=np.asarray(time)) for time in times[::5]]
    for found in (rare, scattered):
        joined = sorted([*sightings, *found], key=lambda seen: float(seen.time_s))
        assert middles(join_people(joined, times)) == [300]


def test_a_person_is_where_the_sightings_say_and_nowhere_outside_of_them() -> None:
    body = placed(ATHLETE, 300)
    [person], _ = people_of(between(body, 3, 6))
    places = whereabouts(person, body.time_s)
    assert np.isnan(places[(body.time_s < 2.4) | (body.time_s > 6.6)]).all()
    inside = (body.time_s > 3.2) & (body.time_s < 5.8)
    assert (
        np.abs(places[inside, :2] - trunk_px(body)[inside]).max() < 60
    )  # of a body 700 px tall, a third of a second on


def test_a_short_absence_is_bridged_and_a_long_one_elsewhere_is_not() -> None:
    times = np.arange(0, 20, EVERY_S)
    instant = placed(STANDER, 300).at(0)
    for gone_s, x_after, bridged in ((3, 300, True), (10, 300, True), (3, 800, True), (10, 800, False)):
        seen = [replace(instant, time_s=np.asarray(time)) for time in times if time < 3]
        there = replace(instant, image_px=instant.image_px + np.array([x_after - 300, 0]))
        seen += [replace(there, time_s=np.asarray(time)) for time in times if 3 + gone_s < time]
        middle = whereabouts(Person(seen), np.array([3 + gone_s / 2]))
        assert bool(np.isfinite(middle).all()) is bridged


def test_the_window_holds_the_whole_body_at_every_time() -> None:
    body = placed(ATHLETE, 300)
    [person], _ = people_of(body)
    windows = windows_px(person, body.time_s)
    assert np.all(body.image_px.min(axis=1) > windows[:, :2])
    assert np.all(body.image_px.max(axis=1) < windows[:, 2:])
    assert np.all(windows[:, 2] - windows[:, 0] < 800)


def test_the_pose_of_each_frame_is_told_from_the_others() -> None:
    athlete, other = placed(ATHLETE, 300), placed(STANDER, 700)
    people, _ = people_of(athlete, other)
    assert is_person(athlete, people, 0).all()
    assert not is_person(other, people, 0).any()
    assert is_person(other, people, 1).all()
    assert not is_person(nobody(1.0), people, 0).any()


def test_somebody_who_passes_behind_does_not_take_the_pose_away() -> None:
    athlete = placed(ATHLETE, 480)
    people, _ = people_of(walker(0.6, 780), athlete)
    chosen = middles(people).index(480)
    assert is_person(athlete, people, chosen).all()
    assert not is_hidden(people, chosen, athlete.time_s).any()


def test_the_athlete_is_hidden_while_somebody_passes_in_front_and_only_then() -> None:
    athlete, passing = placed(ATHLETE, 480), walker(1.1, 850)
    people, _ = people_of(passing, athlete)
    chosen = middles(people).index(480)
    hidden = is_hidden(people, chosen, athlete.time_s)
    apart_px = np.abs(np.interp(athlete.time_s, passing.time_s, trunk_px(passing)[:, 0]) - 480)
    assert hidden[apart_px < 60].all()
    assert not hidden[apart_px > 350].any()


def test_a_body_that_is_suddenly_elsewhere_has_jumped() -> None:
    athlete = placed(ATHLETE, 300)
    assert not has_jumped(athlete)
    assert not has_jumped(nobody(1.0))
    assert not has_jumped(walker(1.0))
    late = np.where(athlete.time_s > 3, 700.0, 300.0)
    assert has_jumped(placed(ATHLETE, late))


@pytest.mark.parametrize(("shared", "is_covered"), [(0.05, False), (0.25, True)])
def test_who_covers_a_quarter_of_the_athlete_hides_and_who_touches_the_edge_does_not(
    shared: float, *, is_covered: bool
) -> None:
    width_px = float(np.ptp(STANDER.image_px[0, :, 0]))
    athlete, other = placed(STANDER, 400), placed(STANDER, 400 + (1 - shared) * width_px)
    people = [Person([body.at(index) for index in range(0, len(body), 10)]) for body in (athlete, other)]
    assert is_hidden(people, 0, STANDER.time_s).tolist() == [is_covered] * len(STANDER)
