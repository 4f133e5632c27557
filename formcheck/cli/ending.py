"""How a command ends: exit codes, one line for each error, and signals that are heeded."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

from formcheck.errors import FormcheckError
from formcheck.machine.faults import note_fault, tell_fault
from formcheck.machine.limits import MEMORY_FULL, is_memory_full
from formcheck.machine.paths import printable
from formcheck.machine.signals import ENDING
from formcheck.machine.system import explained_imports

EXIT_USER_ERROR = 1
EXIT_FAULT_FOUND = 3
EXIT_OWN_FAULT = 70
EXIT_INTERRUPTED = 130
EXIT_TERMINATED = 143
ENDINGS = {EXIT_INTERRUPTED: "interrupted", EXIT_TERMINATED: "terminated"}
#: Long enough for a finaliser to be over.
_SIGNALLED_AGAIN_AFTER_S = 0.05


@contextmanager
def in_one_line() -> Iterator[None]:
    """Whatever goes wrong within the block ends the program in one line on stderr, and with the exit code for it."""
    try:
        with explained_imports():
            yield
    except SystemExit as end:
        if isinstance(end.code, int) and end.code in ENDINGS:  # Typer ends so on Ctrl-C, without a word
            fail_as_told(end.code)
        raise
    except KeyboardInterrupt:  # while Typer still prepares
        fail_as_told(EXIT_INTERRUPTED)
    except FormcheckError as error:
        fail(str(error), EXIT_USER_ERROR)
    except BrokenPipeError:  # `formcheck ... | head` closed the pipe: nobody is left to tell
        sys.stderr.close()
        sys.exit(EXIT_USER_ERROR)
    except Exception as error:  # noqa: BLE001 - the one place where an error that nobody expected becomes a line
        _fail_unexpectedly(error)


def _fail_unexpectedly(error: Exception) -> NoReturn:
    if is_memory_full(error):
        fail(MEMORY_FULL, EXIT_USER_ERROR)
    if isinstance(error, OSError) and error.strerror:  # such as the disk behind `formcheck ... > file`
        sys.stdout = None  # closed and lost: no second complaint while Python ends
        fail(f"{error.filename or 'the results'} could not be read or written: {error.strerror}", EXIT_USER_ERROR)
    fail(note_fault(error, f"running {' '.join(['formcheck', *sys.argv[1:2]])}").line, EXIT_OWN_FAULT)


def end_when_told() -> None:
    """End as on Ctrl-C, without half-written files, on what ``kill``, ``timeout`` and a closed terminal send."""
    for number in ENDING:
        if number != signal.SIGINT and signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, _terminated)


def _terminated(*_: object) -> NoReturn:
    sys.exit(EXIT_TERMINATED)


def heed_lost_errors() -> None:
    """Errors that come up where Python would print a trace and go on, in threads and finalisers, are one line each."""
    sys.unraisablehook = _lost_in_finaliser
    threading.excepthook = _lost_in_thread


def _lost_in_finaliser(lost: sys.UnraisableHookArgs) -> None:
    """Give a signal once more whose exception came up within a finaliser, where Python drops every exception."""
    if isinstance(lost.exc_value, KeyboardInterrupt):
        number = signal.SIGINT
    elif isinstance(lost.exc_value, SystemExit) and lost.exc_value.code == EXIT_TERMINATED:
        number = signal.SIGTERM
    else:
        if lost.exc_value is not None:
            tell_fault(lost.exc_value, "tidying up")
        return
    again = threading.Timer(_SIGNALLED_AGAIN_AFTER_S, _signal_main_thread, [number])
    again.daemon = True
    again.start()


def _lost_in_thread(lost: threading.ExceptHookArgs) -> None:
    if lost.exc_value is not None and not isinstance(lost.exc_value, SystemExit):
        tell_fault(lost.exc_value, f"working in {lost.thread.name if lost.thread else 'a thread'}")


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
    with suppress(OSError, ValueError):  # stderr is full, or closed: nobody can be told
        print(f"error: {printable(' '.join(message.split()))}", file=sys.stderr)  # noqa: T201 - the command line's voice
    sys.exit(code)
