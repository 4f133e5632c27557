"""Frames read ahead in a thread that never outlives its block."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import media
import numpy as np
import pytest

from formcheck.errors import VideoError
from formcheck.frames.ahead import prefetch
from formcheck.frames.frame import Frame, FrameSource
from formcheck.frames.video import VideoFile


class _Endless:
    """A source that counts, notes whether it is open, and can fail."""

    def __init__(self, fail_at: int = -1) -> None:
        self.is_open = False
        self.read = 0
        self._fail_at = fail_at

    def __enter__(self) -> _Endless:
        self.is_open = True
        return self

    def __exit__(self, *_: object) -> None:
        self.is_open = False

    def __iter__(self) -> Iterator[Frame]:
        while self.read != self._fail_at:
            assert self.is_open, "read after it was closed"
            self.read += 1
            yield Frame(self.read - 1, self.read / 25, np.zeros((2, 2, 3), np.uint8))
        raise VideoError("the camera was unplugged")


def _decoding_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("formcheck-decode")]


def test_prefetching_gives_the_same_frames(tmp_path: Path) -> None:
    path = media.write_video(tmp_path / "v.mp4", 30)
    source = VideoFile(path)
    with prefetch(source, depth=3) as ahead:
        frames = list(ahead)
    assert [media.number_of(frame.image_bgr) for frame in frames] == list(range(30))
    assert source.info.complete


def test_an_error_of_the_source_reaches_the_consumer_behind_the_frames_before_it() -> None:
    source = _Endless(fail_at=5)
    seen: list[int] = []
    with pytest.raises(VideoError, match="unplugged"), prefetch(source, depth=2) as ahead:
        seen.extend(frame.index for frame in ahead)
    assert seen == [0, 1, 2, 3, 4]
    assert not source.is_open
    assert not _decoding_threads()


@pytest.mark.parametrize("failure", [KeyboardInterrupt, ValueError])
def test_a_consumer_that_fails_leaves_no_thread_and_no_open_source(failure: type[BaseException]) -> None:
    source = _Endless()

    def fail_at_the_third(frames: FrameSource) -> None:
        for frame in frames:
            if frame.index == 3:
                raise failure

    with pytest.raises(failure), prefetch(source, depth=1) as ahead:
        fail_at_the_third(ahead)
    assert not source.is_open
    assert not _decoding_threads()


def test_prefetching_reads_no_further_ahead_than_its_depth() -> None:
    source = _Endless()
    with prefetch(source, depth=3) as ahead:
        next(iter(ahead))
    assert source.read <= 1 + 3 + 2  # consumed, waiting, in the reader's hand; one more slot is freed on leaving


def test_a_prefetcher_can_be_left_without_having_been_read() -> None:
    source = _Endless()
    with prefetch(source):
        assert source.is_open
    assert (source.is_open, source.read) == (False, 0)


def test_a_negative_depth_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 0"):
        prefetch(_Endless(), depth=-1)


def test_nothing_is_read_ahead_with_depth_0() -> None:
    source = _Endless()
    with prefetch(source, depth=0) as frames:
        next(iter(frames))
        assert (source.read, _decoding_threads()) == (1, [])
