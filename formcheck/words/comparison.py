"""Comparisons in plain words and in tables of text, the same for the terminal and for the page."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from formcheck.body.pose import Side
from formcheck.body.view import Plane
from formcheck.progress.change import Outcome, Rate
from formcheck.progress.history import Course, RateCourse, SideCourse
from formcheck.progress.past_session import (
    Change,
    Key,
    Level,
    LoadNote,
    PastSession,
    RateChange,
    RateKey,
    check_named,
    differences,
)
from formcheck.words.findings import check_words, fault_words, sentence, view_words
from formcheck.words.numbers import difference_unit, number_text, score_text, sign_and_words

#: What a table says of a difference.
OUTCOMES = {
    Outcome.BETTER: "better",
    Outcome.WORSE: "worse",
    Outcome.CHANGED: "changed",
    Outcome.WITHIN: "within error",
    Outcome.UNKNOWN: "not known",
}
#: The same of a rate: there are only so many repetitions.
_RATE_OUTCOMES = OUTCOMES | {Outcome.WITHIN: "too few to tell"}
_APART = {Outcome.CHANGED: "differ", Outcome.WITHIN: "within error", Outcome.UNKNOWN: "not known"}
_SINCE = ("Since the first", "Since last time")
_SETTINGS = {
    "athlete": "athlete",
    "plane": "view",
    "model": "pose model",
    "profile": "limits (profile)",
    "version": "version of formcheck",
}
_EFFECTS = {
    "athlete": "a difference between two people is no progress of either",
    "plane": "only measures that both views show, in the same view, are compared",
    "model": "each model errs in its own way, so part of a change may be the model's",
    "profile": "faults were judged by other limits, so their rates are not compared; measures are",
    "version": "part of a change may be the program's; formcheck batch --rescore judges all by one version",
}

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
class Line:
    """A row of a table. ``outcomes`` are those of its last cells, in order."""

    cells: tuple[str, ...]
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table of text; ``note`` explains it."""

    title: str
    head: tuple[str, ...]
    lines: tuple[Line, ...]
    note: str = ""


def time_words(session: PastSession) -> str:
    """When a session was: its date, with the time where one is told; a dash where nothing is known."""
    if session.at is None:
        return "–"
    is_day = (session.at.hour, session.at.minute) == (0, 0)
    return session.at.strftime("%Y-%m-%d" if is_day or not session.is_dated else "%Y-%m-%d %H:%M")


def key_words(key: Key) -> str:
    """What is measured: ``Knee valgus, left``, ``Depth, right leg leading``."""
    return ", ".join([check_words(key.check), *_whose(key.side, key.lead_side)])


def rate_words(key: RateKey) -> str:
    """What is counted: ``Knees caving inward, left leg leading``."""
    return sentence(", ".join([fault_words(key.fault), *_whose(None, key.lead_side)]))


def _whose(side: Side | None, lead_side: Side | None) -> Iterator[str]:
    if side is not None and side is not lead_side:
        yield str(side)
    if lead_side is not None:
        yield f"{lead_side} leg leading"


def course_lines(found: Sequence[Course], counted: Sequence[RateCourse], *, sessions: int) -> list[str]:
    """The course in a few sentences: since the first session and, where that is another, since the one before."""
    if sessions == 1:
        return ["One session: there is nothing to compare it with yet."]
    first = [RateChange(one.key, one.rates[0], one.rates[-1], one.since_first) for one in counted]
    since_first = outcome_lines([one.since_first for one in found], first)
    if sessions == 2 or not (found or counted):
        return since_first
    last = [RateChange(one.key, one.rates[-2], one.rates[-1], one.since_previous) for one in counted]
    since_last = outcome_lines([one.since_previous for one in found], last)
    both = zip(_SINCE, (since_first, since_last), strict=True)
    return [f"{since}, {line[0].lower()}{line[1:]}" for since, lines in both for line in lines]


