"""Why a recording holds no repetition: what is said in place of a verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from formcheck.body.pose import Pose
from formcheck.checks.exercise import RepRule
from formcheck.measures.heights import hips_y_px, leg_length_px
from formcheck.measures.reps import PassedOver, depth_fraction

#: Slow motion of phones: 60, 120 and 240 pictures a second shown as 30.
_SLOWED = (2, 4, 8)
#: In slow motion the middle 60 % of the way down take at least this long; who sits down and stays there is quicker.
_SLOW_MIDDLE_S = 1.5
#: Hips that stay within this part of a leg's length, from the 5th to the 95th percentile, are still.
_STILL_RATIO = 0.03


def why_nothing(smoothed: Pose, whole: Pose, rule: RepRule, passed_over: Sequence[PassedOver]) -> str:
    """What is said of a recording without a repetition, with what was seen in their place most.

    ``smoothed`` is the smoothed recording (T,), ``whole`` the same with every landmark that the pose model guessed,
    ``rule`` what would have been a repetition.
    """
    if len(smoothed) == 1:
        return "This is a single picture: a repetition is judged by its movement, so give a video of it."
    if not np.isfinite(smoothed.image_px).any():
        return "Nobody was seen in this recording: show the whole body, in good light."
    if _is_slowed(smoothed, whole, rule):
        return "Somebody moves far too slowly: if this is slow motion, give the recording at its real speed."
    if passed_over:
        kinds = [other.reason.partition(":")[0] for other in passed_over]
        most, count = Counter(kinds).most_common(1)[0]
        first = passed_over[kinds.index(most)]
        often = "once" if count == 1 else f"{count} times"
        return f"This looks like no squat or lunge: somebody {first.reason} ({often}, first at {first.start_s:.1f} s)."
    if _is_still(smoothed):
        return "Nobody moves in this recording: start it before the first repetition and end it after the last one."
    return "No complete repetition was found: show the whole body, standing before and after."


def _is_slowed(smoothed: Pose, whole: Pose, rule: RepRule) -> bool:
    """Whether the movement would be a repetition if it were faster."""
    for times in _SLOWED:
        faster = replace(smoothed, time_s=smoothed.time_s / times)
        reps = rule.complete(faster, replace(whole, time_s=faster.time_s)).reps
        if any(_middle_s(smoothed.at(slice(rep.start, rep.bottom + 1))) >= _SLOW_MIDDLE_S for rep in reps):
            return True
    return False


def _middle_s(way_down: Pose) -> float:
    """How long the hips take from 20 % to 80 % of their way down, seconds."""
    depth = depth_fraction(way_down)
    with np.errstate(invalid="ignore"):
        below, above = np.flatnonzero(depth >= 0.8), np.flatnonzero(depth <= 0.2)
    if not (below.size and above.size):
        return 0.0
    last_high = above[above < below[0]]
    return float(way_down.time_s[below[0]] - way_down.time_s[last_high[-1]]) if last_high.size else 0.0


def _is_still(smoothed: Pose) -> bool:
    height_px = hips_y_px(smoothed)
    if not np.isfinite(height_px).any():
        return False
    low, high = np.nanpercentile(height_px, [5, 95])
    return bool(high - low < _STILL_RATIO * leg_length_px(smoothed))
