"""What a recording and a live picture have in common: frames, where they come from, and what finds a pose in them.

Only protocols and plain values here; what opens cameras, models and files stands in the modules after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from formcheck.body.pose import Pose

ImageBGR = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Frame:
    """One upright picture with the time the container gives it.

    ``index`` counts from 0 without gaps; ``time_s`` is strictly increasing; ``image_bgr`` is (height, width, 3) uint8.
    """

    index: int
    time_s: float
    image_bgr: ImageBGR


class PoseEstimator(Protocol):
    """Finds one body in a frame. Opened and closed with ``with``."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def estimate(self, frame: Frame) -> Pose:
        """The pose at ``frame.time_s``; NaN coordinates and zero visibility where nobody is seen."""
        ...


class FrameSource(Protocol):
    """Yields every frame once, in order. Opened and closed with ``with``."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def __iter__(self) -> Iterator[Frame]: ...
