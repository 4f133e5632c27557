"""When each repetition happens: times, progress and sway, drawn from one random generator."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck_render.arrays import Array, Ints
from formcheck_render.curves import ease
from formcheck_render.exercises import Tempo


@dataclass(frozen=True, slots=True)
class RepTimes:
    """Seconds of one rep; the bottom is the middle of the hold."""

    start_s: float
    bottom_s: float
    end_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """One entry a frame.

    `progress` is 0 standing, 1 at the bottom; `amplitude` scales the depth of the rep; `rep` is the index of
    the rep, −1 between reps.
    """

    time_s: Array
    progress: Array
    amplitude: Array
    rep: Ints
    reps: tuple[RepTimes, ...]

    def rep_at(self, frame: int) -> int:
        """The index of the rep of a frame; between reps the last finished one, before the first the first."""
        rep = int(self.rep[frame])
        if rep >= 0:
            return rep
        finished = [k for k, times in enumerate(self.reps) if times.end_s <= self.time_s[frame]]
        return max(finished, default=0)


def make_schedule(rep_count: int, tempo: Tempo, fps: int, rng: np.random.Generator) -> Schedule:
    """Lay the reps on the time axis; the draws do not depend on the frame rate."""
    parts, start = [], tempo.lead_s
    for _ in range(rep_count):
        pace = [float(p) for p in np.clip(1 + tempo.vary_ratio * rng.normal(size=4), 0.85, 1.15)]
        amplitude = float(np.clip(1 + tempo.vary_ratio * 0.7 * rng.normal(), 0.9, 1.08))
        down, hold, up = tempo.down_s * pace[0], tempo.hold_s * pace[1], tempo.up_s * pace[2]
        parts.append((start, down, hold, up, amplitude))
        start += down + hold + up + tempo.rest_s
    count = round((start - tempo.rest_s + tempo.lead_s) * fps)
    time_s = np.arange(count) / fps
    progress, amplitudes, rep = np.zeros(count), np.ones(count), np.full(count, -1, np.int64)
    for index, (start, down, hold, up, amplitude) in enumerate(parts):
        inside = (time_s >= start) & (time_s < start + down + hold + up)
        t = time_s[inside] - start
        ascent = np.where(t < down + hold, 1.0, 1 - ease((t - down - hold) / up))
        progress[inside] = np.where(t < down, ease(t / down), ascent)
        rep[inside], amplitudes[inside] = index, amplitude
    reps = tuple(
        RepTimes(round(s, 3), round(s + down + hold / 2, 3), round(s + down + hold + up, 3))
        for s, down, hold, up, _ in parts
    )
    return Schedule(time_s, progress, amplitudes, rep, reps)


class Sway:
    """Slow random sway: three independent sums of sines, about ±`size_m` each."""

    def __init__(self, rng: np.random.Generator, size_m: float) -> None:
        self._size = rng.normal(size=(3, 4)) * size_m
        self._phase = rng.uniform(0, 6.28, size=(3, 4))
        self._hertz = np.array([0.3, 0.7, 1.1, 1.9])

    def at(self, time_s: float) -> tuple[float, float, float]:
        """Pelvis to the left (m), trunk forward (rad), trunk and head to the side (rad)."""
        shift, lean, roll = (self._size * np.sin(2 * np.pi * self._hertz * time_s + self._phase)).sum(1)
        return float(shift), float(lean), float(roll)
