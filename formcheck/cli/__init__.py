"""The command line. Results go to stdout, talk and progress to stderr.

Exit codes: 0 done, 1 a user's error in one line, 2 wrong usage, 3 a fault that ``--fail-on`` asked about or a video
of a batch that failed, 70 a fault of formcheck itself, 130 Ctrl-C, 143 terminated.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
from typing import NoReturn

from formcheck.machine.native_log import keep_from_stderr
from formcheck.machine.signals import ENDING

__all__ = ["main"]


def main() -> None:
    """Run the command line; Ctrl-C and ``kill`` while it is still being loaded are one line, too."""
    usual = signal.signal(signal.SIGINT, _stopped_while_loading)
    for number in ENDING:
        if number != signal.SIGINT and signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, _stopped_while_loading)
    atexit.register(_all_is_done)  # the first is called as the last
    _open_closed_streams()
    keep_from_stderr()
    from formcheck.cli.ending import in_one_line  # the handlers must be there first
    from formcheck.machine.limits import check_space

    with in_one_line():
        check_space()
        from formcheck.cli import overview

        if overview.is_asked(sys.argv[1:]):
            overview.listing_app()()
        from formcheck.cli.app import main as run  # loads the libraries, a quarter of a second of them

    signal.signal(signal.SIGINT, usual)
    run()


def _stopped_while_loading(number: int, _: object) -> NoReturn:
    """End at once: an exception in the middle of an import may be swallowed, or end in a traceback."""
    word, code = ("interrupted", 130) if number == signal.SIGINT else ("terminated", 143)
    shown = 2 if sys.stderr is None else sys.stderr.fileno()
    os.write(shown, f"error: {word}; nothing was done yet\n".encode())
    os._exit(code)


def _all_is_done() -> None:
    """Let nothing end the program any more: while it takes itself down, Python lets signals kill it without a word, and
    what it has said and written would seem to have failed.
    """
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)


def _open_closed_streams() -> None:
    """Lead standard streams that are closed (``2>&-``) nowhere: the first file that is opened would get their number,
    and with it what libraries print.
    """
    for number, mode in enumerate((os.O_RDONLY, os.O_WRONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # gets the lowest number that is free
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - a number, open until the end
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - as above
