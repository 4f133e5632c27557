"""How fast a batch is, what a worker needs, and what it costs to find out that everything is done.

    python -m benchmarks.batch throughput [--videos 8] [--seconds 20] [--model full]
    python -m benchmarks.batch resume [--sessions 100000]

``throughput`` makes clips from a sample, analyses them with one worker and with two, each in a run of
`formcheck batch` of its own, and then judges them again from their landmarks. ``resume`` makes a batch's tables for so
many invented sessions and as many empty files, and runs the part of a batch that finds out what is to do.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from formcheck.analysis import Settings
from formcheck.batch.job import Keep, settings_key
from formcheck.batch.plan import Wish, plan_videos
from formcheck.batch.results import Results
from formcheck.batch.sources import find_sources
from formcheck.machine.storage import LocalStorage
from formcheck.results.batch_schema import TABLES, Kind
from formcheck.results.batch_tables import PART_SESSIONS, BatchTables, schema_of

REPS, CHECKS = 10, 9


def family_memory_mb(pid: int) -> list[float]:
    """Resident megabytes of a process's children, their shared pages counted by share."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            facts = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
            if int(facts["PPid"]) == pid and "VmRSS" in facts:
                rollup = (status.parent / "smaps_rollup").read_text(encoding="utf-8")
                found.append(
                    next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024
                )
        except (OSError, StopIteration):
            continue
    return found


def timed_batch(*arguments: str) -> tuple[float, float]:
    """Seconds of a whole `formcheck batch`, and the most memory that one of its workers had, in megabytes."""
    command = [sys.executable, "-m", "formcheck", "batch", *arguments]
    started, peak_mb = time.perf_counter(), 0.0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak_mb = max(peak_mb, *family_memory_mb(process.pid), 0.0)
            time.sleep(0.2)
    if process.returncode:
        raise SystemExit(f"formcheck batch ended with {process.returncode}")
    return time.perf_counter() - started, peak_mb


def throughput(videos: int, seconds: float, model: str) -> None:
    from benchmarks.speed import Case, make_clip  # it loads OpenCV

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        frames = make_clip(root / "v" / "0.mp4", Case(seconds)) if (root / "v").mkdir() is None else 0
        for number in range(1, videos):
            shutil.copy(root / "v" / "0.mp4", root / "v" / f"{number}.mp4")
        print(f"{videos} clips of {seconds:.0f} s ({frames} frames, 1280x720), model {model}\n")
        print("| workers | seconds | videos/h | frames/s | memory of a worker |\n|---|---|---|---|---|")
        taken = {}
        for workers in (1, 2):
            arguments = (str(root / "v"), "--out", str(root / f"out{workers}"), "--model", model)
            taken[workers], peak_mb = timed_batch(*arguments, "--workers", str(workers))
            rate = videos / taken[workers]
            print(
                f"| {workers} | {taken[workers]:.1f} | {rate * 3600:.0f} | {rate * frames:.1f} | {peak_mb:.0f} MB |",
                flush=True,
            )
        print(f"\ntwo workers do {taken[1] / taken[2]:.2f} times as much as one")
        many = more_sessions(root, copies=400)
        again_s, _ = timed_batch("--out", str(root / "out1"), "--rescore", "--profile", "strict", "--workers", "2")
        each_s, before_s = again_s / many, taken[2] / videos
        print(f"judged again: {each_s * 1000:.0f} ms a video, {before_s / each_s:.0f} times as fast as from video")


def more_sessions(root: Path, copies: int) -> int:
    """Analyse copies of the landmarks that are there, so that judging again has something to do; how many there are."""
    landmarks = next((root / "out1" / "sessions").iterdir()) / "landmarks.parquet"
    for number in range(copies):
        shutil.copy(landmarks, root / f"{number}.parquet")
    timed_batch(*(str(root / f"{number}.parquet") for number in range(copies)), "--out", str(root / "out1"))
    return len(list((root / "out1" / "sessions").iterdir()))


def resume(sessions: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root, settings = Path(folder), Settings()
        key = settings_key(settings)
        (root / "v").mkdir()
        tables = BatchTables(LocalStorage(root / "out"))
        for part in range(-(-sessions // PART_SESSIONS)):
            numbers = range(part * PART_SESSIONS, min(sessions, (part + 1) * PART_SESSIONS))
            rows = [invented_session(root, number, key) for number in numbers]
            tables.replace(part_name("sessions", part), rows, schema_of("sessions"), key="session_id", staying=())
        add_the_rest(tables, root / "out", part + 1)
        for number in range(sessions):
            (root / "out" / "sessions" / f"{number}-{number:012x}").mkdir(parents=True)
        size_mb = sum(path.stat().st_size for path in (root / "out" / "results").rglob("*.parquet")) / 1e6
        print(
            f"{sessions} sessions, {sessions * REPS} repetitions, {sessions * REPS * CHECKS} findings: {size_mb:.0f} MB"
        )
        started = time.perf_counter()
        wish = Wish(settings, frozenset({Keep.REPORT, Keep.LANDMARKS}), str(root / "out"))
        sources = find_sources([str(root / "v")]).sources
        found_s = time.perf_counter() - started
        storage = LocalStorage(root / "out")
        plan = plan_videos(sources, Results(storage), set(storage.names("sessions")), wish)
        print(
            f"{plan.done} done, {len(plan.jobs)} to do; found in {time.perf_counter() - started:.1f} s "
            f"({found_s:.1f} s of it listing the files)"
        )


def invented_session(root: Path, number: int, key: str) -> dict[str, Any]:
    """A row of ``sessions`` that is up to date with an empty file, which is made, too."""
    path = root / "v" / f"{number}.mp4"
    path.touch()
    facts = path.stat()
    return invented("sessions") | {
        "session_id": f"{number:016x}",
        "path": f"v/{number}.mp4",
        "location": str(path),
        "folder": f"{number}-{number:012x}",
        "content_sha256": f"{number:064x}",
        "file_stamp": f"{facts.st_size}-{facts.st_mtime_ns}",
        "settings_key": key,
        "formcheck_version": version("formcheck"),
        "rep_count": REPS,
        "kept": "landmarks,report",
    }


def add_the_rest(tables: BatchTables, out: Path, parts: int) -> None:
    """Repetitions and findings of one part, and the same file for the others: they tell the size and are not read."""
    for table, each in (("reps", REPS), ("findings", REPS * CHECKS)):
        rows = [
            invented(table) | {"session_id": f"{number:016x}"} for number in range(PART_SESSIONS) for _ in range(each)
        ]
        tables.replace(part_name(table, 0), rows, schema_of(table), key="session_id", staying=())
        for part in range(1, parts):
            shutil.copy(out / part_name(table, 0), out / part_name(table, part))


def part_name(table: str, part: int) -> str:
    return f"results/{table}/part-{part:05d}.parquet"


def invented(table: str) -> dict[str, Any]:
    """One row with numbers as hard to compress as measured ones."""
    return {
        column.name: random.random() if column.kind is Kind.NUMBER else "some text"  # noqa: S311 - nothing is secret
        for column in TABLES[table]
        if column.kind in {Kind.NUMBER, Kind.WORD, Kind.TEXT}
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("throughput", "resume"))
    parser.add_argument("--videos", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--model", default="full")
    parser.add_argument("--sessions", type=int, default=100_000)
    options = parser.parse_args()
    if options.what == "resume":
        resume(options.sessions)
    else:
        os.environ.setdefault("PYTHONPATH", str(Path(__file__).resolve().parents[1]))
        throughput(options.videos, options.seconds, options.model)


if __name__ == "__main__":
    main()
