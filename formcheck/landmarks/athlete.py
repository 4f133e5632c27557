"""Which of several people in view is the athlete: sightings joined to people, and where each is at any time.

A sighting is the :class:`~formcheck.body.pose.Pose` of one person at one instant, found in a single picture without
memory of the one before. A size is the longer side of the box around a body, in pixels; it shrinks as the person
squats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np

from formcheck.body.pose import HIPS, MIN_VISIBILITY, SHOULDERS, BoolArray, FloatArray, Pose

#: A body moves at most this far from one sighting to the next, in its own sizes, and further with the time between,
#: up to so many seconds.
_REACH_SIZES, _REACH_SIZES_PER_S, _REACH_S = 0.5, 0.75, 2.0
#: A pose this close to where a person should be is that person's, even if somebody else passes there as well.
_SAME_SIZES = 0.2
#: Two sightings of one person differ in size by no more than this factor; a squat halves it.
_SIZE_FACTOR = 2.5
#: Between two sightings the person is taken to be there if they are this close in time, or closer than _REACH_SIZES:
#: long enough to walk past somebody, who hides the walker meanwhile.
_GAP_S = 4.0
#: How long before the first and after the last sighting a person counts as in view.
_EDGE_S = 0.5
#: Fewer sightings than this, or in a smaller share of the pictures in between, are a thing: a potted plant was found in
#: 29 of 89 pictures, somebody who passed behind the athlete in 4 of 8, who stayed in view in all.
_MIN_SIGHTINGS, _MIN_SHARE = 3, 0.4
#: Movement of somebody who stands still, in sizes: it keeps a giant who does not move from winning by noise.
_STILL_SIZES = 0.05
#: What is added around a body's box, in sizes: hair, fingers and what moved since the last sighting.
_MARGIN_SIZES = 0.2
#: Somebody in front hides this share of the athlete's box or more.
_HIDDEN_SHARE = 0.15
#: Who is smaller than this, with the feet no lower than _FEET_SIZES, is behind the athlete and hides nothing.
_BEHIND_SIZES, _FEET_SIZES = 0.8, 0.1


@dataclass(slots=True)
class Person:
    """The sightings of one person, in order of time."""

    sightings: list[Pose] = field(default_factory=list)

    @property
    def time_s(self) -> FloatArray:
        """When the person was sighted, (N,)."""
        return np.array([float(sighting.time_s) for sighting in self.sightings])

    def traits(self) -> FloatArray:
        """Centre of the trunk x, y, and box x0, y0, x1, y1 of every sighting, (N, 6), pixels."""
        return np.array([np.concatenate([trunk_px(seen), body_box_px(seen)]) for seen in self.sightings])


def trunk_px(pose: Pose) -> FloatArray:
    """The middle between shoulders and hips, (..., 2), pixels; NaN where nobody was seen."""
    return np.asarray(np.mean(pose.image_px[..., [*SHOULDERS, *HIPS], :], axis=-2))


def body_box_px(pose: Pose) -> FloatArray:
    """Left, top, right and bottom of the visible landmarks of an instant, (4,); of all if none counts as visible."""
    visible = pose.visibility >= MIN_VISIBILITY
    points = pose.image_px[visible] if visible.any() else pose.image_px
    return np.concatenate([points.min(axis=0), points.max(axis=0)])


def wider(box_px: FloatArray) -> FloatArray:
    """A box with room for what landmarks do not reach, (..., 4), pixels."""
    margin = _MARGIN_SIZES * size_px(box_px)[..., None]
    return np.asarray(box_px + margin * np.array([-1, -1, 1, 1]))


def size_px(box_px: FloatArray) -> FloatArray:
    """The longer side of boxes (..., 4)."""
    return np.asarray(np.maximum(box_px[..., 2] - box_px[..., 0], box_px[..., 3] - box_px[..., 1]))


def join_people(sightings: Sequence[Pose], survey_s: FloatArray) -> list[Person]:
    """Sightings of one picture after the other joined to people, left to right by where each was first seen.

    Args:
        sightings: In order of time; those of one picture have the same time.
        survey_s: The times of all pictures that were searched, (S,), also of those in which nobody was found.
    """
    people: list[Person] = []
    for _, group in groupby(sightings, key=lambda sighting: float(sighting.time_s)):
        found = list(group)
        for person, sighting in _closest_pairs(people, found):
            person.sightings.append(sighting)
            found = [other for other in found if other is not sighting]
        people += [Person([sighting]) for sighting in found]
    real = [person for person in people if _is_real(person, survey_s)]
    return sorted(real, key=lambda person: float(trunk_px(person.sightings[0])[0]))


def _closest_pairs(people: Sequence[Person], found: Sequence[Pose]) -> list[tuple[Person, Pose]]:
    """Who of the known people each new sighting is, the surest first; nobody twice."""
    reachable = []
    for person_index, person in enumerate(people):
        last = person.sightings[-1]
        last_size = float(size_px(body_box_px(last)))
        for index, sighting in enumerate(found):
            size = float(size_px(body_box_px(sighting)))
            larger, smaller = max(size, last_size), max(min(size, last_size), 1.0)
            distance = float(np.linalg.norm(trunk_px(sighting) - trunk_px(last))) / larger
            waited_s = min(float(sighting.time_s - last.time_s), _REACH_S)
            if distance <= _REACH_SIZES + _REACH_SIZES_PER_S * waited_s and larger <= _SIZE_FACTOR * smaller:
                reachable.append((distance + np.log(larger / smaller), person_index, index))
    pairs, taken, used = [], set(), set()
    for _, person_index, index in sorted(reachable):
        if person_index not in taken and index not in used:
            taken.add(person_index)
            used.add(index)
            pairs.append((people[person_index], found[index]))
    return pairs


def _is_real(person: Person, survey_s: FloatArray) -> bool:
    times = person.time_s
    looked = int(np.count_nonzero((survey_s >= times[0]) & (survey_s <= times[-1])))
    return len(times) >= max(_MIN_SIGHTINGS, _MIN_SHARE * looked)


def athlete_index(people: Sequence[Person], surveys: int) -> int:
    """Which of ``people`` trains: large, often in view, hips going up and down, and not walking about.

    Args:
        people: At least one.
        surveys: How many pictures were searched.
    """
    return int(np.argmax([_athletic(person, surveys) for person in people]))


def _athletic(person: Person, surveys: int) -> float:
    traits = person.traits()
    hips_px = np.array([np.mean(sighting.image_px[list(HIPS), 1]) for sighting in person.sightings])
    size = float(np.percentile(size_px(traits[:, 2:]), 90))
    up_and_down, sideways = (np.ptp(np.percentile(values, [5, 95])) / size for values in (hips_px, traits[:, 0]))
    presence = len(person.sightings) / surveys
    return float(size * presence * (_STILL_SIZES + up_and_down) / (1 + sideways))


def has_jumped(pose: Pose) -> bool:
    """Whether somewhere in a recording (T,) the body is suddenly elsewhere: perhaps somebody else's."""
    seen = pose.at(np.isfinite(pose.image_px[:, 0, 0]))
    if len(seen) == 0:
        return False
    boxes = np.concatenate([seen.image_px.min(axis=-2), seen.image_px.max(axis=-2)], axis=-1)
    moved_px = np.linalg.norm(np.diff(trunk_px(seen), axis=0), axis=-1)
    reach_sizes = _REACH_SIZES + _REACH_SIZES_PER_S * np.diff(seen.time_s).clip(max=_REACH_S)
    return bool((moved_px > reach_sizes * size_px(boxes)[1:]).any())


