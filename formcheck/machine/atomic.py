"""Files that appear under their final name only when they are complete."""

from __future__ import annotations

import errno
import os
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from formcheck.errors import OutputError

#: The names that :func:`atomic_path` gives.
_TEMPORARY = re.compile(r"\.[0-9a-f]{32}\.part(\.|$)")
_ADVICE = {
    errno.ENOSPC: "the disk is full: free some space or choose another folder",
    errno.EDQUOT: "the disk quota is used up: free some space or choose another folder",
    errno.EACCES: "writing there is not permitted: choose a folder that you may write to",
    errno.EPERM: "writing there is not permitted: choose a folder that you may write to",
    errno.EROFS: "the disk is read-only: choose another folder",
    errno.ENOENT: "the folder does not exist: create it or choose another one",
    errno.ENOTDIR: "a file is where the folder should be: choose another folder",
    errno.EEXIST: "a file is where the folder should be: choose another folder",
    errno.EISDIR: "a folder has that name: remove it or choose another one",
}


def output_error(path: Path, error: OSError) -> OutputError:
    """The one line that tells a user why ``path`` could not be written."""
    advice = _ADVICE.get(error.errno or 0, f"{error.strerror or error}: choose another folder")
    return OutputError(f"cannot write {path}: {advice}")


@contextmanager
def atomic_path(final: Path) -> Iterator[Path]:
    """A temporary path beside ``final``, renamed to it on success and removed on any failure, Ctrl-C included.

    The temporary name is hidden and ends like ``final``, since some writers go by the suffix. An older file under
    the final name stays untouched until the new one is complete.

    Raises:
        OutputError: for every ``OSError`` inside the block or while renaming, in one line.
    """
    temporary = final.with_name(f".{uuid.uuid4().hex}.part{final.suffix}")
    try:
        yield temporary
        os.replace(temporary, final)  # noqa: PTH105 - Path.replace is the same call; os.replace says "atomic" to readers
    except OSError as error:
        raise output_error(final, error) from error
    finally:
        _remove(temporary)


def is_temporary(name: str) -> bool:
    """Whether a file is one that :func:`atomic_path` is still writing, or was killed over."""
    return _TEMPORARY.match(name) is not None


def _remove(temporary: Path) -> None:
    """Remove what is left; a folder that vanished meanwhile must not hide the error that is on its way."""
    try:
        temporary.unlink(missing_ok=True)
    except OSError:
        return


def write_text_atomic(final: Path, text: str) -> None:
    """Write UTF-8 text so that no reader ever sees half of it.

    Raises:
        OutputError: the file cannot be written.
    """
    with atomic_path(final) as temporary:
        temporary.write_text(text, encoding="utf-8")
