"""Run native code in threads that cannot open sockets or write to stderr (Linux seccomp).

A seccomp filter belongs to a thread and is inherited by every thread which that one starts. MediaPipe makes all its
threads from the one that creates the model, so a filter on that thread confines the library and nothing else: Python,
Ray, an object store and a progress bar in the same process keep their sockets, their proxies and their stderr. A
denied call fails with EACCES inside the library, at once and for good; nothing has to be undone.

Filters are described in the kernel's Documentation/userspace-api/seccomp_filter.rst and in seccomp(2).
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar

T = TypeVar("T")

STDERR_FD = 2

_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_SET_MODE_FILTER = 1
_SECCOMP_FILTER_FLAG_SPEC_ALLOW = 4  # without it kernels before 5.16 slow the thread down with Spectre mitigations
_RET_ALLOW = 0x7FFF0000
_RET_EACCES = 0x00050000 | errno.EACCES
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
# Offsets into struct seccomp_data: int nr; u32 arch; u64 instruction_pointer; u64 args[6] (low half first).
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16


class _SystemCalls(NamedTuple):
    """An architecture's audit number and its numbers of the system calls that are filtered."""

    architecture: int
    seccomp: int
    socket: int
    write: int
    writev: int


_SYSTEM_CALLS = {
    "x86_64": _SystemCalls(architecture=0xC000003E, seccomp=317, socket=41, write=1, writev=20),
    "aarch64": _SystemCalls(architecture=0xC00000B7, seccomp=277, socket=198, write=64, writev=66),
}


class _Instruction(ctypes.Structure):
    """struct sock_filter."""

    _fields_ = (("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(_Instruction)))


class ConfinementError(OSError):
    """The system cannot confine a thread: no Linux, an unknown processor, or a kernel without seccomp."""


def run_confined(call: Callable[[], T], *, deny_sockets: bool, deny_stderr: bool) -> T:
    """The result of ``call``, run in a thread of its own that is confined before it starts.

    So are all threads that ``call`` starts, for as long as they live, also after this function has returned. Raises
    ConfinementError before ``call`` runs if the system cannot do it; errors of ``call`` come through unchanged.
    """

    def confined_call() -> T:
        confine_this_thread(deny_sockets=deny_sockets, deny_stderr=deny_stderr)
        return call()

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="confined") as pool:
        return pool.submit(confined_call).result()


def confine_this_thread(*, deny_sockets: bool, deny_stderr: bool) -> None:
    """Deny ``socket()`` of every family, and writing to file descriptor 2, to this thread and its future children.

    Unix sockets are denied too, because a name can be looked up over one (nscd, systemd-resolved). It cannot be undone.
    With nothing to deny this does nothing, and so works everywhere.
    """
    if not (deny_sockets or deny_stderr):
        return
    calls = _SYSTEM_CALLS.get(platform.machine()) if sys.platform == "linux" else None
    if calls is None:
        raise ConfinementError(errno.ENOSYS, f"threads cannot be confined on {platform.system()} {platform.machine()}")
    instructions = _program(calls, deny_sockets=deny_sockets, deny_stderr=deny_stderr)
    array = (_Instruction * len(instructions))(*(_Instruction(*fields) for fields in instructions))
    program = _Program(len(instructions), array)
    libc = ctypes.CDLL(None, use_errno=True)
    # The kernel takes a filter from an unprivileged thread only if it can gain no privileges through execve.
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 or (
        libc.syscall(calls.seccomp, _SECCOMP_SET_MODE_FILTER, _SECCOMP_FILTER_FLAG_SPEC_ALLOW, ctypes.byref(program))
        != 0
    ):
        number = ctypes.get_errno()
        raise ConfinementError(number, f"the kernel refused to confine a thread: {os.strerror(number)}")


def _program(calls: _SystemCalls, *, deny_sockets: bool, deny_stderr: bool) -> list[tuple[int, int, int, int]]:
    """The filter as (code, jump if true, jump if false, operand); jumps count instructions to skip."""
    program = [(_LOAD, 0, 0, _ARCHITECTURE), (_JUMP_IF_EQUAL, 1, 0, calls.architecture), (_RETURN, 0, 0, _RET_ALLOW)]
    program.append((_LOAD, 0, 0, _NUMBER))
    if deny_sockets:
        program += [(_JUMP_IF_EQUAL, 0, 1, calls.socket), (_RETURN, 0, 0, _RET_EACCES)]
    if deny_stderr:
        program += [
            (_JUMP_IF_EQUAL, 1, 0, calls.write),
            (_JUMP_IF_EQUAL, 0, 3, calls.writev),
            (_LOAD, 0, 0, _FIRST_ARGUMENT),
            (_JUMP_IF_EQUAL, 0, 1, STDERR_FD),
            (_RETURN, 0, 0, _RET_EACCES),
        ]
    program.append((_RETURN, 0, 0, _RET_ALLOW))
    return program
