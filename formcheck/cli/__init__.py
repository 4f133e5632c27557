"""The command line. Results go to stdout, talk and progress to stderr.

Exit codes: 0 done, 1 a user's error in one line, 2 wrong usage, 3 a fault that ``--fail-on`` asked about or a video
of a batch that failed, 130 Ctrl-C, 143 terminated.
"""

from __future__ import annotations

import os
import signal
from typing import NoReturn

from formcheck.machine.native_log import keep_from_stderr

__all__ = ["main"]


def main() -> None:
    """Run the command line; Ctrl-C while it is still being loaded is one line, too."""
    usual = signal.signal(signal.SIGINT, _interrupted_while_loading)
    keep_from_stderr()
    from formcheck.cli.app import main as run  # noqa: PLC0415 - loads the libraries, half a second of them

    signal.signal(signal.SIGINT, usual)
    run()


def _interrupted_while_loading(*_: object) -> NoReturn:
    """End at once: an exception in the middle of an import may be swallowed, or end in a traceback."""
    os.write(2, b"error: interrupted; nothing was done yet\n")
    os._exit(130)
