from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from batches import Listener, planned, query, run, write_table

from formcheck.batch import plan
from formcheck.batch.sources import find_sources
from formcheck.errors import InputError
from formcheck.results.manifest import read_manifest


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


def test_what_formcheck_drew_is_not_analysed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path / "v", "a.mp4", "out/sessions/a-1/annotated.mp4", "out/sessions/a-1/other.mp4", "b/annotated.mp4")
    (tmp_path / "v" / "out" / "batch.json").write_text('{"layout_version": 1}', encoding="utf-8")
    assert paths(tmp_path / "v") == ["v/a.mp4"]
    monkeypatch.chdir(tmp_path)
    assert paths("v/**/a*.mp4") == ["v/a.mp4"]
    assert paths("v/b/annotated.mp4") == ["b/annotated.mp4"], "who names it gets it"


def test_results_may_go_beside_the_videos(tmp_path: Path) -> None:
    touch(tmp_path / "v", "a.mp4", "sessions/b.mp4")
    (tmp_path / "v" / "batch.json").write_text("{}", encoding="utf-8")
    assert paths(tmp_path / "v") == ["v/a.mp4", "v/sessions/b.mp4"], "somebody else's batch.json means nothing"
    (tmp_path / "v" / "batch.json").write_text('{"layout_version": 1}', encoding="utf-8")
    assert paths(tmp_path / "v") == ["v/a.mp4"]


def test_decimal_commas_are_numbers_where_cells_end_in_semicolons(tmp_path: Path) -> None:
    manifest = tmp_path / "m.csv"
    manifest.write_text("path;load_kg;code;note\na,b.mp4;60,5;1,2,3;a, b\nc.mp4;-80;4;\n", encoding="utf-8")
    assert list(read_manifest(manifest)) == [
        ("a,b.mp4", {"load_kg": 60.5, "code": "1,2,3", "note": "a, b"}),
        ("c.mp4", {"load_kg": -80.0, "code": "4", "note": None}),
    ]


def test_signs_in_the_name_of_the_current_folder_are_no_pattern(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path / "gym [2024]", "a.mp4", "b/c.mp4")
    monkeypatch.chdir(tmp_path / "gym [2024]")
    assert paths("*.mp4") == ["gym [2024]/a.mp4"]
    assert paths("**/c.mp4") == ["gym [2024]/b/c.mp4"]


def test_a_folder_that_may_not_be_read_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path / "v", "a.mp4", "secret/b.mp4")
    scandir = os.scandir

    def refuse(path: str) -> Any:  # root, as whom tests may run, may read every folder
        if path.endswith("secret"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert find_sources([str(tmp_path / "v")]).skipped == {"folders that may not be read": 1}


def test_an_address_of_an_unknown_kind_costs_its_own_row(tmp_path: Path) -> None:
    pytest.importorskip("fsspec", reason="needs the extra remote")
    write_table(tmp_path / "a.parquet")
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("path\na.parquet\nfoo://x\n", encoding="utf-8")
    tally = run(tmp_path / "out", manifest)
    assert tally.ok == 1
    assert "foo" in str(tally.failures[0].error)


def test_a_pattern_is_searched_by_us_where_the_shell_did_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path / "v", "1/front.mp4", "2/front.mp4", "2/side.mp4")
    monkeypatch.chdir(tmp_path)
    assert paths("v/**/front.mp4") == ["v/1/front.mp4", "v/2/front.mp4"]


def test_a_pattern_gets_the_ending_that_it_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path / "v", "1/landmarks.parquet", "1/front.mp4", "1/notes.txt")
    monkeypatch.chdir(tmp_path)
    assert paths("v/*/*.parquet") == ["v/1/landmarks.parquet"]
    assert paths("v/*/*") == paths("v/*/*.*") == ["v/1/front.mp4"]


def test_a_file_that_is_reached_twice_is_one_video(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path / "v", "a.mp4")
    monkeypatch.chdir(tmp_path)
    assert paths("v", "v/a.mp4", "./v/../v/a.mp4", f"file://{tmp_path}/v/a.mp4") == ["v/a.mp4"]


@pytest.mark.parametrize("turn", [1, -1])
def test_what_the_manifest_tells_holds_whatever_else_leads_to_the_video(turn: int, tmp_path: Path) -> None:
    touch(tmp_path / "v", "a.mp4")
    (tmp_path / "m.csv").write_text("path,athlete\nv/a.mp4,Ada\n", encoding="utf-8")
    [source] = find_sources([str(tmp_path / name) for name in ("v", "m.csv")][::turn]).sources
    assert source.labels == {"athlete": "Ada"}


def test_a_name_that_no_file_can_have_costs_its_own_row(tmp_path: Path) -> None:
    write_table(tmp_path / "a.parquet")
    pq.write_table(pa.table({"path": ["a.parquet", "b\0.mp4"]}), tmp_path / "m.parquet")
    tally = run(tmp_path / "out", tmp_path / "m.parquet")
    assert tally.ok == 1
    assert [failure.status for failure in tally.failures] == ["error"]


def test_the_profile_of_a_manifest_is_found_from_there(tmp_path: Path) -> None:
    write_table(tmp_path / "sets" / "a.parquet")
    (tmp_path / "sets" / "mine.toml").write_text('name = "mine"\nbase = "standard"\n', encoding="utf-8")
    (tmp_path / "sets" / "m.csv").write_text("path,profile\na.parquet,mine.toml\n", encoding="utf-8")
    assert run(tmp_path / "out", tmp_path / "sets" / "m.csv").failures == []
    assert query(tmp_path / "out", "select profile from {sessions}") == [("mine",)]


