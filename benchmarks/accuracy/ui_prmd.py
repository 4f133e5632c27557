"""The section on UI-PRMD: correct against non-optimal repetitions of real people, seen by a virtual camera.

The landmarks are where the joints are (plus noise like MediaPipe's), so MediaPipe's corrections are not applied and no
value has an uncertainty.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.rivals import RIVALS, Rival
from benchmarks.accuracy.statistics import FloatArray, auc, bootstrap_by_group, rate
from benchmarks.accuracy.tables import Table
from benchmarks.accuracy.ui_prmd_bodies import Capture, captures, film
from formcheck.body.pose import Pose
from formcheck.checks.check import FAULTY
from formcheck.checks.exercises import EXERCISES
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.session_report import SessionReport
from formcheck.measures.correction import UNCALIBRATED

VIEWS = ("front", "side")


@dataclass(frozen=True, slots=True)
class Seen:
    """One capture as one camera saw it, and what formcheck says of it."""

    capture: Capture
    view: str
    has_noise: bool
    pose: Pose
    report: SessionReport

    @property
    def score(self) -> float:
        """The form score; NaN where no repetition was found or judged."""
        found = self.report.summary.form_score
        return float("nan") if found is None else found

    def value(self, check: str) -> float:
        """The worst value of a check in the first repetition, larger being worse; NaN where unseen."""
        row = next(c for c in EXERCISES[self.capture.exercise].checks if c.name == check)
        found = [f for rep in self.report.reps[:1] for f in rep.findings if f.check == check and f.value is not None]
        return max((float(row.severity(f.value)) for f in found if f.value is not None), default=float("nan"))

    def is_warned(self, check: str) -> bool:
        """Whether the check warned or failed."""
        return any(f.verdict in FAULTY for rep in self.report.reps for f in rep.findings if f.check == check)


def tables() -> list[Table]:
    """Every table; one that says so where the data are not on this machine."""
    found = captures()
    if not found:
        return [Table("Correct against non-optimal", "The data are not on this machine.", ("exercise",), [])]
    seen = [_see(c, view, noise, i) for i, c in enumerate(found) for view in VIEWS for noise in (False, True)]
    return [_score_table(seen), _measure_table(seen), _check_table(seen), _rival_table(seen)]


def _see(capture: Capture, view: str, noise: bool, number: int) -> Seen:
    pose = film(capture, view, noise=noise, seed=number)
    report = analyze_poses(pose, exercise=capture.exercise, calibration=UNCALIBRATED)
    return Seen(capture, view, noise, pose, report)


def _of(seen: Sequence[Seen], exercise: str, view: str, *, noise: bool) -> list[Seen]:
    return [s for s in seen if (s.capture.exercise, s.view, s.has_noise) == (exercise, view, noise)]


def _score_table(seen: Sequence[Seen]) -> Table:
    rows = []
    for exercise in ("squat", "lunge"):
        for noise in (False, True):
            views = {view: _of(seen, exercise, view, noise=noise) for view in VIEWS}
            scores = {view: -np.array([s.score for s in views[view]]) for view in VIEWS}
            scores["both, mean"] = (scores["front"] + scores["side"]) / 2
            cases = views["front"]
            for view, score in scores.items():
                rows.append([exercise, view, _yes(noise), str(int(np.isfinite(score).sum())), *_areas(score, cases)])
            rows.append([exercise, "both, trained", _yes(noise), str(len(cases)), *_areas(_trained(views), cases)])
    note = "AUC of the form score over all subjects (interval: bootstrap over the subjects), and within each subject, "
    note += "mean. *Trained*: a ridge logistic regression on the values of all checks of both views, each subject in "
    note += (
        "turn left out of the training: what a learned combination of the same values reaches. Limits and points of "
    )
    note += "the score were not fitted to these data, but a few limits quote their percentiles (`formcheck checks`)."
    head = ("exercise", "view", "noise", "n", "AUC of the form score", "within subjects")
    return Table("Correct against non-optimal", note, head, rows)


def _areas(score: FloatArray, cases: Sequence[Seen]) -> list[str]:
    faulty = np.array([not s.capture.is_correct for s in cases])
    subject = np.array([s.capture.subject for s in cases])

    def of(chosen: NDArray[np.intp]) -> float:
        known = chosen[np.isfinite(score[chosen])]
        return auc(score[known][faulty[known]], score[known][~faulty[known]])

    low, high = bootstrap_by_group(subject.tolist(), of, draws=300)
    within = np.nanmean([of(np.flatnonzero(subject == name)) for name in np.unique(subject)])
    return [f"{of(np.arange(len(cases))):.3f} ({low:.2f}–{high:.2f})", f"{within:.3f}"]


def _trained(views: dict[str, list[Seen]]) -> FloatArray:
    """The logit of each repetition, trained on the other subjects."""
    names = [(view, check.name) for view in VIEWS for check in EXERCISES[views[view][0].capture.exercise].checks]
    values = np.array([[s.value(name) for s in views[view]] for view, name in names]).T
    values = values[:, np.isfinite(values).mean(axis=0) > 0.8]
    values = np.where(np.isfinite(values), values, np.nanmedian(values, axis=0))
    cases = views["front"]
    faulty = np.array([not s.capture.is_correct for s in cases], dtype=float)
    subject = np.array([s.capture.subject for s in cases])
    logit = np.empty(len(cases))
    for name in np.unique(subject):
        away = subject == name
        logit[away] = _logistic(values[~away], faulty[~away])(values[away])
    return logit


def _logistic(values: FloatArray, is_faulty: FloatArray) -> Callable[[FloatArray], FloatArray]:
    """Ridge logistic regression by Newton's method, columns standardised."""
    middle, spread = values.mean(axis=0), values.std(axis=0) + 1e-9

    def standard(x: FloatArray) -> FloatArray:
        return np.column_stack([np.ones(len(x)), (x - middle) / spread])

    columns = standard(values)
    weights, ridge = np.zeros(columns.shape[1]), np.diag([1e-6, *[1.0] * values.shape[1]])
    for _ in range(30):
        share = 1 / (1 + np.exp(-columns @ weights))
        curvature = (columns * (share * (1 - share))[:, None]).T @ columns + ridge
        weights = weights - np.linalg.solve(curvature, columns.T @ (share - is_faulty) + ridge @ weights)
    return lambda x: np.asarray(standard(x) @ weights)


