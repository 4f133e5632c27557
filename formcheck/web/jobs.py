"""Uploaded videos in a queue: one is analysed at a time, in a process of its own that may crash, hang or be ended.

The clients take turns, so that who has sent twenty recordings is waited for once, not twenty times.
"""

from __future__ import annotations

import asyncio
import secrets
import shutil
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from formcheck.machine.faults import tell_fault
from formcheck.web.child import Child
from formcheck.web.joining import Joint, join_uploads
from formcheck.web.options import MOST_PICTURES_A_SECOND, ServerOptions
from formcheck.web.upload_analysis import Upload, analyse_upload

#: The folder of the files within that of the job, and the page that the server shows.
FILES, PAGE = "files", "page.html"
#: What is said of a session that is still on its way in.
INCOMING = "incoming"
#: A process that says nothing for so long is looked at again, in seconds.
_LOOK_EVERY_S = 0.2


class State(StrEnum):
    """How far a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens."""
        return self in {State.DONE, State.FAILED, State.CANCELLED}


@dataclass(slots=True)
class UploadJob:
    """One recording from upload to report. Times are of the monotonic clock; ``progress`` 0 to 1."""

    id: str
    name: str
    folder: Path
    settings: Mapping[str, Any]
    #: Who sent it; jobs of one client take turns with those of others.
    client: str = ""
    #: The ids of those that it joins into one report, once they are done; none of a recording.
    joins: tuple[str, ...] = ()
    #: What was sent are rows of landmarks, not a video.
    holds_rows: bool = False
    state: State = State.QUEUED
    stage: str = ""
    progress: float = 0.0
    error: str | None = None
    started_at: float | None = None
    ended_at: float | None = None

    @property
    def upload(self) -> Path:
        """The video as it came."""
        return self.folder / "upload"

    @property
    def files(self) -> Path:
        """Where its results are."""
        return self.folder / FILES

    def seconds_left(self, now: float) -> float | None:
        """How long it will go on at the pace so far; None before that can be told."""
        if self.state is not State.RUNNING or self.started_at is None or self.progress < 0.02:
            return None
        return (now - self.started_at) * (1 - self.progress) / self.progress

    def end(self, state: State, error: str | None = None) -> None:
        """Nothing more happens; the upload itself is no longer needed, nor is what an analysis left that broke off."""
        self.state, self.error, self.ended_at = state, error, time.monotonic()
        self.upload.unlink(missing_ok=True)
        if state is not State.DONE:
            shutil.rmtree(self.files, ignore_errors=True)
            (self.folder / PAGE).unlink(missing_ok=True)


