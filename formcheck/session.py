"""A session seen from several sides, from files to files: each recording is analysed, one report is made of all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import Any

from formcheck.analysis import Analysis, Missing, Settings, analyze, judged, write_analysis
from formcheck.body.view import Plane, off_square_deg
from formcheck.checks.check import FRONTAL
from formcheck.checks.exercises import NO_EXERCISE
from formcheck.checks.joining import join
from formcheck.checks.profiles import load_profile
from formcheck.checks.session_report import SessionReport
from formcheck.draw.moments import worst_moments
from formcheck.errors import InputError
from formcheck.landmarks.recording import Progress, is_landmark_table, silent
from formcheck.machine.atomic import atomic_files, atomic_path, write_text_atomic
from formcheck.machine.faults import doing
from formcheck.pages.report import PageFacts, PageVideo, frame_s, render_report
from formcheck.results.folder import ANNOTATED, LANDMARKS, PAGE, REPORT, folder_name, result_folder
from formcheck.results.report_json import report_dict, write_report

#: A recording at an angle that is nearer to the side than to the front is taken for the one from the side, beside one
#: from the front: its measures are less certain for that, which they say.
_SIDE_WITHIN_DEG = 45.0


@dataclass(frozen=True, slots=True)
class SessionAnalysis:
    """The report of a session, the recordings that it was made from, and the names of the files in ``folder``."""

    name: str
    report: SessionReport
    parts: tuple[Analysis, ...]
    folder: Path | None = None
    files: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the recordings."""
        return tuple(part.recording.video["name"] for part in self.parts)

    @property
    def missing(self) -> tuple[Missing, ...]:
        """Files that were wanted and could not be made."""
        return tuple(one for part in self.parts for one in part.missing)

    def as_dict(self) -> dict[str, Any]:
        """The content of ``report.json``."""
        first = self.parts[0].recording
        missing = {one.file: one.reason for one in self.missing}
        told = [_recording_facts(part) for part in self.parts]
        return report_dict(self.report, video=first.video, model=first.model, missing=missing, recordings=told)


def _recording_facts(part: Analysis) -> dict[str, Any]:
    video = part.recording.video
    facts = {"video": {"path": video["name"]} | {key: value for key, value in video.items() if key != "name"}}
    return facts | ({} if part.folder is None else {"folder": part.folder.name})


def analyze_session(
    paths: Sequence[Path],
    *,
    settings: Settings | None = None,
    together: bool | None = None,
    name: str | None = None,
    progress: Progress = silent,
) -> SessionAnalysis:
    """Analyse one or two recordings as one session; nothing is written.

    Args:
        paths: Videos, landmark tables, or folders of ``analyze``; of one recording the views are those in which its
            repetitions were seen.
        settings: How each is analysed; the view is measured.
        together: Whether two recordings show one set; None lets the movement tell.
        name: What the session is called; None makes a name of those of the recordings.
        progress: Told how far each stage is.

    Raises:
        FormcheckError: As :func:`~formcheck.analysis.analyze`; InputError where they are of different exercises.
    """
    if not 1 <= len(paths) <= 2:
        raise InputError(f"expected one or two recordings of a session, got {len(paths)}")
    chosen = replace(settings or Settings(), view="auto")
    tables = [landmarks_of(path) for path in paths]
    parts = [analyze(path, settings=chosen, progress=progress) for path in tables]
    return session_of(parts, settings=chosen, together=together, name=name)


def session_of(
    parts: Sequence[Analysis], *, settings: Settings, together: bool | None = None, name: str | None = None
) -> SessionAnalysis:
    """The session of recordings that were analysed already.

    Raises:
        InputError: They are of different exercises.
    """
    agreed = _of_one_exercise(list(parts), settings)
    agreed = [_from_the_side(part, agreed, settings) for part in agreed]
    with doing("joining the views"):
        report = join([part.report for part in agreed], together=together)
    called = name or session_name([part.recording.video["name"] for part in agreed])
    return SessionAnalysis(called, report, tuple(agreed))


def landmarks_of(path: Path) -> Path:
    """What is read of a path: the landmarks of a folder of ``analyze``, the file itself elsewhere.

    Raises:
        InputError: The folder has none.
    """
    if not path.is_dir():
        return path
    if not (path / LANDMARKS).is_file():
        raise InputError(f"expected a video, or a folder with {LANDMARKS}, got {path}; analyse its video again")
    return path / LANDMARKS


def session_name(names: Sequence[str]) -> str:
    """What the names of the recordings begin with, ``set`` of ``set_front`` and ``set_side``, or all of them."""
    stems = [folder_name(name) for name in names]
    shared = takewhile(lambda letters: len(set(letters)) == 1, zip(*stems, strict=False))
    common = "".join(letters[0] for letters in shared).rstrip(" _-.")
    return common if len(common) > 1 or len(stems) == 1 else "+".join(stems)


def _of_one_exercise(parts: list[Analysis], settings: Settings) -> list[Analysis]:
    """The recordings, judged again as the exercise of the other one where one alone was recognised."""
    known = {part.report.exercise for part in parts} - {NO_EXERCISE.name}
    if len(known) > 1:
        told = " and ".join(f"{part.report.exercise} in {part.recording.video['name']}" for part in parts)
        raise InputError(f"expected one exercise in both recordings, got {told}; tell it with --exercise")
    if not known:
        return parts
    as_told = replace(settings, exercise=known.pop())
    return [part if part.report.reps else _again(part, as_told) for part in parts]


