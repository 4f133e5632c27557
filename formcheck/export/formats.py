"""Which files each format of ``formcheck export`` has, and what they are called."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from formcheck.export.analysed_session import AnalysedSession
from formcheck.export.csv import write_findings_csv, write_reps_csv, write_timeseries_csv
from formcheck.export.movement import write_metres, write_pixels
from formcheck.export.opensim import write_mot, write_trc
from formcheck.machine.atomic import make_folder


@dataclass(frozen=True, slots=True)
class Written:
    """A complete file, and what there is to say about it."""

    path: Path
    note: str = ""


Writer = Callable[[AnalysedSession, Path, bool], Iterator[Written]]


def _csv(session: AnalysedSession, stem: Path, _: bool) -> Iterator[Written]:
    if session.has_frames():
        write_timeseries_csv(path := _ending(stem, "_timeseries.csv"), session.timeseries())
        yield Written(path)
    write_reps_csv(path := _ending(stem, "_reps.csv"), session.report())
    yield Written(path)
    write_findings_csv(path := _ending(stem, "_findings.csv"), session.report())
    yield Written(path)


def _trc(session: AnalysedSession, stem: Path, raw: bool) -> Iterator[Written]:
    write_trc(path := _ending(stem, ".trc"), session.pose(raw=raw), yaw_deg=_yaw_deg(session))
    yield Written(path)


def _mot(session: AnalysedSession, stem: Path, _: bool) -> Iterator[Written]:
    without = write_mot(path := _ending(stem, ".mot"), session.timeseries())
    parts = [f"{without.frames} frames"] if without.frames else []
    parts += [", ".join(without.angles)] if without.angles else []
    yield Written(path, f"left out for what is unseen in them: {' and '.join(parts)}" if parts else "")


def _movement(session: AnalysedSession, stem: Path, raw: bool) -> Iterator[Written]:
    pose, source = session.pose(raw=raw), session.report()["video"]["path"]
    write_pixels(path := _ending(stem, "_2d.nc"), pose, source=source)
    yield Written(path)
    write_metres(path := _ending(stem, "_3d.nc"), pose, yaw_deg=_yaw_deg(session), source=source)
    yield Written(path)


#: By the names of the formats.
WRITERS: Mapping[str, Writer] = {"csv": _csv, "trc": _trc, "mot": _mot, "movement": _movement}


#: The format that a session of several recordings has, too.
_WITHOUT_FRAMES = "csv"


def write_exports(session: AnalysedSession, stem: Path, formats: set[str], *, raw: bool) -> Iterator[Written]:
    """Write a session's files as ``<stem><ending>``; each told as soon as it is complete.

    Raises:
        InputError: The session lacks what a format needs.
        OutputError: A file cannot be written.
    """
    make_folder(stem.parent)
    for name, writer in WRITERS.items():
        if name in formats and (name == _WITHOUT_FRAMES or session.has_frames()):
            yield from writer(session, stem, raw)


def _yaw_deg(session: AnalysedSession) -> float:
    yaw_deg = session.report()["view"]["yaw_deg"]
    return float("nan") if yaw_deg is None else float(yaw_deg)


def _ending(stem: Path, ending: str) -> Path:
    """The name with an ending behind it; a dot in the name is not taken for one."""
    return stem.with_name(stem.name + ending)
