"""A window of OpenCV's: pictures on the screen, keys from it."""

from __future__ import annotations

import ctypes
import os
import sys
from types import TracebackType
from typing import Self

import cv2

from formcheck.errors import DisplayError
from formcheck.pipeline import ImageBGR

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
    if sys.platform != "linux":
        return
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    has_error = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    if has_error:
        raise DisplayError(
            f"there is no screen to open a window on ({os.environ.get('DISPLAY') or 'DISPLAY is not set'}): "
            "start from a desktop, or print reps and cues with --headless"
        )
