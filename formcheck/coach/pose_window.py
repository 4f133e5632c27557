"""The last seconds of a live picture: as many poses as the analysis looks back on, and no more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.body.pose import FloatArray, Pose
from formcheck.measures.reps import MAX_HALF_S, MAX_PAUSE_S
from formcheck.measures.smoothing import OneEuro

#: The longest repetition and a second of standing before it.
WINDOW_S = 2 * MAX_HALF_S + MAX_PAUSE_S + 1.0
#: However fast the camera: 60 frames a second for the whole window.
MAX_FRAMES = round(60 * WINDOW_S)
#: The filter's ``beta`` is made for speeds in a picture of this height.
_FILTER_HEIGHT_PX = 480.0


class PoseWindow:
    """The raw poses of the last WINDOW_S seconds, and the same masked and causally filtered; memory is bounded.

    ``first`` is the number of poses that have left the window: index 0 of the window is pose ``first`` of all.
    """

    def __init__(self) -> None:
        self.first = 0
        self._length = self._begin = 0
        self._time_s = np.empty(2 * MAX_FRAMES)
        self._raw = np.empty((2 * MAX_FRAMES, 33, 6))
        self._filtered_px = np.empty((2 * MAX_FRAMES, 33, 2))
        self._masked_m = np.empty((2 * MAX_FRAMES, 33, 3))
        self.size_px = (0, 0)
        self._filter = OneEuro()

    def __len__(self) -> int:
        return self._length - self._begin

    def append(self, instant: Pose) -> None:
        """Take the raw pose ``()`` of one frame, later than the last one (ValueError otherwise).

        A picture of another size has nothing to do with those before: the window starts afresh.
        """
        size_px = (instant.width_px, instant.height_px)
        if size_px != self.size_px:
            self.clear()
            self.size_px, self._filter = size_px, OneEuro()
        time_s = float(instant.time_s)
        if len(self) and time_s <= self._time_s[self._length - 1]:
            raise ValueError(f"time must increase, got {time_s} s after {self._time_s[self._length - 1]} s")
        self._make_room()
        masked = instant.masked()
        scale = _FILTER_HEIGHT_PX / instant.height_px
        row = self._length
        self._time_s[row] = time_s
        self._raw[row, :, :2], self._raw[row, :, 2:5] = instant.image_px, instant.world_m
        self._raw[row, :, 5] = instant.visibility
        self._filtered_px[row] = self._filter(time_s, masked.image_px * scale) / scale
        self._masked_m[row] = masked.world_m
        self._length += 1
        oldest_s = time_s - WINDOW_S
        self._drop(max(int(np.searchsorted(self.time_s, oldest_s)), len(self) - MAX_FRAMES))

    def clear(self) -> None:
        """Forget all poses."""
        self._drop(len(self))

    @property
    def time_s(self) -> FloatArray:
        """Times of the poses in the window, (n,)."""
        return self._time_s[self._begin : self._length]

    @property
    def raw(self) -> Pose:
        """The poses as they came, (n,). Valid until the next :meth:`append`."""
        rows = self._raw[self._begin : self._length]
        return Pose(self.time_s, rows[..., :2], rows[..., 2:5], rows[..., 5], *self.size_px)

    @property
    def smoothed(self) -> Pose:
        """The poses masked and, in the picture, causally filtered, (n,). Valid until the next :meth:`append`."""
        span = slice(self._begin, self._length)
        return replace(self.raw, image_px=self._filtered_px[span], world_m=self._masked_m[span])

    def _drop(self, count: int) -> None:
        self._begin += count
        self.first += count

    def _make_room(self) -> None:
        """Move what is left to the front once the arrays are full."""
        if self._length < len(self._time_s):
            return
        for rows in (self._time_s, self._raw, self._filtered_px, self._masked_m):
            rows[: len(self)] = rows[self._begin : self._length].copy()
        self._begin, self._length = 0, len(self)
