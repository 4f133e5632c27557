"""How values and their units are written for people: ``16°``, ``0.21``, and what a unit means."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from formcheck.measures.stature import units_cm

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
#: What a length of the body is called by who has it, for units that are one.
_OWN = {
    "shank lengths": "your shin",
    "ankle gaps": "the gap between your feet",
    "foot lengths": "your foot",
    "shoulder widths": "the width of your shoulders",
}
#: Shares that people say; what is nearest, by its logarithm, is told.
_SHARES = {
    0.05: "a twentieth",
    0.1: "a tenth",
    1 / 6: "a sixth",
    0.25: "a quarter",
    1 / 3: "a third",
    0.5: "half",
    2 / 3: "two thirds",
    0.75: "three quarters",
    1.0: "all",
}
#: Smaller and larger shares are numbers only.
_SAID_FROM, _SAID_TO = 0.035, 1.15


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


def length_words(value: float, unit: str, cm_per_unit: float | None = None) -> str:
    """A value as one thinks of it, the number that is judged in brackets: ``11 cm (0.26 shank lengths)``; where nobody
    told the height, ``about a quarter of your shin (0.26 shank lengths)``. What is no length has no brackets.
    """
    exact = f"{number_text(value, unit)} {unit}"
    if cm_per_unit is not None:
        return f"{cm_text(value * cm_per_unit)} ({exact})"
    if unit not in _OWN or not _SAID_FROM <= value <= _SAID_TO:
        return f"{number_text(value, unit)} {sign_and_words(unit)[1]}".strip()
    share = min(_SHARES, key=lambda share: abs(math.log(value / share)))
    return f"about {_SHARES[share]} of {_OWN[unit]} ({exact})"


def short_text(value: float, unit: str, cm_per_unit: float | None = None) -> str:
    """A value where there is room for a number only: centimetres where they are known."""
    return number_text(value, unit) if cm_per_unit is None else cm_text(value * cm_per_unit)


def cm_text(centimetres: float) -> str:
    """Whole centimetres, which is what a picture tells: ``11 cm``; NaN is a dash."""
    return with_minus(f"{round(centimetres) + 0:d} cm") if math.isfinite(centimetres) else "–"


def velocity_text(legs_per_s: float, m_per_s: float | None = None) -> str:
    """``0.62 m/s``, or ``0.70 leg lengths/s`` where nobody told the height; NaN is a dash."""
    value, unit = (legs_per_s, "leg lengths/s") if m_per_s is None else (m_per_s, "m/s")
    return f"{value:.2f} {unit}" if math.isfinite(value) else "–"


def count_words(count: int) -> str:
    """Small whole numbers in words: ``five``; others in digits."""
    words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    return words[count] if count < len(words) else str(count)


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


def meanings(units: Iterable[str], height_cm: float | None = None) -> Iterator[str]:
    """What the units mean, each once, for those that need it; where the height is told, in centimetres too."""
    used, known = set(units), units_cm(height_cm, float("nan"))
    for unit, meaning in _MEANINGS.items():
        if unit in used:
            yield f"{meaning}, here about {cm_text(known[unit])}" if unit in known else meaning
