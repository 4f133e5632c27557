"""What a run has to do: every video that is new, changed, failed before, or was done with other settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import version
from typing import Any

from formcheck.analysis import Settings
from formcheck.batch.job import Keep, Known, Label, Source, VideoJob, rescored_key, settings_key
from formcheck.batch.results import Results, labels_of
from formcheck.checks import stated
from formcheck.errors import InputError, ProfileError
from formcheck.machine.paths import printable
from formcheck.measures.stature import LEAST_CM, MOST_CM
from formcheck.results.batch_tables import as_text
from formcheck.results.manifest import CLASH_PREFIX

Row = Mapping[str, Any]

_PROFILE = f"{CLASH_PREFIX}profile"
#: Manifest columns that tell how a video is analysed, under their names in the results, and what they may say.
_TOLD: Mapping[str, tuple[str, tuple[str, ...] | None]] = {
    f"{CLASH_PREFIX}exercise": ("exercise", stated.exercises()),
    _PROFILE: ("profile", None),
    "view": ("view", stated.VIEWS),
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
    """Videos to do, how many are done already, and sessions of which only some columns have changed.

    ``unknown`` counts videos without the results that were to be judged again.
    """

    jobs: list[VideoJob] = field(default_factory=list)
    done: int = 0
    changes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    unknown: int = 0


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
        row = by_location.get(location) or _moved(by_path.get(found.path), found)
        labels = found.labels or (labels_of(row, names) if row else {})
        job = _job(replace(found, path=row["path"] if row else found.path, labels=labels), wish, key_of)
        current = row is not None and _is_current(row, job.settings_key, wish.keep, folders)
        if row is None:
            plan.jobs.append(job)
        elif row["location"] != location:
            unknown = _job(found, wish, key_of)
            plan.jobs.append(replace(job, known=_known(row, is_current=current), otherwise=unknown))
        elif not current or row["file_stamp"] != found.stamp:
            plan.jobs.append(replace(job, known=_known(row, is_current=current)))
        else:
            plan.done += 1
            _note_labels(plan, row, names, labels, anyway=location in failed)
    return plan


def _note_labels(
    plan: Plan, row: Row, names: Iterable[str], labels: Mapping[str, Label], *, anyway: bool = False
) -> None:
    """Plan the change of a session that is done but for the columns of its manifest, if they have changed."""
    if anyway or _as_told(labels_of(row, names)) != _as_told(labels):
        columns = dict.fromkeys(names) | dict(labels)
        plan.changes.append((row["session_id"], {**columns, "location": row["location"]}))


def _job(source: Source, wish: Wish, key_of: Callable[[Settings], str]) -> VideoJob:
    settings = _told(wish.settings, source)
    with _naming(source):
        return VideoJob(source, settings, key_of(settings), wish.keep, wish.out, timeout_s=wish.timeout_s)


@contextmanager
def _naming(source: Source) -> Iterator[None]:
    """Say for which video the manifest tells a profile that there is not."""
    try:
        yield
    except ProfileError as error:
        if source.labels.get(_PROFILE) is None:
            raise
        raise InputError(f"{source.path}: the manifest's profile: {error}") from None


def _moved(row: Row | None, source: Source) -> Row | None:
    """A session whose video may be this one, moved: it has the same path, and as many bytes."""
    stamps = (row and row["file_stamp"], source.stamp)
    sizes = {stamp.partition("-")[0] for stamp in stamps if stamp}
    return row if all(stamps) and len(sizes) == 1 else None


def plan_rescore(
    results: Results,
    sources: Iterable[Source] | None,
    folders: set[str],
    wish: Wish,
    has_page: Callable[[str], bool],
) -> Plan:
    """What to judge again: all sessions, or those of the sources, that were judged with other settings or versions, or
    that lack the page that is wished for; model, person and mirrored stay those of the landmarks, whatever is told.
    ``has_page`` tells of a folder in ``sessions`` whether it has one.
    """
    names = results.label_names()
    told = None if sources is None else {printable(source.location): source for source in sources}
    plan, key_of = Plan(), cache(rescored_key)
    keep, rows = wish.keep - {Keep.VIDEO}, results.sessions()
    wants_page = wish.settings.write_page and Keep.REPORT in keep
    plan.unknown = len((told or {}).keys() - {row["location"] for row in rows})
    for row in rows:
        if told is not None and row["location"] not in told:
            continue
        source = told[row["location"]] if told is not None else None
        labels = source.labels if source and source.labels else labels_of(row, names)
        kept = Source(row["location"], row["path"], labels, row["file_stamp"])
        settings = replace(_told(wish.settings, kept), person=None, mirrored=False)
        with _naming(kept):
            key = key_of(settings, row["settings_key"])
        if _is_current(row, key, keep, folders) and (not wants_page or has_page(row["folder"])):
            plan.done += 1
            _note_labels(plan, row, names, labels)
            continue
        job = VideoJob(kept, settings, key, keep, wish.out, _known(row, is_current=False), from_landmarks=True)
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
            raise InputError(f"{source.path}: the manifest's {name} is {word}, expected one of {', '.join(choices)}")
        told[name] = word if choices is None else word.lower()
    person = source.labels.get("person")
    if person not in {None, "auto"}:
        told["person"] = _person(source, person)
    if (height := source.labels.get("height_cm")) is not None:
        told["height_cm"] = _height_cm(source, height)
    return replace(settings, **told) if told else settings


def _person(source: Source, value: Label) -> int:
    try:
        number = float(value or 0)
    except ValueError:
        number = 0.0
    if number < 1 or not number.is_integer():
        raise InputError(f"{source.path}: the manifest's person is {as_text(value)}, expected auto, 1, 2, 3 ...")
    return int(number)


def _height_cm(source: Source, value: Label) -> float:
    try:
        height_cm = float(value or 0)
    except ValueError:
        height_cm = 0.0
    if not LEAST_CM <= height_cm <= MOST_CM:
        expected = f"{LEAST_CM:.0f} to {MOST_CM:.0f}, such as 178"
        raise InputError(f"{source.path}: the manifest's height_cm is {as_text(value)}, expected {expected}")
    return height_cm


def _as_told(labels: Mapping[str, Label]) -> dict[str, str | None]:
    """Labels as text: a column of numbers becomes text when a later manifest has words in it."""
    return {name: as_text(value) for name, value in labels.items() if value is not None}


def waiting(jobs: Iterable[VideoJob]) -> Iterator[VideoJob]:
    """The longest first, as far as their size tells, so that none of them is left alone at the end."""
    return iter(sorted(jobs, key=lambda job: -job.source.size_bytes))
