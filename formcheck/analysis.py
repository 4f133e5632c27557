"""One recording from file to files: read, analyse, write the report and the tables, draw the video."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from formcheck.body.pose import Pose
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.profiles import Profile, load_profile
from formcheck.checks.session_report import SessionReport
from formcheck.checks.stated import check_stated
from formcheck.errors import FormcheckError, OutputError
from formcheck.landmarks.models import Model
from formcheck.landmarks.recording import Progress, Recording, is_landmark_table, live_facts, read_recording, silent
from formcheck.machine.atomic import atomic_files, not_text, output_error, write_text_atomic
from formcheck.machine.cores import usable_cores
from formcheck.machine.faults import doing, note_fault
from formcheck.machine.limits import MEMORY_FULL, is_memory_full
from formcheck.machine.paths import is_text
from formcheck.measures.correction import calibration_for
from formcheck.pages.report import PageFacts, render_report
from formcheck.results.folder import ANNOTATED, LANDMARKS, PAGE, REPORT, SERIES, folder_name, result_folder
from formcheck.results.report_json import report_dict, write_report
from formcheck.results.timeseries import timeseries_columns, write_timeseries
from formcheck.words.findings import person_words


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
    #: The pictures are mirror images, as some front cameras store them: they are flipped back before anything else.
    mirrored: bool = False
    #: Whose landmarks a table holds: ``auto`` as it says itself, ``mediapipe``, or ``other``: where the joints are.
    landmarks_from: str = "auto"
    #: The annotated video has the size of the recording, even where that is beyond 1080 pixels.
    full_size: bool = False
    #: How many cores are used, None for all: what comes out does not depend on it.
    cores: int | None = None
    #: How tall the person is: distances are then told in centimetres as well, velocities in metres a second.
    height_cm: float | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """A file that was wanted and could not be made. ``reason`` is for the report, ``line`` for who runs the program."""

    file: str
    reason: str
    line: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """A report, what it was made from, and the names of the files that were written into ``folder``.

    ``page`` is what ``report.html`` tells beside the report, for a server that renders the page anew. ``missing`` are
    files to look at, the annotated video and the page: the report does not hang on them.
    """

    report: SessionReport
    recording: Recording
    folder: Path | None = None
    files: tuple[str, ...] = ()
    page: PageFacts | None = None
    missing: tuple[Missing, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The content of ``report.json``."""
        missing = {one.file: one.reason for one in self.missing}
        return report_dict(self.report, video=self.recording.video, model=self.recording.model, missing=missing)


def analyze(path: str | Path, *, settings: Settings | None = None, progress: Progress = silent) -> Analysis:
    """Analyse a video or a landmark table; nothing is written.

    Args:
        path: The recording.
        settings: How it is analysed; None takes the defaults.
        progress: Told how far each stage is.

    Returns:
        The report, and the recording that it was made from.

    Raises:
        FormcheckError: In one line, what was expected, what came and what to do.
    """
    chosen = settings or Settings()
    check_stated(chosen.exercise, chosen.view, chosen.landmarks_from, height_cm=chosen.height_cm)
    limits = load_profile(chosen.profile)  # a misspelt name is said at once, not after minutes of landmarking
    with doing(f"reading {Path(path).name}"):
        recording = read_recording(
            Path(path),
            model=chosen.model,
            person=chosen.person,
            mirrored=chosen.mirrored,
            landmarks_from=chosen.landmarks_from,
            cores=chosen.cores or usable_cores(),
            progress=progress,
        )
    with doing(f"judging {Path(path).name}"):
        return judged(recording, chosen, limits)


def judged(recording: Recording, settings: Settings, limits: Profile) -> Analysis:
    """The analysis of a recording whose landmarks are known, by the limits of ``settings.profile``."""
    report = analyze_poses(
        recording.pose,
        exercise=settings.exercise,
        view=settings.view,
        profile=limits,
        calibration=calibration_for(recording.model),
        cuts=recording.cuts,
        height_cm=settings.height_cm,
    )
    return Analysis(report, recording)