def whereabouts(person: Person, time_s: FloatArray) -> FloatArray:
    """Trunk and box of a person, (T, 6) as :meth:`Person.traits`, at any times; NaN while not in view."""
    known_s, traits = person.time_s, person.traits()
    at = np.stack([np.interp(time_s, known_s, column) for column in traits.T], axis=-1)
    after = np.searchsorted(known_s, time_s).clip(1, max(len(known_s) - 1, 1))
    before, after = np.minimum(after - 1, len(known_s) - 1), np.minimum(after, len(known_s) - 1)
    moved = np.linalg.norm(traits[after, :2] - traits[before, :2], axis=-1)
    bridged = (known_s[after] - known_s[before] <= _GAP_S) | (moved <= _REACH_SIZES * size_px(traits[before, 2:]))
    near = np.abs(time_s[:, None] - known_s).min(axis=-1) <= _EDGE_S
    inside = (time_s >= known_s[0]) & (time_s <= known_s[-1])
    at[~(near | (inside & bridged))] = np.nan
    return at


def windows_px(person: Person, time_s: FloatArray) -> FloatArray:
    """The part of the picture that holds a person at each time, (T, 4) as a box; NaN while not in view."""
    windows = whereabouts(person, time_s)[:, 2:]
    times, boxes = person.time_s, person.traits()[:, 2:]
    for index in np.flatnonzero(np.isfinite(windows[:, 0])):
        near = boxes[np.abs(times - time_s[index]) <= _EDGE_S]
        both = np.concatenate([near, windows[index : index + 1]])
        windows[index] = np.concatenate([both[:, :2].min(axis=0), both[:, 2:].max(axis=0)])
    return wider(windows)


def is_person(pose: Pose, people: Sequence[Person], chosen: int) -> BoolArray:
    """Whether the pose of each frame, (T,), is the chosen person's and nobody else's; False if unseen."""
    places = np.stack([whereabouts(person, pose.time_s) for person in people])
    distances = np.nan_to_num(np.linalg.norm(places[..., :2] - trunk_px(pose), axis=-1), nan=np.inf)
    own, size = distances[chosen], np.nan_to_num(size_px(places[chosen, :, 2:]))
    return np.asarray((own <= _SAME_SIZES * size) | ((own <= _REACH_SIZES * size) & (own <= distances.min(axis=0))))


def is_hidden(people: Sequence[Person], chosen: int, time_s: FloatArray) -> BoolArray:
    """Whether somebody is in front of the chosen person, (T,)."""
    places = [whereabouts(person, time_s)[:, 2:] for person in people]
    own = places[chosen]
    own_size = float(np.nanmax(size_px(own)))
    hidden = np.zeros(len(time_s), dtype=bool)
    for index, other in enumerate(places):
        if index == chosen:
            continue
        corners = np.minimum(own[:, 2:], other[:, 2:]) - np.maximum(own[:, :2], other[:, :2])
        shared = np.prod(corners.clip(0), axis=-1) / np.prod(own[:, 2:] - own[:, :2], axis=-1)
        with np.errstate(invalid="ignore"):
            behind = size_px(other) < _BEHIND_SIZES * own_size
            behind &= other[:, 3] < own[:, 3] + _FEET_SIZES * own_size
            hidden |= (shared >= _HIDDEN_SHARE) & ~behind
    return hidden
