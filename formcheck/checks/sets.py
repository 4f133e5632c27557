"""A recording in sets: where one ends and the next begins, and the summary of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from formcheck.body.pose import SIDES, Side
from formcheck.checks.check import Check, Finding, Known
from formcheck.checks.exercise import Exercise
from formcheck.checks.in_set import MIN_VALUES, Course, Drift, VelocityLoss, is_drift, velocity_loss
from formcheck.checks.scoring import summarise
from formcheck.checks.session_report import RepReport, SetReport
from formcheck.measures.rep_tempo import MEAN_VELOCITY

#: Who rests so long begins a new set.
PAUSE_S = 20.0
#: Who turns by so much, and stays so, begins a new set: planes are 22 to 58 degrees apart, and yaw errs by up to 9.
TURN_DEG = 45.0


def sets_of(reps: Sequence[RepReport], exercise: Exercise) -> tuple[SetReport, ...]:
    """The sets of a recording, in order; each repetition is in one."""
    return tuple(_report(number, group, exercise) for number, group in enumerate(split(reps), 1))


def split(reps: Sequence[RepReport]) -> Iterator[list[RepReport]]:
    """The repetitions of each set: a new one begins after a pause of PAUSE_S, a turn, or with another recording."""
    group: list[RepReport] = []
    for at, rep in enumerate(reps):
        if group and _begins(group, reps[at : at + 2]):
            yield group
            group = []
        group.append(rep)
    if group:
        yield group


def _begins(group: Sequence[RepReport], following: Sequence[RepReport]) -> bool:
    """Whether the next repetition, the first of those following, is one of another set."""
    rested_s = following[0].rep.start_s - group[-1].rep.end_s
    return following[0].recording != group[-1].recording or rested_s >= PAUSE_S or _has_turned(group, following)


def _has_turned(group: Sequence[RepReport], following: Sequence[RepReport]) -> bool:
    """Whether the next repetition, and the one after it if there is one, are seen from elsewhere than the set."""
    yaws = np.radians([rep.view.yaw_deg for rep in group if np.isfinite(rep.view.yaw_deg)])
    if not yaws.size:
        return False
    middle_deg = float(np.degrees(np.arctan2(np.sin(yaws).mean(), np.cos(yaws).mean())))
    away_deg = [abs((rep.view.yaw_deg - middle_deg + 180) % 360 - 180) for rep in following]
    return all(deg >= TURN_DEG for deg in away_deg)


def _report(number: int, reps: Sequence[RepReport], exercise: Exercise) -> SetReport:
    courses = dict(_courses(reps, exercise))
    drifts = [
        _drift(check, side, reps, course) for (check, side), course in courses.items() if is_drift(course, len(courses))
    ]
    return SetReport(
        number=number,
        reps=tuple(rep.rep.number for rep in reps),
        start_s=reps[0].rep.start_s,
        end_s=reps[-1].rep.end_s,
        summary=summarise(reps, exercise.faults),
        loss=_loss(reps),
        drifts=tuple(drifts),
    )


def _loss(reps: Sequence[RepReport]) -> VelocityLoss | None:
    shares = [rep.noise[MEAN_VELOCITY] / rep.measures[MEAN_VELOCITY] for rep in reps if MEAN_VELOCITY in rep.noise]
    if not np.isfinite(shares).any():  # none has one, or its hips were hidden in all
        return None
    return velocity_loss(
        [rep.rep.number for rep in reps], [rep.measures[MEAN_VELOCITY] for rep in reps], float(np.nanmax(shares))
    )


def _courses(reps: Sequence[RepReport], exercise: Exercise) -> Iterator[tuple[tuple[Check, Side | None], Course]]:
    """The courses that can be tested: judged checks of which one repetition after the other tells its own value."""
    for check in exercise.checks:
        for side in (None, *SIDES):
            told = [(rep, f.value) for rep, f in _findings(reps, check, side) if f.value is not None]
            noise = [_noise(rep, check) for rep, _ in told]
            if check.known is not Known.SET_OVER and len(told) >= MIN_VALUES and np.isfinite(noise).all():
                yield (check, side), Course(np.array([value for _, value in told]), float(np.max(noise)))


def _findings(reps: Sequence[RepReport], check: Check, side: Side | None) -> Iterator[tuple[RepReport, Finding]]:
    for rep in reps:
        for finding in rep.findings:
            if finding.check == check.name and finding.side is side and finding.limit_warn is not None:
                yield rep, finding


def _noise(rep: RepReport, check: Check) -> float:
    """What the instrument alone scatters by; all of its error where only that is known, NaN where nothing is."""
    known = rep.noise.get(check.variable)
    errors = [f.uncertainty for f in rep.findings if f.check == check.name and f.uncertainty is not None]
    return known if known is not None else max(errors, default=float("nan"))


def _drift(check: Check, side: Side | None, reps: Sequence[RepReport], course: Course) -> Drift:
    first, last, error = course.change()
    told = [finding for _, finding in _findings(reps, check, side)]
    return Drift(
        check=check.name,
        side=side,
        unit=check.unit,
        first=first,
        last=last,
        error=error,
        held_for=course.held_for(),
        is_worse=bool(check.severity(last) > check.severity(first)),
        cm_per_unit=told[-1].cm_per_unit,
    )
