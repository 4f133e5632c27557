"""Limits in words, the same wherever they are told."""

from __future__ import annotations

from formcheck.checks.check import Worse
from formcheck.words.numbers import cm_text, exact_text, sign_and_words

_FROM = {Worse.ABOVE: "from {} up", Worse.BELOW: "from {} down", Worse.EITHER: "from ±{}"}


def limit_words(limit: float, unit: str, cm_per_unit: float | None = None) -> str:
    """A limit with its unit in words, every digit of it: ``6.5°``, ``0.13 shank lengths``, where centimetres are known
    ``6 cm (0.13 shank lengths)``.
    """
    exact = f"{exact_text(limit, unit)} {sign_and_words(unit)[1]}".strip()
    return exact if cm_per_unit is None else f"{cm_text(limit * cm_per_unit)} ({exact})"


def limits_words(warn: float | None, fail: float | None, unit: str, worse: Worse) -> str:
    """Both limits of a check and in which direction it gets worse: ``warn from 0.13 up, fail from 0.2 up, shank
    lengths``.
    """
    if warn is None or fail is None:
        return "none: information only in this profile"
    both = (
        f"{name} {_FROM[worse].format(exact_text(limit, unit))}" for name, limit in (("warn", warn), ("fail", fail))
    )
    return ", ".join(part for part in (*both, sign_and_words(unit)[1]) if part)
