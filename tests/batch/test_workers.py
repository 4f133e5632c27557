from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from batch_work import do_or_die, obey
from batches import assert_sound, query, run, write_table

from formcheck.analysis import Settings
from formcheck.batch import run as runs
from formcheck.batch import workers
from formcheck.batch.job import Source, Status, VideoJob
from formcheck.batch.run import Outcomes, outcome_of
from formcheck.batch.workers import Crash, Overdue, Workers, _cause

#: By its number, since Windows has no name for it.
KILL = 9
TESTS = Path(__file__).resolve().parents[1]


def ends(jobs: list[str], workers: int = 1, limit_s: float = 60.0) -> dict[str, str | Crash | Overdue]:
    with Workers(obey, workers, lambda _: limit_s) as pool:
        return dict(end for end in pool.results(jobs) if end is not None)


def wait_until_gone(pid: int) -> bool:
    for _ in range(1200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS takes a limit and does not heed it")
def test_a_worker_that_takes_more_memory_than_its_share_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "fair_share_bytes", lambda _: 1_500_000_000)
    done = ends(["take 2e9", "take 1e8"])
    assert done == {"take 2e9": "the memory is full", "take 1e8": "took 100000000 bytes"}


def test_every_job_comes_back_with_its_result() -> None:
    jobs = [f"job {number}" for number in range(20)]
    assert ends(jobs, workers=2) == {job: f"did {job}" for job in jobs}


def test_a_worker_that_dies_costs_its_own_job_only() -> None:
    jobs = ["a", f"signal {signal.SIGSEGV:d}", "b", "exit 7", "c", f"signal {KILL}", "d"]
    found = ends(jobs)
    assert {job for job, end in found.items() if end == f"did {job}"} == {"a", "b", "c", "d"}
    assert "SIGSEGV" in found[jobs[1]].reason
    assert "exit code 7" in found["exit 7"].reason
    assert "memory" in found[jobs[5]].reason


def test_an_unexpected_error_in_a_worker_is_one_line_about_its_own_job() -> None:
    found = ends(["a", "fault never thought of", "b"])
    assert (found["a"], found["b"]) == ("did a", "did b")
    crash = found["fault never thought of"]
    assert isinstance(crash, Crash)
    assert crash.reason.startswith("a fault of formcheck itself while working on a job (ValueError: never thought of)")


def test_an_end_by_an_exception_of_windows_is_called_a_crash() -> None:
    assert _cause(0xC0000005) == "the worker process crashed (0xc0000005)"


def test_a_worker_that_hangs_is_ended_and_the_others_go_on() -> None:
    assert ends(["hang", "a", "b"], limit_s=2.0) == {"hang": Overdue(2.0), "a": "did a", "b": "did b"}


def test_a_worker_may_allow_its_job_more_or_less_time() -> None:
    assert ends(["allow 60"], limit_s=2.0) == {"allow 60": "did allow 60"}
    assert ends(["allow 0.1"], limit_s=60) == {"allow 0.1": Overdue(0.1)}


def test_one_process_does_many_jobs() -> None:
    assert len(set(ends(["pid 1", "pid 2", "pid 3"]).values())) == 1


def test_a_worker_that_dies_between_two_jobs_is_replaced() -> None:
    with Workers(obey, 1, lambda _: 60.0) as pool:
        found = pool.results(["pid", "a", "b"])
        for end in found:
            if end:
                os.kill(int(end[1]), KILL)
                break
        rest = [end for end in found if end is not None]
    assert isinstance(rest[0][1], Crash)  # it was given its job already, or not: the job is a row and the run goes on
    assert rest[1] == ("b", "did b")


def test_libraries_get_one_thread_and_their_noise_is_not_shown(capfd: pytest.CaptureFixture[str]) -> None:
    assert ends(["noise", "threads"])["threads"] == "1"
    assert capfd.readouterr().err == ""


def test_leaving_ends_the_workers_in_the_middle_of_their_work(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    with Workers(obey, 1, lambda _: 60.0) as pool:
        for _ in pool.results([f"tell {told}"]):
            if told.exists() and told.read_text(encoding="utf-8"):
                break
    assert wait_until_gone(int(told.read_text(encoding="utf-8")))


def test_workers_die_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    program = f"""
from batch_work import obey
from formcheck.batch.workers import Workers
if __name__ == "__main__":
    with Workers(obey, 1, lambda _: 60.0) as pool:
        list(pool.results(["tell {told}"]))
"""
    script = tmp_path / "parent.py"
    script.write_text(program, encoding="utf-8")
    path = os.pathsep.join([str(TESTS.parent), str(TESTS)])
    with subprocess.Popen([sys.executable, script], env={**os.environ, "PYTHONPATH": path}) as parent:
        while not (told.exists() and told.read_text(encoding="utf-8")):
            time.sleep(0.05)
        parent.kill()
    assert wait_until_gone(int(told.read_text(encoding="utf-8")))


@contextmanager
def dangerous(jobs: Sequence[VideoJob]) -> Iterator[Outcomes]:
    with Workers(do_or_die, 2, lambda _: 60.0) as pool:
        yield (outcome_of(*end) if end else None for end in pool.results(jobs))


def test_a_native_crash_and_a_hang_each_cost_one_row(tmp_path: Path) -> None:
    videos = [write_table(tmp_path / "v" / f"{name}.parquet") for name in ("a", "segfault", "hangs", "b")]
    tally = run(tmp_path / "out", *videos, execute=dangerous)
    assert tally.ok == 2
    assert {(failure.path, failure.status) for failure in tally.failures} == {
        ("v/segfault.parquet", Status.CRASHED),
        ("v/hangs.parquet", Status.TIMEOUT),
    }
    rows = dict(query(tmp_path / "out", "select status, error from {failures}"))
    assert "SIGSEGV" in rows["crashed"]
    assert "--timeout" in rows["timeout"]
    assert_sound(tmp_path / "out")
    assert run(tmp_path / "out", *videos).ok == 2  # the next run, where nothing goes wrong


@pytest.mark.parametrize(("videos", "workers", "each"), [(1, 2, [2]), (1, 8, [8]), (2, 8, [4, 4]), (3, 2, [1, 1, 1])])
def test_few_videos_share_all_cores_and_many_take_one_each(
    videos: int, workers: int, each: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[VideoJob] = []

    class Noting:
        def __init__(self, _work: object, count: int, _limit_s: object) -> None:
            assert count == min(videos, workers)

        def __enter__(self) -> Noting:
            return self

        def __exit__(self, *_: object) -> None: ...

        def results(self, jobs: Iterator[VideoJob]) -> Iterator[None]:
            given.extend(jobs)
            return iter(())

    monkeypatch.setattr(runs, "Workers", Noting)
    jobs = [VideoJob(Source(f"{n}.mp4", f"{n}.mp4", {}), Settings(), "key", frozenset(), "out") for n in range(videos)]
    with runs.on_this_machine(workers)(jobs) as outcomes:
        assert list(outcomes) == []
    assert [job.settings.cores for job in given] == each
