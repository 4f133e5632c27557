"""The recorded analysis applied to one repetition at a time, under way or just over."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from formcheck.body.pose import Pose, Side
from formcheck.body.view import Plane, View
from formcheck.checks.check import Finding
from formcheck.checks.exercises import EXERCISES, Exercise
from formcheck.checks.exercises.recognition import is_lunge
from formcheck.checks.judge_recording import Symmetry, judge_rep, limb_symmetry, rep_report, with_lead
from formcheck.checks.judging import Judgement, side_values
from formcheck.checks.profiles import Profile
from formcheck.checks.session_report import Reading, RepReport
from formcheck.measures.correction import Calibration
from formcheck.measures.measured_rep import MeasuredRep, measure_reps
from formcheck.measures.reps import Rep

#: The exercise is that of most of the last repetitions, so that a set of another one is soon recognised.
_VOTES = 5
#: So many last repetitions are compared for the symmetry of the limbs.
_FALLS = 200
#: What the way down cannot tell yet.
_NOT_BEFORE_THE_BOTTOM = {"depth"}
#: What only whole repetitions tell.
_NOT_BEFORE_THE_END = {"limb_symmetry"}


@dataclass(frozen=True, slots=True)
class SoFar:
    """What is known of the repetition under way. ``thigh_deg`` is the thigh above parallel now, as the depth check has
    it; NaN where unseen.
    """

    exercise: str
    view: View
    lead_side: Side | None
    findings: tuple[Finding, ...]
    readings: tuple[Reading, ...]
    thigh_deg: float


class LiveJudge:
    """Judges repetitions one by one; keeps what one needs to know of those before it."""

    def __init__(self, exercise: str, view: str, limits: Profile, calibration: Calibration) -> None:
        self._told, self._told_view = exercise, view
        self._limits, self._calibration = limits, calibration
        self._lunges: deque[bool] = deque(maxlen=_VOTES)
        self._falls: deque[tuple[Side | None, float]] = deque(maxlen=_FALLS)

    @property
    def exercise(self) -> str:
        """The exercise as far as it is known; a squat where nothing is."""
        if self._told != "auto":
            return self._told
        return "lunge" if sum(self._lunges) * 2 > len(self._lunges) else "squat"

    def deep_enough_deg(self, plane: Plane) -> float:
        """The thigh inclination at which the depth check begins to pass in this plane; parallel without a limit."""
        limit = self._limits.limit(self.exercise, "depth")
        if limit is None or limit.warn is None:
            return 0.0
        return limit.warn - self._calibration.uncertainties(self.exercise, plane).get("thigh_inclination_deg", 0.0)

    def so_far(self, seen: Pose, whole: Pose, rep: Rep, *, is_past_bottom: bool) -> SoFar:
        """The repetition under way, by causally filtered poses that begin after the repetition before it."""
        (stretch,) = measure_reps(seen, whole, [rep], told_view=self._told_view, are_over=False)
        votes = [*self._lunges] or [is_lunge(stretch.low, stretch.baseline)]
        exercise, stretch = self._corrected(stretch, votes)
        judged = self._judged(exercise, stretch, seen, Symmetry())
        later = _NOT_BEFORE_THE_END | (set() if is_past_bottom else _NOT_BEFORE_THE_BOTTOM)
        known = [judgement for judgement in judged if judgement.finding.check not in later]
        thigh = side_values(stretch.variables["thigh_inclination_deg"], stretch.rep.lead_side, stretch.view)
        return SoFar(
            exercise=exercise.name,
            view=stretch.view,
            lead_side=stretch.rep.lead_side,
            findings=tuple(judgement.finding for judgement in known),
            readings=tuple(_readings(known)),
            thigh_deg=float(thigh[rep.end - stretch.frames.start]),
        )

    def finish(self, seen: Pose, whole: Pose, rep: Rep) -> RepReport:
        """The report of a repetition that is over; it counts for the exercise and the symmetry from here on.

        ``seen`` is smoothed as a recording is.
        """
        (stretch,) = measure_reps(seen, whole, [rep], told_view=self._told_view)
        self._lunges.append(is_lunge(stretch.low, stretch.baseline))
        exercise, stretch = self._corrected(stretch, [*self._lunges])
        if exercise.has_lead_leg and np.isfinite(stretch.hip_drop_ratio):
            self._falls.append((stretch.rep.lead_side, stretch.hip_drop_ratio))
        judged = self._judged(exercise, stretch, seen, limb_symmetry(self._falls))
        return rep_report(stretch, stretch.uncertainties(self._calibration, exercise.name), judged)

    def _judged(self, exercise: Exercise, stretch: MeasuredRep, seen: Pose, symmetry: Symmetry) -> list[Judgement]:
        return judge_rep(exercise, self._limits, self._calibration, stretch, time_s=seen.time_s, symmetry=symmetry)

    def _corrected(self, stretch: MeasuredRep, lunges: Sequence[bool]) -> tuple[Exercise, MeasuredRep]:
        told = self._told if self._told != "auto" else ("lunge" if sum(lunges) * 2 > len(lunges) else "squat")
        exercise = EXERCISES[told]
        if exercise.has_lead_leg:
            stretch = with_lead(stretch)
        return exercise, stretch.corrected(self._calibration, exercise.name)


def _readings(judged: Sequence[Judgement]) -> list[Reading]:
    """What the checks measure in the last frame."""
    found = [(j.finding, float(j.values[-1])) for j in judged if np.isfinite(j.values[-1])]
    return [Reading(f.check.replace("_", " "), value, f.unit, f.side, f.verdict) for f, value in found]
