"""Measures and load over sessions, as plots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from formcheck.body.pose import Side
from formcheck.checks.check import Check
from formcheck.pages.plot import Axes, Ink, Shape, Sign
from formcheck.progress.change import Z_95
from formcheck.progress.history import Course
from formcheck.progress.past_session import Level, PastSession, check_named
from formcheck.words.comparison import time_words
from formcheck.words.findings import check_words, direction_words, view_words
from formcheck.words.numbers import number_text, unit_words

_INK_OF = {Side.LEFT: Ink.LEFT, Side.RIGHT: Ink.RIGHT, None: Ink.BODY}
#: So many dates find room below a plot.
_DATES = 6
#: Of the mean distance between two sessions: sessions of one day stand this far apart.
_SAME_DAY = 0.4
#: Share of the range of values that is left free above and below.
_MARGIN = 0.05
#: Of the distance between two sessions: how far left and right lie apart, so that neither hides the other.
_APART = {Side.LEFT: -0.06, Side.RIGHT: 0.06, None: 0.0}


@dataclass(frozen=True, slots=True)
class ProgressPlot:
    """One plot; ``sides`` are drawn in their colours, ``alt`` tells the values."""

    title: str
    unit: str
    sides: tuple[Side, ...]
    alt: str
    svg: str


def progress_plots(sessions: Sequence[PastSession], found: Sequence[Course], name: str) -> Iterator[ProgressPlot]:
    """The load, where one is known, and each check in each view with left and right together.

    ``sessions`` are those of one exercise, in order; see :func:`places_of`. ``name`` keeps ids of plots apart.
    """
    if sum(one.load_kg is not None for one in sessions) > 1:
        yield _load_plot(sessions, f"{name}-load-")
    if len(both := [one for one in sessions if None not in {one.load_kg, one.velocity_loss_pct}]) > 1:
        yield _loss_plot(both, f"{name}-loss-")
    together: dict[tuple[str, str], list[Course]] = {}
    for course in found:
        together.setdefault((course.key.check, course.key.plane), []).append(course)
    for (check, plane), group in together.items():
        yield _measure_plot(sessions, group, f"{name}-{check}-{plane}-")


def places_of(sessions: Sequence[PastSession]) -> list[float]:
    """Where sessions in order stand from left to right, 0 to n - 1: by their dates, those close together pulled apart;
    at equal distances where one has no date.
    """
    even = [float(place) for place in range(len(sessions))]
    dated = [one.at.timestamp() for one in sessions if one.at is not None and one.is_dated]
    if len(dated) < len(sessions) or dated[0] == dated[-1]:
        return even
    scale = even[-1] / (dated[-1] - dated[0])
    places = [0.0]
    for at_s in dated[1:]:
        places.append(max((at_s - dated[0]) * scale, places[-1] + _SAME_DAY))
    return [place * even[-1] / places[-1] for place in places]


def _load_plot(sessions: Sequence[PastSession], prefix: str) -> ProgressPlot:
    seen = [(place, one) for place, one in zip(places_of(sessions), sessions, strict=True) if one.load_kg is not None]
    places, loads = [place for place, _ in seen], [one.load_kg or 0.0 for _, one in seen]
    axes = Axes(_span(sessions), (0.0, 1.15 * max(*loads, 1.0)))
    axes.line(places, loads, Ink.BODY, width=1.2)
    axes.signs(zip(places, loads, strict=True), Sign(Shape.DISC, 4.0), Ink.BODY)
    svg = _finished(axes, sessions, prefix)
    told = ", ".join(f"{time_words(one)} {one.load_kg:g} kg" for _, one in seen)
    return ProgressPlot("Load", "kg", (), f"Load over the sessions: {told}.", svg)


def _loss_plot(sessions: Sequence[PastSession], prefix: str) -> ProgressPlot:
    """Load across, and upwards how much velocity the set lost that lost most."""
    loads, losses = [one.load_kg or 0.0 for one in sessions], [one.velocity_loss_pct or 0.0 for one in sessions]
    bars = [Z_95 * (one.velocity_loss_error_pct or 0.0) for one in sessions]
    ends = [(loss - bar, loss + bar) for loss, bar in zip(losses, bars, strict=True)]
    axes = Axes(_with_room(loads), _with_room([end for two in ends for end in two]))
    axes.bars(loads, ends, Ink.BODY)
    axes.signs(zip(loads, losses, strict=True), Sign(Shape.DISC, 4.0), Ink.BODY)
    axes.x_numbers()
    axes.x_unit("kg")
    axes.y_numbers()
    svg = axes.svg(prefix)
    told = ", ".join(f"{load:g} kg {loss:.0f} %" for load, loss in zip(loads, losses, strict=True))
    return ProgressPlot("Load against velocity loss", "%", (), f"Velocity loss by load: {told}.", svg)


def _measure_plot(sessions: Sequence[PastSession], group: Sequence[Course], prefix: str) -> ProgressPlot:
    place_of = {id(one): place for place, one in zip(places_of(sessions), sessions, strict=True)}
    check = check_named(sessions[0].exercise, group[0].key.check)
    told, sides = [], []
    axes = Axes(
        _span(sessions), _with_room([end for course in group for level in course.levels for end in _ends(level)])
    )
    for course in group:
        side = course.key.lead_side or course.key.side
        places = [place_of[id(one)] + _APART[side] for one in course.sessions]
        _draw(axes, places, course, _INK_OF[side])
        values = ", ".join(_told(check, level.value) for level in course.levels)
        told.append(f"{side}: {values}" if side else values)
        sides += [side] if side else []
    svg = _finished(axes, sessions, prefix)
    unit = unit_words(check.unit)
    title = f"{check_words(check.name)}, {view_words(group[0].key.plane)}"
    alt = f"{title}, over {len(sessions)} sessions; {'; '.join(told)}."
    return ProgressPlot(title, unit, tuple(dict.fromkeys(sides)), alt, svg)


def _told(check: Check, value: float) -> str:
    return f"{number_text(abs(value), check.unit)} {direction_words(check.name, value, check.unit)}".strip()


def _draw(axes: Axes, places: Sequence[float], course: Course, ink: Ink) -> None:
    values = [level.value for level in course.levels]
    axes.line(places, values, ink, width=1.2, dashed=ink is Ink.RIGHT)
    axes.bars(places, [_ends(level) for level in course.levels], ink, cap=2.0)
    for place, level in zip(places, course.levels, strict=True):
        axes.signs([(place, level.value)], Sign(Shape.TRIANGLE if level.is_faulty else Shape.DISC, 5.0), ink)


def _ends(level: Level) -> tuple[float, float]:
    """Between which values the level is, with 95 % certainty."""
    reach = Z_95 * (level.error or 0.0)
    return level.value - reach, level.value + reach


def _with_room(values: Sequence[float]) -> tuple[float, float]:
    """All values, and a twentieth more at either end."""
    margin = _MARGIN * ((max(values) - min(values)) or 1.0)
    return min(values) - margin, max(values) + margin


def _span(sessions: Sequence[PastSession]) -> tuple[float, float]:
    return -0.4, places_of(sessions)[-1] + 0.4


def _finished(axes: Axes, sessions: Sequence[PastSession], prefix: str) -> str:
    """With the date of some sessions, the first and the last among them."""
    places = places_of(sessions)
    gap = places[-1] / (_DATES - 1)
    marked = [0]
    for number, place in enumerate(places[:-1]):
        if min(place - places[marked[-1]], places[-1] - place) >= gap:
            marked.append(number)
    marked.append(len(places) - 1)
    axes.x_ticks([places[number] for number in marked], [time_words(sessions[number]) for number in marked])
    axes.y_numbers()
    return axes.svg(prefix)
