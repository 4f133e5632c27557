from __future__ import annotations

import contextlib
import csv
import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from batches import KEEP, Listener, assert_sound, here, planned, query, run, write_table
from rich.console import Console

from formcheck.analysis import Analysis, Missing, Settings, analyze_to_folder
from formcheck.batch import journal, results
from formcheck.batch.job import Keep, Status, settings_key
from formcheck.batch.plan import Wish
from formcheck.batch.results import Results
from formcheck.batch.run import run_batch
from formcheck.cli.batching import _tell
from formcheck.errors import FormcheckError, InputError, OutputError, ProfileError
from formcheck.landmarks.models import resolve_model
from formcheck.machine.storage import LocalStorage
from formcheck.results.batch_tables import BatchTables


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here survives a power cut, so nothing has to wait for the disk."""
    monkeypatch.setattr("os.sync", lambda: None)


@pytest.fixture
def videos(tmp_path: Path) -> list[Path]:
    """Three recordings, two of them of one name."""
    names = ("monday/squat.parquet", "tuesday/squat.parquet", "tuesday/Kniebeuge 深蹲 ä.parquet")
    return [write_table(tmp_path / "v" / name, depth_deg=90 + 5 * number) for number, name in enumerate(names)]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def test_every_recording_becomes_a_session_with_its_rows_and_files(videos: list[Path], out: Path) -> None:
    tally = run(out, *videos)
    assert (tally.ok, tally.before, tally.failures) == (3, 0, [])
    assert_sound(out)
    rows = query(
        out, "select path, exercise, plane, rep_count, complete, model, judged_from from {sessions} order by path"
    )
    assert [row[0] for row in rows] == [
        "monday/squat.parquet",
        "tuesday/Kniebeuge 深蹲 ä.parquet",
        "tuesday/squat.parquet",
    ]
    assert {row[1:] for row in rows} == {("squat", "side", 1, True, "full", "video")}
    for folder, score in query(out, "select folder, form_score from {sessions}"):
        report = json.loads((out / "sessions" / folder / "report.json").read_text(encoding="utf-8"))
        assert report["summary"]["form_score"] == score
        assert (out / "sessions" / folder / "landmarks.parquet").is_file()


def test_rows_say_what_the_report_says(videos: list[Path], out: Path) -> None:
    run(out, videos[0])
    [[folder]] = query(out, "select folder from {sessions}")
    [rep] = json.loads((out / "sessions" / folder / "report.json").read_text(encoding="utf-8"))["reps"]
    [values] = query(
        out, "select left_knee_flexion_deg, eccentric_s, left_knee_flexion_deg_uncertainty, bottom_s from {reps}"
    )
    told = [rep["measures"]["left_knee_flexion_deg"], rep["measures"]["eccentric_s"]]
    assert list(values) == [*told, rep["uncertainty"]["left_knee_flexion_deg"], rep["bottom_s"]]
    findings = query(out, 'select "check", side, value, verdict, cue from {findings}')
    assert sorted(map(str, findings)) == sorted(
        str(tuple(found[key] for key in ("check", "side", "value", "verdict", "cue"))) for found in rep["findings"]
    )


def test_the_summary_has_one_row_a_session_and_one_a_failure(videos: list[Path], out: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video")
    run(out, *videos, broken)
    lines = (out / "summary.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + 4
    assert sum(',"error",' in line for line in lines[1:]) == 1


def test_a_video_that_failed_later_keeps_its_one_row_in_the_summary(videos: list[Path], out: Path) -> None:
    run(out, *videos)
    videos[0].write_bytes(b"no table")
    run(out, *videos)
    with (out / "summary.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["path"]: row for row in csv.DictReader(file)}
    assert len((out / "summary.csv").read_text(encoding="utf-8").splitlines()) == 1 + 3
    assert [row["status"] for row in rows.values()] == ["error" if path.startswith("monday") else "ok" for path in rows]
    assert "Parquet" in rows["monday/squat.parquet"]["error"]
    assert rows["monday/squat.parquet"]["rep_count"] == "1", "what was known of it stays"


def test_judging_again_what_was_never_judged_is_refused(videos: list[Path], out: Path) -> None:
    run(out, videos[0])
    with pytest.raises(InputError, match="got 2 without; run without --rescore first"):
        run(out, *videos[1:], rescore=True)


def test_what_a_killed_run_left_half_written_goes(videos: list[Path], out: Path) -> None:
    run(out, videos[0])
    name = f".{'0' * 32}.part"
    left = [out / f"{name}.csv", out / f"{name}.json", out / ".batch" / "done" / f"{name}.json"]
    for path in left:
        path.write_bytes(b"half")
    assert planned(out, videos[0]) == []
    assert not any(path.exists() for path in left)


def test_results_without_a_place_are_refused(videos: list[Path]) -> None:
    with pytest.raises(InputError, match="got an empty name; give --out DIR"):
        run_batch([str(videos[0])], Wish(Settings(), KEEP, ""), here, Listener())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are POSIX's")
def test_a_pipe_is_no_video_and_nobody_waits_for_it(videos: list[Path], out: Path) -> None:
    os.mkfifo(videos[0].with_name("pipe.mp4"))
    [failure] = run(out, videos[0].with_name("pipe.mp4")).failures
    assert "no file" in str(failure.error)


def test_all_tables_can_be_read_where_every_video_failed(tmp_path: Path, out: Path) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    run(out, tmp_path / "broken.mp4")
    assert query(out, "select count(*) from {sessions}, {reps}, {findings}") == [(0,)]
    assert query(out, "select count(*) from {failures}") == [(1,)]


def test_two_recordings_that_changed_places_keep_their_sessions(tmp_path: Path, out: Path) -> None:
    a = write_table(tmp_path / "1" / "v" / "a.parquet", depth_deg=90)
    run(out, a)
    (tmp_path / "2" / "v").mkdir(parents=True)
    elsewhere = shutil.move(a, tmp_path / "2" / "v" / "a.parquet")
    write_table(a, depth_deg=120)
    run(out, elsewhere, profile="strict")
    run(out, a, profile="strict")
    run(out, a, elsewhere, profile="standard")
    assert query(out, "select count(*), count(distinct location) from {sessions}") == [(2, 2)]
    assert_sound(out)


def test_a_second_run_has_nothing_to_do(videos: list[Path], out: Path) -> None:
    run(out, *videos)
    before = {path: path.stat().st_mtime_ns for path in (out / "sessions").rglob("*")}
    assert planned(out, *videos) == []
    assert {path: path.stat().st_mtime_ns for path in (out / "sessions").rglob("*")} == before
    assert_sound(out)


def test_a_new_recording_is_all_that_a_later_run_does(videos: list[Path], out: Path) -> None:
    run(out, *videos[:2])
    assert planned(out, *videos) == ["tuesday/Kniebeuge 深蹲 ä.parquet"]
    assert_sound(out)


def test_a_changed_recording_is_done_again_and_replaces_its_session(videos: list[Path], out: Path) -> None:
    run(out, *videos)
    before = dict(query(out, "select path, session_id from {sessions}"))
    write_table(videos[0], depth_deg=120)
    assert planned(out, *videos) == ["monday/squat.parquet"]
    after = dict(query(out, "select path, session_id from {sessions}"))
    assert {path for path in after if before[path] != after[path]} == {"monday/squat.parquet"}
    assert_sound(out)


def test_the_content_decides_not_the_time_of_change(videos: list[Path], out: Path) -> None:
    run(out, *videos)
    done_at = query(out, "select analysed_at from {sessions} order by path")
    os.utime(videos[0], ns=(1, 1))
    tally = run(out, *videos)
    assert (tally.ok, tally.before) == (0, 3)
    assert query(out, "select analysed_at from {sessions} order by path") == done_at
    assert planned(out, *videos) == []
    assert_sound(out)


def test_a_folder_that_has_moved_is_not_analysed_again(videos: list[Path], out: Path, tmp_path: Path) -> None:
    run(out, videos[0])
    [[done_at]] = query(out, "select analysed_at from {sessions}")
    moved = shutil.copytree(videos[0].parent, tmp_path / "other disk" / "monday")
    shutil.rmtree(videos[0].parent)
    assert run(out, moved / videos[0].name).before == 1
    assert query(out, "select analysed_at, location from {sessions}") == [(done_at, str(moved / videos[0].name))]


def test_recordings_of_one_name_in_two_runs_stay_apart(videos: list[Path], out: Path, tmp_path: Path) -> None:
    run(out, videos[0])
    other = write_table(tmp_path / "elsewhere" / "monday" / "squat.parquet", depth_deg=70)
    run(out, other)
    assert query(out, "select count(*), count(distinct path), count(distinct folder) from {sessions}") == [(2, 1, 2)]
    assert planned(out, other) == planned(out, videos[0]) == []
    assert_sound(out)


def test_the_same_content_at_two_paths_is_two_sessions(videos: list[Path], out: Path, tmp_path: Path) -> None:
    copy = shutil.copy(videos[0], videos[0].with_name("copy.parquet"))
    twin = shutil.copytree(videos[0].parent, tmp_path / "w" / "monday") / "squat.parquet"
    run(out, videos[0], copy, twin)
    assert query(out, "select count(distinct content_sha256), count(*) from {sessions}") == [(1, 3)]
    assert_sound(out)


def test_other_settings_do_everything_again_without_doubling_it(videos: list[Path], out: Path) -> None:
    run(out, *videos)
    identities = query(out, "select session_id from {sessions} order by 1")
    assert len(planned(out, *videos, profile="strict")) == 3
    assert query(out, "select session_id from {sessions} order by 1") == identities
    assert query(out, "select distinct profile from {sessions}") == [("strict",)]
    assert_sound(out)


def test_mirrored_is_another_setting_and_what_was_done_without_it_stays_done() -> None:
    plain, told = (settings_key(Settings(mirrored=mirrored)) for mirrored in (False, True))
    (landmarks, judging), (flipped, same) = plain.split("-"), told.split("-")
    assert landmarks != flipped
    assert judging == same
    before = json.dumps([resolve_model("full").sha256, None])  # as batches were keyed when there was no such setting
    assert landmarks == hashlib.sha256(before.encode()).hexdigest()[:8]


def test_a_changed_limit_in_a_profile_counts_as_other_settings(videos: list[Path], out: Path, tmp_path: Path) -> None:
    profile = tmp_path / "mine.toml"
    text = 'name = "mine"\nbase = "standard"\n[squat.depth]\nwarn = {}\nfail = 40\nsource = "me"\n'
    profile.write_text(text.format(10), encoding="utf-8")
    run(out, videos[0], profile=str(profile))
    assert planned(out, videos[0], profile=str(profile)) == []
    profile.write_text(text.format(20), encoding="utf-8")
    assert len(planned(out, videos[0], profile=str(profile))) == 1


def test_another_version_does_everything_again(videos: list[Path], out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(out, videos[0])
    monkeypatch.setattr("formcheck.batch.plan._version", lambda: "99.0")
    assert len(planned(out, videos[0])) == 1


def test_a_session_whose_files_were_deleted_is_done_again(videos: list[Path], out: Path) -> None:
    run(out, *videos)
    [[folder]] = query(out, "select folder from {sessions} where path = 'monday/squat.parquet'")
    shutil.rmtree(out / "sessions" / folder)
    assert planned(out, *videos) == ["monday/squat.parquet"]
    assert_sound(out)


def test_keep_chooses_the_files_and_a_wish_for_more_does_it_again(videos: list[Path], out: Path) -> None:
    run(out, videos[0], keep=frozenset())
    assert not (out / "sessions").exists()
    assert planned(out, videos[0], keep=frozenset()) == []
    wanted = frozenset({Keep.REPORT, Keep.LANDMARKS, Keep.TIMESERIES})
    assert len(planned(out, videos[0], keep=wanted)) == 1
    [folder] = (out / "sessions").iterdir()
    assert {path.name for path in folder.iterdir()} == {"landmarks.parquet", "report.json", "timeseries.parquet"}
    assert planned(out, videos[0], keep=KEEP) == []


def test_the_page_belongs_to_the_report(videos: list[Path], out: Path) -> None:
    run(out, videos[0], keep=frozenset({Keep.LANDMARKS}), write_page=True)
    [folder] = (out / "sessions").iterdir()
    assert {path.name for path in folder.iterdir()} == {"landmarks.parquet"}
    run(out, videos[0], keep=KEEP, write_page=True)
    assert {path.name for path in folder.iterdir()} == {"landmarks.parquet", "report.html", "report.json"}


def test_a_failure_is_a_row_and_goes_when_the_file_is_mended(videos: list[Path], out: Path) -> None:
    good = videos[0].read_bytes()
    videos[0].write_bytes(b"no table")
    tally = run(out, *videos)
    assert [(failure.path, failure.status) for failure in tally.failures] == [("monday/squat.parquet", Status.ERROR)]
    [[path, status, error]] = query(out, "select path, status, error from {failures}")
    assert (path, status) == ("monday/squat.parquet", "error")
    assert "Parquet" in error
    assert "\n" not in error
    assert planned(out, *videos) == ["monday/squat.parquet"]  # tried again
    videos[0].write_bytes(good)
    run(out, *videos)
    assert query(out, "select count(*) from {failures}") == [(0,)]
    assert_sound(out)


def test_a_failure_leaves_the_earlier_result_of_that_file(videos: list[Path], out: Path) -> None:
    run(out, *videos)
    good = videos[0].read_bytes()
    videos[0].unlink()
    manifest = videos[0].parent.parent / "all.csv"
    manifest.write_text("path\nmonday/squat.parquet\n", encoding="utf-8")
    assert len(run(out, manifest).failures) == 1
    assert query(out, "select count(*) from {sessions}") == [(3,)]
    videos[0].write_bytes(good)
    run(out, *videos)
    assert query(out, "select count(*) from {failures}") == [(0,)]
    assert_sound(out)


def test_a_video_that_could_not_be_drawn_is_done_and_told_and_tried_again_by_the_next_run(
    videos: list[Path], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def undrawn(*arguments: Any, **named: Any) -> Analysis:
        return replace(analyze_to_folder(*arguments, **named), missing=(Missing("annotated.mp4", "why", "why, where"),))

    keep = KEEP | {Keep.VIDEO}
    with monkeypatch.context() as patched:
        patched.setattr("formcheck.batch.video.analyze_to_folder", undrawn)
        tally = run(out, videos[0], keep=keep)
    assert (tally.ok, tally.failures) == (1, [])
    assert [one.missing for one in tally.lacking] == ["annotated.mp4 is missing: why, where"]
    assert planned(out, videos[0], keep=keep) == ["monday/squat.parquet"]
    assert planned(out, videos[0], keep=keep) == []


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


def test_an_unexpected_exception_is_a_row(videos: list[Path], out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division by\nzero")

    monkeypatch.setattr("formcheck.batch.video.analyze_to_folder", fails)
    [failure] = run(out, videos[0]).failures
    assert failure.error is not None
    told, trace = failure.error.split("; please send the trace ")
    assert told.endswith("squat.parquet (ZeroDivisionError: division by zero)")
    assert told.startswith("a fault of formcheck itself while analysing ")
    assert "ZeroDivisionError" in Path(trace.removesuffix(" to the makers")).read_text(encoding="utf-8")


def test_what_a_killed_run_left_in_the_journal_is_folded_by_the_next(
    videos: list[Path], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Results, "fold", lambda _: None)
        patched.setattr(Results, "complete", lambda _: None)
        run(out, *videos)
    journal_file = next((out / ".batch" / "done").iterdir())
    journal_file.write_bytes(b"")  # a power cut
    assert len(planned(out, *videos)) == 1
    assert query(out, "select count(*) from {sessions}") == [(3,)]
    assert_sound(out)


def test_a_report_that_a_power_cut_has_cut_short_is_made_again(
    videos: list[Path], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Results, "fold", lambda _: None)
        patched.setattr(Results, "complete", lambda _: None)
        run(out, *videos)
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


def test_judging_again_says_what_has_no_results(videos: list[Path], out: Path) -> None:
    with pytest.raises(InputError, match=r"expected results to judge again in .*, found none; check --out"):
        run(out, rescore=True)
    assert not out.exists()
    run(out, videos[0])
    listener = Listener()
    run(out, *videos, rescore=True, profile="strict", listener=listener)
    assert listener.planned == ["monday/squat.parquet"]
    assert listener.notes == ["videos without results to judge again: 2; run without --rescore for them"]


def test_recordings_that_were_cut_short_are_counted(videos: list[Path], out: Path, capsys: Any) -> None:
    table = pq.read_table(videos[0])
    facts = json.loads(table.schema.metadata[b"video"]) | {"complete": False, "reason": "99 of 240 pictures"}
    pq.write_table(table.replace_schema_metadata(table.schema.metadata | {b"video": json.dumps(facts)}), videos[0])
    tally = run(out, *videos)
    assert (tally.ok, tally.incomplete) == (3, 1)
    _tell(Console(width=200), tally, str(out))
    assert "1 of them could not be read to the end, see incomplete_reason in sessions" in capsys.readouterr().out


def test_settings_that_there_are_not_leave_the_last_ones_told(videos: list[Path], out: Path) -> None:
    run(out, *videos)
    with pytest.raises(ProfileError):
        run(out, *videos, profile="nope")
    assert json.loads((out / "batch.json").read_text(encoding="utf-8"))["settings"]["profile"] == "standard"


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


def test_judging_again_needs_landmarks_only(videos: list[Path], out: Path) -> None:
    run(out, *videos)
    before = query(out, "select session_id, folder, content_sha256 from {sessions} order by 1")
    for video in videos:
        video.unlink()
    assert run(out, rescore=True, profile="strict").ok == 3
    assert query(out, "select session_id, folder, content_sha256 from {sessions} order by 1") == before
    assert query(out, "select distinct profile, judged_from from {sessions}") == [("strict", "landmarks")]
    for folder in (out / "sessions").iterdir():
        assert json.loads((folder / "report.json").read_text(encoding="utf-8"))["profile"] == "strict"
    assert planned(out, rescore=True, profile="strict") == []
    assert_sound(out)


def test_judging_again_gives_what_the_recording_itself_gives(videos: list[Path], out: Path, tmp_path: Path) -> None:
    run(out, *videos)
    run(out, rescore=True, profile="strict")
    run(tmp_path / "fresh", *videos, profile="strict")
    rows = 'select session_id, rep_number, "check", side, value, verdict, limit_warn from {findings} order by all'
    assert query(out, rows) == query(tmp_path / "fresh", rows)
    assert planned(out, *videos, profile="strict") == []  # it counts as done


def test_judging_again_leaves_nothing_that_says_the_earlier_verdicts(videos: list[Path], out: Path) -> None:
    everything = KEEP | {Keep.TIMESERIES}
    run(out, videos[0], keep=everything)
    [folder] = (out / "sessions").iterdir()
    (folder / "report.html").write_text("of the first run", encoding="utf-8")
    run(out, rescore=True, profile="strict", keep=everything)
    assert {path.name for path in folder.iterdir()} == {"landmarks.parquet", "report.json", "timeseries.parquet"}
    run(out, rescore=True, profile="standard", keep=frozenset())
    assert {path.name for path in folder.iterdir()} == {"landmarks.parquet"}
    assert query(out, "select kept from {sessions}") == [("landmarks",)]


def test_judging_again_writes_the_pages_that_are_wished_for(videos: list[Path], out: Path) -> None:
    run(out, *videos)
    run(out, rescore=True, profile="strict")
    assert list(out.glob("sessions/*/report.html")) == []
    run(out, videos[0], rescore=True, profile="strict", write_page=True)
    [page] = out.glob("sessions/*/report.html")
    assert "strict" in page.read_text(encoding="utf-8")
    assert len(planned(out, rescore=True, profile="strict", write_page=True)) == 2  # the one that has a page is done
    assert planned(out, rescore=True, profile="strict", write_page=True) == []
    assert planned(out, rescore=True, profile="strict", write_page=True, keep=frozenset({Keep.LANDMARKS})) == []
    assert_sound(out)


def test_judging_again_keeps_the_person_and_takes_what_the_manifest_tells(
    videos: list[Path], out: Path, tmp_path: Path
) -> None:
    manifest = tmp_path / "m.csv"
    manifest.write_text(f"path,athlete\n{videos[0]},Ada\n", encoding="utf-8")
    run(out, manifest)
    manifest.write_text(f"path,athlete,person\n{videos[0]},Bo,2\n", encoding="utf-8")
    assert run(out, manifest, rescore=True, profile="strict").failures == []
    assert run(out, rescore=True, person=3, mirrored=True, profile="standard").failures == []
    manifest.write_text(f"path,athlete,person\n{videos[0]},Cy,2\n", encoding="utf-8")
    assert planned(out, manifest, rescore=True, profile="standard") == []
    assert query(out, "select athlete, profile from {sessions}") == [("Cy", "standard")]


def test_a_height_in_the_manifest_tells_metres_and_centimetres_and_judges_anew_where_it_changes(
    videos: list[Path], out: Path, tmp_path: Path
) -> None:
    manifest = tmp_path / "m.csv"
    manifest.write_text(f"path,athlete\n{videos[0]},Ada\n", encoding="utf-8")
    run(out, manifest)
    assert query(out, "select count(*) from {reps} where mean_velocity_m_per_s is not null") == [(0,)]
    manifest.write_text(f"path,athlete,height_cm\n{videos[0]},Ada,180\n", encoding="utf-8")
    assert len(planned(out, manifest)) == 1
    run(out, manifest, rescore=True)
    told = query(out, "select mean_velocity_m_per_s / mean_velocity_legs_per_s, set_number from {reps}")
    assert told
    assert all(scale == pytest.approx(0.491 * 1.8) and number == 1 for scale, number in told)
    assert query(out, "select set_count, height_cm from {sessions}") == [(1, 180.0)]
    centimetres = query(out, "select value_cm / value from {findings} where unit = 'shank lengths' and value != 0")
    assert all(cm == pytest.approx(0.246 * 180) for (cm,) in centimetres)
    assert planned(out, manifest) == planned(out, manifest, rescore=True) == []


def test_files_that_are_not_ours_stay(videos: list[Path], out: Path) -> None:
    run(out, videos[0], keep=KEEP | {Keep.TIMESERIES})
    [folder] = (out / "sessions").iterdir()
    for name in ("notes.txt", "squat.trc"):
        (folder / name).write_text("mine", encoding="utf-8")
    run(out, rescore=True, profile="strict")
    run(out, videos[0], profile="performance")
    ours = {"landmarks.parquet", "report.json"}
    assert {path.name for path in folder.iterdir()} == ours | {"notes.txt", "squat.trc"}
    write_table(videos[0], depth_deg=70)
    run(out, videos[0])
    assert {path.name for path in folder.iterdir()} == {"notes.txt", "squat.trc"}
    [[fresh]] = query(out, "select folder from {sessions}")
    assert {path.name for path in (out / "sessions" / fresh).iterdir()} == ours


def test_judging_again_can_be_for_some(videos: list[Path], out: Path) -> None:
    run(out, *videos)
    assert planned(out, videos[0], rescore=True, profile="strict") == ["monday/squat.parquet"]


def test_judging_again_without_landmarks_is_a_failure_that_says_so(videos: list[Path], out: Path) -> None:
    run(out, videos[0], keep=frozenset({Keep.REPORT}))
    [failure] = run(out, rescore=True, profile="strict").failures
    assert "landmarks" in str(failure.error)
    assert query(out, "select profile from {sessions}") == [("standard",)]


def test_a_misspelt_profile_is_told_before_anything_is_done(videos: list[Path], out: Path) -> None:
    with pytest.raises(ProfileError):
        run(out, *videos, profile="strickt")
    assert not (out / "results").exists()


def test_a_folder_of_another_layout_is_left_alone(videos: list[Path], out: Path) -> None:
    out.mkdir()
    (out / "batch.json").write_text('{"layout_version": 77}', encoding="utf-8")
    with pytest.raises(InputError, match="layout 1, got 77"):
        run(out, *videos)


def test_a_damaged_table_is_named(videos: list[Path], out: Path) -> None:
    run(out, *videos)
    part = out / "results" / "sessions" / "part-00000.parquet"
    part.write_bytes(b"nothing")
    with pytest.raises(FormcheckError, match="part-00000"):
        run(out, *videos)


def test_the_longest_videos_come_first(tmp_path: Path, out: Path) -> None:
    for name, size in (("a.mp4", 10), ("b.mp4", 30), ("c.mp4", 20)):
        (tmp_path / name).write_bytes(b"x" * size)
    paths = [path.rpartition("/")[2] for path in planned(out, tmp_path, execute=here)]
    assert paths == ["a.mp4", "b.mp4", "c.mp4"]  # as planned; outcomes tell the order of the work
    listener = Listener()
    run(out, tmp_path, listener=listener)
    assert [outcome.path.rpartition("/")[2] for outcome in listener.outcomes] == ["b.mp4", "c.mp4", "a.mp4"]
