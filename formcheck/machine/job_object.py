"""Windows' own limits: a job object holds a process, and each that it starts, to an amount of memory.

Layouts and numbers are those of winnt.h and sysinfoapi.h on 64 bit. ``kernel32`` is the library, loaded by ctypes.
"""

from __future__ import annotations

import ctypes
from typing import Any

_EXTENDED_LIMIT_INFORMATION = 9
_LIMIT_PROCESS_MEMORY = 0x100


class _Limits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION. DWORD is 32 bit on Windows; ctypes' own is 64 bit elsewhere."""

    _fields_ = (
        ("process_time", ctypes.c_int64),
        ("job_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("least_working_set", ctypes.c_size_t),
        ("most_working_set", ctypes.c_size_t),
        ("processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority", ctypes.c_uint32),
        ("scheduling", ctypes.c_uint32),
        ("input_output", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("process_peak", ctypes.c_size_t),
        ("job_peak", ctypes.c_size_t),
    )


class _Memory(ctypes.Structure):
    """MEMORYSTATUSEX."""

    _fields_ = (("size", ctypes.c_uint32), ("load_pct", ctypes.c_uint32), ("bytes", ctypes.c_uint64 * 7))


def hold_to_memory(kernel32: Any, max_bytes: int) -> bool:
    """Put this process into a job that lets it, and each that it starts, commit so many bytes; whether that was done.

    A job within a job can only be narrower, and nobody can change one that has no name and no handle left.
    """
    kernel32.CreateJobObjectW.restype = kernel32.GetCurrentProcess.restype = ctypes.c_void_p
    kernel32.SetInformationJobObject.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_uint32]
    kernel32.AssignProcessToJobObject.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    kernel32.CloseHandle.argtypes = [ctypes.c_void_p]
    job = kernel32.CreateJobObjectW(None, None)
    if not job:
        return False
    limits = _Limits(flags=_LIMIT_PROCESS_MEMORY, process_memory=max_bytes)
    size = ctypes.sizeof(limits)
    try:
        return bool(
            kernel32.SetInformationJobObject(job, _EXTENDED_LIMIT_INFORMATION, ctypes.byref(limits), size)
            and kernel32.AssignProcessToJobObject(job, kernel32.GetCurrentProcess())
        )
    finally:
        kernel32.CloseHandle(job)  # the job lasts as long as a process is in it


def memory_bytes(kernel32: Any) -> int:
    """The memory of this machine; 0 where Windows does not say."""
    memory = _Memory(size=ctypes.sizeof(_Memory))
    return int(memory.bytes[0]) if kernel32.GlobalMemoryStatusEx(ctypes.byref(memory)) else 0
