"""Recordings as frames: every picture once, upright, with the time its container gives it.

``time_s`` counts from the start of the video stream as the container tells it: the first picture of a healthy file
is at 0, whatever the camera's clock said. Frame rates are never used, except for streams that carry no times at all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np

from formcheck.errors import VideoError
from formcheck.frames.clock import FrameClock
from formcheck.frames.colour import Converter
from formcheck.frames.container import ContainerFacts, read_container
from formcheck.frames.frame import Frame
from formcheck.frames.opening import open_container, set_decoder
from formcheck.frames.reading import Reading, VideoInfo, assumed_rate
from formcheck.frames.units import are_whole, unit_length_bytes

#: No codec shows a picture later than this many pictures after it was sent.
_MOST_REORDERED = 16


class VideoFile:
    """A video file as a :class:`~formcheck.frames.frame.FrameSource`: opened with ``with``, iterated once.

    Reading goes on after damaged stretches. ``reading`` and ``info`` tell what was read so far and, after the last
    frame, whether that is all there should be. ``facts`` are those of the same file, where they are known already.

    A part of a recording is read from the ``first`` listed picture up to, not including, the ``last``; ``warm_up``
    more before it are given, but not tallied. Frames then have the numbers of the listed pictures. Decoding begins at
    a key frame before where the container has an index, else at the start.

    ``short_px`` is how long the shorter side of the pictures may be; larger ones are made smaller while their colours
    are converted. ``wanted`` says of the number of a picture whether it is given; the others are decoded and no more.
    ``one_thread`` decodes large pictures with one, too, for where others are decoded beside them.

    Raises:
        VideoError: on entering, if the file is missing or not a video; while iterating, if no picture can be decoded.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        facts: ContainerFacts | None = None,
        *,
        first: int = 0,
        last: int | None = None,
        warm_up: int = 0,
        short_px: int | None = None,
        wanted: Callable[[int], bool] | None = None,
        one_thread: bool = False,
    ) -> None:
        self._path = Path(path)
        self._known = facts
        self._first, self._start, self._last = first, max(first - warm_up, 0), last
        self._is_part = first > 0 or last is not None
        self._clock = FrameClock()
        self._short_px, self._wanted, self._one_thread = short_px, wanted, one_thread
        self.reading = Reading()
        self._started = False
        self._refused: set[int] = set()  # times of packets, ticks

    def __enter__(self) -> Self:
        self.facts = self._known or read_container(self._path)
        try:
            self._container = open_container(self._path)
        except (av.FFmpegError, OSError) as error:
            raise VideoError(f"cannot read {self._path} any more: give the path of a file that stays") from error
        self._stream = self._container.streams[self.facts.stream_index]
        stored_px = self.facts.width_px * self.facts.height_px
        set_decoder(self._stream, stored_px, is_strict=self.facts.is_strict, one_thread=self._one_thread)
        self._unit_length = unit_length_bytes(self._stream)
        upright = self.facts.upright
        self._upright = upright if self._short_px is None else upright.within(self._short_px)
        self._converter = Converter(None if self._upright == upright else self._upright.stored_px)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._container.close()

    @property
    def expected_frames(self) -> int | None:
        """How many frames to expect, for a progress bar; a damaged file yields fewer."""
        return self.facts.expected_frames

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the upright picture, known before the first frame; every frame has it."""
        return self._upright.size_px

    @property
    def info(self) -> VideoInfo:
        """What was read so far; complete only once the last frame was taken and nothing is missing."""
        return self.reading.info(self._path, self.facts)

    def __iter__(self) -> Iterator[Frame]:
        if self._started:
            raise RuntimeError("a recording is read once: open it again")
        self._started = True
        self._seek()
        for count, picture in enumerate(self._pictures()):
            container_s = self._container_time_s(picture, count)
            number = self._number(container_s, count)
            if self._last is not None and number >= self._last:
                break
            time_s = self._clock.next(container_s)
            if number < self._start:
                continue
            if number >= self._first:
                self._tally(picture, number, time_s, container_s)
            if self._wanted is not None and not self._wanted(number):
                continue
            yield Frame(index=number, time_s=time_s, image_bgr=self._upright.apply(self._converter.bgr(picture)))
        if not self._is_part:
            self.reading.check(self._path)
        self.reading.is_finished = True

    def _seek(self) -> None:
        """Go to a key frame from which the picture where reading starts can be decoded."""
        listed_s = self.facts.picture_times_s
        if self._start > _MOST_REORDERED and self.facts.can_seek and listed_s is not None:
            tick = round(float(listed_s[self._start - _MOST_REORDERED]) / float(self._stream.time_base))
            self._container.seek(tick + (self._stream.start_time or 0), stream=self._stream)

    def _pictures(self) -> Iterator[av.VideoFrame]:
        for packet in self._packets():
            try:
                pictures = self._stream.codec_context.decode(packet)
            except MemoryError:  # FFmpeg's is one of its errors, too
                raise
            except av.FFmpegError:  # its picture will be missed, or comes all the same
                if packet and packet.pts is not None:
                    self._refused.add(packet.pts)
                continue
            yield from pictures

    def _packets(self) -> Iterator[av.Packet | None]:
        """Every packet of the stream, and one at last that makes the decoder give what it still holds."""
        try:
            for packet in self._container.demux(self._stream):
                self._examine(packet)
                yield packet
        except MemoryError:
            raise
        except av.FFmpegError:  # the container itself is broken there, which its facts tell
            yield None

    def _examine(self, packet: av.Packet) -> None:
        """Note bytes that cannot be what a camera wrote, which some decoders pass over."""
        if self._unit_length is None or packet.pts is None or not packet.size or packet.is_discard or packet.is_corrupt:
            return
        if not are_whole(bytes(packet), self._unit_length):
            self.reading.damaged.add(packet.pts)

    def _number(self, container_s: float, count: int) -> int:
        """The number of a picture: of a part's by its time, where that can be told, else by counting."""
        listed_s = self.facts.picture_times_s
        if self._is_part and self.facts.can_seek and listed_s is not None:
            return int(np.searchsorted(listed_s, container_s))
        return count

    def _container_time_s(self, picture: av.VideoFrame, count: int) -> float:
        listed_s = self.facts.picture_times_s
        if listed_s is None:
            return count / assumed_rate(self.facts)
        if self.facts.shows_in_order or picture.pts is None:
            return float(listed_s[min(count, len(listed_s) - 1)])
        return self._time_s(picture.pts)

    def _time_s(self, ticks: int) -> float:
        return (ticks - (self._stream.start_time or 0)) * float(self._stream.time_base)

    def _tally(self, picture: av.VideoFrame, number: int, time_s: float, container_s: float) -> None:
        self.reading.times_s.append(time_s)
        self.reading.container_times_s.append(container_s)
        self.reading.repaired_times = self._clock.repaired
        self.reading.other_sizes += (picture.width, picture.height) != self.facts.upright.stored_px
        if picture.is_corrupt or picture.pts in self._refused:
            self.reading.damaged.add(number if picture.pts is None else picture.pts)
