"""Single pictures that come from outside."""

from __future__ import annotations

import io

import cv2
import numpy as np
from PIL import JpegImagePlugin

from formcheck.frames.frame import ImageBGR

#: Larger pictures are not decoded.
MAX_PIXELS = 1920 * 1088


def decode_picture(jpeg: bytes) -> ImageBGR | None:
    """The picture of a JPEG file; None for anything else, for one of more than MAX_PIXELS, and for one cut short.

    Pillow tells the size and decodes, so that no picture can be small to the one who measures it and large to the one
    who decodes it. Its class for JPEG is asked directly: the general one warns about large pictures on stderr.
    """
    try:
        with JpegImagePlugin.JpegImageFile(io.BytesIO(jpeg)) as picture:
            if not 0 < picture.width * picture.height <= MAX_PIXELS:
                return None
            rgb = np.asarray(picture.convert("RGB"), dtype=np.uint8)
    except (SyntaxError, ValueError, OSError):  # what Pillow raises for what is no JPEG, or a broken one
        return None
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), dtype=np.uint8)
