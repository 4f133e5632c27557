"""Measures corrected for what MediaPipe gets wrong, and how far they can still be off.

A corrected measure is a weighted sum of terms: the measure as the picture gives it, and a few lengths of
:mod:`formcheck.measures.terms`. Weights and uncertainties are in ``calibration.toml``, fitted by ``benchmarks/accuracy/
calibrate.py`` on rendered people of whom none appears in the tables of docs/accuracy.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources

import numpy as np

from formcheck.body.pose import FloatArray
from formcheck.body.view import Plane
from formcheck.measures.speed import NOTHING_KNOWN, Speeds, shipped_speeds

#: The name of the constant among the weights.
OFFSET = "offset"


@dataclass(frozen=True, slots=True)
class Correction:
    """How one measure is made in one plane. ``uncertainty`` is the standard error of a repetition's value."""

    weights: Mapping[str, float]
    uncertainty: float

    def apply(self, terms: Mapping[str, FloatArray]) -> FloatArray:
        """The weighted sum of the terms, with their shape; NaN where one of them is."""
        total = sum(weight * terms[name] for name, weight in self.weights.items() if name != OFFSET)
        return np.asarray(total + self.weights.get(OFFSET, 0.0))


@dataclass(frozen=True, slots=True)
class Calibration:
    """Corrections by exercise, measure and plane, and of speed. What has none is taken as the picture gives it.

    ``noise`` is by how much a value scatters from one repetition of a recording to the next, in its unit.
    """

    corrections: Mapping[tuple[str, str, Plane], Correction]
    speeds: Speeds = NOTHING_KNOWN
    noise: Mapping[tuple[str, str, Plane], float] = field(default_factory=dict)

    def correct(
        self,
        exercise: str,
        plane: Plane,
        variables: Mapping[str, FloatArray],
        terms: Mapping[str, FloatArray],
    ) -> dict[str, FloatArray]:
        """The variables, corrected where this exercise and plane have a correction.

        Args:
            exercise: Its name.
            plane: In which the body is seen.
            variables: Measures over frames, (T,) or (T, left and right), by name.
            terms: What else the corrections weigh, see :mod:`formcheck.measures.terms`.

        Returns:
            The same names and shapes; NaN where a value, or a term that its correction weighs, is NaN.
        """
        known = {**terms, **variables}
        corrected = dict(variables)
        for name in variables:
            correction = self.corrections.get((exercise, name, plane))
            if correction is not None:
                corrected[name] = correction.apply(known)
        return corrected

    def uncertainties(self, exercise: str, plane: Plane) -> dict[str, float]:
        """How far the value of a repetition may be off.

        Args:
            exercise: Its name.
            plane: In which the body is seen.

        Returns:
            The standard error by measure, in its unit; what is not known is absent.
        """
        return {
            measure: correction.uncertainty
            for (of, measure, seen_in), correction in self.corrections.items()
            if (of, seen_in) == (exercise, plane)
        }

    def noise_within_set(self, exercise: str, plane: Plane) -> dict[str, float]:
        """By how much the instrument alone lets a value scatter between repetitions of one recording.

        Args:
            exercise: Its name.
            plane: In which the body is seen.

        Returns:
            The standard deviation by measure, in its unit; what is not known is absent.
        """
        return {
            measure: noise for (of, measure, seen_in), noise in self.noise.items() if (of, seen_in) == (exercise, plane)
        }


#: Nothing corrected, nothing known of errors.
UNCALIBRATED = Calibration({})


def mediapipe_calibration() -> Calibration:
    """The corrections for MediaPipe's pose model, as shipped."""
    return replace(_shipped("calibration.toml"), speeds=shipped_speeds("mediapipe"), noise=_noise())


def joint_calibration() -> Calibration:
    """The corrections for landmarks that lie where the joints are, give or take 2 % of the trunk: what perspective and
    the direction of a foot do to the picture.
    """
    return replace(_shipped("calibration_joints.toml"), speeds=shipped_speeds("joints"))


def calibration_for(model: Mapping[str, str]) -> Calibration:
    """The corrections for the landmarks of a recording, by what it says of its pose model."""
    return joint_calibration() if model.get("landmarks_from") == "other" else mediapipe_calibration()


@cache
def _shipped(name: str) -> Calibration:
    corrections = {}
    text = _text(name)
    for row in tomllib.loads(text)["correction"]:
        weights = {str(name): float(weight) for name, weight in row["weights"].items()}
        correction = Correction(weights, float(row["uncertainty"]))
        for plane in row["planes"]:
            corrections[row["exercise"], row["measure"], Plane(plane)] = correction
    return Calibration(corrections)


@cache
def _noise() -> Mapping[tuple[str, str, Plane], float]:
    """What ``within_set.toml`` knows of MediaPipe's landmarks."""
    rows = tomllib.loads(_text("within_set.toml"))["noise"]
    return {(row["exercise"], row["measure"], Plane(plane)): row["sd"] for row in rows for plane in row["planes"]}


def _text(name: str) -> str:
    return resources.files("formcheck.measures").joinpath(name).read_text(encoding="utf-8")
