"""Smooth steps from 0 to 1, and smooth noise on points in space."""

from __future__ import annotations

import numpy as np

from formcheck_render.arrays import Array
from formcheck_render.rotations import unit


def ease(share: Array) -> Array:
    """Minimum-jerk step: 0 at and below 0, 1 at and above 1, at rest at both ends."""
    t = np.clip(share, 0, 1)
    eased: Array = t * t * t * (t * (6 * t - 15) + 10)
    return eased


def eased(share: float) -> float:
    """`ease` of one number."""
    return float(ease(np.asarray(share, float)))


def smoothstep(low: float, high: float, value: Array) -> Array:
    """Cubic step: 0 at and below `low`, 1 at and above `high`."""
    t = np.clip((value - low) / (high - low), 0, 1)
    step: Array = t * t * (3 - 2 * t)
    return step


def stepped(low: float, high: float, value: float) -> float:
    """`smoothstep` of one number."""
    return float(smoothstep(low, high, np.asarray(value, float)))


def smooth_noise(points: Array, rng: np.random.Generator, frequency: float) -> Array:
    """Smooth pseudo-random field at 3-D points (a sum of random plane waves), about -1..1.

    Args:
        points: (N, 3), metres.
        rng: gives the waves; the field depends on nothing else.
        frequency: waves per metre of the coarsest of three octaves.
    """
    field = np.zeros(len(points))
    for octave in range(3):
        for _ in range(6):
            direction = unit(rng.normal(size=3))
            phase = rng.uniform(0, 6.28)
            field += np.sin(points @ direction * frequency * 2**octave * 6.283 + phase) / 2**octave / 6
    return field
