"""Columns of NumPy as Parquet files and back, and as CSV.

Columns pass between NumPy and Arrow as buffers: pyarrow's own conversions import pandas wherever it is installed,
which takes longer than reading a table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from formcheck.body.pose import BoolArray, FloatArray
from formcheck.machine.atomic import atomic_path


def write_columns(path: Path, columns: Mapping[str, NDArray[np.generic]], metadata: Mapping[str, str]) -> None:
    """Write columns of equal length (T,): floats as float32 (``time_s`` as float64) with NaN as null, text as a
    dictionary column with None as null, other types as they are.

    Raises:
        OutputError: the file cannot be written.
        ValueError: the columns differ in length.
    """
    table = pa.table({name: _column(name, values) for name, values in columns.items()})
    table = table.replace_schema_metadata(dict(metadata))
    text = [name for name in table.column_names if pa.types.is_dictionary(table.schema.field(name).type)]
    with atomic_path(path) as temporary:
        pq.write_table(table, temporary, compression="zstd", use_dictionary=text)


def csv_of(columns: Mapping[str, Any]) -> bytes:
    """A table of arrays as :func:`write_columns` takes them, lists or columns of Arrow, as CSV in UTF-8: text in
    quotes, null an empty field.
    """
    arrays = {name: _column(name, it) if isinstance(it, np.ndarray) else it for name, it in columns.items()}
    sink = pa.BufferOutputStream()
    pa_csv.write_csv(pa.table(arrays), sink)
    return bytes(sink.getvalue())


def read_columns(source: Path | pa.NativeFile, names: Sequence[str] | None = None) -> pa.Table:
    """A Parquet file, or those of its columns that are named, read without threads of Arrow's: they may still be busy
    when the program ends, and the process then ends with "terminate called without an active exception".

    Raises:
        pyarrow.ArrowException, OSError: It is no Parquet file, is damaged or cannot be read.
    """
    try:
        with pq.ParquetFile(source, pre_buffer=False) as file:
            table = file.read(columns=names, use_threads=False)
            _ = table.column_names  # a damaged name shows only where it is read
            return table
    except UnicodeDecodeError as error:
        raise pa.ArrowInvalid("expected names of columns in UTF-8") from error


def numbers(column: pa.ChunkedArray) -> FloatArray:
    """A column of floats or whole numbers as float64, null as NaN."""
    chunks = column.cast(pa.float64(), safe=False).chunks
    return np.concatenate([np.empty(0), *(_from_arrow(chunk) for chunk in chunks if len(chunk))])


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


def _from_arrow(chunk: pa.Array) -> FloatArray:
    known, data = chunk.buffers()
    begin, end = chunk.offset, chunk.offset + len(chunk)
    values = np.frombuffer(data, np.float64, count=end)[begin:]
    if known is None:
        return values
    flags = np.unpackbits(np.frombuffer(known, np.uint8), count=end, bitorder="little")[begin:]
    return np.where(flags, values, np.nan)
