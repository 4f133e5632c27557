"""One recording from file to files: read, analyse, write the report and the tables, draw the video."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formcheck.checks.judge_recording import analyze_poses, check_told
from formcheck.checks.profiles import load_profile
from formcheck.checks.session_report import SessionReport
from formcheck.errors import OutputError
from formcheck.landmarks.landmark_table import write_timeseries
from formcheck.landmarks.recording import Progress, Recording, is_landmark_table, read_recording, silent
from formcheck.machine.atomic import output_error, write_text_atomic
from formcheck.pages.report import PageFacts, render_report
from formcheck.results.folder import ANNOTATED, LANDMARKS, PAGE, REPORT, SERIES, folder_name, result_folder
from formcheck.results.report_json import report_dict, write_report


@dataclass(frozen=True, slots=True)
class Settings:
    """How a recording is analysed; the defaults of every use."""

    exercise: str = "auto"
    view: str = "auto"
    profile: str = "standard"
    model: str = "full"
    draw_video: bool = True
    #: Whether ``report.html`` is written, which takes longer than judging does.
    write_page: bool = True
    #: Which of several people, from left to right in the picture, counted from 1; None is the one who trains.
    person: int | None = None
    #: A video is not landmarked in two halves at once, nor decoded ahead: one of several workers keeps to one core.
    one_core: bool = False


@dataclass(frozen=True, slots=True)
class Analysis:
    """A report, what it was made from, and the names of the files that were written into ``folder``.

    ``page`` is what ``report.html`` tells beside the report, for a server that renders the page anew.
    """

    report: SessionReport
    recording: Recording
    folder: Path | None = None
    files: tuple[str, ...] = ()
    page: PageFacts | None = None

    def as_dict(self) -> dict[str, Any]:
        """The content of ``report.json``."""
        return report_dict(self.report, video=self.recording.video, model=self.recording.model)


def analyze(path: str | Path, *, settings: Settings | None = None, progress: Progress = silent) -> Analysis:
    """Analyse a video or a landmark table; nothing is written.

    Raises:
        FormcheckError: In one line, what was expected, what came and what to do.
    """
    chosen = settings or Settings()
    check_told(chosen.exercise, chosen.view)
    limits = load_profile(chosen.profile)  # a misspelt name is said at once, not after minutes of landmarking
    recording = read_recording(
        Path(path), model=chosen.model, person=chosen.person, one_core=chosen.one_core, progress=progress
    )
    report = analyze_poses(
        recording.pose, exercise=chosen.exercise, view=chosen.view, profile=limits, cuts=recording.cuts
    )
    return Analysis(report, recording)


def analyze_to_folder(
    path: Path, out: Path, *, settings: Settings | None = None, progress: Progress = silent
) -> Analysis:
    """Analyse and write the files of one recording into :func:`~formcheck.results.folder.result_folder` of ``out``;
    see docs/files.md.

    A landmark table is written there too, so that the folder is whole; there are no pictures to draw on.

    Raises:
        FormcheckError: As :func:`analyze`, and OutputError where the folder cannot be written.
    """
    chosen = settings or Settings()
    _check_output(path, out)
    analysis = analyze(path, settings=chosen, progress=progress)
    folder = result_folder(out, analysis.recording.video)
    return write_analysis(
        analysis,
        folder,
        settings=chosen,
        with_landmarks=not _is_same(path, folder / LANDMARKS),
        video=path if chosen.draw_video and not is_landmark_table(path) else None,
        progress=progress,
    )


def _is_same(path: Path, other: Path) -> bool:
    return other.exists() and other.samefile(path)


def write_analysis(
    analysis: Analysis,
    folder: Path,
    *,
    settings: Settings | None = None,
    with_landmarks: bool = True,
    video: Path | None = None,
    drawn_before: str | None = None,
    progress: Progress = silent,
) -> Analysis:
    """Write the files of an analysis into ``folder``, which is made; ``video`` is drawn on, None draws nothing.

    ``with_landmarks`` is False where those of the analysis lie there already. ``drawn_before`` is the address, relative
    to the folder, of an annotated video that there is already.

    Raises:
        OutputError: The folder or a file cannot be written.
    """
    chosen = settings or Settings()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output_error(folder, error) from error
    files, pictures = [REPORT, SERIES], dict[str, str]()
    if with_landmarks:
        analysis.recording.save(folder / LANDMARKS)
        files.append(LANDMARKS)
    write_timeseries(folder / SERIES, timeseries_columns(analysis.report))
    if video is not None:
        caption = analysis.recording.video["name"]
        pictures = draw_video(video, analysis.report, folder / ANNOTATED, caption=caption, progress=progress)
        files.append(ANNOTATED)
    page = page_facts(analysis, chosen, pictures)
    if chosen.write_page:
        # Only a video of this analysis: an older one of the same name may lie there.
        beside = ANNOTATED if ANNOTATED in files else drawn_before
        write_text_atomic(folder / PAGE, render_report(analysis.report, page, video_url=beside))
        files.append(PAGE)
    write_report(folder / REPORT, analysis.as_dict())  # last: where it is, the others are
    return Analysis(analysis.report, analysis.recording, folder, tuple(files), page)


def page_facts(analysis: Analysis, settings: Settings, pictures: Mapping[str, str]) -> PageFacts:
    """What ``report.html`` tells beside the report; ``pictures`` are those of the worst moments, by fault."""
    told = {"exercise": settings.exercise, "view": settings.view}
    recording = analysis.recording
    return PageFacts(recording.video, recording.model, told, pictures, date.today())


def _check_output(path: Path, out: Path) -> None:
    """Say before minutes of landmarking what would fail after them; nothing is created yet."""
    target = out / folder_name(path.name) / ANNOTATED
    try:
        nearest = next((folder for folder in (out, *out.parents) if folder.exists()), out)
        if not nearest.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        if not os.access(nearest, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        replaces_itself = target.exists() and path.exists() and target.samefile(path)
    except OSError as error:
        raise output_error(out, error) from error
    if replaces_itself:
        raise OutputError(f"cannot write {target}: it is the recording itself: choose another folder")


def timeseries_columns(report: SessionReport) -> dict[str, NDArray[np.generic]]:
    """The columns of ``timeseries.parquet``, in order."""
    series = report.timeseries
    columns: dict[str, NDArray[np.generic]] = {
        "frame": np.arange(len(series.time_s), dtype=np.int32),
        "time_s": series.time_s,
        "phase": series.phase,
        "rep_number": series.rep_number,
    }
    return columns | dict(series.variables) | dict(series.faults)


def draw_video(
    path: Path, report: SessionReport, target: Path, *, caption: str, progress: Progress = silent
) -> dict[str, str]:
    """Read the video once more and write it with what the report says drawn on every frame.

    Returns pictures of the worst moments by fault, as ``data:`` addresses: they pass by in any case.
    """
    from formcheck.draw.moment_pictures import MomentPictures  # noqa: PLC0415 - a landmark table needs no OpenCV
    from formcheck.draw.overlay import Overlay  # noqa: PLC0415 - as above
    from formcheck.frames.ahead import prefetch  # noqa: PLC0415 - as above
    from formcheck.frames.video import VideoFile  # noqa: PLC0415 - as above
    from formcheck.frames.writer import VideoWriter  # noqa: PLC0415 - as above

    video, total = VideoFile(path), len(report.timeseries.time_s)
    worst = MomentPictures(report)
    with prefetch(video) as frames:
        overlay = Overlay(*video.size_px, caption=caption)
        with VideoWriter(target, *video.size_px) as writer:
            for frame in frames:
                worst.look(frame)
                overlay.draw(frame.image_bgr, report.pose.at(frame.index), report.frame_state(frame.index))
                writer.write(frame)
                progress("drawing", frame.index + 1, total)
    return worst.pictures
