"""One video of a batch, from file to journal: the function that local workers and those of a cluster run."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import ExitStack
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any

from formcheck.analysis import Analysis, Settings, analyze, analyze_to_folder, page_facts
from formcheck.batch import journal
from formcheck.batch.job import JobOutcome, Keep, Status, VideoJob, unasked_key
from formcheck.batch.rows import Record, now, record_of, session_folder, session_id
from formcheck.errors import FormcheckError, InputError
from formcheck.landmarks.recording import Progress
from formcheck.machine.atomic import write_text_atomic
from formcheck.machine.faults import note_fault
from formcheck.machine.limits import is_memory_full
from formcheck.machine.locations import local_copy, open_storage
from formcheck.machine.paths import printable, unreadable_name
from formcheck.machine.storage import Storage
from formcheck.pages.report import render_report
from formcheck.results.folder import ANNOTATED, LANDMARKS, OURS, PAGE, REPORT, SERIES, is_of_recording
from formcheck.results.report_json import write_report
from formcheck.results.timeseries import timeseries_columns, write_timeseries
from formcheck.session import SessionAnalysis, analyze_session, analyze_session_to_folder, session_page

#: Told how long, from now on, the rest may take in seconds.
Allow = Callable[[float], None]

_KINDS = {LANDMARKS: Keep.LANDMARKS, SERIES: Keep.TIMESERIES, ANNOTATED: Keep.VIDEO}

#: Time limits that follow the video: to fetch it, read it once and open the model; then for each frame of it. A frame
#: takes 0.02 s with the model full and one person, several times that with the model heavy and several people.
_START_S, _BYTES_PER_S, _FRAME_S = 120.0, 200_000, 0.5


def kind_of(file_name: str) -> Keep:
    """To which choice of ``--keep`` a file of an analysis belongs; what has no choice of its own is the report's."""
    return _KINDS.get(file_name, Keep.REPORT)


def do_video(job: VideoJob, allow: Allow) -> JobOutcome:
    """Analyse one video, put its files in place and note it in the journal. Every error becomes an outcome."""
    storage = open_storage(job.out)
    try:
        return _rejudge(job, storage) if job.from_landmarks else _analyse(job, storage, allow)
    except FormcheckError as error:
        return failed(job, storage, Status.ERROR, str(error))
    except Exception as error:  # noqa: BLE001 - the one place where a crash becomes a row, and the batch goes on
        if is_memory_full(error):
            return failed(job, storage, Status.ERROR, "the memory is full: use fewer --workers or cut the recording")
        return failed(job, storage, Status.ERROR, note_fault(error, f"analysing {job.source.path}").line)


def first_limit_s(job: VideoJob) -> float:
    """How long a video may take until its length is known, seconds."""
    return job.timeout_s or _START_S + job.source.size_bytes / _BYTES_PER_S


def failed(job: VideoJob, storage: Storage, status: Status, error: str) -> JobOutcome:
    """Note a failure in the journal; the outcome of it."""
    # A video that is only thought to be a known one must not show the athlete of that one.
    source, line = (job.otherwise or job).source, printable(" ".join(error.split()))
    where = {"session_id": journal.path_id(source.path), "path": source.path, "location": printable(source.location)}
    row = {**source.labels, **where, "status": str(status), "error": line, "failed_at": now()}
    journal.write_failure(storage, row)
    return JobOutcome(source.path, status, line)


