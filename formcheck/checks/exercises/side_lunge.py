"""The side lunge and the cossack squat: one knee bends over its foot, and the straight leg is not judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from formcheck.body.geometry import median_of_seen
from formcheck.body.pose import SIDES, Side
from formcheck.checks import leg_rows, rows
from formcheck.checks.check import Reducer, Scope
from formcheck.checks.exercise import Exercise, OfLegs
from formcheck.checks.exercises.stance import is_crouching, is_reaching_down, is_to_one_side
from formcheck.measures.measured_rep import MeasuredRep
from formcheck.measures.movement import Movement

#: Feet that come nearer to each other than this between repetitions take a step, in leg lengths: planted ones stay 0.88
#: and more apart.
STEP_RATIO = 0.65
#: A knee bent by more than this, over feet that stay, is a cossack squat's.
COSSACK_DEG = 120.0


def explains(moved: Movement) -> float:
    """Feet wide apart, one knee bent and the other straight; no hand on the floor, and no crouch before it."""
    return is_to_one_side(moved) * (1 - is_reaching_down(moved)) * (1 - is_crouching(moved))


def lead_side(rep: MeasuredRep) -> Side | None:
    """The leg that bends."""
    return SIDES[int(np.argmax(rep.moved.bottom.knee_deg))]


def variant_of(rep: MeasuredRep) -> str | None:
    """Whether a foot steps out for it."""
    if min(rep.moved.start.feet_wide, rep.moved.end.feet_wide) < STEP_RATIO:
        return "stepping"
    return "cossack" if rep.moved.bottom.knee_deg.max() > COSSACK_DEG else "planted"


def of_the_rep(rep: MeasuredRep, errors: Mapping[str, float]) -> Mapping[str, OfLegs]:
    """The slant of the straight leg's thigh, as a value of the leg that bends."""
    slants_deg = median_of_seen(rep.within_rep(rep.variables["thigh_inclination_deg"])[rep.at_bottom()])
    return {"straight_thigh_deg": OfLegs(slants_deg[::-1], errors.get("thigh_inclination_deg"))}


EXERCISE = Exercise(
    name="side_lunge",
    words="side lunges",
    rank=6,
    explains=explains,
    lead_side=lead_side,
    variants={"stepping": "step to the side", "planted": "feet stay", "cossack": "feet stay, deep (cossack)"},
    variant_of=variant_of,
    of_the_rep=of_the_rep,
    checks=(
        replace(
            rows.KNEE_VALGUS,
            scope=Scope.LEAD_LEG,
            from_depth=0.9,
            cue="Push your bent knee out, in line with your second and third toe.",
            cannot_see="the straight leg, and anything in a view from the side or oblique",
        ),
        leg_rows.KNEE_OUTWARD,
        leg_rows.REACH,
        leg_rows.TRUNK_TILT,
        replace(
            rows.SIDE_LEAN, from_depth=0.9, reducer=Reducer.MEDIAN, cue="Keep your trunk upright: do not lean over."
        ),
        replace(
            rows.LIMB_SYMMETRY,
            absent_reason="go three times to either side, in one way, to compare them",
            cannot_see="anything before either leg did three repetitions in one way",
        ),
    ),
)
