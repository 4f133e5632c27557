"""The light and the colours of the room."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck_render.arrays import Array
from formcheck_render.rotations import unit


@dataclass(frozen=True, slots=True)
class Light:
    """The light as a scenario asks for it; None is drawn at random.

    Attributes:
        key_azimuth_deg: where the key light stands, from the camera's direction; + to the subject's left.
        key_level: strength of the key light, about 1.6 to 2.4.
        top_level: strength of the overhead light, about 0.45 to 0.8.
        warmth: −0.06 (bluish) to +0.06 (yellowish).
        exposure: 0.3 dark to 0.8 bright.
    """

    key_azimuth_deg: float | None = None
    key_level: float | None = None
    top_level: float | None = None
    warmth: float | None = None
    exposure: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Lighting:
    """Resolved light: directions are unit (3,) towards the lamp, colours are linear RGB (3,)."""

    key_direction: Array
    key_colour: Array
    top_colour: Array
    exposure: float
    wall: Array
    floor: Array


def resolve_light(light: Light, camera_azimuth_deg: float, rng: np.random.Generator) -> Lighting:
    """Draw what a scenario leaves open; always makes the same number of draws."""

    def chosen(given: float | None, low: float, high: float) -> float:
        drawn = float(rng.uniform(low, high))
        return drawn if given is None else given

    azimuth = np.radians(chosen(light.key_azimuth_deg, -70, 70) + camera_azimuth_deg)
    warmth = chosen(light.warmth, -0.06, 0.06)
    direction = np.array([np.sin(azimuth) * 0.9, -np.cos(azimuth) * 0.9, rng.uniform(0.7, 1.3)])
    key_level = chosen(light.key_level, 1.6, 2.4)
    top_level = chosen(light.top_level, 0.45, 0.8)
    exposure = chosen(light.exposure, 0.45, 0.55)
    return Lighting(
        key_direction=unit(direction),
        key_colour=np.array([1 + warmth, 0.96, 0.92 - warmth]) * key_level,
        top_colour=np.array([0.92, 0.95, 1.0]) * top_level,
        exposure=exposure,
        wall=np.array([0.60, 0.57, 0.52]) * rng.uniform(0.6, 1.05) + rng.uniform(-0.06, 0.06, 3),
        floor=np.full(3, rng.uniform(0.6, 1.1)),
    )
