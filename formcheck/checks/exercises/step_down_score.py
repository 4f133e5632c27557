"""The lateral step-down score: five things that a rater looks at, added up.

Piva 2006 (doi:10.1186/1471-2474-7-33): arms that leave the waist 1, a trunk that leans 1, a pelvis that is not level 1,
a knee inside the second toe 1 or inside the foot 2, an unsteady leg 1. 0 and 1 are good, 2 and 3 medium, 4 and more
poor. Raters see these and measure nothing, so where each begins is ours: the limits of the checks of the same name.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from formcheck.body.geometry import median_of_seen
from formcheck.body.pose import SIDES, FloatArray
from formcheck.checks.exercise import OfLegs
from formcheck.measures.measured_rep import MeasuredRep

#: A wrist that goes further than this from where it was, in trunk lengths, helps to balance: hands go from the waist
#: to beside the body within 0.3.
ARMS_FROM_RATIO = 0.45
#: The trunk leans, and the pelvis is not level, from here on, degrees: Nakagawa 2012, doi:10.2519/jospt.2012.3987.
LEANS_FROM_DEG, DROPS_FROM_DEG = 8.0, 9.0
#: The knee is inside the second toe, and inside the foot, from here on, in shank lengths: half of a foot's width of
#: about 10 cm is 0.12 of a shank of 41 cm.
INSIDE_TOE_RATIO, INSIDE_FOOT_RATIO = 0.05, 0.12
#: The knee strays sideways from here on, in shank lengths.
UNSTEADY_FROM_RATIO = 0.03


def of_the_rep(rep: MeasuredRep, errors: Mapping[str, float]) -> Mapping[str, OfLegs]:
    """The score of either leg as if it stood on the box, NaN where one of the five is unseen, and how far it would be
    off if all that is measured were off by its standard error.
    """
    score, low, high = (_score(rep, errors, sign) for sign in (0.0, -1.0, 1.0))
    lead = SIDES.index(rep.rep.lead_side) if rep.rep.lead_side else 0
    error = max(score[lead] - low[lead], high[lead] - score[lead])
    return {"step_down_score": OfLegs(score, float(error) if error > 0 else None)}


def _score(rep: MeasuredRep, errors: Mapping[str, float], sign: float) -> FloatArray:
    deep = rep.at_bottom()

    def at_bottom(name: str) -> FloatArray:
        value = median_of_seen(rep.within_rep(rep.variables[name])[deep])
        return np.asarray(value + sign * errors.get(name, 0.0))

    arms = np.fmax.reduce(rep.within_rep(rep.variables["arms_moved_ratio"])) + sign * errors.get("arms_moved_ratio", 0)
    inside = at_bottom("medial_knee_displacement_ratio")
    strays = rep.knee_unsteadiness_ratio() + sign * errors.get("knee_unsteadiness_ratio", 0.0)
    items = (
        (np.full(2, arms), ARMS_FROM_RATIO),
        (at_bottom("lean_over_leg_change_deg"), LEANS_FROM_DEG),
        (at_bottom("pelvic_drop_change_deg"), DROPS_FROM_DEG),
        (inside, INSIDE_TOE_RATIO),
        (inside, INSIDE_FOOT_RATIO),
        (strays, UNSTEADY_FROM_RATIO),
    )
    return np.asarray(np.sum([np.where(np.isnan(value), np.nan, value >= limit) for value, limit in items], axis=0))
