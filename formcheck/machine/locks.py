"""Locks of the operating system on open files: they end with their process, however it ends."""

from __future__ import annotations

import os
import sys
from typing import IO, Any

#: Windows locks bytes, and nobody else may read those: one that lies far behind any text in the file.
_BYTE_BEHIND_ALL_TEXT = 2**30


def try_lock(file: IO[Any]) -> bool:
    """Lock an open, writable file until it is closed; False where another has locked it.

    Raises:
        OSError: The file system knows no locks.
    """
    if sys.platform == "win32":
        import msvcrt  # only Windows has it

        os.lseek(file.fileno(), _BYTE_BEHIND_ALL_TEXT, os.SEEK_SET)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        finally:
            os.lseek(file.fileno(), 0, os.SEEK_SET)
    else:
        import fcntl  # all but Windows have it

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
