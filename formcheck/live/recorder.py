"""A set kept: the annotated video while it happens, and at its end the files that ``analyze`` writes."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import numpy as np

from formcheck.analysis import Analysis, Settings, analyze_set, write_analysis
from formcheck.body.pose import Pose
from formcheck.coach import LiveState
from formcheck.draw.live_overlay import Extras, LiveOverlay
from formcheck.errors import OutputError
from formcheck.frames.frame import Frame, ImageBGR
from formcheck.frames.writer import VideoWriter
from formcheck.landmarks.models import Model
from formcheck.landmarks.spool import PoseSpool
from formcheck.machine.atomic import make_folder, put_in_place, unfinished
from formcheck.results.folder import result_folder


class LiveRecorder:
    """Writes one set; opened with ``with``, ended by :meth:`finish`. Left without it, nothing is kept.

    The video goes to ``path``; report and tables into a folder beside it of the same name without the ending. Memory
    does not grow with the set; :meth:`finish` needs as much as ``analyze`` does for a video of that length.

    Raises:
        OutputError: ``path`` cannot be written, on entering or later.
    """

    def __init__(self, path: Path, size_px: tuple[int, int], model: Model, settings: Settings) -> None:
        self._path, self._size_px, self._model, self._settings = path, size_px, model, settings

    def __enter__(self) -> Self:
        with ExitStack() as opened:  # the spool is closed if the video cannot be begun
            self._made = opened.enter_context(unfinished(self._path.parent)) / self._path.name
            self._spool = opened.enter_context(PoseSpool(self._path.parent))
            self._video = VideoWriter(self._made, *self._size_px)
            self._video.__enter__()
            self._open = opened.pop_all()
        self._is_writing = True
        self._started_s: float | None = None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._is_writing:
                left = kind or RuntimeError  # left without finish(): what was written so far goes
                self._video.__exit__(left, error, trace)
        finally:
            self._open.close()

    def write(self, frame: Frame, annotated_bgr: ImageBGR, pose: Pose) -> None:
        """Keep one frame, drawn on, which must not be drawn on again, and its raw pose."""
        if self._started_s is None:
            self._started_s = frame.time_s
        time_s = frame.time_s - self._started_s
        self._video.write(Frame(len(self._spool), time_s, annotated_bgr))
        self._spool.add(replace(pose, time_s=np.asarray(time_s)))

    def finish(self, cut_short: str | None = None) -> Analysis:
        """Close the video, analyse the set, of one frame at least, as a recording and write its files.

        ``cut_short`` is why the set ended before its time; the report then calls it incomplete.
        """
        self._is_writing = False
        self._video.__exit__(None, None, None)
        put_in_place(self._made, self._path)
        analysis = analyze_set(
            self._spool.pose(), self._path.name, self._model, settings=self._settings, cut_short=cut_short
        )
        return write_analysis(
            analysis,
            result_folder(self._path.parent, analysis.recording.video),
            settings=self._settings,
            drawn_before=f"../{quote(self._path.name)}",
        )


class SetRecording:
    """Zero or one set being kept at a time; opened and closed with ``with``.

    ``analyses`` are those of the sets that were ended. Left by an error, the set under way is not kept.

    Raises:
        OutputError: from any of its verbs.
    """

    def __init__(self, model: Model, settings: Settings) -> None:
        self._model, self._settings = model, settings
        self._path: Path | None = None
        self._recorder: LiveRecorder | None = None
        self._overlay: LiveOverlay | None = None
        self.analyses: list[Analysis] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._recorder is not None:
            self._recorder.__exit__(kind, error, trace)

    @property
    def is_on(self) -> bool:
        """Whether frames are kept, or will be from the next one on."""
        return self._path is not None

    def start(self, path: Path) -> None:
        """Keep frames from the next one on; ``path`` is the name of a new video, its folder is made."""
        if path.suffix.lower() != ".mp4":
            raise OutputError(f"expected the name of an .mp4 file to record into, got {path}: give another name")
        if path.exists():  # what was recorded while it happened cannot be had again
            raise OutputError(f"expected a new file to record into, but {path} exists: give another name")
        make_folder(path.parent)
        with PoseSpool(path.parent):  # says now whether the folder can be written to
            self._path = path

    def write(self, frame: Frame, pose: Pose, state: LiveState) -> None:
        """Keep this frame if a set is recorded; the picture is copied, not drawn on."""
        if self._path is None:
            return
        size_px = (pose.width_px, pose.height_px)
        if self._recorder is None:
            self._recorder = LiveRecorder(self._path, size_px, self._model, self._settings).__enter__()
            self._overlay = LiveOverlay(*size_px)
        if self._overlay is not None and self._overlay.size_px == size_px:
            annotated = frame.image_bgr.copy()
            self._overlay.draw(annotated, state, Extras())
            self._recorder.write(frame, annotated, pose)

    def stop(self, cut_short: str | None = None) -> Analysis | None:
        """End the set and write its files; None where no frame came. ``cut_short`` is why it ended before its time."""
        recorder, self._recorder, self._path = self._recorder, None, None
        if recorder is None:
            return None
        try:
            self.analyses.append(recorder.finish(cut_short))
        finally:
            recorder.__exit__(None, None, None)
        return self.analyses[-1]
