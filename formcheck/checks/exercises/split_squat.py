"""The split squat: one leg in front, and the feet stay where they are; the rear one on the floor or on a bench."""

from __future__ import annotations

from dataclasses import replace

from formcheck.body.pose import SIDES
from formcheck.checks.exercise import Exercise
from formcheck.checks.exercises import front_leg
from formcheck.checks.exercises.stance import is_static
from formcheck.measures.measured_rep import MeasuredRep
from formcheck.measures.movement import Movement

#: The rear foot above the front one while the legs are straightest, in leg lengths: on a bench 0.40 to 0.45, on its
#: toes on the floor 0.27 at most.
RAISED_RATIO = 0.33


def explains(moved: Movement) -> float:
    """As a lunge, without a step between repetitions."""
    return front_leg.explains(moved) * is_static(moved)


def variant_of(rep: MeasuredRep) -> str | None:
    """Whether the rear foot is on the floor or raised; None where the front leg is not known."""
    if rep.rep.lead_side is None:
        return None
    rear_up = (-1 if rep.rep.lead_side is SIDES[0] else 1) * (rep.moved.start.foot_up + rep.moved.end.foot_up) / 2
    return "rear_foot_raised" if rear_up > RAISED_RATIO else "rear_foot_down"


EXERCISE = Exercise(
    name="split_squat",
    words="split squats",
    rank=3,
    explains=explains,
    lead_side=front_leg.front_side,
    variants={"rear_foot_down": "rear foot on the floor", "rear_foot_raised": "rear foot raised (Bulgarian)"},
    variant_of=variant_of,
    calibrated_as="lunge",
    checks=tuple(
        replace(check, cue="Put your front foot further ahead: knee over the shoe, behind the toes.")
        if check.name == "knee_past_toes"
        else check
        for check in front_leg.CHECKS
    ),
)
