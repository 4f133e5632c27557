"""`batch --rescore`: verdicts anew from the landmarks that are kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from batches import KEEP, Listener, assert_sound, planned, query, run

from formcheck.batch.job import Keep
from formcheck.errors import InputError


def test_judging_again_what_was_never_judged_is_refused(videos: list[Path], out: Path) -> None:
    run(out, videos[0])
    with pytest.raises(InputError, match="got 2 without; run without --rescore first"):
        run(out, *videos[1:], rescore=True)


def test_judging_again_says_what_has_no_results(videos: list[Path], out: Path) -> None:
    with pytest.raises(InputError, match=r"expected results to judge again in .*, found none; check --out"):
        run(out, rescore=True)
    assert not out.exists()
    run(out, videos[0])
    listener = Listener()
    run(out, *videos, rescore=True, profile="strict", listener=listener)
    assert listener.planned == ["monday/squat.parquet"]
    assert listener.notes == ["videos without results to judge again: 2; run without --rescore for them"]


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


def test_judging_again_can_be_for_some(videos: list[Path], out: Path) -> None:
    run(out, *videos)
    assert planned(out, videos[0], rescore=True, profile="strict") == ["monday/squat.parquet"]


def test_judging_again_without_landmarks_is_a_failure_that_says_so(videos: list[Path], out: Path) -> None:
    run(out, videos[0], keep=frozenset({Keep.REPORT}))
    [failure] = run(out, rescore=True, profile="strict").failures
    assert "landmarks" in str(failure.error)
    assert query(out, "select profile from {sessions}") == [("standard",)]
