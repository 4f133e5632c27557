"""Where a batch keeps what it makes: a folder, or a bucket, by the same few verbs.

Names are relative with ``/``. A file appears under its name complete or not at all. It outlasts a power cut once
:meth:`Storage.flush` was called; after one that came earlier a file may be shorter than it was, see
:meth:`Storage.holds`.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol, TextIO

from formcheck.errors import OutputError
from formcheck.machine.atomic import atomic_path, is_temporary, make_folder, output_error, put_in_place
from formcheck.machine.locks import try_lock

#: For unfinished files, and for the lock.
WORK, LOCK = ".batch/work", ".batch/lock"
#: Endings of what a run writes directly into the storage; an unfinished page there is somebody else's.
_BESIDE = (".json", ".csv")


def taken(label: str, holder: str) -> str:
    """What to say where another run holds the storage."""
    return f"{label} is being written by another run ({holder}): wait until it ends, or choose another --out"


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

    def flush(self) -> None:
        """Return when everything that was written, by whichever process, is on the disk."""
        ...

    def holds(self, name: str, size_bytes: int) -> bool:
        """Whether a file is there with all its bytes."""
        ...

    def names(self, folder: str) -> list[str]:
        """Names of the files and folders directly in a folder, sorted; none where it does not exist."""
        ...

    def remove(self, name: str) -> None:
        """Remove a file, or a folder with all that is in it; nothing happens where there is none."""
        ...

    def local(self, name: str) -> AbstractContextManager[Path]:
        """A file as one of this machine, to read; FileNotFoundError if there is none."""
        ...

    def workspace(self) -> AbstractContextManager[Path]:
        """A new folder of this machine for unfinished files, gone after the block."""
        ...

    def exclusive(self) -> AbstractContextManager[None]:
        """Hold the storage as the only one; OutputError while somebody else does. A killed holder holds nothing."""
        ...

    def sweep(self) -> None:
        """Remove what killed runs left half-written; only for who holds the storage."""
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
        with atomic_path(final) as temporary:
            temporary.write_bytes(content)
            _flush_without_sync(temporary)

    def adopt(self, local: Path, name: str) -> None:
        """As :class:`Storage`: a rename on the same file system, else a copy."""
        _flush_without_sync(local)
        put_in_place(local, self._prepared(name))

    def flush(self) -> None:
        """As :class:`Storage`: one wait for all files; a wait for each would take longer than judging its video."""
        if sys.platform != "win32":
            os.sync()

    def holds(self, name: str, size_bytes: int) -> bool:
        """As :class:`Storage`."""
        try:
            return (self.root / name).stat().st_size == size_bytes
        except OSError:
            return False

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

    @contextmanager
    def local(self, name: str) -> Iterator[Path]:
        """As :class:`Storage`: the file itself."""
        path = self.root / name
        if not path.is_file():
            raise FileNotFoundError(path)
        yield path

    @contextmanager
    def workspace(self) -> Iterator[Path]:
        """As :class:`Storage`: on the same file system, so that files are taken over by a rename."""
        make_folder(self.root / WORK)
        with tempfile.TemporaryDirectory(dir=self.root / WORK, ignore_cleanup_errors=True) as folder:
            yield Path(folder)

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """As :class:`Storage`: a lock of the operating system, which ends with the process."""
        file = self._locked()
        try:
            yield
        finally:
            file.close()

    def _locked(self) -> TextIO:
        path = self._prepared(LOCK)
        try:
            file = path.open("a+", encoding="utf-8")
        except OSError as error:
            raise output_error(path, error) from error
        try:
            is_free = try_lock(file)
        except OSError as error:
            file.close()
            raise output_error(path, error) from error
        if not is_free:
            file.close()
            raise OutputError(taken(self.label, path.read_text(encoding="utf-8")))
        file.truncate(0)
        file.write(f"process {os.getpid()} on {platform.node()}")
        file.flush()
        return file

    def sweep(self) -> None:
        """As :class:`Storage`."""
        shutil.rmtree(self.root / WORK, ignore_errors=True)
        for name in os.listdir(self.root) if self.root.is_dir() else []:  # noqa: PTH208 - names are wanted
            if is_temporary(name) and name.endswith(_BESIDE):
                self.remove(name)
        for folder in (".batch", ".batch/done", *(f"results/{path.name}" for path in self.root.glob("results/*"))):
            for name in os.listdir(self.root / folder) if (self.root / folder).is_dir() else []:  # noqa: PTH208 - names
                if is_temporary(name):
                    self.remove(f"{folder}/{name}")

    def _prepared(self, name: str) -> Path:
        final = self.root / name
        make_folder(final.parent)
        return final


def _flush_without_sync(path: Path) -> None:
    """Wait until a file is on the disk where the system cannot be told to wait for all of them at once."""
    if sys.platform == "win32":
        with path.open("r+b") as file:
            os.fsync(file)
