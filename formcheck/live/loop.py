"""The live loop: the newest frame in, its pose and state out, in this order and never two at once.

Capture has its own thread; pose, state and drawing take turns in the caller's. So a frame on the screen is one
inference old, not two, and a slow machine drops frames instead of falling behind.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from formcheck.body.pose import Pose
from formcheck.checks.session_report import RepReport
from formcheck.coach import LiveSession, LiveState
from formcheck.errors import FormcheckError
from formcheck.frames.frame import PoseEstimator
from formcheck.frames.newest import NewestFrames, Shot

#: So long a frame is waited for before the window is looked after.
_PATIENCE_S = 0.03
#: The delays are those of so many last frames; 10 minutes at 30 frames a second.
_DELAYS = 18_000


@dataclass(frozen=True, slots=True)
class LiveMoment:
    """An analysed frame: the picture, the raw pose in it, and what to show."""

    shot: Shot
    pose: Pose
    state: LiveState


@dataclass(slots=True)
class Delays:
    """How old frames were when they were shown, and how long finding the pose took; seconds, the newest last."""

    shown_s: deque[float] = field(default_factory=lambda: deque(maxlen=_DELAYS))
    inference_s: deque[float] = field(default_factory=lambda: deque(maxlen=_DELAYS))

    def add(self, shot: Shot) -> None:
        """The overlay of this frame is on the screen now."""
        self.shown_s.append(time.monotonic() - shot.captured_s)

    def recent_s(self) -> float:
        """Median of the last second or so; NaN before the first."""
        return float(np.median([self.shown_s[-i] for i in range(1, min(len(self.shown_s), 30) + 1)] or [np.nan]))


@dataclass(frozen=True, slots=True)
class LiveOutcome:
    """How a live session went; delays are None where no frame came."""

    rep_count: int
    frames: int
    dropped: int
    duration_s: float
    delay_median_s: float | None
    delay_95_s: float | None


class LiveRun:
    """Frames of an open source through an open estimator into a session; iterate :meth:`moments`."""

    def __init__(self, frames: NewestFrames, estimator: PoseEstimator, session: LiveSession) -> None:
        self._frames, self._estimator, self.session = frames, estimator, session
        self.delays = Delays()
        self.is_paused = False
        self._analysed = self._rep_count = 0
        self._first_s = self._last_s = 0.0

    def moments(self) -> Iterator[LiveMoment | None]:
        """Each newest frame, analysed; None where none came in time or the session is paused, so that keys are heard.

        Ends when the source does; a source that failed says why in :attr:`error`.
        """
        while not self._frames.is_over:
            shot = self._frames.next(_PATIENCE_S)
            yield None if shot is None or self.is_paused else self._analyse(shot)

    def last_reports(self) -> tuple[RepReport, ...]:
        """Repetitions that had ended, but not settled, when the source ended."""
        reports = self.session.end()
        self._rep_count += len(reports)
        return reports

    @property
    def error(self) -> FormcheckError | None:
        """Why the source stopped, where it should not have."""
        return self._frames.error

    def outcome(self) -> LiveOutcome:
        """The session in numbers."""
        shown_s = self.delays.shown_s
        return LiveOutcome(
            rep_count=self._rep_count,
            frames=self._analysed,
            dropped=self._frames.dropped,
            duration_s=self._last_s - self._first_s,
            delay_median_s=float(np.median(shown_s)) if shown_s else None,
            delay_95_s=float(np.percentile(shown_s, 95)) if shown_s else None,
        )

    def _analyse(self, shot: Shot) -> LiveMoment:
        started_s = time.monotonic()
        pose = self._estimator.estimate(shot.frame)
        self.delays.inference_s.append(time.monotonic() - started_s)
        state = self.session.update(pose)
        self._first_s = self._first_s if self._analysed else state.time_s
        self._analysed, self._last_s, self._rep_count = self._analysed + 1, state.time_s, state.rep_count
        return LiveMoment(shot, pose, state)
