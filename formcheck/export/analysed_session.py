"""What an export is made from: a folder that ``analyze`` wrote, or a landmark table that is analysed now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from formcheck.analysis import Analysis, Settings, analyze
from formcheck.body.pose import Pose
from formcheck.body.view import Plane
from formcheck.checks.check import Limit
from formcheck.checks.exercises import NO_EXERCISE
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.profiles import Profile
from formcheck.checks.session_report import SessionReport
from formcheck.errors import InputError
from formcheck.landmarks.recording import Recording, is_landmark_table, read_recording
from formcheck.machine.paths import unreadable_name
from formcheck.results.folder import LANDMARKS, REPORT, SERIES, folder_name, is_of_recording
from formcheck.results.report_json import read_report
from formcheck.results.timeseries import read_timeseries, timeseries_columns

Columns = Mapping[str, NDArray[np.generic]]


class AnalysedSession(Protocol):
    """One analysed recording. What a format does not need is not read."""

    @property
    def name(self) -> str:
        """What the exported files are called."""
        ...

    @property
    def folder(self) -> Path:
        """Where they go unless told."""
        ...

    def report(self) -> Mapping[str, Any]:
        """The content of ``report.json``."""
        ...

    def timeseries(self) -> Columns:
        """The columns of ``timeseries.parquet``, each (T,)."""
        ...

    def has_frames(self) -> bool:
        """Whether it has a time series and landmarks: a session of several recordings has those of each below it."""
        ...

    def pose(self, *, raw: bool) -> Pose:
        """The landmarks (T,), filtered as they were measured, or raw; NaN is unseen in both.

        Raises:
            InputError: The session has no landmarks.
        """
        ...


def open_analysed(path: Path) -> AnalysedSession:
    """The session of a folder, of its landmark table where it has no report, or of a landmark table.

    Raises:
        InputError: It is neither.
    """
    if refusal := unreadable_name(path):
        raise InputError(refusal)
    if path.is_dir() and (path / REPORT).is_file():
        return _StoredSession(path.resolve(), _name_of(path.resolve()))
    if path.is_dir() and (path / LANDMARKS).is_file():
        return _LandmarkSession(path.resolve() / LANDMARKS, path.resolve().name)
    if path.is_file() and is_landmark_table(path):
        return _LandmarkSession(path, folder_name(read_recording(path).video["name"]))
    came = "a folder without them" if path.is_dir() else "another file" if path.exists() else "nothing there"
    raise InputError(
        f"expected a folder with report.json or landmarks.parquet, or a landmark table, got {came}: {path}; "
        "analyse the video first"
    )


def _name_of(folder: Path) -> str:
    """The folder's name, behind that of its session where it is a recording's of one."""
    is_part = is_of_recording(folder.name) and (folder.parent / REPORT).is_file()
    return f"{folder.parent.name}_{folder.name}" if is_part else folder.name


@dataclass(frozen=True)
class _StoredSession:
    """What the folder has is taken from it, so that an export never says other than its report."""

    folder: Path
    name: str

    def has_frames(self) -> bool:
        return "joined" not in self._report or (self.folder / LANDMARKS).exists()

    def report(self) -> Mapping[str, Any]:
        return self._report

    @cached_property
    def _report(self) -> dict[str, Any]:
        return read_report(self.folder / REPORT)

    def timeseries(self) -> Columns:
        stored = self.folder / SERIES
        if stored.exists():
            return read_timeseries(stored)
        return timeseries_columns(self._judged_again(self._recording()))

    def pose(self, *, raw: bool) -> Pose:
        recording = self._recording()
        return recording.pose.masked() if raw else self._judged_again(recording).pose

    def _recording(self) -> Recording:
        table = self.folder / LANDMARKS
        if not table.exists():
            raise InputError(f"expected landmarks.parquet in {self.folder}, got none; analyse the video again")
        return read_recording(table)

    def _judged_again(self, recording: Recording) -> SessionReport:
        plane, exercise = self._report["view"]["plane"], self._report["exercise"]
        return analyze_poses(
            recording.pose,
            exercise="auto" if exercise == NO_EXERCISE.name else exercise,
            view="auto" if plane == Plane.UNKNOWN else plane,
            profile=_limits(self._report),
            cuts=recording.cuts,
        )


def _limits(report: Mapping[str, Any]) -> Profile:
    """The limits that a report was judged by, as its findings hold them: the file of a profile may be gone by now."""
    findings = [finding for rep in report["reps"] for finding in rep["findings"]]
    limits = {
        (report["exercise"], told["check"]): Limit(told["limit_warn"], told["limit_fail"], told["source"])
        for told in findings
    }
    return Profile(report["profile"], limits)


@dataclass(frozen=True)
class _LandmarkSession:
    """A landmark table, analysed with the settings that ``analyze`` has unless told."""

    table: Path
    name: str

    @property
    def folder(self) -> Path:
        return self.table.parent

    def has_frames(self) -> bool:
        return True

    def report(self) -> Mapping[str, Any]:
        return self._analysis.as_dict()

    def timeseries(self) -> Columns:
        return timeseries_columns(self._analysis.report)

    def pose(self, *, raw: bool) -> Pose:
        return self._analysis.recording.pose.masked() if raw else self._analysis.report.pose

    @cached_property
    def _analysis(self) -> Analysis:
        return analyze(self.table, settings=Settings())
