"""Whether a value or a fault rate has changed by more than instrument and chance explain."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

#: Standard errors to either side that hold 95 % of a normal distribution.
Z_95 = 1.96


class Outcome(StrEnum):
    """What may be said of a difference."""

    BETTER = "better"
    WORSE = "worse"
    CHANGED = "changed"  # surely other than before, and neither better nor worse
    WITHIN = "within"  # what the instrument, or so few repetitions, can tell
    UNKNOWN = "unknown"  # nothing is known of the error, or the two cannot be compared


@dataclass(frozen=True, slots=True)
class Rate:
    """``faulty`` of ``judged`` repetitions; what was unseen is in neither."""

    faulty: int
    judged: int

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share, 0 to 1; everything is possible where nothing was judged."""
        return wilson(self.faulty, self.judged) if self.judged else (0.0, 1.0)


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share, 0 to 1 (Wilson 1927, doi:10.2307/2276774); ``count`` is 1 or more."""
    share, spread = hits / count, Z_95 * Z_95 / count
    middle = (share + spread / 2) / (1 + spread)
    half = Z_95 * math.sqrt(share * (1 - share) / count + spread / (4 * count)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def smallest_change(before_error: float, after_error: float) -> float:
    """The smallest difference that is more than error, from the standard errors of two values, in their unit.

    1.96·√2·SEM where both are alike (Weir 2005, doi:10.1519/15184.1). The errors are taken in full and as
    independent: most of them is the person's own and the same in all repetitions, so that more repetitions do not
    lessen it, and how much of it cancels between two sessions of one person is not known.
    """
    return Z_95 * math.hypot(before_error, after_error)


def rate_outcome(before: Rate, after: Rate) -> Outcome:
    """BETTER or WORSE only where the 95 % intervals do not overlap; UNKNOWN where either judged nothing."""
    if not (before.judged and after.judged):
        return Outcome.UNKNOWN
    (was_low, was_high), (low, high) = before.interval, after.interval
    if low > was_high:
        return Outcome.WORSE
    return Outcome.BETTER if high < was_low else Outcome.WITHIN
