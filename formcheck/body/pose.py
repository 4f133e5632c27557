"""A body as arrays, and in which axes.

Conventions, stated once for the whole package:

* Leading axes are free: ``()`` is an instant, ``(T,)`` a recording. Then comes the landmark axis of
  length 33, then space. One set of functions serves an instant and a recording.
* ``image_px``: pixels of the upright picture, x to the right, y **down**, origin at the top left corner.
* ``world_m``: metres, MediaPipe's camera-aligned axes with the origin between the hips: x to the right of
  the picture, y **down**, z **away** from the camera.
* ``visibility``: 0..1, MediaPipe's own estimate that the landmark is in the picture and not hidden.
* ``time_s``: seconds from the start of the recording, strictly increasing.
* Left and right are the subject's own.
* NaN means unseen. :meth:`Pose.masked` is the one place that turns low visibility and positions outside
  the picture into NaN; everything downstream only propagates it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import Self

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: Below this visibility a landmark counts as unseen. MediaPipe's visibility is bimodal; 0.5 is its own default.
MIN_VISIBILITY = 0.5


class Landmark(IntEnum):
    """MediaPipe's 33 pose landmarks, by index."""

    NOSE = 0
    LEFT_EYE_INNER = 1
    LEFT_EYE = 2
    LEFT_EYE_OUTER = 3
    RIGHT_EYE_INNER = 4
    RIGHT_EYE = 5
    RIGHT_EYE_OUTER = 6
    LEFT_EAR = 7
    RIGHT_EAR = 8
    MOUTH_LEFT = 9
    MOUTH_RIGHT = 10
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_PINKY = 17
    RIGHT_PINKY = 18
    LEFT_INDEX = 19
    RIGHT_INDEX = 20
    LEFT_THUMB = 21
    RIGHT_THUMB = 22
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_FOOT_INDEX = 31
    RIGHT_FOOT_INDEX = 32


class Side(StrEnum):
    """The subject's own side. Arrays with a trailing side axis are ordered (left, right)."""

    LEFT = "left"
    RIGHT = "right"


SIDES = (Side.LEFT, Side.RIGHT)

#: Landmarks as (left, right) pairs, in the order of every trailing side axis.
SHOULDERS = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
WRISTS = (Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST)
HIPS = (Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
KNEES = (Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE)
ANKLES = (Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE)
HEELS = (Landmark.LEFT_HEEL, Landmark.RIGHT_HEEL)
TOES = (Landmark.LEFT_FOOT_INDEX, Landmark.RIGHT_FOOT_INDEX)

LandmarkPair = tuple[Landmark, Landmark]


@dataclass(frozen=True, slots=True)
class Pose:
    """A body at an instant ``()`` or over a recording ``(T,)``; axes and units are the module's.

    ``width_px`` and ``height_px`` are the size of the upright picture that ``image_px`` refers to.
    """

    time_s: FloatArray  # (...)
    image_px: FloatArray  # (..., 33, 2)
    world_m: FloatArray  # (..., 33, 3)
    visibility: FloatArray  # (..., 33)
    width_px: int
    height_px: int

    def __post_init__(self) -> None:
        lead = np.shape(self.time_s)
        expected = {"image_px": (*lead, 33, 2), "world_m": (*lead, 33, 3), "visibility": (*lead, 33)}
        for name, shape in expected.items():
            if np.shape(getattr(self, name)) != shape:
                raise ValueError(f"{name} must have shape {shape}, got {np.shape(getattr(self, name))}")

    @classmethod
    def unseen(cls, time_s: float, width_px: int, height_px: int) -> Self:
        """An instant in which nobody was found: every coordinate NaN, visibility 0.

        Args:
            time_s: Of the instant.
            width_px: Of the upright picture.
            height_px: Of the upright picture.

        Returns:
            A pose ``()``.
        """
        return cls(
            time_s=np.asarray(time_s, dtype=np.float64),
            image_px=np.full((33, 2), np.nan),
            world_m=np.full((33, 3), np.nan),
            visibility=np.zeros(33),
            width_px=width_px,
            height_px=height_px,
        )

    @classmethod
    def stack(cls, instants: list[Self]) -> Self:
        """Join instants into a recording (T,); the picture size is the first one's.

        Raises:
            ValueError: There is no instant.
        """
        if not instants:
            raise ValueError("at least one instant is needed")
        first = instants[0]
        return cls(
            time_s=np.stack([p.time_s for p in instants]),
            image_px=np.stack([p.image_px for p in instants]),
            world_m=np.stack([p.world_m for p in instants]),
            visibility=np.stack([p.visibility for p in instants]),
            width_px=first.width_px,
            height_px=first.height_px,
        )

    def __len__(self) -> int:
        """Number of frames of a recording; an instant has no length."""
        if self.time_s.ndim == 0:
            raise TypeError("an instant has no length")
        return int(self.time_s.shape[0])

    def at(self, index: int | slice | BoolArray | NDArray[np.intp]) -> Self:
        """Select frames along the first leading axis."""
        return replace(
            self,
            time_s=np.asarray(self.time_s[index]),
            image_px=self.image_px[index],
            world_m=self.world_m[index],
            visibility=self.visibility[index],
        )

    def px(self, landmark: Landmark) -> FloatArray:
        """Image position of one landmark, (..., 2), pixels."""
        return self.image_px[..., landmark, :]

    def pair_px(self, pair: LandmarkPair) -> FloatArray:
        """Image positions of a (left, right) pair, (..., 2 sides, 2), pixels."""
        return self.image_px[..., list(pair), :]

    def pair_m(self, pair: LandmarkPair) -> FloatArray:
        """World positions of a (left, right) pair, (..., 2 sides, 3), metres."""
        return self.world_m[..., list(pair), :]

    def masked(self, min_visibility: float = MIN_VISIBILITY) -> Self:
        """NaN wherever the landmark is unseen: visibility too low, or outside the picture."""
        x, y = self.image_px[..., 0], self.image_px[..., 1]
        with np.errstate(invalid="ignore"):
            inside = (x >= 0) & (x < self.width_px) & (y >= 0) & (y < self.height_px)
            seen = inside & (self.visibility >= min_visibility)
        return replace(
            self,
            image_px=np.where(seen[..., None], self.image_px, np.nan),
            world_m=np.where(seen[..., None], self.world_m, np.nan),
        )
