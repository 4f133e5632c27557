from __future__ import annotations

import os
import platform
import socket
import subprocess
import sys
import threading

import pytest

from formcheck.machine import confine
from formcheck.machine.confine import ConfinementError, run_confined

if sys.platform != "linux":
    pytest.skip("threads are confined by a feature of Linux", allow_module_level=True)

FAMILIES = [socket.AF_INET, socket.AF_INET6, socket.AF_UNIX]


def open_and_close(family: socket.AddressFamily) -> None:
    socket.socket(family, socket.SOCK_DGRAM).close()


@pytest.mark.parametrize("family", FAMILIES)
def test_a_confined_thread_cannot_open_a_socket_and_the_others_can(family: socket.AddressFamily) -> None:
    with pytest.raises(PermissionError):
        run_confined(lambda: open_and_close(family), deny_sockets=True, deny_stderr=False)
    open_and_close(family)
    run_confined(lambda: open_and_close(family), deny_sockets=False, deny_stderr=True)


def test_a_confined_thread_cannot_look_up_a_name() -> None:
    with pytest.raises(OSError):  # noqa: PT011 - gaierror or PermissionError, as the resolver likes
        run_confined(lambda: socket.getaddrinfo("formcheck.invalid", 443), deny_sockets=True, deny_stderr=False)


def test_threads_started_by_a_confined_thread_stay_confined_after_it_has_ended() -> None:
    go, seen = threading.Event(), []

    def later() -> None:
        go.wait()
        try:
            open_and_close(socket.AF_INET)
        except PermissionError as error:
            seen.append(error)

    def start() -> threading.Thread:
        thread = threading.Thread(target=later)
        thread.start()
        return thread

    child = run_confined(start, deny_sockets=True, deny_stderr=False)
    go.set()
    child.join()
    assert len(seen) == 1


def test_only_the_confined_thread_loses_stderr() -> None:
    program = """
import os
from formcheck.machine.confine import run_confined
def write():
    for attempt in (lambda: os.write(2, b"hidden"), lambda: os.writev(2, [b"hidden"])):
        try:
            attempt()
        except PermissionError:
            os.write(1, b"denied ")
run_confined(write, deny_sockets=False, deny_stderr=True)
os.write(2, b"shown")
"""
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (finished.stdout, finished.stderr) == ("denied denied ", "shown")


def test_the_result_and_the_errors_of_the_call_come_through() -> None:
    assert run_confined(os.getpid, deny_sockets=True, deny_stderr=True) == os.getpid()
    with pytest.raises(ZeroDivisionError):
        run_confined(lambda: 1 // 0, deny_sockets=True, deny_stderr=True)


def test_with_nothing_to_deny_any_system_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    assert run_confined(lambda: "ran", deny_sockets=False, deny_stderr=False) == "ran"


def test_an_unknown_processor_is_an_error_before_the_call_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    ran: list[int] = []
    with pytest.raises(ConfinementError, match="riscv64"):
        run_confined(lambda: ran.append(1), deny_sockets=True, deny_stderr=True)
    assert ran == []


def test_a_filter_that_the_kernel_refuses_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confine, "_program", lambda *_args, **_kwargs: [(0xFFFF, 0, 0, 0)])
    with pytest.raises(ConfinementError, match="refused"):
        run_confined(lambda: None, deny_sockets=True, deny_stderr=True)
