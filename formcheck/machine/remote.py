"""Object stores and other places that fsspec reaches: ``s3://``, ``gs://`` and the like, with the extra ``remote``."""

from __future__ import annotations

import json
import logging
import os
import platform
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from formcheck.errors import InputError, OutputError
from formcheck.machine.atomic import temporary_folder
from formcheck.machine.storage import LOCK, taken

#: A holder says this often that it is alive, and counts as dead after so long without a word, seconds.
_HEARTBEAT_S, _DEAD_AFTER_S = 20.0, 90.0
#: Errors of the libraries behind fsspec that are no OSError.
_FOREIGN = (
    ("botocore.exceptions", "BotoCoreError"),
    ("botocore.exceptions", "ClientError"),
    ("aiohttp", "ClientError"),
    ("gcsfs.retry", "HttpError"),
    ("google.auth.exceptions", "GoogleAuthError"),
)


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file at a URL; ``stamp`` changes with its content."""

    url: str
    stamp: str
    size_bytes: int


def find_files(url: str) -> list[RemoteFile]:
    """The file at a URL, those of a folder and all below it, or those that a pattern with ``*`` matches.

    Raises:
        InputError: There is none, or the place cannot be reached.
    """
    fs, path = _filesystem(url)
    with _explained(url, InputError):
        found = fs.glob(path, detail=True) if "*" in path else fs.find(path, detail=True)
    files = [info for info in found.values() if info["type"] == "file"]
    if not files:
        raise InputError(f"expected videos at {url}, found nothing; check the address")
    return [RemoteFile(fs.unstrip_protocol(info["name"]), _stamp(info), int(info["size"] or 0)) for info in files]


def stat_file(url: str) -> RemoteFile | None:
    """Facts of the file at a URL; None if there is none."""
    fs, path = _filesystem(url)
    try:
        with _explained(url, InputError):
            info = fs.info(path)
    except InputError:
        return None
    return RemoteFile(url, _stamp(info), int(info["size"] or 0))


@contextmanager
def fetched(url: str) -> Iterator[Path]:
    """A temporary copy of the file at a URL, under its own name.

    Raises:
        InputError: It cannot be fetched.
    """
    fs, path = _filesystem(url)
    with temporary_folder(Path(tempfile.gettempdir())) as folder:
        target = folder / PurePosixPath(path).name
        with _explained(url, InputError):
            fs.get_file(path, str(target))
        yield target


class RemoteStorage:
    """A folder of an object store; see :class:`~formcheck.machine.storage.Storage`. A put object is there at once or
    not.
    """

    def __init__(self, url: str) -> None:
        self.label = url.rstrip("/")
        self._fs, self._root = _filesystem(self.label)

    def read(self, name: str) -> bytes:
        """The content of a file."""
        with self._explained(name):
            return bytes(self._fs.cat_file(self._path(name)))

    def write(self, name: str, content: bytes) -> None:
        """Write a file."""
        with self._explained(name):
            self._fs.pipe_file(self._path(name), content)

    def adopt(self, local: Path, name: str) -> None:
        """Upload a file."""
        with self._explained(name):
            self._fs.put_file(str(local), self._path(name))

    def flush(self) -> None:
        """What was put is there."""

    def holds(self, name: str, size_bytes: int) -> bool:  # noqa: ARG002 - as Storage
        """Always: what was put is there in full, and asking takes a request for each."""
        return True

    def names(self, folder: str) -> list[str]:
        """What is in a folder."""
        try:
            with self._explained(folder):
                self._fs.invalidate_cache()
                found = self._fs.ls(self._path(folder), detail=False)
        except FileNotFoundError:
            return []
        return sorted({PurePosixPath(path).name for path in found} - {PurePosixPath(folder).name, ""})

    def remove(self, name: str) -> None:
        """Remove a file or a folder."""
        try:
            with self._explained(name):
                self._fs.invalidate_cache()
                self._fs.rm(self._path(name), recursive=True)
        except FileNotFoundError:
            return

    @contextmanager
    def local(self, name: str) -> Iterator[Path]:
        """A temporary copy."""
        with self.workspace() as folder:
            target = folder / PurePosixPath(name).name
            with self._explained(name):
                self._fs.get_file(self._path(name), str(target))
            yield target

    @contextmanager
    def workspace(self) -> Iterator[Path]:
        """A temporary folder."""
        with temporary_folder(Path(tempfile.gettempdir())) as folder:
            yield folder

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """A small file that says who holds the place and is renewed; stores know no locks that end with a process."""
        holder = f"process {os.getpid()} on {platform.node()}"
        with suppress(FileNotFoundError):  # nobody holds it, or they have just let go
            told = json.loads(self.read(LOCK))
            if time.time() - told["at"] < _DEAD_AFTER_S:
                raise OutputError(taken(self.label, told["holder"]))
        over = threading.Event()

        def hold() -> None:
            self.write(LOCK, json.dumps({"holder": holder, "at": time.time()}).encode())

        def beat() -> None:
            while not over.wait(_HEARTBEAT_S):
                with suppress(OutputError):  # the next beat comes long before the place counts as free
                    hold()

        hold()
        thread = threading.Thread(target=beat, name="formcheck-lock", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
            self.remove(LOCK)

    def sweep(self) -> None:
        """Nothing is ever half-written."""

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    @contextmanager
    def _explained(self, name: str) -> Iterator[None]:
        with _explained(f"{self.label}/{name}", OutputError):
            yield


def _filesystem(url: str) -> tuple[Any, str]:
    try:
        import fsspec  # an extra

        # It prints a traceback of each failed try; what is raised in the end is told in one line.
        logging.getLogger("gcsfs").addHandler(logging.NullHandler())
        fs, path = fsspec.core.url_to_fs(url, use_listings_cache=False)
    except (ImportError, ValueError) as error:
        protocol = url.partition(":")[0]
        raise InputError(
            f"expected a path or a URL that can be read here, got {url}: {error}; install formcheck[remote], "
            f"and fsspec's package for {protocol}://"
        ) from None
    return fs, path.rstrip("/")


def _stamp(info: dict[str, Any]) -> str:
    changed = info.get("ETag") or info.get("etag") or info.get("mtime") or info.get("LastModified") or ""
    return f"{info['size']}-{changed}".replace('"', "")


@contextmanager
def _explained(url: str, kind: type[InputError] | type[OutputError]) -> Iterator[None]:
    """Errors of the store in one line; that a file is not there stays FileNotFoundError where results are read."""
    foreign = [getattr(sys.modules[module], name) for module, name in _FOREIGN if module in sys.modules]
    try:
        yield
    except FileNotFoundError as error:
        if kind is OutputError:
            raise
        raise InputError(f"expected a file at {url}, found none; check the address") from error
    except (OSError, *foreign) as error:
        reason = " ".join(str(error).split())
        raise kind(f"{url} cannot be reached ({reason}): check address, rights and connection") from error
