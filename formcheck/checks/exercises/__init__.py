"""The exercises: one file each, which reads like a protocol.

Every module of this folder that has an ``EXERCISE`` is found by itself; there is no list of them anywhere.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from types import MappingProxyType

from formcheck.checks.check import Check
from formcheck.checks.exercise import Exercise
from formcheck.checks.fault import Fault

_exercises: dict[str, Exercise] = {}
_checks: dict[str, Check] = {}
#: Every exercise by name, in the order of their ranks.
EXERCISES: Mapping[str, Exercise] = MappingProxyType(_exercises)

#: What a recording holds that holds none of them: nothing is checked.
NO_EXERCISE = Exercise(name="none", words="other movements", rank=0, explains=lambda _: 0.0, checks=())


def checks_of(exercise: str) -> tuple[Check, ...]:
    """The checks of an exercise; none of one that this version does not know, and of none."""
    return EXERCISES[exercise].checks if exercise in EXERCISES else ()


def check_row(name: str) -> Check:
    """A check by its name, as it is said of in words and pictures; what differs between exercises is in their own rows.

    A name that no exercise has, such as one of another version, gives a row that can be named and no more.
    """
    return _checks.get(name) or Check.unknown(name)


def fault_row(name: str) -> Fault:
    """A fault by its name; one that no check looks for gives a row with words made of its name."""
    return next((check.fault for check in _checks.values() if check.fault.name == name), None) or Fault.unknown(name)


def fault_names() -> tuple[str, ...]:
    """The names of all faults, in the order of the exercises' checks."""
    return tuple(dict.fromkeys(name for exercise in EXERCISES.values() for name in exercise.faults))


@contextmanager
def registered(exercise: Exercise) -> Iterator[None]:
    """Has an exercise that is in no file of this folder known for a while."""
    before = [*EXERCISES.values()]
    _know([*before, exercise])
    try:
        yield
    finally:
        _know(before)


def _know(exercises: Iterable[Exercise]) -> None:
    in_order = sorted(exercises, key=lambda exercise: (exercise.rank, exercise.name))
    _exercises.clear()
    _exercises.update({exercise.name: exercise for exercise in in_order})
    _checks.clear()
    for check in (check for exercise in in_order for check in exercise.checks):
        _checks.setdefault(check.name, check)


def _found() -> Iterator[Exercise]:
    for module in pkgutil.iter_modules(__path__):
        exercise = getattr(import_module(f"{__name__}.{module.name}"), "EXERCISE", None)
        if isinstance(exercise, Exercise):
            yield exercise


_know(_found())
