"""The analysis of one upload, as it runs in a process of its own."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from formcheck.analysis import Analysis, Settings, analyze, analyze_set, write_analysis
from formcheck.errors import FormcheckError, InputError
from formcheck.landmarks.models import resolve_model
from formcheck.machine.limits import limit_memory
from formcheck.web.landmark_rows import ROW, read_rows
from formcheck.web.options import MOST_PICTURES_A_SECOND, ServerOptions
from formcheck.web.report_page import THUMBNAIL, write_page, write_thumbnail

#: Where each stage begins and ends on the way from 0 to 1, by the time that it took on sample clips.
_STAGES = {"decoding": (0.0, 0.02), "landmarks": (0.02, 0.8), "people": (0.8, 0.8), "athlete": (0.8, 0.8)}
_STAGES |= {"drawing": (0.8, 0.98), "report": (0.98, 1.0)}
#: A word about progress is sent after at least this share.
_STEP = 0.005


@dataclass(frozen=True, slots=True)
class Upload:
    """A video or rows of landmarks, what their owner calls them, and where the results go."""

    video: Path
    name: str
    files: Path
    page: Path
    holds_rows: bool = False


def analyse_upload(connection: Connection, upload: Upload, settings: Mapping[str, Any], options: ServerOptions) -> None:
    """Analyse an upload into its folder and write the page; send progress and the ending.

    From the moment on when it is known how large its pictures are and how many, the process has memory for that only.

    Messages are ``{"stage", "progress"}``, at last ``{"done"}`` or ``{"error"}`` with one line. The server may close
    the pipe at any time.
    """
    with suppress(BrokenPipeError):
        try:
            chosen, told = Settings(**settings), _Told(connection)
            if upload.holds_rows:
                analysis, video = _of_rows(upload, chosen, options), None
            else:
                limit_memory(options.memory_bytes(*check_limits(upload.video, options)))
                analysis, video = (
                    named(analyze(upload.video, settings=chosen, progress=told), upload.name),
                    upload.video,
                )
            written = write_analysis(analysis, upload.files, settings=chosen, video=video, progress=told)
            told("report", 0, 1)
            write_page(upload.page, written)
            write_thumbnail(upload.page.with_name(THUMBNAIL), written)
        except FormcheckError as error:
            names = {upload.video: upload.name, upload.page.parent: upload.name}
            connection.send({"error": one_line(error, names)})
        else:
            connection.send({"done": True})


def _of_rows(upload: Upload, settings: Settings, options: ServerOptions) -> Analysis:
    """The analysis of landmarks that a browser found; it counts as a set that was seen to its end."""
    most_bytes = int(options.max_duration_s * MOST_PICTURES_A_SECOND) * ROW.itemsize
    if (got_bytes := upload.video.stat().st_size) > most_bytes:
        raise InputError(f"expected at most {most_bytes / 1e6:.0f} MB of landmarks, got {got_bytes / 1e6:.0f}: cut it")
    pose = read_rows(upload.video.read_bytes())
    pose = replace(pose, time_s=pose.time_s - pose.time_s[0])
    _check_duration(float(pose.time_s[-1]), options)
    limit_memory(options.memory_bytes(0, len(pose)))
    return analyze_set(pose, upload.name, resolve_model(settings.model), settings=settings)


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
    _check_duration(duration_s, options)
    return pixels, found.expected_frames


def _check_duration(duration_s: float, options: ServerOptions) -> None:
    if duration_s > options.max_duration_s:
        most_min, got_min = options.max_duration_s / 60, duration_s / 60
        raise InputError(f"expected at most {most_min:g} minutes, got {got_min:.1f}: cut the recording")


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
