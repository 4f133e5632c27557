"""A check is a row of data: which measure, how it is reduced over a repetition, in which view, against which limit.

Verdicts are ordered ``pass < warn < fail``; ``unseen`` stands beside them: the camera could not tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from formcheck.pose import Side


class Verdict(StrEnum):
    """What a check says. ``UNSEEN`` is never a pass: the picture could not support a judgement."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check measured in one repetition, against which limit.

    ``value`` and the limits are in ``unit``; ``value`` is None when unseen, a limit is None where the profile
    makes the measure information only. ``reason`` says why a verdict is ``unseen`` (or information only).
    ``at_s`` is the instant the value was taken. ``side`` is None for measures of the whole body.
    """

    check: str
    fault: str
    side: Side | None
    value: float | None
    unit: str
    limit_warn: float | None
    limit_fail: float | None
    verdict: Verdict
    reason: str | None
    at_s: float | None
    cue: str
    source: str
