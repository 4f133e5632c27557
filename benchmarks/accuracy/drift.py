"""The section on drift: what is told to change within sets in which nothing changes but by chance, and where it does.

Sets are put together of UI-PRMD's repetitions of one person: correct ones in random order, where every word is a false
one; and five correct ones followed by three non-optimal ones, where something truly changes, though not always what the
camera sees.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from benchmarks.accuracy.statistics import rate
from benchmarks.accuracy.tables import Table
from benchmarks.accuracy.ui_prmd_bodies import Capture, captures, film
from formcheck.checks.exercises import EXERCISES
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.session_report import RepReport, SetReport
from formcheck.checks.sets import sets_of
from formcheck.measures.correction import joint_calibration

#: Sets of each person, drawn at random.
DRAWS = 40
HELD, BROKEN = 5, 3


def tables() -> list[Table]:
    """How often a set is said to drift, by exercise and view."""
    rows = []
    for exercise in ("squat", "lunge"):
        found = [capture for capture in captures() if capture.exercise == exercise]
        for view in ("front", "side"):
            reps = {
                (subject, is_correct): list(_reps(found, subject, view, is_correct=is_correct))
                for subject in sorted({capture.subject for capture in found})
                for is_correct in (True, False)
            }
            steady, broken = list(_steady(reps, exercise)), list(_broken(reps, exercise))
            told = [bool(one.drifts) for one in steady], [any(d.is_worse for d in one.drifts) for one in broken]
            rows.append([exercise, view, *(rate(flags).text() for flags in told)])
    note = (
        "UI-PRMD, six people, with noise. *False*: sets of eight correct repetitions of one person in random order of "
        f"which any drift is told ({DRAWS} draws a person). *Found*: sets of five correct repetitions and then three "
        "non-optimal ones of which something is told to get worse."
    )
    return [Table("Drift within a set", note, ("exercise", "view", "false", "found"), rows)]


def _reps(found: Sequence[Capture], subject: str, view: str, *, is_correct: bool) -> Iterator[RepReport]:
    for seed, capture in enumerate(found):
        if capture.subject == subject and capture.is_correct is is_correct:
            pose = film(capture, view, noise=True, seed=seed)
            yield from analyze_poses(pose, exercise=capture.exercise, calibration=joint_calibration()).reps[:1]


def _steady(reps: dict[tuple[str, bool], list[RepReport]], exercise: str) -> Iterator[SetReport]:
    rng = np.random.default_rng(0)
    for (_, is_correct), own in reps.items():
        for _ in range(DRAWS if is_correct and len(own) >= HELD + BROKEN else 0):
            yield _set([own[at] for at in rng.permutation(len(own))[: HELD + BROKEN]], exercise)


def _broken(reps: dict[tuple[str, bool], list[RepReport]], exercise: str) -> Iterator[SetReport]:
    rng = np.random.default_rng(1)
    for (subject, is_correct), own in reps.items():
        worse = reps[subject, False]
        for _ in range(DRAWS if is_correct and len(own) >= HELD and len(worse) >= BROKEN else 0):
            first = [own[at] for at in rng.permutation(len(own))[:HELD]]
            yield _set([*first, *(worse[at] for at in rng.permutation(len(worse))[:BROKEN])], exercise)


def _set(reps: Sequence[RepReport], exercise: str) -> SetReport:
    """These repetitions as one set, one every three seconds."""
    timed = [
        replace(rep, rep=replace(rep.rep, number=number, start_s=3.0 * number, end_s=3.0 * number + 2.0))
        for number, rep in enumerate(reps, 1)
    ]
    [one] = sets_of([replace(rep, view=timed[0].view) for rep in timed], EXERCISES[exercise])
    return one
