"""``timeseries.parquet``: every measure, phase, repetition and fault of every frame."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from formcheck.checks.session_report import SessionReport
from formcheck.errors import InputError
from formcheck.landmarks.arrow import numbers, read_columns, write_columns


def timeseries_columns(report: SessionReport) -> dict[str, NDArray[np.generic]]:
    """The columns of ``timeseries.parquet``, in order."""
    series = report.timeseries
    columns: dict[str, NDArray[np.generic]] = {
        "frame": np.arange(len(series.time_s), dtype=np.int32),
        "time_s": series.time_s,
        "phase": series.phase,
        "rep_number": series.rep_number,
    }
    return columns | dict(series.variables) | dict(series.faults)


def write_timeseries(
    path: Path, columns: Mapping[str, NDArray[np.generic]], metadata: Mapping[str, str] | None = None
) -> None:
    """Write columns of equal length ``(T,)``: floats as float32 (``time_s`` as float64) with NaN as null.

    Whole numbers and booleans keep their type; text becomes a dictionary column, None a null.

    Raises:
        OutputError: the file cannot be written.
        ValueError: the columns differ in length.
    """
    write_columns(path, columns, metadata or {})


def read_timeseries(path: Path) -> dict[str, NDArray[np.generic]]:
    """The columns of a ``timeseries.parquet`` in order, as :func:`write_timeseries` took them; null is NaN or None.

    Raises:
        InputError: the file is missing, not Parquet, or has no ``time_s``.
    """
    try:
        table = read_columns(path)
    except (pa.ArrowException, OSError) as error:
        came = "another or a damaged file" if path.exists() else "none"
        raise InputError(f"expected the time series {path}, got {came}; analyse the recording again") from error
    if "time_s" not in table.column_names:
        raise InputError(f"expected a column time_s in the time series {path}, got none; analyse the recording again")
    return {name: _values(table.column(name)) for name in table.column_names}


def _values(column: pa.ChunkedArray) -> NDArray[np.generic]:
    return numbers(column) if pa.types.is_floating(column.type) else np.asarray(column.to_pylist())
