"""Statistics of the accuracy tables: errors of a measure, rates with intervals, areas under the curve."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from formcheck.progress.change import wilson

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Errors:
    """Read minus true over ``count`` pairs, in the unit of the measure; ``slope`` and ``r`` are of read on true."""

    count: int
    bias: float
    sd: float
    mae: float
    slope: float
    r: float


def errors(read: FloatArray, true: FloatArray) -> Errors:
    """Errors over the pairs that are finite; NaN where fewer than two are, slope and r where the truth is constant."""
    both = np.isfinite(read) & np.isfinite(true)
    x, y = true[both], read[both]
    if len(x) < 2:
        return Errors(len(x), *[float("nan")] * 5)
    difference = y - x
    varies = np.std(x) > 1e-9 and np.std(y) > 1e-9
    slope = float(np.polyfit(x, y, 1)[0]) if varies else float("nan")
    r = float(np.corrcoef(x, y)[0, 1]) if varies else float("nan")
    return Errors(
        len(x), float(difference.mean()), float(difference.std(ddof=1)), float(np.abs(difference).mean()), slope, r
    )


@dataclass(frozen=True, slots=True)
class Rate:
    """``hits`` of ``count``."""

    hits: int
    count: int

    def text(self) -> str:
        """Hits, count, per cent and the 95 % interval (Wilson 1927), or a dash where nothing was counted."""
        if not self.count:
            return "–"
        low, high = wilson(self.hits, self.count)
        return f"{self.hits}/{self.count} = {100 * self.hits / self.count:.0f} % ({100 * low:.0f}–{100 * high:.0f})"


def rate(flags: Sequence[bool]) -> Rate:
    """How many of the flags are set."""
    return Rate(sum(flags), len(flags))


def auc(faulty: FloatArray, clean: FloatArray) -> float:
    """Probability that a faulty case reads higher than a clean one, ties counting half, 0 to 1; NaN if one is empty."""
    if not (len(faulty) and len(clean)):
        return float("nan")
    higher = (faulty[:, None] > clean[None, :]).mean()
    return float(higher + 0.5 * (faulty[:, None] == clean[None, :]).mean())


def bootstrap_by_group(
    groups: Sequence[str], statistic: Callable[[NDArray[np.intp]], float], *, draws: int = 1000, seed: int = 0
) -> tuple[float, float]:
    """The 95 % interval of a statistic over cases, drawing whole groups (subjects) with replacement.

    ``statistic`` takes indices of cases; draws in which it is NaN are left out.
    """
    rng = np.random.default_rng(seed)
    names = np.array(groups)
    members = [np.flatnonzero(names == name) for name in np.unique(names)]
    values = [
        statistic(np.concatenate([members[i] for i in rng.integers(len(members), size=len(members))]))
        for _ in range(draws)
    ]
    return float(np.nanpercentile(values, 2.5)), float(np.nanpercentile(values, 97.5))


def smallest_found(sizes: FloatArray, found: NDArray[np.bool_], share: float = 0.9, fewest: int = 5) -> float:
    """The smallest size from which on at least ``share`` of the faults are found; NaN if there is none.

    Judged over all faults of that size or larger, ``fewest`` at least; the fault of that size is itself found.
    """
    order = np.argsort(-sizes)
    hits = np.cumsum(found[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero((hits >= share) & found[order] & (np.arange(len(order)) >= fewest - 1))
    return float(sizes[order][good[-1]]) if len(good) else float("nan")
