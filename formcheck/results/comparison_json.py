"""What `compare` and `history` tell programs, as plain values. A session is told once; elsewhere its index stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from formcheck.progress.change import Rate
from formcheck.progress.history import by_exercise, courses, rate_courses, side_courses
from formcheck.progress.past_session import PastSession, changes, check_named, in_order, load_notes, rate_changes
from formcheck.words.comparison import caveats, load_words, order_caveats, pair_caveats

_LEFT_OUT = {"observations"}


def comparison_dict(before: PastSession, after: PastSession) -> dict[str, Any]:
    """Two sessions of one exercise; session 0 is ``before``, 1 ``after``."""
    both = (before, after)
    told = _told(both, list(changes(*both)), list(rate_changes(*both)), list(pair_caveats(*both)))
    return {"exercise": before.exercise} | told


def history_dict(athlete: str, sessions: Sequence[PastSession]) -> dict[str, Any]:
    """The sessions of one athlete by exercise, in order of time."""
    found = {
        exercise: _told(
            ordered,
            list(courses(ordered)),
            list(rate_courses(ordered)),
            [*order_caveats(ordered), *caveats(ordered)],
        )
        for exercise, ordered in by_exercise(in_order(sessions)).items()
    }
    return {"athlete": athlete, "exercises": found}


def _told(
    ordered: Sequence[PastSession], measures: Sequence[Any], faults: Sequence[Any], warned: Sequence[str]
) -> dict[str, Any]:
    place = {id(one): index for index, one in enumerate(ordered)}

    def with_unit(one: Any) -> dict[str, Any]:
        return {"unit": check_named(ordered[0].exercise, one.key.check).unit, **_plain(one, place)}

    return {
        "sessions": [_fields(one, place) for one in ordered],
        "measures": [with_unit(one) for one in measures],
        "faults": [_plain(one, place) for one in faults],
        "sides": [with_unit(one) for one in side_courses(ordered)],
        "load": [{**_plain(note, place), "text": load_words(note)} for note in load_notes(ordered)],
        "caveats": [*warned],
    }


def _plain(value: Any, place: Mapping[int, int]) -> Any:
    if isinstance(value, PastSession):
        return place[id(value)]
    if isinstance(value, Rate):
        low, high = value.interval
        return {"faulty": value.faulty, "judged": value.judged, "low": low, "high": high}
    if is_dataclass(value):
        return _fields(value, place)
    if isinstance(value, tuple):
        return [_plain(one, place) for one in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _fields(value: Any, place: Mapping[int, int]) -> dict[str, Any]:
    names = [field.name for field in fields(value) if field.name not in _LEFT_OUT]
    return {name: _plain(getattr(value, name), place) for name in names}
