"""The recorded analysis applied to one repetition at a time, under way or just over."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from formcheck.body.geometry import distance
from formcheck.body.pose import ANKLES, SIDES, Pose, Side
from formcheck.body.view import Plane, View
from formcheck.checks.check import Finding, Known
from formcheck.checks.exercise import Exercise
from formcheck.checks.exercises import EXERCISES, NO_EXERCISE, check_row
from formcheck.checks.judge_recording import Led, Symmetry, judge_rep, limb_symmetry, rep_report
from formcheck.checks.judging import Judgement, side_values
from formcheck.checks.profiles import Profile
from formcheck.checks.recognition import Recognised, looks_like, recognise
from formcheck.checks.session_report import Reading, RepReport
from formcheck.measures.correction import Calibration
from formcheck.measures.measured_rep import MeasuredRep, measure_reps
from formcheck.measures.movement import Movement, least_apart_ratio
from formcheck.measures.reps import Rep

#: The exercise is that of most of the last repetitions, so that a set of another one is soon recognised.
_VOTES = 5
#: The measure of the depth gauge.
_GAUGE = "thigh_inclination_deg"
#: A foot stands once its ankle has stayed within this part of the leg for so long; stepping moves it by 0.05 and more
#: in 0.2 s, and what is measured against a foot that still steps is not what it is at the bottom.
_STANDS_RATIO, _STANDS_S = 0.06, 0.3
#: So many last repetitions are compared for the symmetry of the limbs.
_FALLS = 200


@dataclass(frozen=True, slots=True)
class SoFar:
    """What is known of the repetition under way. ``thigh_deg`` is the thigh above parallel now, as the depth check has
    it; NaN where unseen.
    """

    exercise: Exercise
    view: View
    lead_side: Side | None
    findings: tuple[Finding, ...]
    readings: tuple[Reading, ...]
    thigh_deg: float


class LiveJudge:
    """Judges repetitions one by one; keeps what one needs to know of those before it."""

    def __init__(
        self, exercise: str, view: str, limits: Profile, calibration: Calibration, height_cm: float | None
    ) -> None:
        self._stated, self._stated_view = exercise, view
        self._limits, self._calibration, self._height_cm = limits, calibration, height_cm
        self._moves: deque[Movement] = deque(maxlen=_VOTES)
        self._led: deque[Led] = deque(maxlen=_FALLS)
        self._known: Exercise | None = None  # recognised anew with every repetition, not with every pose

    @property
    def exercise(self) -> Exercise:
        """The exercise as far as it is known; the first of them where nothing is."""
        return self._known or EXERCISES.get(self._stated) or next(iter(EXERCISES.values()))

    def deep_enough_deg(self, plane: Plane) -> float:
        """The thigh inclination at which the depth check begins to pass in this plane; parallel without a limit."""
        of = self.exercise
        limits = (self._limits.limit(of.name, check.name) for check in of.checks if check.variable == _GAUGE)
        warn = next((limit.warn for limit in limits if limit is not None), None)
        return (
            0.0 if warn is None else warn - self._calibration.uncertainties(of.calibration_name, plane).get(_GAUGE, 0.0)
        )

    def so_far(self, smoothed: Pose, whole: Pose, rep: Rep, *, is_past_bottom: bool) -> SoFar:
        """The repetition under way, by causally filtered poses that begin after the repetition before it."""
        (stretch,) = measure_reps(smoothed, whole, [rep], stated_view=self._stated_view, are_over=False)
        exercise = self._known or self._exercise([stretch.moved])
        stretch = self._corrected(stretch, exercise)
        now = {Known.AT_ONCE, Known.PAST_BOTTOM} if is_past_bottom else {Known.AT_ONCE}
        judged = self._judged(exercise, stretch, smoothed, Symmetry())
        steps = _stepping(smoothed, stretch.baseline.leg_px)
        known = [j for j in judged if check_row(j.finding.check).known in now and j.finding.side not in steps]
        thigh = side_values(stretch.variables[_GAUGE], stretch.rep.lead_side, stretch.view)
        return SoFar(
            exercise=exercise,
            view=stretch.view,
            lead_side=stretch.rep.lead_side,
            findings=tuple(judgement.finding for judgement in known),
            readings=tuple(_readings(known)),
            thigh_deg=float(thigh[rep.end - stretch.frames.start]),
        )

    def finish(self, smoothed: Pose, whole: Pose, rep: Rep) -> RepReport | str:
        """The report of a repetition that is over; it counts for the exercise and the symmetry from here on. What it
        looks like, in a sentence, where the last repetitions are of no exercise.

        ``smoothed`` is smoothed as a recording is.
        """
        (stretch,) = measure_reps(smoothed, whole, [rep], stated_view=self._stated_view)
        stretch = replace(stretch, moved=self._beside_the_last(stretch.moved, whole, rep))
        self._moves.append(stretch.moved)
        self._known = exercise = self._exercise(self._moves)
        stretch = self._corrected(stretch, exercise)
        if exercise is NO_EXERCISE:
            return looks_like(self._recognised(self._moves).other)
        self._led.append(Led.of(stretch))
        judged = self._judged(exercise, stretch, smoothed, limb_symmetry(self._led))
        return rep_report(stretch, self._calibration, exercise.calibration_name, judged, height_cm=self._height_cm)

    def _beside_the_last(self, moved: Movement, whole: Pose, rep: Rep) -> Movement:
        """The movement with how near the feet came to each other since the one before, which is told it as well."""
        if not self._moves:
            return moved
        between = least_apart_ratio(whole.at(slice(0, rep.start + 1)))
        self._moves[-1] = replace(self._moves[-1], apart_between=float(np.fmin(self._moves[-1].apart_between, between)))
        return replace(moved, apart_between=between)

    def _judged(self, exercise: Exercise, stretch: MeasuredRep, smoothed: Pose, symmetry: Symmetry) -> list[Judgement]:
        return judge_rep(
            exercise,
            self._limits,
            self._calibration,
            stretch,
            time_s=smoothed.time_s,
            symmetry=symmetry,
            height_cm=self._height_cm,
        )

    def _corrected(self, stretch: MeasuredRep, exercise: Exercise) -> MeasuredRep:
        """The stretch as it is judged in this exercise."""
        return exercise.led(stretch).corrected(self._calibration, exercise.calibration_name)

    def _exercise(self, moves: Sequence[Movement]) -> Exercise:
        return EXERCISES.get(self._stated) or self._recognised(moves).exercise or NO_EXERCISE

    def _recognised(self, moves: Sequence[Movement]) -> Recognised:
        return recognise(dict.fromkeys((exercise.rep_rule for exercise in EXERCISES.values()), moves))


def _stepping(smoothed: Pose, leg_px: float) -> set[Side]:
    """The sides whose foot does not stand yet, in the last frame; a hidden one does not tell."""
    ankles_px = smoothed.at(smoothed.time_s >= smoothed.time_s[-1] - _STANDS_S).pair_px(ANKLES)
    moved_px = np.nanmax(distance(ankles_px, ankles_px[-1]), axis=0, initial=0.0)
    return {side for side, px in zip(SIDES, moved_px, strict=True) if px > _STANDS_RATIO * leg_px}


def _readings(judged: Sequence[Judgement]) -> list[Reading]:
    """What the checks measure in the last frame."""
    found = [(j.finding, float(j.values[-1])) for j in judged if np.isfinite(j.values[-1])]
    return [Reading.of(finding, value) for finding, value in found]
