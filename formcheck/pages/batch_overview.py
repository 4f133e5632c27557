"""What a finished batch comes to: its sessions in a league, how often each fault was there, how measures spread."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from formcheck.body.pose import FloatArray
from formcheck.checks.check import DECIDED, FAULTY, RANKS, Verdict, worst_verdict
from formcheck.checks.exercises import checks_of, fault_names
from formcheck.progress.past_session import is_of_session
from formcheck.results.batch_schema import TABLES
from formcheck.results.batch_tables import read_table
from formcheck.results.folder import PAGE, REPORT

#: Columns of sessions that a table of the whole batch shows besides the manifest's own.
_VERDICT = "verdict_"
_FINDING_COLUMNS = (
    "session_id",
    "rep_number",
    "check",
    "fault",
    "value",
    "unit",
    "limit_warn",
    "limit_fail",
    "verdict",
)


@dataclass(frozen=True, slots=True)
class League:
    """The sessions, :func:`worst_first`. ``labels`` are the manifest's columns that hold
    anything, ``numbers`` those of them that hold numbers; ``faults`` those that were looked for.
    """

    sessions: tuple[Mapping[str, Any], ...]
    labels: tuple[str, ...]
    numbers: frozenset[str]
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FaultCount:
    """In how many repetitions of an exercise a fault was looked for and seen enough to tell, and in how many it was;
    in how many sessions where the fault is one of all repetitions together, ``of_sessions``.
    """

    exercise: str
    fault: str
    of_sessions: bool
    faulty: int
    judged: int
    unseen: int


@dataclass(frozen=True, slots=True)
class Spread:
    """The values (n,) of one check over all repetitions of an exercise and view, or over all sessions where a check is
    of all repetitions together; limits are the commonest ones.
    """

    exercise: str
    plane: str
    check: str
    unit: str
    values: FloatArray
    limit_warn: float | None
    limit_fail: float | None


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that the index page tells. ``pages`` are the addresses of the sessions' reports, by session."""

    league: League
    pages: Mapping[str, str | None]
    failures: tuple[Mapping[str, Any], ...]
    rep_count: int
    fault_counts: tuple[FaultCount, ...]
    spreads: tuple[Spread, ...]


def overview_of(batch: Path) -> Overview:
    """Read a batch and count.

    Raises:
        InputError: ``batch`` is no folder that ``formcheck batch`` wrote.
    """
    location = str(batch)
    sessions, failures = read_table(location, "sessions"), read_table(location, "failures")
    findings = read_table(location, "findings", _FINDING_COLUMNS)
    reps = read_table(location, "reps", ["session_id", "rep_number", "plane"])
    planes = {(rep["session_id"], rep["rep_number"]): rep["plane"] for rep in reps}
    by_id = {session["session_id"]: session for session in sessions}
    known = [row for row in findings if row["session_id"] in by_id]
    return Overview(
        league=_league(sessions),
        pages={identity: _page(batch, session["folder"]) for identity, session in by_id.items()},
        failures=tuple(sorted(failures, key=lambda row: str(row["path"]))),
        rep_count=sum(session["rep_count"] or 0 for session in sessions),
        fault_counts=tuple(_fault_counts(known, by_id)),
        spreads=tuple(_spreads(known, by_id, planes)),
    )


def _page(batch: Path, folder: str) -> str | None:
    """The address of a session's report, relative to the batch; None where no report was kept."""
    for name in (PAGE, REPORT):
        if (batch / "sessions" / folder / name).is_file():
            return f"sessions/{quote(folder)}/{name}"
    return None


def _league(sessions: Sequence[Mapping[str, Any]]) -> League:
    ours = {column.name for column in TABLES["sessions"]}
    names = list(dict.fromkeys(name for session in sessions for name in session))
    labels = [n for n in names if n not in ours and any(session.get(n) is not None for session in sessions)]
    numbers = {n for n in labels if all(isinstance(session.get(n), float | None) for session in sessions)}
    verdicts = [name for name in names if name.startswith(_VERDICT) and name in ours]
    faults = [n.removeprefix(_VERDICT) for n in verdicts if any(session[n] is not None for session in sessions)]
    return League(tuple(worst_first(sessions)), tuple(labels), frozenset(numbers), tuple(faults))


