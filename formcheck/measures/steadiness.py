"""How steady a knee is: what its way sideways has beside a smooth way down and up."""

from __future__ import annotations

import numpy as np

from formcheck.body.pose import FloatArray

#: The smooth way is a polynomial in time of this degree: in and out once is none of it, twice is.
DEGREE = 4
#: A knee that was seen in less of the frames than this, or in fewer than thrice the degree, tells nothing.
SEEN_SHARE = 0.8


def strays_ratio(across: FloatArray) -> FloatArray:
    """The root of the mean square of ``across`` (T, 2) about a smooth way, (2,), in its unit: 0 steady; NaN where too
    little was seen.
    """
    return np.array([_strays(column) for column in across.T])


def _strays(across: FloatArray) -> float:
    ahead, seen = np.linspace(-1.0, 1.0, len(across)), np.isfinite(across)
    if seen.sum() <= 3 * DEGREE or seen.mean() < SEEN_SHARE:
        return float("nan")
    smooth = np.polynomial.Polynomial.fit(ahead[seen], across[seen], DEGREE)
    return float(np.sqrt(np.mean((across[seen] - smooth(ahead[seen])) ** 2)))
