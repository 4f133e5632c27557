"""What an exercise is: how it is recognised, how its repetitions are cut, which leg leads, and what is checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from formcheck.body.pose import Pose, Side
from formcheck.checks.check import Check
from formcheck.measures.measured_rep import MeasuredRep
from formcheck.measures.movement import Movement
from formcheck.measures.reps import Cut, Rep, cut, rep_under_way


class _CutRecording(Protocol):
    def __call__(
        self, pose: Pose, whole: Pose | None = None, *, leg_px: float | None = None, usual_drop: float = 0.0
    ) -> Cut: ...


class _RepUnderWay(Protocol):
    def __call__(self, pose: Pose, whole: Pose | None = None, *, leg_px: float) -> Rep | None: ...


@dataclass(frozen=True, slots=True)
class RepRule:
    """What a repetition is: ``complete`` cuts a smoothed recording, ``under_way`` finds the one not over yet."""

    complete: _CutRecording
    under_way: _RepUnderWay


#: The hips go down and come up again.
HIPS_FALL = RepRule(cut, rep_under_way)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of movement. ``explains`` says how well it explains one, 0 not at all to 1; ``words`` are its plural."""

    name: str
    words: str
    explains: Callable[[Movement], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise(Kind):
    """A kind of movement that is judged. ``rank`` is its place in lists.

    ``lead_side`` is the leg that leads in a repetition, or None where that is unclear; an exercise without it has no
    leading leg.
    """

    rank: int
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


def rises(value: float, begins: float, ends: float) -> float:
    """0 up to ``begins``, 1 from ``ends`` on, evenly between; NaN, unseen, counts for nothing: 0.5."""
    return 0.5 if np.isnan(value) else float(np.clip((value - begins) / (ends - begins), 0.0, 1.0))
