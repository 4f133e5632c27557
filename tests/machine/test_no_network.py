"""Landmarking must not use the network, not even to look up a name. strace watches every thread of a child process."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from person_clip import clip_path

from formcheck.landmarks.estimator import MediaPipeEstimator, PersonFinder
from formcheck.landmarks.models import resolve_model
from formcheck.machine.native_log import NATIVE_LOG_VARIABLE

TESTS = Path(__file__).resolve().parents[1]

LANDMARKING = """
import time
from formcheck.landmarks.estimator import MediaPipeEstimator
from formcheck.landmarks.models import resolve_model
from person_clip import person_frames
for frame_count in {frame_counts}:
    with MediaPipeEstimator(resolve_model("lite"), usage_metrics={usage_metrics}) as estimator:
        for frame in person_frames(frame_count):
            estimator.estimate(frame)
time.sleep(1)  # an upload in the background would start now
"""

# Nothing leaves the machine in the control runs either: strace answers these calls in the kernel's place.
INJECTED = "inject=connect,sendto,sendmsg,sendmmsg:error=ENETUNREACH"

_REACHING_OUT = re.compile(r"(connect|bind|sendto|sendmsg|sendmmsg)\(.*(AF_INET|nscd|systemd/resolve)")
_INTERNET_SOCKET = re.compile(r"socket\(AF_INET6?, .* = \d+$")


def traced(program: str, tmp_path: Path, *options: str) -> list[str]:
    """The network system calls of a Python program and all its threads, one a line."""
    if sys.platform != "linux" or shutil.which("strace") is None:
        pytest.skip("no strace on this system; test_every_thread_of_mediapipe_is_confined checks the cause instead")
    trace = tmp_path / "trace.txt"
    command = ["strace", "-f", "-qq", "-e", "trace=network", "-o", str(trace)]
    for option in options:
        command += ["-e", option]
    environment = {**os.environ, "PYTHONPATH": f"{TESTS.parent}{os.pathsep}{TESTS}"}
    finished = subprocess.run(
        [*command, sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environment
    )
    if "ptrace" in finished.stderr and "not permitted" in finished.stderr:
        pytest.skip("strace may not trace processes here")
    assert finished.returncode == 0, finished.stderr
    return trace.read_text(encoding="utf-8", errors="replace").splitlines()


def network_use(lines: list[str]) -> list[str]:
    """Calls that reach out, or open a socket that could; a socket that the kernel denied reaches nothing."""
    return [line for line in lines if _REACHING_OUT.search(line) or _INTERNET_SOCKET.search(line)]


def test_landmarking_300_frames_opens_no_internet_socket_and_looks_up_no_name(tmp_path: Path) -> None:
    clip_path()  # skips here if there is no clip
    lines = traced(LANDMARKING.format(frame_counts=(300, 5), usage_metrics=False), tmp_path)
    assert network_use(lines) == []
    assert any("EACCES" in line for line in lines)  # the uploader was there, and was denied


def test_the_watch_would_see_the_usage_metrics(tmp_path: Path) -> None:
    clip_path()
    lines = traced(LANDMARKING.format(frame_counts=(5,), usage_metrics=True), tmp_path, INJECTED)
    assert any(line for line in network_use(lines) if "connect(" in line)


@pytest.mark.parametrize(
    "call",
    [
        "socket.getaddrinfo('formcheck.invalid', 443)",
        "socket.create_connection(('127.0.0.1', 9))",
        "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendto(b'x', ('::1', 9))",
    ],
)
def test_the_watch_sees_look_ups_connections_and_packets(tmp_path: Path, call: str) -> None:
    program = f"import contextlib, socket\nwith contextlib.suppress(OSError):\n    {call}\n"
    assert network_use(traced(program, tmp_path, INJECTED))


def status_of(task: Path) -> str:
    """What the system says of a thread; nothing once it has ended."""
    try:
        return (task / "status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


@pytest.mark.skipif(sys.platform != "linux", reason="threads are confined by a feature of Linux")
@pytest.mark.parametrize("landmarker", [MediaPipeEstimator, PersonFinder])
def test_every_thread_of_mediapipe_is_confined(
    monkeypatch: pytest.MonkeyPatch, landmarker: type[MediaPipeEstimator | PersonFinder]
) -> None:
    monkeypatch.setenv(NATIVE_LOG_VARIABLE, "1")  # so that sockets are the only thing left to deny
    tasks = Path("/proc/self/task")
    before = {task.name for task in tasks.iterdir()}
    with landmarker(resolve_model("lite")):
        started = [task for task in tasks.iterdir() if task.name not in before]
        modes = [re.search(r"^Seccomp:\s*(\d)", text, re.MULTILINE) for text in map(status_of, started) if text]
    assert len(modes) >= 2  # the one that makes the calls and the uploader, at the least
    assert all(mode is not None and mode[1] == "2" for mode in modes)  # 2 is filtered, proc_pid_status(5)


def test_this_process_keeps_its_network_and_its_proxies() -> None:
    program = """
import os, socket
from formcheck.landmarks.estimator import MediaPipeEstimator
from formcheck.landmarks.models import resolve_model
def proxies():
    return {name: value for name, value in os.environ.items() if "proxy" in name.lower()}
before = proxies()
with MediaPipeEstimator(resolve_model("lite")):
    assert proxies() == before
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        print("connected")
"""
    environment = {**os.environ, "PYTHONPATH": str(TESTS.parent), "no_proxy": "localhost"}
    finished = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    )
    assert finished.stdout == "connected\n"
