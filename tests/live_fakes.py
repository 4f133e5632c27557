"""Stand-ins for a camera and a pose model: a posed recording comes out of them, frame by frame."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from types import TracebackType
from typing import Self

import numpy as np

from formcheck.body.pose import Pose
from formcheck.errors import CameraError
from formcheck.frames.frame import Frame

UNPLUGGED = "camera 0 gives no more pictures: connect it again and start anew"


class Film:
    """A posed recording as a camera and as the pose model that looks at it; no frame is dropped between the two."""

    def __init__(self, film: Pose, *, unplugged_after: int | None = None) -> None:
        turn = threading.Semaphore(1)
        self.camera = FilmCamera(film, turn, unplugged_after)
        self.estimator = FilmEstimator(film, turn)


class _Opened:
    is_open = False

    def __enter__(self) -> Self:
        self.is_open = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.is_open = False


class FilmCamera(_Opened):
    """Gives grey pictures with the times of the recording, each when its turn has come; then ends, or fails."""

    def __init__(self, film: Pose, turn: threading.Semaphore, unplugged_after: int | None) -> None:
        self._film, self._turn, self._unplugged_after = film, turn, unplugged_after

    def __iter__(self) -> Iterator[Frame]:
        for index in range(len(self._film)):
            assert self._turn.acquire(timeout=60)
            if index == self._unplugged_after:
                raise CameraError(UNPLUGGED)
            picture = np.full((self._film.height_px, self._film.width_px, 3), 90, np.uint8)
            yield Frame(index, float(self._film.time_s[index]), picture)


class FilmEstimator(_Opened):
    """Knows the pose of every frame of the recording."""

    def __init__(self, film: Pose, turn: threading.Semaphore) -> None:
        self._film, self._turn = film, turn

    def estimate(self, frame: Frame) -> Pose:
        self._turn.release()
        return replace(self._film.at(frame.index), time_s=np.asarray(frame.time_s))