@dataclass(slots=True)
class JobBoard:
    """All jobs of a server, by their unguessable ids, in the order in which they came."""

    options: ServerOptions
    jobs: dict[str, UploadJob] = field(default_factory=dict)
    #: Who sends each of those that are still being received, by id; they have no place in the queue.
    incoming: dict[str, str] = field(default_factory=dict)
    #: Told of a session that is being received, waits, is under way or over, by that word, and of one that is removed.
    note: Callable[[UploadJob, str], None] = lambda *_: None
    forget: Callable[[UploadJob], None] = lambda _: None
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _running: Child | None = None
    #: The number of the turn that each client had last.
    _turns: dict[str, int] = field(default_factory=dict)

    def new(self, name: str, settings: Mapping[str, Any], client: str = "") -> UploadJob:
        """A job that is not queued yet, with an empty folder."""
        identity = secrets.token_urlsafe(16)
        folder = self.options.folder / identity
        folder.mkdir(mode=0o700)
        job = UploadJob(identity, name, folder, settings, client)
        self.note(job, INCOMING)
        return job

    def add(self, job: UploadJob) -> None:
        """Queue a job, or keep one that is over already."""
        self.jobs[job.id] = job
        self.note(job, job.state)
        self._arrived.set()

    def discard(self, job: UploadJob) -> None:
        """End the job wherever it is and remove its files."""
        if job.state is State.RUNNING and self._running is not None:
            self._running.stop()
        if not job.state.is_over:
            job.end(State.CANCELLED)
        self.jobs.pop(job.id, None)
        self.forget(job)
        shutil.rmtree(job.folder, ignore_errors=True)

    def waiting(self) -> list[UploadJob]:
        """The jobs that wait for their turn, the next one first: one of each client, who waited longest first, then the
        second of each, and so on.
        """
        places: Counter[str] = Counter()
        ranked = []
        for number, job in enumerate(job for job in self.jobs.values() if self._is_ready(job)):
            ranked.append((places[job.client], self._turns.get(job.client, 0), number, job))
            places[job.client] += 1
        return [job for *_, job in sorted(ranked, key=lambda entry: entry[:3])]

    def _is_ready(self, job: UploadJob) -> bool:
        """Whether a job may begin: what it joins is over, one way or the other."""
        parts = [self.jobs.get(identity) for identity in job.joins]
        return job.state is State.QUEUED and all(part is None or part.state.is_over for part in parts)

    def has_room(self, client: str) -> bool:
        """Whether one more may wait; the last quarter of the places is for clients of whom none waits yet."""
        waiting = self.waiting()
        kept = self.options.max_queue // 4 if any(job.client == client for job in waiting) else 0
        return len(waiting) < self.options.max_queue - kept

    def may_send(self, client: str) -> bool:
        """Whether one more may be on its way here."""
        of_client = sum(sender == client for sender in self.incoming.values())
        return len(self.incoming) < self.options.max_incoming and of_client < self.options.max_incoming_each

    def remove_old(self, now: float) -> None:
        """Remove what has been kept for long enough."""
        for job in list(self.jobs.values()):
            if job.ended_at is not None and now - job.ended_at > self.options.keep_s:
                self.discard(job)
        here = {job.client for job in self.jobs.values()}
        self._turns = {client: turn for client, turn in self._turns.items() if client in here}

    async def work(self) -> None:
        """Analyse one job after the other until cancelled."""
        try:
            while True:
                self._arrived.clear()
                while waiting := self.waiting():
                    await self._run(waiting[0])
                await self._arrived.wait()
        finally:
            if self._running is not None:
                self._running.stop()

    def begin(self, job: UploadJob) -> None:
        """It is this job's turn, and its client's."""
        job.state, job.started_at, job.stage = State.RUNNING, time.monotonic(), "decoding"
        self._turns[job.client] = max(self._turns.values(), default=0) + 1

    async def _run(self, job: UploadJob) -> None:
        self.begin(job)
        self.note(job, job.state)
        if lacking := self._lacks(job):
            job.end(State.FAILED, lacking)
            self.note(job, job.state)
            return
        work, given, size_bytes = self._work(job)
        told = replace(self.options, token=None)
        most = told.memory_bytes(told.max_pixels, int(told.max_duration_s * MOST_PICTURES_A_SECOND))
        try:
            work_s = told.work_s(size_bytes)
            with Child(work, given, job.settings, told, memory_bytes=most, processor_s=work_s) as child:
                self._running = child
                ending = await self._follow(job, child)
        except OSError as error:  # no process could be started; the next recording may find room
            ending = State.FAILED, f"the server cannot begin the analysis: {error.strerror}; upload it again later"
        except Exception as error:  # noqa: BLE001 - those that wait must not wait for ever
            ending = State.FAILED, tell_fault(error, "following an analysis").summary
        finally:
            self._running = None
        if not job.state.is_over:
            job.end(*ending)
            self.note(job, job.state)
        if job.id not in self.jobs:  # discarded: the process may have written until it ended
            shutil.rmtree(job.folder, ignore_errors=True)

    def _lacks(self, job: UploadJob) -> str | None:
        """Why a session cannot be joined; None where all that it joins is done."""
        for identity in job.joins:
            part = self.jobs.get(identity)
            if part is None or part.state is not State.DONE:
                return f"expected two recordings with a report, but {part.name if part else 'one'} has none"
        return None

    def _work(self, job: UploadJob) -> tuple[Callable[..., None], Upload | Joint, int]:
        """What a process does for a job, with what, and how many bytes were sent for it."""
        if job.joins:
            folders = tuple(self.jobs[identity].files for identity in job.joins)
            return join_uploads, Joint(folders, job.name, job.files, job.folder / PAGE), 0
        sent = job.upload.stat().st_size if job.upload.exists() else 0
        upload = Upload(job.upload, job.name, job.files, job.folder / PAGE, holds_rows=job.holds_rows)
        return analyse_upload, upload, sent

    async def _follow(self, job: UploadJob, child: Child) -> tuple[State, str | None]:
        """Take the messages of a process until it ends or its time is up."""
        until = time.monotonic() + self.options.max_processing_s
        while time.monotonic() < until:
            try:
                if not await asyncio.to_thread(child.connection.poll, _LOOK_EVERY_S):
                    continue
                message = child.connection.recv()
            except (EOFError, OSError):
                return State.FAILED, await asyncio.to_thread(_why_ended, child)
            if "error" in message:
                return State.FAILED, message["error"]
            if "done" in message:
                return State.DONE, None
            job.stage, job.progress = message["stage"], message["progress"]
        limit_min = self.options.max_processing_s / 60
        return State.FAILED, f"the analysis took longer than {limit_min:.0f} minutes: cut the recording"


def _why_ended(child: Child) -> str:
    if child.has_used_its_time():
        return "the analysis took longer than that of a file of this size may: cut the recording, or film it smaller"
    return "the analysis ended without a result: expected a video that can be decoded, in the memory that one may take"
