"""How a stored picture becomes the one to look at: square pixels, turned and mirrored as the file asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import cv2
import numpy as np

from formcheck.frames.frame import ImageBGR

#: Pixels this close to square are taken as square.
_SQUARE_WITHIN = 0.005
_ROTATIONS_CW_DEG = {
    (False, False, False): 0,
    (True, True, False): 90,
    (False, True, True): 180,
    (True, False, True): 270,
}


@dataclass(frozen=True, slots=True)
class Upright:
    """The way from a picture as stored to the one that players show: first transposed, then flipped."""

    stored_px: tuple[int, int]  # width, height
    pixel_aspect_ratio: float = 1.0  # width over height of one pixel
    is_transposed: bool = False
    flips_x: bool = False
    flips_y: bool = False

    @classmethod
    def of(cls, stored_px: tuple[int, int], pixel_aspect_ratio: float, matrix: Sequence[int] | None) -> Self:
        """By a display matrix (ISO/IEC 14496-12, 8.3.2: a b u c d v x y w), to the nearest quarter turn; None is none.

        A stored point (p, q), q down, is shown at (ap + cq, bp + dq).
        """
        a, b, _, c, d = (1, 0, 0, 0, 1) if matrix is None else matrix[:5]
        if abs(b) + abs(c) > abs(a) + abs(d):
            return cls(stored_px, pixel_aspect_ratio, is_transposed=True, flips_x=c < 0, flips_y=b < 0)
        return cls(stored_px, pixel_aspect_ratio, flips_x=a < 0, flips_y=d < 0)

    def flipped(self) -> Self:
        """The same way and then left and right exchanged, for pictures that were stored as a mirror shows them."""
        return replace(self, flips_x=not self.flips_x)

    def within(self, short_px: int) -> Self:
        """The same way for pictures that are stored smaller, so that the upright one's shorter side is short_px; the
        same where it is no longer. Sides are even, and pixels square.
        """
        scale = short_px / min(self._square_px)
        if scale >= 1:
            return self
        width, height = (2 * max(1, round(side * scale / 2)) for side in self._square_px)
        return replace(self, stored_px=(width, height), pixel_aspect_ratio=1.0)

    @property
    def is_mirrored(self) -> bool:
        """Whether left and right of what was stored are exchanged."""
        return self.is_transposed ^ self.flips_x ^ self.flips_y

    @property
    def rotation_cw_deg(self) -> int:
        """The clockwise turn, 0, 90, 180 or 270 degrees; of a mirrored picture the one before left became right."""
        return _ROTATIONS_CW_DEG[self.is_transposed, self.flips_x ^ self.is_mirrored, self.flips_y]

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the upright picture."""
        width, height = self._square_px
        return (height, width) if self.is_transposed else (width, height)

    @property
    def _square_px(self) -> tuple[int, int]:
        width, height = self.stored_px
        is_oblong = abs(self.pixel_aspect_ratio - 1) > _SQUARE_WITHIN
        return round(width * (self.pixel_aspect_ratio if is_oblong else 1)), height

    def apply(self, picture: ImageBGR) -> ImageBGR:
        """The upright picture, of ``size_px`` whatever size ``picture`` has, in memory of its own kind (C order)."""
        if picture.shape[1::-1] != self._square_px:
            picture = np.asarray(cv2.resize(picture, self._square_px), dtype=np.uint8)
        if self.is_transposed:
            picture = np.asarray(cv2.transpose(picture), dtype=np.uint8)
        if self.flips_x or self.flips_y:
            axis = -1 if self.flips_x and self.flips_y else int(self.flips_x)
            picture = np.asarray(cv2.flip(picture, axis), dtype=np.uint8)
        return np.ascontiguousarray(picture)
