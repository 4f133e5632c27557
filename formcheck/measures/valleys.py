"""Valleys of the height of the hips: where a body went down and came up again, whatever it did there.

A valley lies between two tops. The body *stands* on a top between two valleys only where everything that tells its
height says so: hips, shoulders and the length of the legs. Landmarks that jump while a plate passes before the body,
or a bounce at the bottom, make one valley of two lows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.body.pose import FloatArray

#: Shallowest valley, as a fall of the hips in leg lengths. Legs bent to 43 degrees at the knee are 7 % shorter; a
#: rendered squat to 60 degrees reads 0.095 in the front view, where perspective hides part of it.
MIN_DROP_RATIO = 0.07
#: Between two repetitions the body comes back up by this fraction of its fall. Real clips: between repetitions 0.64 and
#: more (0.55 behind a plate), between two lows of one 0.41 and less.
STANDS_FROM = 0.52
#: A witness whose own fall is smaller than this, in leg lengths, does not see the movement.
MIN_WITNESS_FALL = 0.1
#: A dip on the way up or down is none of its own: from top to top quicker than a repetition, and smaller than this
#: share of the fall beside it.
DIP_S, DIP_SHARE = 0.6, 0.3


@dataclass(frozen=True, slots=True)
class Valley:
    """``lowest`` is the frame where the hips are lowest, between the tops ``before`` and ``after`` it."""

    before: int
    lowest: int
    after: int


def find_valleys(time_s: FloatArray, height: FloatArray, witnesses: FloatArray) -> list[Valley]:
    """The valleys of ``height`` (T,), at least MIN_DROP_RATIO deep on both sides, in order; NaN is passed over.

    ``witnesses`` (T, K) are heights of other parts of the body, in the same unit; NaN where one does not see.
    """
    tops, lows = _turns(height)
    _fill_dips(time_s, height, tops, lows)
    heights = np.column_stack([height, witnesses])
    while between := [(_risen(heights, tops[i : i + 3], lows[i : i + 2]), i) for i in range(len(lows) - 1)]:
        risen, least = min(between)
        if risen >= STANDS_FROM:
            break
        higher = least if height[lows[least]] > height[lows[least + 1]] else least + 1
        del lows[higher], tops[least + 1]
    return [Valley(tops[i], low, tops[i + 1]) for i, low in enumerate(lows)]


def _turns(height: FloatArray) -> tuple[list[int], list[int]]:
    """Tops and lows in turn, one top more than lows, each at least MIN_DROP_RATIO from its neighbours."""
    seen = np.flatnonzero(np.isfinite(height))
    tops: list[int] = []
    lows: list[int] = []
    if not seen.size:
        return tops, lows
    falling, turn = False, int(seen[0])
    for frame in seen.tolist():
        gone = height[frame] - height[turn]
        if (gone < 0) == falling and gone != 0:
            turn = frame  # still on its way down (or up): the turning point moves along
        elif abs(gone) >= MIN_DROP_RATIO:
            (lows if falling else tops).append(turn)
            falling, turn = not falling, frame
    if not falling:
        tops.append(turn)
    return tops, lows


def _fill_dips(time_s: FloatArray, height: FloatArray, tops: list[int], lows: list[int]) -> None:
    """Take out the dips, in place, with the lower of their tops."""
    falls = [min(height[tops[i]], height[tops[i + 1]]) - height[low] for i, low in enumerate(lows)]
    for i in reversed(range(len(lows))):
        beside = max(falls[max(i - 1, 0) : i + 2])
        if time_s[tops[i + 1]] - time_s[tops[i]] < DIP_S and falls[i] < DIP_SHARE * beside:
            del lows[i], tops[i if height[tops[i]] < height[tops[i + 1]] else i + 1]


def _risen(heights: FloatArray, tops: list[int], lows: list[int]) -> float:
    """How far the body rises on the middle one of three tops, as a fraction of its fall, by the witness that says
    least; 1 where none sees the movement.
    """
    middle, outer = heights[tops[1]], np.minimum(heights[tops[0]], heights[tops[2]])
    low = np.minimum(heights[lows[0]], heights[lows[1]])
    fall = outer - low
    with np.errstate(invalid="ignore"):
        tells = fall >= MIN_WITNESS_FALL
    return float(np.min((middle - low)[tells] / fall[tells], initial=1.0))
