"""What a process may take of the machine, held by the operating system: one hungry recording must not take it along."""

from __future__ import annotations

import ctypes
import errno
import importlib
import math
import os
import sys
import time
from typing import Any

from formcheck.errors import FormcheckError
from formcheck.machine.job_object import hold_to_memory, memory_bytes

#: What a recording in 4K takes, with room to spare; a share is never less.
LEAST_BYTES = 3_000_000_000
#: Address space (``ulimit -v``) that formcheck takes at least, and with the pose model. With less, OpenBLAS, Arrow and
#: MediaPipe end the process without a word (tried from 60 MB to 6 GB on two cores: below 0.8 and 1.2 GB).
LEAST_SPACE_BYTES, SPACE_WITH_MODEL_BYTES = 1_000_000_000, 2_000_000_000

MEMORY_FULL = "the memory is full: close other programs or cut the recording"
#: What libraries say in place of MemoryError.
_FULL_SAID = (
    "failed to map segment",
    "cannot allocate memory",
    "insufficient memory",
    "bad_alloc",
    "can't start new thread",
)
#: What has not ended so long after it was told to is ended without a word, in seconds of the processor.
_LAST_WORDS_S = 5


def limit_memory(max_bytes: int) -> bool:
    """Hold this process, and each that it starts, to ``max_bytes`` from now on; nobody can raise that again.

    Counted is memory that it may write to and shares with nobody, asked for or used, stacks of threads included
    (RLIMIT_DATA; on Windows a job object); not libraries and files that are mapped. What goes beyond is a MemoryError,
    or the end of the process where a library knows no way out.

    Returns:
        Whether the system holds to it. macOS takes the limit and does not heed it: there a process may take what the
        machine has.

    Raises:
        ValueError: ``max_bytes`` is not positive.
    """
    if max_bytes <= 0:
        raise ValueError(f"max_bytes must be positive, got {max_bytes}")
    if sys.platform == "win32":
        is_held = hold_to_memory(ctypes.WinDLL("kernel32"), max_bytes)
    else:
        resource = _resource()
        is_held = resource is not None and sys.platform != "darwin"
        if resource is not None:
            _, hard = resource.getrlimit(resource.RLIMIT_DATA)
            most = max_bytes if hard == resource.RLIM_INFINITY else min(max_bytes, hard)
            resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    return is_held


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


def fair_share_bytes(processes: int) -> int:
    """What each of so many processes may take of this machine's memory, and at least LEAST_BYTES."""
    if sys.platform == "win32":
        whole = memory_bytes(ctypes.WinDLL("kernel32"))
    else:
        whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(whole // max(processes, 1), LEAST_BYTES)


def check_space(needed_bytes: int = LEAST_SPACE_BYTES) -> None:
    """Raise FormcheckError where the user's limit leaves this process less address space than it takes."""
    resource = _resource()
    if resource is None:
        return
    allowed, _ = resource.getrlimit(resource.RLIMIT_AS)
    if allowed != resource.RLIM_INFINITY and allowed < needed_bytes:
        needed, got = needed_bytes / 1e9, allowed / 1e9
        raise FormcheckError(
            f"expected to be allowed at least {needed:.1f} GB of memory, got {got:.1f} GB: raise the limit (ulimit -v)"
        )


def is_memory_full(error: BaseException) -> bool:
    """Whether an error says that there is no more memory, however the library that met it says so."""
    if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM:
        return True
    return any(words in str(error).lower() for words in _FULL_SAID)


def _resource() -> Any:
    """The module of POSIX systems; None elsewhere."""
    try:
        return importlib.import_module("resource")
    except ModuleNotFoundError:
        return None
