"""What `compare` and `history` tell people: sentences and tables, for the terminal and for the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from formcheck.checks.exercises import NO_EXERCISE
from formcheck.errors import InputError
from formcheck.pages.comparison_plots import progress_plots
from formcheck.pages.page import asset, policy, template
from formcheck.progress.history import Course, by_exercise, courses, rate_courses, side_courses
from formcheck.progress.past_session import PastSession, changes, in_order, load_notes, rate_changes
from formcheck.words.comparison import (
    caveats,
    course_lines,
    load_words,
    order_caveats,
    outcome_lines,
    pair_caveats,
    time_words,
)
from formcheck.words.comparison_tables import (
    TextTable,
    changes_table,
    courses_table,
    rate_courses_table,
    rates_table,
    sessions_table,
    sides_table,
)
from formcheck.words.findings import sentence

if TYPE_CHECKING:
    from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class ExercisePart:
    """One exercise: what came out in sentences, where load outgrew form, what limits the comparison, and the tables."""

    exercise: str
    lines: tuple[str, ...]
    load_lines: tuple[str, ...]
    caveats: tuple[str, ...]
    tables: tuple[TextTable, ...]
    sessions: tuple[PastSession, ...]
    courses: tuple[Course, ...]


@dataclass(frozen=True, slots=True)
class ProgressView:
    """Everything to be told, for people."""

    title: str
    facts: str
    parts: tuple[ExercisePart, ...]


def comparison_view(before: PastSession, after: PastSession) -> ProgressView:
    """Two sessions side by side, in the order given.

    Raises:
        InputError: They are of different exercises.
    """
    if NO_EXERCISE.name in {before.exercise, after.exercise}:
        raise InputError("expected two sessions of an exercise, got one that holds no squat or lunge: see its report")
    if before.exercise != after.exercise:
        raise InputError(
            f"expected two sessions of one exercise, got {before.exercise} and {after.exercise}; compare squats with "
            "squats, lunges with lunges"
        )
    found, counted = list(changes(before, after)), list(rate_changes(before, after))
    both, exercise = (before, after), before.exercise
    tables = (
        sessions_table(both),
        changes_table(exercise, found),
        rates_table(counted),
        sides_table(exercise, list(side_courses(both)), {id(before): "before", id(after): "after"}),
    )
    part = ExercisePart(
        exercise=exercise,
        lines=tuple(outcome_lines(found, counted)),
        load_lines=tuple(map(load_words, load_notes(both))),
        caveats=tuple(pair_caveats(before, after)),
        tables=_told(tables),
        sessions=both,
        courses=tuple(courses(both)),
    )
    return ProgressView(f"{sentence(exercise)}: two sessions", f"{before.name} → {after.name}", (part,))


def history_view(athlete: str, sessions: Sequence[PastSession]) -> ProgressView:
    """All sessions of one athlete, by exercise and in order of time."""
    parts = tuple(_history_part(ordered) for ordered in by_exercise(in_order(sessions)).values())
    count = f"{len(sessions)} session{'' if len(sessions) == 1 else 's'}"
    return ProgressView(athlete, count, parts)


def _history_part(ordered: list[PastSession]) -> ExercisePart:
    exercise = ordered[0].exercise
    found, counted = list(courses(ordered)), list(rate_courses(ordered))
    tables = (
        sessions_table(ordered),
        courses_table(exercise, found),
        rate_courses_table(counted),
        sides_table(exercise, list(side_courses(ordered)), {id(one): time_words(one) for one in ordered}),
    )
    return ExercisePart(
        exercise=exercise,
        lines=tuple(course_lines(found, counted, sessions=len(ordered))),
        load_lines=tuple(map(load_words, load_notes(ordered))),
        caveats=(*order_caveats(ordered), *caveats(ordered)),
        tables=_told(tables),
        sessions=tuple(ordered),
        courses=tuple(found),
    )


def _told(tables: Sequence[TextTable]) -> tuple[TextTable, ...]:
    return tuple(table for table in tables if table.lines)


def render_progress(view: ProgressView) -> str:
    """The page as HTML text."""
    parts = [_contents(part) for part in view.parts]
    return template("comparison.html.j2").render(view=view, parts=parts, style=_style(), policy=progress_policy())


def progress_policy() -> str:
    """The content security policy that the page carries, for a server that sends it, too."""
    return policy(_style(), None)


def _style() -> Markup:
    return asset("report.css") + asset("comparison.css")


def _contents(part: ExercisePart) -> dict[str, Any]:
    from markupsafe import Markup

    drawn = progress_plots(part.sessions, part.courses, part.exercise)
    return {"part": part, "plots": [(plot, Markup(plot.svg)) for plot in drawn]}  # noqa: S704 - our own drawing
