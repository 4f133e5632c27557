"""What an exercise is: how it is recognised, how its repetitions are cut, which leg leads, and what is checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

import numpy as np

from formcheck.body.pose import FloatArray, Pose, Side
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


class OfLegs(NamedTuple):
    """A value of a repetition for either leg, (2,), NaN where unseen, and its standard error where that is known."""

    values: FloatArray
    error: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """A kind of movement that is judged. ``explains`` says how well it explains one, 0 not at all to 1; ``words`` are
    its plural, ``rank`` is its place in lists.

    ``lead_side`` is the leg that leads in a repetition, or None where that is unclear; an exercise without it has no
    leading leg. ``variants`` are the ways of doing it, by name the words that tell them; ``variant_of`` gives the name,
    or None where it cannot be told, of a repetition whose leading leg is known. ``of_the_rep`` adds values of whole
    repetitions, by leg (2,), with their standard errors. ``calibrated_as`` names the exercise whose corrections hold
    for this one as well, itself where empty.
    """

    name: str
    words: str
    explains: Callable[[Movement], float]
    rank: int
    checks: tuple[Check, ...]
    lead_side: Callable[[MeasuredRep], Side | None] | None = None
    rep_rule: RepRule = HIPS_FALL
    variants: Mapping[str, str] = field(default_factory=dict)
    variant_of: Callable[[MeasuredRep], str | None] | None = None
    of_the_rep: Callable[[MeasuredRep, Mapping[str, float]], Mapping[str, OfLegs]] | None = None
    calibrated_as: str = ""

    @property
    def calibration_name(self) -> str:
        """The name under which a calibration has its corrections."""
        return self.calibrated_as or self.name

    @property
    def faults(self) -> tuple[str, ...]:
        """The names of what its checks look for, each once."""
        return tuple(dict.fromkeys(check.fault.name for check in self.checks))

    def led(self, rep: MeasuredRep) -> MeasuredRep:
        """The repetition with its leading leg in ``rep.lead_side`` and its variant in ``rep.variant``, as it is where
        the exercise has none.
        """
        if self.lead_side is not None:
            rep = replace(rep, rep=replace(rep.rep, lead_side=self.lead_side(rep)))
        if self.variant_of is not None:
            rep = replace(rep, rep=replace(rep.rep, variant=self.variant_of(rep)))
        return rep


def rises(value: float, begins: float, ends: float) -> float:
    """0 up to ``begins``, 1 from ``ends`` on, evenly between; NaN, unseen, counts for nothing: 0.5."""
    return 0.5 if np.isnan(value) else float(np.clip((value - begins) / (ends - begins), 0.0, 1.0))
