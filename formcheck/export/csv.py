"""Comma-separated tables: every frame, every repetition, every finding. An empty field is unseen or does not apply."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formcheck.landmarks.arrow import csv_of
from formcheck.machine.atomic import atomic_path

_REP_COLUMNS = ("rep_number", "start_s", "bottom_s", "end_s", "lead_side", "variant")
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
    _write(path, columns)


def write_reps_csv(path: Path, report: Mapping[str, Any]) -> None:
    """One row a repetition: when, which leg led, every measure and, where it is known, its ``…_uncertainty``.

    Without repetitions there is a heading only.

    Raises:
        OutputError: The file cannot be written.
    """
    rows = [
        {"rep_number": rep["number"], **{name: rep.get(name) for name in _REP_COLUMNS[1:]}, **_measures(rep)}
        for rep in report["reps"]
    ]
    names = list(dict.fromkeys([*_REP_COLUMNS, *(name for row in rows for name in row)]))
    _write(path, {name: [row.get(name) for row in rows] for name in names})


def write_findings_csv(path: Path, report: Mapping[str, Any]) -> None:
    """One row a check, side and repetition: value, limits and verdict; ``reason`` says why one is unseen.

    Raises:
        OutputError: The file cannot be written.
    """
    rows = [{"rep_number": rep["number"], **finding} for rep in report["reps"] for finding in rep["findings"]]
    _write(path, {name: [row.get(name) for row in rows] for name in _FINDING_COLUMNS})


def _measures(rep: Mapping[str, Any]) -> dict[str, float | None]:
    columns: dict[str, float | None] = {}
    for name, value in rep["measures"].items():
        columns[name] = value
        if name in rep["uncertainty"]:
            columns[f"{name}_uncertainty"] = rep["uncertainty"][name]
    return columns


def _write(path: Path, columns: Mapping[str, Any]) -> None:
    with atomic_path(path) as temporary:
        temporary.write_bytes(csv_of(columns))
