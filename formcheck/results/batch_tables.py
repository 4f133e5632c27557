"""The tables of a batch as Parquet: ``results/<table>/part-00000.parquet`` and on.

A part holds up to PART_SESSIONS sessions, and parts of one number the same sessions in ``sessions``, ``reps`` and
``findings``. Results are put in by rewriting the parts that they belong to, each replaced at once, so that a reader
never meets a session twice. ``sessions`` is written last: where a session is, its repetitions and findings are. All
parts of a table have the same columns.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from formcheck.errors import InputError
from formcheck.landmarks.arrow import csv_of
from formcheck.machine.locations import open_storage
from formcheck.machine.storage import Storage
from formcheck.results.batch_schema import FAILURE_SUMMARY, TABLES, Column, Kind, summary_columns
from formcheck.results.folder import SUMMARY

#: Sessions in one part.
PART_SESSIONS = 2000

#: Tables that carry the columns of manifests.
LABELLED = ("sessions", "failures")

Row = Mapping[str, Any]

#: The status of a video whose latest try did not fail.
_FINE = {"status": "ok", "error": None}

_TYPES: Mapping[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.WORD: pa.string(),
    Kind.NUMBER: pa.float64(),
    Kind.INTEGER: pa.int64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.INSTANT: pa.timestamp("us"),
}


def schema_of(table: str, labels: Mapping[str, Kind] | None = None) -> pa.Schema:
    """The Arrow schema of a table; each field's metadata says ``unit`` and ``meaning``.

    ``labels`` are the columns of a manifest, NUMBER or TEXT; ``sessions`` and ``failures`` end in them.
    """
    extra = labels or {} if table in LABELLED else {}
    columns = [*TABLES[table], *(Column(name, kind, "", "from the manifest") for name, kind in extra.items())]
    return pa.schema([_field(column) for column in columns])


def _field(column: Column) -> pa.Field:
    facts = {"kind": column.kind, "unit": column.unit, "meaning": column.meaning}
    return pa.field(column.name, _TYPES[column.kind], metadata=facts)


def part_name(table: str, part: int) -> str:
    """The name of a part's file in the storage."""
    return f"results/{table}/part-{part:05d}.parquet"


class BatchTables:
    """The tables of one batch in a storage. One writer at a time; readers need no lock."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def parts(self, table: str) -> list[str]:
        """The names of a table's files, in order."""
        names = self._storage.names(f"results/{table}")
        return [f"results/{table}/{name}" for name in names if name.startswith("part-") and name.endswith(".parquet")]

    def labels(self) -> dict[str, Kind]:
        """The columns that manifests have brought so far; TEXT where any part has text."""
        kinds: dict[str, Kind] = {}
        for table in LABELLED:
            own = {column.name for column in TABLES[table]}
            for field in (field for part in self.parts(table) for field in self._open(part).schema_arrow):
                if field.name not in own:
                    is_number = pa.types.is_floating(field.type) and kinds.get(field.name) is not Kind.TEXT
                    kinds[field.name] = Kind.NUMBER if is_number else Kind.TEXT
        return kinds

    def rows(
        self, table: str, columns: Sequence[str] | None = None, *, where: Mapping[str, Collection[str]] | None = None
    ) -> list[dict[str, Any]]:
        """All rows of a table, or some columns of them, as plain values; columns that are nowhere are left out.

        ``where`` keeps rows whose text in each of these columns, which must be among those read, is one of a few.
        """
        found = []
        for part in self.parts(table):
            content = self._read(part, columns)
            for name, values in (where or {}).items():
                content = content.filter(pc.is_in(content[name], value_set=pa.array(sorted(values), pa.string())))
            found += content.to_pylist()
        return found

    def rows_by_part(self, table: str, columns: Sequence[str]) -> list[tuple[str, list[dict[str, Any]]]]:
        """The same, with the name of the file before the rows of each."""
        return [(part, self._read(part, columns).to_pylist()) for part in self.parts(table)]

    def replace(self, part: str, rows: Sequence[Row], schema: pa.Schema, *, key: str, staying: Iterable[str]) -> None:
        """Put a new version of one part in place: of its rows those whose ``key`` is ``staying``, then ``rows``."""
        fresh = _table(rows, schema)
        if part in self.parts(part.split("/")[1]):
            old = _conformed(self._read(part), schema)
            stays = pc.is_in(old[key], value_set=pa.array(sorted(staying), pa.string()))
            fresh = pa.concat_tables([old.filter(stays), fresh])
        self._write(part, fresh)

    def write_summary(self) -> None:
        """``summary.csv``: one row a session, then one a failure, with the manifests' columns behind. A session whose
        latest try failed has the failure's status and error in its row.
        """
        labels = list(self.labels())
        failed = {row["location"]: row for row in self.rows("failures", ["location", "status", "error"])}
        wanted = ["location", *(name for name in summary_columns() if name not in {"status", "error"}), *labels]
        tables, over = [], set()
        for part in self.parts("sessions"):
            table = self._read(part, wanted)
            rows = [failed.get(location, _FINE) for location in table["location"].to_pylist()]
            over |= failed.keys() & set(table["location"].to_pylist())
            for name in _FINE:
                table = table.append_column(name, pa.array([row[name] for row in rows], pa.string()))
            tables.append(table)
        for part in self.parts("failures"):
            table = self._read(part, ["location", *FAILURE_SUMMARY, *labels])
            tables.append(table.filter(pc.invert(pc.is_in(table["location"], pa.array(list(over), pa.string())))))
        whole = pa.concat_tables(tables, promote_options="default") if tables else pa.table({})
        names = [*summary_columns(), *labels]
        columns = {name: whole[name] if name in whole.column_names else pa.nulls(len(whole)) for name in names}
        self._storage.write(SUMMARY, csv_of(columns))

    def _open(self, part: str) -> pq.ParquetFile:
        content = pa.BufferReader(self._storage.read(part))
        with self._telling_damage(part):
            file = pq.ParquetFile(content, pre_buffer=False)
            _ = file.schema_arrow.names  # a damaged name shows only where it is read
            return file

    @contextmanager
    def _telling_damage(self, part: str) -> Iterator[None]:
        try:
            yield
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise InputError(
                f"expected a table of formcheck batch, got a damaged file: {self._storage.label}/{part}; remove it, "
                "and the next run does its videos again"
            ) from error

    def _read(self, part: str, columns: Sequence[str] | None = None) -> pa.Table:
        file = self._open(part)
        known = None if columns is None else [name for name in columns if name in file.schema_arrow.names]
        with self._telling_damage(part):
            return file.read(columns=known, use_threads=False)  # as in formcheck.landmarks.arrow

    def _write(self, part: str, table: pa.Table) -> None:
        sink = io.BytesIO()
        words = [field.name for field in table.schema if field.metadata[b"kind"] == Kind.WORD.encode()]
        pq.write_table(table, sink, compression="zstd", use_dictionary=words)
        self._storage.write(part, sink.getvalue())


