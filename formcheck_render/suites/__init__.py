"""The named sets of clips."""

from __future__ import annotations

from formcheck_render.scenario import Scenario
from formcheck_render.suites.accuracy import ACCURACY
from formcheck_render.suites.cameras import CAMERAS
from formcheck_render.suites.held_out import HELD_OUT
from formcheck_render.suites.one_leg import ONE_LEG, ONE_LEG_HELD_OUT
from formcheck_render.suites.pairs import PAIRS
from formcheck_render.suites.reference import REFERENCE
from formcheck_render.suites.samples import SAMPLES

SUITES: dict[str, tuple[Scenario, ...]] = {
    "samples": SAMPLES,
    "reference": REFERENCE,
    "accuracy": ACCURACY,
    "cameras": CAMERAS,
    "held_out": HELD_OUT,
    "one_leg": ONE_LEG,
    "one_leg_held_out": ONE_LEG_HELD_OUT,
    "pairs": PAIRS,
}
"""`samples` is shipped; corrections and limits are set on it, `reference`, `accuracy`, `cameras` and `one_leg`.

`held_out` and `one_leg_held_out` have other people and are reported. `pairs` films one movement from two sides; half
of it is of such people.
"""
