"""How values and their units are written for people: ``16°``, ``0.21``, and what a unit means."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

#: Units that are written behind the value; the words of any other unit stand by themselves.
_SIGNS = {"deg": "°", "%": "%"}
#: Digits behind the point that mean something; 2 of any other unit without a sign, none of one with.
_DIGITS = {"s": 1}
#: What a unit means to somebody who never met it.
_MEANINGS = {
    "shank lengths": "shank: from knee to ankle",
    "ankle gaps": "ankle gap: from ankle to ankle",
    "deg above parallel": "above parallel: the thigh is that far from level",
}


def sign_and_words(unit: str) -> tuple[str, str]:
    """What follows the value and what is said elsewhere: ``deg above parallel`` gives ``°``, ``above parallel``."""
    first, _, rest = unit.partition(" ")
    return (_SIGNS[first], rest) if first in _SIGNS else ("", unit)


def number_text(value: float, unit: str, *, signed: bool = False) -> str:
    """A value with the sign of its unit, if that has one, and as many digits as mean something: ``16°``, ``−0.21``.

    NaN is a dash. ``signed`` is for differences: what is not negative has a plus.
    """
    if not math.isfinite(value):
        return "–"
    sign, _ = sign_and_words(unit)
    digits = 0 if sign else _DIGITS.get(unit, 2)
    rounded = round(value, digits) + 0.0  # a small negative value would print as −0
    return with_minus(f"{rounded:{'+' if signed else ''}.{digits}f}{sign}")


def with_minus(text: str) -> str:
    """Numbers with the sign that printers use."""
    return text.replace("-", "−")


def unit_words(unit: str) -> str:
    """The unit by itself, for a head or an axis: ``degrees``, ``degrees above parallel``, ``shank lengths``."""
    sign, words = sign_and_words(unit)
    return " ".join(part for part in ({"°": "degrees"}.get(sign, sign), words) if part)


def score_text(score: float, digits: int = 0) -> str:
    """A form score, 0 to 100: 100 only where nothing was taken off, so that no warning stands beside a full score."""
    step = 10.0**-digits
    return f"{min(round(score, digits), 100.0 - step if score < 100.0 else 100.0):.{digits}f}"


def points_text(points: float) -> str:
    """Points taken off a score: never 0.0, which would be none."""
    return f"{max(points, 0.1):.1f}"


def difference_unit(unit: str) -> str:
    """The unit of a difference or an uncertainty: so many degrees, not degrees above parallel."""
    return "deg" if unit.startswith("deg") else unit


def exact_text(value: float, unit: str) -> str:
    """A number that somebody chose, such as a limit, with all its digits: ``6.5°``, ``0.13``."""
    return with_minus(f"{value:g}{sign_and_words(unit)[0]}")


def meanings(units: Iterable[str]) -> Iterator[str]:
    """What the units mean, each once, for those that need it."""
    used = set(units)
    return (meaning for unit, meaning in _MEANINGS.items() if unit in used)
