"""Cameras, streams and files as sources; the machine of the tests has no camera, so OpenCV's is replaced for that."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest
from media import write_video

from formcheck.errors import CameraError, VideoError
from formcheck.frames import camera as cameras
from formcheck.frames.camera import Camera, Playback, list_cameras, live_source


class Capture:
    """An OpenCV capture that opens or not, and gives so many pictures."""

    def __init__(self, pictures: int, *, opens: bool = True) -> None:
        self._left, self._opens, self.is_released = pictures, opens, False

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
        return self._opens

    def read(self) -> tuple[bool, Any]:
        self._left -= 1
        return (True, np.zeros((48, 64, 3), np.uint8)) if self._left >= 0 else (False, None)

    def release(self) -> None:
        self.is_released = True


@pytest.fixture
def devices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in place of /dev, and one for the names in place of /sys."""
    if sys.platform != "linux":
        pytest.skip("cameras are files on Linux only")
    monkeypatch.setattr(cameras, "_DEVICES", tmp_path)
    monkeypatch.setattr(cameras, "_DEVICE_NAMES", tmp_path / "names")
    return tmp_path


def replace_opencv(monkeypatch: pytest.MonkeyPatch, capture: Capture) -> None:
    monkeypatch.setattr(cameras.cv2, "VideoCapture", lambda *_: capture)


@pytest.mark.parametrize(
    "spec", ["0", "2", "/dev/video2", "rtsp://192.168.0.2/stream", "http://phone.local:8080/video"]
)
def test_numbers_devices_and_addresses_are_cameras(spec: str) -> None:
    assert isinstance(live_source(spec), Camera)


def test_anything_else_is_a_file() -> None:
    assert isinstance(live_source("clips/0.mp4"), Playback)


def test_a_missing_camera_is_told_with_those_that_are_there(devices: Path) -> None:
    with pytest.raises(CameraError, match=r"no camera 0.*give a video file"), Camera(0):
        pass
    (devices / "video2").touch()
    with pytest.raises(CameraError, match=r"no camera 0.*choose one of 2"), Camera(0):
        pass


