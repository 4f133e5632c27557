"""Shared libraries of the operating system that OpenCV and MediaPipe need, and how to get them.

A missing one shows in two ways: ``import cv2`` raises ImportError, and MediaPipe's ``ctypes.CDLL`` raises OSError when
the first model is opened (seen by removing the files in a mount namespace of their own), both with the text
``libEGL.so.1: cannot open shared object file: No such file or directory``. :func:`explained_imports` turns both into
one line with the command that helps.
"""

from __future__ import annotations

import ctypes
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from formcheck.errors import SystemLibraryError


class SystemLibrary(NamedTuple):
    """A shared library and the Debian and Ubuntu package that holds it."""

    soname: str
    package: str


#: What the wheels link to and do not bring along (readelf -d): MediaPipe 1.2 libEGL and libGLESv2; the Qt in
#: OpenCV 5.0's wheel libGL, libgthread and libxcb. libgl1 depends on libxcb1.
LIBRARIES = (
    SystemLibrary("libGL.so.1", "libgl1"),
    SystemLibrary("libEGL.so.1", "libegl1"),
    SystemLibrary("libGLESv2.so.2", "libgles2"),
    SystemLibrary("libgthread-2.0.so.0", "libglib2.0-0"),
    SystemLibrary("libxcb.so.1", "libxcb1"),
)

INSTALL_COMMAND = "apt-get install libgl1 libegl1 libgles2 libglib2.0-0"

_LOADER_MESSAGE = re.compile(r"(?P<soname>\S+\.so[.\d]*): cannot open shared object file")


def missing_libraries(libraries: tuple[SystemLibrary, ...] = LIBRARIES) -> list[SystemLibrary]:
    """The libraries that the loader does not find, in the given order; empty if all is well, or this is no Linux."""
    is_linux = sys.platform == "linux"  # elsewhere, what the wheels need comes with the system
    return [library for library in libraries if is_linux and not _loads(library.soname)]


def _loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


@contextmanager
def explained_imports() -> Iterator[None]:
    """Turn the loader's error into SystemLibraryError; put the imports (or calls) that load libraries inside."""
    try:
        yield
    except (ImportError, OSError) as error:
        soname = missing_soname(error)
        if soname is None:
            raise
        raise SystemLibraryError(explanation(soname)) from error


def missing_soname(error: BaseException) -> str | None:
    """The library that the loader did not find, if that is what an error says."""
    found = _LOADER_MESSAGE.search(str(error))
    return None if found is None else found["soname"]


def explanation(soname: str) -> str:
    """One line: the missing library and the command that installs it."""
    if all(library.soname != soname for library in LIBRARIES):
        return f"the system library {soname} is missing; install the package of your distribution that holds it"
    return f"the system library {soname} is missing; install it with: {INSTALL_COMMAND}"
