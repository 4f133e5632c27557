"""The section on the Exercise-Correction frames: knee over toe on people, a frame and a held posture at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.exercise_correction_frames import (
    ASPECT_RATIO,
    FOLDER,
    KNEE_OVER_TOE,
    HeldPose,
    LabelledFrames,
    aspect_spread,
    held_poses,
    read_frames,
)
from benchmarks.accuracy.exercise_correction_readings import MEASURE, Readings, front_leg_baseline, is_held, read
from benchmarks.accuracy.statistics import auc, bootstrap_by_group
from benchmarks.accuracy.tables import Table
from formcheck.body.pose import BoolArray, FloatArray
from formcheck.body.view import Plane
from formcheck.checks.profiles import load_profile
from formcheck.measures.correction import mediapipe_calibration

#: From the ball of the foot to the tips of the toes, of foot length: 1 - 194.75 / 263.03, the means of ball of foot
#: length and foot length of 6,068 people (ANSUR II: Gordon et al. 2014, NATICK/TR-15/007; means by a public summary of
#: its data).
TOES_OF_FOOT = 0.26
#: MediaPipe's foot, heel to toe, is this much of the shoe; see docs/measures.md.
SEEN_OF_FOOT = 0.78
_DRAWS = 200
_SWEEP = (-0.45, -0.40, -0.35, -0.30, -0.25, -0.20, -0.15, -0.10, -0.05, 0.0, 0.05, 0.10, 0.15)
_ASPECTS = {"1:1": 1.0, "4:3": 4 / 3, "3:2": 3 / 2, "16:9": ASPECT_RATIO, "2:1": 2.0}
_MEASURES = {
    "alone": "knee past MediaPipe's toe, frame and labels alone",
    "shank_deg": "inclination of the front shank",
    "toe_tip": "knee past the tip of the toe, uncorrected",
    "corrected": "the same, corrected as in formcheck",
    "of_pose": "the same, median of the held posture",
}


@dataclass(frozen=True, slots=True)
class Study:
    """The frames, the postures held in them, and what is read."""

    frames: LabelledFrames
    held: list[HeldPose]
    readings: Readings

    @property
    def is_held(self) -> BoolArray:
        """Which frames are held, (T,)."""
        return is_held(len(self.frames.pose), self.held)

    @property
    def pose_is_over(self) -> BoolArray:
        """The label of each held posture, by most of its frames."""
        return np.array([self.frames.is_over[one.held].mean() > 0.5 for one in self.held])

    def of_poses(self, name: str) -> FloatArray:
        """The median of a measure over each held posture."""
        return np.array([np.median(getattr(self.readings, name)[one.held]) for one in self.held])

    @property
    def ball_of_foot(self) -> float:
        """Where the ball of the foot is, in shanks past the tip of the toe, so below 0: the toes are ahead of it."""
        starts = [front_leg_baseline(self.frames.pose, one) for one in self.held]
        seen_foot = float(np.median([start.foot_px[0] / start.shank_px[0] for start in starts]))
        return -TOES_OF_FOOT * seen_foot / SEEN_OF_FOOT


@dataclass(frozen=True, slots=True)
class Hits:
    """Right and wrong of a rule that says "over the toe" or not."""

    accuracy: float
    f1_correct: float
    f1_over: float

    def texts(self) -> list[str]:
        """Accuracy, F1 of C, F1 of L."""
        return [f"{value:.3f}" for value in (self.accuracy, self.f1_correct, self.f1_over)]


def hits(said_over: BoolArray, is_over: BoolArray) -> Hits:
    """Accuracy and F1 of both labels; F1 is 0 for a label that is never said."""
    return Hits(float((said_over == is_over).mean()), _f1(~said_over, ~is_over), _f1(said_over, is_over))


def tables() -> list[Table]:
    """Areas, limits, the sweep over limits, the labels, the shape of the picture; none where the data are not."""
    path = FOLDER / KNEE_OVER_TOE
    if not path.is_file():
        return []
    study = load(path)
    return [_areas(study), _limits(study), _sweep(study), _labels(study), _aspects(path)]


def load(path: Path) -> Study:
    """Frames of a table, the postures held in them, and every measure."""
    frames = read_frames(path)
    held = held_poses(frames.pose)
    return Study(frames, held, read(frames.pose, held))


def limits(study: Study) -> Iterator[tuple[str, float]]:
    """Names and values of limits that were not chosen on these frames, shanks past the tip of the toe."""
    uncertainty = mediapipe_calibration().uncertainties("lunge", Plane.SIDE)[MEASURE]
    for name in ("standard", "strict"):
        limit = load_profile(name).limit("lunge", "knee_past_toes")
        if limit is not None and limit.warn is not None:
            yield f"profile `{name}`: warns from {limit.warn:+.2f} and the uncertainty on", limit.warn + uncertainty
    yield "tip of the toe", 0.0
    yield f"ball of the foot: the last {100 * TOES_OF_FOOT:.0f} % of it are toes", study.ball_of_foot


def _areas(study: Study) -> Table:
    over, pose_over = study.frames.is_over, study.pose_is_over
    rows = []
    for name, what in _MEASURES.items():
        values, by_pose = getattr(study.readings, name), study.of_poses(name)
        pose_auc = f"{auc(by_pose[pose_over], by_pose[~pose_over]):.3f}"
        every = np.ones(len(over), dtype=bool)
        rows.append([what, _area(study, values, every), _area(study, values, study.is_held), pose_auc])
    note = (
        f"{len(over):,} frames, {np.sum(~over)} of them C (correct), the rest L (knee over toe). "
        f"{study.is_held.sum():,} are held, in {len(study.held)} postures, {np.sum(~pose_over)} of "
        f"them C. A posture is held while the trunk "
        "stays within 0.1 shank; labels have no say. In brackets the 95 % interval, drawing whole postures. The "
        "published classifier (accuracy and F1 0.972 on other frames) was trained on frames of the same people; "
        "nothing here was."
    )
    head = ("measure, larger is more over the toe", "AUC, all frames", "AUC, held frames", "AUC, held postures")
    return Table("Lunges of Exercise-Correction: knee over toe", note, head, rows)


def _area(study: Study, values: FloatArray, chosen: BoolArray) -> str:
    frames = np.flatnonzero(chosen)
    over = study.frames.is_over

    def area(index: NDArray[np.intp]) -> float:
        of = frames[index]
        return auc(values[of][over[of]], values[of][~over[of]])

    clip_of = np.zeros(len(values), dtype=np.intp)
    for number, one in enumerate(study.held):
        clip_of[one.clip] = number
    low, high = bootstrap_by_group([str(n) for n in clip_of[frames]], area, draws=_DRAWS)
    return f"{area(np.arange(len(frames))):.4f} ({low:.3f}–{high:.3f})"


def _limits(study: Study) -> Table:
    rows = [[name, "–", *_at(study, said)] for name, said in (("always L", -np.inf), ("always C", np.inf))]
    rows += [[name, f"{limit:+.3f}", *_at(study, limit)] for name, limit in limits(study)]
    note = (
        "By the corrected measure. None of the limits was fitted to these frames, but the ball of the foot was "
        "thought of after looking at them: the labels call a knee *over* the toes, which is where the toes "
        "begin, and formcheck's "
        "profiles warn of knees *past* their tips. C is the minority; the last column gives each frame the value of "
        "its posture, which is how formcheck judges a repetition."
    )
    head = (
        "limit", "shanks past the tip", "held frames: accuracy", "F1 of C", "F1 of L",
        "postures: L found", "C left alone", "all frames by posture: F1 of C",
    )  # fmt: skip
    return Table("Lunges of Exercise-Correction: limits chosen elsewhere", note, head, rows)


def _at(study: Study, limit: float) -> list[str]:
    over, held = study.frames.is_over, study.is_held
    said_of_pose = study.of_poses("corrected") >= limit
    pose_over = study.pose_is_over
    return [
        *hits(study.readings.corrected[held] >= limit, over[held]).texts(),
        f"{np.sum(said_of_pose & pose_over)}/{np.sum(pose_over)}",
        f"{np.sum(~said_of_pose & ~pose_over)}/{np.sum(~pose_over)}",
        f"{hits(study.readings.of_pose >= limit, over).f1_correct:.3f}",
    ]


def _sweep(study: Study) -> Table:
    over, held, readings = study.frames.is_over, study.is_held, study.readings
    rows = [
        [
            f"{limit:+.2f}",
            f"{hits(readings.corrected >= limit, over).f1_correct:.3f}",
            f"{hits(readings.corrected[held] >= limit, over[held]).f1_correct:.3f}",
            f"{hits(readings.of_pose >= limit, over).f1_correct:.3f}",
        ]
        for limit in _SWEEP
    ]
    head = ("limit, shanks past the tip", "all frames", "held frames", "all frames by posture")
    note = "F1 of C by the corrected measure. Shows how much hangs on the limit; none is chosen here."
    return Table("Lunges of Exercise-Correction: F1 of the minority by limit", note, head, rows)


def _labels(study: Study) -> Table:
    over, held, shank_deg = study.frames.is_over, study.is_held, study.readings.shank_deg
    steepest = float(np.max(shank_deg[held & ~over]))
    rows = [
        [name, str(np.sum(of & over)), str(np.sum(of & over & (shank_deg <= steepest))), str(np.sum(of & ~over))]
        for name, of in (("held", held), ("rising from the posture", ~held))
    ]
    note = (
        "Why one frame alone cannot reach more: a clip has one label, and its last frames, in which the person already "
        f"rises, keep it. The front shank of held C frames leans forward by {steepest:.1f}° at most; a frame with no "
        "more than that is no knee over the toe, whatever its label says. What little of this is left in held frames "
        "are legs that the model has mixed up."
    )
    head = ("frames", "labelled L", "of these, front shank as upright as in held C frames", "labelled C")
    return Table("Lunges of Exercise-Correction: what the labels say of moving frames", note, head, rows)


def _aspects(path: Path) -> Table:
    tables_read = {"knee over toe": path, "stages": FOLDER / "lunge_stage.csv.gz"}
    rows = []
    for name, aspect in _ASPECTS.items():
        spreads = [f"{value:.3f}" for table in tables_read.values() for value in aspect_spread(table, aspect)]
        rows.append([name, *spreads])
    note = (
        "Standard deviation / mean of the lengths of all thighs and shanks in the picture. The size of the picture is "
        "not recorded; a leg keeps its length whichever way it points, so the right shape has the least spread. 16:9 "
        "is used."
    )
    head = ("shape of the picture", *(f"{joint}, {name}" for name in tables_read for joint in ("thighs", "shanks")))
    return Table("Lunges of Exercise-Correction: shape of the picture", note, head, rows)


def _f1(said: BoolArray, true: BoolArray) -> float:
    told = int(np.sum(said)) + int(np.sum(true))
    return 2 * int(np.sum(said & true)) / told if told else 0.0
