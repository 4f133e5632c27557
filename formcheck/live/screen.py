"""A live session on the screen: pictures drawn, keys obeyed."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import cv2
import numpy as np

from formcheck.draw.live_overlay import LEGEND, Extras, LiveOverlay
from formcheck.errors import DisplayError
from formcheck.frames.frame import ImageBGR
from formcheck.live.loop import LiveMoment, LiveRun
from formcheck.live.recorder import SetRecording
from formcheck.machine.atomic import atomic_path, make_folder

#: How long a note such as "snapshot saved" stays.
_NOTE_S = 3.0


class LiveWindow:
    """Shows moments and does what the keys say; opened and closed with ``with``.

    ``out`` is the folder for snapshots and for sets recorded by key; it is made when first needed.

    Raises:
        DisplayError: on entering, if there is no screen.
    """

    def __init__(self, recording: SetRecording, *, out: Path, is_mirrored: bool, shows_delay: bool) -> None:
        self._recording, self._out = recording, out
        self._is_mirrored, self._shows_delay = is_mirrored, shows_delay
        self._window = Window()
        self._overlay: LiveOverlay | None = None
        self._shown: ImageBGR | None = None
        self._note, self._note_until_s = "", 0.0

    def __enter__(self) -> Self:
        self._window.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._window.__exit__(kind, error, trace)

    def step(self, run: LiveRun, moment: LiveMoment | None) -> bool:
        """Show a moment, if there is one, and obey a key; whether to go on."""
        if moment is not None:
            self._show(run, moment)
        key = self._window.key()
        if moment is not None:
            run.delays.add(moment.shot)  # painted just now, while the key was asked for
        self._obey(run, key)
        return key != "q"

    def _show(self, run: LiveRun, moment: LiveMoment) -> None:
        image_bgr = moment.shot.frame.image_bgr
        size_px = (image_bgr.shape[1], image_bgr.shape[0])
        if self._overlay is None or self._overlay.size_px != size_px:
            self._overlay = LiveOverlay(*size_px)
        picture = np.asarray(cv2.flip(image_bgr, 1), np.uint8) if self._is_mirrored else image_bgr.copy()
        extras = Extras(LEGEND, self._words(run), is_recording=self._recording.is_on)
        self._overlay.draw(picture, moment.state, extras, is_mirrored=self._is_mirrored)
        self._shown = picture
        self._window.show(picture)

    def _words(self, run: LiveRun) -> str:
        if time.monotonic() < self._note_until_s:
            return self._note
        delay_s = run.delays.recent_s()
        return f"{1000 * delay_s:.0f} ms" if self._shows_delay and np.isfinite(delay_s) else ""

    def _obey(self, run: LiveRun, key: str | None) -> None:
        if key == " ":
            run.is_paused = not run.is_paused
            if run.is_paused and self._shown is not None and self._overlay is not None:
                self._overlay.draw_paused(self._shown)
                self._window.show(self._shown)
        elif key == "b":
            run.session.new_baseline()
        elif key == "m":
            self._is_mirrored = not self._is_mirrored
        elif key == "s" and self._shown is not None:
            self._take_snapshot(self._shown)
        elif key == "r":
            self._toggle_recording()

    def _take_snapshot(self, picture: ImageBGR) -> None:
        path = self._new_path(".png")
        with atomic_path(path) as temporary:
            temporary.write_bytes(cv2.imencode(".png", picture)[1].tobytes())
        self._say(f"saved {path.name}")

    def _toggle_recording(self) -> None:
        if not self._recording.is_on:
            self._recording.start(self._new_path(".mp4"))
            return
        analysis = self._recording.stop()
        self._say(f"saved {analysis.folder.name}" if analysis is not None and analysis.folder is not None else "")

    def _new_path(self, suffix: str) -> Path:
        make_folder(self._out)
        return self._out / f"live-{datetime.now().astimezone():%Y%m%d-%H%M%S-%f}{suffix}"

    def _say(self, note: str) -> None:
        self._note, self._note_until_s = note, time.monotonic() + _NOTE_S


_TITLE = "formcheck live"
_ESCAPE = 27


class Window:
    """A resizable window; opened and closed with ``with``, from one thread only.

    Raises:
        DisplayError: on entering, if there is no screen.
    """

    def __enter__(self) -> Self:
        _check_display()
        os.environ.setdefault("QT_LOGGING_RULES", "*=false")  # Qt's remarks on fonts and themes
        cv2.namedWindow(_TITLE, cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO | cv2.WINDOW_GUI_NORMAL)
        self._size_px: tuple[int, int] | None = None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        cv2.destroyAllWindows()

    def show(self, image_bgr: ImageBGR) -> None:
        """Show a picture; the window takes its size when that changes."""
        size_px = (image_bgr.shape[1], image_bgr.shape[0])
        if size_px != self._size_px:
            cv2.resizeWindow(_TITLE, *size_px)
            self._size_px = size_px
        cv2.imshow(_TITLE, image_bgr)

    def key(self, wait_s: float = 0.0) -> str | None:
        """The key that was pressed, ``q`` for Escape and for a closed window too; None where none was.

        It also lets the window paint itself, so it is to be called after every :meth:`show`.
        """
        code = cv2.waitKey(max(round(wait_s * 1000), 1))
        if code == -1:
            was_closed = cv2.getWindowProperty(_TITLE, cv2.WND_PROP_VISIBLE) < 1
            return "q" if was_closed else None
        return "q" if code & 0xFF == _ESCAPE else chr(code & 0xFF).lower()


def _check_display() -> None:
    """Ask for the screen in the way that Qt will: Qt itself ends the whole program where there is none."""
    if sys.platform == "linux" and not _has_x_screen():
        raise DisplayError(
            f"there is no screen to open a window on ({os.environ.get('DISPLAY') or 'DISPLAY is not set'}): "
            "start from a desktop, or print reps and cues with --headless"
        )


def _has_x_screen() -> bool:
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    has_error: int = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return not has_error
