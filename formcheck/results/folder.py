"""Where the files of one recording lie, and their names: a folder of its name, numbered where another one has that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from formcheck.body.view import Plane
from formcheck.errors import InputError
from formcheck.results.report_json import read_report

#: The files of a recording; docs/files.md says what is in them.
REPORT, PAGE, ANNOTATED = "report.json", "report.html", "annotated.mp4"
LANDMARKS, SERIES = "landmarks.parquet", "timeseries.parquet"
#: What each is to people. These are all of them: whatever else lies in the folder is the user's.
OURS = {PAGE: "page", REPORT: "JSON", ANNOTATED: "video", LANDMARKS: "landmarks", SERIES: "time series"}
#: Beside the folders of a batch: a row for each, and the page that leads to them.
SUMMARY, INDEX = "summary.csv", "index.html"
#: What the same recording has in common whenever it is analysed, by whichever model and with whatever settings.
_IDENTITY = ("frames", "duration_s", "width", "height")


def is_of_recording(name: str) -> bool:
    """Whether a folder of that name, in a session's, is one of its recordings': ``front``, ``side``, ``front-2``."""
    return name.partition("-")[0] in set(Plane)


def folder_name(video_name: str) -> str:
    """The name without its ending; the whole name where that would leave dots only (``..mp4``)."""
    stem = Path(video_name).stem
    return stem if stem.strip(".") else video_name


def result_folder(out: Path, video: Mapping[str, Any]) -> Path:
    """The folder in ``out`` for a recording of these facts: its name's, or the first of ``name-2``, ``name-3``, … that
    holds no report of another recording, nor one that cannot be read. Nothing is created.
    """
    return next(folder for folder in _folders(out, video["name"]) if not _is_anothers(folder, video))


def _folders(out: Path, video_name: str) -> Iterator[Path]:
    name = folder_name(video_name)
    yield out / name
    yield from (out / f"{name}-{number}" for number in count(2))


def _is_anothers(folder: Path, video: Mapping[str, Any]) -> bool:
    report = folder / REPORT
    if not report.exists():
        return False
    try:
        found = read_report(report)["video"]
    except InputError:
        return True  # of another version, say: it is not ours to write over
    return any(found[field] != video[field] for field in _IDENTITY)
