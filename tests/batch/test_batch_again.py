"""What a second run into the same folder does: only what is new or has changed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest
from batches import KEEP, assert_sound, planned, query, run, write_table

from formcheck.analysis import Settings
from formcheck.batch.job import Keep, settings_key
from formcheck.errors import ProfileError
from formcheck.landmarks.models import resolve_model


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


def test_settings_that_there_are_not_leave_the_last_ones_told(videos: list[Path], out: Path) -> None:
    run(out, *videos)
    with pytest.raises(ProfileError):
        run(out, *videos, profile="nope")
    assert json.loads((out / "batch.json").read_text(encoding="utf-8"))["settings"]["profile"] == "standard"
