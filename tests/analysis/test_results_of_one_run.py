"""The files of one analysis: together or not at all, and none of them hangs on the drawing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bodies import squats

from formcheck import analysis
from formcheck.analysis import Analysis, Settings, analyze, analyze_to_folder, write_analysis
from formcheck.checks.session_report import SessionReport
from formcheck.errors import OutputError
from formcheck.export.analysed_session import open_analysed
from formcheck.landmarks.recording import Recording
from formcheck.machine.atomic import temporary_folder
from formcheck.results.report_json import read_report, report_dict

TABLES = ("landmarks.parquet", "timeseries.parquet")


def table(path: Path, depth_deg: float) -> Path:
    """A recording of squats; those of other depths are taken for the same video."""
    pose = squats(1, yaw_deg=90.0, depth_deg=depth_deg)
    video: dict[str, Any] = {"name": "squat.mp4", "frames": len(pose), "duration_s": 4.0, "rotation": 0}
    video |= {"width": pose.width_px, "height": pose.height_px, "complete": True, "reason": None}
    path.parent.mkdir(parents=True, exist_ok=True)
    Recording(pose, video, {"name": "full", "sha256": "0" * 64}).save(path)
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*") if path.is_file()}


@pytest.fixture(scope="module")
def shallow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return table(tmp_path_factory.mktemp("shallow") / "landmarks.parquet", 70.0)


@pytest.fixture(scope="module")
def deep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return table(tmp_path_factory.mktemp("deep") / "landmarks.parquet", 110.0)


def no_drawing(error: BaseException) -> Callable[..., dict[str, str]]:
    def draw(video: Path, report: object, target: Path, **_: object) -> dict[str, str]:
        target.with_name("half.tmp").touch()
        target.with_name("half.tmp").unlink()
        raise error

    return draw


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("expected a picture"), "a fault of formcheck itself while drawing annotated.mp4 (ValueError: exp"),
        (OutputError("cannot write annotated.mp4: the disk is full"), "the disk is full"),
        (MemoryError(), "the memory is full"),
    ],
)
def test_the_report_does_not_hang_on_the_drawing_and_says_that_the_video_is_missing_and_why(
    error: Exception, said: str, deep: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis, "draw_video", no_drawing(error))
    found = write_analysis(analyze(deep), tmp_path / "out", video=tmp_path / "squat.mp4")
    assert set(found.files) == set(contents(tmp_path / "out")) == {"report.json", "report.html", *TABLES}
    [missing] = read_report(tmp_path / "out" / "report.json")["missing"]
    assert missing["file"] == "annotated.mp4"
    assert said in missing["reason"]
    assert str(tmp_path) not in missing["reason"]
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "annotated.mp4 is missing" in page
    assert "<video" not in page
    assert [one.file for one in found.missing] == ["annotated.mp4"]


def test_the_report_does_not_hang_on_the_page(deep: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> str:
        raise KeyError("plot")

    out = tmp_path / "out"
    write_analysis(analyze(deep), out)
    monkeypatch.setattr(analysis, "render_report", fails)
    write_analysis(analyze(deep, settings=Settings(profile="strict")), out)
    assert set(contents(out)) == {"report.json", *TABLES}, "the page of the earlier analysis is gone"
    [missing] = read_report(out / "report.json")["missing"]
    assert missing["file"] == "report.html"
    assert "KeyError: 'plot'" in missing["reason"]


def test_a_report_of_whole_results_says_nothing_of_missing_files(deep: Path, tmp_path: Path) -> None:
    found = analyze_to_folder(deep, tmp_path)
    assert found.folder is not None
    assert "missing" not in read_report(found.folder / "report.json")
    assert "is missing" not in (found.folder / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), SystemExit(143), BrokenPipeError()])
def test_who_interrupts_the_drawing_gets_no_results_and_keeps_the_earlier_ones(
    stop: BaseException, shallow: Path, deep: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    write_analysis(analyze(shallow), out)
    before = contents(out)
    monkeypatch.setattr(analysis, "draw_video", no_drawing(stop))
    for folder in (out, tmp_path / "new"):
        with pytest.raises((type(stop), OutputError)):
            write_analysis(analyze(deep), folder, video=tmp_path / "squat.mp4")
    assert contents(out) == before
    assert not (tmp_path / "new").exists()


class Killed(BaseException):
    """The program was killed; nothing that comes after it happens."""


class Steps:
    """Counts what is done to the file system and stops at a step: once with an error, or for good as a kill does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, stop_at: int, *, error: OSError | None) -> None:
        self.count, self._stop_at, self._error, self.is_off = 0, stop_at, error, False
        for name in ("replace", "unlink", "mkdir"):
            monkeypatch.setattr(os, name, self._watched(getattr(os, name)))
        if error is None:  # removing a folder ignores errors by itself
            monkeypatch.setattr(os, "rmdir", self._watched(os.rmdir))
            monkeypatch.setattr(shutil, "rmtree", self._watched(shutil.rmtree))

    def _watched(self, done: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **named: Any) -> Any:
            if self.is_off:
                return done(*arguments, **named)
            self.count += 1
            if self._error is None and self.count >= self._stop_at:
                raise Killed
            if self.count == self._stop_at and self._error is not None:
                raise self._error
            return done(*arguments, **named)

        return step


