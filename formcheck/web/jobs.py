"""Uploaded videos in a queue: one is analysed at a time, in a process of its own that may crash, hang or be ended."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from formcheck.machine.faults import tell_fault
from formcheck.machine.pipes import Connection
from formcheck.web.child import Child
from formcheck.web.options import ServerOptions
from formcheck.web.upload_analysis import Upload, analyse_upload

#: Names of an analysis' files that may be asked for.
FILE_NAMES = ("report.html", "report.json", "annotated.mp4", "landmarks.parquet", "timeseries.parquet")
#: The folder of the files within that of the job, and the page that the server shows.
FILES, PAGE = "files", "page.html"
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
        """Nothing more happens; the upload itself is no longer needed."""
        self.state, self.error, self.ended_at = state, error, time.monotonic()
        self.upload.unlink(missing_ok=True)


@dataclass(slots=True)
class JobBoard:
    """All jobs of a server, by their unguessable ids, in the order in which they came."""

    options: ServerOptions
    jobs: dict[str, UploadJob] = field(default_factory=dict)
    #: The ids of those that are still being received.
    incoming: set[str] = field(default_factory=set)
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _running: Child | None = None

    def new(self, name: str, settings: Mapping[str, Any]) -> UploadJob:
        """A job that is not queued yet, with an empty folder."""
        identity = secrets.token_urlsafe(16)
        folder = self.options.folder / identity
        folder.mkdir(mode=0o700)
        return UploadJob(identity, name, folder, settings)

    def add(self, job: UploadJob) -> None:
        """Queue a job, or keep one that is over already."""
        self.jobs[job.id] = job
        self._arrived.set()

    def discard(self, job: UploadJob) -> None:
        """End the job wherever it is and remove its files."""
        if job.state is State.RUNNING and self._running is not None:
            self._running.stop()
        if not job.state.is_over:
            job.end(State.CANCELLED)
        self.jobs.pop(job.id, None)
        shutil.rmtree(job.folder, ignore_errors=True)

    def waiting(self) -> list[UploadJob]:
        """The jobs that wait for their turn, the next one first."""
        return [job for job in self.jobs.values() if job.state is State.QUEUED]

    @property
    def is_full(self) -> bool:
        """Whether as many recordings wait, or are on their way here, as may."""
        return len(self.waiting()) + len(self.incoming) >= self.options.max_queue

    def remove_old(self, now: float) -> None:
        """Remove what has been kept for long enough."""
        for job in list(self.jobs.values()):
            if job.ended_at is not None and now - job.ended_at > self.options.keep_s:
                self.discard(job)

    async def work(self) -> None:
        """Analyse one job after the other until cancelled."""
        try:
            while True:
                self._arrived.clear()
                for job in self.waiting():
                    await self._run(job)
                await self._arrived.wait()
        finally:
            if self._running is not None:
                self._running.stop()

    async def _run(self, job: UploadJob) -> None:
        if job.state is not State.QUEUED:  # cancelled while another was running
            return
        job.state, job.started_at, job.stage = State.RUNNING, time.monotonic(), "decoding"
        limits = {"max_pixels": self.options.max_pixels, "max_duration_s": self.options.max_duration_s}
        upload = Upload(job.upload, job.name, job.files, job.folder / PAGE)
        try:
            with Child(analyse_upload, upload, job.settings, limits) as child:
                self._running = child
                ending = await self._follow(job, child.connection)
        except OSError as error:  # no process could be started; the next recording may find room
            ending = State.FAILED, f"the server cannot begin the analysis: {error.strerror}; upload it again later"
        except Exception as error:  # noqa: BLE001 - those that wait must not wait for ever
            ending = State.FAILED, tell_fault(error, "following an analysis").summary
        finally:
            self._running = None
        if not job.state.is_over:
            job.end(*ending)
        if job.id not in self.jobs:  # discarded: the process may have written until it ended
            shutil.rmtree(job.folder, ignore_errors=True)

    async def _follow(self, job: UploadJob, connection: Connection) -> tuple[State, str | None]:
        """Take the messages of a process until it ends or its time is up."""
        until = time.monotonic() + self.options.max_processing_s
        while time.monotonic() < until:
            try:
                if not await asyncio.to_thread(connection.poll, _LOOK_EVERY_S):
                    continue
                message = connection.recv()
            except (EOFError, OSError):
                return State.FAILED, "the analysis ended without a result: expected a video that can be decoded"
            if "error" in message:
                return State.FAILED, message["error"]
            if "done" in message:
                return State.DONE, None
            job.stage, job.progress = message["stage"], message["progress"]
        limit_min = self.options.max_processing_s / 60
        return State.FAILED, f"the analysis took longer than {limit_min:.0f} minutes: cut the recording"
