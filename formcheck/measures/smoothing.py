"""Noise out, movement in: a zero-lag low-pass for recordings, a causal one for live pictures, and the gap rules.

Gap rules: a landmark unseen for at most ``MAX_GAP_S`` between two sightings is interpolated in time; a longer gap
stays NaN, and each stretch between long gaps is filtered on its own, so that NaN never spreads. Where time itself
jumps, as it does when a camera's clock is set, what comes before and after are two stretches, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from formcheck.body.pose import FloatArray, Pose

#: Human squats and lunges hold no signal above this; 6 Hz is the usual cut-off for gait and squat
#: kinematics (Winter 2009, Biomechanics and Motor Control of Human Movement, section 3.4).
CUTOFF_HZ = 6.0
MAX_GAP_S = 0.25
#: Time has jumped where a frame comes later than MAX_GAP_S and later than this many usual intervals.
_JUMP_INTERVALS = 5
#: The even grid has no more samples than this a frame, however uneven the times are.
_MOST_SAMPLES_A_FRAME = 8
#: A stretch shorter than this is left as it is: the filter would only show its own start.
MIN_STRETCH_S = 0.3
#: One by one takes twice as long, and a long recording shall need no second copy of itself.
_LANDMARKS_AT_ONCE = 11


def smooth_recording(pose: Pose, *, cutoff_hz: float = CUTOFF_HZ) -> Pose:
    """Zero-lag Butterworth of 4th order (2nd, forward and backward) on every coordinate of a recording.

    Times may be uneven: each stretch is filtered on an even grid at its median interval and read back at the
    frames' own times. Coordinates that were NaN for longer than MAX_GAP_S stay NaN.
    """
    if len(pose) == 0:
        return pose
    image_px, world_m = np.empty_like(pose.image_px), np.empty_like(pose.world_m)
    for first in range(0, image_px.shape[1], _LANDMARKS_AT_ONCE):
        some = slice(first, first + _LANDMARKS_AT_ONCE)
        columns = np.concatenate([pose.image_px[:, some], pose.world_m[:, some]], axis=-1)
        smoothed = low_pass(pose.time_s, columns.reshape(len(pose), -1), cutoff_hz=cutoff_hz).reshape(columns.shape)
        image_px[:, some], world_m[:, some] = smoothed[..., :2], smoothed[..., 2:]
    return replace(pose, image_px=image_px, world_m=world_m)


def median_rate_hz(time_s: FloatArray) -> float:
    """Frames a second of rising times (T,), by their median interval; NaN for fewer than two."""
    return 1.0 / float(np.median(np.diff(time_s))) if len(time_s) > 1 else float("nan")


def low_pass(time_s: FloatArray, values: FloatArray, *, cutoff_hz: float = CUTOFF_HZ) -> FloatArray:
    """Filter the columns of ``values`` (T, K) over ``time_s`` (T,); gap rules as the module's."""
    out = np.full(values.shape, np.nan)
    # Landmarks vanish together far more often than one by one: columns with the same pattern share one call.
    columns_by_pattern: dict[bytes, list[int]] = {}
    for column, pattern in enumerate(np.isfinite(values).T):
        columns_by_pattern.setdefault(pattern.tobytes(), []).append(column)
    for columns in columns_by_pattern.values():
        seen = np.flatnonzero(np.isfinite(values[:, columns[0]]))
        for stretch in _stretches(time_s, seen):
            span = slice(stretch[0], stretch[-1] + 1)
            out[span, columns] = _filter_stretch(
                time_s[stretch], values[np.ix_(stretch, np.asarray(columns))], time_s[span], cutoff_hz
            )
    return out


