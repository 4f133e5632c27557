"""Poses in, :class:`SessionReport` out: the one analysis behind the live check, a video and a batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from formcheck.checks import Finding, Verdict
from formcheck.pose import BoolArray, FloatArray, Pose, Side
from formcheck.reps import Phase, Rep
from formcheck.view import View


@dataclass(frozen=True, slots=True)
class RepReport:
    """One repetition, what was measured in it and what the checks found. ``measures`` uses NaN for unseen."""

    rep: Rep
    measures: Mapping[str, float]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class TimeSeries:
    """Every variable of every frame. ``rep_number`` is 0 outside repetitions; ``phase`` holds :class:`Phase` values."""

    time_s: FloatArray  # (T,)
    variables: Mapping[str, FloatArray]  # each (T,); sided variables end in _left and _right
    phase: NDArray[np.str_]  # (T,)
    rep_number: NDArray[np.int32]  # (T,)
    faults: Mapping[str, BoolArray]  # fault name -> (T,), true while the fault is present


@dataclass(frozen=True, slots=True)
class Summary:
    """The session in one line per fault. ``form_score`` is 0 to 100, None where nothing could be judged."""

    rep_count: int
    verdicts: Mapping[str, Verdict]
    form_score: float | None
    form_score_explanation: str
    cues: tuple[str, ...]  # the two or three that matter most, worst first


@dataclass(frozen=True, slots=True)
class Reading:
    """One number to show beside the picture, with its unit and how it stands to its limit."""

    label: str
    value: float
    unit: str
    side: Side | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class FrameState:
    """What is to be drawn on one frame; the drawing decides nothing.

    ``active`` are the findings whose fault is present in this frame, worst first; ``findings`` all findings
    of the repetition under way (empty outside repetitions), from which joints take their colour.
    """

    exercise: str
    view: View
    phase: Phase
    rep_number: int  # 0 outside repetitions
    reps_done: int
    reps_total: int
    lead_side: Side | None
    readings: tuple[Reading, ...]
    active: tuple[Finding, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class SessionReport:
    """Everything the analysis says about one recording. ``pose`` is the smoothed pose that was measured."""

    exercise: str
    profile: str
    view: View
    reps: tuple[RepReport, ...]
    summary: Summary
    timeseries: TimeSeries
    pose: Pose

    def frame_state(self, index: int) -> FrameState:
        """What to draw on frame ``index``."""
        raise NotImplementedError
