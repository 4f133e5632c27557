"""The results of a batch: what is known of every video, and how what is done comes into the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from formcheck.batch import journal
from formcheck.batch.job import unasked_key
from formcheck.batch.journal import Pending
from formcheck.batch.rows import Record, Row
from formcheck.machine.storage import Storage
from formcheck.results.batch_schema import TABLES, Kind
from formcheck.results.batch_tables import PART_SESSIONS, BatchTables, part_name, schema_of
from formcheck.results.folder import OURS, is_of_recording

_KNOWN_COLUMNS = (
    "session_id",
    "path",
    "location",
    "folder",
    "content_sha256",
    "file_stamp",
    "settings_key",
    "formcheck_version",
    "kept",
)
_FAILURES = part_name("failures", 0)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a session's rows are, and which files it has."""

    part: int
    location: str
    folder: str


class Results:
    """The tables of one batch with an index of their sessions. One at a time may :meth:`fold`."""

    def __init__(self, storage: Storage) -> None:
        self._storage, self._tables = storage, BatchTables(storage)
        self._labels = self._tables.labels()
        self._places: dict[str, _Place] = {}
        self._members: dict[int, set[str]] = defaultdict(set)
        self._is_indexed = False

    def sessions(self) -> list[Row]:
        """What is known of every session: the columns that tell whether it is up to date, and its labels."""
        sessions = []
        for part, rows in self._tables.rows_by_part("sessions", [*_KNOWN_COLUMNS, *self._labels]):
            sessions += rows
            number = int(PurePosixPath(part).stem.removeprefix("part-"))
            self._members[number] = _ids(rows)
            for row in rows:
                self._places[row["session_id"]] = _Place(number, row["location"], row["folder"])
        self._is_indexed = True
        return sessions

    def note_torn_parts(self) -> None:
        """Note that sessions whose repetitions or findings are gone, as when a damaged file was removed, are not done.

        Before :meth:`fold`, which writes new files in the place of those that are gone.
        """
        there = [{PurePosixPath(part).name for part in self._tables.parts(table)} for table in ("reps", "findings")]
        torn = [p for p in self._tables.parts("sessions") if not all(PurePosixPath(p).name in names for names in there)]
        if not torn:
            return
        for part, rows in self._tables.rows_by_part("sessions", ["session_id", "settings_key"]):
            for row in rows if part in torn else []:
                journal.write_begun(self._storage, row["session_id"], unasked_key(row["settings_key"]))

    def failed_locations(self) -> set[str]:
        """Where the videos are whose last try failed."""
        return {row["location"] for row in self._tables.rows("failures", ["location"])}

    def label_names(self) -> list[str]:
        """The columns that manifests have brought."""
        return list(self._labels)

    def complete(self) -> None:
        """``summary.csv`` as the tables are now; tables that have no rows yet become empty files, for readers."""
        for table in TABLES:
            if not self._tables.parts(table):
                schema = schema_of(table, self._labels)
                self._tables.replace(part_name(table, 0), [], schema, key="session_id", staying=())
        self._tables.write_summary()

    def fold(self) -> None:
        """Bring the journal into the tables; killed anywhere in between, the next one completes it."""
        pending = journal.read(self._storage)
        if not pending.names:
            return
        if not self._is_indexed:
            self.sessions()
        self._storage.flush()
        touched = self._learn_labels(pending)
        superseded = self._superseded(pending)
        for row in [*superseded, *pending.outdated]:
            self._remove_files(f"sessions/{row['folder']}")
        placed = self._place(pending.sessions.values(), superseded)
        changes = _with_begun(pending)
        changed = [identity for identity in changes if identity in self._places]
        touched |= {*placed, *(self._places[identity].part for identity in [*changed, *_ids(superseded)])}
        for part in sorted(touched):
            self._rewrite(part, placed[part], changes, gone=_ids(superseded))
        self._fold_failures(pending)
        self._storage.flush()
        for name in pending.names:
            self._storage.remove(name)

    def _remove_files(self, folder: str) -> None:
        """Remove a session's folder, but for files that are not ours."""
        names = set(self._storage.names(folder))
        ours = {name for name in names if name in OURS or is_of_recording(name)}
        for name in [folder] if names == ours else [f"{folder}/{name}" for name in ours]:
            self._storage.remove(name)

    def _superseded(self, pending: Pending) -> list[Row]:
        """Sessions in the tables whose file has other content by now, and that are not analysed somewhere else."""
        fresh = {location: record.session["session_id"] for location, record in pending.sessions.items()}
        alive = set(fresh.values())
        return [
            {"session_id": identity, "folder": place.folder}
            for identity, place in self._places.items()
            if fresh.get(place.location, identity) != identity and identity not in alive
        ]

    def _place(self, records: Iterable[Record], superseded: list[Row]) -> dict[int, list[Record]]:
        """Each record's part: that of its session, that of the session it replaces, or the first with room."""
        replaced = {self._places[row["session_id"]].location: self._places[row["session_id"]] for row in superseded}
        placed: dict[int, list[Record]] = defaultdict(list)
        for record in records:
            session = record.session
            old = self._places.get(session["session_id"]) or replaced.get(session["location"])
            part = old.part if old else self._open_part()
            self._members[part].add(session["session_id"])
            self._places[session["session_id"]] = _Place(part, session["location"], session["folder"])
            placed[part].append(record)
        return placed

    def _open_part(self) -> int:
        last = max(self._members, default=0)
        return last if len(self._members[last]) < PART_SESSIONS else last + 1

    def _rewrite(self, part: int, records: list[Record], changes: dict[str, Row], *, gone: set[str]) -> None:
        """Replace the three files of a part, ``sessions`` last."""
        for identity in gone & self._members[part]:
            del self._places[identity]
            self._members[part].remove(identity)
        staying = self._members[part] - {record.session["session_id"] for record in records}
        rows = {
            "reps": [r for one in records for r in one.reps],
            "findings": [f for one in records for f in one.findings],
        }
        for table, its_rows in rows.items():
            self._tables.replace(part_name(table, part), its_rows, schema_of(table), key="session_id", staying=staying)
        relabelled = self._changed_rows(part, {i: changes[i] for i in changes.keys() & staying})
        self._tables.replace(
            part_name("sessions", part),
            [*relabelled, *(record.session for record in records)],
            schema_of("sessions", self._labels),
            key="session_id",
            staying=staying - _ids(relabelled),
        )

    def _changed_rows(self, part: int, changes: dict[str, Row]) -> list[Row]:
        """Rows of sessions with some columns changed."""
        if not changes:
            return []
        everything = [column.name for column in TABLES["sessions"]] + list(self._labels)
        rows = dict(self._tables.rows_by_part("sessions", everything))[part_name("sessions", part)]
        changed = [row | changes[row["session_id"]] for row in rows if row["session_id"] in changes]
        for row in changed:
            self._places[row["session_id"]] = _Place(part, row["location"], row["folder"])
        return changed

    def _fold_failures(self, pending: Pending) -> None:
        """A video's failure goes when it succeeds, or when it fails anew."""
        known = self.failed_locations()
        settled = {*pending.sessions, *(row["location"] for row in pending.changes.values())}
        fresh = [row for location, row in pending.failures.items() if location not in settled]
        over = settled | pending.failures.keys()
        if fresh or known & over or self._tables.parts("failures"):
            schema = schema_of("failures", self._labels)
            self._tables.replace(_FAILURES, fresh, schema, key="location", staying=known - over)

    def _learn_labels(self, pending: Pending) -> set[int]:
        """Take in the columns of new rows; the parts to rewrite because the columns of the table have changed."""
        rows = [record.session for record in pending.sessions.values()]
        rows += [*pending.failures.values(), *pending.changes.values()]
        before = dict(self._labels)
        own = {column.name for table in ("sessions", "failures") for column in TABLES[table]}
        for name, value in (item for row in rows for item in row.items()):
            if name not in own and (value is not None or name not in self._labels):
                is_number = not isinstance(value, str) and self._labels.get(name) is not Kind.TEXT
                self._labels[name] = Kind.NUMBER if is_number else Kind.TEXT
        return set() if before == self._labels else set(self._members)


def _with_begun(pending: Pending) -> dict[str, Row]:
    """Changed columns by session, those of sessions whose files a run has begun to replace among them."""
    begun = {identity: {"settings_key": key} for identity, key in pending.begun.items()}
    return {
        identity: pending.changes.get(identity, {}) | begun.get(identity, {}) for identity in {*pending.changes, *begun}
    }


def _ids(rows: Iterable[Row]) -> set[str]:
    return {row["session_id"] for row in rows}


def labels_of(row: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The columns of a row that a manifest brought, without the empty ones."""
    return {name: row[name] for name in names if row.get(name) is not None}