def _stretches(time_s: FloatArray, seen: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    """Runs of frame indices between which nothing is missing for longer than MAX_GAP_S, and time does not jump."""
    if seen.size == 0:
        return
    steps_s = np.diff(time_s[seen])
    usual_s = float(np.median(np.diff(time_s))) if len(time_s) > 1 else 0.0
    is_missing = (np.diff(seen) > 1) | (steps_s > _JUMP_INTERVALS * usual_s)
    yield from np.split(seen, np.flatnonzero(is_missing & (steps_s > MAX_GAP_S)) + 1)


def _filter_stretch(seen_s: FloatArray, values: FloatArray, wanted_s: FloatArray, cutoff_hz: float) -> FloatArray:
    if len(seen_s) < 2:
        return np.repeat(values, len(wanted_s), axis=0)
    step_s = float(np.median(np.diff(seen_s)))
    samples = min(round((seen_s[-1] - seen_s[0]) / step_s) + 1, _MOST_SAMPLES_A_FRAME * len(seen_s))
    grid_s = np.linspace(seen_s[0], seen_s[-1], max(2, samples))
    sampled = _interpolate(grid_s, seen_s, values)
    rate_hz = (len(grid_s) - 1) / (grid_s[-1] - grid_s[0])
    if grid_s[-1] - grid_s[0] >= MIN_STRETCH_S and cutoff_hz < 0.45 * rate_hz:
        sampled = _butterworth(sampled, rate_hz, cutoff_hz)
    return _interpolate(wanted_s, grid_s, sampled)


def _butterworth(values: FloatArray, rate_hz: float, cutoff_hz: float) -> FloatArray:
    """Zero-lag Butterworth of even samples (n, K): the gain of a 2nd-order pass forward and one backward.

    Applied to the spectrum, where such a filter is one real factor, 1 / (1 + (f / f0)^4): scipy.signal.sosfiltfilt
    gives the same to 2 % (a test compares them), but importing it takes longer than judging a minute of landmarks.
    Two passes pull the -3 dB point down; f0 puts it back to ``cutoff_hz`` (Winter 2009, section 3.4.4.2).
    """
    padding = min(len(values) - 1, round(3 * rate_hz / cutoff_hz))
    before = 2 * values[0] - values[padding:0:-1]
    after = 2 * values[-1] - values[-2 : -padding - 2 : -1]
    padded = np.concatenate([before, values, after])
    # A spectrum takes its signal for periodic: without the line from end to end, it nearly is.
    line = padded[0] + (padded[-1] - padded[0]) * np.linspace(0, 1, len(padded))[:, None]
    f0_hz = cutoff_hz / (2**0.5 - 1) ** 0.25
    gain = 1 / (1 + (np.fft.rfftfreq(len(padded), 1 / rate_hz) / f0_hz) ** 4)
    filtered = np.fft.irfft(np.fft.rfft(padded - line, axis=0) * gain[:, None], n=len(padded), axis=0) + line
    return np.asarray(filtered[padding : padding + len(values)])


def _interpolate(at_s: FloatArray, known_s: FloatArray, values: FloatArray) -> FloatArray:
    """Linear interpolation of every column."""
    after = np.clip(np.searchsorted(known_s, at_s), 1, len(known_s) - 1)
    share = np.clip((at_s - known_s[after - 1]) / (known_s[after] - known_s[after - 1]), 0, 1)[:, None]
    return np.asarray(values[after - 1] * (1 - share) + values[after] * share)


class OneEuro:
    """Causal filter of one array over time: steady when still, quick when moving.

    Casiez, Roussel & Vogel 2012, "1 € Filter", doi:10.1145/2207676.2208639. ``min_cutoff_hz`` is the cut-off at
    rest; ``beta`` opens it with speed (in units of the value per second). A NaN passes through as NaN and the
    element starts afresh when it is seen again.
    """

    def __init__(self, *, min_cutoff_hz: float = 1.5, beta: float = 0.02, derivative_cutoff_hz: float = 1.0) -> None:
        self._min_cutoff_hz = min_cutoff_hz
        self._beta = beta
        self._derivative_cutoff_hz = derivative_cutoff_hz
        self._time_s: float | None = None
        self._value: FloatArray | None = None
        self._speed: FloatArray | None = None

    def __call__(self, time_s: float, value: FloatArray) -> FloatArray:
        """The filtered value at ``time_s``, which must be later than the last one (ValueError otherwise)."""
        if self._time_s is None or self._value is None or self._speed is None:
            self._time_s, self._value, self._speed = time_s, np.array(value, float), np.zeros_like(value, float)
            return self._value.copy()
        step_s = time_s - self._time_s
        if step_s <= 0:
            raise ValueError(f"time must increase, got {time_s} s after {self._time_s} s")
        known = np.isfinite(self._value)
        change = np.where(known, (value - self._value) / step_s, 0.0)
        speed = _blend(self._speed, change, _share(self._derivative_cutoff_hz, step_s))
        speed = np.where(np.isfinite(speed), speed, 0.0)
        cutoff_hz = self._min_cutoff_hz + self._beta * np.abs(speed)
        filtered = np.where(known, _blend(self._value, value, _share(cutoff_hz, step_s)), value)
        self._time_s, self._value, self._speed = time_s, filtered, speed
        return filtered.copy()


def _share(cutoff_hz: float | FloatArray, step_s: float) -> float | FloatArray:
    """Weight of the new value in an exponential average with this cut-off."""
    turn = 2 * np.pi * cutoff_hz * step_s
    return turn / (turn + 1)


def _blend(old: FloatArray, new: FloatArray, share: float | FloatArray) -> FloatArray:
    return np.asarray(old + share * (new - old))
