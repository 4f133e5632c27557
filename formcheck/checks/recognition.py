"""Which exercise a set of repetitions is.

Every exercise says by itself how well it explains a movement (:attr:`~formcheck.checks.exercise.Kind.explains`);
here they are only compared, over the whole set: one fault in one repetition makes no other exercise of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from formcheck.checks.exercise import HIPS_FALL, Exercise, Kind, RepRule
from formcheck.checks.exercises import EXERCISES
from formcheck.checks.exercises.unjudged import UNJUDGED
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
    kinds: tuple[Kind, ...] = (*EXERCISES.values(), *UNJUDGED)
    fits = [_fit(kind, moves_by) for kind in kinds]
    best = int(np.argmax(fits))
    kind = kinds[best]
    if fits[best] < EXPLAINED_FROM:
        return Recognised(None, "no squat or lunge: the legs move otherwise")
    if isinstance(kind, Exercise):
        return Recognised(kind)
    return Recognised(None, f"{kind.words}, which are not judged yet")


def _fit(kind: Kind, moves_by: Mapping[RepRule, Sequence[Movement]]) -> float:
    """How well a kind explains its movements, 0 to 1; 0 where there is none."""
    moves = moves_by.get(kind.rep_rule if isinstance(kind, Exercise) else HIPS_FALL, ())
    return float(np.mean([kind.explains(moved) for moved in moves])) if moves else 0.0


def looks_like(other: str) -> str:
    """What is said of a recording that holds something else."""
    return f"This looks like {other}."
