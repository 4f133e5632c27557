"""What Windows is asked for: the calls, in this order, with the numbers and layouts of its headers (64 bit)."""

from __future__ import annotations

import ctypes
import struct
from types import SimpleNamespace
from typing import Any

import pytest

from formcheck.machine.job_object import hold_to_memory, memory_bytes

JOB, THIS_PROCESS = 0x1_0000_0004, -1  # a handle may need all 64 bits


def kernel32(calls: list[tuple[Any, ...]], refuses: str = "") -> SimpleNamespace:
    """A library that notes what it is asked for; a call that it ``refuses`` gives 0."""

    def noting(name: str, answer: int) -> Any:
        def call(*arguments: Any) -> int:
            calls.append((name, *(bytes(one._obj) if hasattr(one, "_obj") else one for one in arguments)))
            return 0 if name == refuses else answer

        return call

    answers = {"CreateJobObjectW": JOB, "GetCurrentProcess": THIS_PROCESS}
    names = ("SetInformationJobObject", "AssignProcessToJobObject", "CloseHandle")
    return SimpleNamespace(
        **{name: noting(name, answer) for name, answer in {**dict.fromkeys(names, 1), **answers}.items()}
    )


def test_this_process_goes_into_a_job_without_a_name_that_limits_each_process_memory() -> None:
    calls: list[tuple[Any, ...]] = []
    library = kernel32(calls)
    assert hold_to_memory(library, 3_000_000_000)
    made, told, asked, assigned, closed = calls
    assert made == ("CreateJobObjectW", None, None)
    name, job, kind, limits, size = told
    assert (name, job, kind, size) == ("SetInformationJobObject", JOB, 9, 144)
    assert struct.unpack_from("<I", limits, 16) == (0x100,)
    assert struct.unpack_from("<Q", limits, 112) == (3_000_000_000,)
    assert not any(limits[:16] + limits[20:112] + limits[120:]), "nothing else is limited"
    assert asked == ("GetCurrentProcess",)
    assert assigned == ("AssignProcessToJobObject", JOB, THIS_PROCESS)
    assert closed == ("CloseHandle", JOB), "nobody can widen the limit afterwards"
    for function in (library.CreateJobObjectW, library.GetCurrentProcess):
        assert function.restype is ctypes.c_void_p, "ctypes would cut a handle to 32 bits"


@pytest.mark.parametrize("refused", ["CreateJobObjectW", "SetInformationJobObject", "AssignProcessToJobObject"])
def test_where_windows_refuses_no_limit_is_claimed(refused: str) -> None:
    calls: list[tuple[Any, ...]] = []
    assert not hold_to_memory(kernel32(calls, refused), 3_000_000_000)
    names = [name for name, *_ in calls]
    assert ("CloseHandle" in names) == (refused != "CreateJobObjectW")
    assert ("AssignProcessToJobObject" in names) == (refused == "AssignProcessToJobObject")


def test_the_memory_of_the_machine_is_read_where_windows_writes_it() -> None:
    def status(memory: Any) -> int:
        told = bytes(memory._obj)
        assert (len(told), struct.unpack_from("<I", told)) == (64, (64,))
        ctypes.memmove(ctypes.addressof(memory._obj) + 8, struct.pack("<Q", 16_000_000_000), 8)
        return 1

    assert memory_bytes(SimpleNamespace(GlobalMemoryStatusEx=status)) == 16_000_000_000
    assert memory_bytes(SimpleNamespace(GlobalMemoryStatusEx=lambda _: 0)) == 0
