"""Sessions that were analysed before: from ``report.json``, or from the tables of a batch."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from formcheck.body.pose import Side
from formcheck.body.view import Plane
from formcheck.checks.check import DECIDED, FAULTY
from formcheck.checks.exercises import NO_EXERCISE
from formcheck.errors import InputError
from formcheck.machine.locations import is_url, local_path
from formcheck.machine.paths import is_video_name, printable
from formcheck.progress.past_session import Observation, PastSession
from formcheck.results.batch_tables import as_text, is_batch, read_table
from formcheck.results.folder import REPORT
from formcheck.results.report_json import read_report

#: So many names are told to who asked for another.
_TOLD = 10
_OF_REP = ("session_id", "rep_number", "plane", "lead_side")
_OF_FINDING = (
    "session_id",
    "rep_number",
    "check",
    "fault",
    "side",
    "value",
    "uncertainty",
    "verdict",
    "limit_warn",
    "plane",
)


def open_past_session(location: str) -> PastSession:
    """A session by the folder or the ``report.json`` that `analyze` wrote, or by ``BATCH:SESSION``.

    SESSION is the id, the name of the folder in ``sessions/``, or the path of the video as in the batch's tables.
    A session's own folder in a batch will do, too: date and load then come from the batch.

    Raises:
        InputError: There is no such session.
    """
    path = local_path(location)
    if not is_url(location) and path.exists():
        return _open_path(path, location)
    pairs = list(_pairs(location))
    if not pairs:
        raise InputError(
            f"expected the folder of an analysis, a report.json or BATCH:SESSION, got no such file: {location}"
        )
    return _of_batch(*next((pair for pair in pairs if is_batch(pair[0])), pairs[-1]))


def _pairs(location: str) -> Iterator[tuple[str, str]]:
    """The ways to read BATCH:SESSION, of which either may have colons in its name."""
    parts = location.split(":")
    for index in range(1, len(parts)):
        if not parts[index].startswith("//"):
            yield ":".join(parts[:index]), ":".join(parts[index:])


def _open_path(path: Path, location: str) -> PastSession:
    folder = path if path.is_dir() else path.parent
    if path.is_dir() and not (path / REPORT).is_file():
        if is_batch(location):
            raise InputError(f"expected one session, got a batch: name one as {location}:SESSION, see its summary.csv")
        if not is_batch(str(folder.absolute().parent.parent)):
            raise InputError(f"expected the folder of an analysis, but there is no report.json in {location}")
    batch = folder.absolute().parent.parent
    if folder.absolute().parent.name == "sessions" and is_batch(str(batch)):
        return _of_batch(str(batch), folder.absolute().name)
    report = path / REPORT if path.is_dir() else path
    if is_video_name(path.name) or path.suffix == ".parquet":
        what = "a video" if is_video_name(path.name) else "a table of landmarks"
        raise InputError(f"{location} is {what}: analyse it first, formcheck analyze {location}; compare the folders")
    return _from_report(read_report(report), folder.absolute().name)


def _of_batch(batch: str, session: str) -> PastSession:
    rows = read_table(batch, "sessions", ["session_id", "folder", "path"])
    found = [row["session_id"] for row in rows if session in row.values()]
    if not found:
        known = ", ".join(row["path"] for row in rows[:_TOLD]) or "none"
        more = ", …" if len(rows) > _TOLD else ""
        raise InputError(f"expected a session of {batch}, got {session}; its sessions are {known}{more}")
    if len(found) > 1:
        raise InputError(
            f"expected one session of {batch}, got {session}, which {' and '.join(found)} have: name an id"
        )
    return _from_tables(batch, found)[0]


def athletes(batch: str) -> dict[str, int]:
    """How many sessions each athlete of a batch has, by the name as it was spelled first, in the order of names.

    Raises:
        InputError: The batch's manifests had no column ``athlete``.
    """
    return _counted(batch, read_table(batch, "sessions", ["session_id", "athlete"]))


def _counted(batch: str, rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    spelled: dict[str, list[str]] = {}
    for row in rows:
        if name := as_text(row["athlete"]):
            spelled.setdefault(_folded(name), []).append(name)
    if not spelled:
        raise InputError(
            f"expected a column athlete in the results of {batch}, got none; give formcheck batch a manifest with the "
            "columns path, athlete and date"
        )
    return {names[0]: len(names) for _, names in sorted(spelled.items())}


def athlete_sessions(batch: str, athlete: str) -> list[PastSession]:
    """Every session of one athlete, one or more, by the column ``athlete`` of the batch's manifests; recordings that
    hold no exercise are left out.

    Raises:
        InputError: There is none, or no such column.
    """
    rows = read_table(batch, "sessions", ["session_id", "athlete"])
    names = _counted(batch, rows)
    found = [row for row in rows if _folded(as_text(row["athlete"]) or "") == _folded(athlete)]
    if not found:
        known = ", ".join(list(names)[:_TOLD]) + (", …" if len(names) > _TOLD else "")
        raise InputError(f"expected an athlete of {batch}, got {athlete}; there are {known}")
    name = as_text(found[0]["athlete"])  # others may be spelled in another case
    sessions = _from_tables(batch, [row["session_id"] for row in found])
    of_exercises = [replace(one, athlete=name) for one in sessions if one.exercise != NO_EXERCISE.name]
    if not of_exercises:
        raise InputError(f"expected squats or lunges of {name} in {batch}, got {len(sessions)} of other movements only")
    return of_exercises


def _folded(name: str) -> str:
    """A name without the differences in which the same one may be typed: case, and how accents are written."""
    return unicodedata.normalize("NFKC", name).casefold()


def _from_tables(batch: str, identities: Sequence[str]) -> list[PastSession]:
    wanted = {"session_id": set(identities)}
    reps = {(rep["session_id"], rep["rep_number"]): rep for rep in read_table(batch, "reps", _OF_REP, where=wanted)}
    findings: dict[str, list[Observation]] = {}
    for finding in read_table(batch, "findings", _OF_FINDING, where=wanted):
        rep = reps.get((finding["session_id"], finding["rep_number"]))
        if rep is None:
            raise InputError(f"{batch}: the table reps lacks repetitions that findings has; run formcheck batch again")
        observation = _observation(finding, finding["rep_number"], rep["plane"], rep["lead_side"])
        findings.setdefault(finding["session_id"], []).append(observation)
    rows = read_table(batch, "sessions", where=wanted)
    return [_session(row, findings.get(row["session_id"], [])) for row in rows]


def _session(row: Mapping[str, Any], observations: Iterable[Observation]) -> PastSession:
    date = _instant(row.get("date"))
    return PastSession(
        name=PurePosixPath(row["path"]).stem,
        athlete=as_text(row.get("athlete")),
        at=date or row["analysed_at"],
        is_dated=date is not None,
        exercise=row["exercise"],
        profile=row["profile"],
        plane=Plane(row["plane"]),
        model=row["model"],
        version=row["formcheck_version"],
        rep_count=row["rep_count"],
        form_score=row["form_score"],
        load_kg=_number(row.get("load_kg")),
        observations=tuple(observations),
        velocity_loss_pct=row.get("velocity_loss_pct"),
        velocity_loss_error_pct=row.get("velocity_loss_pct_uncertainty"),
    )


def _from_report(report: Mapping[str, Any], name: str) -> PastSession:
    plane = report["view"]["plane"]
    observations = tuple(
        _observation(finding, rep["number"], rep.get("view", plane), rep["lead_side"])
        for rep in report["reps"]
        for finding in rep["findings"]
    )
    losses = [one["velocity_loss"] for one in report.get("sets", []) if one["velocity_loss"] is not None]
    most = max(losses, key=lambda loss: loss["loss_pct"], default={"loss_pct": None, "uncertainty_pct": None})
    return PastSession(
        name=printable(name),
        athlete=None,
        at=None,
        is_dated=False,
        exercise=report["exercise"],
        profile=report["profile"],
        plane=Plane(plane),
        model=report["model"]["name"],
        version=report["formcheck_version"],
        rep_count=report["summary"]["rep_count"],
        form_score=report["summary"]["form_score"],
        load_kg=None,
        observations=observations,
        velocity_loss_pct=most["loss_pct"],
        velocity_loss_error_pct=most["uncertainty_pct"],
    )


def _observation(finding: Mapping[str, Any], number: int, plane: str, lead_side: str | None) -> Observation:
    verdict = finding["verdict"]
    return Observation(
        rep_number=number,
        plane=Plane(finding.get("plane") or plane),
        lead_side=Side(lead_side) if lead_side else None,
        check=finding["check"],
        fault=finding["fault"],
        side=Side(finding["side"]) if finding["side"] else None,
        value=finding["value"],
        uncertainty=finding["uncertainty"],
        is_judged=verdict in DECIDED and finding["limit_warn"] is not None,
        is_faulty=verdict in FAULTY,
    )


def _instant(value: Any) -> datetime | None:
    """A date of a manifest, UTC where it tells a zone; None where it is no ISO date."""
    try:
        found = datetime.fromisoformat(as_text(value) or "")
    except ValueError:
        return None
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found


def _number(value: Any) -> float | None:
    """A number of a manifest; None where it is none."""
    try:
        number = float(as_text(value) or "nan")
    except ValueError:
        return None
    return number if math.isfinite(number) else None
