"""Limits that quote UI-PRMD's people, without the person who is judged by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from formcheck.checks.profiles import Profile

#: Which limits of a profile quote correct repetitions of UI-PRMD (their `source` says so), and the view they come from.
QUOTED: Mapping[tuple[str, str], str] = {
    ("squat", "knee_past_toes"): "side",
    ("squat", "pelvic_shift"): "front",
    ("squat", "body_shift"): "front",
    ("squat", "depth"): "side",
    ("squat", "trunk_lean"): "side",
    ("lunge", "knee_past_toes"): "side",
    ("lunge", "depth"): "side",
    ("lunge", "trunk_lean"): "side",
    ("lunge", "side_lean"): "front",
}
#: The percentile of correct repetitions that says how far people go.
PERCENTILE = 95.0

#: Values of correct repetitions by exercise and check, and by subject; larger is worse.
Values = Mapping[tuple[str, str], Mapping[str, Sequence[float]]]


def without(profile: Profile, subject: str, values: Values) -> Profile:
    """The profile with each quoted limit moved by as much as the percentile of the others differs from that of all."""
    limits = dict(profile.limits)
    for key in QUOTED:
        limit, of_all = limits.get(key), values.get(key, {})
        others = [value for name, one in of_all.items() if name != subject for value in one]
        everybody = [value for one in of_all.values() for value in one]
        if limit is None or limit.warn is None or limit.fail is None or not others:
            continue
        by = float(np.percentile(others, PERCENTILE) - np.percentile(everybody, PERCENTILE))
        clean = None if limit.clean is None else limit.clean + by
        limits[key] = replace(limit, warn=limit.warn + by, fail=limit.fail + by, clean=clean)
    return replace(profile, limits=limits)
