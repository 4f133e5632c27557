"""Landmarks and time series as Parquet files.

``landmarks.parquet`` has one row a frame: ``frame`` (int32), ``time_s`` (float64) and, for each of MediaPipe's 33
names in lower case, ``<name>_x_px, _y_px, _x_m, _y_m, _z_m, _visibility`` (float32). All of a frame's values are
null where nobody was seen. The file's metadata carries ``width``, ``height``, ``model``, ``model_sha256`` and what
else the writer is given, as text. An analysis of the file equals the live one if the live poses went through
:func:`rounded` first.

Columns pass between NumPy and Arrow as buffers: pyarrow's own conversions import pandas wherever it is installed,
which takes longer than reading a table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from formcheck.body.pose import BoolArray, FloatArray, Landmark, Pose
from formcheck.errors import InputError, LandmarkFileError
from formcheck.machine.atomic import atomic_path
from formcheck.machine.paths import unreadable_name

_SUFFIXES = ("x_px", "y_px", "x_m", "y_m", "z_m", "visibility")
#: In the order of the file: landmark by landmark.
LANDMARK_COLUMNS = tuple(f"{landmark.name.lower()}_{suffix}" for landmark in Landmark for suffix in _SUFFIXES)


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
        """The recording ``(T,)``, rounded as :func:`rounded` does."""
        values = np.asarray(self._rows, dtype=np.float64)
        return Pose(
            time_s=np.asarray(self._times_s),
            image_px=values[..., 0:2],
            world_m=values[..., 2:5],
            visibility=values[..., 5],
            width_px=self._width_px,
            height_px=self._height_px,
        )


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
    _write(path, columns, dict(extra or {}) | facts)


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
    if not (len(time_s) and np.isfinite(time_s).all() and (np.diff(time_s) > 0).all()):
        raise _not_ours(path, "at least one row and rising numbers in time_s", "something else")
    values = np.stack([_numbers(path, table, name) for name in LANDMARK_COLUMNS], axis=-1)
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


def write_timeseries(
    path: Path, columns: Mapping[str, NDArray[np.generic]], metadata: Mapping[str, str] | None = None
) -> None:
    """Write columns of equal length ``(T,)``: floats as float32 (``time_s`` as float64) with NaN as null.

    Whole numbers and booleans keep their type; text becomes a dictionary column, None a null.

    Raises:
        OutputError: the file cannot be written.
        ValueError: the columns differ in length.
    """
    _write(path, columns, metadata or {})


def read_timeseries(path: Path) -> dict[str, NDArray[np.generic]]:
    """The columns of a ``timeseries.parquet`` in order, as :func:`write_timeseries` took them; null is NaN or None.

    Raises:
        InputError: the file is missing, not Parquet, or has no ``time_s``.
    """
    try:
        table = pq.ParquetFile(path).read(use_threads=False)
    except (pa.ArrowException, OSError) as error:
        came = "another or a damaged file" if path.exists() else "none"
        raise InputError(f"expected the time series {path}, got {came}; analyse the recording again") from error
    if "time_s" not in table.column_names:
        raise InputError(f"expected a column time_s in the time series {path}, got none; analyse the recording again")
    return {name: _values(path, table, name) for name in table.column_names}


def _values(path: Path, table: pa.Table, name: str) -> NDArray[np.generic]:
    column = table.column(name)
    return _numbers(path, table, name) if pa.types.is_floating(column.type) else np.asarray(column.to_pylist())


def _write(path: Path, columns: Mapping[str, NDArray[np.generic]], metadata: Mapping[str, str]) -> None:
    table = pa.table({name: _column(name, values) for name, values in columns.items()})
    table = table.replace_schema_metadata(dict(metadata))
    text = [name for name in table.column_names if pa.types.is_dictionary(table.schema.field(name).type)]
    with atomic_path(path) as temporary:
        pq.write_table(table, temporary, compression="zstd", use_dictionary=text)


def _column(name: str, values: NDArray[np.generic]) -> pa.Array:
    if values.dtype.kind in "OU":
        return _words(values.tolist())
    if values.dtype.kind == "f":
        kept = values if name == "time_s" else values.astype(np.float32)
        return _numbers_to_arrow(kept, known=~np.isnan(kept))
    return _numbers_to_arrow(values, known=None)


def _numbers_to_arrow(values: NDArray[np.generic], known: BoolArray | None) -> pa.Array:
    """Arrow's buffers are a bit a value for what is known (all, where there is none), and for booleans themselves."""
    data = _bits(values) if values.dtype.kind == "b" else pa.py_buffer(np.ascontiguousarray(values))
    return pa.Array.from_buffers(
        pa.from_numpy_dtype(values.dtype), len(values), [None if known is None else _bits(known), data]
    )


def _bits(flags: NDArray[np.generic]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(flags.astype(np.bool_), bitorder="little"))


def _words(words: Sequence[str | None]) -> pa.Array:
    """Text as a dictionary column; None is null."""
    numbers = {word: number for number, word in enumerate(dict.fromkeys(word for word in words if word is not None))}
    encoded = [word.encode() for word in numbers]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    dictionary = pa.StringArray.from_buffers(len(encoded), pa.py_buffer(ends), pa.py_buffer(b"".join(encoded)))
    indices = np.array([-1 if word is None else numbers[word] for word in words], dtype=np.int32)
    return pa.DictionaryArray.from_arrays(_numbers_to_arrow(indices, known=indices >= 0), dictionary)


def _open(path: Path) -> pa.Table:
    if refusal := unreadable_name(path):
        raise LandmarkFileError(refusal)
    if not path.is_file():
        raise _not_ours(path, "a landmark table", "no such file" if not path.exists() else "something that is no file")
    try:
        return pq.ParquetFile(path).read(use_threads=False)
    except (pa.ArrowException, OSError) as error:
        raise _not_ours(path, "a landmark table in Parquet format", "another or a damaged file") from error


def _size_px(path: Path, metadata: Mapping[str, str], side: str) -> int:
    given = metadata.get(side, "nothing")
    if not given.isdecimal() or int(given) < 1:
        raise _not_ours(path, f"the picture's {side} in pixels in its metadata", repr(given))
    return int(given)


def _numbers(path: Path, table: pa.Table, name: str) -> FloatArray:
    """One column as float64, null as NaN."""
    index = table.schema.get_field_index(name)  # looking in column_names would make all 200 names anew each time
    if index < 0:
        raise _not_ours(path, f"a column {name}", "none")
    column = table.column(index)
    if not (pa.types.is_floating(column.type) or pa.types.is_integer(column.type)):
        raise _not_ours(path, f"numbers in {name}", str(column.type))
    chunks = column.cast(pa.float64(), safe=False).chunks
    return np.concatenate([np.empty(0), *(_numbers_from_arrow(chunk) for chunk in chunks if len(chunk))])


def _numbers_from_arrow(chunk: pa.Array) -> FloatArray:
    known, data = chunk.buffers()
    begin, end = chunk.offset, chunk.offset + len(chunk)
    values = np.frombuffer(data, np.float64, count=end)[begin:]
    if known is None:
        return values
    flags = np.unpackbits(np.frombuffer(known, np.uint8), count=end, bitorder="little")[begin:]
    return np.where(flags, values, np.nan)


def _not_ours(path: Path, expected: str, came: str) -> LandmarkFileError:
    return LandmarkFileError(f"{path}: expected {expected}, got {came}; give a landmarks.parquet of formcheck analyze")
