"""A check is a row of data: which measure, how it is reduced over a repetition, in which view, against which limit.

Verdicts are ordered ``pass < warn < fail``; ``unseen`` stands beside them: the camera could not tell. A value
is judged only in a view that shows it, on landmarks that were seen, and on a person large enough in the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from formcheck.body.pose import BoolArray, FloatArray, Side
from formcheck.body.view import Plane

#: A leg shorter than this in the picture is too small to judge: one pixel of jitter is then 3 % of a shank.
MIN_LEG_PX = 60.0
#: A camera farther than this off square sees more of another plane, whatever the user says of the view: 45 degrees and
#: the largest error of yaw, 9 degrees (27 rendered clips, see formcheck/body/view.py).
MAX_YAW_DEG = 54.0
#: Less than this share of the frames that a check looks at tells neither that a fault is there nor that none is.
MIN_SEEN_SHARE = 0.5


class Verdict(StrEnum):
    """What a check says. ``UNSEEN`` is never a pass: the picture could not support a judgement."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    WARN = "warn"
    FAIL = "fail"
    UNSEEN = "unseen"


#: Verdicts that tell of a fault.
FAULTY = frozenset({Verdict.WARN, Verdict.FAIL})


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check measured in one repetition, against which limit.

    ``value``, ``uncertainty`` and the limits are in ``unit``; ``value`` is None when unseen, a limit is None where the
    profile makes the measure information only. ``uncertainty`` is the standard error of the value, None where it is
    not known. ``excess`` is where the value lies between the limits, 0 at ``limit_warn`` and 1 at ``limit_fail``,
    negative where it is better than both, None without value or limits. ``reason`` says why a verdict is
    ``unseen``, information only, or a ``warn`` for want of certainty.
    ``at_s`` is the instant the value was taken. ``side`` is None for measures of the whole body.
    """

    check: str
    fault: str
    side: Side | None
    value: float | None
    uncertainty: float | None
    unit: str
    limit_warn: float | None
    limit_fail: float | None
    excess: float | None
    verdict: Verdict
    reason: str | None
    at_s: float | None
    cue: str
    source: str


class Scope(StrEnum):
    """Whose value is judged: the whole body's, each leg's (the near one from the side), or the lead leg's."""

    BODY = "body"
    EACH_LEG = "each leg"
    LEAD_LEG = "lead leg"


class Worse(StrEnum):
    """In which direction a value gets worse; EITHER judges its magnitude."""

    ABOVE = "above"
    BELOW = "below"
    EITHER = "either"


class Reducer(StrEnum):
    """How the values of the deep part of a repetition become one: its typical, or its worst_verdict."""

    MEDIAN = "median"
    WORST = "worst_verdict"


@dataclass(frozen=True, slots=True)
class Limit:
    """From ``warn`` on a value is a fault, from ``fail`` on a plain one; both None makes it information only."""

    warn: float | None
    fail: float | None
    source: str


@dataclass(frozen=True, slots=True)
class Check:
    """One row of an exercise's protocol.

    ``variable`` names what :func:`formcheck.measures.standing.measure` gives. It is reduced over the frames in which
    the hips are at least ``from_depth`` of the way down. ``max_yaw_deg`` is how far the camera may be off square to its
    plane, which only a view that the user told can be. ``max_stance_ratio`` is how wide, in shoulders, the feet may
    stand for it. ``absent_reason`` says why the variable may be NaN other than by hidden landmarks. ``cannot_see`` is
    what a user must know that this check misses.
    """

    name: str
    fault: str
    variable: str
    unit: str
    scope: Scope
    worse: Worse
    reducer: Reducer
    from_depth: float
    planes: frozenset[Plane]
    cue: str
    cannot_see: str
    max_yaw_deg: float = MAX_YAW_DEG
    max_stance_ratio: float = float("inf")
    absent_reason: str = ""

    def severity(self, values: FloatArray | float) -> FloatArray:
        """Values with their sign turned so that larger is worse."""
        numbers = np.asarray(values, dtype=np.float64)
        if self.worse is Worse.EITHER:
            return np.asarray(np.abs(numbers))
        return np.asarray(numbers if self.worse is Worse.ABOVE else -numbers)

    def is_beyond(self, values: FloatArray | float, bound: float | None, *, by: float = 0.0) -> BoolArray:
        """Where values are worse than the bound ``by`` that much, or more; false where NaN or without a bound."""
        if bound is None:
            return np.zeros(np.shape(values), dtype=bool)
        with np.errstate(invalid="ignore"):
            return np.asarray(self.severity(values) >= self.severity(bound) + by)

    def reduce(self, values: FloatArray) -> tuple[float, int] | None:
        """The one value of these frames, and the index of the frame it was taken from; None if too few are seen."""
        if np.isfinite(values).sum() < max(1, MIN_SEEN_SHARE * len(values)):
            return None
        severity = self.severity(values)
        if self.reducer is Reducer.WORST:
            index = int(np.nanargmax(severity))
            return float(values[index]), index
        middle = float(np.nanmedian(values))
        return middle, int(np.nanargmin(np.abs(values - middle)))

    def excess(self, value: float, limit: Limit) -> float | None:
        """Where a value lies between the limits: 0 at the one for warning, 1 at the one for failing; None without."""
        if limit.warn is None or limit.fail is None:
            return None
        warn, fail = float(self.severity(limit.warn)), float(self.severity(limit.fail))
        beyond = float(self.severity(value)) - warn
        if fail > warn:
            return beyond / (fail - warn)
        return 1.0 if beyond >= 0 else -1.0  # one limit for both

    def verdict(self, value: float, limit: Limit, uncertainty: float = 0.0) -> Verdict:
        """The verdict on a value that was seen.

        A value nearer to a limit than its uncertainty is warned about: it passes only where it is good, and fails
        only where it is bad, by more than the instrument may be wrong.
        """
        if self.is_beyond(value, limit.fail, by=uncertainty):
            return Verdict.FAIL
        return Verdict.WARN if self.is_beyond(value, limit.warn, by=-uncertainty) else Verdict.PASS


RANK = {Verdict.UNSEEN: 0, Verdict.PASS: 1, Verdict.WARN: 2, Verdict.FAIL: 3}


def worst_verdict(verdicts: list[Verdict]) -> Verdict:
    """The worst_verdict of several verdicts; ``unseen`` only where nothing else was said."""
    return max(verdicts, key=RANK.__getitem__, default=Verdict.UNSEEN)


FRONTAL = frozenset({Plane.FRONT, Plane.BACK})
FRONT_ONLY = frozenset({Plane.FRONT})
SAGITTAL = frozenset({Plane.SIDE})


@dataclass(frozen=True, slots=True)
class Exercise:
    """An exercise and its checks. ``has_lead_leg``: one leg is in front, and checks may ask for it."""

    name: str
    has_lead_leg: bool
    checks: tuple[Check, ...]
