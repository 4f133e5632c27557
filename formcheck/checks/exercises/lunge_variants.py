"""How a lunge was stepped. No recording of people shows jumps, or walking from the side: those limits are by reason."""

from __future__ import annotations

import numpy as np

from formcheck.body.geometry import median_of_seen
from formcheck.body.view import Plane
from formcheck.measures.measured_rep import MeasuredRep

VARIANTS = {
    "forward": "step forward",
    "reverse": "step back",
    "walking": "walking",
    "curtsy": "step back across (curtsy)",
    "jumping": "jumping",
}
#: Who walks is a step further at the end than at the start, in leg lengths across the picture: 0.29 at most in lunges
#: on the spot, a step is 0.8. Towards the camera the trunk grows: by 0.26 in a step, by 0.11 at most on the spot.
WALKED_RATIO, GREW_BY = 0.5, 0.18
#: Both feet are this high above where they stood in a jump, in leg lengths; 0.10 at most in other lunges.
JUMPED_RATIO = 0.16
#: The rear foot of a curtsy crosses behind the front one: its ankle is 0.02 or 0.20 beyond the other one; other
#: lunges have their feet 0.19 and more apart sideways, from the front and at an angle.
CROSSED_RATIO = 0.08


def variant_of(rep: MeasuredRep) -> str | None:
    """The variant of a repetition whose front leg is known, None where the picture does not tell."""
    travel, stepped = rep.travel, rep.front_foot_stepped()
    if travel.flight_ratio > JUMPED_RATIO:
        return "jumping"
    if travel.aside_ratio > WALKED_RATIO or abs(travel.growth_ratio - 1) > GREW_BY:
        return "walking"
    if _crosses(rep):
        return "curtsy"
    return None if stepped is None else "forward" if stepped else "reverse"


def _crosses(rep: MeasuredRep) -> bool:
    """Whether the feet cross, where they are seen; from the side that is not told."""
    feet = median_of_seen(rep.within_rep(rep.variables["stance_width_ratio"])[rep.at_bottom()])
    is_seen = rep.view.plane is not Plane.SIDE and np.isfinite(feet)
    return bool(is_seen and rep.moved.bottom.feet_wide < CROSSED_RATIO)
