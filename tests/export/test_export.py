"""Exports read back by readers that know nothing of the writers."""

from __future__ import annotations

import csv
import inspect
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xarray
from batches import run as run_batch
from batches import write_table
from bodies import concatenate, hidden, nobody, squats, standing
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from past_batches import write_batch
from typer.testing import CliRunner

from formcheck.analysis import Settings, analyze_to_folder
from formcheck.body.pose import Landmark, Pose
from formcheck.checks.judge_recording import analyze_poses
from formcheck.cli.app import app
from formcheck.cli.exporting import Format, export
from formcheck.errors import FormcheckError, InputError, OutputError
from formcheck.export.axes import along_subject, subject_axes
from formcheck.export.formats import WRITERS
from formcheck.export.opensim import largest_complete_part, marker_name, write_mot, write_trc
from formcheck.landmarks.landmark_table import rounded
from formcheck.landmarks.recording import Recording
from formcheck.results.report_json import read_report
from formcheck.results.timeseries import read_timeseries, timeseries_columns, write_timeseries

ROOT = Path(__file__).resolve().parents[2]
LAST = Landmark.RIGHT_FOOT_INDEX
ENDINGS = ("_timeseries.csv", "_reps.csv", "_findings.csv", ".trc", ".mot", "_2d.nc", "_3d.nc")


@dataclass(frozen=True)
class Trc:
    heading: dict[str, str]
    names: list[str]
    frames: list[int]
    time_s: NDArray[np.float64]
    cells: list[list[str]]

    def marker(self, name: str) -> NDArray[np.float64]:
        column = 3 * self.names.index(name)
        return np.asarray([[float(cell or "nan") for cell in row[column : column + 3]] for row in self.cells])


def cells_as_opensim_counts_them(line: str) -> list[str]:
    """A cell for every tab, and one behind the last tab only if there is anything."""
    cells = line.split("\t")
    return cells if cells[-1] else cells[:-1]


def read_trc(path: Path) -> Trc:
    lines = path.read_text(encoding="utf-8").split("\n")
    assert lines[0].split("\t")[:3] == ["PathFileType", "4", "(X/Y/Z)"]
    heading = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=True))
    labels = [cell for cell in cells_as_opensim_counts_them(lines[3]) if cell]
    assert labels[:2] == ["Frame#", "Time"]
    names = labels[2:]
    expected = [f"{axis}{number}" for number in range(1, len(names) + 1) for axis in "XYZ"]
    assert [cell for cell in lines[4].split("\t") if cell] == expected
    rows = [cells_as_opensim_counts_them(line) for line in lines[5:-1]]
    assert {len(row) for row in rows} == {2 + 3 * len(names)}
    assert heading["NumFrames"] == str(len(rows))
    assert heading["NumMarkers"] == str(len(names))
    times = np.asarray([float(row[1]) for row in rows])
    return Trc(heading, names, [int(row[0]) for row in rows], times, [row[2:] for row in rows])


