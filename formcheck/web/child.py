"""A process of its own for what comes from outside: it may crash, hang or be ended without harm to the server."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from formcheck.machine.faults import tell_fault
from formcheck.machine.limits import is_memory_full, limit_memory, limit_processor_time
from formcheck.machine.pipes import Connection

_ENDS_WITHIN_S = 3.0
NO_MEMORY = "it needs more memory than the server gives to one: cut the recording, or film it smaller"


class Child:
    """Runs ``work(connection, *arguments)`` in a new process, from entering to leaving the ``with`` block.

    ``connection`` is this side's end of a pipe; it reads EOFError once the process is gone. The process is held to
    ``memory_bytes`` and, unless None, ``processor_s``, as :mod:`formcheck.machine.limits` does it.
    """

    def __init__(
        self, work: Callable[..., None], *arguments: Any, memory_bytes: int, processor_s: float | None = None
    ) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._theirs = theirs
        self._process = context.Process(
            target=_run, args=(work, theirs, memory_bytes, processor_s, *arguments), daemon=True
        )

    def __enter__(self) -> Self:
        self._process.start()
        self._theirs.close()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._process.join(_ENDS_WITHIN_S)
        self.connection.close()

    def stop(self) -> None:
        """End the process at once, whatever it does."""
        if self._process.is_alive():
            self._process.kill()

    def has_used_its_time(self) -> bool:
        """Whether the process has gone because of ``processor_s``; waits for it, since its pipe closes earlier."""
        self._process.join(_ENDS_WITHIN_S)
        return self._process.exitcode == -getattr(signal, "SIGXCPU", 0)  # Windows has none


def _run(
    work: Callable[..., None],
    connection: Connection,
    memory_bytes: int,
    processor_s: float | None,
    *arguments: Any,
) -> None:
    """What the process does. Ctrl-C in the terminal is the server's to answer.

    An error that nobody expected is sent as ``{"error"}`` without a path, and told in full to who runs the server.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_memory(memory_bytes)
    if processor_s is not None:
        limit_processor_time(processor_s)
    try:
        work(connection, *arguments)
    except Exception as error:  # noqa: BLE001 - a line for each side in place of a trace
        told = NO_MEMORY if is_memory_full(error) else tell_fault(error, "analysing what was sent").summary
        with suppress(OSError):
            connection.send({"error": told})
