"""The sessions of one athlete in one exercise over time: each measure, each fault and each pair of sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from formcheck.progress.change import Outcome, Rate, rate_outcome
from formcheck.progress.past_session import (
    Change,
    Key,
    Level,
    PastSession,
    RateKey,
    SidePair,
    change,
    check_named,
    levels,
    rates,
    side_pairs,
)


@dataclass(frozen=True, slots=True)
class Course:
    """One measure over the sessions in which it was seen, two or more, in order."""

    key: Key
    sessions: tuple[PastSession, ...]
    levels: tuple[Level, ...]
    since_first: Change
    since_previous: Change


@dataclass(frozen=True, slots=True)
class RateCourse:
    """One fault over the sessions in which it was judged, two or more, in order."""

    key: RateKey
    sessions: tuple[PastSession, ...]
    rates: tuple[Rate, ...]
    since_first: Outcome
    since_previous: Outcome


@dataclass(frozen=True, slots=True)
class SideCourse:
    """Left against right over the sessions in which both were seen, in order."""

    key: Key
    sessions: tuple[PastSession, ...]
    pairs: tuple[SidePair, ...]


def by_exercise(sessions: Sequence[PastSession]) -> dict[str, list[PastSession]]:
    """The sessions of each exercise, in the order given."""
    found: dict[str, list[PastSession]] = {}
    for one in sessions:
        found.setdefault(one.exercise, []).append(one)
    return found


def courses(sessions: Sequence[PastSession]) -> Iterator[Course]:
    """Every measure that was seen in two sessions or more; the sessions are of one exercise and in order."""
    found: dict[Key, list[tuple[PastSession, Level]]] = {}
    for one in sessions:
        for key, level in levels(one).items():
            found.setdefault(key, []).append((one, level))
    for key, seen in found.items():
        if len(seen) > 1:
            check = check_named(sessions[0].exercise, key.check)
            seen_in, values = zip(*seen, strict=True)
            first, previous = (change(check, key, values[index], values[-1]) for index in (0, -2))
            yield Course(key, seen_in, values, first, previous)


def rate_courses(sessions: Sequence[PastSession]) -> Iterator[RateCourse]:
    """Every fault that was judged in two sessions or more; the sessions are of one exercise and in order."""
    found: dict[RateKey, list[tuple[PastSession, Rate]]] = {}
    for one in sessions:
        for key, rate in rates(one).items():
            found.setdefault(key, []).append((one, rate))
    for key, judged in found.items():
        if len(judged) > 1:
            seen_in, counted = zip(*judged, strict=True)
            first, previous = (_outcome(judged[index], judged[-1]) for index in (0, -2))
            yield RateCourse(key, seen_in, counted, first, previous)


def _outcome(before: tuple[PastSession, Rate], after: tuple[PastSession, Rate]) -> Outcome:
    """UNKNOWN where they were judged by other limits."""
    return rate_outcome(before[1], after[1]) if before[0].profile == after[0].profile else Outcome.UNKNOWN


def side_courses(sessions: Sequence[PastSession]) -> Iterator[SideCourse]:
    """Every measure that was seen on both sides, or with both legs leading; the sessions are of one exercise."""
    found: dict[Key, list[tuple[PastSession, SidePair]]] = {}
    for one in sessions:
        for pair in side_pairs(one):
            found.setdefault(pair.key, []).append((one, pair))
    for key, seen in found.items():
        seen_in, pairs = zip(*seen, strict=True)
        yield SideCourse(key, seen_in, pairs)