def test_files_of_one_path_on_two_disks_keep_their_paths_apart(tmp_path: Path) -> None:
    touch(tmp_path, "one/v/a.mp4", "two/v/a.mp4", "two/v/b.mp4")
    found = paths(tmp_path / "one" / "v", tmp_path / "two" / "v")
    assert len(set(found)) == 3
    assert found[2] == "v/b.mp4"


@pytest.mark.skipif(os.name != "posix", reason="names of bytes are POSIX's")
def test_a_name_that_is_no_text_is_a_failure_of_its_own(tmp_path: Path) -> None:
    good = write_table(tmp_path / "v" / "a.parquet")
    bad = [os.fsdecode(os.fsencode(tmp_path / "v") + name) for name in (b"/b\xff.mp4", b"/c\xff.parquet")]
    for name in bad:
        Path(name).write_bytes(b"x")
    tally = run(tmp_path / "out", good, *bad)
    assert tally.ok == 1
    paths_told = query(tmp_path / "out", "select path from {failures} order by path")
    assert paths_told == [("v/b\\udcff.mp4",), ("v/c\\udcff.parquet",)]


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


def test_a_number_that_is_not_known_leaves_its_column_one_of_numbers(tmp_path: Path) -> None:
    table = pa.table({"path": ["a.mp4", "b.mp4"], "load_kg": [60.0, float("nan")]})
    pq.write_table(table, tmp_path / "m.parquet")
    assert [labels for _, labels in read_manifest(tmp_path / "m.parquet")] == [{"load_kg": 60.0}, {"load_kg": None}]


def test_a_column_of_days_stays_one_where_a_program_wrote_midnights(tmp_path: Path) -> None:
    days = [datetime(2026, 3, 1), None, datetime(2026, 3, 2)]
    table = pa.table(
        {"path": ["a.mp4", "b.mp4", "c.mp4"], "date": days, "at": [days[0], None, datetime(2026, 3, 2, 9)]}
    )
    pq.write_table(table, tmp_path / "m.parquet")
    told = [labels for _, labels in read_manifest(tmp_path / "m.parquet")]
    assert [labels["date"] for labels in told] == ["2026-03-01", None, "2026-03-02"]
    assert [labels["at"] for labels in told] == ["2026-03-01T00:00:00", None, "2026-03-02T09:00:00"]


def test_long_codes_keep_their_digits(tmp_path: Path) -> None:
    codes = ["123456789012345678", "123456789012345679"]
    text = "path,code\n" + "".join(f"{n}.mp4,{code}\n" for n, code in enumerate(codes))
    (tmp_path / "m.csv").write_text(text, encoding="utf-8")
    pq.write_table(pa.table({"path": ["0.mp4", "1.mp4"], "code": [*map(int, codes)]}), tmp_path / "m.parquet")
    for name in ("m.csv", "m.parquet"):
        assert [labels["code"] for _, labels in read_manifest(tmp_path / name)] == codes


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("file,athlete\na.mp4,Ada\n", "a column `path`"),
        ("", "a column `path`"),
        ("path,Name,name\na.mp4,x,y\n", "different names"),
        ("path,\na.mp4,x\n", "different names"),
        ("path,exercise,manifest_exercise\na.mp4,squat,x\n", "different names"),
        ("path,athlete\na.mp4\n", "line 2: expected 2 cells"),
        ("path,athlete\na.mp4,Ada\n,Bo\n", "row 2: expected a path"),
        ("path\na.mp4\nb.mp4\na.mp4\n", "row 3: a.mp4 is row 1 already"),
        ("path,exercise\na.mp4,bench press\n", "exercise is bench press, expected one of auto, squat, lunge"),
        ("path,view\na.mp4,unknown\n", "view is unknown, expected one of auto, front"),
        ("path,person\na.mp4,none\n", "person is none, expected auto"),
        ("path,person\na.mp4,1e400\n", "person is 1e400, expected auto"),
        ("path,person\na.mp4,1.5\n", "person is 1.5, expected auto"),
        ("path,person\na.mp4,0\n", "person is 0, expected auto"),
        ("path,height_cm\na.mp4,1.78\n", "height_cm is 1.78, expected 50 to 260, such as 178"),
        ("path,height_cm\na.mp4,tall\n", "height_cm is tall, expected 50 to 260"),
        ("path,profile\na.mp4,soft\n", "/a.mp4: the manifest's profile: expected a profile .*, got soft"),
        ("path,load_kg\na.mp4,60\n./a.mp4,70\n", "a.mp4 twice, told differently"),
        ("path,athlete\n", "expected a row for each video, got none"),
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
    assert listener.notes == ["skipped what is no video: 1 .txt"]


@pytest.mark.parametrize("of_one_size", [False, True])
def test_a_video_of_the_same_name_in_another_place_is_somebody_elses(
    of_one_size: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if of_one_size:  # so that only its content tells it apart
        monkeypatch.setattr(plan, "_moved", lambda row, _: row)
    write_table(tmp_path / "anna" / "s1" / "squat.parquet")
    bob = write_table(tmp_path / "bob" / "s1" / "squat.parquet", depth_deg=120.0)
    nobody = tmp_path / "nobody" / "s1" / "squat.parquet"
    touch(nobody.parent, nobody.name)
    manifest, out = tmp_path / "anna" / "s1" / "m.csv", tmp_path / "out"
    manifest.write_text("path,athlete,exercise\nsquat.parquet,Anna,lunge\n", encoding="utf-8")
    run(out, manifest)
    run(out, bob)
    run(out, nobody)
    told = "select athlete, exercise, parse_path(location)[-3] from {sessions} order by all"
    assert query(out, told) == [("Anna", "lunge", "anna"), (None, "squat", "bob")]
    assert query(out, "select athlete, parse_path(location)[-3] from {failures}") == [(None, "nobody")]
    assert planned(out, manifest, bob) == []
