"""One live set in a process of its own: pictures or landmarks in, what to show out, at the end the files."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from formcheck.analysis import Settings, analyze_set, write_analysis
from formcheck.body.pose import Pose
from formcheck.coach import LiveSession
from formcheck.errors import FormcheckError, InputError
from formcheck.frames.frame import Frame
from formcheck.frames.jpeg import decode_picture
from formcheck.landmarks.estimator import MediaPipeEstimator
from formcheck.landmarks.models import resolve_model
from formcheck.landmarks.spool import PoseSpool
from formcheck.results.live_json import live_dict
from formcheck.web.landmark_rows import read_rows
from formcheck.web.report_page import write_page
from formcheck.web.upload_analysis import one_line

#: Too little for a report.
_MIN_FRAMES = 2
_OTHER_PICTURES = {"error": "expected pictures of one size, in order: end the set and begin another"}


def analyse_live(connection: Connection, files: Path, page: Path, settings: Mapping[str, Any]) -> None:
    """Answer every message until ``end`` or until the pipe is closed.

    Messages: ``("frame", time_s, jpeg)`` and ``("rows", time_s, rows)`` are answered by the state, as
    :func:`~formcheck.results.live_json.live_dict` gives it, or ``{"error"}``, with the time as ``picture_s``;
    ``("baseline",)`` by nothing; ``("end", cut_short)`` by ``{"reps"}``, how many are in the files that were written,
    None where there was too little to write. MediaPipe is loaded when the first picture comes: who sends landmarks
    needs none here.
    """
    with suppress(BrokenPipeError, EOFError, ConnectionResetError), ExitStack() as opened:
        try:
            connection.send({"ready": True})
            _answer(connection, _Set(opened, Settings(**settings)), files, page)
        except FormcheckError as error:
            connection.send({"error": one_line(error, {page.parent: "the set"})})


def _answer(connection: Connection, live: _Set, files: Path, page: Path) -> None:
    while True:
        kind, *rest = connection.recv()
        if kind in {"frame", "rows"}:
            look = live.look if kind == "frame" else live.take
            connection.send({**look(*rest), "picture_s": rest[0]})
        elif kind == "baseline":
            live.session.new_baseline()
        else:
            connection.send({"reps": live.write(files, page, *rest)})
            return


class _Set:
    """What is kept of a set: 800 bytes a frame. Pictures of another size than the first are not looked at."""

    def __init__(self, opened: ExitStack, settings: Settings) -> None:
        self._opened, self._settings = opened, settings
        self._model = resolve_model(settings.model)
        self._estimator: MediaPipeEstimator | None = None
        self.session = LiveSession(settings.exercise, settings.view, settings.profile)
        self._spool = PoseSpool()
        self._size_px = (0, 0)
        self._first_s = self._last_s = float("nan")

    def look(self, time_s: float, jpeg: bytes) -> dict[str, Any]:
        """What to show of one picture."""
        image_bgr = decode_picture(jpeg)
        if image_bgr is None:
            return {"error": "expected a JPEG picture"}
        if not self._may_follow(time_s, (image_bgr.shape[1], image_bgr.shape[0])):
            return _OTHER_PICTURES
        if self._estimator is None:
            self._estimator = self._opened.enter_context(MediaPipeEstimator(self._model))
        return self._shown(self._estimator.estimate(Frame(len(self._spool), time_s - self._first_s, image_bgr)))

    def take(self, time_s: float, rows: bytes) -> dict[str, Any]:
        """What to show of the landmarks of a few pictures, of which the first has this time."""
        try:
            pose = read_rows(rows)
        except InputError as error:
            return {"error": str(error)}
        if not self._may_follow(time_s, (pose.width_px, pose.height_px)):
            return _OTHER_PICTURES
        self._last_s = float(pose.time_s[-1])
        return self._shown(replace(pose, time_s=pose.time_s - self._first_s))

    def _may_follow(self, time_s: float, size_px: tuple[int, int]) -> bool:
        if not len(self._spool):
            self._size_px, self._first_s = size_px, time_s
        elif size_px != self._size_px or not time_s > self._last_s:
            return False
        self._last_s = time_s
        return True

    def _shown(self, pose: Pose) -> dict[str, Any]:
        for instant in [pose] if pose.time_s.ndim == 0 else map(pose.at, range(len(pose))):
            self._spool.add(instant)
        return live_dict(self.session.update(pose))

    def write(self, files: Path, page: Path, cut_short: str | None) -> int | None:
        """Judge the set as a recording and write its files; ``cut_short`` is why it ended before its time."""
        if len(self._spool) < _MIN_FRAMES:
            return None
        chosen = replace(self._settings, draw_video=False)
        analysis = analyze_set(self._spool.pose(), "live set", self._model, settings=chosen, cut_short=cut_short)
        write_page(page, write_analysis(analysis, files, settings=chosen))
        return len(analysis.report.reps)
