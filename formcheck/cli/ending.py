"""How a command ends: exit codes, one line for each error, and signals that are heeded."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from typing import NoReturn

from formcheck.machine.paths import printable

EXIT_USER_ERROR = 1
EXIT_FAULT_FOUND = 3
EXIT_INTERRUPTED = 130
EXIT_TERMINATED = 143
ENDINGS = {EXIT_INTERRUPTED: "interrupted", EXIT_TERMINATED: "terminated"}
#: Long enough for a finaliser to be over.
_SIGNALLED_AGAIN_AFTER_S = 0.05


def stop_on_sigterm(*_: object) -> NoReturn:
    """What ``kill`` and ``timeout`` ask for: end as on Ctrl-C, without half-written files."""
    sys.exit(EXIT_TERMINATED)


def signal_again(lost: sys.UnraisableHookArgs) -> None:
    """Give a signal once more whose exception came up within a finaliser, where Python drops every exception."""
    if isinstance(lost.exc_value, KeyboardInterrupt):
        number = signal.SIGINT
    elif isinstance(lost.exc_value, SystemExit) and lost.exc_value.code == EXIT_TERMINATED:
        number = signal.SIGTERM
    else:
        sys.__unraisablehook__(lost)
        return
    again = threading.Timer(_SIGNALLED_AGAIN_AFTER_S, _signal_main_thread, [number])
    again.daemon = True
    again.start()


def _signal_main_thread(number: signal.Signals) -> None:
    """As if the signal came now; on Windows it does not break off a wait of the system, since nothing there does."""
    if sys.platform == "win32":
        _thread.interrupt_main(number)
    else:
        signal.pthread_kill(threading.main_thread().ident or 0, number)


def fail_as_told(code: int) -> NoReturn:
    """End as a signal asked: one line, and the exit code of that signal."""
    fail(f"{ENDINGS[code]}; nothing half-written was left behind", code)


def fail(message: str, code: int) -> NoReturn:
    """End with one line on stderr."""
    print(f"error: {printable(' '.join(message.split()))}", file=sys.stderr)  # noqa: T201 - the command line's own voice
    sys.exit(code)
