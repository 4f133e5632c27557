"""What native libraries write to file descriptor 2: not for users, and kept from them where a thread cannot be."""

from __future__ import annotations

import os
import sys
from typing import TextIO

#: Set, it lets the lines through, for instance after a native crash.
NATIVE_LOG_VARIABLE = "FORMCHECK_NATIVE_LOG"


def keep_from_stderr() -> None:
    """From now on only Python writes to stderr, native libraries do not. For the start of a program of our own.

    Does nothing on Linux, where the threads of MediaPipe alone are kept from it (:mod:`formcheck.machine.confine`), nor
    where ``sys.stderr`` is not the file of the process.
    """
    python_s = sys.__stderr__  # None in a program without a console
    if python_s is not None and sys.stderr is python_s and not os.environ.get(NATIVE_LOG_VARIABLE):
        _part_from(python_s)


def _part_from(python_s: TextIO) -> None:
    if sys.platform != "linux":
        shown, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
        sys.stderr = open(shown, "w", buffering=1, encoding=python_s.encoding, errors=python_s.errors)  # noqa: SIM115, PTH123 - for as long as the process lives
