"""Batches for tests: landmark tables stand in for videos, which makes a run a matter of milliseconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from bodies import squats

from formcheck.analysis import Settings
from formcheck.batch.job import JobOutcome, Keep, VideoJob
from formcheck.batch.plan import Wish
from formcheck.batch.run import Executor, Outcomes, Tally, run_batch
from formcheck.batch.video import do_video
from formcheck.landmarks.recording import Recording

KEEP = frozenset({Keep.REPORT, Keep.LANDMARKS})


def write_table(path: Path, *, reps: int = 1, depth_deg: float = 100.0, yaw_deg: float = 90.0) -> Path:
    """A recording of squats, as landmarks."""
    pose = squats(reps, depth_deg=depth_deg, yaw_deg=yaw_deg)
    video: dict[str, Any] = {"name": f"{path.stem}.mp4", "frames": len(pose), "duration_s": 4.0, "rotation": 0}
    video |= {"width": pose.width_px, "height": pose.height_px, "complete": True, "reason": None}
    path.parent.mkdir(parents=True, exist_ok=True)
    Recording(pose, video, {"name": "full", "sha256": "0" * 64}).save(path)
    return path


class Listener:
    """A reporter that remembers."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.planned: list[str] = []
        self.outcomes: list[JobOutcome] = []

    def note(self, text: str) -> None:
        self.notes.append(text)

    def begin(self, jobs: Sequence[VideoJob], done: int) -> None:  # noqa: ARG002 - as run_batch calls it
        self.planned = [job.source.path for job in jobs]

    def tick(self, outcome: JobOutcome | None) -> None:
        self.outcomes += [outcome] if outcome else []


@contextmanager
def here(jobs: Sequence[VideoJob]) -> Iterator[Outcomes]:
    """Jobs done in this process, one after the other."""
    yield (do_video(job, lambda _: None) for job in jobs)


def run(
    out: Path,
    *paths: Path | str,
    keep: frozenset[Keep] = KEEP,
    execute: Executor = here,
    rescore: bool = False,
    listener: Listener | None = None,
    **settings: Any,
) -> Tally:
    """A run into ``out``, without pages unless ``write_page`` asks for them: they take longer than all the rest."""
    wish = Wish(Settings(**{"write_page": False, **settings}), keep, str(out))
    return run_batch([*map(str, paths)], wish, execute, listener or Listener(), rescore=rescore)


def planned(out: Path, *paths: Path | str, **options: Any) -> list[str]:
    """What a run has to do; it does it."""
    listener = Listener()
    run(out, *paths, listener=listener, **options)
    return listener.planned


def query(out: Path, sql: str) -> list[tuple[Any, ...]]:
    """DuckDB's answer; ``{sessions}`` and the like stand for the tables as a user names them."""
    tables = {name: f"'{out}/results/{name}/*.parquet'" for name in ("sessions", "reps", "findings", "failures")}
    with duckdb.connect() as connection:
        return connection.execute(sql.format(**tables)).fetchall()


def assert_sound(out: Path) -> None:
    """No session twice, no repetition or finding without its session, a folder for each, nothing unfinished."""
    [[count, distinct, locations]] = query(
        out, "select count(*), count(distinct session_id), count(distinct location) from {sessions}"
    )
    assert count == distinct == locations
    for table in ("reps", "findings"):
        orphans = "select count(*) from {%s} where session_id not in (select session_id from {sessions})"
        assert query(out, orphans % table) == [(0,)]
    assert query(
        out, "select count(*) from (select session_id, rep_number from {reps} group by all having count(*) > 1)"
    ) == [(0,)]
    reps = "select (select sum(rep_count) from {sessions}), (select count(*) from {reps})"
    assert len(set(query(out, reps)[0])) == 1
    folders = {folder for [folder] in query(out, "select folder from {sessions} where kept <> ''")}
    assert {path.name for path in (out / "sessions").iterdir()} == folders
    assert [path for path in out.rglob("*") if ".part" in path.name] == []
    assert list((out / ".batch" / "done").glob("*")) == []
