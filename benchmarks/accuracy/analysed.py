"""Rendered clips with what formcheck says about them, repetition by repetition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.accuracy.landmarks import landmarks_of
from benchmarks.accuracy.rendered_clips import FloatArray, RenderedClip, TrueRep
from benchmarks.accuracy.true_measures import SIDES, true_measures
from formcheck.body.pose import Pose
from formcheck.checks.check import Finding
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.session_report import RepReport, SessionReport
from formcheck.landmarks.models import Model
from formcheck.measures.correction import Calibration

#: A repetition found this close to the bottom of a true one is that one.
SAME_REP_S = 0.5
#: A camera this close to square sees the plane beyond doubt; the planes' borders are at 22 and 32 degrees.
SQUARE_WITHIN_DEG = 21.0


@dataclass(frozen=True, slots=True)
class AnalysedRep:
    """One true repetition and the one that was found for it, None where none was."""

    clip: RenderedClip
    pose: Pose
    true: TrueRep
    true_at_bottom: Mapping[str, FloatArray]
    true_plane: str
    found: RepReport | None

    def findings(self, check: str) -> list[Finding]:
        """The findings of one check."""
        return [] if self.found is None else [f for f in self.found.findings if f.check == check]

    def truth_of(self, measure: str, side: str | None) -> float:
        """What is true at the bottom: of a side, or for the whole body the mean of the sides."""
        values = self.true_at_bottom[measure]
        if values.ndim == 0:
            return float(values)
        return float(values.mean() if side is None else values[SIDES.index(side)])


@dataclass(frozen=True, slots=True)
class AnalysedClip:
    """A clip, its landmarks, its report and its true repetitions."""

    clip: RenderedClip
    pose: Pose
    report: SessionReport
    reps: tuple[AnalysedRep, ...]


def analyse_clips(clips: list[RenderedClip], model: Model, cache: Path) -> list[AnalysedClip]:
    """Every clip through the whole analysis; the exercise and the view are recognised."""
    return [analyse(clip, landmarks_of(clip.path, model, cache)) for clip in clips]


def analyse(clip: RenderedClip, pose: Pose, calibration: Calibration | None = None) -> AnalysedClip:
    """One clip, with landmarks that may have been changed; None are the corrections for MediaPipe's."""
    report = analyze_poses(pose, calibration=calibration)
    return AnalysedClip(clip, pose, report, tuple(_reps(clip, pose, report)))


def _reps(clip: RenderedClip, pose: Pose, report: SessionReport) -> Iterator[AnalysedRep]:
    true = true_measures(clip)
    for rep in clip.reps:
        near = [r for r in report.reps if abs(r.rep.bottom_s - rep.bottom_s) <= SAME_REP_S]
        found = min(near, key=lambda r: abs(r.rep.bottom_s - rep.bottom_s), default=None)
        frame = int(np.argmin(np.abs(clip.time_s - rep.bottom_s)))
        window = slice(max(frame - 2, 0), frame + 3)
        at_bottom = {name: np.median(values[window], axis=0) for name, values in true.items()}
        during = (clip.time_s >= rep.start_s) & (clip.time_s <= rep.end_s)
        plane = plane_of(float(np.median(true["body_yaw_deg"][during])))
        yield AnalysedRep(clip, pose, rep, at_bottom, plane, found)


def plane_of(yaw_deg: float) -> str:
    """Which plane a true yaw shows beyond doubt; ``oblique`` in between."""
    turned = abs(yaw_deg)
    if turned <= SQUARE_WITHIN_DEG:
        return "front"
    if turned >= 180 - SQUARE_WITHIN_DEG:
        return "back"
    return "side" if abs(turned - 90) <= SQUARE_WITHIN_DEG else "oblique"
