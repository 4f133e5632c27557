"""A real cluster of two nodes on this machine, one of which is killed in the middle of a run."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from batches import assert_sound, query, write_table
from commands import assert_one_error_line, formcheck

from formcheck.analysis import Settings
from formcheck.batch.cluster import do_on_node
from formcheck.batch.job import Source, VideoJob
from formcheck.errors import FormcheckError

pytest.importorskip("ray", reason="needs the extra cluster")
if shutil.which("ray") is None:
    pytest.skip("the command ray is not in the path", allow_module_level=True)

ROOT = Path(__file__).resolve().parents[2]
VIDEOS, REPS = 40, 12
MEMORY = "--object-store-memory=80000000"


def wait_for(condition: Callable[[], object], seconds: float = 90.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.1)


def commands_below(ancestor: int) -> str:
    """The command lines of a process's children, theirs, and so on."""
    parents, commands = {}, {}
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parents[int(process.name)] = int((process / "stat").read_text("utf-8").rpartition(")")[2].split()[1])
            commands[int(process.name)] = (process / "cmdline").read_text("utf-8").replace("\0", " ")
    family = {ancestor}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return "\n".join(commands.get(member, "") for member in family)


class Nodes:
    """Nodes of one cluster, each a session of processes of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment, self._started = environment, list[subprocess.Popen[bytes]]()
        self.folder = Path(tempfile.mkdtemp(prefix="ray"))  # names of sockets have room for a short path only

    def start(self, *options: str) -> int:
        """Start a node; the id of its session once it runs."""
        log = self.folder / f"{len(self._started)}.log"
        command = ["ray", "start", *options, "--num-cpus=1", MEMORY, "--disable-usage-stats", "--block"]
        with log.open("wb") as file:
            node = subprocess.Popen(
                command, stdout=file, stderr=file, env=self._environment, start_new_session=True, cwd=self.folder
            )
        self._started.append(node)
        wait_for(lambda: b"runtime started" in log.read_bytes() or node.poll() is not None)
        assert node.poll() is None, log.read_text(encoding="utf-8")
        return node.pid

    def kill(self, session: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(session, signal.SIGKILL)

    def end(self) -> None:
        for node in self._started:
            self.kill(node.pid)
            node.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture
def environment() -> dict[str, str]:
    ours = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32), "RAY_USAGE_STATS_ENABLED": "0"}
    return {**os.environ, **ours, "PYTHONPATH": str(ROOT)}


@pytest.fixture
def nodes(environment: dict[str, str]) -> Iterator[Nodes]:
    nodes = Nodes(environment)
    yield nodes
    nodes.end()


@pytest.mark.skipif(sys.platform != "linux", reason="finds the processes of a node in /proc")
def test_a_run_is_complete_though_a_node_dies_in_the_middle(
    tmp_path: Path, nodes: Nodes, environment: dict[str, str]
) -> None:
    template = write_table(tmp_path / "squat.parquet", reps=REPS)
    for number in range(VIDEOS):
        shutil.copy(template, tmp_path / f"{number:02d}.parquet")
    names = "\n".join(f"{number:02d}.parquet" for number in range(VIDEOS))
    (tmp_path / "manifest.csv").write_text(f"path\n{names}\n", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    port = address.rpartition(":")[2]
    nodes.start("--head", f"--port={port}", "--include-dashboard=false", f"--temp-dir={nodes.folder}")
    second = nodes.start(f"--address={address}")
    command = [sys.executable, "-m", "formcheck", "batch", "manifest.csv", "--out", "out", "--cluster", address]
    run = subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    done = tmp_path / "out" / ".batch" / "done"
    wait_for(lambda: done.exists() and any(done.iterdir()) and "multiprocessing" in commands_below(second))
    assert run.poll() is None
    nodes.kill(second)
    told, talk = run.communicate(timeout=120)
    assert run.returncode == 0, told + talk
    assert told.splitlines()[0] == f"videos: {VIDEOS} done, 0 done before, 0 failed"
    assert query(tmp_path / "out", "select count(*) from {sessions}") == [(VIDEOS,)]
    assert_sound(tmp_path / "out")


def test_a_cluster_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    write_table(tmp_path / "squat.parquet")
    arguments = ("batch", "squat.parquet", "--cluster", "127.0.0.1:9")
    assert_one_error_line(formcheck(*arguments, cwd=tmp_path))


def test_a_node_with_another_version_is_told() -> None:
    job = VideoJob(Source("a.mp4", "a.mp4", {}), Settings(), "key", frozenset(), "out")
    with pytest.raises(FormcheckError, match="every node"):
        do_on_node(job, "0.0.0")