def _checks_of(exercise: str, view: str) -> list[str]:
    return [check.name for check in EXERCISES[exercise].checks if view in {str(plane) for plane in check.planes}]


def _measure_table(seen: Sequence[Seen]) -> Table:
    rows = []
    for exercise in ("squat", "lunge"):
        for view in VIEWS:
            cases = _of(seen, exercise, view, noise=False)
            for check in _checks_of(exercise, view):
                values = np.array([s.value(check) for s in cases])
                if np.isfinite(values).any():
                    rows.append([exercise, view, check, *_areas(values, cases)])
    note = "Each check's value alone, without noise; below 0.5 the non-optimal repetitions read *better*."
    return Table("Single checks", note, ("exercise", "view", "check", "AUC", "within subjects"), rows)


def _check_table(seen: Sequence[Seen]) -> Table:
    rows = []
    for exercise in ("squat", "lunge"):
        for view in VIEWS:
            for check in _checks_of(exercise, view):
                row = [exercise, view, check]
                for noise in (False, True):
                    cases = _of(seen, exercise, view, noise=noise)
                    good = [s.is_warned(check) for s in cases if s.capture.is_correct]
                    bad = [s.is_warned(check) for s in cases if not s.capture.is_correct]
                    row += [rate(good).text(), rate(bad).text()]
                rows.append(row)
    note = (
        "Warned or failed, profile standard. The non-optimal repetitions mix faults, so that no check is meant to find "
    )
    note += "all of them. Always positive: 100 % and 100 %; always negative: 0 % and 0 %."
    head = ("exercise", "view", "check", "false alarms on correct", "warned on non-optimal")
    return Table("Warnings", note, (*head, "false alarms, noise", "warned, noise"), rows)


def _rival_table(seen: Sequence[Seen]) -> Table:
    rows = []
    for exercise in ("squat", "lunge"):
        for view in VIEWS:
            cases = [s for s in _of(seen, exercise, view, noise=False) if s.report.reps]
            rows.append(_told(exercise, view, "formcheck", cases, _any_warning))
            rows += [
                _told(exercise, view, rival.name, cases, _asked(rival))
                for rival in RIVALS
                if exercise in rival.exercises
            ]
    note = "A repetition counts as told if any fault is. Rivals look at what they look at, whatever the view."
    head = ("exercise", "view", "checker", "non-optimal told", "correct told (false alarms)")
    return Table("Beside fixed limits of others", note, head, rows)


def _any_warning(seen: Seen) -> bool:
    return any(verdict in FAULTY for verdict in seen.report.summary.verdicts.values())


def _asked(rival: Rival) -> Callable[[Seen], bool]:
    def says(seen: Seen) -> bool:
        return any(rival.flags(seen.pose, seen.report.reps[0].rep, seen.capture.exercise).values())

    return says


def _told(exercise: str, view: str, who: str, cases: Sequence[Seen], says: Callable[[Seen], bool]) -> list[str]:
    bad, good = ([says(s) for s in cases if s.capture.is_correct is kind] for kind in (False, True))
    return [exercise, view, who, rate(bad).text(), rate(good).text()]


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"