def worst_first(sessions: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Sessions by their worst verdict, then by their form score; last those of which nothing could be judged."""

    def place(session: Mapping[str, Any]) -> tuple[int, float, str]:
        score = session["form_score"]
        return -RANKS[verdict_of(session)], 100.0 if score is None else score, str(session["path"])

    return sorted(sessions, key=place)


def verdict_of(session: Mapping[str, Any]) -> Verdict:
    """The worst verdict on any fault; unseen where there is none."""
    return worst_verdict(list(verdicts_of(session).values()))


def verdicts_of(session: Mapping[str, Any]) -> dict[str, Verdict]:
    """The verdict on each fault that was looked for."""
    named = {fault: session.get(f"{_VERDICT}{fault}") for fault in fault_names()}
    return {fault: Verdict(verdict) for fault, verdict in named.items() if verdict is not None}


def _fault_counts(
    findings: Sequence[Mapping[str, Any]], by_id: Mapping[str, Mapping[str, Any]]
) -> Iterator[FaultCount]:
    """A repetition is as its worst check says; it is judged unless that is unseen or too close to call."""
    said: dict[tuple[str, str], dict[tuple[str, int], list[Verdict]]] = defaultdict(lambda: defaultdict(list))
    of_reps = {
        (by_id[row["session_id"]]["exercise"], row["fault"]) for row in findings if not is_of_session(row["check"])
    }
    for row in findings:
        exercise, fault = by_id[row["session_id"]]["exercise"], row["fault"]
        if not is_of_session(row["check"]):
            said[exercise, fault][row["session_id"], row["rep_number"]].append(Verdict(row["verdict"]))
        elif (exercise, fault) not in of_reps:
            said[exercise, fault][row["session_id"], 0].append(Verdict(row["verdict"]))
    for (exercise, fault), verdicts in sorted(said.items()):
        told = [worst_verdict(of_checks) for of_checks in verdicts.values()]
        faulty, judged = sum(one in FAULTY for one in told), sum(one in DECIDED for one in told)
        of_sessions = (exercise, fault) not in of_reps
        yield FaultCount(exercise, fault, of_sessions, faulty, judged, len(verdicts) - judged)


def _spreads(
    findings: Sequence[Mapping[str, Any]],
    by_id: Mapping[str, Mapping[str, Any]],
    planes: Mapping[tuple[str, int], str],
) -> Iterator[Spread]:
    """By the view of each repetition, ``planes``; checks that this version does not know are left out."""
    groups: dict[tuple[str, str, str], list[Mapping[str, Any]]] = defaultdict(list)
    told: set[tuple[str, str]] = set()
    exercises = {session["exercise"] for session in by_id.values()}
    known = {(exercise, check.name) for exercise in exercises for check in checks_of(exercise)}
    for row in findings:
        exercise, check = by_id[row["session_id"]]["exercise"], row["check"]
        plane = planes.get((row["session_id"], row["rep_number"]))
        if row["value"] is None or plane is None or (exercise, check) not in known:
            continue
        if is_of_session(check):  # the same value stands in every repetition
            if (row["session_id"], check) in told:
                continue
            told.add((row["session_id"], check))
        groups[exercise, plane, check].append(row)
    for (exercise, plane, check), rows in sorted(groups.items()):
        warn, fail = (Counter(row[name] for row in rows).most_common(1)[0][0] for name in ("limit_warn", "limit_fail"))
        values = np.asarray([row["value"] for row in rows], dtype=np.float64)
        yield Spread(exercise, plane, check, rows[0]["unit"], values, warn, fail)


def plain(value: object) -> str:
    """A label or fact as a cell shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)
