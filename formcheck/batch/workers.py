"""Worker processes that may die: each job ends in a result, or in how its worker ended, and the others go on.

A pool of the standard library breaks as a whole when one of its processes is killed. Here every worker has a pipe of
its own; one that crashes or exceeds its time is replaced.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from types import TracebackType
from typing import Generic, Self, TypeVar

from formcheck.machine.faults import note_fault
from formcheck.machine.limits import fair_share_bytes, limit_memory
from formcheck.machine.native_log import NATIVE_LOG_VARIABLE
from formcheck.machine.pipes import Connection

J = TypeVar("J")
R = TypeVar("R")

#: What a worker runs: a job and ``allow(seconds)``, which sets its time limit anew. It must be importable by name.
Work = Callable[[J, Callable[[float], None]], R]

_SPAWN = get_context("spawn")  # a forked copy of a process with threads may hang
_TICK_S = 0.5
#: How long a process may take to start; the time of its first job begins after that.
_START_S = 300.0
_PR_SET_PDEATHSIG = 1
#: From here on, Windows' exit codes are exceptions that nobody caught, such as 0xc0000005 for memory of others.
_WINDOWS_CRASHES = 0xC0000000
#: One thread a worker, for libraries that would otherwise start one a core; they look when they are loaded.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"), "1")


@dataclass(frozen=True, slots=True)
class Crash:
    """A worker died over its job; ``reason`` says of what."""

    reason: str


@dataclass(frozen=True, slots=True)
class Overdue:
    """A worker was ended because its job took longer than ``allowed_s``."""

    allowed_s: float


class Workers(Generic[J, R]):
    """Worker processes, opened with ``with``; leaving it ends them, whatever they are doing.

    ``limit_s(job)`` is how long a job may take until the worker allows more. Each may take its share of the memory.
    """

    def __init__(self, work: Work[J, R], count: int, limit_s: Callable[[J], float]) -> None:
        self._work, self._count, self._limit_s = work, count, limit_s
        self._workers: list[_Worker[J, R]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.end()

    def results(self, jobs: Iterable[J]) -> Iterator[tuple[J, R | Crash | Overdue] | None]:
        """Every job with what came of it, in the order of completion; None now and then while nothing is done."""
        waiting = iter(jobs)
        busy: list[_Worker[J, R]] = []
        while True:
            while len(busy) < self._count and (job := next(waiting, None)) is not None:
                worker = self._idle(busy)
                worker.give(job, self._limit_s(job))
                busy.append(worker)
            if not busy:
                return
            wait([handle for worker in busy for handle in worker.handles], timeout=_TICK_S)
            done = [(worker, end) for worker in busy if (end := worker.look()) is not None]
            for worker, end in done:
                busy.remove(worker)
                if worker.is_over:
                    self._workers.remove(worker)
                yield worker.job, end
            if not done:
                yield None

    def _idle(self, busy: list[_Worker[J, R]]) -> _Worker[J, R]:
        for worker in self._workers:
            if worker not in busy:
                return worker
        self._workers.append(_Worker(self._work, fair_share_bytes(self._count)))
        return self._workers[-1]


class _Worker(Generic[J, R]):
    """One process, its pipe, the job it has and until when."""

    job: J

    def __init__(self, work: Work[J, R], max_bytes: int) -> None:
        self._pipe, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_serve, args=(theirs, work, os.getpid(), max_bytes), daemon=True)
        with _born_quiet():
            self._process.start()
        theirs.close()
        self._until = self._allowed_s = self._limit_s = 0.0
        self.is_over = False

    @property
    def handles(self) -> list[Connection | int]:
        """What to wait for: a message, or the end of the process."""
        return [self._pipe, self._process.sentinel]

    def give(self, job: J, limit_s: float) -> None:
        """Start a job."""
        self.job, self._limit_s = job, limit_s
        self._allow(_START_S)
        with suppress(OSError):  # it died since its last job: look() will tell
            self._pipe.send(job)

    def look(self) -> R | Crash | Overdue | None:
        """What came of the job; None while it goes on."""
        try:
            while self._pipe.poll():
                message, content = self._pipe.recv()
                if message == "result":
                    result: R = content
                    return result
                if message == "fault":
                    self.end()
                    return Crash(content)
                self._allow(self._limit_s if message == "begun" else content)
        except (EOFError, OSError):
            return self._crash()
        if not self._process.is_alive():
            return self._crash()
        if time.monotonic() > self._until:
            self.end()
            return Overdue(self._allowed_s)
        return None

    def end(self) -> None:
        """Kill the process and wait for it."""
        self.is_over = True
        self._process.kill()
        self._process.join()
        self._process.close()
        self._pipe.close()

    def _allow(self, seconds: float) -> None:
        self._allowed_s, self._until = seconds, time.monotonic() + seconds

    def _crash(self) -> Crash:
        self._process.join(5)
        code = self._process.exitcode
        self.end()
        return Crash(_cause(code))


def _cause(code: int | None) -> str:
    """How a process ended, in words."""
    if code is not None and code >= _WINDOWS_CRASHES:
        return f"the worker process crashed ({code:#x})"
    if code is None or code >= 0:
        return f"the worker process ended by itself (exit code {code})"
    name = signal.Signals(-code).name
    hint = ", as the system does when the memory is full" if name == "SIGKILL" else ""
    return f"the worker process was ended by {name}{hint}"


@contextmanager
def _born_quiet() -> Iterator[None]:
    """What a process that is started inside inherits: one thread a library, and never to see a terminal's Ctrl-C."""
    if sys.platform != "win32":
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(_ONE_THREAD)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        if sys.platform != "win32":
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _serve(pipe: Connection, work: Work[J, R], parent: int, max_bytes: int) -> None:
    """The life of a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # where it could not be born deaf to it
    _die_with(parent)
    limit_memory(max_bytes)
    if not os.environ.get(NATIVE_LOG_VARIABLE):  # libraries complain there about damaged videos; the row says it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno() if sys.stderr else 2)
    with suppress(EOFError, OSError):  # the run is over
        try:
            while True:
                job = pipe.recv()
                pipe.send(("begun", None))
                pipe.send(("result", work(job, lambda seconds: pipe.send(("allow", seconds)))))
        except (EOFError, OSError):
            raise
        except Exception as error:  # noqa: BLE001 - whoever waits for the result is told
            pipe.send(("fault", note_fault(error, "working on a job").line))


def _die_with(parent: int) -> None:
    """End at once when the parent does, even if it was killed: a new run must not find this one still writing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)
    else:
        threading.Thread(target=_outlive_nobody, daemon=True).start()


def _outlive_nobody() -> None:
    """Wait for the parent's end, and end."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
