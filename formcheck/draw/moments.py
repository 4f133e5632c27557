"""The worst moment of each fault: which frame, which part of the picture, and a stick figure where there is none.

A fault that was not found, and a check that was unseen, has no moment. Nothing here needs OpenCV.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from formcheck.body.pose import Pose
from formcheck.body.view import View
from formcheck.checks.check import Finding
from formcheck.checks.exercises import check_row
from formcheck.checks.session_report import RepReport, SessionReport
from formcheck.words.findings import worst_finding
from formcheck.words.numbers import short_text

#: Width over height of the part of the picture that is shown, and how much is left free around the body.
_ASPECT, _MARGIN = 0.75, 0.14


@dataclass(frozen=True, slots=True)
class WorstMoment:
    """The worst finding of a fault: its repetition, its frame and the ``box`` (left, top, right, bottom) to show.
    ``recording`` is the number of the recording that it is in, from 1, ``pose`` the body there and ``view`` what that
    camera saw.
    """

    fault: str
    finding: Finding
    rep: RepReport
    frame: int
    box: tuple[int, int, int, int]
    recording: int
    pose: Pose
    view: View

    @property
    def number(self) -> str:
        """What is written beside the measured line; the picture shows to which side."""
        value = self.finding.value
        if value is None:
            return ""
        shown = abs(value) if check_row(self.finding.check).mirrored else value
        return short_text(shown, self.finding.unit, self.finding.cm_per_unit)


def worst_moments(report: SessionReport) -> tuple[WorstMoment, ...]:
    """One moment for each fault that was found, in the order of the summary."""
    return tuple(_moments(report))


def _moments(report: SessionReport) -> Iterator[WorstMoment]:
    for fault in report.summary.verdicts:
        worst = worst_finding(report.reps, fault)
        if worst is None:
            continue
        rep, finding = worst
        if finding.at_s is None:
            continue
        recording, part = report.source_of(rep, finding)
        series, at_s = part.report.timeseries, finding.at_s + part.ahead_s
        frame = int(np.argmin(np.abs(series.time_s - at_s)))
        pose = part.report.pose.at(frame)
        number = int(series.rep_number[frame])
        view = part.report.reps[number - 1].view if number and report.joined else rep.view
        box = body_box(pose)
        if box is not None:
            yield WorstMoment(fault, finding, rep, frame, box, recording, pose, view)


def body_box(pose: Pose) -> tuple[int, int, int, int] | None:
    """The part of the picture around the body, upright where the picture allows it; None where nobody is seen."""
    seen = pose.image_px[np.isfinite(pose.image_px).all(axis=-1)]
    if not len(seen):
        return None
    low, high = seen.min(axis=0), seen.max(axis=0)
    margin = _MARGIN * float(max(high - low))
    width, height = high - low + 2 * margin
    width, height = max(width, _ASPECT * height), max(height, width / _ASPECT)
    left, right = _within((low[0] + high[0]) / 2, width, pose.width_px)
    top, bottom = _within((low[1] + high[1]) / 2, height, pose.height_px)
    return left, top, right, bottom


def _within(middle: float, length: float, limit: int) -> tuple[int, int]:
    """A stretch of that length around the middle, moved inside 0..limit, or all of it."""
    start = min(max(0.0, middle - length / 2), max(0.0, limit - length))
    return round(start), min(limit, max(round(start) + 2, round(start + length)))
