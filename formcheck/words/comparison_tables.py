"""Comparisons in tables of text, the same for the terminal and for the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from formcheck.machine.paths import printable
from formcheck.progress.change import Outcome
from formcheck.progress.history import Course, RateCourse, SideCourse
from formcheck.progress.past_session import (
    Change,
    Level,
    PastSession,
    RateChange,
    check_named,
)
from formcheck.words.comparison import OUTCOMES, SINCE, Line, keys_named, rate_text, rates_named, time_words
from formcheck.words.findings import change_words, direction_words
from formcheck.words.numbers import difference_unit, number_text, score_text

#: The same of a rate: there are only so many repetitions.
_RATE_OUTCOMES = OUTCOMES | {Outcome.WITHIN: "too few to tell"}

_APART = {Outcome.CHANGED: "differ", Outcome.WITHIN: "within error", Outcome.UNKNOWN: "not known"}


MEASURES_NOTE = (
    "Each value is the median of a session's repetitions; ± is the standard error of one. The change needed to count "
    "is 1.96·√2 times that; what is smaller is within the error of the instrument, and more repetitions do not lessen "
    "it. Better and worse are said only where a fault was seen before or after; else it is just changed."
)

RATES_NOTE = (
    "Repetitions with a warning or worse, of those judged, with the 95 % interval. What was not seen is not counted. "
    "Better and worse are said where the intervals do not overlap."
)

SIDES_NOTE = "Left and right differ where they lie farther apart than the instrument may err."


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table of text; ``note`` explains it. A cell may have two lines: a value, and which way it is."""

    title: str
    head: tuple[str, ...]
    lines: tuple[Line, ...]
    note: str = ""


def changes_table(exercise: str, found: Sequence[Change]) -> TextTable:
    """The measures before and after."""
    lines = []
    for name, one in zip(keys_named(exercise, [one.key for one in found]), found, strict=True):
        check, unit = one.key.check, check_named(exercise, one.key.check).unit
        sizes = change_words(check, one.difference, unit), _smallest(one.smallest, unit)
        cells = (name, _level(check, one.before, unit), _level(check, one.after, unit), *sizes)
        lines.append(Line((*cells, OUTCOMES[one.outcome]), (one.outcome,)))
    head = ("Measure", "Before", "After", "Change", "Needed", "")
    return TextTable("Measures", head, tuple(lines), MEASURES_NOTE)


def rates_table(counted: Sequence[RateChange]) -> TextTable:
    """The faults before and after."""
    lines = []
    for name, one in zip(rates_named([one.key for one in counted]), counted, strict=True):
        cells = (name, rate_text(one.before), rate_text(one.after), _RATE_OUTCOMES[one.outcome])
        lines.append(Line(cells, (one.outcome,)))
    return TextTable("Repetitions with a fault", ("Fault", "Before", "After", ""), tuple(lines), RATES_NOTE)


def courses_table(exercise: str, found: Sequence[Course]) -> TextTable:
    """The measures over time: first, last, and what may be said of it."""
    lines = []
    for name, course in zip(keys_named(exercise, [course.key for course in found]), found, strict=True):
        check, unit = course.key.check, check_named(exercise, course.key.check).unit
        first, last = course.since_first, course.since_previous
        ends = _level(check, first.before, unit), _level(check, last.after, unit)
        outcomes = first.outcome, last.outcome
        told = tuple(OUTCOMES[outcome] for outcome in outcomes)
        sizes = change_words(check, first.difference, unit), _smallest(first.smallest, unit)
        lines.append(Line((name, *ends, *sizes, *told), outcomes))
    head = ("Measure", "First", "Last", "Change", "Needed", *SINCE)
    return TextTable("Measures", head, tuple(lines), MEASURES_NOTE)


def rate_courses_table(counted: Sequence[RateCourse]) -> TextTable:
    """The faults over time."""
    lines = []
    for name, course in zip(rates_named([course.key for course in counted]), counted, strict=True):
        outcomes = course.since_first, course.since_previous
        ends = rate_text(course.rates[0]), rate_text(course.rates[-1])
        cells = (name, *ends, *(_RATE_OUTCOMES[outcome] for outcome in outcomes))
        lines.append(Line(cells, outcomes))
    head = ("Fault", "First", "Last", *SINCE)
    return TextTable("Repetitions with a fault", head, tuple(lines), RATES_NOTE)


def sides_table(exercise: str, found: Sequence[SideCourse], names: Mapping[int, str]) -> TextTable:
    """Left against right in every session; ``names`` are those of the sessions by their ``id``."""
    lines = []
    whole = [replace(course.key, side=None, lead_side=None) for course in found]
    for title, course in zip(keys_named(exercise, whole), found, strict=True):
        check, unit = course.key.check, check_named(exercise, course.key.check).unit
        for session, pair in zip(course.sessions, course.pairs, strict=True):
            sizes = number_text(abs(pair.difference), difference_unit(unit)), _smallest(pair.smallest, unit)
            both = _level(check, pair.left, unit), _level(check, pair.right, unit)
            cells = (title, names[id(session)], *both, *sizes)
            lines.append(Line((*cells, _APART[pair.outcome]), (pair.outcome,)))
    leads = any(course.key.lead_side for course in found)
    head = ("Measure", "Session", "Left", "Right", "Apart", "Needed", "")
    return TextTable("Left-led against right-led" if leads else "Left against right", head, tuple(lines), SIDES_NOTE)


def sessions_table(sessions: Sequence[PastSession]) -> TextTable:
    """What each session was; load and velocity loss only where one is known."""
    loaded = any(one.load_kg is not None for one in sessions)
    timed = any(one.velocity_loss_pct is not None for one in sessions)
    lines = []
    for one in sessions:
        load = () if not loaded else ("–" if one.load_kg is None else f"{one.load_kg:g} kg",)
        score = "–" if one.form_score is None else score_text(one.form_score)
        cells = (time_words(one), printable(one.name), *load, str(one.plane), str(one.rep_count), score)
        lines.append(Line((*cells, *((_loss(one),) if timed else ()))))
    head = ("Date", "Session", *(("Load",) if loaded else ()), "View", "Repetitions", "Form score")
    head += ("Velocity loss",) if timed else ()
    return TextTable("Sessions", head, tuple(lines))


def _loss(session: PastSession) -> str:
    """The most velocity that a set of a session lost, with its error; a dash where that is not known."""
    if session.velocity_loss_pct is None:
        return "–"
    error = session.velocity_loss_error_pct
    return f"{session.velocity_loss_pct:.0f} %" + ("" if error is None else f" ± {error:.0f}")


def _level(check: str, level: Level, unit: str) -> str:
    error = "" if level.error is None else f" ± {number_text(level.error, difference_unit(unit))}"
    return f"{number_text(abs(level.value), unit)}{error}\n{direction_words(check, level.value, unit)}".strip()


def _smallest(value: float | None, unit: str) -> str:
    return "not known" if value is None else number_text(value, difference_unit(unit))
