"""The board of a server that keeps its sessions: every change goes into the store, and comes back from it."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from formcheck.checks.check import Verdict, worst_verdict
from formcheck.results.folder import REPORT
from formcheck.web.jobs import PAGE, JobBoard, State, UploadJob
from formcheck.web.options import ServerOptions
from formcheck.web.store import Kept, SessionStore
from formcheck.words.findings import headline_of


def kept_board(options: ServerOptions, store: SessionStore) -> JobBoard:
    """The board as the store has it, which tells the store of every change."""
    board = JobBoard(options)
    for job in _restored(options, store):
        board.jobs[job.id] = job
        _note(store, job, job.state)
    board.note = lambda job, state: _note(store, job, state)
    board.forget = lambda job: store.remove(job.id)
    return board


def _restored(options: ServerOptions, store: SessionStore) -> Iterator[UploadJob]:
    """What was waiting, and what was being analysed, waits; what is done stays; what was still coming goes."""
    for kept in list(store.all()):
        folder = options.folder / kept.id
        job = UploadJob(
            kept.id, kept.name, folder, kept.settings, kept.client, joins=kept.joins, holds_rows=kept.holds_rows
        )
        if kept.state in {State.QUEUED, State.RUNNING} and (kept.joins or job.upload.is_file()):
            shutil.rmtree(job.files, ignore_errors=True)
            yield job
        elif kept.state in {State.DONE, State.FAILED} and (kept.state == State.FAILED or (folder / PAGE).is_file()):
            job.state, job.error, job.progress = State(kept.state), kept.error, 1.0
            job.ended_at = time.monotonic() - (time.time() - (kept.ended_at or time.time()))
            yield job
        else:
            store.remove(kept.id)
            shutil.rmtree(folder, ignore_errors=True)


def _note(store: SessionStore, job: UploadJob, state: str) -> None:
    before = store.get(job.id)
    over_at = time.time() if job.state.is_over else None
    ended_at = before.ended_at if before and before.ended_at else over_at
    store.put(
        Kept(
            job.id,
            job.name,
            str(state),
            job.client,
            job.settings,
            joins=job.joins,
            holds_rows=job.holds_rows,
            error=job.error,
            ended_at=ended_at,
        )
    )
    if job.state is State.DONE:
        store.say(job.id, **_said(job.files / REPORT))


def _said(report: Path) -> dict[str, str | float | None]:
    """What a report says in short; nothing of one that is not there."""
    try:
        content = json.loads(report.read_text(encoding="utf-8"))
        summary = content["summary"]
        verdicts = {fault: Verdict(verdict) for fault, verdict in summary["verdicts"].items()}
    except (OSError, ValueError, KeyError):
        return {"exercise": None}
    count = summary["rep_count"]
    return {
        "exercise": content["exercise"],
        "verdict": str(worst_verdict(verdicts.values())),
        "headline": headline_of(verdicts) if count else summary.get("reason") or "No repetition.",
        "score": summary["form_score"],
        "reps": count,
    }
