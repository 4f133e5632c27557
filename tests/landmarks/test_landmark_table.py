"""Landmark and time-series tables: what is written reads back to the same analysis."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from formcheck.body.pose import Landmark, Pose
from formcheck.errors import LandmarkFileError, OutputError
from formcheck.landmarks.landmark_table import LANDMARK_COLUMNS, read_landmarks, rounded, write_landmarks
from formcheck.results.timeseries import write_timeseries


def walking(frames: int = 20, unseen: slice = slice(5, 8)) -> Pose:
    random = np.random.default_rng(0)
    pose = Pose(
        time_s=np.cumsum(random.uniform(0.01, 0.06, frames)) / 3,
        image_px=random.uniform(-50, 1400, (frames, 33, 2)),
        world_m=random.normal(size=(frames, 33, 3)),
        visibility=random.uniform(size=(frames, 33)),
        width_px=1280,
        height_px=720,
    )
    pose.image_px[unseen] = np.nan
    pose.world_m[unseen] = np.nan
    pose.visibility[unseen] = 0.0
    return pose


def write(path: Path, pose: Pose) -> Path:
    write_landmarks(path, pose, model_name="full", model_sha256="ab12", extra={"video": '{"name": "a.mp4"}'})
    return path


def refusal(path: Path) -> str:
    with pytest.raises(LandmarkFileError) as caught:
        read_landmarks(path)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    return str(caught.value)


def assert_same(one: Pose, other: Pose) -> None:
    for name in ("time_s", "image_px", "world_m", "visibility"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
        assert getattr(one, name).dtype == np.float64
    assert (one.width_px, one.height_px) == (other.width_px, other.height_px)


def test_a_recording_reads_back_exactly_as_rounded(tmp_path: Path) -> None:
    pose, metadata = read_landmarks(write(tmp_path / "landmarks.parquet", walking()))
    assert_same(pose, rounded(walking()))
    assert metadata == {
        "width": "1280",
        "height": "720",
        "model": "full",
        "model_sha256": "ab12",
        "video": '{"name": "a.mp4"}',
    }


def test_rounding_twice_changes_nothing_and_time_is_never_rounded() -> None:
    once = rounded(walking())
    assert_same(once, rounded(once))
    np.testing.assert_array_equal(once.time_s, walking().time_s)
    assert not np.array_equal(once.image_px, walking().image_px)


def test_an_instant_rounds_as_its_frame_does() -> None:
    assert_same(rounded(walking().at(3)), rounded(walking()).at(3))


def test_a_frame_without_anybody_is_null_in_the_file_and_unseen_when_read(tmp_path: Path) -> None:
    pose = walking()
    pose.visibility[5] = 0.7  # of nobody
    write(tmp_path / "landmarks.parquet", pose)
    table = pq.read_table(tmp_path / "landmarks.parquet")
    assert all(table.column(name)[5].as_py() is None for name in LANDMARK_COLUMNS)
    assert table.column("time_s")[5].as_py() == pose.time_s[5]
    back, _ = read_landmarks(tmp_path / "landmarks.parquet")
    assert np.isnan(back.image_px[5]).all()
    assert (back.visibility[5] == 0).all()


def test_the_columns_are_the_documented_ones(tmp_path: Path) -> None:
    pose = walking()
    table = pq.read_table(write(tmp_path / "landmarks.parquet", pose))
    assert table.column_names[:4] == ["frame", "time_s", "nose_x_px", "nose_y_px"]
    assert table.num_columns == 2 + 33 * 6
    assert table.schema.field("frame").type == pa.int32()
    assert table.schema.field("time_s").type == pa.float64()
    assert {table.schema.field(name).type for name in LANDMARK_COLUMNS} == {pa.float32()}
    assert table.column("left_knee_y_px")[0].as_py() == np.float32(pose.image_px[0, Landmark.LEFT_KNEE, 1])
    assert table.column("right_foot_index_z_m")[2].as_py() == np.float32(pose.world_m[2, 32, 2])
    assert table.column("right_hip_visibility")[2].as_py() == np.float32(pose.visibility[2, Landmark.RIGHT_HIP])


def test_a_single_landmark_that_is_unseen_stays_unseen_alone(tmp_path: Path) -> None:
    pose = walking()
    pose.image_px[2, Landmark.NOSE] = np.nan
    back, _ = read_landmarks(write(tmp_path / "landmarks.parquet", pose))
    assert np.isnan(back.image_px[2, Landmark.NOSE]).all()
    assert np.isfinite(back.image_px[2, 1:]).all()
    assert back.visibility[2, Landmark.NOSE] == np.float32(pose.visibility[2, Landmark.NOSE])


def test_columns_may_come_in_any_order_and_with_others_between(tmp_path: Path) -> None:
    table = pq.read_table(write(tmp_path / "landmarks.parquet", walking()))
    shuffled = table.select(table.column_names[::-1]).append_column("note", pa.array(["x"] * table.num_rows))
    pq.write_table(shuffled.replace_schema_metadata(table.schema.metadata), tmp_path / "other.parquet")
    assert_same(read_landmarks(tmp_path / "other.parquet")[0], rounded(walking()))


def test_a_table_in_pieces_and_of_other_number_types_reads_the_same(tmp_path: Path) -> None:
    table = pq.read_table(write(tmp_path / "landmarks.parquet", walking()))
    at = table.column_names.index("left_knee_x_px")
    whole_px = pa.array([None if value is None else round(value) for value in table.column(at).to_pylist()], pa.int16())
    other = table.set_column(at, "left_knee_x_px", whole_px)
    pq.write_table(other, tmp_path / "other.parquet", row_group_size=7)
    pose, expected = read_landmarks(tmp_path / "other.parquet")[0], rounded(walking())
    np.testing.assert_array_equal(pose.px(Landmark.LEFT_KNEE)[:, 0], np.round(expected.px(Landmark.LEFT_KNEE)[:, 0]))
    np.testing.assert_array_equal(pose.px(Landmark.RIGHT_KNEE), expected.px(Landmark.RIGHT_KNEE))


def test_reading_and_writing_tables_does_not_import_pandas(tmp_path: Path) -> None:
    pytest.importorskip("pandas", reason="only where pandas is installed does pyarrow import it")
    path = write(tmp_path / "landmarks.parquet", walking())
    code = (
        "import sys; from pathlib import Path; import numpy as np\n"
        "from formcheck.landmarks.landmark_table import read_landmarks, write_landmarks\n"
        "from formcheck.results.timeseries import write_timeseries\n"
        "pose, facts = read_landmarks(Path(sys.argv[1]))\n"
        "write_landmarks(Path(sys.argv[1]), pose, model_name='full', model_sha256='')\n"
        "words = np.array(['a', None], dtype=object)\n"
        "write_timeseries(Path(sys.argv[1]), {'time_s': np.zeros(2), 'is': np.array([True, False]), 'word': words})\n"
        "sys.exit('pandas' in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code, path], check=True, timeout=60)


def test_foreign_files_are_refused_in_one_line(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "missing.parquet")
    assert "something that is no file" in refusal(tmp_path)
    (tmp_path / "text.parquet").write_text("frame,time_s\n0,0\n")
    assert "in Parquet format" in refusal(tmp_path / "text.parquet")
    (tmp_path / "empty.parquet").touch()
    assert "in Parquet format" in refusal(tmp_path / "empty.parquet")
    pq.write_table(pa.table({"a": [1]}), tmp_path / "foreign.parquet")
    assert "the picture's width" in refusal(tmp_path / "foreign.parquet")
    whole = write(tmp_path / "whole.parquet", walking()).read_bytes()
    (tmp_path / "cut.parquet").write_bytes(whole[: len(whole) // 2])
    assert "a damaged file" in refusal(tmp_path / "cut.parquet")
    (tmp_path / "name.parquet").write_bytes(whole.replace(b"time_s", b"time\xdfs"))
    assert "a damaged file" in refusal(tmp_path / "name.parquet")
    (tmp_path / "flipped.parquet").write_bytes(whole[:5000] + bytes(2000) + whole[7000:])
    assert "a damaged file" in refusal(tmp_path / "flipped.parquet")


def test_a_table_whose_name_is_no_text_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", walking()).rename(tmp_path / os.fsdecode(b"a\xff.parquet"))
    with pytest.raises(LandmarkFileError, match=r"expected a file name in UTF-8, got 'a\\udcff.parquet'"):
        read_landmarks(path)


def test_malformed_tables_say_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "landmarks.parquet"
    table = pq.read_table(write(path, walking()))
    at = table.column_names.index("left_knee_x_px")

    pq.write_table(table.drop_columns("left_knee_x_px"), path)
    assert "expected a column left_knee_x_px" in refusal(path)
    pq.write_table(table.set_column(at, "left_knee_x_px", pa.array(["x"] * table.num_rows)), path)
    assert "expected numbers in left_knee_x_px, got string" in refusal(path)
    pq.write_table(table.slice(0, 0), path)
    assert "at least one row" in refusal(path)
    pq.write_table(table.replace_schema_metadata({"width": "-3", "height": "720"}), path)
    assert "the picture's width in pixels in its metadata, got '-3'" in refusal(path)


@pytest.mark.parametrize("times_s", [[0.0, 0.1, 0.1], [0.0, 0.2, 0.1], [0.0, np.nan, 0.1]])
def test_times_that_do_not_rise_are_refused(tmp_path: Path, times_s: list[float]) -> None:
    pose = replace(walking(3, slice(0, 0)), time_s=np.array(times_s))
    assert "rising" in refusal(write(tmp_path / "landmarks.parquet", pose))


def test_a_time_series_keeps_kinds_and_turns_nan_into_null(tmp_path: Path) -> None:
    path = tmp_path / "timeseries.parquet"
    columns = {
        "time_s": np.array([0.0, 1 / 3]),
        "left_knee_flexion_deg": np.array([90.123456789, np.nan]),
        "rep": np.array([0, 1]),
        "knee_valgus": np.array([True, False]),
        "phase": np.array(["standing", None], dtype=object),
    }
    write_timeseries(path, columns, {"formcheck_version": "1"})
    table = pq.read_table(path)
    assert table.column("time_s").to_pylist() == [0.0, 1 / 3]
    assert table.column("left_knee_flexion_deg").to_pylist() == [np.float32(90.123456789), None]
    assert table.column("rep").to_pylist() == [0, 1]
    assert table.column("knee_valgus").to_pylist() == [True, False]
    assert table.column("phase").to_pylist() == ["standing", None]
    assert pa.types.is_dictionary(table.schema.field("phase").type)
    assert table.schema.field("left_knee_flexion_deg").type == pa.float32()
    assert table.schema.metadata[b"formcheck_version"] == b"1"


def test_columns_of_different_length_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="length"):
        write_timeseries(tmp_path / "t.parquet", {"a": np.zeros(2), "b": np.zeros(3)})
    assert list(tmp_path.iterdir()) == []


def test_tables_that_cannot_be_written_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="the folder does not exist"):
        write(tmp_path / "no" / "landmarks.parquet", walking())
