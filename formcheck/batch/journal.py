"""What is done but not yet in the tables: one small file a video, complete or not there.

Workers write it when the files of a video are in place; the run folds it into the tables now and then, and a later run
folds what a killed one left. Four kinds: a session whose files are being replaced, a finished video, a failure, and new
facts about a video that need no analysis, such as another athlete in the manifest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from formcheck.batch.rows import Record, Row
from formcheck.machine.storage import Storage
from formcheck.results.batch_schema import TABLES, Kind

FOLDER = ".batch/done"

_INSTANTS = {column.name for columns in TABLES.values() for column in columns if column.kind is Kind.INSTANT}


@dataclass(slots=True)
class Pending:
    """The journal as read: sessions and failures by location (the latest of each), changed columns by session."""

    names: list[str] = field(default_factory=list)
    sessions: dict[str, Record] = field(default_factory=dict)
    outdated: list[Row] = field(default_factory=list)
    failures: dict[str, Row] = field(default_factory=dict)
    changes: dict[str, Row] = field(default_factory=dict)
    begun: dict[str, str] = field(default_factory=dict)


def write_begun(storage: Storage, identity: str, settings_key: str) -> None:
    """Note that files of a session are about to be replaced: if nothing else comes of it, its row and its files may
    disagree, and ``settings_key``, which no run asks for, has it done again.
    """
    _write(storage, f"begun-{identity}", {"begun": {"session_id": identity, "settings_key": settings_key}})


def write_finished(storage: Storage, record: Record, files: Mapping[str, int]) -> None:
    """Note a finished video, and the sizes in bytes of the files that it has by now."""
    rows = {"session": record.session, "reps": record.reps, "findings": record.findings, "files": dict(files)}
    _write(storage, f"session-{record.session['session_id']}", {"finished": rows})


def write_failure(storage: Storage, failure: Row) -> None:
    """Note a failure; ``failure`` is its row."""
    _write(storage, f"failure-{path_id(failure['path'])}", {"failure": failure})


def write_change(storage: Storage, identity: str, columns: Mapping[str, Any]) -> None:
    """Note new values of some columns of a session; its ``location`` must be among them."""
    _write(storage, f"change-{identity}", {"change": {"session_id": identity, **columns}})


def path_id(path: str) -> str:
    """16 hex digits of a path, for what has no content."""
    return hashlib.sha256(path.encode()).hexdigest()[:16]


def read(storage: Storage) -> Pending:
    """Everything in the journal. What a power cut has cut short, be it the note or a file that it tells of, counts as
    not done, and is listed to go.
    """
    pending = Pending()
    for name in storage.names(FOLDER):
        pending.names.append(f"{FOLDER}/{name}")
        try:
            entry = json.loads(storage.read(f"{FOLDER}/{name}"))
        except (ValueError, FileNotFoundError):
            continue
        if "finished" in entry:
            files = entry["finished"].pop("files")
            if all(storage.holds(name, size_bytes) for name, size_bytes in files.items()):
                _add_session(pending, Record(**entry["finished"]))
        elif "begun" in entry:
            pending.begun[entry["begun"]["session_id"]] = entry["begun"]["settings_key"]
        elif "failure" in entry:
            pending.failures[entry["failure"]["location"]] = _timed(entry["failure"])
        else:
            pending.changes[entry["change"]["session_id"]] = _timed(entry["change"])
    return pending


def _add_session(pending: Pending, record: Record) -> None:
    """The later of two analyses of one location counts: the file was changed between a killed run and this one."""
    location = record.session["location"]
    _timed(record.session)
    earlier = pending.sessions.get(location)
    if earlier is None:
        pending.sessions[location] = record
        return
    first, last = sorted((earlier, record), key=lambda one: one.session["analysed_at"])
    pending.sessions[location] = last
    if first.session["session_id"] != last.session["session_id"]:
        pending.outdated.append(first.session)


def _timed(row: Row) -> Row:
    for name in _INSTANTS & row.keys():
        row[name] = datetime.fromisoformat(row[name]).replace(tzinfo=None)  # UTC, see now()
    return row


def _write(storage: Storage, name: str, entry: Mapping[str, Any]) -> None:
    storage.write(f"{FOLDER}/{name}.json", json.dumps(entry).encode())
