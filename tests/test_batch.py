from __future__ import annotations

import contextlib
import json
import os
import shutil
from pathlib import Path

import pytest
from batches import KEEP, Listener, assert_sound, here, planned, query, run, write_table

from formcheck.batch import results
from formcheck.batch.job import Keep, Status
from formcheck.batch.results import Results
from formcheck.errors import FormcheckError, InputError, OutputError, ProfileError
from formcheck.io.batch_tables import BatchTables
from formcheck.io.storage import LocalStorage


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


def test_an_unexpected_exception_is_a_row(videos: list[Path], out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division by\nzero")

    monkeypatch.setattr("formcheck.batch.video.analyze_to_folder", fails)
    [failure] = run(out, videos[0]).failures
    assert failure.error == "formcheck itself failed: ZeroDivisionError: division by zero"


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
