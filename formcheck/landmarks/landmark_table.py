"""Landmarks as Parquet files.

``landmarks.parquet`` has one row a frame: ``frame`` (int32), ``time_s`` (float64) and, for each of MediaPipe's 33
names in lower case, ``<name>_x_px, _y_px, _x_m, _y_m, _z_m, _visibility`` (float32). All of a frame's values are
null where nobody was seen. The file's metadata carries ``width``, ``height``, ``model``, ``model_sha256`` and what
else the writer is given, as text. An analysis of the file equals the live one if the live poses went through
:func:`rounded` first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from formcheck.body.pose import FloatArray, Landmark, Pose
from formcheck.errors import LandmarkFileError
from formcheck.landmarks.arrow import numbers, read_columns, write_columns
from formcheck.machine.paths import unreadable_name

_SUFFIXES = ("x_px", "y_px", "x_m", "y_m", "z_m", "visibility")
#: In the order of the file: landmark by landmark.
LANDMARK_COLUMNS = tuple(f"{landmark.name.lower()}_{suffix}" for landmark in Landmark for suffix in _SUFFIXES)

#: No picture is larger, no body farther away and no clock later; numbers beyond overflow when they are squared.
_SIZE = re.compile(r"[1-9][0-9]{0,5}")
_FARTHEST, _LATEST_S = 1e6, 1e11


def rounded(pose: Pose) -> Pose:
    """The pose as it reads back from a landmark file: float32 numbers, held as float64; ``time_s`` is kept.

    Visibility becomes 0 where it is NaN, and on every landmark of a frame in which no coordinate is known.
    """
    image_px, world_m = _as_stored(pose.image_px), _as_stored(pose.world_m)
    seen = np.isfinite(np.concatenate([image_px, world_m], axis=-1)).any(axis=(-2, -1))
    visibility = np.where(seen[..., None], np.nan_to_num(_as_stored(pose.visibility), nan=0.0), 0.0)
    return replace(pose, image_px=image_px, world_m=world_m, visibility=visibility)


def _as_stored(values: FloatArray) -> FloatArray:
    return values.astype(np.float32).astype(np.float64)


def write_landmarks(
    path: Path, pose: Pose, *, model_name: str, model_sha256: str, extra: Mapping[str, str] | None = None
) -> None:
    """Write a recording ``(T,)``; ``extra`` (such as the video's facts as JSON) becomes metadata of the file.

    Raises:
        OutputError: the file cannot be written.
    """
    stored = rounded(pose)
    values = np.concatenate([stored.image_px, stored.world_m, stored.visibility[..., None]], axis=-1)
    values[~np.isfinite(values[..., :-1]).any(axis=(1, 2))] = np.nan
    flat = values.reshape(len(pose), -1)
    columns: dict[str, NDArray[np.generic]] = {"frame": np.arange(len(pose), dtype=np.int32), "time_s": pose.time_s}
    columns |= {name: flat[:, index] for index, name in enumerate(LANDMARK_COLUMNS)}
    facts = {"width": str(pose.width_px), "height": str(pose.height_px), "model": model_name}
    facts |= {"model_sha256": model_sha256}
    write_columns(path, columns, dict(extra or {}) | facts)


def read_landmarks(path: Path) -> tuple[Pose, dict[str, str]]:
    """The recording and the metadata of a landmark file; where nobody was seen, NaN and visibility 0.

    Raises:
        LandmarkFileError: the file is missing, not Parquet, empty, without a documented column or the picture's
            size, or its times do not rise.
    """
    table = _open(path)
    metadata = {
        key.decode(errors="replace"): value.decode(errors="replace")
        for key, value in (table.schema.metadata or {}).items()
    }
    width_px, height_px = (_size_px(path, metadata, side) for side in ("width", "height"))
    time_s = _numbers(path, table, "time_s")
    if not (len(time_s) and (np.abs(time_s) <= _LATEST_S).all() and (np.diff(time_s) > 0).all()):
        raise _not_ours(path, "at least one row and rising seconds in time_s", "something else")
    columns = [_numbers(path, table, name) for name in LANDMARK_COLUMNS]
    for name, column in zip(LANDMARK_COLUMNS, columns, strict=True):
        low, high = (0.0, 1.0) if name.endswith("_visibility") else (-_FARTHEST, _FARTHEST)
        if ((column < low) | (column > high)).any():  # false for NaN
            raise _not_ours(path, f"numbers from {low:g} to {high:g} in {name}", "one beyond")
    values = np.stack(columns, axis=-1)
    values = values.reshape(len(time_s), len(Landmark), len(_SUFFIXES))
    pose = Pose(
        time_s=time_s,
        image_px=values[..., 0:2],
        world_m=values[..., 2:5],
        visibility=np.nan_to_num(values[..., 5], nan=0.0),
        width_px=width_px,
        height_px=height_px,
    )
    return pose, metadata


def _open(path: Path) -> pa.Table:
    if refusal := unreadable_name(path):
        raise LandmarkFileError(refusal)
    if not path.is_file():
        raise _not_ours(path, "a landmark table", "no such file" if not path.exists() else "something that is no file")
    try:
        return read_columns(path)
    except PermissionError:
        raise _not_ours(path, "a landmark table", "a file that may not be read") from None
    except (pa.ArrowException, OSError) as error:
        raise _not_ours(path, "a landmark table in Parquet format", "another or a damaged file") from error


def _size_px(path: Path, metadata: Mapping[str, str], side: str) -> int:
    given = metadata.get(side, "nothing")
    if not _SIZE.fullmatch(given):
        raise _not_ours(path, f"the picture's {side} in pixels in its metadata", repr(given[:20]))
    return int(given)


def _not_ours(path: Path, expected: str, came: str) -> LandmarkFileError:
    return LandmarkFileError(f"{path}: expected {expected}, got {came}; give a landmarks.parquet of formcheck analyze")


def _numbers(path: Path, table: pa.Table, name: str) -> FloatArray:
    """One column as float64, null as NaN."""
    index = table.schema.get_field_index(name)  # looking in column_names would make all 200 names anew each time
    if index < 0:
        raise _not_ours(path, f"a column {name}", "none")
    column = table.column(index)
    if not (pa.types.is_floating(column.type) or pa.types.is_integer(column.type)):
        raise _not_ours(path, f"numbers in {name}", str(column.type))
    return numbers(column)