def _analyse(job: VideoJob, storage: Storage, allow: Allow) -> JobOutcome:
    started = time.monotonic()
    with ExitStack() as copies, storage.workspace() as work:
        recordings = [one for one in (job.source, job.source.beside) if one is not None]
        paths = [copies.enter_context(local_copy(one.location)) for one in recordings]
        digest = _sha256_of_all(paths)
        if job.otherwise and not (job.known and job.known.content_sha256 == digest):
            job = job.otherwise
        source = job.source
        if job.known and job.known.is_current and job.known.content_sha256 == digest:
            facts = {**source.labels, "location": printable(source.location), "file_stamp": source.stamp}
            journal.write_change(storage, job.known.session_id, facts)
            return JobOutcome(source.path, Status.UNCHANGED)
        settings = replace(
            job.settings,
            draw_video=Keep.VIDEO in job.keep,
            write_page=job.settings.write_page and Keep.REPORT in job.keep,
            cores=job.settings.cores or 1,
        )
        analysis = _analyse_into(Path(work), paths, settings, _watch(job, allow))
        identity = session_id(digest, source.path)
        folder = session_folder(source.path, identity)
        if job.known:
            journal.write_begun(storage, identity, "")
        sizes = _put_in_place(job, storage, analysis.folder or work, f"sessions/{folder}")
    kept = {kind_of(PurePosixPath(name).name) for name in sizes}
    if not analysis.missing:
        kept |= job.keep & {Keep.VIDEO}  # landmarks alone have no video to draw
    facts = {"session_id": identity, "folder": folder, "content_sha256": digest, "settings_key": job.settings_key}
    facts |= {"judged_from": "video", "kept": _names(kept), "analysis_s": round(time.monotonic() - started, 3)}
    missing = "; ".join(f"{one.file} is missing: {one.line}" for one in analysis.missing) or None
    return _finish(job, storage, record_of(analysis, analysis.as_dict(), _row(job, facts)), sizes, missing=missing)


def _analyse_into(
    work: Path, paths: Sequence[Path], settings: Settings, progress: Progress
) -> Analysis | SessionAnalysis:
    """One recording, or the two of a session, into a folder of its own in ``work``."""
    if len(paths) == 1:
        return analyze_to_folder(paths[0], work, settings=settings, progress=progress)
    return analyze_session_to_folder(paths, work, settings=settings, progress=progress)


def _rejudge(job: VideoJob, storage: Storage) -> JobOutcome:
    """Judge the landmarks that the results keep. They and an annotated video stay as they are; what else says the
    earlier verdicts goes, unless it is made anew.
    """
    known, started = job.known, time.monotonic()
    if known is None:
        raise InputError("expected a video with results to judge again, got a new one; run without --rescore")
    folder = f"sessions/{known.folder}"
    parts = [f"{name}/" for name in storage.names(folder) if is_of_recording(name)] or [""]
    try:
        with ExitStack() as tables:
            given = [tables.enter_context(storage.local(f"{folder}/{part}{LANDMARKS}")) for part in parts]
            analysis = _judged_again(given, job.settings)
    except FileNotFoundError:
        told = f"expected landmarks to judge again, but {folder} has none; run without --rescore"
        raise InputError(told) from None
    content, kept = analysis.as_dict(), {Keep.LANDMARKS, *(job.keep & {Keep.REPORT, Keep.TIMESERIES})}
    with storage.workspace() as work:
        _write_again(work, analysis, content, kept, job.settings)
        journal.write_begun(storage, known.session_id, unasked_key(known.settings_key))
        sizes = _replace_all(storage, work, folder, staying={LANDMARKS, ANNOTATED})
    facts: dict[str, Any] = {
        "session_id": known.session_id,
        "folder": known.folder,
        "content_sha256": known.content_sha256,
    }
    facts |= {"settings_key": job.settings_key, "judged_from": "landmarks", "kept": _names(kept)}
    facts |= {"analysis_s": round(time.monotonic() - started, 3)}
    return _finish(job, storage, record_of(analysis, content, _row(job, facts)), sizes)


def _judged_again(tables: Sequence[Path], settings: Settings) -> Analysis | SessionAnalysis:
    return analyze(tables[0], settings=settings) if len(tables) == 1 else analyze_session(tables, settings=settings)


