"""Sessions that stay: what a server with a folder of its own knows of each, in SQLite beside their files.

A row is written when a session is begun and whenever something of it changes, so that a server that ends, however it
does, goes on where it was: what waited waits, what was being analysed waits again, what was still coming is gone.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formcheck.errors import OutputError

_FILE = "sessions.sqlite"
#: Number of the form of the table; another one is another program's.
_VERSION = 1
_TABLE = """
create table if not exists sessions (
    id text primary key, name text not null, athlete text not null default '', state text not null,
    client text not null, settings text not null, joins text not null, holds_rows integer not null, error text,
    created_at real not null, ended_at real,
    exercise text, verdict text, headline text, score real, reps integer
)
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """One session as it is kept. Times are seconds since 1970; what the report says is None before there is one."""

    id: str
    name: str
    state: str
    client: str
    settings: Mapping[str, Any]
    joins: tuple[str, ...] = ()
    holds_rows: bool = False
    athlete: str = ""
    error: str | None = None
    created_at: float = 0.0
    ended_at: float | None = None
    exercise: str | None = None
    verdict: str | None = None
    headline: str | None = None
    score: float | None = None
    reps: int | None = None


class SessionStore:
    """The table of a folder. Every change is on the disk when its method returns."""

    def __init__(self, folder: Path) -> None:
        """Open or make the table.

        Raises:
            OutputError: It cannot be opened, or is of another version.
        """
        try:
            self._base = sqlite3.connect(folder / _FILE, isolation_level=None, check_same_thread=False)
            self._base.row_factory = sqlite3.Row
            self._base.execute(_TABLE)
            [version] = self._base.execute("pragma user_version").fetchone()
            if version not in {0, _VERSION}:
                raise OutputError(f"expected sessions of version {_VERSION} in {folder}, got {version}: choose another")
            self._base.execute(f"pragma user_version = {_VERSION}")
        except sqlite3.Error as error:
            raise OutputError(f"cannot keep sessions in {folder}: {error}; choose another folder") from error

    def close(self) -> None:
        """Nothing more is kept."""
        self._base.close()

    def put(self, kept: Kept) -> None:
        """Keep a session as it is now; of one that is known, when it came and whose it is stay."""
        values = {
            "id": kept.id,
            "name": kept.name,
            "athlete": kept.athlete,
            "state": kept.state,
            "client": kept.client,
            "settings": json.dumps(dict(kept.settings)),
            "joins": json.dumps(kept.joins),
            "holds_rows": kept.holds_rows,
            "error": kept.error,
            "created_at": kept.created_at or time.time(),
            "ended_at": kept.ended_at,
        }
        names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
        changed = ", ".join(
            f"{name} = :{name}" for name in ("name", "state", "joins", "holds_rows", "error", "ended_at")
        )
        self._base.execute(
            f"insert into sessions ({names}) values ({marks}) on conflict (id) do update set {changed}",  # noqa: S608 - our own names
            values,
        )

    def say(self, identity: str, **told: str | float | None) -> None:
        """Change some columns of a session: its name, whose it is, what its report says."""
        changed = ", ".join(f"{name} = :{name}" for name in told)
        self._base.execute(f"update sessions set {changed} where id = :id", {**told, "id": identity})  # noqa: S608 - as above

    def remove(self, identity: str) -> None:
        """Forget a session."""
        self._base.execute("delete from sessions where id = ?", (identity,))

    def get(self, identity: str) -> Kept | None:
        """One session; None where there is none."""
        with closing(self._base.execute("select * from sessions where id = ?", (identity,))) as found:
            row = found.fetchone()
        return None if row is None else _kept(row)

    def all(self) -> Iterator[Kept]:
        """Every session, in the order in which they came."""
        with closing(self._base.execute("select * from sessions order by created_at, rowid")) as found:
            yield from map(_kept, found.fetchall())


def _kept(row: sqlite3.Row) -> Kept:
    values = dict(row)
    values["settings"] = json.loads(values["settings"])
    values["joins"] = tuple(json.loads(values["joins"]))
    values["holds_rows"] = bool(values["holds_rows"])
    return Kept(**values)
