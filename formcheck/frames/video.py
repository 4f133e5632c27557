"""Recordings as frames: every picture once, upright, with the time its container gives it.

``time_s`` counts from the start of the video stream as the container tells it: the first picture of a healthy file
is at 0, whatever the camera's clock said. Frame rates are never used, except for streams that carry no times at all.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import cv2
import numpy as np

from formcheck.errors import VideoError
from formcheck.frames.clock import FrameClock
from formcheck.frames.container import ContainerFacts, read_container
from formcheck.frames.frame import Frame, ImageBGR
from formcheck.machine.signals import signals_held

_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
#: Assumed where a stream states neither times nor a rate.
_ASSUMED_FRAME_RATE = 30.0
#: Pixels this close to square are taken as square.
_SQUARE_WITHIN = 0.005
#: Up to this size one thread decodes far faster than a pose is found, with 30 % less processor time than many
#: threads (measured at 720p: 768 against 539 pictures per second of processor time).
_ONE_THREAD_UP_TO_PX = 1920 * 1088


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """What was read of a recording.

    ``duration_s`` reaches from the first picture to the end of the last one, which is taken to last as long as the
    median picture. ``width`` and ``height`` are pixels of the upright picture, ``rotation`` the clockwise turn in
    degrees that made it upright. ``complete`` is true if every picture the file promises was decoded, undamaged
    and with a time of its own; if not, ``reason`` says what is missing.
    """

    name: str
    frames: int
    duration_s: float
    width: int
    height: int
    rotation: int
    complete: bool
    reason: str | None


class VideoFile:
    """A video file as a :class:`~formcheck.frames.frame.FrameSource`: opened with ``with``, iterated once.

    Reading goes on after damaged stretches. ``info`` tells what was read so far and, after the last frame, whether
    that is all there should be.

    Raises:
        VideoError: on entering, if the file is missing or not a video; while iterating, if no picture can be decoded.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)
        self._clock = FrameClock()
        self._times_s: list[float] = []
        self._container_times_s: list[float] = []
        self._other_sizes = 0
        self._unread = 0
        self._started = self._finished = False

    def __enter__(self) -> Self:
        self._survey = read_container(self._path)
        self._capture = _open_capture(self._path, self._survey)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._capture.release()

    @property
    def expected_frames(self) -> int | None:
        """How many frames to expect, for a progress bar; a damaged file yields fewer."""
        return self._survey.expected_frames

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the upright picture, known before the first frame; every frame has it."""
        width, height = _square_size(self._survey)
        return (height, width) if self._survey.rotation_cw_deg in {90, 270} else (width, height)

    def __iter__(self) -> Iterator[Frame]:
        if self._started:
            raise RuntimeError("a recording is read once: open it again")
        self._started = True
        while (picture := self._read()) is not None:
            frame = self._frame(picture)
            self._times_s.append(frame.time_s)
            yield frame
        if not self._times_s:
            raise VideoError(f"no picture of {self._path} can be decoded: the file is damaged; copy it again")
        self._finished = True

    def _read(self) -> ImageBGR | None:
        """The next picture; None at the end. OpenCV answers a damaged picture as it does the end: ask again."""
        while True:
            read, picture = self._capture.read()
            if read:
                return np.asarray(picture, dtype=np.uint8)
            if len(self._times_s) + self._unread >= self._survey.expected_frames:
                return None
            self._unread += 1

    def _frame(self, picture: ImageBGR) -> Frame:
        index = len(self._times_s)
        upright = _upright(picture, self._survey)
        height, width = upright.shape[:2]
        if (width, height) != self.size_px:
            self._other_sizes += 1
            upright = np.asarray(cv2.resize(upright, self.size_px), dtype=np.uint8)
        return Frame(index=index, time_s=self._clock.next(self._container_time_s(index)), image_bgr=upright)

    def _container_time_s(self, index: int) -> float:
        listed_s = self._survey.picture_times_s
        if listed_s is None:
            return index / (self._survey.frame_rate or _ASSUMED_FRAME_RATE)
        if self._survey.shows_in_order:
            return float(listed_s[min(index, len(listed_s) - 1)])
        time_s = float(self._capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000.0
        self._container_times_s.append(time_s)
        return time_s

    @property
    def info(self) -> VideoInfo:
        """What was read so far; complete only once the last frame was taken and nothing is missing."""
        times_s = np.asarray(self._times_s)
        last_s = float(np.median(np.diff(times_s))) if len(times_s) > 1 else 0.0
        width, height = self.size_px
        shortfalls = list(self._shortfalls())
        return VideoInfo(
            name=self._path.name,
            frames=len(times_s),
            duration_s=float(times_s[-1] - times_s[0]) + last_s if len(times_s) else 0.0,
            width=width,
            height=height,
            rotation=self._survey.rotation_cw_deg,
            complete=not shortfalls,
            reason="; ".join(shortfalls) or None,
        )

    def _shortfalls(self) -> Iterator[str]:
        """One clause for each way in which the frames differ from what the file promises."""
        if not self._finished:
            yield f"reading was stopped after {len(self._times_s)} of {self._survey.expected_frames} frames"
        elif missing := self._missing():
            yield f"{missing} of {self._survey.expected_frames} pictures could not be decoded"
        if self._survey.shortfall:
            yield self._survey.shortfall
        if self._survey.damaged:
            yield f"{_count(self._survey.damaged, 'picture')} damaged in the file"
        if self._clock.repaired:
            yield f"{_count(self._clock.repaired, 'time stamp')} repeated or going back, moved forward"
        if self._survey.picture_times_s is None:
            rate = self._survey.frame_rate or _ASSUMED_FRAME_RATE
            yield f"the file carries no time stamps; {rate:g} frames per second were assumed"
        if self._other_sizes:
            yield f"{_count(self._other_sizes, 'picture')} of another size, scaled to the one that the file states"

    def _missing(self) -> int:
        """Pictures the container lists, but at whose time no frame was decoded.

        Counting alone would raise false alarms: a packet may hold no picture to be shown (VP8) or half of one
        (interlaced H.264). Such packets lie within half an interval of a frame; a lost picture does not.
        """
        listed_s = self._survey.picture_times_s
        if listed_s is None or self._survey.shows_in_order:
            return self._unread
        decoded_s = np.sort(np.asarray(self._container_times_s))
        interval_s = float(np.median(np.diff(decoded_s))) if len(decoded_s) > 1 else np.inf
        right = np.searchsorted(decoded_s, listed_s).clip(0, len(decoded_s) - 1)
        left = (right - 1).clip(0)
        gap_s = np.minimum(np.abs(decoded_s[right] - listed_s), np.abs(decoded_s[left] - listed_s))
        return int(np.count_nonzero(gap_s > 0.75 * interval_s))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _open_capture(path: Path, promised: ContainerFacts) -> cv2.VideoCapture:
    # Read once by OpenCV, at its first FFmpeg capture: without it every damaged picture prints lines on stderr.
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    options = [cv2.CAP_PROP_N_THREADS, 1] if promised.width_px * promised.height_px <= _ONE_THREAD_UP_TO_PX else []
    with signals_held():
        capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG, options)
    if not capture.isOpened():
        raise VideoError(f"OpenCV cannot decode {path}: convert it to H.264 in an mp4 file and try again")
    # Whether OpenCV turns pictures depends on its version, so it is told not to, and _upright does it.
    capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 0)
    return capture


def _square_size(promised: ContainerFacts) -> tuple[int, int]:
    """Width and height in pixels of the stored picture once its pixels are square; as stored where they almost are."""
    is_oblong = abs(promised.pixel_aspect_ratio - 1) > _SQUARE_WITHIN
    return round(promised.width_px * (promised.pixel_aspect_ratio if is_oblong else 1)), promised.height_px


def _upright(picture: ImageBGR, promised: ContainerFacts) -> ImageBGR:
    """The picture with square pixels, turned upright, unless OpenCV has turned it already."""
    height, width = picture.shape[:2]
    turn = _TURNS.get(promised.rotation_cw_deg)
    sideways = promised.rotation_cw_deg in {90, 270} and width != height
    if sideways and (width, height) == (promised.height_px, promised.width_px):
        return picture
    if (square := _square_size(promised)) != (promised.width_px, promised.height_px):
        picture = np.asarray(cv2.resize(picture, square), dtype=np.uint8)
    if turn is None:
        return picture
    return np.asarray(cv2.rotate(picture, turn), dtype=np.uint8)
