"""How much memory a process may take: one hungry recording must not take the machine along."""

from __future__ import annotations

import os
import sys

#: What a recording in 4K takes, with room to spare; less is never asked for.
LEAST_BYTES = 3_000_000_000


def limit_memory(max_bytes: int) -> None:
    """Let this process and its children take at most so much memory of their own; it cannot be raised again.

    Beyond it Python raises MemoryError, and libraries end the process. What is counted is what can be written to
    (RLIMIT_DATA: not the files that are mapped, such as libraries and models). Linux holds it; elsewhere nothing is
    done: macOS accepts such a limit and does not hold it, Windows has none for a running process.

    Raises:
        ValueError: ``max_bytes`` is not positive.
    """
    if max_bytes <= 0:
        raise ValueError(f"max_bytes must be positive, got {max_bytes}")
    if sys.platform != "linux":
        return
    import resource  # noqa: PLC0415 - not there on Windows

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = max_bytes if hard == resource.RLIM_INFINITY else min(max_bytes, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def fair_share_bytes(processes: int) -> int:
    """What each of so many processes may take of this machine's memory, and at least LEAST_BYTES."""
    if sys.platform == "win32":
        return LEAST_BYTES
    return max(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // max(processes, 1), LEAST_BYTES)
