"""How fast a repetition goes: the times of descent, pause and ascent, and the speed on the way up.

Heights are of the hips, and of the wrists' midpoint as the bar where both hands hold one. A half of the repetition is
the time in which the body is faster than SLOW of its fastest there, so that neither the slow drift at the top nor a
pause at the bottom belongs to it; the mean velocity is the way of that time over its length, as a device on the bar
tells it from when the bar leaves to when it stands.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.body.geometry import distance, mean_of_seen, median_of_seen
from formcheck.body.pose import HIPS, SHOULDERS, WRISTS, FloatArray, LandmarkPair, Pose
from formcheck.measures.reps import Rep
from formcheck.measures.smoothing import MAX_GAP_S
from formcheck.measures.standing import Baseline

#: Slower than this share of the fastest is standing, or the pause.
SLOW = 0.1
#: The edges of a half lie within this share of its way from bottom and top: a sticking point between them is ascent.
NEAR = 0.1
#: So much before and after the repetition may still be way: its edges are those of the picture's fall.
BEFORE_S, AFTER_S = 0.4, 0.6
#: Hands that hold a bar are this near to the shoulders, in shoulder widths of the world landmarks, and this far apart;
#: they are level, and go with the shoulders to within this share of the fall. Two bars in clips of people: 1.0 and 1.1
#: near, 1.7 and 2.0 apart; dumbbells, crossed arms and arms ahead: 1.2 and more near, or 1.4 apart at most.
_NEAR_SHOULDERS, _APART, _LEVEL, _WITH_SHOULDERS = 1.2, 1.5, 0.35, 0.25


@dataclass(frozen=True, slots=True)
class Heights:
    """How high parts of the body are against standing, (T,), leg lengths, 0 standing, − below; NaN where unseen.

    ``hands`` is the middle of both wrists; ``hold_bar`` whether they hold one bar, on the back or before the shoulders.
    """

    time_s: FloatArray
    hips: FloatArray
    shoulders: FloatArray
    hands: FloatArray
    hold_bar: bool


@dataclass(frozen=True, slots=True)
class Tempo:
    """Seconds, and velocities on the way up in units of the height a second; all NaN where too little was seen."""

    descent_s: float
    pause_s: float
    ascent_s: float
    mean_velocity: float
    peak_velocity: float


UNSEEN = Tempo(*[float("nan")] * 5)


def heights_of(pose: Pose, whole: Pose, start: Baseline, rep: slice) -> Heights:
    """The heights of smoothed frames; ``whole`` are the same as the pose model guessed them, ``rep`` the repetition's
    own frames among them.
    """
    hips, shoulders, hands = (_above_standing(pose, start, pair) for pair in (HIPS, SHOULDERS, WRISTS))
    hands = np.where(np.isfinite(pose.pair_px(WRISTS)[..., 1]).all(axis=-1), hands, np.nan)
    holds = _hold_bar(whole.at(rep)) and _go_together(hands[rep], shoulders[rep])
    return Heights(pose.time_s, hips, shoulders, hands, holds)


def tempo_of(time_s: FloatArray, height: FloatArray, rep: Rep) -> Tempo:
    """The tempo of a repetition by a height (T,), upwards; frames that are unseen are bridged where a filter would."""
    around = (time_s >= rep.start_s - BEFORE_S) & (time_s <= rep.end_s + AFTER_S)
    seen = around & np.isfinite(height)
    known_s, up = time_s[seen], height[seen]
    within = np.flatnonzero((known_s >= rep.start_s) & (known_s <= rep.end_s))
    if len(within) < 5 or known_s[within[0]] > rep.start_s + MAX_GAP_S or known_s[within[-1]] < rep.end_s - MAX_GAP_S:
        return UNSEEN
    if np.max(np.diff(known_s[within])) > 2 * MAX_GAP_S:
        return UNSEEN
    lowest = int(within[np.argmin(up[within])])
    down, rise = _rise(-known_s[lowest::-1], up[lowest::-1]), _rise(known_s[lowest:], up[lowest:])
    if down is None or rise is None:
        return UNSEEN
    pause_s = max(rise.begin_s + down.begin_s, 0.0)
    return Tempo(down.seconds, pause_s, rise.seconds, rise.mean, rise.peak)


@dataclass(frozen=True, slots=True)
class _Rise:
    begin_s: float
    seconds: float
    mean: float
    peak: float


def _rise(time_s: FloatArray, up: FloatArray) -> _Rise | None:
    """The way up from the first frame on; None where there is none."""
    if len(up) < 3:
        return None
    speed = np.gradient(up, time_s)
    fastest = int(np.argmax(speed))
    way, slow = up.max() - up[0], speed < SLOW * speed[fastest]
    if speed[fastest] <= 0 or way <= 0:
        return None
    frames = np.arange(len(up))
    low = np.flatnonzero(slow & (up < up[0] + NEAR * way) & (frames < fastest))
    high = np.flatnonzero(slow & (up > up.max() - NEAR * way) & (frames > fastest))
    bound = SLOW * float(speed[fastest])
    begin_s = _crossing(time_s, speed, int(low[-1]), 1, bound) if low.size else float(time_s[0])
    end_s = _crossing(time_s, speed, int(high[0]), -1, bound) if high.size else float(time_s[-1])
    height = np.interp((begin_s, end_s), time_s, up)
    return _Rise(begin_s, end_s - begin_s, float(np.diff(height)[0]) / (end_s - begin_s), float(speed[fastest]))


def _crossing(time_s: FloatArray, speed: FloatArray, slow: int, step: int, bound: float) -> float:
    """When the speed passes the bound between a frame that is slow and its neighbour towards the fastest."""
    ends = [slow, slow + step]
    share = (bound - speed[slow]) / max(float(speed[ends[1]] - speed[slow]), 1e-9)
    return float(time_s[slow] + np.clip(share, 0.0, 1.0) * (time_s[ends[1]] - time_s[slow]))


def _above_standing(pose: Pose, start: Baseline, pair: LandmarkPair) -> FloatArray:
    standing_px, y_px = (mean_of_seen(of.pair_px(pair)[..., 1]) for of in (start.pose, pose))
    return np.asarray((standing_px - y_px) / start.leg_px)


def _hold_bar(rep: Pose) -> bool:
    """Whether, by the world landmarks of a repetition, both hands are where they hold one bar."""
    if not np.isfinite(rep.masked().pair_px(WRISTS)).mean() > 0.5:
        return False
    hands, shoulders = rep.pair_m(WRISTS), rep.pair_m(SHOULDERS)
    wide = median_of_seen(distance(shoulders[:, 0], shoulders[:, 1]))
    reach = median_of_seen(distance(hands, shoulders)) / wide
    apart = median_of_seen(distance(hands[:, 0], hands[:, 1])) / wide
    off_level = median_of_seen(np.abs(hands[:, 0, 1] - hands[:, 1, 1])) / wide
    return bool(np.max(reach) < _NEAR_SHOULDERS and apart > _APART and off_level < _LEVEL)


def _go_together(hands: FloatArray, shoulders: FloatArray) -> bool:
    """Whether hands keep their height above the shoulders through a repetition."""
    apart, fall = hands - shoulders, shoulders[np.isfinite(shoulders)]
    apart = apart[np.isfinite(apart)]
    if not (apart.size and fall.size):
        return False
    return bool(np.ptp(np.percentile(apart, (5, 95))) < _WITH_SHOULDERS * np.ptp(fall))