def _table(rows: Sequence[Row], schema: pa.Schema) -> pa.Table:
    """Rows in the columns of a schema; what a row lacks is null, numbers of a text column become text."""
    texts = {field.name for field in schema if pa.types.is_string(field.type)}
    columns = []
    for field in schema:
        values = [row.get(field.name) for row in rows]
        columns.append(pa.array([as_text(v) for v in values] if field.name in texts else values, field.type))
    return pa.Table.from_arrays(columns, schema=schema)


def as_text(value: Any) -> str | None:
    """A value as a text column holds it: numbers in up to 15 digits, without ``.0``."""
    if value is None or isinstance(value, str):
        return value
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _conformed(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """A table in the columns of a schema: new ones null, numbers as text where the column has become text."""
    columns = []
    for field in schema:
        if field.name not in table.column_names:
            columns.append(pa.nulls(len(table), field.type))
        elif table.schema.field(field.name).type == field.type:
            columns.append(table[field.name])
        elif pa.types.is_string(field.type):
            columns.append(pa.array([as_text(value) for value in table[field.name].to_pylist()], field.type))
        else:
            columns.append(table[field.name].cast(field.type))
    return pa.Table.from_arrays(columns, schema=schema)


def is_batch(location: str) -> bool:
    """Whether a folder, or a URL, holds the results of a batch."""
    try:
        return any(BatchTables(open_storage(location)).parts(table) for table in LABELLED)
    except NotADirectoryError:
        return False


def read_table(
    location: str,
    table: str,
    columns: Sequence[str] | None = None,
    *,
    where: Mapping[str, Collection[str]] | None = None,
) -> list[dict[str, Any]]:
    """The rows of a table of a batch, in the order of its files; none where it has no rows.

    Every row has every column of the schema, or those of ``columns``, and of ``sessions`` and ``failures`` the
    manifests' columns behind; what a table lacks is None. Instants are UTC without a zone.

    Args:
        location: The folder, or URL, that ``formcheck batch`` wrote.
        table: A name in :data:`formcheck.results.batch_schema.TABLES`.
        columns: Only these.
        where: Only rows whose text in each of these columns is one of a few.

    Raises:
        InputError: There are no results, or they are damaged.
    """
    if not is_batch(location):
        raise InputError(f"expected a folder that formcheck batch wrote, but there are no results in {location}")
    tables = BatchTables(open_storage(location))
    names = list(columns or [column.name for column in TABLES[table]])
    if columns is None and table in LABELLED:
        names += tables.labels()
    rows = tables.rows(table, list({*names, *(where or {})}), where=where)
    return [{name: row.get(name) for name in names} for row in rows]
