"""Pictures to H.264 and H.264 to mp4: runs of pictures that are encoded apart and joined as they are.

A run begins with a key frame and refers to nothing outside of it. Runs that were encoded with the same settings have
the same header, so that they follow one another in one file without being encoded again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import av
import cv2
import numpy as np

from formcheck.frames.frame import Frame, ImageBGR
from formcheck.frames.opening import ffmpeg_name
from formcheck.machine.atomic import output_error

#: 90 kHz, the clock of MPEG: divides 24, 25, 30, 50, 60 and 120 frames a second and the 1 ms of Matroska.
TICKS_PER_S = 90_000
#: Up to this size one thread of x264 is far faster than the pose model; beyond, it may take as many as it wants.
_ONE_THREAD_UP_TO_PX = 1920 * 1088
#: How OpenCV converts BGR to I420, told to the player: BT.601 colours in the range 16..235.
_BT_601, _LIMITED_RANGE = 6, 1
#: For x264's rate control only; times are the frames'.
_NOMINAL_RATE = 30
_GLOBAL_HEADER = av.codec.context.Flags.global_header


Packets = list[av.Packet]


class Coding(NamedTuple):
    """How pictures of one size are encoded."""

    width: int
    height: int
    preset: str = "ultrafast"
    crf: int = 23

    def set_up(self, context: Any) -> None:
        """Give a codec context, of a stream or of its own, these settings; an odd size gets one more row or column."""
        threads = "1" if self.width * self.height <= _ONE_THREAD_UP_TO_PX else "auto"
        context.width, context.height = self.width + self.width % 2, self.height + self.height % 2
        context.pix_fmt = "yuv420p"
        context.options = {"preset": self.preset, "crf": str(self.crf), "threads": threads}
        context.time_base = Fraction(1, TICKS_PER_S)
        context.framerate = Fraction(_NOMINAL_RATE)
        context.colorspace = _BT_601
        context.color_range = _LIMITED_RANGE
        context.flags |= _GLOBAL_HEADER


class Encoder:
    """Encodes one run of pictures of the size of ``coding``."""

    def __init__(self, coding: Coding) -> None:
        self._coding = coding
        self._context = av.CodecContext.create("libx264", "w")
        coding.set_up(self._context)
        # One for all pictures, since x264 takes a copy: a fresh one each would cost as much as the conversion.
        self._yuv = np.empty((self._context.height * 3 // 2, self._context.width), dtype=np.uint8)
        self._last_pts = -1

    def encode(self, frame: Frame) -> Packets:
        """What x264 gives for one more picture, now or later; it keeps its ``time_s`` to 1/90000 s.

        Raises:
            OSError: It cannot be encoded.
        """
        cv2.cvtColor(self._even(frame.image_bgr), cv2.COLOR_BGR2YUV_I420, dst=self._yuv)
        picture = av.VideoFrame.from_numpy_buffer(self._yuv, format="yuv420p")
        picture.pts = self._last_pts = max(round(frame.time_s * TICKS_PER_S), self._last_pts + 1)
        picture.time_base = Fraction(1, TICKS_PER_S)
        return self._packets(picture)

    def finish(self) -> Packets:
        """What is left after the last picture."""
        return self._packets(None) if self._context.is_open else []

    def _packets(self, picture: av.VideoFrame | None) -> Packets:
        try:
            return list(self._context.encode(picture))
        except av.FFmpegError as error:
            raise OSError(error.errno, error.strerror) from error

    def _even(self, image_bgr: ImageBGR) -> Any:
        bottom, right = self._coding.height % 2, self._coding.width % 2
        if bottom or right:
            return cv2.copyMakeBorder(image_bgr, 0, bottom, 0, right, cv2.BORDER_REPLICATE)
        return image_bgr


class _Kept(NamedTuple):
    """A packet in a spool: its times in ticks, whether it is a key frame, and how many bytes it has."""

    pts: int
    dts: int
    is_key: bool
    size: int


class PacketSpool:
    """Keeps the packets of one run in a nameless file in ``folder``; closed by ``with``, gone however a program ends.

    Raises:
        OutputError: The folder cannot be written to.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._kept = folder, list[_Kept]()
        try:
            self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - open as long as this
        except OSError as error:
            raise output_error(folder, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, packets: Iterable[av.Packet]) -> None:
        """Append packets, in their order."""
        try:
            for packet in packets:
                content = bytes(packet)
                self._file.write(content)
                self._kept.append(_Kept(int(packet.pts or 0), int(packet.dts or 0), packet.is_keyframe, len(content)))
        except OSError as error:
            raise output_error(self._folder, error) from error

    def packets(self) -> Iterator[av.Packet]:
        """All of them again."""
        self._file.seek(0)
        for kept in self._kept:
            packet = av.Packet(self._file.read(kept.size))
            packet.pts, packet.dts = kept.pts, kept.dts
            packet.is_keyframe = kept.is_key
            packet.time_base = Fraction(1, TICKS_PER_S)
            yield packet


@contextmanager
def mp4_file(path: Path, coding: Coding) -> Iterator[Any]:
    """A function that takes packets of ``coding`` into a new mp4 file, index first; it is whole after the block.

    Raises:
        OSError: It cannot be written.
    """
    try:
        with av.open(ffmpeg_name(path), "w", format="mp4", options={"movflags": "faststart"}) as container:
            stream = container.add_stream("libx264", rate=_NOMINAL_RATE)
            coding.set_up(stream.codec_context)

            def take(packets: Iterable[av.Packet]) -> None:
                for packet in packets:
                    packet.stream = stream
                    container.mux(packet)

            yield take
    except av.FFmpegError as error:
        raise OSError(error.errno, error.strerror) from error