def _from_the_side(part: Analysis, parts: Sequence[Analysis], settings: Settings) -> Analysis:
    """A recording at an angle as the one from the side, if it is nearer to that and another one is from the front."""
    report = part.report
    has_front = any(other.report.view.plane in FRONTAL for other in parts if other is not part)
    planes = {report.view.plane, *(rep.view.plane for rep in report.reps)}
    off_deg = off_square_deg(replace(report.view, plane=Plane.SIDE))
    if Plane.OBLIQUE not in planes or not has_front or off_deg > _SIDE_WITHIN_DEG:
        return part
    return _again(part, replace(settings, exercise=part.report.exercise, view=str(Plane.SIDE)))


def _again(part: Analysis, settings: Settings) -> Analysis:
    return judged(part.recording, settings, load_profile(settings.profile))


def analyze_session_to_folder(
    paths: Sequence[Path],
    out: Path,
    *,
    settings: Settings | None = None,
    together: bool | None = None,
    name: str | None = None,
    progress: Progress = silent,
) -> SessionAnalysis:
    """Analyse and write the files of a session: its report into a folder of its name in ``out``, those of each
    recording into folders in that, called by what they saw. Arguments and errors as :func:`analyze_session`.
    """
    chosen = settings or Settings()
    session = analyze_session(paths, settings=chosen, together=together, name=name, progress=progress)
    first = session.parts[0].recording.video
    folder = result_folder(out, {**first, "name": f"{session.name}.session"})
    return write_session(session, paths, folder, settings=chosen, progress=progress)


def write_session(
    session: SessionAnalysis, paths: Sequence[Path], folder: Path, *, settings: Settings, progress: Progress = silent
) -> SessionAnalysis:
    """Write the files of a session into ``folder``; ``paths`` are its recordings, whose videos are drawn on.

    Raises:
        OutputError: A folder, a report or a table cannot be written.
    """
    parts = []
    alone = replace(settings, write_page=False)
    for part, path, called in zip(session.parts, paths, _folder_names(session), strict=True):
        is_video = settings.draw_video and not path.is_dir() and not is_landmark_table(path)
        own = folder / called
        done = write_analysis(part, own, settings=alone, video=path if is_video else None, progress=progress)
        parts.append(_with_given_video(done, path, own))
    written = replace(session, parts=tuple(parts), folder=folder)
    with doing(f"writing {folder.name}"), atomic_files(folder, REPORT, {PAGE}) as made:
        if settings.write_page:
            write_text_atomic(made / PAGE, session_page(written, settings))
        write_report(made / REPORT, written.as_dict())
    return replace(written, files=(REPORT, PAGE) if settings.write_page else (REPORT,))


def _with_given_video(made: Analysis, path: Path, own: Path) -> Analysis:
    """The recording with the annotated video of the folder that was given for it, so that the session is whole."""
    given = path / ANNOTATED
    if not path.is_dir() or not given.is_file():
        return made
    with atomic_path(own / ANNOTATED) as temporary:
        try:
            os.link(given, temporary)
        except OSError:  # on another disk, or where there are no links
            shutil.copyfile(given, temporary)
    return replace(made, files=(*made.files, ANNOTATED))


def _folder_names(session: SessionAnalysis) -> Iterator[str]:
    """What each recording saw; numbered where two saw the same."""
    planes = [str(part.report.view.plane) for part in session.parts]
    for number, plane in enumerate(planes):
        before = planes[:number].count(plane)
        yield f"{plane}-{before + 1}" if before else plane


def session_page(session: SessionAnalysis, settings: Settings, below: str = "", **more: Any) -> str:
    """The report of a session as a page, with a player where its recordings have videos, whose folders are ``below``
    that address; ``more`` as :func:`~formcheck.pages.report.render_report` takes it.
    """
    first = session.parts[0].recording
    told = {"exercise": settings.exercise, "view": "auto"}
    facts = PageFacts(
        {**first.video, "name": " + ".join(session.names)}, first.model, told, _pictures(session), date.today()
    )
    facts = replace(facts, missing={one.file: one.reason for one in session.missing})
    return render_report(session.report, facts, videos=tuple(_videos(session, below)), **more)


def _pictures(session: SessionAnalysis) -> Mapping[str, str]:
    """The picture of each worst moment, from the recording that it was judged in, if that has one of that moment."""
    pictures = {}
    for moment in worst_moments(session.report):
        part = session.parts[moment.recording - 1]
        own = {one.fault: one.frame for one in worst_moments(part.report)}
        if part.page is not None and own.get(moment.fault) == moment.frame and moment.fault in part.page.pictures:
            pictures[moment.fault] = part.page.pictures[moment.fault]
    return pictures


def _videos(session: SessionAnalysis, below: str) -> Iterator[PageVideo]:
    """The annotated video of each recording that has one."""
    joined = session.report.joined
    for number, part in enumerate(session.parts, 1):
        if part.folder is not None and ANNOTATED in part.files:
            ahead_s = joined.parts[number - 1].ahead_s if joined else 0.0
            url, plane = f"{below}{part.folder.name}/{ANNOTATED}", part.report.view.plane
            yield PageVideo(url, number, plane, ahead_s, frame_s(part.recording.video))