def outcome_lines(found: Sequence[Change], counted: Sequence[RateChange]) -> list[str]:
    """The comparison in a few sentences: what is better, worse or changed; what cannot be told."""
    planes = {one.key.plane for one in found} | {one.key.plane for one in counted}
    measures = [(_in_view(key_words(one.key).lower(), one.key.plane, planes), one.outcome) for one in found]
    rates = [(_in_view(rate_words(one.key).lower(), one.key.plane, planes), one.outcome) for one in counted]
    told = {
        "Worse": [name for name, outcome in measures if outcome is Outcome.WORSE],
        "More often": [name for name, outcome in rates if outcome is Outcome.WORSE],
        "Better": [name for name, outcome in measures if outcome is Outcome.BETTER],
        "Less often": [name for name, outcome in rates if outcome is Outcome.BETTER],
        "Changed": [name for name, outcome in measures if outcome is Outcome.CHANGED],
    }
    lines = [f"{title}: {'; '.join(named)}." for title, named in told.items() if named]
    if not lines and (found or counted):
        lines.append("No measure has changed by more than formcheck's own error.")
    if not found and not counted:
        lines.append("Nothing can be compared: no measure was seen in both, in the same view.")
    return lines


def changes_table(exercise: str, found: Sequence[Change]) -> TextTable:
    """The measures before and after."""
    lines = []
    for name, one in zip(_named(exercise, [one.key for one in found]), found, strict=True):
        unit = check_named(exercise, one.key.check).unit
        sizes = _signed(one.difference, unit), _smallest(one.smallest, unit)
        cells = (name, _level(one.before, unit), _level(one.after, unit), *sizes)
        lines.append(Line((*cells, OUTCOMES[one.outcome]), (one.outcome,)))
    head = ("Measure", "Before", "After", "Change", "Needed", "")
    return TextTable("Measures", head, tuple(lines), MEASURES_NOTE)


def rates_table(counted: Sequence[RateChange]) -> TextTable:
    """The faults before and after."""
    lines = []
    for name, one in zip(_rates_named([one.key for one in counted]), counted, strict=True):
        cells = (name, rate_text(one.before), rate_text(one.after), _RATE_OUTCOMES[one.outcome])
        lines.append(Line(cells, (one.outcome,)))
    return TextTable("Repetitions with a fault", ("Fault", "Before", "After", ""), tuple(lines), RATES_NOTE)


def courses_table(exercise: str, found: Sequence[Course]) -> TextTable:
    """The measures over time: first, last, and what may be said of it."""
    lines = []
    for name, course in zip(_named(exercise, [course.key for course in found]), found, strict=True):
        unit = check_named(exercise, course.key.check).unit
        first, last = course.since_first, course.since_previous
        ends = _level(first.before, unit), _level(last.after, unit)
        outcomes = first.outcome, last.outcome
        told = tuple(OUTCOMES[outcome] for outcome in outcomes)
        sizes = _signed(first.difference, unit), _smallest(first.smallest, unit)
        lines.append(Line((name, *ends, *sizes, *told), outcomes))
    head = ("Measure", "First", "Last", "Change", "Needed", *_SINCE)
    return TextTable("Measures", head, tuple(lines), MEASURES_NOTE)


def rate_courses_table(counted: Sequence[RateCourse]) -> TextTable:
    """The faults over time."""
    lines = []
    for name, course in zip(_rates_named([course.key for course in counted]), counted, strict=True):
        outcomes = course.since_first, course.since_previous
        ends = rate_text(course.rates[0]), rate_text(course.rates[-1])
        cells = (name, *ends, *(_RATE_OUTCOMES[outcome] for outcome in outcomes))
        lines.append(Line(cells, outcomes))
    head = ("Fault", "First", "Last", *_SINCE)
    return TextTable("Repetitions with a fault", head, tuple(lines), RATES_NOTE)


def sides_table(exercise: str, found: Sequence[SideCourse], names: Mapping[int, str]) -> TextTable:
    """Left against right in every session; ``names`` are those of the sessions by their ``id``."""
    lines = []
    whole = [replace(course.key, side=None, lead_side=None) for course in found]
    for title, course in zip(_named(exercise, whole), found, strict=True):
        unit = check_named(exercise, course.key.check).unit
        for session, pair in zip(course.sessions, course.pairs, strict=True):
            sizes = number_text(abs(pair.difference), difference_unit(unit)), _smallest(pair.smallest, unit)
            cells = (title, names[id(session)], _level(pair.left, unit), _level(pair.right, unit), *sizes)
            lines.append(Line((*cells, _APART[pair.outcome]), (pair.outcome,)))
    leads = any(course.key.lead_side for course in found)
    head = ("Measure", "PastSession", "Left", "Right", "Apart", "Needed", "")
    return TextTable("Left-led against right-led" if leads else "Left against right", head, tuple(lines), SIDES_NOTE)