def _write_again(
    work: Path, analysis: Analysis | SessionAnalysis, content: dict[str, Any], kept: Set[Keep], settings: Settings
) -> None:
    """The files that are kept, without pictures of the worst moments: landmarks have none."""
    if Keep.TIMESERIES in kept and isinstance(analysis, Analysis):
        write_timeseries(work / SERIES, timeseries_columns(analysis.report))
    if Keep.REPORT not in kept:
        return
    if settings.write_page and isinstance(analysis, Analysis):
        write_text_atomic(work / PAGE, render_report(analysis.report, page_facts(analysis, settings, {})))
    elif settings.write_page and isinstance(analysis, SessionAnalysis):
        write_text_atomic(work / PAGE, session_page(analysis, settings))
    write_report(work / REPORT, content)


def _put_in_place(job: VideoJob, storage: Storage, made: Path, folder: str) -> dict[str, int]:
    """Move the files that are wanted to a session's folder; ours that an earlier run left go. Their sizes by name."""
    for path in _files_below(made):
        if kind_of(path.name) not in job.keep:
            path.unlink()
    return _replace_all(storage, made, folder)


def _replace_all(storage: Storage, made: Path, folder: str, staying: Set[str] = frozenset()) -> dict[str, int]:
    """Move the files of a folder of this machine to one of the storage, in place of all of ours there but those that
    stay; their sizes by name. The old report goes first and the new one comes last: where one is, the others are its.
    """
    made_names = (path.relative_to(made).as_posix() for path in _files_below(made))
    names = sorted(made_names, key=lambda name: (name == REPORT, name))
    sizes = {f"{folder}/{name}": (made / name).stat().st_size for name in names}
    there = {name for name in _ours_in(storage, folder) if PurePosixPath(name).name not in staying}
    for name in sorted(there & ({REPORT} | there - set(names)), key=lambda name: name != REPORT):
        storage.remove(f"{folder}/{name}")
    for name in names:
        storage.adopt(made / name, f"{folder}/{name}")
    return sizes


def _files_below(made: Path) -> list[Path]:
    return [path for path in made.rglob("*") if path.is_file()]


def _ours_in(storage: Storage, folder: str) -> Iterator[str]:
    """The names of our files in a folder of the storage, and in those of a session's recordings below it."""
    for name in storage.names(folder):
        if name in OURS:
            yield name
        elif is_of_recording(name):
            yield from (f"{name}/{file}" for file in storage.names(f"{folder}/{name}") if file in OURS)


def _row(job: VideoJob, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a session that its file and the settings tell."""
    source = job.source
    row = {**source.labels, "path": source.path, "location": printable(source.location), "file_stamp": source.stamp}
    return row | {"formcheck_version": version("formcheck"), "analysed_at": now(), **facts}


def _finish(
    job: VideoJob, storage: Storage, record: Record, sizes: Mapping[str, int], *, missing: str | None = None
) -> JobOutcome:
    journal.write_finished(storage, record, sizes)
    session = record.session
    is_complete = session["complete"] is not False
    video_s = session["duration_s"]
    return JobOutcome(job.source.path, Status.OK, video_s=video_s, is_complete=is_complete, missing=missing)


def _watch(job: VideoJob, allow: Allow) -> Progress:
    """Progress of an analysis as a time limit: it begins anew with each stage, by the frames that the stage has."""
    stages = set()

    def watch(stage: str, done: int, total: int | None) -> None:  # noqa: ARG001 - as Progress is called
        if stage not in stages and not job.timeout_s:
            stages.add(stage)
            allow(_START_S + _FRAME_S * (total or 0))

    return watch


def _names(kept: set[Keep]) -> str:
    return ",".join(sorted(kept))


def _sha256_of_all(paths: Sequence[Path]) -> str:
    """That of a file, or of the digests of several."""
    digests = [_sha256(path) for path in paths]
    return digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _sha256(path: Path) -> str:
    if refusal := unreadable_name(path):
        raise InputError(refusal)
    if path.exists() and not path.is_file():  # to read from a pipe would wait for ever
        raise InputError(f"expected a video, got something that is no file: {path}")
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise InputError(f"expected a video, got no such file: {path}") from None
    except OSError as error:
        raise InputError(f"expected a video, but {path} cannot be read: {error.strerror}") from None
