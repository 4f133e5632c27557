"""Landmark tables that formcheck did not write: each is refused in one line, before anything overflows."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from batches import write_table

from formcheck.analysis import analyze
from formcheck.errors import LandmarkFileError


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    return pq.read_table(write_table(tmp_path_factory.mktemp("sound") / "squat.parquet"))


def refusal(folder: Path, table: pa.Table, metadata: dict[bytes, bytes] | None = None) -> str:
    pq.write_table(
        table.replace_schema_metadata(dict(table.schema.metadata) | (metadata or {})), folder / "odd.parquet"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(LandmarkFileError) as caught:
            analyze(folder / "odd.parquet")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def with_value(table: pa.Table, name: str, value: float) -> pa.Table:
    values = table[name].to_numpy().astype(float)
    values[3] = value
    return table.set_column(table.column_names.index(name), name, pa.array(values))


@pytest.mark.parametrize("value", [1e30, -1e308, float("inf"), -float("inf")])
@pytest.mark.parametrize("name", ["left_knee_x_px", "nose_z_m"])
def test_numbers_beyond_any_picture_are_refused(name: str, value: float, sound: pa.Table, tmp_path: Path) -> None:
    assert f"numbers from -1e+06 to 1e+06 in {name}" in refusal(tmp_path, with_value(sound, name, value))


@pytest.mark.parametrize("value", [1.5, -0.1, float("inf")])
def test_a_visibility_beyond_0_and_1_is_refused(value: float, sound: pa.Table, tmp_path: Path) -> None:
    assert "in nose_visibility" in refusal(tmp_path, with_value(sound, "nose_visibility", value))


@pytest.mark.parametrize("value", [float("inf"), 1e300])
def test_times_beyond_any_clock_are_refused(value: float, sound: pa.Table, tmp_path: Path) -> None:
    times = np.append(sound["time_s"].to_numpy()[:-1], value)
    table = sound.set_column(sound.column_names.index("time_s"), "time_s", pa.array(times))
    assert "rising seconds in time_s" in refusal(tmp_path, table)


@pytest.mark.parametrize("size", ["9" * 400, "9" * 5000, "0", "-3", "1e3", "²", "٣", ""])
def test_a_size_that_no_picture_has_is_refused(size: str, sound: pa.Table, tmp_path: Path) -> None:
    message = refusal(tmp_path, sound, {b"width": size.encode()})
    assert "the picture's width in pixels" in message
    assert len(message) < 400


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"frames": ' + "9" * 5000 + "}",
        "null",
        "NaN",
    ],
)
def test_metadata_that_no_program_can_read_is_refused(text: str, sound: pa.Table, tmp_path: Path) -> None:
    assert "the facts of its video" in refusal(tmp_path, sound, {b"video": text.encode()})


@pytest.mark.parametrize(
    ("key", "odd"),
    [
        ("name", "\ud800.mp4"),
        ("name", "a\0b"),
        ("name", "../up.mp4"),
        ("name", ""),
        ("name", None),
        ("reason", "\udcff"),
        ("frames", 10**400),
        ("frames", -1),
        ("frames", True),
        ("duration_s", 10**400),
        ("duration_s", 1e308),
        ("duration_s", float("nan")),
        ("width", 2**70),
        ("complete", 1),
        ("unknown", 1),
    ],
)
def test_facts_that_no_report_can_hold_are_refused(key: str, odd: Any, sound: pa.Table, tmp_path: Path) -> None:
    facts = json.loads(sound.schema.metadata[b"video"])
    told = json.dumps(facts | {key: odd}).encode()
    assert "the facts of its video" in refusal(tmp_path, sound, {b"video": told})
