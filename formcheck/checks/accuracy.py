"""How well each check was measured to work: faults found and false alarms, on people that nothing was chosen on.

The numbers are in ``accuracy.toml``, written by ``python -m benchmarks.accuracy``: section ``rendered`` from every
reported clip, ``stored`` from the ten of them that are kept as landmarks. docs/accuracy.md has the tables around them.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from formcheck.body.view import Plane

#: To be told beside rates that are.
EARLIER = "of an earlier version, which warned of what is too close to call now: fewer are found and falsely told today"


@dataclass(frozen=True, slots=True)
class CheckAccuracy:
    """One check, or several that find the same fault together, in one plane.

    A case has the fault where its true value is ``fault_from`` or more, and has not where it is ``clean_to`` or less,
    both in ``unit``: ``found`` of ``faulty`` cases and ``alarms`` of ``clean`` ones were warned about, ``close`` of the
    faulty ones too close to call. From ``smallest`` on nine in ten are found; None where too few were. ``is_earlier``:
    measured before there was the verdict `unsure`, when what is too close to call was a warning.
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
    close: int = 0
    is_earlier: bool = False

    def besides(self, check: str) -> tuple[str, ...]:
        """The other checks that were counted together with this one."""
        return tuple(other for other in self.checks if other != check)


@cache
def measured_accuracy() -> tuple[CheckAccuracy, ...]:
    """Everything that was measured, as shipped."""
    text = resources.files("formcheck.checks").joinpath("accuracy.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["measured"]
    told = ({"smallest": None} | row | {"checks": tuple(row["checks"]), "plane": Plane(row["plane"])} for row in rows)
    return tuple(CheckAccuracy(**row) for row in told)


def accuracy_of(exercise: str, check: str) -> tuple[CheckAccuracy, ...]:
    """What was measured of one check."""
    return tuple(row for row in measured_accuracy() if row.exercise == exercise and check in row.checks)