def sessions_table(sessions: Sequence[PastSession]) -> TextTable:
    """What each session was; the load only where one is known."""
    loaded = any(one.load_kg is not None for one in sessions)
    lines = []
    for one in sessions:
        load = () if not loaded else ("–" if one.load_kg is None else f"{one.load_kg:g} kg",)
        score = "–" if one.form_score is None else score_text(one.form_score)
        cells = (time_words(one), one.name, *load, str(one.plane), str(one.rep_count), score)
        lines.append(Line(cells))
    head = ("Date", "PastSession", *(("Load",) if loaded else ()), "View", "Repetitions", "Form score")
    return TextTable("Sessions", head, tuple(lines))


def rate_text(rate: Rate) -> str:
    """``3 of 5 (23–88 %)``."""
    low, high = rate.interval
    return f"{rate.faulty} of {rate.judged} ({100 * low:.0f}–{100 * high:.0f} %)"


def load_words(note: LoadNote) -> str:
    """One sentence: how load rose, and what went worse beside it."""
    told = [
        f"{rate_words(one.key).lower()} went from {one.before.faulty} of {one.before.judged} repetitions to "
        f"{one.after.faulty} of {one.after.judged}"
        for one in note.rates
    ]
    if note.score_fell and note.before.form_score is not None and note.after.form_score is not None:
        told.append(
            f"the form score fell from {score_text(note.before.form_score)} to {score_text(note.after.form_score)}"
        )
    return (
        f"Load grew faster than form held in the {note.after.exercise} {view_words(note.after.plane)}: from "
        f"{time_words(note.before)} to {time_words(note.after)} load rose from {note.before.load_kg:g} to "
        f"{note.after.load_kg:g} kg; {', '.join(told)}."
    )


def caveats(sessions: Sequence[PastSession]) -> Iterator[str]:
    """In what the sessions are not alike, and what that does to the comparison."""
    for what, values in differences(sessions):
        yield f"They differ in {_SETTINGS[what]}: {', '.join(values)}; {_EFFECTS[what]}."


def order_caveats(sessions: Sequence[PastSession]) -> Iterator[str]:
    """How the sessions are ordered where not by dates that somebody gave."""
    undated = sum(not one.is_dated for one in sessions)
    if undated:
        few = f"{undated} of {len(sessions)} sessions have" if undated < len(sessions) else "No session has"
        no = "no" if undated < len(sessions) else "a"
        yield (
            f"{few} {no} date such as 2026-01-31 in the manifest's column date: when it was analysed stands in its "
            "place, and load is not judged there."
        )


def pair_caveats(before: PastSession, after: PastSession) -> Iterator[str]:
    """In what two sessions are not alike, and whether they are given in the order in which they were."""
    yield from caveats((before, after))
    if before.is_dated and after.is_dated and before.at and after.at and after.at < before.at:
        yield "The second is the earlier one: before and after are in the order given."


def _named(exercise: str, keys: Sequence[Key]) -> list[str]:
    """The names of measures in a table: with the view where there are several, and with units that have no sign."""
    planes = {key.plane for key in keys}
    names = []
    for key in keys:
        sign, words = sign_and_words(check_named(exercise, key.check).unit)
        names.append(_in_view(key_words(key), key.plane, planes) + ("" if sign else f" ({words})"))
    return names


def _rates_named(keys: Sequence[RateKey]) -> list[str]:
    """The names of faults in a table, with the view where there are several."""
    planes = {key.plane for key in keys}
    return [_in_view(rate_words(key), key.plane, planes) for key in keys]


def _in_view(words: str, plane: Plane, planes: Collection[Plane]) -> str:
    """What is told, with the view if others are told of as well."""
    return f"{words}, {plane} view" if len(planes) > 1 else words


def _level(level: Level, unit: str) -> str:
    error = "" if level.error is None else f" ± {number_text(level.error, difference_unit(unit))}"
    return f"{_minus(number_text(level.value, unit))}{error}"


def _signed(value: float, unit: str) -> str:
    text = number_text(value, difference_unit(unit))
    return _minus(text) if text.startswith("-") else f"+{text}"


def _smallest(value: float | None, unit: str) -> str:
    return "not known" if value is None else number_text(value, difference_unit(unit))


def _minus(text: str) -> str:
    return text.replace("-", "−")
