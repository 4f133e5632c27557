"""Comma-separated tables: every frame, every repetition, every finding. An empty field is unseen or does not apply."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formcheck.machine.atomic import write_text_atomic

_REP_COLUMNS = ("rep_number", "start_s", "bottom_s", "end_s", "lead_side")
_FINDING_COLUMNS = (
    "rep_number",
    "check",
    "fault",
    "side",
    "value",
    "unit",
    "uncertainty",
    "limit_warn",
    "limit_fail",
    "verdict",
    "reason",
    "at_s",
    "cue",
)


def write_timeseries_csv(path: Path, columns: Mapping[str, NDArray[np.generic]]) -> None:
    """One row a frame, the columns of ``timeseries.parquet`` in their order and as many digits as it holds.

    Raises:
        OutputError: The file cannot be written.
    """
    fields = [_fields(name, values) for name, values in columns.items()]
    _write(path, list(columns), zip(*fields, strict=True))


def write_reps_csv(path: Path, report: Mapping[str, Any]) -> None:
    """One row a repetition: when, which leg led, every measure and, where it is known, its ``…_uncertainty``.

    Without repetitions there is a heading only.

    Raises:
        OutputError: The file cannot be written.
    """
    rows = [
        {"rep_number": rep["number"], **{name: rep[name] for name in _REP_COLUMNS[1:]}, **_measures(rep)}
        for rep in report["reps"]
    ]
    names = list(dict.fromkeys([*_REP_COLUMNS, *(name for row in rows for name in row)]))
    _write(path, names, ([row.get(name) for name in names] for row in rows))


def write_findings_csv(path: Path, report: Mapping[str, Any]) -> None:
    """One row a check, side and repetition: value, limits and verdict; ``reason`` says why one is unseen.

    Raises:
        OutputError: The file cannot be written.
    """
    rows = [{"rep_number": rep["number"], **finding} for rep in report["reps"] for finding in rep["findings"]]
    _write(path, _FINDING_COLUMNS, ([row.get(name) for name in _FINDING_COLUMNS] for row in rows))


def _measures(rep: Mapping[str, Any]) -> dict[str, float | None]:
    columns: dict[str, float | None] = {}
    for name, value in rep["measures"].items():
        columns[name] = value
        if name in rep["uncertainty"]:
            columns[f"{name}_uncertainty"] = rep["uncertainty"][name]
    return columns


def _fields(name: str, values: NDArray[np.generic]) -> list[str]:
    if values.dtype.kind == "f":
        kept = values if name == "time_s" else values.astype(np.float32)  # what the table holds, in its own digits
        return ["" if np.isnan(value) else str(value) for value in kept]
    if values.dtype.kind == "b":
        return ["true" if value else "false" for value in values]
    return ["" if value is None else str(value) for value in values]


def _write(path: Path, names: Sequence[str], rows: Iterable[Iterable[object]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    write_text_atomic(path, text.getvalue())
