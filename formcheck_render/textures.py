"""Procedural textures that tile: wooden floor, wall, cloth. All are (512, 512, channels), 0..1."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck_render.arrays import Array

_SIZE = 512
_PLANKS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Textures:
    """`wood` is RGB; `wall` and `cloth` carry a pattern and three fields for colours or folds."""

    wood: Array
    wall: Array
    cloth: Array


def tiling_noise(rng: np.random.Generator, smoothness: float) -> Array:
    """(512, 512) noise with a 1/f**smoothness spectrum, stretched to 0..1."""
    frequency = np.fft.fftfreq(_SIZE)
    radius = np.hypot(*np.meshgrid(frequency, frequency))
    radius[0, 0] = 1
    noise = np.real(np.fft.ifft2(np.fft.fft2(rng.normal(size=(_SIZE, _SIZE))) / radius**smoothness))
    noise -= noise.min()
    stretched: Array = noise / noise.max()
    return stretched


def make_textures(rng: np.random.Generator) -> Textures:
    """Draw all textures of a scene."""
    y, x = np.mgrid[0:_SIZE, 0:_SIZE] / _SIZE
    wood = _wood(x, y, rng)
    wall = np.stack([tiling_noise(rng, 1.0), *(tiling_noise(rng, 1.9) for _ in range(3))], -1)
    folds = [tiling_noise(rng, 1.7) for _ in range(3)]
    weave = 0.5 + 0.25 * np.sin(x * 6.28 * 128) * np.sin(y * 6.28 * 128) + 0.35 * (tiling_noise(rng, 1.2) - 0.5)
    return Textures(wood, wall, np.stack([weave, *folds], -1))


def _wood(x: Array, y: Array, rng: np.random.Generator) -> Array:
    wood = np.zeros((_SIZE, _SIZE, 3))
    for i in range(_PLANKS):
        plank = (x * _PLANKS).astype(int) == i
        tone = rng.uniform(0.78, 1.1)
        rings = x * 60 + 2.5 * np.sin(y * 6.28 * 2 + i) + 5 * tiling_noise(rng, 2)
        grain = 0.5 + 0.5 * np.sin(rings * 6.28 / 4)
        speckle = tiling_noise(rng, 1.2) - 0.5
        colour = np.array([0.55, 0.38, 0.24]) * tone * (0.85 + 0.2 * grain + 0.12 * speckle)[..., None]
        wood[plank] = colour[plank]
        seam = (np.abs(x * _PLANKS - i) < 0.02) | (np.abs(((y + i * 0.37) % 1) - 0.5) < 0.002)
        wood[plank & seam] *= 0.45
    return wood
