"""Memory that a process may have, where the system tells it a limit (``ulimit -v``).

Libraries that get none end the process without a word, so too small a limit is said before they are asked.
"""

from __future__ import annotations

import errno

from formcheck.errors import FormcheckError

_GB = 1_000_000_000
#: Address space that formcheck takes at least, and with the pose model. With less, OpenBLAS, Arrow and MediaPipe end
#: the process (tried from 60 MB to 6 GB in steps, two cores: below 0.8 and 1.6 GB).
LEAST, WITH_MODEL = 1 * _GB, 2 * _GB

FULL = "the memory is full: close other programs or cut the recording"
#: What libraries say in place of MemoryError.
_SAID = (
    "failed to map segment",
    "cannot allocate memory",
    "insufficient memory",
    "bad_alloc",
    "can't start new thread",
)


def check_room(needed_bytes: int = LEAST) -> None:
    """Raise FormcheckError where the process may not have so much address space."""
    allowed_bytes = _allowed_bytes()
    if allowed_bytes is not None and allowed_bytes < needed_bytes:
        got, needed = allowed_bytes / _GB, needed_bytes / _GB
        raise FormcheckError(
            f"expected to be allowed at least {needed:.1f} GB of memory, got {got:.1f} GB: raise the limit (ulimit -v)"
        )


def _allowed_bytes() -> int | None:
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return None
    allowed, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if allowed == resource.RLIM_INFINITY else allowed


def is_full(error: BaseException) -> bool:
    """Whether an error says that there is no more memory, however the library that met it says so."""
    if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM:
        return True
    return any(words in str(error).lower() for words in _SAID)
