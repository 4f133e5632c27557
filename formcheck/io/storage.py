"""Where a batch keeps what it makes: a folder, or a bucket, by the same few verbs.

Names are relative with ``/``. A file appears under its name complete or not at all, and what was written is on the disk
when the verb returns.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Protocol

from formcheck.io.atomic import atomic_path, output_error


def is_temporary(name: str) -> bool:
    """Whether a file is one that :func:`~formcheck.io.atomic.atomic_path` is still writing, or was killed over."""
    return name.startswith(".") and ".part" in name


class Storage(Protocol):
    """Files by name. OutputError where one cannot be written."""

    @property
    def label(self) -> str:
        """How to name it to a user."""
        ...

    def read(self, name: str) -> bytes:
        """The content of a file; FileNotFoundError if there is none."""
        ...

    def write(self, name: str, content: bytes) -> None:
        """Write a file, replacing it at once."""
        ...

    def adopt(self, local: Path, name: str) -> None:
        """Take a finished local file over under a name; the local one may be gone then."""
        ...

    def names(self, folder: str) -> list[str]:
        """Names of the files and folders directly in a folder, sorted; none where it does not exist."""
        ...

    def remove(self, name: str) -> None:
        """Remove a file, or a folder with all that is in it; nothing happens where there is none."""
        ...


class LocalStorage:
    """A folder of this machine, or one that several share."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def label(self) -> str:
        """The path."""
        return str(self.root)

    def read(self, name: str) -> bytes:
        """As :class:`Storage`."""
        return (self.root / name).read_bytes()

    def write(self, name: str, content: bytes) -> None:
        """As :class:`Storage`."""
        final = self._prepared(name)
        with atomic_path(final) as temporary, temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _sync(final.parent)

    def adopt(self, local: Path, name: str) -> None:
        """As :class:`Storage`: a rename on the same file system, else a copy."""
        final = self._prepared(name)
        try:
            _sync(local)
            os.replace(local, final)  # noqa: PTH105 - as in formcheck.io.atomic
        except OSError:
            with atomic_path(final) as temporary:
                shutil.copyfile(local, temporary)
                _sync(temporary)
        _sync(final.parent)

    def names(self, folder: str) -> list[str]:
        """As :class:`Storage`; names of temporary files are left out."""
        try:
            found = os.listdir(self.root / folder)  # noqa: PTH208 - names are wanted
            return sorted(name for name in found if not is_temporary(name))
        except FileNotFoundError:
            return []

    def remove(self, name: str) -> None:
        """As :class:`Storage`."""
        path = self.root / name
        try:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        except FileNotFoundError:
            return
        except OSError as error:
            raise output_error(path, error) from error

    def _prepared(self, name: str) -> Path:
        final = self.root / name
        try:
            final.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise output_error(final, error) from error
        return final


def _sync(path: Path) -> None:
    """What was written to a file, or the names in a folder, outlast a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