def analyze_to_folder(
    path: Path, out: Path, *, settings: Settings | None = None, progress: Progress = silent
) -> Analysis:
    """Analyse and write the files of one recording into :func:`~formcheck.results.folder.result_folder` of ``out``;
    see docs/files.md.

    A landmark table is written there too, so that the folder is whole; there are no pictures to draw on.

    Args:
        path: The recording.
        out: The folder in which the recording gets one of its own.
        settings: How it is analysed, and which files are wanted; None takes the defaults.
        progress: Told how far each stage is.

    Returns:
        The analysis with its folder and the names of its files.

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
        with_landmarks=not ((table := folder / LANDMARKS).exists() and table.samefile(path)),
        video=path if chosen.draw_video and not is_landmark_table(path) else None,
        progress=progress,
    )


def analyze_set(pose: Pose, name: str, model: Model, *, settings: Settings, cut_short: str | None = None) -> Analysis:
    """A live set that is over, analysed as a recording; nothing is written.

    Args:
        pose: The raw poses of all its frames, one at least.
        name: What stands in the place of a file's name.
        model: That landmarked them.
        settings: As the set was begun with.
        cut_short: Why the set ended before its time; the report then calls it incomplete.
    """
    report = analyze_poses(
        pose,
        exercise=settings.exercise,
        view=settings.view,
        profile=settings.profile,
        height_cm=settings.height_cm,
    )
    facts = {"name": model.name, "sha256": model.sha256}
    video = live_facts(pose, name, cut_short, mirrored=settings.mirrored)
    return Analysis(report, Recording(pose, video, facts))


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

    They appear together when the last one is complete, in place of those of an earlier analysis. ``with_landmarks`` is
    False where those of the analysis lie there already. ``drawn_before`` is the address, relative to the folder, of an
    annotated video that there is already.

    Raises:
        OutputError: The folder, the report or a table cannot be written.
    """
    chosen = settings or Settings()
    stale = {PAGE} if video is None else {PAGE, ANNOTATED}
    with doing(f"writing {folder.name}"), atomic_files(folder, REPORT, stale) as made:
        if with_landmarks:
            analysis.recording.save(made / LANDMARKS)
        write_timeseries(made / SERIES, timeseries_columns(analysis.report))
        pictures, missing = dict[str, str](), list[Missing]()
        if video is not None:

            def draw(target: Path) -> None:
                pictures.update(draw_video(video, analysis, target, settings=chosen, progress=progress))

            missing += _tried(made / ANNOTATED, draw)
        page = replace(page_facts(analysis, chosen, pictures), missing={one.file: one.reason for one in missing})
        if chosen.write_page:
            # Only a video of this analysis: an older one of the same name may lie there.
            beside = ANNOTATED if (made / ANNOTATED).exists() else drawn_before
            missing += _tried(
                made / PAGE,
                lambda target: write_text_atomic(target, render_report(analysis.report, page, video_url=beside)),
            )
        whole = replace(analysis, folder=folder, page=page, missing=tuple(missing))
        write_report(made / REPORT, whole.as_dict())
        there = {path.name for path in made.iterdir()}
    return replace(whole, files=tuple(name for name in (REPORT, SERIES, LANDMARKS, ANNOTATED, PAGE) if name in there))


def _tried(target: Path, make: Callable[[Path], None]) -> list[Missing]:
    """Make a file that the report does not hang on; why it is missing, if it is."""
    try:
        make(target)
    except ConnectionError:  # who asked for it is gone
        raise
    except FormcheckError as error:
        reason = str(error).replace(str(target), target.name)
        return [Missing(target.name, reason, reason)]
    except Exception as error:  # noqa: BLE001 - whatever it is, what was measured does not hang on it
        if is_memory_full(error):
            return [Missing(target.name, MEMORY_FULL, MEMORY_FULL)]
        fault = note_fault(error, f"drawing {target.name}")
        return [Missing(target.name, fault.summary, fault.line)]
    return []


def page_facts(analysis: Analysis, settings: Settings, pictures: Mapping[str, str]) -> PageFacts:
    """What ``report.html`` tells beside the report; ``pictures`` are those of the worst moments, by fault."""
    told = {"exercise": settings.exercise, "view": settings.view}
    recording = analysis.recording
    return PageFacts(recording.video, recording.model, told, pictures, date.today())


def _check_output(path: Path, out: Path) -> None:
    """Say before minutes of landmarking what would fail after them; nothing is created yet."""
    if not is_text(out):
        raise not_text(out)
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


def draw_video(
    path: Path, analysis: Analysis, target: Path, *, settings: Settings | None = None, progress: Progress = silent
) -> dict[str, str]:
    """Read the video once more and write it with what the report says drawn on every frame.

    Returns pictures of the worst moments by fault, as ``data:`` addresses.
    """
    from formcheck.draw.annotated_video import AnnotatedVideo, Look  # a landmark table needs no OpenCV
    from formcheck.frames.container import read_container

    chosen, recording = settings or Settings(), analysis.recording
    look = Look(recording.video["name"], person_words(recording.video), chosen.full_size)
    drawn = AnnotatedVideo(path, recording.facts or read_container(path), analysis.report, look)
    total = drawn.pictures_expected
    drawn.write(target, chosen.cores or usable_cores(), lambda done: progress("drawing", done, total))
    return drawn.pictures
