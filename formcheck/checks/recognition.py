"""Which exercise a set of repetitions is.

Every exercise says by itself how well it explains a movement (:attr:`~formcheck.checks.exercise.Exercise.explains`);
here they are only compared, over the whole set: one fault in one repetition makes no other exercise of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from formcheck.checks.exercise import Exercise, RepRule
from formcheck.checks.exercises import EXERCISES
from formcheck.measures.movement import Movement

#: A set that its best exercise explains less than this is another movement.
EXPLAINED_FROM = 0.5


@dataclass(frozen=True, slots=True)
class Recognised:
    """The exercise of a set, or None with what was seen in its place, in words that follow "This looks like"."""

    exercise: Exercise | None
    other: str = ""


def recognise(moves_by: Mapping[RepRule, Sequence[Movement]]) -> Recognised:
    """The exercise that explains the movements of a set best; ``moves_by`` are those that each rule cuts."""
    exercises = [*EXERCISES.values()]
    fits = [_fit(exercise, moves_by) for exercise in exercises]
    best = int(np.argmax(fits))
    if fits[best] < EXPLAINED_FROM:
        return Recognised(None, "no squat or lunge: the legs move otherwise")
    return Recognised(exercises[best])


def _fit(exercise: Exercise, moves_by: Mapping[RepRule, Sequence[Movement]]) -> float:
    """How well an exercise explains its movements, 0 to 1; 0 where there is none."""
    moves = moves_by.get(exercise.rep_rule, ())
    return float(np.mean([exercise.explains(moved) for moved in moves])) if moves else 0.0


def looks_like(other: str) -> str:
    """What is said of a recording that holds something else."""
    return f"This looks like {other}."
