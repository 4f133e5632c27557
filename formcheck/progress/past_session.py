"""Sessions side by side: what each measured, what has changed between two, and what load has to do with it.

A session's value is the median over its repetitions of the same view and leading leg; its error is that of one
repetition, because most of it is the same in all (:func:`formcheck.progress.change.smallest_change`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import TypeVar

from formcheck.body.pose import Side
from formcheck.body.view import Plane
from formcheck.checks.check import Check, Known
from formcheck.checks.exercises import check_row, checks_of
from formcheck.progress.change import Outcome, Rate, rate_outcome, smallest_change

_K = TypeVar("_K")

#: A form score that is lower by so many points has fallen: 40 % of what a plain fault costs.
SCORE_FELL = 10.0


def is_of_session(check: str) -> bool:
    """Whether the one value of a check is of the whole session: no repetition can be counted as faulty by it."""
    return check_row(check).known is Known.SET_OVER


@dataclass(frozen=True, slots=True)
class Observation:
    """One finding of one repetition, as stored; ``value`` and ``uncertainty`` in the unit of its check."""

    rep_number: int
    plane: Plane
    lead_side: Side | None
    check: str
    fault: str
    side: Side | None
    value: float | None
    uncertainty: float | None
    is_judged: bool
    is_faulty: bool


@dataclass(frozen=True, slots=True)
class PastSession:
    """One session as stored. ``at`` (UTC where a zone was told) orders sessions, ``is_dated`` if a date was given.

    What is not known is None: athlete, time and load are told by the manifest of a batch. ``velocity_loss_pct`` is the
    most that a set lost from its fastest repetition to its last, with its standard error.
    """

    name: str
    athlete: str | None
    at: datetime | None
    is_dated: bool
    exercise: str
    profile: str
    plane: Plane
    model: str
    version: str
    rep_count: int
    form_score: float | None
    load_kg: float | None
    observations: tuple[Observation, ...]
    velocity_loss_pct: float | None = None
    velocity_loss_error_pct: float | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """What can be compared with the same of another session."""

    check: str
    plane: Plane
    side: Side | None
    lead_side: Side | None


@dataclass(frozen=True, slots=True)
class Level:
    """A session's value: the median over ``reps`` repetitions, from ``low`` to ``high``. ``error`` None: not known."""

    value: float
    low: float
    high: float
    reps: int
    error: float | None
    is_faulty: bool


@dataclass(frozen=True, slots=True)
class Change:
    """From ``before`` to ``after``; ``smallest`` is the smallest difference that is more than error."""

    key: Key
    before: Level
    after: Level
    difference: float
    smallest: float | None
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class RateKey:
    """Whose repetitions are counted."""

    fault: str
    plane: Plane
    lead_side: Side | None


@dataclass(frozen=True, slots=True)
class RateChange:
    """How often a fault was seen, before and after."""

    key: RateKey
    before: Rate
    after: Rate
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class SidePair:
    """Left against right within a session, or lunges led by the left leg against those led by the right.

    ``difference`` is how much worse the left is, in the unit of the check.
    """

    key: Key
    left: Level
    right: Level
    difference: float
    smallest: float | None
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class LoadNote:
    """Load and faults rose together, between two dated sessions of one exercise, view and profile."""

    before: PastSession
    after: PastSession
    rates: tuple[RateChange, ...]
    score_fell: bool


def check_named(exercise: str, name: str) -> Check:
    """A check by its name; KeyError where there is none."""
    return {check.name: check for check in checks_of(exercise)}[name]


def levels(session: PastSession) -> dict[Key, Level]:
    """What a session measured, in the order of the exercise's checks; what was not seen is absent."""
    found: dict[Key, list[Observation]] = {}
    for check in checks_of(session.exercise):
        for one in session.observations:
            if one.check == check.name and one.value is not None:
                lead_side = None if is_of_session(check.name) else one.lead_side
                found.setdefault(Key(check.name, one.plane, one.side, lead_side), []).append(one)
    return {key: _level(observations) for key, observations in found.items()}


def _level(observations: Sequence[Observation]) -> Level:
    values = [one.value for one in observations if one.value is not None]
    errors = [one.uncertainty for one in observations if one.uncertainty is not None]
    error = max(errors) if len(errors) == len(values) else None
    is_faulty = any(one.is_faulty for one in observations)
    return Level(median(values), min(values), max(values), len(values), error, is_faulty)


def rates(session: PastSession) -> dict[RateKey, Rate]:
    """How many repetitions had each fault, of those in which anything of it was judged; what was not is absent."""
    judged: dict[RateKey, dict[int, bool]] = {}
    faults = [check.fault.name for check in checks_of(session.exercise)]
    known = [one for one in session.observations if one.fault in faults and not is_of_session(one.check)]
    for one in sorted(known, key=lambda one: faults.index(one.fault)):
        if one.is_judged:
            of_rep = judged.setdefault(RateKey(one.fault, one.plane, one.lead_side), {})
            of_rep[one.rep_number] = of_rep.get(one.rep_number, False) or one.is_faulty
    return {key: Rate(sum(flags.values()), len(flags)) for key, flags in judged.items()}


