"""Stand-ins for a camera and a pose model: a posed recording comes out of them, frame by frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import TracebackType
from typing import Self

import numpy as np

from formcheck.errors import CameraError
from formcheck.pipeline import Frame
from formcheck.pose import Pose

UNPLUGGED = "camera 0 gives no more pictures: connect it again and start anew"


class FilmCamera:
    """Gives grey pictures with the times of a posed recording, as fast as they are asked for; then ends, or fails."""

    def __init__(self, film: Pose, *, unplugged_after: int | None = None) -> None:
        self.film, self._unplugged_after = film, unplugged_after
        self.is_open = False

    def __enter__(self) -> Self:
        self.is_open = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.is_open = False

    def __iter__(self) -> Iterator[Frame]:
        for index in range(len(self.film)):
            if index == self._unplugged_after:
                raise CameraError(UNPLUGGED)
            picture = np.full((self.film.height_px, self.film.width_px, 3), 90, np.uint8)
            yield Frame(index, float(self.film.time_s[index]), picture)


class FilmEstimator:
    """Knows the pose of every frame of a recording."""

    def __init__(self, film: Pose) -> None:
        self._film = film

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def estimate(self, frame: Frame) -> Pose:
        return replace(self._film.at(frame.index), time_s=np.asarray(frame.time_s))
