"""``formcheck export``: analysed sessions as files for other tools."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from formcheck.cli.overview import command
from formcheck.errors import FormcheckError, InputError
from formcheck.machine.paths import printable

if TYPE_CHECKING:
    from formcheck.export.analysed_session import AnalysedSession


class Format(StrEnum):
    """What ``--format`` takes."""

    CSV = "csv"
    TRC = "trc"
    MOT = "mot"
    MOVEMENT = "movement"
    ALL = "all"


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "export")(export)


def export(
    sessions: Annotated[
        list[Path],
        typer.Argument(
            metavar="SESSION",
            readable=False,
            help="Folders of analyze, of a batch or a session of it, landmark tables.",
        ),
    ],
    wanted: Annotated[
        list[Format] | None, typer.Option("--format", help="Which files, all unless told; may be given again.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(readable=False, help="Folder for the files; each session's own unless told.")
    ] = None,
    *,
    raw: Annotated[
        bool, typer.Option("--raw/--filtered", help="Landmarks as the pose model gave them, or as they were measured.")
    ] = False,
) -> None:
    """Write analysed sessions for other tools, as OUT/<name>.trc and so on, and print their paths."""
    from formcheck.export.formats import WRITERS, write_exports

    told = set(map(str, wanted or [Format.ALL]))
    formats = _possible(told, everything=set(WRITERS))
    opened = _by_stem(sessions, out)
    for stem in list(opened):
        for written in write_exports(opened.pop(stem), stem, formats, raw=raw):  # what is done need not be kept
            typer.echo(printable(str(written.path)))
            if written.note:
                typer.echo(printable(f"note: {written.path.name}: {written.note}"), err=True)


def _possible(told: set[str], *, everything: set[str]) -> set[str]:
    """The formats to write. One that this machine cannot write is an error if it was asked for by name, else a note."""
    from formcheck.export.movement import require_netcdf

    formats = everything if Format.ALL in told else told
    try:
        if Format.MOVEMENT in formats:
            require_netcdf()
    except FormcheckError as error:
        if Format.MOVEMENT in told:
            raise
        typer.echo(f"note: {error}", err=True)
        return formats - {Format.MOVEMENT}
    return formats


def _sessions_of(paths: list[Path]) -> Iterator[Path]:
    """The paths, and in place of a batch the folders of its sessions."""
    from formcheck.results.batch_tables import is_batch, read_table
    from formcheck.results.folder import LANDMARKS, REPORT

    for path in paths:
        if not path.is_dir() or (path / REPORT).is_file() or not is_batch(str(path)):
            yield from (path, *_recordings_of(path))
            continue
        folders = [path / "sessions" / row["folder"] for row in read_table(str(path), "sessions", ["folder"])]
        kept = [folder for folder in folders if any((folder / name).is_file() for name in (REPORT, LANDMARKS))]
        if not kept:
            told = "run formcheck batch with --keep report,landmarks"
            raise InputError(f"expected sessions with files in {path}, got none; {told}")
        yield from (each for folder in kept for each in (folder, *_recordings_of(folder)))


def _recordings_of(session: Path) -> list[Path]:
    """The folders of a session's recordings that have files; none of one recording."""
    from formcheck.results.folder import LANDMARKS, REPORT, is_of_recording

    below = sorted(session.iterdir()) if session.is_dir() and (session / REPORT).is_file() else []
    folders = [path for path in below if path.is_dir() and is_of_recording(path.name)]
    return [path for path in folders if any((path / name).is_file() for name in (REPORT, LANDMARKS))]


def _by_stem(paths: list[Path], out: Path | None) -> dict[Path, AnalysedSession]:
    """The sessions by where their files go, without the endings; InputError before anything is written."""
    from formcheck.export.analysed_session import open_analysed

    sessions: dict[Path, AnalysedSession] = {}
    for path in _sessions_of(paths):
        session = open_analysed(path)
        stem = (out or session.folder) / session.name
        if stem in sessions:
            raise InputError(f"expected sessions of different names, got two files {stem}; give each its own --out")
        sessions[stem] = session
    return sessions
