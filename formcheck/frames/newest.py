"""Newest frame wins: a thread takes every frame of a source, and whoever asks gets the last one."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from formcheck.errors import FormcheckError
from formcheck.frames.frame import Frame, FrameSource


@dataclass(frozen=True, slots=True)
class Shot:
    """A frame and the instant at which the source gave it, on the clock of :func:`time.monotonic`."""

    frame: Frame
    captured_s: float


class NewestFrames:
    """The frames of ``source`` as they come; those that nobody took in time are dropped and counted.

    Use it with ``with``: the source is opened when it is entered and read from the first :meth:`next` on; when it is
    left, for whatever reason, the thread is stopped and joined before the source is closed. A source that fails ends
    the frames: ``error`` tells why, after the frames that came before.
    """

    def __init__(self, source: FrameSource) -> None:
        self._source = source
        self._changed = threading.Condition()
        self._newest: Shot | None = None
        self._is_over = self._is_stopped = False
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="formcheck-capture")
        self._reading: Future[None] | None = None
        self.dropped = 0
        self.error: FormcheckError | None = None

    def __enter__(self) -> Self:
        self._source.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_stopped = True
        self._thread.shutdown()
        self._source.__exit__(kind, error, trace)

    @property
    def is_over(self) -> bool:
        """Whether the source has ended and its last frame was taken. Re-raises what no user can cause."""
        with self._changed:
            is_over = self._is_over and self._newest is None
        if is_over and self._reading is not None:
            self._reading.result()
        return is_over

    def next(self, timeout_s: float) -> Shot | None:
        """The newest frame not yet taken; waits for one at most ``timeout_s``, None where none comes."""
        if self._reading is None:
            self._reading = self._thread.submit(self._read)
        with self._changed:
            self._changed.wait_for(lambda: self._newest is not None or self._is_over, timeout_s)
            shot, self._newest = self._newest, None
        return shot

    def _read(self) -> None:
        try:
            for frame in self._source:
                if self._is_stopped:
                    return
                self._give(Shot(frame, time.monotonic()))
        except FormcheckError as error:
            self.error = error
        finally:
            with self._changed:
                self._is_over = True
                self._changed.notify_all()

    def _give(self, shot: Shot) -> None:
        with self._changed:
            self.dropped += self._newest is not None
            self._newest = shot
            self._changed.notify_all()
