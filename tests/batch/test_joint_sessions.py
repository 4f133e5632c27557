"""Recordings of a manifest that belong to one session: one row, one report, whatever is done again."""

from __future__ import annotations

from pathlib import Path

import pytest
from batches import KEEP, assert_sound, planned, query, run, write_table

from formcheck.batch.job import Keep
from formcheck.body.view import Plane
from formcheck.errors import InputError
from formcheck.results.past import athlete_sessions
from formcheck.results.report_json import read_report


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """Two sessions of one athlete from front and side, and one recording alone."""
    rows = ["path,athlete,date,session"]
    for day in (1, 2):
        for name, yaw_deg in (("front", 0.0), ("side", 90.0)):
            write_table(tmp_path / "in" / f"day{day}_{name}.parquet", reps=3, yaw_deg=yaw_deg)
            rows.append(f"day{day}_{name}.parquet,Ada,2026-11-0{day},{day}")
    write_table(tmp_path / "in" / "alone.parquet", reps=2)
    rows.append("alone.parquet,Ada,2026-11-05,")
    path = tmp_path / "in" / "manifest.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def folders(out: Path) -> list[Path]:
    return [out / "sessions" / name for [name] in query(out, "select folder from {sessions} where session is not null")]


def test_two_recordings_of_a_session_are_one_row_and_one_report(manifest: Path, out: Path) -> None:
    tally = run(out, manifest)
    assert (tally.ok, tally.failures) == (3, [])
    assert_sound(out)
    assert query(out, "select path, rep_count from {sessions} order by path") == [
        ("in/alone.parquet", 2),
        ("in/day1_front.parquet", 3),
        ("in/day2_front.parquet", 3),
    ]
    for folder in folders(out):
        assert read_report(folder / "report.json")["joined"]["way"] == "same_set"
        assert {path.name for path in (folder / "side").iterdir()} == {"landmarks.parquet", "report.json"}
    planes = query(out, 'select distinct "check", plane from {findings} where "check" = \'trunk_lean\'')
    assert ("trunk_lean", "side") in planes


def test_a_second_run_has_nothing_to_do_for_a_session(manifest: Path, out: Path) -> None:
    run(out, manifest)
    assert planned(out, manifest) == []


def test_a_change_of_the_second_recording_does_the_session_again(manifest: Path, out: Path) -> None:
    run(out, manifest)
    write_table(manifest.parent / "day1_side.parquet", reps=4, yaw_deg=90.0)
    assert planned(out, manifest) == ["in/day1_front.parquet"]
    assert_sound(out)
    joined = [read_report(folder / "report.json")["joined"]["recordings"] for folder in folders(out)]
    assert sorted([one["rep_count"] for one in recordings] for recordings in joined) == [[3, 3], [3, 4]]


def test_a_session_is_judged_again_from_the_landmarks_of_both(manifest: Path, out: Path) -> None:
    run(out, manifest)
    before = query(out, "select verdict, value from {findings} order by all")
    tally = run(out, rescore=True, profile="strict")
    assert tally.failures == []
    assert_sound(out)
    assert query(out, "select distinct profile from {sessions}") == [("strict",)]
    run(out, rescore=True, profile="standard")
    assert query(out, "select verdict, value from {findings} order by all") == before


def test_files_that_are_not_kept_are_not_there_of_its_recordings_either(manifest: Path, out: Path) -> None:
    run(out, manifest, keep=frozenset({Keep.REPORT}))
    for folder in folders(out):
        assert {path.name for path in (folder / "front").iterdir()} == {"report.json"}
    run(out, manifest, keep=KEEP)
    assert all((folder / "front" / "landmarks.parquet").is_file() for folder in folders(out))


def test_a_third_recording_of_a_session_is_refused(manifest: Path, out: Path) -> None:
    write_table(manifest.parent / "day1_more.parquet")
    text = manifest.read_text(encoding="utf-8") + "day1_more.parquet,Ada,2026-11-01,1\n"
    manifest.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="expected one or two recordings of the session 1, got"):
        run(out, manifest)


def test_the_same_word_of_two_athletes_is_two_sessions(tmp_path: Path, out: Path) -> None:
    rows = ["path,athlete,session"]
    for athlete in ("Ada", "Bob"):
        for name, yaw_deg in (("front", 0.0), ("side", 90.0)):
            write_table(tmp_path / "in" / f"{athlete}_{name}.parquet", yaw_deg=yaw_deg)
            rows.append(f"{athlete}_{name}.parquet,{athlete},monday")
    path = tmp_path / "in" / "manifest.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert run(out, path).ok == 2


def test_one_recording_of_a_session_that_cannot_be_read_costs_one_row(manifest: Path, out: Path) -> None:
    (manifest.parent / "day1_side.parquet").write_bytes(b"no table")
    tally = run(out, manifest)
    assert (tally.ok, [one.path for one in tally.failures]) == (2, ["in/day1_front.parquet"])
    assert "day1_side.parquet" in str(tally.failures[0].error)


def test_the_history_of_an_athlete_has_each_check_by_the_view_that_judged_it(manifest: Path, out: Path) -> None:
    run(out, manifest)
    sessions = athlete_sessions(str(out), "Ada")
    assert len(sessions) == 3
    both = next(one for one in sessions if one.rep_count == 3)
    seen_from = {one.check: one.plane for one in both.observations}
    assert seen_from["knee_valgus"] is Plane.FRONT
    assert seen_from["trunk_lean"] is Plane.SIDE