def read_mot(path: Path) -> tuple[dict[str, str], dict[str, NDArray[np.float64]]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    end = lines.index("endheader")
    heading = dict(line.split("=") for line in lines[:end] if re.fullmatch(r"\w+=\w+", line))
    names = lines[end + 1].split("\t")
    table = np.asarray([[float(cell) for cell in line.split("\t")] for line in lines[end + 2 :]])
    assert table.shape == (int(heading["nRows"]), int(heading["nColumns"]))
    return heading, dict(zip(names, table.T, strict=True))


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def save(pose: Pose, path: Path, video_name: str = "stick figure.mp4") -> Path:
    video = {"name": video_name, "frames": len(pose), "duration_s": 6.0, "width": pose.width_px}
    video |= {"height": pose.height_px, "rotation": 0, "complete": True, "reason": None}
    path.parent.mkdir(parents=True, exist_ok=True)
    Recording(pose, video, {"name": "stick", "sha256": "0" * 64}).save(path)
    return path


def exported(sessions: Path | Sequence[Path], *formats: str, out: Path | None = None, raw: bool = False) -> None:
    paths = [sessions] if isinstance(sessions, Path) else list(sessions)
    export(paths, [Format(name) for name in formats], out, raw=raw)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return save(hidden(squats(1, yaw_deg=90.0), [LAST], slice(30, 48)), tmp_path / "in" / "landmarks.parquet")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as analyze leaves it after a video."""
    source = save(hidden(squats(2, yaw_deg=90.0), [LAST], slice(30, 48)), tmp_path / "source.parquet")
    analysis = analyze_to_folder(source, tmp_path / "out")
    assert analysis.folder is not None
    analysis.recording.save(analysis.folder / "landmarks.parquet")
    return analysis.folder


# axes


@pytest.mark.parametrize("yaw_deg", [0.0, 37.0, 90.0, -90.0, 180.0])
def test_the_subjects_axes_are_a_turn_and_no_mirror(yaw_deg: float) -> None:
    axes = subject_axes(yaw_deg)
    np.testing.assert_allclose(axes @ axes.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(axes) == pytest.approx(1.0)


@pytest.mark.parametrize("yaw_deg", [0.0, 40.0, 90.0, -90.0, 180.0])
def test_toes_are_ahead_the_head_is_up_and_the_right_side_is_on_the_right_from_every_camera(yaw_deg: float) -> None:
    pose = standing(0.2, yaw_deg=yaw_deg)
    forward, up, right = np.moveaxis(along_subject(pose.world_m, yaw_deg)[0], -1, 0)
    assert forward[Landmark.LEFT_FOOT_INDEX] > forward[Landmark.LEFT_HEEL] + 0.05
    assert up[Landmark.NOSE] > 0.3
    assert up[Landmark.LEFT_ANKLE] < -0.5
    assert right[Landmark.RIGHT_HIP] > 0.05
    assert right[Landmark.LEFT_KNEE] < -0.05


def test_an_unknown_yaw_counts_as_facing_the_camera_and_unseen_stays_unseen() -> None:
    np.testing.assert_array_equal(subject_axes(float("nan")), subject_axes(0.0))
    assert np.isnan(along_subject(np.full((4, 33, 3), np.nan), 20.0)).all()


# .trc


def test_a_trc_holds_the_filtered_landmarks_in_metres_along_the_subject(table: Path) -> None:
    exported(table, "trc")
    report = analyze_poses(rounded(hidden(squats(1, yaw_deg=90.0), [LAST], slice(30, 48))))
    trc = read_trc(table.parent / "stick figure.trc")
    wanted = along_subject(report.pose.world_m, report.view.yaw_deg)
    assert trc.heading["Units"] == "m"
    assert trc.names == [marker_name(landmark) for landmark in Landmark]
    assert trc.frames == list(range(len(report.pose)))
    for landmark in Landmark:
        np.testing.assert_allclose(trc.marker(marker_name(landmark)), wanted[:, landmark], atol=1e-6)


def test_a_raw_trc_holds_the_numbers_of_the_landmark_table(table: Path) -> None:
    exported(table, "trc", raw=True)
    stored = pq.read_table(table).to_pydict()
    knee = read_trc(table.parent / "stick figure.trc").marker("RKnee")
    yaw_deg = analyze_poses(rounded(squats(1, yaw_deg=90.0))).view.yaw_deg
    back = knee @ subject_axes(yaw_deg)
    for axis, name in enumerate("xyz"):
        np.testing.assert_allclose(back[:, axis], stored[f"right_knee_{name}_m"], atol=2e-6)


def test_unseen_markers_are_empty_cells_also_at_the_end_of_a_row(table: Path) -> None:
    exported(table, "trc")
    trc = read_trc(table.parent / "stick figure.trc")
    middle = int(np.searchsorted(trc.time_s, 1.3))
    assert trc.cells[middle][-3:] == ["", "", ""]
    assert trc.cells[0][-1] != ""
    assert "nan" not in (table.parent / "stick figure.trc").read_text(encoding="utf-8").lower()


def test_a_frame_without_anybody_is_a_row_of_empty_cells(tmp_path: Path) -> None:
    write_trc(tmp_path / "a.trc", nobody(0.2), yaw_deg=float("nan"))
    assert {cell for row in read_trc(tmp_path / "a.trc").cells for cell in row} == {""}


def test_sides_and_directions_of_a_trc_are_the_subjects(table: Path) -> None:
    exported(table, "trc")
    trc = read_trc(table.parent / "stick figure.trc")
    assert (trc.marker("RHip")[:, 2] > trc.marker("LHip")[:, 2]).all()
    assert (trc.marker("LBigToe")[:, 0] > trc.marker("LHeel")[:, 0]).all()
    assert (trc.marker("Nose")[:, 1] > trc.marker("RAnkle")[:, 1]).all()


def test_marker_names_are_those_of_sports2d() -> None:
    wanted = {"Nose", "LEyeInner", "REar", "LMouth", "RShoulder", "LPinky", "RKnee", "LHeel", "RBigToe"}
    names = [marker_name(landmark) for landmark in Landmark]
    assert wanted < set(names)
    assert len(set(names)) == len(names)
    assert marker_name(Landmark.MOUTH_RIGHT) == "RMouth"
    assert marker_name(Landmark.LEFT_FOOT_INDEX) == "LBigToe"


def test_uneven_times_stay_as_they_are_and_the_heading_has_the_median_rate(tmp_path: Path) -> None:
    times = np.cumsum(np.tile([0.03, 0.03, 0.05, 0.03, 0.011], 40))
    pose = squats(1, times_s=times)
    write_trc(tmp_path / "a.trc", pose, yaw_deg=0.0)
    write_mot(tmp_path / "a.mot", timeseries_columns(analyze_poses(pose)))
    trc = read_trc(tmp_path / "a.trc")
    np.testing.assert_allclose(trc.time_s, times, atol=1e-6)
    np.testing.assert_allclose(read_mot(tmp_path / "a.mot")[1]["time"], times, atol=1e-6)
    assert float(trc.heading["DataRate"]) == pytest.approx(1 / 0.03, rel=1e-4)


def test_a_recording_of_one_frame_has_no_rate(tmp_path: Path) -> None:
    write_trc(tmp_path / "a.trc", standing(0.5).at(slice(0, 1)), yaw_deg=0.0)
    assert read_trc(tmp_path / "a.trc").heading["DataRate"] == "0"


# .mot


def test_a_mot_holds_the_angles_of_the_time_series_in_degrees(table: Path) -> None:
    exported(table, "mot")
    series = timeseries_columns(analyze_poses(rounded(hidden(squats(1, yaw_deg=90.0), [LAST], slice(30, 48)))))
    heading, columns = read_mot(table.parent / "stick figure.mot")
    assert heading["inDegrees"] == "yes"
    seen = [name for name in series if name.endswith("_deg") and np.isfinite(series[name].astype(float)).all()]
    assert list(columns) == ["time", *seen]
    for name in seen:
        np.testing.assert_allclose(columns[name], series[name].astype(float), atol=1e-6, err_msg=name)
    assert columns["left_knee_flexion_deg"].max() == pytest.approx(110, abs=8)
    assert columns["left_hip_flexion_deg"].max() > 60


def test_a_mot_leaves_out_an_angle_that_is_never_seen_and_says_so(tmp_path: Path) -> None:
    pose = hidden(squats(1, yaw_deg=90.0), [Landmark.LEFT_KNEE])
    left_out = write_mot(tmp_path / "a.mot", timeseries_columns(analyze_poses(pose)))
    columns = read_mot(tmp_path / "a.mot")[1]
    assert "left_knee_flexion_deg" not in columns
    assert "left_knee_flexion_deg" in left_out.angles
    assert "right_knee_flexion_deg" in columns
    assert len(columns["time"]) == len(pose) - left_out.frames == len(pose)


def test_a_mot_leaves_out_the_frames_without_anybody_and_keeps_the_others_times(tmp_path: Path) -> None:
    pose = concatenate(nobody(1.0), squats(1, yaw_deg=90.0), nobody(0.5))
    left_out = write_mot(tmp_path / "a.mot", timeseries_columns(analyze_poses(pose)))
    columns = read_mot(tmp_path / "a.mot")[1]
    assert left_out.frames == 45
    np.testing.assert_allclose(columns["time"], pose.time_s[30:-15], atol=1e-6)
    assert all(np.isfinite(values).all() for values in columns.values())


def test_an_angle_without_a_value_at_the_bottom_costs_a_mot_no_frame(tmp_path: Path) -> None:
    series = timeseries_columns(analyze_poses(squats(1)))
    frames = len(series["time_s"])
    bottom = np.abs(np.arange(frames) - frames // 2) < 4
    gap = {name: np.where(bottom, np.nan, 0.0) for name in series if "fppa" in name}
    assert len(gap) == 2
    left_out = write_mot(tmp_path / "a.mot", series | gap)
    assert left_out.frames == 0
    assert set(gap) < set(left_out.angles)
    whole = {name: np.zeros(frames) for name in gap}
    assert not set(gap) & set(write_mot(tmp_path / "a.mot", series | whole).angles)


def test_a_recording_of_nobody_is_a_mot_without_rows(tmp_path: Path) -> None:
    write_mot(tmp_path / "a.mot", timeseries_columns(analyze_poses(nobody(1.0))))
    assert "nRows=0" in (tmp_path / "a.mot").read_text(encoding="utf-8").splitlines()


@given(arrays(np.float64, st.tuples(st.integers(1, 8), st.integers(1, 5)), elements=st.sampled_from([1.0, np.nan])))
def test_the_largest_complete_part_has_no_gap_and_is_as_large_as_the_best_column(values: NDArray[np.float64]) -> None:
    rows, columns = largest_complete_part(values)
    part = values[np.ix_(rows, columns)]
    assert np.isfinite(part).all()
    assert part.size >= np.isfinite(values).sum(axis=0).max()
    if np.isfinite(values).all():
        assert part.size == values.size


# CSV


def test_the_csv_of_a_folder_holds_what_its_tables_hold(folder: Path) -> None:
    exported(folder, "csv")
    stored = pq.read_table(folder / "timeseries.parquet").to_pydict()
    rows = read_csv(folder / "stick figure_timeseries.csv")
    assert list(rows[0]) == list(stored)
    for name, values in stored.items():
        for row, value in zip(rows, values, strict=True):
            if isinstance(value, bool):
                assert row[name] == str(value).lower()
            elif isinstance(value, float):
                assert np.float32(row[name]) == np.float32(value)
            else:
                assert row[name] == ("" if value is None else str(value))
    report = read_report(folder / "report.json")
    reps = read_csv(folder / "stick figure_reps.csv")
    assert [int(rep["rep_number"]) for rep in reps] == [1, 2]
    for row, rep in zip(reps, report["reps"], strict=True):
        for name, value in rep["measures"].items():
            assert (None if row[name] == "" else float(row[name])) == value
        for name, value in rep["uncertainty"].items():
            assert float(row[f"{name}_uncertainty"]) == value
    findings = read_csv(folder / "stick figure_findings.csv")
    assert len(findings) == sum(len(rep["findings"]) for rep in report["reps"])
    unseen = [finding for finding in findings if finding["verdict"] == "unseen"]
    assert unseen
    assert all(finding["value"] == "" or finding["reason"] for finding in unseen)


def test_a_recording_without_repetitions_exports_headings_and_every_frame(tmp_path: Path) -> None:
    table = save(concatenate(nobody(0.5), standing(1.0)), tmp_path / "landmarks.parquet")
    exported(table, "all")
    assert sorted(path.name for path in tmp_path.glob("stick figure*")) == sorted(f"stick figure{e}" for e in ENDINGS)
    assert read_csv(tmp_path / "stick figure_reps.csv") == []
    assert read_csv(tmp_path / "stick figure_findings.csv") == []
    rows = read_csv(tmp_path / "stick figure_timeseries.csv")
    assert len(rows) == len(read_trc(tmp_path / "stick figure.trc").frames)
    assert rows[0]["left_knee_flexion_deg"] == ""
    assert float(rows[-1]["left_knee_flexion_deg"]) < 20


# movement


@pytest.mark.parametrize("raw", [False, True])
def test_a_movement_dataset_reads_back_with_the_poses_of_the_table(table: Path, raw: bool) -> None:
    exported(table, "movement", raw=raw)
    given = rounded(hidden(squats(1, yaw_deg=90.0), [LAST], slice(30, 48)))
    report = analyze_poses(given)
    pose = given.masked() if raw else report.pose
    along = along_subject(pose.world_m, report.view.yaw_deg)
    for name, position, axes in (("2d", pose.image_px, ["x", "y"]), ("3d", along, ["x", "y", "z"])):
        with xarray.open_dataset(table.parent / f"stick figure_{name}.nc", engine="scipy") as dataset:
            assert dataset.position.dims == ("time", "space", "keypoint", "individual")
            assert dataset.confidence.dims == ("time", "keypoint", "individual")
            assert list(dataset.space.values) == axes
            assert list(dataset.keypoint.values) == [landmark.name.lower() for landmark in Landmark]
            assert dataset.sizes["individual"] == 1
            np.testing.assert_array_equal(dataset.time.values, given.time_s)
            knee = dataset.position.sel(keypoint="right_knee").squeeze("individual").values
            np.testing.assert_allclose(knee, position[:, Landmark.RIGHT_KNEE], rtol=1e-6, atol=1e-6)
            np.testing.assert_array_equal(
                np.isnan(dataset.position.values[:, 0, :, 0]), np.isnan(position[..., 0]), strict=True
            )
            np.testing.assert_allclose(dataset.confidence.values[..., 0], pose.visibility, atol=1e-6)
            assert dataset.attrs["ds_type"] == "poses"
            assert dataset.attrs["time_unit"] == "seconds"
            assert dataset.attrs["source_software"] == "formcheck"
            assert dataset.attrs["fps"] == pytest.approx(30)


def test_without_scipy_a_movement_dataset_is_refused_and_one_line_says_what_to_install(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "scipy.io", None)
    with pytest.raises(FormcheckError, match="setup export") as caught:
        exported(table, "csv", "movement", out=tmp_path / "out")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("formats", [(), ("all",)])
def test_without_scipy_everything_else_is_written_and_a_note_says_what_is_missing(
    table: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    formats: tuple[str, ...],
) -> None:
    monkeypatch.setitem(sys.modules, "scipy.io", None)
    exported(table, *formats, out=tmp_path / "out")
    assert len(list((tmp_path / "out").iterdir())) == len(ENDINGS) - 2
    assert "./setup export" in capsys.readouterr().err.splitlines()[0]


# sessions


def test_a_folder_without_time_series_gives_the_same_as_one_with_it(folder: Path, tmp_path: Path) -> None:
    exported(folder, "all", out=tmp_path / "whole")
    (folder / "timeseries.parquet").unlink()
    exported(folder, "all", out=tmp_path / "less")
    for ending in ENDINGS:
        whole, less = (tmp_path / which / f"stick figure{ending}" for which in ("whole", "less"))
        if ending == ".mot":  # the table holds seven digits of what is computed
            for name, values in read_mot(whole)[1].items():
                np.testing.assert_allclose(values, read_mot(less)[1][name], atol=1e-4)
        else:
            assert whole.read_bytes() == less.read_bytes()


@pytest.mark.parametrize("raw", [False, True])
def test_a_folder_gives_the_positions_of_its_landmark_table(folder: Path, tmp_path: Path, raw: bool) -> None:
    exported(folder, "trc", "movement", out=tmp_path / "a", raw=raw)
    exported(folder / "landmarks.parquet", "trc", "movement", out=tmp_path / "b", raw=raw)
    for one in (tmp_path / "a").iterdir():
        assert one.read_bytes() == (tmp_path / "b" / one.name).read_bytes()
    assert read_trc(tmp_path / "a" / "stick figure.trc").cells[40][-1] == ""


def test_a_folder_without_a_report_is_analysed(folder: Path, tmp_path: Path) -> None:
    exported(folder, "all", out=tmp_path / "whole")
    for name in ("report.json", "timeseries.parquet"):
        (folder / name).unlink()
    exported(folder, "all", out=tmp_path / "less")
    for ending in set(ENDINGS) - {".mot"}:
        whole, less = (tmp_path / which / f"stick figure{ending}" for which in ("whole", "less"))
        assert whole.read_bytes() == less.read_bytes()


def test_the_limits_of_a_profile_that_is_gone_are_those_of_the_report(table: Path, tmp_path: Path) -> None:
    profile = tmp_path / "mine.toml"
    depth = '[squat.depth]\nwarn = {}\nfail = 80\nsource = "me"\n'
    faults = {}
    for name, warn in (("soft", 70), ("hard", -80)):
        profile.write_text(f'name = "{name}"\nbase = "standard"\n{depth.format(warn)}', encoding="utf-8")
        folder = analyze_to_folder(table, tmp_path / name, settings=Settings(profile=str(profile))).folder
        assert folder is not None
        profile.unlink()
        faults[name] = read_timeseries(folder / "timeseries.parquet")["depth"]
        (folder / "timeseries.parquet").unlink()
        exported(folder, "csv")
        with (folder / "stick figure_timeseries.csv").open(encoding="utf-8", newline="") as file:
            assert [row["depth"] == "true" for row in csv.DictReader(file)] == list(faults[name])
    assert faults["hard"].sum() > faults["soft"].sum()


def test_a_folder_without_landmarks_gives_its_tables_and_says_what_positions_need(folder: Path, tmp_path: Path) -> None:
    (folder / "landmarks.parquet").unlink()
    exported(folder, "csv", "mot", out=tmp_path / "x")
    for wanted in ("trc", "movement"):
        with pytest.raises(InputError, match=r"landmarks\.parquet") as caught:
            exported(folder, wanted, out=tmp_path / "x")
        assert "\n" not in str(caught.value)
    assert len(list((tmp_path / "x").iterdir())) == 4


def test_an_export_replaces_its_own_files_and_touches_no_other(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    exported(folder, "trc")
    first = (folder / "stick figure.trc").read_bytes()
    (folder / "stick figure.trc").write_text("older", encoding="utf-8")
    exported(folder, "trc")
    assert (folder / "stick figure.trc").read_bytes() == first
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before | {"stick figure.trc": first}


def test_the_paths_of_what_was_written_are_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exported(folder)
    told = capsys.readouterr()
    assert told.out.splitlines() == [str(folder / f"stick figure{ending}") for ending in ENDINGS]
    [note] = told.err.splitlines()
    assert note.startswith("note: stick figure.mot: left out")
    assert "fppa_deg" in note


def test_two_sessions_of_one_name_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    tables = [save(squats(1), tmp_path / which / "landmarks.parquet") for which in ("a", "b")]
    with pytest.raises(InputError, match="different names"):
        exported(tables, "csv", out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
    exported(tables, "csv")
    assert (tmp_path / "b" / "stick figure_reps.csv").exists()


@pytest.mark.parametrize("kind", ["missing", "empty folder", "video", "damaged"])
def test_wrong_input_is_one_line_that_says_what_is_expected(tmp_path: Path, kind: str) -> None:
    path = tmp_path / ("clip.mp4" if kind == "video" else "x.parquet" if kind == "damaged" else "thing")
    if kind == "empty folder":
        path.mkdir()
    elif kind != "missing":
        path.write_bytes(b"not a table")
    with pytest.raises(InputError, match="expected") as caught:
        exported(path, "csv", out=tmp_path / "out")
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    assert list(tmp_path.glob("out/*")) == []


def test_a_folder_that_cannot_be_written_is_one_line(table: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot write"):
        exported(table, "csv", out=tmp_path / "file")


@pytest.mark.parametrize("name", ["a\tb\nc.mp4", "..mp4", 'com,"ma".v2.mp4', "=1+1 深蹲.mp4", "-x.mp4"])
def test_hostile_names_break_neither_the_files_nor_their_places(tmp_path: Path, name: str) -> None:
    table = save(standing(0.5), tmp_path / "in" / "landmarks.parquet", name)
    exported(table, "all", out=tmp_path / "out")
    files = list((tmp_path / "out").iterdir())
    assert len(files) == len(ENDINGS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]
    [trc] = [path for path in files if path.suffix == ".trc"]
    assert len(read_trc(trc).frames) == 15


def test_a_name_too_long_for_the_disk_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    table = save(standing(0.5), tmp_path / "in" / "landmarks.parquet", "x" * 250 + ".mp4")
    with pytest.raises(OutputError) as caught:
        exported(table, "csv", out=tmp_path / "out")
    assert "\n" not in str(caught.value)
    assert list((tmp_path / "out").iterdir()) == []


def test_the_command_ends_with_one_line_on_a_users_error(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "formcheck", "export", "nowhere"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 1
    assert run.stdout == ""
    assert len(run.stderr.splitlines()) == 1


# time series and documentation


def test_a_time_series_reads_back_as_it_was_written(tmp_path: Path) -> None:
    columns = timeseries_columns(analyze_poses(squats(1)))
    write_timeseries(tmp_path / "t.parquet", columns)
    back = read_timeseries(tmp_path / "t.parquet")
    assert list(back) == list(columns)
    for name, values in columns.items():
        if values.dtype.kind == "f" and name != "time_s":
            np.testing.assert_array_equal(back[name], values.astype(np.float32).astype(float))
        else:
            np.testing.assert_array_equal(back[name], values)


@pytest.mark.parametrize("content", [b"", b"PAR1", None])
def test_a_damaged_or_missing_time_series_is_one_line(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "timeseries.parquet"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match="time series"):
        read_timeseries(path)


def test_a_table_without_times_is_no_time_series(tmp_path: Path) -> None:
    pq.write_table(pa.table({"frame": [0, 1]}), tmp_path / "t.parquet")
    with pytest.raises(InputError, match="time_s"):
        read_timeseries(tmp_path / "t.parquet")


def test_the_pages_name_every_option_and_every_file_of_export() -> None:
    commands = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "export.md").read_text(encoding="utf-8")
    assert {"sessions", "wanted", "out", "raw"} == set(inspect.signature(export).parameters)
    for option in ("--format", "--out", "--raw", "--filtered"):
        assert f"`{option}" in commands
    for name in Format:
        assert f"`{name}`" in page
    for ending in ENDINGS:
        assert f"`<name>{ending}`" in page


# the example


def test_the_example_draws_every_verdict_of_a_batch(tmp_path: Path) -> None:
    folder = tmp_path / "it's a batch"
    rows = [
        {"session_id": "a", "rep_number": number, "check": fault, "fault": fault, "side": None, "verdict": verdict}
        for number, verdict in enumerate(["pass", "warn", "fail", "unseen"], start=1)
        for fault in ("depth", "knee_valgus")
    ]
    (folder / "results" / "findings").mkdir(parents=True)
    for part in range(2):
        pq.write_table(pa.Table.from_pylist(rows), folder / "results" / "findings" / f"part-{part:05}.parquet")
    script = ROOT / "examples" / "batch_figure.py"
    run = subprocess.run(
        [sys.executable, str(script), str(folder), "figure.svg"],
        cwd=tmp_path,
        env=os.environ | {"MPLBACKEND": "Agg"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    drawing = (tmp_path / "figure.svg").read_text(encoding="utf-8")
    for word in ("depth", "knee_valgus", "pass", "warn", "fail", "unseen"):
        assert f"<!-- {word} -->" in drawing


def test_a_batch_is_exported_session_by_session(tmp_path: Path) -> None:
    batch = write_batch(tmp_path)
    target = tmp_path / "csv"
    run = CliRunner().invoke(app, ["export", str(batch), "--format", "csv", "--out", str(target)])
    assert run.exit_code == 0, run.stderr
    folders = {path.name for path in (batch / "sessions").iterdir()}
    assert len(folders) == 6
    assert {path.name.removesuffix("_reps.csv") for path in target.glob("*_reps.csv")} == folders


def test_a_batch_without_files_says_which_to_keep(tmp_path: Path) -> None:
    run_batch(tmp_path / "out", write_table(tmp_path / "one.parquet"), keep=frozenset())
    run = CliRunner().invoke(app, ["export", str(tmp_path / "out")])
    assert isinstance(run.exception, InputError)
    assert "--keep report,landmarks" in str(run.exception)


def test_every_format_that_can_be_written_can_be_asked_for_by_name() -> None:
    assert {str(name) for name in Format if name is not Format.ALL} == set(WRITERS)
