"""The tables of a finished batch as rows of plain values, for what is made from them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from formcheck.errors import InputError
from formcheck.io.batch_schema import TABLES
from formcheck.io.batch_tables import LABELLED, BatchTables
from formcheck.io.locations import open_storage


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
        table: A name in :data:`formcheck.io.batch_schema.TABLES`.
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