def quick_page(report: SessionReport, *_: object, **__: object) -> str:
    """A page of this report that is made at once."""
    return report.summary.form_score_explanation


def stopped(into: Path, found: Analysis, at: int, error: OSError | None) -> bool:
    """Write an analysis that is stopped at a step; False once there are no more steps."""
    with pytest.MonkeyPatch.context() as patched:
        steps = Steps(patched, at, error=error)
        patched.setattr(analysis, "render_report", quick_page)
        with suppress(Killed, OutputError):
            write_analysis(found, into)
        steps.is_off = True
        return steps.count >= at


@pytest.mark.parametrize("error", [None, OSError(28, "No space left on device")], ids=["killed", "disk full"])
def test_stopped_at_any_step_a_second_analysis_leaves_the_old_results_the_new_ones_or_no_report(
    error: OSError | None, shallow: Path, deep: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis, "render_report", quick_page)
    first, second = analyze(shallow), analyze(deep)
    whole = []
    for name, found in (("a", first), ("b", second)):
        write_analysis(found, tmp_path / name / "squat")
        whole.append(contents(tmp_path / name / "squat"))
    seen, at = set(), 1
    while True:
        out = tmp_path / str(at) / "squat"
        write_analysis(first, out)
        (out / "mine.csv").write_text("of the user")
        if not stopped(out, second, at, error):
            break
        with temporary_folder(out):  # what was left, by a kill or where removing it met the error, goes with the next
            pass
        assert not list(out.glob(".*"))
        left = contents(out)
        assert left.pop("mine.csv") == b"of the user"
        if "report.json" in left:
            missing = {one["file"] for one in read_report(out / "report.json").get("missing", [])}
            assert set(left) | missing == set(whole[0])
            tables = {name: left[name] for name in left if name != "report.json" or not missing}
            [run] = [run for run, files in enumerate(whole) if tables.items() <= files.items()]
            seen.add((run, *missing))
            assert_one_run(out)
        at += 1
    assert at > 8, "every file has its step"
    assert seen == {(0,), (1,)} | ({(1, "report.html")} if error is not None else set())


def assert_one_run(folder: Path) -> None:
    """What is exported of a folder is of one analysis: its time series and its report are those of its landmarks."""
    session = open_analysed(folder)
    judged = analyze(folder / "landmarks.parquet")
    told = report_dict(judged.report, video=judged.recording.video, model=judged.recording.model)
    assert session.report()["reps"] == told["reps"]
    measured = judged.report.timeseries.variables["trunk_inclination_deg"]
    assert np.allclose(session.timeseries()["trunk_inclination_deg"], measured, atol=1e-4, equal_nan=True)
    assert np.array_equal(session.pose(raw=True).image_px, judged.recording.pose.masked().image_px, equal_nan=True)


def test_a_first_analysis_that_is_stopped_leaves_no_report(deep: Path, tmp_path: Path) -> None:
    found, at = analyze(deep), 1
    while stopped(tmp_path / str(at), found, at, None):
        whole = set(contents(tmp_path / str(at))) >= {*TABLES, "report.html"}
        assert whole or not (tmp_path / str(at) / "report.json").exists()
        at += 1
    assert at > 6


def test_a_file_that_cannot_be_replaced_is_told_before_any_is(shallow: Path, deep: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_analysis(analyze(shallow), out)
    (out / "timeseries.parquet").unlink()
    (out / "timeseries.parquet").mkdir()
    before = (out / "report.json").read_bytes()
    with pytest.raises(OutputError, match=r"out/timeseries\.parquet: a folder has that name"):
        write_analysis(analyze(deep), out)
    assert (out / "report.json").read_bytes() == before
    assert not [path for path in out.iterdir() if ".part" in path.name]


def test_the_drawing_of_an_earlier_analysis_stays_unless_a_new_one_was_tried(
    deep: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "annotated.mp4").touch()
    write_analysis(analyze(deep), out)
    assert (out / "annotated.mp4").exists()
    monkeypatch.setattr(analysis, "draw_video", no_drawing(ValueError()))
    write_analysis(analyze(deep), out, video=tmp_path / "squat.mp4")
    assert not (out / "annotated.mp4").exists()
