"""The lunge: a step, and one leg in front, which the checks judge."""

from __future__ import annotations

from formcheck.checks.exercise import Exercise
from formcheck.checks.exercises import front_leg
from formcheck.checks.exercises.lunge_variants import VARIANTS, variant_of
from formcheck.checks.exercises.stance import is_static
from formcheck.measures.movement import Movement


def explains(moved: Movement) -> float:
    """One foot ahead of the other, one knee well bent, and a step between repetitions."""
    return front_leg.explains(moved) * (1 - is_static(moved))


EXERCISE = Exercise(
    name="lunge",
    words="lunges",
    rank=2,
    explains=explains,
    lead_side=front_leg.front_side,
    variants=VARIANTS,
    variant_of=variant_of,
    checks=front_leg.CHECKS,
)
