"""What a process may take of the machine, held by the operating system."""

from __future__ import annotations

import sys


def limit_memory(max_bytes: int) -> bool:
    """Hold this process, and each that it starts, to ``max_bytes`` from now on; nobody can raise that again.

    Counted is memory that it may write to and shares with nobody, asked for or used, stacks of threads included
    (RLIMIT_DATA); not libraries and files that are mapped. What goes beyond is a MemoryError, or the end of the process
    where a library knows no way out.

    Returns:
        Whether the system holds to it. Linux does. macOS takes the limit and does not heed it, and Windows, where a job
        object would have to, is given none: there a process may take what the machine has.
    """
    if sys.platform == "win32":
        return False
    try:
        import resource  # noqa: PLC0415 - POSIX only
    except ModuleNotFoundError:
        return False
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = max_bytes if hard == resource.RLIM_INFINITY else min(max_bytes, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    return sys.platform != "darwin"
