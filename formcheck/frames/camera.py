"""Cameras, streams and files played as if live, as sources of frames."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

import cv2
import numpy as np

from formcheck.errors import CameraError
from formcheck.frames.frame import Frame, FrameSource
from formcheck.frames.video import VideoFile
from formcheck.machine.signals import signals_held

#: Longest wait for a stream to open, and for its next picture.
_TIMEOUT_MS = 8000
#: The smallest step of time between two pictures: one tick of MediaPipe's clock.
_MIN_STEP_S = 0.001
#: OpenCV's ways to the cameras of a system; their numbers are those of the list.
_BACKENDS = {"linux": cv2.CAP_V4L2, "darwin": cv2.CAP_AVFOUNDATION, "win32": cv2.CAP_MSMF}
_DEVICES = Path("/dev")
_DEVICE_NAMES = Path("/sys/class/video4linux")


def list_cameras() -> list[tuple[int, str]]:
    """The cameras of this machine as (number, name), by the numbers that OpenCV opens them with."""
    if sys.platform == "linux":
        found = _devices()
    else:
        from cv2_enumerate_cameras import enumerate_cameras  # not needed, and not there, on Linux

        found = [(camera.index, camera.name) for camera in enumerate_cameras(_BACKENDS[sys.platform])]
    return found


def _devices() -> list[tuple[int, str]]:
    """On Linux cameras are files, and so are their names."""
    found = []
    for device in _DEVICES.glob("video*"):
        number = device.name.removeprefix("video")
        if number.isdecimal():
            told = _DEVICE_NAMES / device.name / "name"
            found.append((int(number), told.read_text().strip() if told.is_file() else str(device)))
    return sorted(found)


def live_source(spec: str, *, mirrored: bool = False) -> FrameSource:
    """What ``--source`` names: a camera's number or device, an address such as ``rtsp://...``, or a video file.

    ``mirrored`` says that it gives mirror images, which are flipped back.
    """
    source = _source(spec)
    return Flipped(source) if mirrored else source


def _source(spec: str) -> FrameSource:
    device = re.fullmatch(r"(?:/dev/video)?(\d+)", spec)
    if device is not None:
        return Camera(int(device[1]))
    return Camera(spec) if re.match(r"[a-z][a-z0-9+.-]+://", spec, re.IGNORECASE) else Playback(Path(spec))


class Camera:
    """A camera or a network stream as a :class:`~formcheck.frames.frame.FrameSource`, opened with ``with``.

    ``time_s`` counts from the first picture by this machine's clock. It never ends by itself: a source that gives no
    more pictures raises.

    Raises:
        CameraError: on entering, if it is missing, busy or not permitted; while iterating, if it stops.
    """

    def __init__(self, source: int | str) -> None:
        self._source = source
        self._name = f"camera {source}" if isinstance(source, int) else f"the stream {_without_password(source)}"

    def __enter__(self) -> Self:
        os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
        os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")  # with them Windows takes up to a minute
        self._check_device()
        level = cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
        try:
            self._capture = self._open()
        finally:
            cv2.utils.logging.setLogLevel(level)
        if not self._capture.isOpened():
            raise CameraError(self._why_not())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._capture.release()

    def __iter__(self) -> Iterator[Frame]:
        index, started_s, last_s = 0, time.monotonic(), -_MIN_STEP_S
        while True:
            read, picture = self._capture.read()
            if not read and index == 0:  # Linux lets a busy camera be opened, but gives no picture
                raise CameraError(self._why_not())
            if not read:
                raise CameraError(f"{self._name} gives no more pictures: connect it again and start anew")
            last_s = max(time.monotonic() - started_s, last_s + _MIN_STEP_S)
            yield Frame(index=index, time_s=last_s, image_bgr=np.asarray(picture, dtype=np.uint8))
            index += 1

    def _open(self) -> cv2.VideoCapture:
        if isinstance(self._source, int):
            with signals_held():
                return cv2.VideoCapture(self._source, _BACKENDS[sys.platform])
        waits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, _TIMEOUT_MS, cv2.CAP_PROP_READ_TIMEOUT_MSEC, _TIMEOUT_MS]
        with signals_held():
            return cv2.VideoCapture(self._source, cv2.CAP_FFMPEG, waits)

    def _check_device(self) -> None:
        """What is listed says more than a failed opening does."""
        if not isinstance(self._source, int):
            return
        cameras = [number for number, _ in list_cameras()]
        if self._source not in cameras:
            others = ", ".join(map(str, cameras))
            what = f"choose one of {others}" if others else "connect one, or give a video file with --source FILE"
            raise CameraError(f"there is no camera {self._source} on this machine: {what}")
        device = _DEVICES / f"video{self._source}"
        if sys.platform == "linux" and not os.access(device, os.R_OK | os.W_OK):
            raise CameraError(f"using {device} is not permitted: add yourself to the group `video` and log in again")

    def _why_not(self) -> str:
        if isinstance(self._source, int):
            return f"{self._name} cannot be opened: close the program that is using it, or choose another (--list)"
        return f"{self._name} cannot be opened: check the address and that the camera is on"


def _without_password(address: str) -> str:
    """An address without ``user:password@``: errors are written into reports, which are passed on."""
    return re.sub(r"(?<=://)[^/?#]*@", "", address)


class Playback:
    """A video file as if a camera took it now: each frame comes when its own time has passed. Opened with ``with``.

    Raises:
        VideoError: as :class:`~formcheck.frames.video.VideoFile`.
    """

    def __init__(self, path: Path) -> None:
        self._video = VideoFile(path)

    def __enter__(self) -> Self:
        self._video.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._video.__exit__(kind, error, trace)

    def __iter__(self) -> Iterator[Frame]:
        started_s: float | None = None
        for frame in self._video:
            if started_s is None:
                started_s = time.monotonic() - frame.time_s
            time.sleep(max(0.0, started_s + frame.time_s - time.monotonic()))
            yield frame


class Flipped:
    """Another source with left and right of every picture exchanged; opened with ``with``, errors as that one's."""

    def __init__(self, source: FrameSource) -> None:
        self._source = source

    def __enter__(self) -> Self:
        self._source.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._source.__exit__(kind, error, trace)

    def __iter__(self) -> Iterator[Frame]:
        for frame in self._source:
            yield replace(frame, image_bgr=np.asarray(cv2.flip(frame.image_bgr, 1), dtype=np.uint8))
