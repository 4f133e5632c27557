from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from batches import Listener, planned, query, run, write_table

from formcheck.batch.sources import find_sources
from formcheck.errors import InputError
from formcheck.io.manifest import read_manifest


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here survives a power cut, so nothing has to wait for the disk."""
    monkeypatch.setattr("os.sync", lambda: None)


def paths(*given: str | Path) -> list[str]:
    return [source.path for source in find_sources([*map(str, given)]).sources]


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")


def test_folders_are_searched_to_the_bottom_and_what_is_no_video_is_counted(tmp_path: Path) -> None:
    touch(tmp_path / "v", "b.MP4", "a/c.mov", "a/notes.txt", "._b.mp4", ".hidden/d.mp4", "README")
    found = find_sources([str(tmp_path / "v")])
    assert [source.path for source in found.sources] == ["v/b.MP4", "v/a/c.mov"]
    assert found.skipped == {".txt": 1, "hidden": 1, "without ending": 1}


def test_the_results_of_a_batch_are_no_videos(tmp_path: Path) -> None:
    touch(tmp_path / "v", "a.mp4", "out/batch.json", "out/sessions/a-1/annotated.mp4")
    assert paths(tmp_path / "v") == ["v/a.mp4"]


def test_a_pattern_is_searched_by_us_where_the_shell_did_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path / "v", "1/front.mp4", "2/front.mp4", "2/side.mp4")
    monkeypatch.chdir(tmp_path)
    assert paths("v/**/front.mp4") == ["v/1/front.mp4", "v/2/front.mp4"]


def test_a_file_that_is_reached_twice_is_one_video(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path / "v", "a.mp4")
    monkeypatch.chdir(tmp_path)
    assert paths("v", "v/a.mp4", "./v/../v/a.mp4", f"file://{tmp_path}/v/a.mp4") == ["v/a.mp4"]


def test_files_of_one_path_on_two_disks_keep_their_paths_apart(tmp_path: Path) -> None:
    touch(tmp_path, "one/v/a.mp4", "two/v/a.mp4", "two/v/b.mp4")
    found = paths(tmp_path / "one" / "v", tmp_path / "two" / "v")
    assert len(set(found)) == 3
    assert found[2] == "v/b.mp4"


@pytest.mark.skipif(os.name != "posix", reason="names of bytes are POSIX's")
def test_a_name_that_is_no_text_is_a_failure_of_its_own(tmp_path: Path) -> None:
    good = write_table(tmp_path / "v" / "a.parquet")
    bad = os.fsdecode(os.fsencode(tmp_path / "v") + b"/b\xff.mp4")
    Path(bad).write_bytes(b"x")
    tally = run(tmp_path / "out", good, bad)
    assert tally.ok == 1
    assert query(tmp_path / "out", "select path from {failures}") == [("v/b\\udcff.mp4",)]


def test_a_manifest_carries_its_columns_and_tells_the_exercise(tmp_path: Path) -> None:
    write_table(tmp_path / "v" / "a.parquet")
    write_table(tmp_path / "v" / "b.parquet")
    manifest = tmp_path / "m.csv"
    manifest.write_text(
        "path;athlete;date;exercise;load_kg;Code\n"
        "v/a.parquet;Zoë;2026-03-01;lunge;80;007\nv/b.parquet;;2026-03-02;;82.5;12\nv/c.mp4;Bo;;;;1\n",
        encoding="utf-8-sig",
    )
    out = tmp_path / "out"
    assert len(run(out, manifest).failures) == 1
    rows = query(
        out, 'select path, athlete, date, exercise, manifest_exercise, load_kg, "Code" from {sessions} order by 1'
    )
    assert rows == [
        (f"{tmp_path.name}/v/a.parquet", "Zoë", "2026-03-01", "lunge", "lunge", 80.0, "007"),
        (f"{tmp_path.name}/v/b.parquet", None, "2026-03-02", "squat", None, 82.5, "12"),
    ]
    assert query(out, "select athlete, status from {failures}") == [("Bo", "error")]
    header = (out / "summary.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header.endswith('"athlete","date","manifest_exercise","load_kg","Code"')


def test_another_athlete_changes_the_row_and_not_the_analysis(tmp_path: Path) -> None:
    write_table(tmp_path / "a.parquet")
    manifest, out = tmp_path / "m.csv", tmp_path / "out"
    manifest.write_text("path,athlete\na.parquet,Ada\n", encoding="utf-8")
    run(out, manifest)
    manifest.write_text("path,athlete,load_kg\na.parquet,Bo,70\n", encoding="utf-8")
    assert planned(out, manifest) == []
    assert query(out, "select athlete, load_kg, rep_count from {sessions}") == [("Bo", 70.0, 1)]
    assert planned(out, tmp_path / "a.parquet") == []  # without the manifest
    assert query(out, "select athlete from {sessions}") == [("Bo",)]


def test_a_manifest_may_be_parquet(tmp_path: Path) -> None:
    write_table(tmp_path / "a.parquet")
    table = pa.table({"path": ["a.parquet"], "reps_told": pa.array([3], pa.int8()), "when": [None]})
    pq.write_table(table, tmp_path / "m.parquet")
    run(tmp_path / "out", tmp_path / "m.parquet")
    assert query(tmp_path / "out", 'select reps_told, "when" from {sessions}') == [(3.0, None)]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("file,athlete\na.mp4,Ada\n", "a column `path`"),
        ("", "a column `path`"),
        ("path,Name,name\na.mp4,x,y\n", "different names"),
        ("path,\na.mp4,x\n", "different names"),
        ("path,athlete\na.mp4\n", "line 2: expected 2 cells"),
        ("path,athlete\na.mp4,Ada\n,Bo\n", "row 2: expected a path"),
        ("path\na.mp4\nb.mp4\na.mp4\n", "row 3: a.mp4 is row 1 already"),
        ("path,exercise\na.mp4,bench press\n", "exercise is bench press, expected one of auto, lunge, squat"),
        ("path,person\na.mp4,none\n", "person is none, expected auto"),
        ('path\n"a.mp4\n', "cannot be read"),
    ],
)
def test_what_is_wrong_in_a_manifest_is_told_before_the_run(text: str, complaint: str, tmp_path: Path) -> None:
    manifest = tmp_path / "m.csv"
    manifest.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=complaint):
        run(tmp_path / "out", manifest)


def test_a_manifest_in_another_encoding_is_told(tmp_path: Path) -> None:
    manifest = tmp_path / "m.csv"
    manifest.write_bytes("path,athlete\na.mp4,Zoë\n".encode("latin-1"))
    with pytest.raises(InputError, match="UTF-8"):
        list(read_manifest(manifest))


def test_nothing_to_do_says_what_was_there(tmp_path: Path) -> None:
    touch(tmp_path / "v", "a.txt", "b.txt")
    with pytest.raises(InputError, match=r"only 2 \.txt"):
        run(tmp_path / "out", tmp_path / "v")


def test_what_is_passed_over_is_told(tmp_path: Path) -> None:
    write_table(tmp_path / "a.parquet")
    touch(tmp_path / "v", "a.mp4", "a.txt")
    listener = Listener()
    run(tmp_path / "out", tmp_path / "v", listener=listener)
    assert listener.notes == ["skipped 1 files that are no videos: 1 .txt"]
