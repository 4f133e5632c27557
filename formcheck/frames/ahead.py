"""Decoding ahead: the next frames are read in a thread while the current one is analysed."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from formcheck.frames.frame import Frame, FrameSource


class _Prefetched:
    """See :func:`prefetch`."""

    def __init__(self, source: FrameSource, depth: int) -> None:
        self._source = source
        self._frames: queue.Queue[Frame | None] = queue.Queue(maxsize=depth)
        self._stop = threading.Event()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="formcheck-decode")
        self._reading: Future[None] | None = None

    def __enter__(self) -> Self:
        self._source.__enter__()
        return self

    def __iter__(self) -> Iterator[Frame]:
        if self._reading is not None:
            raise RuntimeError("a recording is read once: open it again")
        self._reading = self._thread.submit(self._read)
        while (frame := self._frames.get()) is not None:
            yield frame
        self._reading.result()  # re-raises what stopped the reader

    def _read(self) -> None:
        try:
            for frame in self._source:
                self._frames.put(frame)
                if self._stop.is_set():
                    return
        finally:
            self._frames.put(None)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        while self._reading is not None and not self._reading.done():
            try:  # make room, so that a reader that waits for it sees the stop
                self._frames.get(timeout=0.02)
            except queue.Empty:
                continue
        self._thread.shutdown()
        self._source.__exit__(kind, error, trace)


def prefetch(source: FrameSource, depth: int = 4) -> FrameSource:
    """``source`` with up to ``depth`` frames read ahead in one thread; ``source`` itself where that is 0.

    Use it with ``with``: it opens ``source`` when entered and, when left for whatever reason, stops and joins the
    thread before it closes ``source``. An error of the source is raised where the frames are consumed, after the
    frames that came before it.

    Raises:
        ValueError: ``depth`` is below 0.
    """
    if depth < 0:
        raise ValueError(f"depth must be at least 0, got {depth}")
    return _Prefetched(source, depth) if depth else source
