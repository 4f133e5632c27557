from __future__ import annotations

import ctypes
import sys

import pytest

from formcheck.errors import SystemLibraryError
from formcheck.machine.system import INSTALL_COMMAND, LIBRARIES, SystemLibrary, explained_imports, missing_libraries

LOADER_MESSAGE = "libEGL.so.1: cannot open shared object file: No such file or directory"


@pytest.mark.parametrize("kind", [ImportError, OSError])  # what an extension module and ctypes raise
def test_a_missing_library_is_named_with_the_command_that_installs_it(kind: type[Exception]) -> None:
    with pytest.raises(SystemLibraryError) as caught, explained_imports():
        raise kind(LOADER_MESSAGE)
    assert "libEGL.so.1" in str(caught.value)
    assert INSTALL_COMMAND in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_loader_really_words_it_like_that() -> None:
    with pytest.raises(SystemLibraryError, match=r"libformcheck_absent\.so\.1"), explained_imports():
        ctypes.CDLL("libformcheck_absent.so.1")


@pytest.mark.parametrize("error", [ImportError("No module named 'cv2'"), PermissionError("denied")])
def test_other_errors_pass_unchanged(error: Exception) -> None:
    with pytest.raises(type(error)) as caught, explained_imports():
        raise error
    assert caught.value is error


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the libraries come with the system")
def test_missing_libraries_are_the_ones_the_loader_does_not_find() -> None:
    present, absent = SystemLibrary("libc.so.6", "libc6"), SystemLibrary("libformcheck_absent.so.1", "none")
    assert missing_libraries((present, absent)) == [absent]


def test_the_command_installs_a_package_for_every_library_but_those_that_come_with_another() -> None:
    packages = set(INSTALL_COMMAND.split())
    assert {library.package for library in LIBRARIES} - packages == {"libxcb1"}  # comes with libgl1
