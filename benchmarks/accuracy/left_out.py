"""Limits that quote UI-PRMD's people, without the person who is judged by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from formcheck.checks.check import Check, Worse
from formcheck.checks.exercises import EXERCISES
from formcheck.checks.profiles import Profile

#: Which limits of a profile quote correct repetitions of UI-PRMD: the view they come from, and the percentile at which
#: a value stops being clean. Leans cost from what half of the correct repetitions have.
QUOTED: Mapping[tuple[str, str], tuple[str, float]] = {
    ("squat", "knee_past_toes"): ("side", 95.0),
    ("squat", "pelvic_shift"): ("front", 95.0),
    ("squat", "body_shift"): ("front", 95.0),
    ("squat", "trunk_lean"): ("side", 50.0),
    ("lunge", "depth"): ("side", 95.0),
    ("lunge", "trunk_lean"): ("side", 50.0),
    ("lunge", "side_lean"): ("front", 50.0),
    ("side_lunge", "knee_valgus"): ("front", 95.0),
    ("side_lunge", "knee_outward"): ("front", 95.0),
    ("side_lunge", "reach"): ("front", 95.0),
    ("side_lunge", "side_lean"): ("front", 95.0),
}
#: The percentile that limits for warning quote, in the profile whose limits do: those of `standard` quote clips.
WARNED = 95.0
WARNS_BY_PEOPLE = "strict"

#: Those of this exercise quote all of its correct repetitions, in every profile.
WARNED_BY_ALL = "side_lunge"

#: Values of correct repetitions by exercise and check, and by subject; larger is worse.
Values = Mapping[tuple[str, str], Mapping[str, Sequence[float]]]


def _warned_at(profile: Profile, exercise: str) -> float:
    """The percentile that the limits for warning quote; 0 where they quote something else."""
    if exercise == WARNED_BY_ALL:
        return 100.0
    return WARNED if profile.name == WARNS_BY_PEOPLE else 0.0


def _check(exercise: str, name: str) -> Check:
    return next(check for check in EXERCISES[exercise].checks if check.name == name)


def without(profile: Profile, subject: str, values: Values) -> Profile:
    """The profile with each quoted limit moved by as much as its percentile of the others differs from that of all."""
    limits = dict(profile.limits)
    for key, (_, percentile) in QUOTED.items():
        limit, of_all = limits.get(key), values.get(key, {})
        others = [value for name, one in of_all.items() if name != subject for value in one]
        everybody = [value for one in of_all.values() for value in one]
        if limit is None or limit.warn is None or limit.fail is None or not others:
            continue
        percentiles = (_warned_at(profile, key[0]), percentile)
        by, clean_by = (
            float(np.percentile(others, q) - np.percentile(everybody, q)) if q else 0.0 for q in percentiles
        )
        if _check(*key).worse is Worse.BELOW:
            by, clean_by = -by, -clean_by
        clean = None if limit.clean is None else limit.clean + clean_by
        limits[key] = replace(limit, warn=limit.warn + by, fail=limit.fail + by, clean=clean)
    return replace(profile, limits=limits)
