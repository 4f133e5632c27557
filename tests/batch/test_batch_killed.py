"""A run that dies at any step leaves nothing that the next one cannot put right."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from batches import KEEP, Listener, assert_sound, planned, query, run, write_table

from formcheck.batch import journal, results
from formcheck.batch.job import Keep
from formcheck.batch.results import Results
from formcheck.errors import InputError, OutputError
from formcheck.machine.storage import LocalStorage
from formcheck.results.batch_tables import BatchTables


def test_what_a_killed_run_left_half_written_goes(videos: list[Path], out: Path) -> None:
    run(out, videos[0])
    name = f".{'0' * 32}.part"
    left = [out / f"{name}.csv", out / f"{name}.json", out / ".batch" / "done" / f"{name}.json"]
    for path in left:
        path.write_bytes(b"half")
    assert planned(out, videos[0]) == []
    assert not any(path.exists() for path in left)


@pytest.mark.parametrize("rescore", [False, True])
def test_killed_at_any_step_of_replacing_its_files_a_session_has_files_of_one_run_or_no_report(
    rescore: bool, videos: list[Path], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException):
        pass

    keep = KEEP | {Keep.TIMESERIES}
    run(out, videos[0], keep=keep)
    [folder] = (out / "sessions").iterdir()
    old = {path.name: path.read_bytes() for path in folder.iterdir()}
    left_to_do = 0

    def counted(done: Callable[..., None]) -> Callable[..., None]:
        def step(self: LocalStorage, *arguments: Any) -> None:
            nonlocal left_to_do
            if arguments[-1].startswith("sessions/"):
                if left_to_do <= 0:
                    raise KilledError
                left_to_do -= 1
            done(self, *arguments)

        return step

    monkeypatch.setattr(LocalStorage, "remove", counted(LocalStorage.remove))
    monkeypatch.setattr(LocalStorage, "adopt", counted(LocalStorage.adopt))
    for steps in range(20):
        left_to_do = steps
        profile = "strict" if steps % 2 else "performance"
        try:
            run(out, *([] if rescore else [videos[0]]), keep=keep, profile=profile, rescore=rescore)
        except KilledError:
            there = {path.name: path.read_bytes() for path in folder.iterdir()}
            if "report.json" in there:
                assert there == old, f"mixed at step {steps}"
        else:
            break
        left_to_do = 99
        run(out, videos[0], keep=keep)
        assert {path.name for path in folder.iterdir()} == set(old)
        old = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert 2 < steps < 19


def run_without_tables(monkeypatch: pytest.MonkeyPatch, out: Path, videos: list[Path]) -> None:
    """A run that dies when all sessions are done and nothing of them is in the tables yet."""
    with monkeypatch.context() as patched:
        patched.setattr(Results, "fold", lambda _: None)
        patched.setattr(Results, "complete", lambda _: None)
        run(out, *videos)


def test_what_a_killed_run_left_in_the_journal_is_folded_by_the_next(
    videos: list[Path], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_without_tables(monkeypatch, out, videos)
    journal_file = next((out / ".batch" / "done").iterdir())
    journal_file.write_bytes(b"")  # a power cut
    assert len(planned(out, *videos)) == 1
    assert query(out, "select count(*) from {sessions}") == [(3,)]
    assert_sound(out)


def test_a_report_that_a_power_cut_has_cut_short_is_made_again(
    videos: list[Path], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_without_tables(monkeypatch, out, videos)
    report = next((out / "sessions").rglob("report.json"))
    report.write_bytes(b"")
    assert len(planned(out, *videos)) == 1
    assert report.stat().st_size > 1000
    assert_sound(out)


class _Killed(BaseException):
    """The power goes."""


class _DyingStorage(LocalStorage):
    """A folder of a machine whose power goes after some writes and removals."""

    def __init__(self, root: Path, verbs: int) -> None:
        super().__init__(root)
        self._left = verbs

    def write(self, name: str, content: bytes) -> None:
        self._live()
        super().write(name, content)

    def remove(self, name: str) -> None:
        self._live()
        super().remove(name)

    def _live(self) -> None:
        if not self._left:
            raise _Killed
        self._left -= 1


@pytest.mark.parametrize("table", ["sessions", "reps", "findings"])
@pytest.mark.parametrize("rescore", [False, True])
def test_a_damaged_part_that_was_removed_as_told_is_made_again(
    table: str, rescore: bool, videos: list[Path], out: Path, tmp_path: Path
) -> None:
    run(out, *videos)
    extra = write_table(tmp_path / "extra.parquet")
    part = out / "results" / table / "part-00000.parquet"
    part.write_bytes(b"garbage")
    with pytest.raises(InputError, match=f"{table}/part-00000.parquet; remove it, and the next run does"):
        run(out, *videos, extra)
    part.unlink()
    if table != "sessions" and rescore:
        assert len(planned(out, rescore=True)) == 3
        run(out, *videos, extra)
    else:
        assert len(set(planned(out, *videos, extra)) - {f"{tmp_path.name}/extra.parquet"}) == 3
    assert query(out, "select count(*) from {sessions}") == [(4,)]
    assert_sound(out)


@pytest.mark.parametrize("rescore", [False, True])
@pytest.mark.parametrize("folds", [False, True])
def test_a_run_killed_before_it_could_note_what_it_did_leaves_no_report_that_disagrees_with_the_tables(
    rescore: bool, folds: bool, videos: list[Path], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise _Killed

    run(out, *videos)
    with monkeypatch.context() as patched:
        patched.setattr(journal, "write_finished", die)
        if not folds:
            patched.setattr(Results, "fold", lambda _: None)
        with contextlib.suppress(_Killed):
            run(out, *videos, profile="strict", rescore=rescore)
    assert len(planned(out, *videos, rescore=rescore)) == 1
    for folder, profile in query(out, "select folder, profile from {sessions}"):
        report = json.loads((out / "sessions" / folder / "report.json").read_text(encoding="utf-8"))
        assert report["profile"] == profile == "standard"
    assert planned(out, *videos, rescore=rescore) == []
    assert_sound(out)


@pytest.mark.parametrize("verbs", [0, 1, 2, 3, 4, 5, 7, 9])
def test_a_fold_that_is_killed_anywhere_is_completed_by_the_next(
    videos: list[Path], out: Path, monkeypatch: pytest.MonkeyPatch, verbs: int
) -> None:
    monkeypatch.setattr(results, "PART_SESSIONS", 2)
    run(out, *videos)
    write_table(videos[0], depth_deg=120)
    extra = write_table(videos[0].with_name("another.parquet"), depth_deg=75)
    with monkeypatch.context() as patched:
        patched.setattr(Results, "fold", lambda _: None)
        run(out, *videos, extra)
    with contextlib.suppress(_Killed):
        Results(_DyingStorage(out, verbs)).fold()
    [[count, distinct]] = query(out, "select count(*), count(distinct session_id) from {sessions}")
    assert count == distinct >= 3
    assert planned(out, *videos, extra) == []
    assert query(out, "select count(*) from {sessions}") == [(4,)]
    assert_sound(out)


def test_full_parts_are_followed_by_new_ones_and_sessions_stay_in_theirs(
    videos: list[Path], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "PART_SESSIONS", 2)
    run(out, *videos)
    assert [path.name for path in sorted((out / "results" / "reps").iterdir())] == [
        "part-00000.parquet",
        "part-00001.parquet",
    ]
    write_table(videos[0], depth_deg=120)
    run(out, *videos, profile="performance")
    sizes = [len(rows) for _, rows in BatchTables(LocalStorage(out)).rows_by_part("sessions", ["session_id"])]
    assert sizes == [2, 1]
    assert_sound(out)


def test_the_tables_are_brought_up_to_date_during_a_run(
    videos: list[Path], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("formcheck.batch.run._FOLD_VIDEOS", 1)
    seen = []

    class Watcher(Listener):
        def tick(self, _: object) -> None:
            done = out / "results" / "sessions"
            seen.append(query(out, "select count(*) from {sessions}")[0][0] if done.exists() else 0)

    run(out, *videos, listener=Watcher())
    assert seen == [0, 1, 2]


def test_ctrl_c_keeps_what_is_done(videos: list[Path], out: Path) -> None:
    class Impatient(Listener):
        def tick(self, _: object) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(out, *videos, listener=Impatient())
    assert query(out, "select count(*) from {sessions}") == [(1,)]
    assert_sound(out)
    assert len(planned(out, *videos)) == 2


def test_a_second_run_at_the_same_time_is_told_who_writes(videos: list[Path], out: Path) -> None:
    with LocalStorage(out).exclusive(), pytest.raises(OutputError, match=f"process {os.getpid()}"):
        run(out, *videos)
    assert run(out, *videos).ok == 3
