"""The poses of a recording while they come in: in memory, or on disk for a set of any length."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from formcheck.body.pose import Pose
from formcheck.machine.atomic import output_error

#: As a landmark table holds them: 800 bytes a frame, 86 MB an hour at 30 frames a second.
_ROW = np.dtype([("time_s", "<f8"), ("marks", "<f4", (33, 6))])


class PoseRecorder:
    """Collects instants of one recording as the table will hold them, in 1.6 KB a frame."""

    def __init__(self, width_px: int, height_px: int) -> None:
        self._width_px, self._height_px = width_px, height_px
        self._times_s: list[float] = []
        self._rows: list[NDArray[np.float32]] = []

    def __len__(self) -> int:
        return len(self._times_s)

    def add(self, instant: Pose) -> None:
        """Append the pose ``()`` of one frame."""
        self._times_s.append(float(instant.time_s))
        columns = (instant.image_px, instant.world_m, instant.visibility[:, None])
        self._rows.append(np.concatenate(columns, axis=-1).astype(np.float32))

    def extend(self, later: PoseRecorder) -> None:
        """Append all that ``later`` has recorded."""
        self._times_s += later._times_s
        self._rows += later._rows

    def pose(self) -> Pose:
        """The recording ``(T,)``, rounded as :func:`~formcheck.landmarks.landmark_table.rounded` does."""
        values = np.asarray(self._rows, dtype=np.float64)
        return Pose(
            time_s=np.asarray(self._times_s),
            image_px=values[..., 0:2],
            world_m=values[..., 2:5],
            visibility=values[..., 5],
            width_px=self._width_px,
            height_px=self._height_px,
        )


class PoseSpool:
    """Collects the raw instants of one recording in a nameless temporary file; opened and closed with ``with``.

    The file is in ``folder``, since the system's own place for temporary files may be in memory. It vanishes with the
    program, however that ends.

    Raises:
        OutputError: the folder cannot be written to.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._size_px = (0, 0)
        self._length = 0

    def __enter__(self) -> Self:
        try:
            self._file = tempfile.TemporaryFile(dir=self._folder)
        except OSError as error:
            raise output_error(self._folder, error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return self._length

    def add(self, instant: Pose) -> None:
        """Append the pose ``()`` of one frame."""
        row = np.zeros((), _ROW)
        row["time_s"] = instant.time_s
        row["marks"] = np.concatenate([instant.image_px, instant.world_m, instant.visibility[:, None]], axis=-1)
        try:
            self._file.write(row.tobytes())
        except OSError as error:
            raise output_error(self._folder, error) from error
        self._size_px = (instant.width_px, instant.height_px)
        self._length += 1

    def pose(self) -> Pose:
        """The recording ``(T,)`` with the numbers that a landmark table gives back."""
        self._file.seek(0)
        rows = np.frombuffer(self._file.read(), _ROW)
        marks = rows["marks"].astype(np.float64)
        return Pose(rows["time_s"].copy(), marks[..., :2], marks[..., 2:5], marks[..., 5], *self._size_px)
