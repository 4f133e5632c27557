"""Two recordings of one movement on one clock, by the movement itself: the height of the hips, cross-correlated.

Each camera starts when somebody presses its button, and no clock of theirs can be trusted. The hips go down and up at
the same moments in every view. Heights are in leg lengths; how high the camera stands scales and shifts them, which the
correlation does not see.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck.body.pose import FloatArray, Pose
from formcheck.measures.heights import followed_height_ratio, leg_length_px
from formcheck.measures.reps import Rep

#: Heights are compared on a grid of so many instants a second.
RATE_HZ = 60.0
#: Two recordings share at least this part of the shorter one.
LEAST_OVERLAP = 0.5
#: Levels between the bottom and the top of a repetition at which its ways down and up are timed.
LEVELS = (0.25, 0.5, 0.75)
#: Bottoms of one repetition are at most this far apart once the clock is common, seconds.
SAME_BOTTOM_S = 0.3


@dataclass(frozen=True, slots=True)
class Clock:
    """``offset_s`` is what the second recording shows later than the first, by its own time: an instant of the first at
    ``t`` is in the second at ``t + offset_s``. ``error_s`` is its standard error. ``correlation``, -1 to 1, is that of
    the heights there, ``next_best`` what it would be at the best of the other offsets. ``mismatch_s`` is by how much
    the two disagree (root mean square) on when the repetitions happen; of one repetition alone, on when the hips pass a
    level of it; NaN where they share none.
    """

    offset_s: float
    error_s: float
    correlation: float
    next_best: float
    mismatch_s: float


def common_clock(first: tuple[Pose, tuple[Rep, ...]], second: tuple[Pose, tuple[Rep, ...]]) -> Clock | None:
    """The clock of two smoothed recordings with their repetitions; None where nothing moves in one of them."""
    grids = _on_grid(first[0]), _on_grid(second[0])
    if grids[0] is None or grids[1] is None:
        return None
    (one, one_from_s), (other, other_from_s) = grids[0], grids[1]
    score, correlation, lags = _correlations(one, other)
    if not np.isfinite(score).any():
        return None
    best = int(np.nanargmax(score))
    offset_s = (lags[best] + _between(score, best)) / RATE_HZ + other_from_s - one_from_s
    late_s = _late_s(first, second, offset_s)
    if late_s.size:
        offset_s += float(np.median(late_s))
        late_s = late_s - np.median(late_s)
    steps_s = [float(np.median(np.diff(pose.time_s))) for pose, _ in (first, second)]
    mismatch_s = float(np.sqrt(np.mean(late_s**2))) if late_s.size else float("nan")
    of_a_frame_s = np.hypot(steps_s[0], steps_s[1]) / np.sqrt(12.0)
    error_s = np.hypot(of_a_frame_s, np.nan_to_num(mismatch_s)) / np.sqrt(max(1, late_s.size))
    return Clock(float(offset_s), float(error_s), float(correlation[best]), _elsewhere(score, best), mismatch_s)


def _on_grid(pose: Pose) -> tuple[FloatArray, float] | None:
    """Height of the hips at even times, NaN where unseen, and the time of the first; None where it never changes."""
    height = followed_height_ratio(pose, leg_length_px(pose))
    seen = np.isfinite(height)
    if seen.sum() < 3:
        return None
    time_s = np.arange(pose.time_s[0], pose.time_s[-1], 1 / RATE_HZ)
    nearest = np.clip(np.searchsorted(pose.time_s, time_s), 0, len(pose) - 1)
    filled = np.where(seen[nearest], np.interp(time_s, pose.time_s[seen], height[seen]), np.nan)
    return (filled, float(time_s[0])) if np.nanstd(filled) > 0 else None


def _correlations(one: FloatArray, other: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """For each lag of ``other``, in grid steps: the correlation weighted by how much of either's movement is shared,
    the correlation itself, and the lag. What is unseen in either counts for neither.
    """
    seen = [np.isfinite(height).astype(float) for height in (one, other)]
    x, y = (np.nan_to_num(height - np.nanmean(height)) for height in (one, other))

    def over(a: FloatArray, b: FloatArray) -> FloatArray:
        size = len(a) + len(b) - 1
        return np.asarray(np.fft.irfft(np.fft.rfft(b, size) * np.fft.rfft(a[::-1], size), size))

    count = np.round(over(*seen))
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = [
            over(x * x, seen[1]) - over(x, seen[1]) ** 2 / count,
            over(seen[0], y * y) - over(seen[0], y) ** 2 / count,
        ]
        together = over(x, y) - over(x, seen[1]) * over(seen[0], y) / count
        shared = [np.clip(part / np.sum(whole * whole), 0, 1) for part, whole in zip(spread, (x, y), strict=True)]
        enough = (count >= LEAST_OVERLAP * min(seen[0].sum(), seen[1].sum())) & (np.minimum(*shared) > 0.05)
        correlation = np.where(enough, together / np.sqrt(spread[0] * spread[1]), np.nan)
    lags = np.arange(1.0 - len(one), len(other))
    return np.asarray(correlation * np.sqrt(shared[0] * shared[1])), np.asarray(correlation), lags


def _between(score: FloatArray, best: int) -> float:
    """How far beside the best step the top of the parabola through it and its neighbours lies, -0.5 to 0.5 steps."""
    if not 0 < best < len(score) - 1:
        return 0.0
    before, at, after = score[best - 1 : best + 2]
    bend = before - 2 * at + after
    return float(np.clip((before - after) / (2 * bend), -0.5, 0.5)) if np.isfinite(bend) and bend < 0 else 0.0


def _elsewhere(score: FloatArray, best: int) -> float:
    """The highest score outside the hill that the best stands on; 0 where there is none above."""
    known = np.nan_to_num(score, nan=-1.0)
    left = best
    while left > 0 and known[left - 1] < known[left]:
        left -= 1
    right = best
    while right < len(known) - 1 and known[right + 1] < known[right]:
        right += 1
    return float(max(0.0, *known[: left + 1][:-1], *known[right + 1 :], 0.0))


def partners(one: tuple[Rep, ...], other: tuple[Rep, ...], offset_s: float) -> list[tuple[Rep | None, Rep | None]]:
    """The repetitions of both recordings in order, those that are the same one together, None for the one that lacks
    it.
    """
    left = list(other)
    pairs: list[tuple[Rep | None, Rep | None]] = []
    for rep in one:
        near = min(left, key=lambda each: abs(each.bottom_s - offset_s - rep.bottom_s), default=None)
        if near is not None and abs(near.bottom_s - offset_s - rep.bottom_s) <= SAME_BOTTOM_S:
            left.remove(near)
            pairs.append((rep, near))
        else:
            pairs.append((rep, None))
    pairs += [(None, rep) for rep in left]

    def at_s(pair: tuple[Rep | None, Rep | None]) -> float:
        return pair[0].bottom_s if pair[0] else pair[1].bottom_s - offset_s if pair[1] else 0.0

    return sorted(pairs, key=at_s)


def _late_s(first: tuple[Pose, tuple[Rep, ...]], second: tuple[Pose, tuple[Rep, ...]], offset_s: float) -> FloatArray:
    """How much later than by the offset the second recording shows each shared repetition, (n,) seconds; of a single
    one, how much later it passes each level.

    The mean over the levels of a repetition: a pelvis that drops on one side reaches a level of the way down earlier in
    one view and later on the way up.
    """
    found = []
    for one, other in partners(first[1], second[1], offset_s):
        if one is not None and other is not None:
            found.append(_passes_s(second[0], other) - _passes_s(first[0], one) - offset_s)
    seen = [late_s for late_s in found if np.isfinite(late_s).all()]
    return np.asarray(seen[0] if len(seen) == 1 else [late_s.mean() for late_s in seen])


def _passes_s(pose: Pose, rep: Rep) -> FloatArray:
    """When the hips pass LEVELS on the way down, then on the way up, seconds; NaN where that is unseen."""
    height = followed_height_ratio(pose, leg_length_px(pose))
    passes = []
    for frames, way in ((slice(rep.start, rep.bottom + 1), -1), (slice(rep.bottom, rep.end + 1), 1)):
        part, time_s = way * height[frames], pose.time_s[frames]
        if not np.isfinite(part).all():
            passes += [float("nan")] * len(LEVELS)
            continue
        rising = np.maximum.accumulate(part)
        low, high = rising[0], rising[-1]
        passes += [float(np.interp(low + level * (high - low), rising, time_s)) for level in LEVELS]
    return np.array(passes)
