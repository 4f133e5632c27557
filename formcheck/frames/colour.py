"""Decoded pictures as 8-bit BGR, as an ordinary screen shows them.

The colour matrix and the range are the file's; what is untold is BT.601 in the limited range. The curves of HDR (HLG
and PQ) are turned into an ordinary one, with the white of paper as white and what is brighter cut off. Primaries are
left as they are (BT.2020 looks a little pale): to convert them takes swscale 40 to 100 ms a picture of 1080p, and
landmarks do not depend on it, see docs/robustness.md.
"""

from __future__ import annotations

from typing import Any

import av
import cv2
import numpy as np
from av.video.reformatter import ColorTrc, VideoReformatter

from formcheck.body.pose import FloatArray
from formcheck.frames.frame import ImageBGR

_UNSPECIFIED = 2
#: ITU-R BT.2408: the white of paper in HDR, and the peak of HLG's reference screen, cd/m².
_WHITE_NITS, _HLG_PEAK_NITS = 203.0, 1000.0
#: ITU-R BT.1886: an ordinary screen's curve.
_SCREEN_GAMMA = 2.4


class Converter:
    """Turns the decoded pictures of one stream into BGR, of ``size_px`` (width, height) or as large as they are."""

    def __init__(self, size_px: tuple[int, int] | None = None) -> None:
        self._reformatter = VideoReformatter()
        # To make a picture smaller, AREA takes its mean, and takes less time than BICUBIC.
        self._how: dict[str, Any] = {"interpolation": "BICUBIC"}
        if size_px is not None:
            self._how = {"width": size_px[0], "height": size_px[1], "interpolation": "AREA"}

    def bgr(self, picture: av.VideoFrame) -> ImageBGR:
        """The picture (height, width, 3); rows may lie apart in memory."""
        try:
            converted = self._converted(picture)
        except MemoryError:
            raise
        except av.FFmpegError:  # a colour space that FFmpeg does not know
            picture.colorspace = _UNSPECIFIED
            converted = self._converted(picture)
        image_bgr = np.asarray(converted.to_ndarray(), dtype=np.uint8)
        curve = _CURVES.get(picture.color_trc)
        return image_bgr if curve is None else np.asarray(cv2.LUT(image_bgr, curve), dtype=np.uint8)

    def _converted(self, picture: av.VideoFrame) -> av.VideoFrame:
        return self._reformatter.reformat(picture, format="bgr24", threads=1, **self._how)


def _pq_nits(signal: FloatArray) -> FloatArray:
    """SMPTE ST 2084: cd/m² of a signal 0 to 1."""
    m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
    root = signal ** (1 / m2)
    return np.asarray(10_000 * (np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1))


def _hlg_nits(signal: FloatArray) -> FloatArray:
    """ITU-R BT.2100: cd/m² of a signal 0 to 1 on the reference screen, channel by channel."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
    return np.asarray(_HLG_PEAK_NITS * scene**1.2)


def _curve(nits: FloatArray) -> ImageBGR:
    """The 8-bit levels of an ordinary screen for those light levels."""
    return np.round(255 * np.clip(nits / _WHITE_NITS, 0, 1) ** (1 / _SCREEN_GAMMA)).astype(np.uint8)


_LEVELS = np.arange(256) / 255
_CURVES = {int(ColorTrc.SMPTE2084): _curve(_pq_nits(_LEVELS)), int(ColorTrc.ARIB_STD_B67): _curve(_hlg_nits(_LEVELS))}
