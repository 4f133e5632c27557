"""From the heights that a picture gives to how fast a body rises, and how far that may be off.

MediaPipe's hips sink with depth, and perspective draws a hip that goes back nearer to the horizon, so the height is a
weighted sum of the hips' own and the shoulders'. The weights and errors in ``speed.toml`` are fitted by
``benchmarks/accuracy/calibrate_speed.py`` on rendered people of whom none appears in the tables of docs/accuracy.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from formcheck.body.pose import FloatArray
from formcheck.body.view import Plane
from formcheck.measures.tempo import Heights

#: The names of what holds for every exercise and view that have no row of their own, and for the bar.
_ANY, _BAR = ("any", "any"), ("bar", "any")


@dataclass(frozen=True, slots=True)
class Speed:
    """How the height is made of what is seen. Errors are standard errors, as shares of a velocity: of the mean and the
    peak one, and ``within_set``, by which the mean one scatters between repetitions of one recording.
    """

    hips: float
    shoulders: float
    mean_error: float
    peak_error: float
    within_set: float

    def height(self, heights: Heights) -> FloatArray:
        """The corrected height of the hips, (T,), leg lengths; NaN where a part that it weighs is unseen."""
        height = self.hips * heights.hips
        return np.asarray(height + self.shoulders * heights.shoulders if self.shoulders else height)


#: The height as the picture gives it, of which nothing is known.
AS_SEEN = Speed(1.0, 0.0, *[float("nan")] * 3)
BAR_AS_SEEN = Speed(0.0, 1.0, *[float("nan")] * 3)


@dataclass(frozen=True, slots=True)
class Speeds:
    """What is known of the speed, by exercise and plane."""

    rows: Mapping[tuple[str, str], Speed]

    def of(self, exercise: str, plane: Plane, heights: Heights) -> Speed:
        """That of an exercise in a plane; what holds for all where there is none, or where no shoulders are seen."""
        chosen = self.rows.get((exercise, str(plane)))
        if chosen is None or not np.isfinite(heights.shoulders).mean() > 0.5:
            return self.as_seen
        return chosen

    @property
    def as_seen(self) -> Speed:
        """The height as the picture gives it, with its errors."""
        return self.rows.get(_ANY, AS_SEEN)

    @property
    def bar(self) -> Speed:
        """What makes the height of a bar of that of the hands: the weight of the shoulders, which carry it."""
        return self.rows.get(_BAR, BAR_AS_SEEN)


#: Every height as the picture gives it.
NOTHING_KNOWN = Speeds({})


def shipped_speeds(landmarks: str) -> Speeds:
    """What is shipped for ``mediapipe`` or for ``joints``."""
    return _shipped()[landmarks]


@cache
def _shipped() -> Mapping[str, Speeds]:
    text = resources.files("formcheck.measures").joinpath("speed.toml").read_text(encoding="utf-8")
    found = {}
    for landmarks, rows in tomllib.loads(text).items():
        known: dict[tuple[str, str], Speed] = {}
        for row in rows:
            names = ("hips", "shoulders", "mean_error", "peak_error", "within_set")
            known |= dict.fromkeys(((row["exercise"], plane) for plane in row["planes"]), Speed(*map(row.get, names)))
        found[landmarks] = Speeds(known)
    return found
