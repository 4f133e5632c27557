"""The named sets of clips."""

from __future__ import annotations

from formcheck_render.scenario import Scenario
from formcheck_render.suites.accuracy import ACCURACY
from formcheck_render.suites.reference import REFERENCE
from formcheck_render.suites.samples import SAMPLES

SUITES: dict[str, tuple[Scenario, ...]] = {"samples": SAMPLES, "reference": REFERENCE, "accuracy": ACCURACY}
"""`samples` is shipped, `reference` was used to find the biases, `accuracy` is kept for measuring."""
