"""What a process may take of the machine, held by the operating system."""

from __future__ import annotations

import importlib
import math
import sys
import time
from typing import Any

#: What has not ended so long after it was told to is ended without a word, in seconds of the processor.
_LAST_WORDS_S = 5


def limit_memory(max_bytes: int) -> bool:
    """Hold this process, and each that it starts, to ``max_bytes`` from now on; nobody can raise that again.

    Counted is memory that it may write to and shares with nobody, asked for or used, stacks of threads included
    (RLIMIT_DATA); not libraries and files that are mapped. What goes beyond is a MemoryError, or the end of the process
    where a library knows no way out.

    Returns:
        Whether the system holds to it. Linux does. macOS takes the limit and does not heed it, and Windows, where a job
        object would have to, is given none: there a process may take what the machine has.
    """
    resource = _resource()
    if resource is None:
        return False
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = max_bytes if hard == resource.RLIM_INFINITY else min(max_bytes, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    return sys.platform != "darwin"


def limit_processor_time(max_s: float) -> bool:
    """Let this process work for ``max_s`` seconds from now on, of all cores together, waiting not counted.

    Then the system ends it, with the signal SIGXCPU. Each process that it starts may take as long again.

    Returns:
        Whether the system holds to it: Windows is given no limit.
    """
    resource = _resource()
    if resource is None:
        return False
    until_s = math.ceil(time.process_time() + max_s)
    resource.setrlimit(resource.RLIMIT_CPU, (until_s, until_s + _LAST_WORDS_S))
    return True


def _resource() -> Any:
    """The module of POSIX systems; None elsewhere."""
    try:
        return importlib.import_module("resource")
    except ModuleNotFoundError:
        return None
