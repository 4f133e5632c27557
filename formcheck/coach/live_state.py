"""What a live session says at one instant."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from formcheck.body.pose import Pose, Side
from formcheck.body.view import View
from formcheck.checks.check import Finding
from formcheck.checks.session_report import FrameState, Reading, RepReport
from formcheck.coach.cues import Cue
from formcheck.measures.reps import Phase


class Stage(StrEnum):
    """Where a session is: being set up, taking the standing baseline, or in the set."""

    SETUP = "setup"
    BASELINE = "baseline"
    SET = "set"


@dataclass(frozen=True, slots=True)
class LiveState:
    """What to show at one instant; plain values, but for ``pose``.

    ``advice`` is one line on what to change before anything can be judged, or why the last movement was not counted,
    empty where all is well; ``judged_here`` says what this view shows and how to see the rest. ``baseline`` is the
    share of the standing baseline that is taken, 0 to 1. ``depth`` is 0 standing and 1 from where the depth check
    passes, at most 1; None where unseen or before there is a baseline. ``rep_count`` counts finished repetitions.
    ``findings`` and ``readings`` are those of the repetition under way, empty between repetitions; a verdict
    ``unseen`` stays ``unseen``. ``cue`` is the one thing to say, ``breaking`` a quiet line that form breaks within the
    set, empty where it holds. ``finished`` holds the reports of repetitions that
    have just ended, in this state only; in them frames count the poses given to the session from 0. ``pose`` is
    masked and causally filtered, ``()``.
    """

    time_s: float
    stage: Stage
    advice: str
    judged_here: str
    baseline: float
    view: View
    exercise: str
    rep_count: int
    phase: Phase
    is_in_rep: bool
    lead_side: Side | None
    depth: float | None
    findings: tuple[Finding, ...]
    readings: tuple[Reading, ...]
    cue: Cue | None
    finished: tuple[RepReport, ...]
    pose: Pose
    breaking: str = ""

    @property
    def frame_state(self) -> FrameState:
        """The same for the overlay, which draws no more than this."""
        return FrameState(
            exercise=self.exercise,
            view=self.view,
            phase=self.phase,
            rep_number=self.rep_count + 1 if self.is_in_rep else 0,
            reps_done=self.rep_count,
            reps_total=0,
            lead_side=self.lead_side,
            readings=self.readings,
            active=() if self.cue is None else (self.cue.finding,),
            findings=self.findings,
        )
