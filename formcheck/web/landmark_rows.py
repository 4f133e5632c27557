"""Landmarks as a browser sends them: one row a picture, 804 bytes, little-endian.

A row is the picture's time in seconds (double), its width and height in pixels (two unsigned shorts) and for each of
MediaPipe's 33 landmarks six floats: x and y in pixels, x, y and z in metres, visibility 0 to 1. Axes are those of
:mod:`formcheck.body.pose`. NaN where nobody was found.
"""

from __future__ import annotations

import numpy as np

from formcheck.body.pose import Pose
from formcheck.errors import InputError

ROW = np.dtype([("time_s", "<f8"), ("size_px", "<u2", (2,)), ("marks", "<f4", (33, 6))])
#: The longest side that a camera's or a video's pictures have.
_LONGEST_PX = 8192
#: MediaPipe places hidden joints outside the picture, and never further than this many of its longest sides; metres
#: are counted from between the hips.
_FURTHEST_SIDES, _FURTHEST_M = 20.0, 100.0


def read_rows(content: bytes) -> Pose:
    """The poses ``(T,)`` of rows, raw, at the times that they tell; a frame is unseen where any number is missing.

    Raises:
        InputError: They are no whole rows, of several sizes, not in order of time, or no body can have such joints.
    """
    if not content or len(content) % ROW.itemsize:
        raise InputError(f"expected landmarks in rows of {ROW.itemsize} bytes, got {len(content)} bytes: send it again")
    rows = np.frombuffer(content, ROW)
    time_s, sizes = rows["time_s"].copy(), np.unique(rows["size_px"], axis=0)
    if len(sizes) != 1 or not (sizes > 0).all() or not (sizes <= _LONGEST_PX).all():
        raise InputError(f"expected pictures of one size of at most {_LONGEST_PX} pixels a side: send it again")
    if not np.isfinite(time_s).all() or not (np.diff(time_s) > 0).all():
        raise InputError("expected times of pictures that rise: send it again")
    width_px, height_px = map(int, sizes[0])
    marks = rows["marks"].astype(np.float64)
    seen = np.isfinite(marks).all(axis=(1, 2))
    marks[~seen, :, :5], marks[~seen, :, 5] = np.nan, 0.0
    if not _are_a_body(marks[seen], max(width_px, height_px)):
        raise InputError("expected joints near the picture and visibilities from 0 to 1: send it again")
    return Pose(time_s, marks[..., :2], marks[..., 2:5], marks[..., 5], width_px, height_px)


def _are_a_body(marks: np.ndarray, side_px: int) -> bool:
    near = (np.abs(marks[..., :2]) <= _FURTHEST_SIDES * side_px).all()
    small = (np.abs(marks[..., 2:5]) <= _FURTHEST_M).all()
    share = ((marks[..., 5] >= 0) & (marks[..., 5] <= 1)).all()
    return bool(near and small and share)
