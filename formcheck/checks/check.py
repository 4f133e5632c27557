"""A check is a row of data: which measure, how it is reduced over a repetition, in which view, against which limit.

Verdicts are ordered ``unseen < pass < unsure < warn < fail``. ``warn`` and ``fail`` are claims, ``unsure`` is too close
to call, and ``unseen`` is what the camera could not tell. A value is judged only in a view that shows it, on landmarks
that were seen, and on a person large enough in the picture. The row holds all that is said of the check as well: its
words, its cue, what of the body it is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from formcheck.body.pose import KNEES, BoolArray, FloatArray, LandmarkPair, Side
from formcheck.body.view import Plane
from formcheck.checks.fault import Fault
from formcheck.measures.lines import LinesOf

#: A leg shorter than this in the picture is too small to judge: one pixel of jitter is then 3 % of a shank.
MIN_LEG_PX = 60.0
#: A camera farther than this off square sees more of another plane, whatever the user says of the view: 45 degrees and
#: the largest error of yaw, 9 degrees (27 rendered clips, see formcheck/body/view.py).
MAX_YAW_DEG = 54.0
#: Less than this share of the frames that a check looks at tells neither that a fault is there nor that none is.
MIN_SEEN_SHARE = 0.5


class Verdict(StrEnum):
    """What a check says. ``UNSEEN`` is never a pass: the picture could not support a judgement. ``UNSURE`` is neither a
    pass nor a fault: the value is nearer to the limit than it may be wrong.
    """

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    UNSURE = "unsure"
    WARN = "warn"
    FAIL = "fail"
    UNSEEN = "unseen"


#: Verdicts that tell of a fault.
FAULTY = frozenset({Verdict.WARN, Verdict.FAIL})
#: Verdicts that tell anything: that a fault is there, or that none is.
DECIDED = frozenset({Verdict.PASS, *FAULTY})


@dataclass(frozen=True, slots=True)
class OtherReading:
    """What another view of the same set read, in the unit of the finding; ``disagrees``: they differ by more than 95 %
    of their errors would.
    """

    plane: Plane
    value: float
    uncertainty: float | None
    disagrees: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check measured in one repetition, against which limit.

    ``value``, ``uncertainty`` and the limits are in ``unit``; ``value`` is None when unseen, a limit is None where the
    profile makes the measure information only. ``uncertainty`` is the standard error of the value, None where it is
    not known. ``excess`` is where the value lies between the limits, 0 at ``limit_warn`` and 1 at ``limit_fail``,
    negative where it is better than both, None without value or limits. ``reason`` says why a verdict is
    ``unseen``, ``unsure``, information only, or not yet a ``fail``.
    ``points`` is what the value takes off the form score of its repetition, whatever the verdict.
    ``at_s`` is the instant the value was taken. ``side`` is None for measures of the whole body. ``cm_per_unit`` is how
    many centimetres the unit is where it is a length and the person's height was told.

    In a session of several recordings ``recording`` is the number, from 1, of the one that it was judged in, ``plane``
    what that saw, and ``other`` what another view read; None where the repetition's own view says it all.
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
    points: float = 0.0
    cm_per_unit: float | None = None
    recording: int | None = None
    plane: Plane | None = None
    other: OtherReading | None = None

    @property
    def value_cm(self) -> float | None:
        """The value in centimetres; None where it is no length, or nobody told how tall the person is."""
        return None if self.value is None or self.cm_per_unit is None else self.value * self.cm_per_unit


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
    """How the values of the deep part of a repetition become one: its typical, or its worst."""

    MEDIAN = "median"
    WORST = "worst"


class Known(StrEnum):
    """From when on a repetition tells the value of a check; before that the live check says nothing of it."""

    AT_ONCE = "at once"
    PAST_BOTTOM = "past the bottom"
    REP_OVER = "when the repetition is over"
    SET_OVER = "of the whole set"  # every repetition holds the same value, which makes none of them faulty


#: Points that a value surely at the limit for failing takes off, and the most that one does. Weights chosen by us, so
#: that two plain faults halve the score.
POINTS_AT_FAIL, POINTS_AT_MOST = 25.0, 40.0


@dataclass(frozen=True, slots=True)
class Limit:
    """From ``warn`` on a value is a fault, from ``fail`` on a plain one; both None makes it information only. Up to
    ``clean``, what clean repetitions of people have, a value takes nothing off the score; None means up to ``warn``.
    ``by_variant`` holds the limits of variants of the exercise that have their own.
    """

    warn: float | None
    fail: float | None
    source: str
    clean: float | None = None
    by_variant: Mapping[str, Limit] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    """One row of an exercise's protocol, and the only place that knows the check.

    ``variable`` names what :func:`formcheck.measures.standing.measure` gives. It is reduced over the frames in
    which the hips are at least ``from_depth`` of the way down. ``max_yaw_deg`` is how far the camera may be off
    square to its plane, which only a view that the user told can be. ``max_stance_ratio`` is how wide, in
    shoulders, the feet may stand for it, ``least_knee_bend_deg`` how far the leading knee must bend for it.
    ``absent_reason`` says why the variable may be NaN other than by hidden landmarks. ``known`` is from when on a
    repetition tells it. A profile's limits go by the names of exercise and check.

    ``title`` is its name for people. ``reading`` is how a value reads, with ``{value}`` and, where it has one,
    ``{side}``; where the sign of the value tells a side, ``mirrored`` is how a negative one reads and ``plus`` what
    + means. Elsewhere ``signs`` says what + and − mean, and ``changes`` what a difference of that sign means.
    ``moves`` is who, with ``{side}`` where it has one, and what it does within a set as the value rises, and as it
    falls; empty where its title and the number say enough.
    ``cannot_see`` is what a user must know that this check misses. ``joints`` are those that its cue is about;
    ``lines`` draws what is measured, None where no picture of one instant shows it. ``confirmed_by`` are variables
    that must show it, too, for the check to tell a fault or to cost anything: the root of the sum of the squares of
    their shares in these magnitudes is 1 or more. Checks that are not
    ``is_scored`` do not tell good repetitions of people from bad ones, and cost nothing.
    """

    name: str
    fault: Fault
    variable: str
    unit: str
    worse: Worse
    planes: frozenset[Plane]
    title: str
    reading: str
    cue: str
    cannot_see: str
    scope: Scope = Scope.BODY
    reducer: Reducer = Reducer.MEDIAN
    from_depth: float = 0.9
    known: Known = Known.AT_ONCE
    mirrored: str = ""
    plus: str = ""
    signs: tuple[str, str] = ("", "below 0")
    changes: tuple[str, str] = ("more", "less")
    moves: tuple[str, str, str] = ("", "", "")
    joints: LandmarkPair = KNEES
    lines: LinesOf | None = None
    max_yaw_deg: float = MAX_YAW_DEG
    max_stance_ratio: float = float("inf")
    least_knee_bend_deg: float = 0.0
    absent_reason: str = ""
    confirmed_by: tuple[tuple[str, float], ...] = ()
    is_scored: bool = True

    @classmethod
    def unknown(cls, name: str) -> Check:
        """A check that only another version knows: it can be named, and its value told."""
        title = name.replace("_", " ")
        return cls(
            name=name,
            fault=Fault.unknown(name),
            variable="",
            unit="",
            worse=Worse.ABOVE,
            planes=frozenset(),
            title=title,
            reading=f"{title} {{value}}",
            cue="",
            cannot_see="",
        )

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

    def points(self, value: float, limit: Limit, uncertainty: float = 0.0) -> float:
        """What a value takes off the score: nothing up to what is clean and the instrument's error beyond it, from
        there on in proportion: POINTS_AT_FAIL for the way from clean to the limit for failing, POINTS_AT_MOST at most.
        """
        clean = limit.warn if limit.clean is None else limit.clean
        if clean is None or limit.fail is None or not self.is_scored:
            return 0.0
        ends = float(self.severity(limit.fail) - self.severity(clean))
        beyond = float(self.severity(value) - self.severity(clean)) - uncertainty
        if ends <= 0:
            return POINTS_AT_FAIL if beyond >= 0 else 0.0
        return float(np.clip(POINTS_AT_FAIL * beyond / ends, 0.0, POINTS_AT_MOST))

    def verdict(self, value: float, limit: Limit, uncertainty: float = 0.0) -> Verdict:
        """The verdict on a value that was seen.

        It passes only where it is better than the limit for warning, and is a fault only where it is worse than a
        limit, by more than the instrument may be wrong; what lies between is too close to call.
        """
        if self.is_beyond(value, limit.fail, by=uncertainty):
            return Verdict.FAIL
        if self.is_beyond(value, limit.warn, by=uncertainty):
            return Verdict.WARN
        return Verdict.UNSURE if self.is_beyond(value, limit.warn, by=-uncertainty) else Verdict.PASS


#: From what says least to the worst.
RANKS = {
    verdict: rank
    for rank, verdict in enumerate((Verdict.UNSEEN, Verdict.PASS, Verdict.UNSURE, Verdict.WARN, Verdict.FAIL))
}


def worst_verdict(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of several verdicts; ``unseen`` only where nothing else was said."""
    return max(verdicts, key=RANKS.__getitem__, default=Verdict.UNSEEN)


FRONTAL = frozenset({Plane.FRONT, Plane.BACK})
FRONT_ONLY = frozenset({Plane.FRONT})
SAGITTAL = frozenset({Plane.SIDE})
