"""Landmarks of a long set, kept on disk: memory does not grow with the set."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from formcheck.body.pose import Pose
from formcheck.machine.atomic import output_error

#: As a landmark table holds them: 800 bytes a frame, 86 MB an hour at 30 frames a second.
_ROW = np.dtype([("time_s", "<f8"), ("marks", "<f4", (33, 6))])


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
