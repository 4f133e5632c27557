"""The tempo of one repetition as measures with their standard errors, by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from formcheck.measures.measured_rep import MeasuredRep
from formcheck.measures.speed import Speed
from formcheck.measures.stature import LEG_VARIES, leg_m
from formcheck.measures.tempo import Tempo, tempo_of

#: The measure by which repetitions of a set are compared.
MEAN_VELOCITY = "mean_velocity_legs_per_s"


def tempo_measures(rep: MeasuredRep, height_cm: float | None) -> tuple[dict[str, float], dict[str, float]]:
    """Times and velocities of a corrected repetition, and the standard errors of the velocities that are known.

    Velocities are those of the hips, and of the bar where both hands hold one, on the way up: in leg lengths a second,
    and in metres a second where the person's height is told. NaN where too little was seen.
    """
    heights = rep.heights
    hips = tempo_of(heights.time_s, rep.speed.height(heights), rep.rep)
    values = {"descent_s": hips.descent_s, "pause_s": hips.pause_s, "ascent_s": hips.ascent_s}
    errors: dict[str, float] = {}
    told = dict(_velocities("", hips, rep.speed))
    if heights.hold_bar:
        told |= _velocities(
            "bar_", tempo_of(heights.time_s, rep.bar_speed.shoulders * heights.hands, rep.rep), rep.bar_speed
        )
    for name, (value, share) in told.items():
        values[f"{name}_legs_per_s"] = value
        errors[f"{name}_legs_per_s"] = value * share
        if height_cm is not None:
            values[f"{name}_m_per_s"] = value * leg_m(height_cm)
            errors[f"{name}_m_per_s"] = value * leg_m(height_cm) * float(np.hypot(share, LEG_VARIES))
    return values, {name: error for name, error in errors.items() if np.isfinite(error)}


def _velocities(prefix: str, tempo: Tempo, speed: Speed) -> Mapping[str, tuple[float, float]]:
    """Each velocity and its error as a share of it."""

    def each() -> Iterator[tuple[str, tuple[float, float]]]:
        yield f"{prefix}mean_velocity", (tempo.mean_velocity, speed.mean_error)
        yield f"{prefix}peak_velocity", (tempo.peak_velocity, speed.peak_error)

    return dict(each())
