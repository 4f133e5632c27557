"""A lock on a file is held by one, and ends with its file and with its process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from formcheck.errors import OutputError
from formcheck.machine.locks import try_lock
from formcheck.machine.storage import LocalStorage


def test_a_lock_is_held_until_its_file_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with path.open("a+") as first, path.open("a+") as second:
        assert try_lock(first)
        assert not try_lock(second)
        first.write("held")
        first.flush()
        assert path.read_text() == "held"  # who holds it can be read meanwhile
        first.close()
        assert try_lock(second)


HOLDS = """
import sys, time
from formcheck.machine.locks import try_lock
file = open(sys.argv[1], "a+")
print(try_lock(file), flush=True)
time.sleep(600)
"""


def test_a_lock_ends_with_its_process_however_that_ends(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with subprocess.Popen([sys.executable, "-c", HOLDS, path], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        with path.open("a+") as file:
            assert not try_lock(file)
        holder.kill()
    with path.open("a+") as file:
        assert try_lock(file)


def test_a_folder_of_a_batch_says_who_holds_it_and_is_free_afterwards(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    with (
        storage.exclusive(),
        pytest.raises(OutputError, match=r"written by another run \(process \d+ on "),
        storage.exclusive(),
    ):
        pass
    with storage.exclusive():
        pass
