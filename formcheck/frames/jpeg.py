"""Single pictures that come from outside."""

from __future__ import annotations

import cv2
import numpy as np

from formcheck.frames.frame import ImageBGR

#: Larger pictures are not decoded.
MAX_PIXELS = 1920 * 1088
_MARKERS_WITH_SIZE = frozenset({0xC0, 0xC1, 0xC2})


def decode_picture(jpeg: bytes) -> ImageBGR | None:
    """The picture of a JPEG file; None for anything else, and for one of more than MAX_PIXELS."""
    size_px = _jpeg_size_px(jpeg)
    if size_px is None or not 0 < size_px[0] * size_px[1] <= MAX_PIXELS:
        return None
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    return None if picture is None else np.asarray(picture, dtype=np.uint8)


def _jpeg_size_px(jpeg: bytes) -> tuple[int, int] | None:
    """Width and height as the header tells them, before anything is decoded (ITU-T T.81, B.2.2)."""
    if not jpeg.startswith(b"\xff\xd8"):
        return None
    at = 2
    while at + 9 <= len(jpeg) and jpeg[at] == 0xFF:
        if jpeg[at + 1] in _MARKERS_WITH_SIZE:
            return int.from_bytes(jpeg[at + 7 : at + 9]), int.from_bytes(jpeg[at + 5 : at + 7])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    return None
