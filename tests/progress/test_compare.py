"""`formcheck compare`: which sessions it finds, and what it says of them."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from batches import run as run_batch
from batches import write_table
from bodies import concatenate, squats
from past_batches import ROWS, change_column, write_batch, write_recording
from typer.testing import CliRunner

from formcheck.analysis import analyze_to_folder
from formcheck.cli.app import app
from formcheck.errors import InputError
from formcheck.progress.past_session import levels, rates
from formcheck.results.batch_schema import TABLES
from formcheck.results.batch_tables import is_batch, read_table
from formcheck.results.past import open_past_session


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_batch(tmp_path_factory.mktemp("videos"))


def folder_of(batch: Path, name: str) -> Path:
    [folder] = (batch / "sessions").glob(f"{name}-*")
    return folder


def told(*arguments: str | Path) -> str:
    run = CliRunner().invoke(app, ["compare", *map(str, arguments)], env={"COLUMNS": "80"}, catch_exceptions=False)
    assert run.exit_code == 0, run.stderr
    return run.stdout


def test_one_session_is_the_same_however_it_is_named(batch: Path) -> None:
    folder = folder_of(batch, "squat_march")
    [row] = [row for row in read_table(str(batch), "sessions") if row["folder"] == folder.name]
    sessions = {open_past_session(f"{batch}:{row[name]}") for name in ("session_id", "folder", "path")}
    sessions |= {open_past_session(str(folder)), open_past_session(str(folder / "report.json"))}
    [session] = sessions
    assert (session.load_kg, session.is_dated, session.exercise) == (80.0, True, "squat")


def test_a_report_outside_a_batch_has_the_same_measures_but_no_date(batch: Path, tmp_path: Path) -> None:
    folder = folder_of(batch, "squat_march")
    shutil.copytree(folder, tmp_path / "alone")
    alone, within = open_past_session(str(tmp_path / "alone")), open_past_session(str(folder))
    assert levels(alone) == levels(within)
    assert rates(alone) == rates(within)
    assert (alone.at, alone.load_kg, alone.name) == (None, None, "alone")


def test_a_session_without_kept_files_is_read_from_the_tables(batch: Path, tmp_path: Path) -> None:
    shutil.copytree(batch / "results", tmp_path / "results")
    session = read_table(str(tmp_path), "sessions")[0]["session_id"]
    assert open_past_session(f"{tmp_path}:{session}") == open_past_session(f"{batch}:{session}")


def test_a_report_compares_every_repetition_in_its_own_view(tmp_path: Path) -> None:
    write_recording(tmp_path / "turned.parquet", concatenate(squats(2, yaw_deg=0.0), squats(3, yaw_deg=90.0)))
    folder = analyze_to_folder(tmp_path / "turned.parquet", tmp_path).folder
    found = levels(open_past_session(str(folder)))
    assert {key.plane: level.reps for key, level in found.items() if key.check == "depth"} == {"front": 2, "side": 3}
    assert {key.plane for key in found if key.check == "knee_valgus"} == {"front"}


def test_colons_in_the_names_of_batch_and_video_are_part_of_them(batch: Path, tmp_path: Path) -> None:
    there = tmp_path / "march: week 2"
    shutil.copytree(batch / "results", there / "results")
    table = there / "results" / "sessions" / "part-00000.parquet"
    for path in change_column(table, "path", lambda path: f"10:30 {path}"):
        assert open_past_session(f"{there}:{path}").name == Path(path).stem


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("nowhere", "expected the folder of an analysis, a report.json or BATCH:SESSION"),
        ("{batch}", "got a batch: name one as {batch}:SESSION"),
        ("{batch}:0123", "expected a session of {batch}, got 0123; its sessions are videos"),
        ("{batch}/results", "there is no report.json in {batch}/results"),
        ("nowhere:0123", "there are no results in nowhere"),
        ("{batch}/summary.csv", "is not JSON"),
    ],
)
def test_what_is_no_session_is_told_in_one_line(batch: Path, location: str, said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said.format(batch=batch))) as error:
        open_past_session(location.format(batch=batch))
    assert "\n" not in str(error.value)


def test_a_knee_that_caves_in_more_is_worse_and_the_rest_is_within_error(batch: Path) -> None:
    text = told(folder_of(batch, "squat_january"), folder_of(batch, "squat_march"))
    assert "Worse: knee valgus, left.\n" in text
    assert "More often: knees caving inward.\n" in text
    assert re.search(r"^Knees caving inward +0 of 4 .* 4 of 4 .* worse", text, re.MULTILINE)
    assert re.search(r"^Pelvic shift .* within", text, re.MULTILINE)
    assert "load rose from 40 to 80 kg" in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("dated", [True, False])
def test_the_order_is_doubted_only_where_dates_are_told(dated: bool, tmp_path: Path) -> None:
    rows = ROWS if dated else tuple(re.sub(r"2026-0[1-3]-\d\d", "", row) for row in ROWS)
    batch = write_batch(tmp_path, rows)
    pair = folder_of(batch, "squat_march"), folder_of(batch, "squat_january")
    later = "The second is the earlier one: before and after are in the order given."
    assert json.loads(told(*pair, "--json"))["caveats"] == [later] * dated
    assert (later in " ".join(told(*pair).split())) == dated
    assert later not in told(*pair[::-1])


def test_a_path_of_two_sessions_asks_for_an_id(tmp_path: Path) -> None:
    for name, depth_deg in (("one", 100.0), ("two", 70.0)):
        run_batch(tmp_path / "out", write_table(tmp_path / name / "monday" / "squat.parquet", depth_deg=depth_deg))
    rows = read_table(str(tmp_path / "out"), "sessions")
    assert len({row["path"] for row in rows}) == 1
    with pytest.raises(InputError, match=" and ".join(row["session_id"] for row in rows)):
        open_past_session(f"{tmp_path / 'out'}:{rows[0]['path']}")
    assert {open_past_session(f"{tmp_path / 'out'}:{row['session_id']}").at for row in rows} == {
        row["analysed_at"] for row in rows
    }


def test_a_change_smaller_than_the_error_is_not_called_one(batch: Path) -> None:
    text = told(folder_of(batch, "squat_january"), folder_of(batch, "squat_february"))
    assert "No measure has changed by more than formcheck's own error." in text
    assert not re.search(r"\b(better|worse|changed)$", text, re.MULTILINE)


def test_programs_get_the_same_as_json(batch: Path) -> None:
    plain = json.loads(
        told(f"{batch}:{folder_of(batch, 'squat_january').name}", folder_of(batch, "squat_march"), "--json")
    )
    assert [one["load_kg"] for one in plain["sessions"]] == [40.0, 80.0]
    worse = [(one["key"]["check"], one["key"]["side"]) for one in plain["measures"] if one["outcome"] == "worse"]
    assert worse == [("knee_valgus", "left")]
    for one in plain["measures"]:
        errors = one["before"]["error"], one["after"]["error"]
        if one["key"]["check"] == "stance":  # its error is not known
            assert (errors, one["smallest"]) == ((None, None), None)
            continue
        assert one["smallest"] == pytest.approx(1.96 * (errors[0] ** 2 + errors[1] ** 2) ** 0.5)
        assert one["difference"] == pytest.approx(one["after"]["value"] - one["before"]["value"])
    [valgus] = [one for one in plain["faults"] if one["key"]["fault"] == "knee_valgus"]
    assert (valgus["before"]["faulty"], valgus["after"]["faulty"], valgus["after"]["judged"]) == (0, 4, 4)
    assert [(note["before"], note["after"]) for note in plain["load"]] == [(0, 1)]


def test_sessions_in_different_settings_are_compared_with_a_word_about_it(batch: Path, tmp_path: Path) -> None:
    report = json.loads((folder_of(batch, "squat_march") / "report.json").read_text(encoding="utf-8"))
    report |= {"profile": "strict", "formcheck_version": "0.0.1", "model": {"name": "heavy", "sha256": ""}}
    (tmp_path / "report.json").write_text(json.dumps(report), encoding="utf-8")
    text = " ".join(told(folder_of(batch, "squat_january"), tmp_path).split())
    for said in ("pose model: full, heavy", "limits (profile): standard, strict", "version of formcheck: "):
        assert f"They differ in {said}" in text
    assert "Worse: knee valgus, left." in text
    assert "More often" not in text


def test_another_view_leaves_nothing_to_compare(batch: Path) -> None:
    [other] = {row["folder"] for row in read_table(str(batch), "sessions") if row["plane"] == "side"}
    text = " ".join(told(folder_of(batch, "squat_january"), batch / "sessions" / other).split())
    assert "Nothing can be compared" in text
    assert "They differ in athlete: Zoë, Max; a difference between two people is no progress" in text
    assert "They differ in view: front, side" in text


def test_a_squat_is_not_compared_with_a_lunge(batch: Path) -> None:
    with pytest.raises(InputError, match="expected two sessions of one exercise, got squat and lunge"):
        told(folder_of(batch, "squat_january"), folder_of(batch, "lunge_january"))


def test_the_page_needs_nothing_but_itself_and_escapes_names(batch: Path, tmp_path: Path) -> None:
    name = "<script>alert(1)</script>"
    odd = tmp_path / name.replace("/", "∕")
    shutil.copytree(folder_of(batch, "squat_march"), odd)
    told(folder_of(batch, "squat_january"), odd, "--html", tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Worse: knee valgus, left." in page
    assert "default-src &#39;none&#39;" in page
    assert "<script" not in page
    assert "http" not in re.sub(r"http-equiv", "", page)
    assert page.count("<svg") == page.count("</svg>") > 0


def test_a_page_that_cannot_be_written_is_an_error_before_anything_is_printed(batch: Path, tmp_path: Path) -> None:
    folder = str(folder_of(batch, "squat_march"))
    run = CliRunner().invoke(app, ["compare", folder, folder, "--html", str(tmp_path / "missing" / "page.html")])
    assert run.exit_code == 1
    assert run.stdout == ""


def test_tables_are_read_with_every_column_and_only_the_rows_that_are_wanted(batch: Path) -> None:
    sessions = read_table(str(batch), "sessions")
    assert list(sessions[0]) == [*(column.name for column in TABLES["sessions"]), "athlete", "date", "load_kg"]
    wanted = {sessions[0]["session_id"]}
    reps = read_table(str(batch), "reps", ["rep_number", "no_such_column"], where={"session_id": wanted})
    assert reps == [{"rep_number": n, "no_such_column": None} for n in range(1, sessions[0]["rep_count"] + 1)]
    assert read_table(str(batch), "failures") == []
    assert not is_batch(str(batch / "summary.csv"))
    with pytest.raises(InputError, match="expected a folder that formcheck batch wrote"):
        read_table(str(batch / "sessions"), "reps")


@pytest.mark.parametrize(
    ("name", "what"), [("clip.mp4", "a video"), ("CLIP.MOV", "a video"), ("squat.parquet", "a table of landmarks")]
)
def test_a_recording_is_to_be_analysed_first(tmp_path: Path, name: str, what: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\x00\x00\x00\x20ftypisom")
    with pytest.raises(InputError, match=f"is {what}: analyse it first, formcheck analyze .*{name}"):
        open_past_session(str(path))
