"""The exercises: one file each, which reads like a protocol."""

from __future__ import annotations

from collections.abc import Mapping

from formcheck.checks.check import Check, Exercise
from formcheck.checks.exercises.lunge import LUNGE
from formcheck.checks.exercises.squat import SQUAT

#: Every exercise, by name.
EXERCISES: Mapping[str, Exercise] = {exercise.name: exercise for exercise in (SQUAT, LUNGE)}

#: What a recording holds that holds none of them: nothing is checked.
NO_EXERCISE = Exercise(name="none", words="other movements", explains=lambda _: 0.0, has_lead_leg=False, checks=())


def checks_of(exercise: str) -> tuple[Check, ...]:
    """The checks of an exercise; none of one that this version does not know, and of none."""
    return EXERCISES[exercise].checks if exercise in EXERCISES else ()


def all_faults() -> tuple[str, ...]:
    """The faults of all exercises, in the order of their checks."""
    return tuple(dict.fromkeys(check.fault for exercise in EXERCISES.values() for check in exercise.checks))


__all__ = ["EXERCISES", "LUNGE", "NO_EXERCISE", "SQUAT", "Exercise", "all_faults", "checks_of"]
