from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from batches import query, run, write_table
from recordings import SUBJECTS

from formcheck.checks.judge_recording import analyze_poses
from formcheck.machine.storage import LocalStorage
from formcheck.results.batch_schema import TABLES, Kind
from formcheck.results.batch_tables import BatchTables, schema_of


def test_every_measure_and_uncertainty_of_an_analysis_has_a_column() -> None:
    columns = {column.name for column in TABLES["reps"]}
    for subject in SUBJECTS:
        for rep in analyze_poses(subject.film(), exercise=subject.exercise).reps:
            assert {*rep.measures, *(f"{name}_uncertainty" for name in rep.uncertainty)} <= columns


def test_every_fault_has_a_column_in_sessions() -> None:
    columns = {column.name for column in TABLES["sessions"]}
    for subject in SUBJECTS[::6]:
        verdicts = analyze_poses(subject.film(), exercise=subject.exercise).summary.verdicts
        assert {f"verdict_{fault}" for fault in verdicts} <= columns


@pytest.mark.parametrize("table", list(TABLES))
def test_fields_carry_their_unit_and_meaning(table: str, tmp_path: Path) -> None:
    broken = tmp_path / "v" / "broken.mp4"
    video = write_table(tmp_path / "v" / "a.parquet")
    broken.write_bytes(b"no video")
    run(tmp_path / "out", video, broken)
    [part] = (tmp_path / "out" / "results" / table).iterdir()
    schema = pq.read_schema(part)
    for column in TABLES[table]:
        metadata = schema.field(column.name).metadata
        assert metadata[b"unit"].decode() == column.unit
        assert metadata[b"meaning"].decode() == column.meaning != ""


def test_parts_of_a_table_have_the_same_columns_after_a_manifest_brings_new_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("formcheck.batch.results.PART_SESSIONS", 1)
    out = tmp_path / "out"
    videos = [write_table(tmp_path / "v" / f"{name}.parquet") for name in "abc"]
    run(out, *videos[:2])
    manifest = tmp_path / "v" / "manifest.csv"
    manifest.write_text("path,load_kg\nb.parquet,80\nc.parquet,82.5\n", encoding="utf-8")
    run(out, manifest)
    assert query(out, "select path, load_kg from {sessions} order by path") == [
        ("v/a.parquet", None),
        ("v/b.parquet", 80.0),
        ("v/c.parquet", 82.5),
    ]
    manifest.write_text("path,load_kg\nb.parquet,80\nc.parquet,a red band\n", encoding="utf-8")
    run(out, manifest)
    assert query(out, "select load_kg from {sessions} order by path") == [(None,), ("80",), ("a red band",)]
    assert len({str(pq.read_schema(part)) for part in (out / "results" / "sessions").iterdir()}) == 1


def test_a_number_in_a_column_of_text_is_written_as_people_write_it(tmp_path: Path) -> None:
    tables = BatchTables(LocalStorage(tmp_path))
    row = {"session_id": "1", "band": 80.0}
    tables.replace(
        "results/sessions/part-00000.parquet",
        [row],
        schema_of("sessions", {"band": Kind.TEXT}),
        key="session_id",
        staying=(),
    )
    assert tables.rows("sessions", ["band"]) == [{"band": "80"}]
