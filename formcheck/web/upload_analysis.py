"""The analysis of one upload, as it runs in a process of its own."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from formcheck.analysis import Analysis, Settings, analyze, write_analysis
from formcheck.errors import FormcheckError, InputError
from formcheck.machine.limits import limit_memory
from formcheck.web.options import ServerOptions
from formcheck.web.report_page import write_page

#: Where each stage begins and ends on the way from 0 to 1, by the time that it took on sample clips.
_STAGES = {"decoding": (0.0, 0.02), "landmarks": (0.02, 0.8), "people": (0.8, 0.8), "athlete": (0.8, 0.8)}
_STAGES |= {"drawing": (0.8, 0.98), "report": (0.98, 1.0)}
#: A word about progress is sent after at least this share.
_STEP = 0.005


#: For who asks for more than one may have.


@dataclass(frozen=True, slots=True)
class Upload:
    """A video, what its owner calls it, and where its results go."""

    video: Path
    name: str
    files: Path
    page: Path


def analyse_upload(connection: Connection, upload: Upload, settings: Mapping[str, Any], options: ServerOptions) -> None:
    """Analyse an upload into its folder and write the page; send progress and the ending.

    From the moment on when it is known how large its pictures are and how many, the process has memory for that only.

    Messages are ``{"stage", "progress"}``, at last ``{"done"}`` or ``{"error"}`` with one line. The server may close
    the pipe at any time.
    """
    with suppress(BrokenPipeError):
        try:
            limit_memory(options.memory_bytes(*check_limits(upload.video, options)))
            chosen, told = Settings(**settings), _Told(connection)
            analysis = named(analyze(upload.video, settings=chosen, progress=told), upload.name)
            written = write_analysis(analysis, upload.files, settings=chosen, video=upload.video, progress=told)
            told("report", 0, 1)
            write_page(upload.page, written)
        except FormcheckError as error:
            names = {upload.video: upload.name, upload.page.parent: upload.name}
            connection.send({"error": one_line(error, names)})
        else:
            connection.send({"done": True})


def one_line(error: FormcheckError, names: Mapping[Path, str]) -> str:
    """What went wrong, for who is not to know where the server keeps its files: paths by their names, in this order."""
    text = str(error)
    for path, name in names.items():
        text = text.replace(str(path), name)
    return " ".join(text.split())


def named(analysis: Analysis, name: str) -> Analysis:
    """The analysis of a recording that its owner calls ``name``; the file had a name of the server's."""
    recording = analysis.recording
    return replace(analysis, recording=replace(recording, video={**recording.video, "name": name}))


def check_limits(video: Path, options: ServerOptions) -> tuple[int, int]:
    """Refuse what would take too long, before it is decoded; the pixels of a picture and the number of pictures.

    Raises:
        InputError: The picture is larger than ``max_pixels``, or the recording longer than ``max_duration_s``.
        VideoError: It is no video.
    """
    from formcheck.frames.container import read_container

    found = read_container(video)
    pixels = found.width_px * found.height_px
    if pixels > options.max_pixels:
        size = f"{found.width_px} × {found.height_px}"
        raise InputError(f"expected at most {options.max_pixels} pixels, got {size}: film it smaller")
    times_s = found.picture_times_s
    rate = found.frame_rate or 30.0
    duration_s = float(times_s[-1]) if times_s is not None and len(times_s) else found.expected_frames / rate
    if duration_s > options.max_duration_s:
        most_min, got_min = options.max_duration_s / 60, duration_s / 60
        raise InputError(f"expected at most {most_min:g} minutes, got {got_min:.1f}: cut the recording")
    return pixels, found.expected_frames


class _Told:
    """Sends progress, not more often than it shows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sent = ("", -1.0)

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        first, last = _STAGES.get(stage, (0.0, 0.0))
        progress = first + (last - first) * (min(done / total, 1.0) if total else 0.0)
        if stage != self._sent[0] or progress - self._sent[1] >= _STEP:
            self._connection.send({"stage": stage, "progress": progress})
            self._sent = (stage, progress)
