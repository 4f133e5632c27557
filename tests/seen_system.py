"""``FORMCHECK_TEST_AS=windows pytest`` (or ``macos``): formcheck and its tests see that system, all else sees this one.

What is of another system is hidden from them: modules cannot be imported, names are not there, ``sys.platform`` says
what it says there. So threads cannot be confined either, and the tests need MediaPipe 0.10.33. Processes that they
start see the same, by ``sitecustomize.py`` beside this file. What only Windows has is played here by Linux, where it is
called; it proves the calls, not Windows.
"""

from __future__ import annotations

import builtins
import errno
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

VARIABLE = "FORMCHECK_TEST_AS"
_TESTS = str(Path(__file__).resolve().parent)
_PLATFORMS = {"windows": "win32", "macos": "darwin"}
_HIDDEN_MODULES = {
    "windows": {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"},
    "macos": {"msvcrt", "winreg"},
}
_OF_LINUX = {
    "os": "sched_getaffinity sched_setaffinity memfd_create pidfd_open copy_file_range sendfile",
    "signal": "sigwaitinfo sigtimedwait",
}
_OF_POSIX = {
    "os": "chown chroot ctermid fchdir fchmod fchown fork forkpty getegid geteuid getgid getgrouplist getgroups "
    "getloadavg getpgid getpgrp getpriority getresuid getsid getuid initgroups killpg lchown lockf major makedev "
    "minor mkfifo mknod nice openpty pathconf posix_fadvise posix_fallocate posix_spawn pread pwrite readv "
    "sched_yield setegid seteuid setgid setgroups setpgid setpriority setsid setuid statvfs sync sysconf tcgetpgrp "
    "tcsetpgrp ttyname uname wait wait3 wait4 waitid writev WNOHANG O_CLOEXEC O_NOFOLLOW O_NONBLOCK O_DIRECTORY",
    "signal": "SIGKILL SIGHUP SIGQUIT SIGALRM SIGCHLD SIGCONT SIGPIPE SIGSTOP SIGTSTP SIGUSR1 SIGUSR2 SIGXCPU SIGXFSZ "
    "SIG_BLOCK SIG_SETMASK SIG_UNBLOCK alarm getitimer pause pthread_kill pthread_sigmask setitimer siginterrupt "
    "sigpending sigwait",
    "socket": "AF_UNIX",
    "time": "clock_settime tzset",
}


class _Seen(ModuleType):
    """A module without some names, and with others in place of its own; what is set in it is set in the module."""

    def __init__(self, real: ModuleType, hidden: set[str], other: Mapping[str, Any]) -> None:
        for name, value in (("_real", real), ("_hidden", hidden), ("_other", other), ("__name__", real.__name__)):
            object.__setattr__(self, name, value)

    @property
    def __dict__(self) -> dict[str, Any]:  # type: ignore[override]
        """Of the module: pytest takes from here what it puts back."""
        return self._real.__dict__

    def __getattr__(self, name: str) -> Any:
        if name in self._other:
            return self._other[name]
        if name in self._hidden:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return getattr(self._real, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._real, name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._real, name)


def _locking(descriptor: int, _mode: int, _size: int) -> None:
    """``msvcrt.locking``, as far as formcheck calls it: one byte, without waiting."""
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise PermissionError(errno.EACCES, "Permission denied") from None


def _kernel32(_name: str) -> SimpleNamespace:
    """``ctypes.WinDLL("kernel32")``, as far as formcheck calls it: a job of one process, held by what Linux has."""
    import ctypes
    import resource

    allowed: dict[str, int] = {}

    def set_information(_job: int, _kind: int, limits: Any, _size: int) -> int:
        allowed["bytes"] = int(ctypes.c_size_t.from_buffer(limits._obj, 112).value)  # ProcessMemoryLimit
        return 1

    def assign(_job: int, _process: int) -> int:
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        most = allowed["bytes"] if hard == resource.RLIM_INFINITY else min(allowed["bytes"], hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
        return 1

    return SimpleNamespace(
        CreateJobObjectW=lambda _security, _name: 1,
        GetCurrentProcess=lambda: -1,
        SetInformationJobObject=set_information,
        AssignProcessToJobObject=assign,
        CloseHandle=lambda _job: 1,
        GlobalMemoryStatusEx=lambda _memory: 0,
    )


def _played(system: str) -> dict[str, Any]:
    """Modules that are not on this system."""
    played = {"cv2_enumerate_cameras": SimpleNamespace(enumerate_cameras=lambda _backend: [])}
    if system == "windows":
        played["msvcrt"] = SimpleNamespace(locking=_locking, LK_NBLCK=2)
    return played


def install() -> None:
    """From now on the system that the variable names is seen; does nothing where it is not set."""
    system = os.environ.get(VARIABLE)
    if not system or hasattr(builtins, "_seen_system"):
        return
    hidden: dict[str, set[str]] = {}
    for names in (_OF_LINUX, _OF_POSIX) if system == "windows" else (_OF_LINUX,):
        for module, text in names.items():
            hidden.setdefault(module, set()).update(text.split())
    other: dict[str, Mapping[str, Any]] = {"sys": {"platform": _PLATFORMS[system]}}
    if system == "windows":
        other["os"] = {"name": "nt"}
        other["ctypes"] = {"WinDLL": _kernel32}
    seen = {
        name: _Seen(builtins.__import__(name), hidden.get(name, set()), other.get(name, {}))
        for name in hidden.keys() | other.keys()
    }
    played, usual, usual_by_name = _played(system), builtins.__import__, importlib.import_module

    def import_module(name: str, package: str | None = None) -> ModuleType:
        if _is_ours(sys._getframe(1).f_globals):
            _refuse_hidden(name, system)
        return usual_by_name(name, package)

    def importing(
        name: str,
        globals: Mapping[str, Any] | None = None,  # noqa: A002 - the names that __import__ has
        locals: Mapping[str, Any] | None = None,  # noqa: A002
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:
        if level or globals is None or not _is_ours(globals):
            return usual(name, globals, locals, fromlist, level)
        _refuse_hidden(name, system)
        if name in played:
            return played[name]
        found = usual(name, globals, locals, fromlist, level)
        return seen.get(found.__name__, found)

    builtins.__import__ = importing  # type: ignore[assignment]
    importlib.import_module = import_module
    builtins._seen_system = system  # type: ignore[attr-defined]


def _refuse_hidden(name: str, system: str) -> None:
    if name.partition(".")[0] in _HIDDEN_MODULES[system]:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def _is_ours(names: Mapping[str, Any]) -> bool:
    if str(names.get("__name__", "")).partition(".")[0] == "formcheck":
        return True
    path = str(names.get("__file__") or "")
    return path.startswith(_TESTS) and not path.endswith("seen_system.py")


def platform_seen() -> str:
    """``sys.platform`` as formcheck sees it."""
    return _PLATFORMS.get(os.environ.get(VARIABLE, ""), sys.platform)
