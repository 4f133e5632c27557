"""What one run makes of its recordings: sessions, rows, files; and one row for each failure."""

from __future__ import annotations

import csv
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from batches import KEEP, Listener, assert_sound, here, planned, query, run, write_table
from rich.console import Console

from formcheck.analysis import Analysis, Missing, Settings, analyze_to_folder
from formcheck.batch.job import Keep, Status
from formcheck.batch.plan import Wish
from formcheck.batch.run import run_batch
from formcheck.cli.batching import _tell
from formcheck.errors import FormcheckError, InputError, ProfileError


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


def test_recordings_that_were_cut_short_are_counted(videos: list[Path], out: Path, capsys: Any) -> None:
    table = pq.read_table(videos[0])
    facts = json.loads(table.schema.metadata[b"video"]) | {"complete": False, "reason": "99 of 240 pictures"}
    pq.write_table(table.replace_schema_metadata(table.schema.metadata | {b"video": json.dumps(facts)}), videos[0])
    tally = run(out, *videos)
    assert (tally.ok, tally.incomplete) == (3, 1)
    _tell(Console(width=200), tally, str(out))
    assert "1 of them could not be read to the end, see incomplete_reason in sessions" in capsys.readouterr().out


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
