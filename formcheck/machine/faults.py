"""Errors that no user can cause: told in one line, with the full trace in a file that can be sent to the makers."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from formcheck.machine.paths import printable

_MARK = "while "
#: Characters of an error's own words that a line repeats; some libraries say pages.
_WORDS = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of formcheck. ``summary`` names no place of this machine; ``trace`` is None where none can be written."""

    summary: str
    trace: Path | None

    @property
    def line(self) -> str:
        """What a user is told."""
        if self.trace is None:
            return f"{self.summary}; no trace could be written: please tell the makers what you did"
        return f"{self.summary}; please send the trace {printable(str(self.trace))} to the makers"


@contextmanager
def doing(what: str) -> Iterator[None]:
    """Names what is done within the block, such as "reading squat.mp4", for the line of a fault that comes up there."""
    try:
        yield
    except Exception as error:
        error.add_note(_MARK + what)
        raise


def note_fault(error: BaseException, otherwise: str) -> Fault:
    """Write the trace of an error into a file. The same fault has the same file, so that they do not add up.

    ``otherwise`` is what was being done, where no :func:`doing` says it better.
    """
    told = [note for note in getattr(error, "__notes__", ()) if note.startswith(_MARK)]
    what = told[0].removeprefix(_MARK) if told else otherwise
    words = printable(" ".join(f"{type(error).__name__}: {error}".split()))[:_WORDS].rstrip(": ")
    summary = f"a fault of formcheck itself while {printable(what)} ({words})"
    return Fault(summary, _written(error, summary))


def tell_fault(error: BaseException, otherwise: str) -> Fault:
    """The same, said on stderr as well: where the program goes on and somebody else is told the summary."""
    fault = note_fault(error, otherwise)
    with suppress(OSError, ValueError):  # stderr is full, or closed
        print(f"warning: {fault.line}", file=sys.stderr)  # noqa: T201 - the program's own voice
    return fault


def trace_folder() -> Path:
    """Where traces go: the place for a program's state, of the user."""
    if sys.platform == "win32":
        place = Path(os.environ.get("LOCALAPPDATA") or Path.home())
    else:
        place = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return place / "formcheck"


def _written(error: BaseException, summary: str) -> Path | None:
    import platform  # these two take as long to load as all that a command needs to print its help
    from importlib.metadata import version

    stack = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    name = f"fault-{hashlib.sha256(repr((type(error), stack)).encode()).hexdigest()[:8]}.txt"
    lines = [
        f"{summary}\n\n{datetime.now(UTC).isoformat(timespec='seconds')}, formcheck {version('formcheck')}, "
        f"Python {platform.python_version()}, {platform.platform()}\n{' '.join(map(repr, sys.argv))}\n\n",
        *traceback.format_exception(error),
    ]
    content = "".join(lines).encode(errors="backslashreplace")
    with suppress(OSError, RuntimeError):  # RuntimeError: this user has no home
        folder = trace_folder()
        folder.mkdir(parents=True, exist_ok=True)
        return _put(folder / name, content)
    with suppress(OSError):
        return _put(Path(tempfile.mkdtemp(prefix="formcheck-")) / name, content)
    return None


def _put(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
