"""Where things are, told by a text: a path of this machine, or a URL such as ``s3://bucket/folder``."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from formcheck.errors import InputError
from formcheck.machine.storage import LocalStorage, Storage

_URL = re.compile(r"^(?P<protocol>[a-z][a-z0-9+.-]+)://", re.IGNORECASE)


def is_url(location: str) -> bool:
    """Whether a location is elsewhere; ``file://`` is here."""
    found = _URL.match(location)
    return found is not None and found["protocol"].lower() != "file"


def local_path(location: str) -> Path:
    """The path of a location of this machine, with or without ``file://``."""
    return Path(re.sub("^file://", "", location, flags=re.IGNORECASE))


def open_storage(location: str) -> Storage:
    """The storage at a location; nothing is created yet.

    Raises:
        InputError: The location is empty.
    """
    if not location.strip():
        raise InputError("expected a folder or a URL for the results, got an empty name; give --out DIR")
    if is_url(location):
        from formcheck.machine.remote import RemoteStorage  # fsspec is an extra

        return RemoteStorage(location)
    return LocalStorage(Path(os.path.abspath(local_path(location))))  # noqa: PTH100 - symbolic links stay


@contextmanager
def local_copy(location: str) -> Iterator[Path]:
    """A file to read: itself, or a temporary copy of the same name of what a URL leads to."""
    if not is_url(location):
        yield local_path(location)
        return
    from formcheck.machine.remote import fetched  # fsspec is an extra

    with fetched(location) as path:
        try:
            yield path
        except InputError as error:  # which names a file that is gone by the time somebody reads of it
            raise type(error)(str(error).replace(str(path), location)) from error
