"""What an exercise is: how it is recognised, how its repetitions are cut, which leg leads, and what is checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from formcheck.body.pose import Pose, Side
from formcheck.checks.check import Check
from formcheck.measures.measured_rep import MeasuredRep
from formcheck.measures.reps import Rep, cut_reps, rep_under_way


class _CutReps(Protocol):
    def __call__(self, pose: Pose, *, leg_px: float | None = None) -> Sequence[Rep]: ...


class _RepUnderWay(Protocol):
    def __call__(self, pose: Pose, *, leg_px: float) -> Rep | None: ...


@dataclass(frozen=True, slots=True)
class RepRule:
    """What a repetition is: ``complete`` cuts a smoothed recording, ``under_way`` finds the one not over yet."""

    complete: _CutReps
    under_way: _RepUnderWay


#: The hips go down and come up again.
HIPS_FALL = RepRule(cut_reps, rep_under_way)


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise. ``words`` are its plural for people; ``rank`` is its place in lists, of which the first is taken
    where none explains a recording better.

    ``explains`` says how well it explains a measured repetition, 0 not at all to 1. ``lead_side`` is the leg that
    leads in one, or None where that is unclear; an exercise without it has no leading leg.
    """

    name: str
    words: str
    rank: int
    explains: Callable[[MeasuredRep], float]
    checks: tuple[Check, ...]
    lead_side: Callable[[MeasuredRep], Side | None] | None = None
    rep_rule: RepRule = HIPS_FALL

    @property
    def faults(self) -> tuple[str, ...]:
        """The names of what its checks look for, each once."""
        return tuple(dict.fromkeys(check.fault.name for check in self.checks))

    def led(self, rep: MeasuredRep) -> MeasuredRep:
        """The repetition with its leading leg in ``rep.lead_side``, as it is where the exercise has none."""
        if self.lead_side is None:
            return rep
        return replace(rep, rep=replace(rep.rep, lead_side=self.lead_side(rep)))
