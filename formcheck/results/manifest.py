"""A manifest: a CSV or Parquet file with a column ``path`` and any others, one row a video."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from formcheck.errors import InputError
from formcheck.landmarks.arrow import read_columns
from formcheck.machine.paths import printable, unreadable_name
from formcheck.results.batch_schema import TABLES

#: Before the name of a column that the tables of a batch have as well.
CLASH_PREFIX = "manifest_"

#: Whole numbers beyond this lose digits as floats: they are codes.
_LAST_WHOLE = 2**53
#: Text that is a number.
_NUMBER = re.compile(r"[+-]?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")

_OURS = {column.name.casefold() for table in ("sessions", "failures") for column in TABLES[table]} | {"status"}


def is_manifest(path: Path) -> bool:
    """Whether a file is read as a list of videos: CSV by its ending, Parquet by its column ``path``."""
    if path.suffix.lower() == ".csv":
        return path.is_file()
    if path.suffix.lower() != ".parquet" or unreadable_name(path) or not path.is_file():
        return False
    try:
        return "path" in pq.read_schema(path).names
    except (pa.ArrowException, OSError, UnicodeDecodeError):
        return False


def read_manifest(path: Path) -> Iterator[tuple[str, dict[str, str | float | None]]]:
    """Each row's path as written, and its other columns by the names that they have in the results.

    A column of numbers holds floats, every other text; empty cells are None.

    Raises:
        InputError: It cannot be read, has no column ``path``, an empty path, two columns of one name, or a video twice.
    """
    names, rows = _csv_rows(path) if path.suffix.lower() == ".csv" else _parquet_rows(path)
    _check(path, names, rows)
    if not rows:
        raise InputError(f"{path}: expected a row for each video, got none; add some")
    labels = [name for name in names if name != "path"]
    numeric = {name for name in labels if _are_numbers([row[name] for row in rows])}
    rows = _with_days(labels, rows)
    for row in rows:
        yield (
            row["path"],
            {_label_name(name): _as_number(row[name]) if name in numeric else _as_text(row[name]) for name in labels},
        )


def _csv_rows(path: Path) -> tuple[list[str], list[dict[str, Any]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:  # spreadsheets begin with a byte order mark
            start = file.read(4096)
            file.seek(0)
            first = start.partition("\n")[0]
            separator = ";" if first.count(";") > first.count(",") else ","
            lines = list(csv.reader(file, delimiter=separator, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"expected a manifest as CSV in UTF-8, but {path} cannot be read: {error}") from None
    names = [name.strip() for name in lines[0]] if lines else []
    rows = []
    for number, line in enumerate(lines[1:], 2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) != len(names):
            raise InputError(
                f"{path}, line {number}: expected {len(names)} cells as in the first line, got {len(line)}"
            )
        rows.append({name: cell.strip() or None for name, cell in zip(names, line, strict=True)})
    return names, _with_points(names, rows) if separator == ";" else rows


def _with_points(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Columns of numbers with decimal commas, as spreadsheets write them where cells end in semicolons, with points."""
    pointed = [{name: cell and cell.replace(",", ".", 1) for name, cell in row.items()} for row in rows]
    numeric = {name for name in names if _are_numbers([row[name] for row in pointed])}
    return [
        {name: changed[name] if name in numeric else row[name] for name in names}
        for row, changed in zip(rows, pointed, strict=True)
    ]


def _parquet_rows(path: Path) -> tuple[list[str], list[dict[str, Any]]]:
    try:
        table = read_columns(path)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"expected a manifest as Parquet, but {path} cannot be read: {error}") from None
    return table.column_names, [{name: _known(value) for name, value in row.items()} for row in table.to_pylist()]


def _known(value: Any) -> Any:
    """NaN, which some programs write for a number that is not known, as None."""
    return None if isinstance(value, float) and math.isnan(value) else value


def _with_days(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Columns of instants that are all midnight, as table programs write a column of days, as days."""
    midnights = {name: [row[name] for row in rows if row[name] is not None] for name in names}
    days = {name for name, values in midnights.items() if values and all(map(_is_midnight, values))}
    return [{name: value.date() if value and name in days else value for name, value in row.items()} for row in rows]


def _is_midnight(value: Any) -> bool:
    return isinstance(value, datetime) and value.tzinfo is None and value.time() == time()


def _check(path: Path, names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    # By hand: what is asked for is of whole columns (other names, no path twice), which no schema can say.
    if "path" not in names:
        raise InputError(f"{path}: expected a column `path`, got {', '.join(names) or 'an empty file'}; name it so")
    folded = [_label_name(name).casefold() if name != "path" else name for name in names]
    if "" in names or len(set(folded)) < len(folded):
        raise InputError(f"{path}: expected columns of different names, got {', '.join(names)}; rename them")
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, 1):
        told = row["path"]
        if not isinstance(told, str) or not told:
            raise InputError(f"{path}, row {number}: expected a path, got nothing; fill it in or remove the row")
        if told in seen:
            raise InputError(f"{path}, row {number}: {told} is row {seen[told]} already; remove one of them")
        seen[told] = number


def _label_name(name: str) -> str:
    printed = printable(name)
    return f"{CLASH_PREFIX}{printed}" if printed.casefold() in _OURS else printed


def _are_numbers(values: Sequence[Any]) -> bool:
    known = [value for value in values if value is not None]
    return bool(known) and all(_as_number(value) is not None for value in known)


def _as_number(value: Any) -> float | None:
    """A finite number, or text that is one; text such as 007 is a code, no number, and so are very long ones."""
    if isinstance(value, bool) or value is None or isinstance(value, date):
        return None
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    is_code = number.is_integer() and abs(number) > _LAST_WHOLE and not isinstance(value, float)
    return number if math.isfinite(number) and not is_code else None


def _as_text(value: Any) -> str | None:
    if value is None:
        return None
    return value.isoformat() if isinstance(value, date | datetime) else printable(str(value))
