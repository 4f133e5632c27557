"""Analyse one recording with a progress bar, and print what came out."""

from __future__ import annotations

import shlex
import sys
import webbrowser
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

from formcheck.analysis import Analysis, Settings, analyze_to_folder
from formcheck.cli.findings_table import print_analysis
from formcheck.errors import InputError
from formcheck.landmarks.recording import is_landmark_table
from formcheck.machine.paths import printable
from formcheck.results.folder import PAGE, folder_name


class _Bars:
    """One bar a stage, with speed and time left, on stderr; nothing where stderr is not a terminal."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description:>10}"),
            BarColumn(),
            TaskProgressColumn(show_speed=True),
            TextColumn("{task.fields[speed]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> _Bars:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._progress.add_task(stage, total=total, speed="")
        task = self._tasks[stage]
        speed = self._progress.tasks[task].speed
        self._progress.update(task, completed=done, total=total, speed=f"{speed:.0f} frames/s" if speed else "")


def analyze_and_show(path: Path, out: Path, settings: Settings) -> Analysis:
    """Analyse into ``out``, print the summary on stdout; what a user should know beside it on stderr."""
    with _Bars() as bars:
        analysis = analyze_to_folder(path, out, settings=settings, progress=bars)
    for note in _notes(path, analysis):
        Console(stderr=True, soft_wrap=True, highlight=False).print(printable(note), markup=False)
    console = Console(highlight=False)
    print_analysis(console, analysis)
    if (page := _page(analysis)) is not None:
        console.print(f"Open {printable(str(page))}", markup=False, soft_wrap=True)
    return analysis


def join_and_show(paths: list[Path], out: Path, settings: Settings, *, together: bool | None, name: str | None) -> None:
    """Analyse the recordings of a session into ``out`` and print the summary of all."""
    from formcheck.cli.findings_table import print_session
    from formcheck.session import analyze_session_to_folder

    with _Bars() as bars:
        session = analyze_session_to_folder(paths, out, settings=settings, together=together, name=name, progress=bars)
    for path, part in zip(paths, session.parts, strict=True):
        for note in _notes(path, part, is_of_session=True):
            Console(stderr=True, soft_wrap=True, highlight=False).print(printable(note), markup=False)
    console = Console(highlight=False)
    print_session(console, session)
    if session.folder is not None and PAGE in session.files:
        console.print(f"Open {printable(str(session.folder / PAGE))}", markup=False, soft_wrap=True)


def one_recording(paths: list[Path]) -> Path:
    """The one recording that `analyze` takes; folders, and several, are for `batch`."""
    if len(paths) > 1 or paths[0].is_dir():
        came = f"{len(paths)} of them" if len(paths) > 1 else "a folder"
        batch = printable(shlex.join(["formcheck", "batch", *map(str, paths)]))
        raise InputError(f"expected one recording, got {came}; for many there is: {batch}")
    return paths[0]


def open_page(analysis: Analysis) -> None:
    """Show the report in the browser, if there is one."""
    page = _page(analysis)
    if page is not None and not webbrowser.open(page.absolute().as_uri()):
        Console(stderr=True, soft_wrap=True).print("note: found no browser to open it with: open the file yourself")


def _page(analysis: Analysis) -> Path | None:
    return analysis.folder / PAGE if analysis.folder is not None and PAGE in analysis.files else None


def _notes(path: Path, analysis: Analysis, *, is_of_session: bool = False) -> Iterator[str]:
    """What is incomplete, who was chosen, and where the files are if not where they would be looked for."""
    video, folder = analysis.recording.video, analysis.folder
    if not video["complete"]:
        yield f"warning: {video['name']} is incomplete: {video['reason']}"
    if "people" in video:
        how = "" if is_landmark_table(path) else "; choose another with --person"
        yield f"note: {video['people']} people were seen; person {video['person']} from the left is analysed{how}"
    for one in analysis.missing:
        yield f"warning: {one.file} is missing: {one.line}"
    if folder is not None and not is_of_session and folder.name != (usual := folder_name(video["name"])):
        yield f"note: {folder.with_name(usual)} holds other results; those of this recording are in {folder}"
