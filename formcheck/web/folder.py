"""The server's own folder: nobody else's, removed when it ends; a killed server's is removed by the next."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from formcheck.io.atomic import output_error

_PREFIX = "formcheck-serve-"
_LOCK = "lock"


@contextmanager
def server_folder(parent: Path | None) -> Iterator[Path]:
    """A new folder in ``parent`` (the system's place for temporary files if None), readable by this user only.

    Raises:
        OutputError: ``parent`` cannot be written to.
    """
    place = Path(tempfile.gettempdir()) if parent is None else parent
    try:
        place.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
        lock = (folder / _LOCK).open("w")
    except OSError as error:
        raise output_error(place, error) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _remove_abandoned(place)
        yield folder
    finally:
        lock.close()
        shutil.rmtree(folder, ignore_errors=True)


def _remove_abandoned(place: Path) -> None:
    """Remove folders of servers that no longer run: theirs would be locked."""
    for folder in place.glob(f"{_PREFIX}*"):
        try:
            if folder.lstat().st_uid != os.getuid():  # what others put there is not opened: a pipe would never answer
                continue
            with (folder / _LOCK).open() as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:  # in use, or another user's
            continue
