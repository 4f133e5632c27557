"""How well each check was measured to work: faults found and false alarms, on people that nothing was chosen on.

The numbers are in ``accuracy.toml``, written by ``python -m benchmarks.accuracy rendered``; docs/accuracy.md has the
tables around them.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from formcheck.body.view import Plane


@dataclass(frozen=True, slots=True)
class CheckAccuracy:
    """One check, or several that find the same fault together, in one plane.

    A case has the fault where its true value is ``fault_from`` or more, and has not where it is ``clean_to`` or less,
    both in ``unit``: ``found`` of ``faulty`` cases and ``alarms`` of ``clean`` ones were warned about. From
    ``smallest`` on nine in ten are found; None where too few were.
    """

    exercise: str
    checks: tuple[str, ...]
    plane: Plane
    unit: str
    fault_from: float
    found: int
    faulty: int
    clean_to: float
    alarms: int
    clean: int
    smallest: float | None

    def besides(self, check: str) -> tuple[str, ...]:
        """The other checks that were counted together with this one."""
        return tuple(other for other in self.checks if other != check)


@cache
def measured_accuracy() -> tuple[CheckAccuracy, ...]:
    """Everything that was measured, as shipped."""
    text = resources.files("formcheck.checks").joinpath("accuracy.toml").read_text(encoding="utf-8")
    return tuple(
        CheckAccuracy(
            exercise=row["exercise"],
            checks=tuple(row["checks"]),
            plane=Plane(row["plane"]),
            unit=row["unit"],
            fault_from=row["fault_from"],
            found=row["found"],
            faulty=row["faulty"],
            clean_to=row["clean_to"],
            alarms=row["alarms"],
            clean=row["clean"],
            smallest=row.get("smallest"),
        )
        for row in tomllib.loads(text)["measured"]
    )


def accuracy_of(exercise: str, check: str) -> tuple[CheckAccuracy, ...]:
    """What was measured of one check."""
    return tuple(row for row in measured_accuracy() if row.exercise == exercise and check in row.checks)
