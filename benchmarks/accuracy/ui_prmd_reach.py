"""What any limit could reach on UI-PRMD: each person is judged by a limit that one in ten correct repetitions of the
other people is beyond, for every check alone and for a trained combination of all checks of a view.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.statistics import FloatArray, rate
from benchmarks.accuracy.tables import Table

#: The percentile of correct repetitions of others that a limit spares.
SPARED = 90.0
#: Non-optimal repetitions first.
KINDS = (True, False)

BoolArray = NDArray[np.bool_]
#: Trains on values (n, checks) and what is faulty (n,); what it gives is larger where that is more likely so.
Trainer = Callable[[FloatArray, FloatArray], Callable[[FloatArray], FloatArray]]


@dataclass(frozen=True, slots=True)
class Values:
    """The values of one exercise in one view, (n,) by check, larger being worse; which are non-optimal, and whose."""

    exercise: str
    view: str
    by_check: Mapping[str, FloatArray]
    faulty: BoolArray
    subject: NDArray[np.str_]


def reach_table(of: Sequence[Values], train: Trainer) -> Table:
    """One row a check, and one for all of a view together."""
    rows = [
        [
            values.exercise,
            values.view,
            name,
            *(rate(told[values.faulty == kind].tolist()).text() for kind in (True, False)),
        ]
        for values in of
        for name, told in {**_alone(values), "all, trained": _together(values, train)}.items()
    ]
    note = (
        "Each person is judged by a limit beyond which one in ten correct repetitions of the *other* people lies: what "
        "could be found at about 10 % false alarms by limits made for these people alone; no uncertainty is taken off."
    )
    head = ("exercise", "view", "check", "non-optimal told", "correct told")
    return Table("What a limit could reach", note, head, rows)


def _alone(values: Values) -> Mapping[str, BoolArray]:
    """What each check tells, (n,); nothing where it did not see."""
    return {name: _told(values, lambda _, own=series: own) for name, series in values.by_check.items()}


def _together(values: Values, train: Trainer) -> BoolArray:
    columns = np.column_stack([np.where(np.isfinite(v), v, np.nanmedian(v)) for v in values.by_check.values()])

    def logit(others: BoolArray) -> FloatArray:
        return train(columns[others], values.faulty[others].astype(float))(columns)

    return _told(values, logit)


def _told(values: Values, severity: Callable[[BoolArray], FloatArray]) -> BoolArray:
    """Which repetitions are beyond the limit of the others; ``severity`` (n,) may learn from those others."""
    told = np.zeros(len(values.subject), dtype=bool)
    for subject in np.unique(values.subject):
        own = values.subject == subject
        worse = severity(~own)
        with np.errstate(invalid="ignore"):
            told[own] = worse[own] > np.nanpercentile(worse[~own & ~values.faulty], SPARED)
    return told
