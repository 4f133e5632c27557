"""Limits in words, the same wherever they are told."""

from __future__ import annotations

from formcheck.checks.check import Worse
from formcheck.words.numbers import exact_text, sign_and_words

_FROM = {Worse.ABOVE: "from {} up", Worse.BELOW: "from {} down", Worse.EITHER: "from ±{}"}


def limit_words(limit: float, unit: str) -> str:
    """A limit with its unit in words, every digit of it: ``6.5°``, ``0.13 shank lengths``."""
    return f"{exact_text(limit, unit)} {sign_and_words(unit)[1]}".strip()


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
