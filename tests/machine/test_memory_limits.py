"""A process that wants too much memory ends, and not the machine."""

from __future__ import annotations

import subprocess
import sys

import pytest

from formcheck.machine.limits import LEAST_BYTES, fair_share_bytes, limit_memory

_TAKE = """
import sys
from formcheck.machine.limits import limit_memory
limit_memory(400_000_000)
limit_memory(900_000_000)  # a limit is not raised again
try:
    bytearray(int(sys.argv[1]))
except MemoryError:
    print("full")
else:
    print("taken")
"""


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS takes a limit and does not heed it")
@pytest.mark.parametrize(("wanted", "answer"), [(100_000_000, "taken"), (600_000_000, "full")])
def test_more_memory_than_allowed_is_refused(wanted: int, answer: str) -> None:
    done = subprocess.run([sys.executable, "-c", _TAKE, str(wanted)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == answer


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has limits of its own")
def test_where_the_system_holds_no_limit_none_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)  # no system has none yet
    assert limit_memory(10**15) is False  # more than this process could ever take, should it be set all the same


def test_a_limit_is_positive() -> None:
    with pytest.raises(ValueError, match="must be positive, got 0"):
        limit_memory(0)


def test_the_share_of_more_processes_is_smaller_but_enough_for_one_recording() -> None:
    assert fair_share_bytes(1) >= fair_share_bytes(4) >= fair_share_bytes(10_000) == LEAST_BYTES