def test_a_busy_camera_is_told(devices: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (devices / "video0").touch()
    replace_opencv(monkeypatch, Capture(0, opens=False))
    with pytest.raises(CameraError, match="camera 0 cannot be opened: close the program that is using it"), Camera(0):
        pass


def test_a_camera_that_opens_but_gives_no_picture_is_busy(devices: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (devices / "video0").touch()
    replace_opencv(monkeypatch, Capture(0))
    with Camera(0) as camera, pytest.raises(CameraError, match="close the program that is using it"):
        next(iter(camera))


def test_a_stream_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    replace_opencv(monkeypatch, Capture(0, opens=False))
    with pytest.raises(CameraError, match="rtsp://cam/1 cannot be opened: check the address"), Camera("rtsp://cam/1"):
        pass


def test_a_password_in_an_address_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    replace_opencv(monkeypatch, Capture(0, opens=False))
    address = "rtsp://coach:se@cr:et@cam:554/1?at=@"
    with pytest.raises(CameraError, match=r"^the stream rtsp://cam:554/1\?at=@ cannot be opened"), Camera(address):
        pass


@pytest.fixture
def phone() -> Iterator[str]:
    """The address of a phone that shows five pictures as MJPEG over HTTP, and is then switched off."""

    class Pictures(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=next")
            self.end_headers()
            for number in range(5):
                _, jpeg = cv2.imencode(".jpg", np.full((48, 64, 3), 40 * number, np.uint8))
                head = f"--next\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
                self.wfile.write(head.encode() + jpeg.tobytes() + b"\r\n")

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pictures)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/video"
    server.shutdown()
    server.server_close()


def test_pictures_of_a_network_camera_come_until_it_is_off(phone: str) -> None:
    seen: list[tuple[int, int]] = []
    with Camera(phone) as camera, pytest.raises(CameraError, match=r"127.0.0.1:\d+/video gives no more pictures"):
        seen.extend((frame.index, round(float(frame.image_bgr.mean()) / 40)) for frame in camera)
    assert seen == [(number, number) for number in range(5)]


def test_an_unplugged_camera_raises_after_its_last_picture_and_is_released(
    devices: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (devices / "video0").touch()
    capture = Capture(3)
    replace_opencv(monkeypatch, capture)
    with Camera(0) as camera:
        frames = iter(camera)
        seen = [next(frames) for _ in range(3)]
        with pytest.raises(CameraError, match="gives no more pictures: connect it again"):
            next(frames)
    assert [frame.index for frame in seen] == [0, 1, 2]
    assert all(a.time_s < b.time_s for a, b in pairwise(seen))
    assert capture.is_released


def test_cameras_are_listed_by_number_with_their_names(devices: Path) -> None:
    assert list_cameras() == []
    for number in (10, 2):
        (devices / f"video{number}").touch()
    (devices / "names" / "video2").mkdir(parents=True)
    (devices / "names" / "video2" / "name").write_text("Laptop camera\n")
    assert list_cameras() == [(2, "Laptop camera"), (10, str(devices / "video10"))]


class SystemSeen:
    """``sys`` of another system, as far as cameras ask for it."""

    def __init__(self, platform: str) -> None:
        self.platform = platform


@pytest.mark.parametrize(("platform", "backend"), [("darwin", cv2.CAP_AVFOUNDATION), ("win32", cv2.CAP_MSMF)])
def test_cameras_of_other_systems_are_listed_and_opened_by_the_same_numbers(
    platform: str, backend: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = ModuleType("cv2_enumerate_cameras")
    listed.enumerate_cameras = lambda asked: [SimpleNamespace(index=1, name="FaceTime")] if asked == backend else []  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", listed)
    monkeypatch.setattr(cameras, "sys", SystemSeen(platform))
    opened: list[tuple[int, int]] = []
    monkeypatch.setattr(cameras.cv2, "VideoCapture", lambda *given: opened.append(given) or Capture(1))
    if os.environ.get("FORMCHECK_TEST_AS"):
        pytest.skip("the list of cameras is played otherwise there")
    assert list_cameras() == [(1, "FaceTime")]
    with pytest.raises(CameraError, match=r"no camera 0 on this machine: choose one of 1"), Camera(0):
        pass
    with Camera(1) as camera:
        assert next(iter(camera)).index == 0
    assert opened == [(1, backend)]


def test_a_file_is_played_at_its_own_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = 100.0
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        nonlocal now_s
        waits.append(seconds)
        now_s += seconds

    times_s = [0.0, 0.04, 0.5, 0.54]
    write_video(tmp_path / "clip.mp4", frames=4, times_s=times_s)
    monkeypatch.setattr(cameras.time, "monotonic", lambda: now_s)
    monkeypatch.setattr(cameras.time, "sleep", sleep)
    came_s = []
    with Playback(tmp_path / "clip.mp4") as source:
        for frame in source:
            came_s.append(now_s - 100.0)
            now_s += 0.01  # whoever takes the frame needs time, too
            assert frame.time_s == pytest.approx(came_s[-1], abs=1e-3)
    assert came_s == pytest.approx(times_s, abs=1e-3)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match=r"clip\.mp4"), live_source(str(tmp_path / "clip.mp4")):
        pass


def test_a_mirrored_source_gives_every_picture_flipped_back_in_its_time(tmp_path: Path) -> None:
    write_video(tmp_path / "clip.mp4", frames=3)
    with live_source(str(tmp_path / "clip.mp4")) as source:
        plain = list(source)
    with live_source(str(tmp_path / "clip.mp4"), mirrored=True) as source:
        flipped = list(source)
    assert len(plain) == 3
    for one, other in zip(plain, flipped, strict=True):
        assert (one.index, one.time_s) == (other.index, other.time_s)
        assert (one.image_bgr[:, ::-1] == other.image_bgr).all()
        assert (one.image_bgr != other.image_bgr).any()
