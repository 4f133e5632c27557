"""What a run has to do: every video that is new, changed, failed before, or was done with other settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import version
from typing import Any

from formcheck.batch.job import Job, Keep, Known, Label, Source
from formcheck.batch.results import Results, labels_of
from formcheck.batch.settings_key import rescored_key, settings_key
from formcheck.errors import InputError
from formcheck.exercises import EXERCISES
from formcheck.io.analysis import Settings
from formcheck.io.batch_tables import as_text
from formcheck.io.file_names import printable
from formcheck.io.manifest import CLASH_PREFIX
from formcheck.view import Plane

Row = Mapping[str, Any]

#: Manifest columns that tell how a video is analysed, under their names in the results, and what they may say.
_TOLD: Mapping[str, tuple[str, frozenset[str] | None]] = {
    f"{CLASH_PREFIX}exercise": ("exercise", frozenset({"auto", *EXERCISES})),
    f"{CLASH_PREFIX}profile": ("profile", None),
    "view": ("view", frozenset({"auto", *Plane})),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """How everything shall be done that a manifest does not tell otherwise."""

    settings: Settings
    keep: frozenset[Keep]
    out: str
    timeout_s: float | None = None


@dataclass(slots=True)
class Plan:
    """Videos to do, how many are done already, and sessions of which only some columns have changed."""

    jobs: list[Job] = field(default_factory=list)
    done: int = 0
    changes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


def plan_videos(sources: Iterable[Source], results: Results, folders: set[str], wish: Wish) -> Plan:
    """What to do about each source. ``folders`` are the sessions whose files are there.

    Raises:
        InputError, ProfileError, ModelError: A manifest, or the wish, tells settings that there are not.
    """
    names, failed = results.label_names(), results.failed_locations()
    rows = results.sessions()
    by_location = {row["location"]: row for row in rows}
    given = list(sources)
    there = {printable(source.location) for source in given}
    by_path = {row["path"]: row for row in rows if row["location"] not in there}
    plan, key_of = Plan(), cache(settings_key)
    for found in given:
        location = printable(found.location)
        row = by_location.get(location) or by_path.get(found.path)
        source = replace(found, path=row["path"], labels=found.labels or labels_of(row, names)) if row else found
        settings = _told(wish.settings, source)
        key = key_of(settings)
        current = row is not None and _is_current(row, key, wish.keep, folders)
        if row is None or not current or row["location"] != location or row["file_stamp"] != source.stamp:
            known = _known(row, is_current=current) if row else None
            plan.jobs.append(Job(source, settings, key, wish.keep, wish.out, known, timeout_s=wish.timeout_s))
            continue
        plan.done += 1
        if _as_told(labels_of(row, names)) != _as_told(source.labels) or location in failed:
            columns = dict.fromkeys(names) | dict(source.labels)
            plan.changes.append((row["session_id"], {**columns, "location": location}))
    return plan


def plan_rescore(results: Results, sources: Iterable[Source] | None, folders: set[str], wish: Wish) -> Plan:
    """What to judge again: all sessions, or those of the sources, that were judged with other settings or versions."""
    names = results.label_names()
    told = None if sources is None else {printable(source.location): source for source in sources}
    plan, key_of = Plan(), cache(rescored_key)
    keep = wish.keep - {Keep.VIDEO}
    for row in results.sessions():
        if told is not None and row["location"] not in told:
            continue
        source = told[row["location"]] if told is not None else None
        labels = source.labels if source and source.labels else labels_of(row, names)
        kept = Source(row["location"], row["path"], labels, row["file_stamp"])
        settings = _told(wish.settings, kept)
        key = key_of(settings, row["settings_key"])
        if _is_current(row, key, keep, folders):
            plan.done += 1
            continue
        job = Job(kept, settings, key, keep, wish.out, _known(row, is_current=False), from_landmarks=True)
        plan.jobs.append(replace(job, timeout_s=wish.timeout_s))
    return plan


def _is_current(row: Row, key: str, keep: frozenset[Keep], folders: set[str]) -> bool:
    kept = set(filter(None, (row["kept"] or "").split(",")))
    is_there = not kept or row["folder"] in folders
    made_alike = row["settings_key"] == key and row["formcheck_version"] == _version()
    return made_alike and is_there and {str(kind) for kind in keep} <= kept


@cache
def _version() -> str:
    """This program's; looking it up takes longer than everything else about a video that is done."""
    return version("formcheck")


def _known(row: Row, *, is_current: bool) -> Known:
    return Known(row["session_id"], row["folder"], row["content_sha256"], row["settings_key"], is_current)


def _told(settings: Settings, source: Source) -> Settings:
    """The settings as the manifest tells them for one video."""
    told: dict[str, Any] = {}
    for column, (name, choices) in _TOLD.items():
        value = source.labels.get(column)
        if value is None:
            continue
        word = str(value).strip()
        if choices is not None and word.lower() not in choices:
            expected = ", ".join(sorted(choices))
            raise InputError(f"{source.path}: the manifest's {name} is {word}, expected one of {expected}")
        told[name] = word if choices is None else word.lower()
    person = source.labels.get("person")
    if person not in {None, "auto"}:
        told["person"] = _person(source, person)
    return replace(settings, **told) if told else settings


def _person(source: Source, value: Label) -> int:
    try:
        number = int(float(value or 0))
    except ValueError:
        number = 0
    if number < 1:
        raise InputError(f"{source.path}: the manifest's person is {value}, expected auto, 1, 2, 3 ...")
    return number


def _as_told(labels: Mapping[str, Label]) -> dict[str, str | None]:
    """Labels as text: a column of numbers becomes text when a later manifest has words in it."""
    return {name: as_text(value) for name, value in labels.items() if value is not None}


def waiting(jobs: Iterable[Job]) -> Iterator[Job]:
    """The longest first, as far as their size tells, so that none of them is left alone at the end."""
    return iter(sorted(jobs, key=lambda job: -job.source.size_bytes))
