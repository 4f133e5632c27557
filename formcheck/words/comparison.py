"""Comparisons in plain words and in tables of text, the same for the terminal and for the page."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from formcheck.body.pose import Side
from formcheck.body.view import Plane
from formcheck.progress.change import Outcome, Rate
from formcheck.progress.history import Course, RateCourse
from formcheck.progress.past_session import (
    Change,
    Key,
    LoadNote,
    PastSession,
    RateChange,
    RateKey,
    check_named,
    differences,
)
from formcheck.words.findings import check_words, fault_words, sentence, view_words
from formcheck.words.numbers import score_text, sign_and_words

#: What a table says of a difference.
OUTCOMES = {
    Outcome.BETTER: "better",
    Outcome.WORSE: "worse",
    Outcome.CHANGED: "changed",
    Outcome.WITHIN: "within error",
    Outcome.UNKNOWN: "not known",
}
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
SINCE = ("Since the first", "Since last time")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table. ``outcomes`` are those of its last cells, in order."""

    cells: tuple[str, ...]
    outcomes: tuple[Outcome, ...] = ()


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
    both = zip(SINCE, (since_first, since_last), strict=True)
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
    if note.score_fell:
        scores = (score_text(one.form_score) for one in (note.before, note.after) if one.form_score is not None)
        told.append(f"the form score fell from {' to '.join(scores)}")
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


def keys_named(exercise: str, keys: Sequence[Key]) -> list[str]:
    """The names of measures in a table: with the view where there are several, and with units that have no sign."""
    planes = {key.plane for key in keys}
    names = []
    for key in keys:
        sign, words = sign_and_words(check_named(exercise, key.check).unit)
        names.append(_in_view(key_words(key), key.plane, planes) + ("" if sign else f" ({words})"))
    return names


def rates_named(keys: Sequence[RateKey]) -> list[str]:
    """The names of faults in a table, with the view where there are several."""
    planes = {key.plane for key in keys}
    return [_in_view(rate_words(key), key.plane, planes) for key in keys]


def _in_view(words: str, plane: Plane, planes: Collection[Plane]) -> str:
    """What is told, with the view if others are told of as well."""
    return f"{words}, {plane} view" if len(planes) > 1 else words
