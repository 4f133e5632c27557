"""What the analysis of one recording says, as values; nothing here measures or judges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from formcheck.body.pose import BoolArray, FloatArray, Pose, Side
from formcheck.body.view import View
from formcheck.checks.check import RANKS, Finding, Verdict
from formcheck.checks.exercises import check_row
from formcheck.checks.in_set import Drift, VelocityLoss
from formcheck.measures.clock import Clock
from formcheck.measures.reps import PassedOver, Phase, Rep

#: Checks by check name and side (None for the whole body).
TrackKey = tuple[str, Side | None]


@dataclass(frozen=True, slots=True)
class RepReport:
    """One repetition, what was measured in it and what the checks found. ``measures`` uses NaN for unseen;
    ``uncertainty`` holds the standard error of those whose error is known, by the same names, ``noise`` how far a
    value scatters between repetitions of one recording, by measure without side, where that is known. ``notes`` are
    what a reader should know of how it was filmed, in words. ``recording`` is the number, from 1, of the recording
    that it is of, in a session of several that do not show the same repetitions.
    """

    rep: Rep
    view: View
    measures: Mapping[str, float]
    uncertainty: Mapping[str, float]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    noise: Mapping[str, float] = field(default_factory=dict)
    recording: int | None = None


@dataclass(frozen=True, slots=True)
class Track:
    """One check over the recording. ``values`` (T,) in the check's unit, NaN where it is not judged; ``present``
    (T,) is true while its fault is there.
    """

    values: FloatArray
    present: BoolArray


@dataclass(frozen=True, slots=True)
class TimeSeries:
    """Every variable of every frame. ``rep_number`` is 0 outside repetitions; ``phase`` holds :class:`Phase` values."""

    time_s: FloatArray  # (T,)
    variables: Mapping[str, FloatArray]  # each (T,); sided variables begin with left_ or right_
    phase: NDArray[np.str_]  # (T,)
    rep_number: NDArray[np.int32]  # (T,)
    faults: Mapping[str, BoolArray]  # fault name -> (T,), true while the fault is present


@dataclass(frozen=True, slots=True)
class Deduction:
    """What one fault took off the score: ``points`` as the mean over the judged repetitions, and in which it did."""

    fault: str
    points: float
    reps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """The session in one line per fault. ``form_score`` is 0 to 100, None where nothing could be judged."""

    rep_count: int
    verdicts: Mapping[str, Verdict]
    form_score: float | None
    form_score_explanation: str
    deductions: tuple[Deduction, ...]
    cues: tuple[str, ...]  # the two or three that matter most, worst first
    reason: str | None = None  # why there is no repetition, in a sentence; None where there is one


@dataclass(frozen=True, slots=True)
class SetReport:
    """One set of the recording: its repetitions by number, its own summary, and what changed within it."""

    number: int
    reps: tuple[int, ...]
    start_s: float
    end_s: float
    summary: Summary
    loss: VelocityLoss | None
    drifts: tuple[Drift, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One number to show beside the picture, with its unit and how it stands to its limit. ``cm_per_unit`` as in
    :class:`~formcheck.checks.check.Finding`.
    """

    label: str
    value: float
    unit: str
    side: Side | None
    verdict: Verdict
    cm_per_unit: float | None = None

    @classmethod
    def of(cls, finding: Finding, value: float) -> Reading:
        """A value of what a finding is about."""
        title = check_row(finding.check).title
        return cls(title, value, finding.unit, finding.side, finding.verdict, finding.cm_per_unit)


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
    """Everything the analysis says about one recording. ``pose`` is the smoothed pose that was measured; ``exercise``
    is ``none`` where it was not told and nothing in the recording is one; ``passed_over`` went down and up and is not
    counted; ``height_cm`` is how tall the person is, None where nobody said. In a session of several views ``joined``
    has what each of them says; poses, time series and tracks are those of the first.
    """

    exercise: str
    profile: str
    view: View
    reps: tuple[RepReport, ...]
    summary: Summary
    timeseries: TimeSeries
    tracks: Mapping[TrackKey, Track]
    pose: Pose
    passed_over: tuple[PassedOver, ...] = ()
    height_cm: float | None = None
    sets: tuple[SetReport, ...] = ()
    joined: Joined | None = None

    def source_of(self, rep: RepReport, finding: Finding) -> tuple[int, Part]:
        """The recording that a finding was judged in; of a single recording this one.

        Args:
            rep: One of ``reps``.
            finding: One of its findings.

        Returns:
            The number of the recording, from 1, and what it says alone.
        """
        number = finding.recording or rep.recording or 1
        return number, self.joined.parts[number - 1] if self.joined else Part(self)

    def frame_state(self, index: int) -> FrameState:
        """What to draw on frame ``index`` (0 to T - 1)."""
        number = int(self.timeseries.rep_number[index])
        current = self.reps[number - 1] if number else None
        findings = current.findings if current else ()
        return FrameState(
            exercise=self.exercise,
            view=current.view if current else self.view,
            phase=Phase(str(self.timeseries.phase[index])),
            rep_number=number,
            reps_done=sum(1 for done in self.reps if done.rep.end < index),
            reps_total=len(self.reps),
            lead_side=current.rep.lead_side if current else None,
            readings=tuple(self._readings(findings, index)),
            active=tuple(sorted((f for f in findings if self._present(f, index)), key=lambda f: -RANKS[f.verdict])),
            findings=findings,
        )

    def _present(self, finding: Finding, index: int) -> bool:
        track = self.tracks.get((finding.check, finding.side))
        return track is not None and bool(track.present[index])

    def _readings(self, findings: tuple[Finding, ...], index: int) -> list[Reading]:
        readings = []
        for finding in findings:
            track = self.tracks.get((finding.check, finding.side))
            if track is not None and np.isfinite(track.values[index]):
                value = float(track.values[index])
                readings.append(Reading.of(finding, value))
        return readings


class Way(StrEnum):
    """How the views of a session go together."""

    SAME_SET = "same_set"  # several cameras at once: repetition by repetition
    IN_TURN = "in_turn"  # one set after the other: by medians
    TURNED = "turned"  # one recording in which the person turns: by medians


@dataclass(frozen=True, slots=True)
class Part:
    """One recording of a session: what it says alone, and by how much its time is ahead of the session's, seconds;
    0 where they have no common clock.
    """

    report: SessionReport
    ahead_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Joined:
    """The views behind one report; ``clock`` is that of the first two recordings, None where there is one alone or
    nothing moves in one of them.
    """

    way: Way
    parts: tuple[Part, ...]
    clock: Clock | None = None
