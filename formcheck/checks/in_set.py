"""What changes within a set: how a value drifts from its first third to its last, and how much velocity is lost.

A drift is told only where it is more than the instrument, and the set's own scatter, explain: the same measure of the
same person errs by much less from one repetition to the next than from person to person (``within_set.toml``), and the
chance of a false word is held at ALPHA over all measures of the set together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean

import numpy as np

from formcheck.body.pose import FloatArray, Side

#: The chance that a set without any drift is said to have one.
ALPHA = 0.05
#: Fewer values tell no drift, fewer velocities no loss.
MIN_VALUES, MIN_VELOCITIES = 5, 3


@dataclass(frozen=True, slots=True)
class Drift:
    """How the value of one check changed over a set, in the unit of the check; ``side`` None for the whole body.

    ``first`` and ``last`` are the means of its first third and its last, ``error`` the standard error of their
    difference. ``held_for`` is after how many of its repetitions it changed at once; None where it went on changing.
    ``is_worse`` says in which direction it is a fault.
    """

    check: str
    side: Side | None
    unit: str
    first: float
    last: float
    error: float
    held_for: int | None
    is_worse: bool
    cm_per_unit: float | None = None

    @property
    def difference(self) -> float:
        """Last less first."""
        return self.last - self.first


@dataclass(frozen=True, slots=True)
class VelocityLoss:
    """From the fastest repetition to the last, per cent of the fastest, with its standard error; repetitions by number.

    ``is_sure``: more than the scatter of the instrument makes of equal velocities.
    """

    loss_pct: float
    error_pct: float
    fastest: int
    last: int
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Course:
    """What is known of a value over a set: (n,) values in order and ``noise``, the standard deviation of one of them
    that is the instrument's alone.
    """

    values: FloatArray
    noise: float

    @property
    def third(self) -> int:
        """How many values are its first third, and its last; two at least."""
        return max(2, round(len(self.values) / 3))

    def change(self) -> tuple[float, float, float]:
        """The means of first and last third, and the standard error of their difference."""
        first, last = fmean(self.values[: self.third]), fmean(self.values[-self.third :])
        return first, last, max(self.noise, self._scatter()[0]) * math.sqrt(2 / self.third)

    def needed(self, chance: float) -> float:
        """The difference that noise exceeds with this chance, to either side: of the instrument, which is known, and
        of the set's own scatter, which few values tell.
        """
        z, (scatter, free) = NormalDist().inv_cdf(1 - chance / 2), self._scatter()
        return max(z * self.noise, _student(z, free) * scatter) * math.sqrt(2 / self.third)

    def held_for(self) -> int | None:
        """After how many values one step explains the course better than a slope does; None where it does not."""
        steps = self._steps()
        at = min(steps, key=lambda at: steps[at])
        return at if steps[at] <= self._residuals() else None

    def _steps(self) -> dict[int, float]:
        """What a step after so many values leaves of the course, as a sum of squares."""
        count = len(self.values)
        return {at: _sse(self.values[:at]) + _sse(self.values[at:]) for at in range(2, count - 1)}

    def _scatter(self) -> tuple[float, int]:
        """Standard deviation about what explains the values better, a line through them or one step, and its degrees
        of freedom.
        """
        count = len(self.values)
        fits = ((self._residuals(), count - 2), (min(self._steps().values()), count - 3))
        return min((math.sqrt(squares / free), free) for squares, free in fits)

    def _residuals(self) -> float:
        at = np.arange(len(self.values))
        return float(np.sum((self.values - np.polyval(np.polyfit(at, self.values, 1), at)) ** 2))


def is_drift(course: Course, tests: int) -> bool:
    """Whether a course of MIN_VALUES or more is more than noise, among so many that are looked at together."""
    first, last, _ = course.change()
    return abs(last - first) > course.needed(ALPHA / tests)


def velocity_loss(numbers: Sequence[int], velocities: Sequence[float], share: float) -> VelocityLoss | None:
    """The loss over a set; ``share`` is the standard error of a velocity beside others of the set, as a share of it.
    None with fewer than MIN_VELOCITIES, or where nothing is known of the error.
    """
    seen = [(number, value) for number, value in zip(numbers, velocities, strict=True) if np.isfinite(value)]
    if len(seen) < MIN_VELOCITIES or not share > 0:
        return None
    (fastest, most), (last, now) = max(seen, key=lambda pair: pair[1]), seen[-1]
    loss, error = 1 - now / most, share * math.sqrt(2) * now / most
    # The fastest is chosen among all: each of the others might have been it.
    is_sure = loss > NormalDist().inv_cdf(1 - ALPHA / (len(seen) - 1)) * share * math.sqrt(2)
    return VelocityLoss(100 * loss, 100 * error, fastest, last, is_sure)


def _sse(values: FloatArray) -> float:
    return float(np.sum((values - values.mean()) ** 2))


def _student(z: float, free: int) -> float:
    """The quantile of Student's distribution beside one of the normal one (Cornish & Fisher; Abramowitz & Stegun 1964,
    26.7.5): at the chances of a set within 2 % for 3 degrees of freedom and more, 10 % for 2.
    """
    series = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return float(z + sum(term / free**power for power, term in enumerate(series, 1)))
