"""The poses of a recording while they come in: in memory, or on disk for a set of any length."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import numpy as np

from formcheck.body.pose import Pose
from formcheck.machine.atomic import output_error

#: As a landmark table holds them: 800 bytes a frame, 86 MB an hour at 30 frames a second.
_ROW = np.dtype([("time_s", "<f8"), ("marks", "<f4", (33, 6))])


class PoseSpool:
    """Collects the raw instants of one recording: in memory, or in a nameless temporary file in ``folder``.

    The system's own place for temporary files may be in memory, so the folder is told. The file is closed by ``with``;
    it vanishes with the program, however that ends.

    Raises:
        OutputError: the folder cannot be written to.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or Path()
        self._size_px = (0, 0)
        self._length = 0
        try:
            self._file: IO[bytes] = io.BytesIO() if folder is None else tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - open as long as this
        except OSError as error:
            raise output_error(self._folder, error) from error

    def __enter__(self) -> Self:
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
        self._append(row.tobytes(), 1, (instant.width_px, instant.height_px))

    def extend(self, later: PoseSpool) -> None:
        """Append all that ``later``, of pictures of the same size, has collected."""
        self._append(later._content(), len(later), later._size_px)

    def pose(self) -> Pose:
        """The recording ``(T,)``, rounded as :func:`~formcheck.landmarks.landmark_table.rounded` does."""
        rows = np.frombuffer(self._content(), _ROW)
        marks = rows["marks"].astype(np.float64)
        return Pose(rows["time_s"].copy(), marks[..., :2], marks[..., 2:5], marks[..., 5], *self._size_px)

    def _append(self, content: bytes, frames: int, size_px: tuple[int, int]) -> None:
        try:
            self._file.write(content)
        except OSError as error:
            raise output_error(self._folder, error) from error
        self._length += frames
        self._size_px = max(self._size_px, size_px)  # (0, 0) while nothing was added

    def _content(self) -> bytes:
        self._file.seek(0)
        return self._file.read()
