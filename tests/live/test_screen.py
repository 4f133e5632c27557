"""A real window on a virtual screen: what is on the screen, and what the keys do."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from formcheck.frames.frame import ImageBGR
from formcheck.frames.video import VideoFile
from formcheck.machine.paths import data_path

CLIP = data_path("sample_videos", "squat_front_knees_in_m_avg.mp4")
#: Everything happens within seconds; a machine that is busy may take longer.
PATIENCE_S = 60.0

needs_screen = pytest.mark.skipif(
    sys.platform != "linux" or not (shutil.which("Xvfb") and shutil.which("xdotool")),
    reason="needs Xvfb and xdotool (apt-get install xvfb xdotool)",
)


class Screen:
    """A virtual screen; ``picture`` is what is on it, ``press`` sends a key to the window."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        command = ["Xvfb", "-displayfd", "1", "-screen", "0", "800x900x24", "-fbdir", str(folder), "-nolisten", "tcp"]
        self.server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.server.stdout is not None
        self.environment = os.environ | {"DISPLAY": f":{self.server.stdout.readline().strip()}"}

    def close(self) -> None:
        self.server.terminate()
        self.server.communicate(timeout=PATIENCE_S)

    def picture(self) -> ImageBGR:
        """Xvfb keeps its screen in a file in the XWD format: a header of big-endian words, colours, then pixels."""
        content = (self._folder / "Xvfb_screen0").read_bytes()
        header = np.frombuffer(content, ">u4", 25)
        begin, width, height, line = int(header[0] + 12 * header[19]), int(header[4]), int(header[5]), int(header[12])
        pixels = np.frombuffer(content, np.uint8, line * height, begin).reshape(height, line // 4, 4)
        return pixels[:, :width, :3]

    def find_window(self) -> str:
        found = self._xdotool("search", "--sync", "--onlyvisible", "--name", "formcheck live")
        return found.split()[-1]

    def wait_for_picture(self, window: str) -> None:
        """Wait until the window is painted.

        On a busy machine the Qt within OpenCV (5.0.0.93, Qt 5.15.19) can lose the X server's message that its window is
        on the screen, and then paints nothing: 1 in 5 windows with four busy loops beside, with no code of ours in the
        program. Taking the window from the screen and back sends that message again, as a person may do by hand.
        """

        def is_painted() -> bool:
            if (self.picture() > 0).mean() > 0.3:
                return True
            self._xdotool("windowunmap", "--sync", window, "windowmap", "--sync", window)
            time.sleep(1.0)
            return False

        time.sleep(1.0)
        wait_for(is_painted)

    def press(self, window: str, key: str) -> None:
        self._xdotool("key", "--window", window, key)

    def _xdotool(self, *command: str) -> str:
        done = subprocess.run(
            ["xdotool", *command], env=self.environment, capture_output=True, text=True, check=True, timeout=PATIENCE_S
        )
        return done.stdout


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    folder = tmp_path / "screen"
    folder.mkdir()
    opened = Screen(folder)
    yield opened
    opened.close()


def wait_for(what: Callable[[], bool]) -> None:
    until_s = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < until_s, "it did not happen in time"
        time.sleep(0.05)


def is_on(screen: Screen, picture: ImageBGR) -> bool:
    """Whether the picture is on the screen, in its corner, but for the mouse pointer."""
    height, width = picture.shape[:2]
    return bool((screen.picture()[:height, :width] == picture).mean() > 0.99)


@needs_screen
def test_a_window_shows_the_check_and_obeys_its_keys(screen: Screen, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "formcheck", "live", "--source", str(CLIP), "--out", str(out), "--show-delay"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=screen.environment, stdout=pipe, stderr=pipe, text=True) as run:
        window = screen.find_window()
        screen.wait_for_picture(window)
        screen.press(window, "r")
        time.sleep(0.5)
        screen.press(window, "r")
        wait_for(lambda: len(list(out.glob("*/report.json"))) == 1)
        screen.press(window, "space")
        time.sleep(0.3)
        screen.press(window, "s")
        wait_for(lambda: len(list(out.glob("live-*.png"))) == 1)  # not the unfinished one, which is hidden
        snapshot = cv2.imread(str(next(out.glob("live-*.png"))))
        assert is_on(screen, snapshot)
        screen.press(window, "q")
        told, complaint = run.communicate(timeout=PATIENCE_S)
    assert run.returncode == 0, complaint
    assert complaint == ""
    assert "squat" in told
    assert looks_mirrored(snapshot)
    (video,) = out.glob("live-*.mp4")
    recorded = json.loads((out / video.stem / "report.json").read_text())["video"]
    with VideoFile(video) as source:
        frames = list(source)
    assert 1 < len(frames) == recorded["frames"]
    assert not looks_mirrored(frames[0].image_bgr)  # mirrored for display only


def looks_mirrored(picture: ImageBGR) -> bool:
    """Whether the picture of the clip that it resembles most, where no words are, resembles it more when flipped."""
    room = np.s_[220:320]
    with VideoFile(CLIP) as source:
        plain = [frame.image_bgr[room].astype(int) for frame in source]
    as_is = min(np.abs(picture[room] - frame).mean() for frame in plain)
    flipped = min(np.abs(picture[room] - frame[:, ::-1]).mean() for frame in plain)
    return bool(flipped < as_is)


@needs_screen
def test_escape_ends_the_session(screen: Screen) -> None:
    command = [sys.executable, "-m", "formcheck", "live", "--source", str(CLIP)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=screen.environment, stdout=pipe, stderr=pipe, text=True) as run:
        window = screen.find_window()
        screen.press(window, "Escape")
        told, _ = run.communicate(timeout=PATIENCE_S)
    assert run.returncode == 0
    assert "repetition" in told
