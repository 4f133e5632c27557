"""Newest frame wins: what is not taken in time is dropped and counted, and everything opened is closed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

import numpy as np
import pytest

from formcheck.errors import CameraError
from formcheck.frames.frame import Frame
from formcheck.frames.newest import NewestFrames


class Source:
    """Frames from a function, which may wait or fail; knows whether it is open."""

    def __init__(self, frames: Callable[[], Iterator[Frame]]) -> None:
        self._frames, self.is_open = frames, False

    def __enter__(self) -> Self:
        self.is_open = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.is_open = False

    def __iter__(self) -> Iterator[Frame]:
        return self._frames()


def frame(index: int) -> Frame:
    return Frame(index, index / 30, np.zeros((4, 4, 3), np.uint8))


def test_only_the_newest_frame_is_given_and_the_others_are_counted() -> None:
    was_taken, all_read = threading.Event(), threading.Event()

    def frames() -> Iterator[Frame]:
        yield frame(0)
        assert was_taken.wait(5)
        yield from (frame(index) for index in range(1, 10))
        all_read.set()

    with NewestFrames(Source(frames)) as newest:
        assert newest.next(5) is not None
        was_taken.set()
        assert all_read.wait(5)
        shot = newest.next(5)
        assert shot is not None
        assert (shot.frame.index, newest.dropped) == (9, 8)
        assert newest.next(0.01) is None
        assert newest.is_over


def test_a_frame_that_is_waited_for_is_not_dropped() -> None:
    taken = threading.Semaphore(1)

    def frames() -> Iterator[Frame]:
        for index in range(10):
            assert taken.acquire(timeout=60)
            yield frame(index)

    seen = []
    with NewestFrames(Source(frames)) as newest:
        while not newest.is_over:
            shot = newest.next(0.05)
            if shot is not None:
                seen.append(shot.frame.index)
                taken.release()
        assert (seen, newest.dropped) == (list(range(10)), 0)


def test_a_source_that_fails_ends_the_frames_and_says_why() -> None:
    def frames() -> Iterator[Frame]:
        yield frame(0)
        raise CameraError("gone")

    with NewestFrames(Source(frames)) as newest:
        assert newest.next(5) is not None  # the frame before the failure
        while not newest.is_over:
            newest.next(0.05)
        assert str(newest.error) == "gone"


def test_a_defect_of_the_program_is_raised_not_swallowed() -> None:
    def frames() -> Iterator[Frame]:
        yield frame(0)
        raise ZeroDivisionError

    def take_all(newest: NewestFrames) -> None:
        while not newest.is_over:
            newest.next(0.05)

    with NewestFrames(Source(frames)) as newest, pytest.raises(ZeroDivisionError):
        take_all(newest)


def test_leaving_early_stops_the_thread_before_the_source_is_closed() -> None:
    def frames() -> Iterator[Frame]:
        index = 0
        while True:
            assert source.is_open
            threading.Event().wait(0.001)
            yield frame(index)
            index += 1

    source = Source(frames)
    with NewestFrames(source) as newest:
        assert newest.next(5) is not None
    assert not source.is_open
    assert "formcheck-capture" not in {thread.name.rsplit("_", 1)[0] for thread in threading.enumerate()}