def changes(before: PastSession, after: PastSession) -> Iterator[Change]:
    """Everything that both sessions measured in the same view, with the same leg."""
    was, now = levels(before), levels(after)
    for key in _shared(before, after, was, now):
        yield change(check_named(before.exercise, key.check), key, was[key], now[key])


def _shared(before: PastSession, after: PastSession, was: Mapping[_K, object], now: Mapping[_K, object]) -> list[_K]:
    return [key for key in was if key in now] if before.exercise == after.exercise else []


def change(check: Check, key: Key, before: Level, after: Level) -> Change:
    """What may be said of two values of one check. A change between values that are both good is no progress."""
    difference, smallest = after.value - before.value, _smallest(before, after)
    outcome = _outcome(abs(difference), smallest)
    if outcome is Outcome.CHANGED and smallest is not None and (before.is_faulty or after.is_faulty):
        worse_by = float(check.severity(after.value) - check.severity(before.value))
        if abs(worse_by) > smallest:
            outcome = Outcome.WORSE if worse_by > 0 else Outcome.BETTER
    return Change(key, before, after, difference, smallest, outcome)


def _smallest(one: Level, other: Level) -> float | None:
    return None if one.error is None or other.error is None else smallest_change(one.error, other.error)


def _outcome(size: float, smallest: float | None) -> Outcome:
    if smallest is None:
        return Outcome.UNKNOWN
    return Outcome.CHANGED if size > smallest else Outcome.WITHIN


def rate_changes(before: PastSession, after: PastSession) -> Iterator[RateChange]:
    """Every fault that was judged in both sessions; UNKNOWN where they were judged by other limits."""
    was, now = rates(before), rates(after)
    for key in _shared(before, after, was, now):
        outcome = rate_outcome(was[key], now[key]) if before.profile == after.profile else Outcome.UNKNOWN
        yield RateChange(key, was[key], now[key], outcome)


def side_pairs(session: PastSession) -> Iterator[SidePair]:
    """What was measured on both sides, or with both legs leading; ``key`` is that of the left."""
    found = levels(session)
    for key, left in found.items():
        right = found.get(_mirrored(key))
        if Side.LEFT not in {key.side, key.lead_side} or Side.RIGHT in {key.side, key.lead_side} or right is None:
            continue
        severity = check_named(session.exercise, key.check).severity
        difference = float(severity(left.value) - severity(right.value))
        smallest = _smallest(left, right)
        yield SidePair(key, left, right, difference, smallest, _outcome(abs(difference), smallest))


_OTHER = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT, None: None}


def _mirrored(key: Key) -> Key:
    return replace(key, side=_OTHER[key.side], lead_side=_OTHER[key.lead_side])


def in_order(sessions: Sequence[PastSession]) -> list[PastSession]:
    """Sessions by time; of one time by load, as sets are done, then by name. Those of unknown time come first."""
    return sorted(sessions, key=lambda one: (one.at or datetime.min, one.load_kg or 0.0, one.name))


def load_notes(sessions: Sequence[PastSession]) -> list[LoadNote]:
    """Where load grew faster than form held.

    Between one dated session with a load and the next of the same athlete, exercise, view and profile; where none of
    these steps tells, between the first and the last. Form fell where the intervals of a fault's rates do not overlap,
    or where the score fell by what one fault at its limit costs.
    """
    groups: dict[tuple[str | None, str, Plane, str], list[PastSession]] = {}
    for one in in_order(sessions):
        if one.is_dated and one.load_kg is not None:
            groups.setdefault((one.athlete, one.exercise, one.plane, one.profile), []).append(one)
    notes = []
    for group in groups.values():
        steps = [note for pair in pairwise(group) if (note := _load_note(*pair))]
        whole = _load_note(group[0], group[-1])
        notes += steps or ([whole] if whole else [])
    return notes


def _load_note(before: PastSession, after: PastSession) -> LoadNote | None:
    if before.load_kg is None or after.load_kg is None or after.load_kg <= before.load_kg:
        return None
    worse = tuple(one for one in rate_changes(before, after) if one.outcome is Outcome.WORSE)
    scores = before.form_score, after.form_score
    fell = scores[0] is not None and scores[1] is not None and scores[0] - scores[1] >= SCORE_FELL
    return LoadNote(before, after, worse, fell) if worse or fell else None


def differences(sessions: Sequence[PastSession]) -> Iterator[tuple[str, list[str]]]:
    """In what sessions are not alike: what, and the values that are known, in the order of the sessions."""
    for what in ("athlete", "plane", "model", "profile", "version"):
        values = [str(value) for value in dict.fromkeys(getattr(one, what) for one in sessions) if value is not None]
        if len(values) > 1:
            yield what, values
