"""One clip, described: who does what before which camera, in what light."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

import numpy as np

from formcheck_render.camera import View
from formcheck_render.exercises import Exercise, ExerciseName
from formcheck_render.light import Light
from formcheck_render.looks import LOOKS, Look

PORTRAIT = (480, 854)
LANDSCAPE = (854, 480)
UPRIGHT_640 = (480, 640)
WIDE_640 = (640, 480)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One clip. `seed` and `name` together fix everything that is left to chance.

    Attributes:
        body: one of the baked bodies, see `looks.LOOKS`.
        size_px: width and height, both even.
        look: stature, colours and clothes; None takes those of the body.
        crf: x264's constant rate factor; lower is better and larger.
        grain: standard deviation of the sensor noise, 8-bit levels.
        note: one phrase that says what is in the clip.
        take: clips of one take show the same movement, each by its own camera; none is named after the clip alone.
    """

    name: str
    body: str
    view: View
    size_px: tuple[int, int]
    exercise: Exercise
    fps: int = 30
    look: Look | None = None
    light: Light = field(default_factory=Light)
    crf: int = 23
    grain: float = 2.3
    note: str = ""
    take: str = ""

    @property
    def exercise_name(self) -> ExerciseName:
        """What is done, by the name that formcheck has for it."""
        return self.exercise.name

    def dressed(self) -> Look:
        """The look that is rendered."""
        return self.look or LOOKS[self.body]

    def generator(self, seed: int) -> np.random.Generator:
        """The source of everything random in this clip."""
        return np.random.default_rng(zlib.crc32(f"{self.take or self.name}/{seed}".encode()))
