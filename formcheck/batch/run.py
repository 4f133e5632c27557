"""A run of a batch: find, plan, do, and put into the tables what was done, whatever happens in between."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from importlib.metadata import version
from typing import Protocol

from formcheck.batch import journal
from formcheck.batch.job import FAILED, JobOutcome, Status, VideoJob
from formcheck.batch.joint import by_session
from formcheck.batch.plan import Plan, Wish, plan_rescore, plan_videos, waiting
from formcheck.batch.results import Results
from formcheck.batch.sources import RESULTS_MARK, find_sources, skipped_text
from formcheck.batch.video import do_video, failed, first_limit_s
from formcheck.batch.workers import Crash, Overdue, Workers
from formcheck.errors import InputError
from formcheck.machine.locations import open_storage
from formcheck.machine.storage import Storage
from formcheck.results.folder import PAGE

#: The form of a batch's folder; another number is another form.
LAYOUT_VERSION = 1
#: The tables are brought up to date after so many videos or seconds, whichever comes first.
_FOLD_VIDEOS, _FOLD_S = 500, 60.0
#: A worker that judges landmarks pays for its start from about so many videos on.
_RESCORES_A_WORKER = 30

Outcomes = Iterator[JobOutcome | None]
#: Does jobs somewhere: an outcome each, in any order, and None now and then while there is none.
Executor = Callable[[Sequence[VideoJob]], AbstractContextManager[Outcomes]]


class Reporter(Protocol):
    """Told how a run goes."""

    def note(self, text: str) -> None:
        """Something worth saying once."""
        ...

    def begin(self, jobs: Sequence[VideoJob], done: int) -> None:
        """The plan: what is to do, and how many are done already."""
        ...

    def tick(self, outcome: JobOutcome | None) -> None:
        """An outcome, or the time that passes without one."""
        ...


@dataclass(slots=True)
class Tally:
    """How a run ended: videos done now, of them how many were cut short and which lack a file; done before; failed."""

    ok: int = 0
    incomplete: int = 0
    lacking: list[JobOutcome] = field(default_factory=list)
    before: int = 0
    failures: list[JobOutcome] = field(default_factory=list)


def run_batch(
    paths: Sequence[str], wish: Wish, execute: Executor, reporter: Reporter, *, rescore: bool = False
) -> Tally:
    """Do what is missing in ``wish.out``; ``rescore`` judges again what is there, all of it where no paths are given.

    On every way out, Ctrl-C included, what is done is in the tables.

    Raises:
        FormcheckError: Nothing can be done, or the results cannot be written; one line.
    """
    found = find_sources(paths) if paths else None
    if found is None and not rescore:
        raise InputError("expected videos, folders, manifests or URLs, got none")
    if found and found.skipped:
        reporter.note(f"skipped what is no video: {skipped_text(found.skipped)}")
    storage = open_storage(wish.out)
    wish = replace(wish, out=storage.label)  # in full: workers elsewhere have other current folders
    _check_layout(storage)
    if rescore and not (storage.names("results/sessions") or storage.names(journal.FOLDER)):
        raise InputError(f"expected results to judge again in {storage.label}, found none; check --out")
    with storage.exclusive():
        storage.sweep()
        results = Results(storage)
        results.note_torn_parts()
        results.fold()
        folders = set(storage.names("sessions"))
        sources = by_session(found.sources) if found else None
        if rescore:
            plan = plan_rescore(results, sources, folders, wish, partial(_has_page, storage))
        else:
            plan = plan_videos(sources or [], results, folders, wish)
        if plan.unknown and not (plan.jobs or plan.done):
            told = f"expected videos with results in {storage.label} to judge again, got {plan.unknown} without"
            raise InputError(f"{told}; run without --rescore first")
        if plan.unknown:
            reporter.note(f"videos without results to judge again: {plan.unknown}; run without --rescore for them")
        _write_mark(storage, wish)
        for identity, columns in plan.changes:
            journal.write_change(storage, identity, columns)
        return _do(plan, storage, results, execute, reporter)


def _has_page(storage: Storage, folder: str) -> bool:
    return PAGE in storage.names(f"sessions/{folder}")


def _do(plan: Plan, storage: Storage, results: Results, execute: Executor, reporter: Reporter) -> Tally:
    tally = Tally(before=plan.done)
    reporter.begin(plan.jobs, plan.done)
    since, folded_at = 0, time.monotonic()
    try:
        with execute(list(waiting(plan.jobs))) as outcomes:
            for outcome in outcomes:
                reporter.tick(outcome)
                if outcome is not None:
                    _count(tally, outcome)
                    since += 1
                if since >= _FOLD_VIDEOS or (since and time.monotonic() - folded_at > _FOLD_S):
                    results.fold()
                    since, folded_at = 0, time.monotonic()
    finally:
        results.fold()
        results.complete()
        storage.sweep()
    return tally


def _count(tally: Tally, outcome: JobOutcome) -> None:
    if outcome.status in FAILED:
        tally.failures.append(outcome)
    elif outcome.status is Status.UNCHANGED:
        tally.before += 1
    else:
        tally.ok += 1
        tally.incomplete += not outcome.is_complete
        tally.lacking += [outcome] if outcome.missing else []


def on_this_machine(workers: int, *, rescore: bool = False) -> Executor:
    """Worker processes of this machine; where there are fewer videos than workers, each takes several cores."""

    @contextmanager
    def execute(jobs: Sequence[VideoJob]) -> Iterator[Outcomes]:
        worth = len(jobs) if not rescore else -(-len(jobs) // _RESCORES_A_WORKER)
        count = max(1, min(workers, worth))
        given = (replace(job, settings=replace(job.settings, cores=max(1, workers // count))) for job in jobs)
        with Workers(do_video, count, first_limit_s) as pool:
            yield (outcome_of(*end) if end else None for end in pool.results(given))

    return execute


def outcome_of(job: VideoJob, end: JobOutcome | Crash | Overdue) -> JobOutcome:
    """A worker's end as an outcome; that of a dead worker is noted in the journal here."""
    if isinstance(end, JobOutcome):
        return end
    storage = open_storage(job.out)
    if isinstance(end, Crash):
        return failed(job, storage, Status.CRASHED, end.reason)
    return failed(job, storage, Status.TIMEOUT, f"took longer than {end.allowed_s:.0f} s; --timeout allows more")


def _check_layout(storage: Storage) -> None:
    try:
        told = json.loads(storage.read(RESULTS_MARK))["layout_version"]
    except FileNotFoundError:
        return
    except (ValueError, KeyError, TypeError):
        told = "something else"
    if told != LAYOUT_VERSION:
        raise InputError(
            f"expected results of formcheck batch in {storage.label}, layout {LAYOUT_VERSION}, got {told}: "
            "choose another --out"
        )


def _write_mark(storage: Storage, wish: Wish) -> None:
    settings = {name: value for name, value in asdict(wish.settings).items() if name not in {"draw_video", "cores"}}
    mark = {
        "layout_version": LAYOUT_VERSION,
        "formcheck_version": version("formcheck"),
        "settings": {**settings, "keep": sorted(wish.keep)},
    }
    storage.write(RESULTS_MARK, (json.dumps(mark, indent=2) + "\n").encode())
