"""One live set, as it runs in a process of its own: pictures in, what to show out, at the end the files."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from formcheck.analysis import Settings, analyze_set, write_analysis
from formcheck.coach import LiveSession
from formcheck.errors import FormcheckError
from formcheck.frames.frame import Frame
from formcheck.frames.jpeg import decode_picture
from formcheck.landmarks.estimator import MediaPipeEstimator
from formcheck.landmarks.models import Model, resolve_model
from formcheck.landmarks.spool import PoseSpool
from formcheck.results.live_json import live_dict
from formcheck.web.report_page import write_page
from formcheck.web.upload_analysis import one_line

#: Too little for a report.
_MIN_FRAMES = 2


def analyse_live(connection: Connection, files: Path, page: Path, settings: Mapping[str, Any]) -> None:
    """Answer every message until ``end`` or until the pipe is closed.

    Messages: ``("frame", time_s, jpeg)`` is answered by the state, as :func:`~formcheck.results.live_json.live_dict`
    gives it, or ``{"error"}``, with the time as ``picture_s``; ``("baseline",)`` by nothing; ``("end", cut_short)`` by
    ``{"reps"}``, how many are in the files that were written, None where there was too little to write.
    """
    with suppress(BrokenPipeError, EOFError, ConnectionResetError):
        try:
            chosen = Settings(**settings)
            model = resolve_model(chosen.model)
            with MediaPipeEstimator(model) as estimator:
                connection.send({"ready": True})
                _answer(connection, _Set(estimator, model, chosen), files, page)
        except FormcheckError as error:
            connection.send({"error": one_line(error, {page.parent: "the set"})})


def _answer(connection: Connection, live: _Set, files: Path, page: Path) -> None:
    while True:
        kind, *rest = connection.recv()
        if kind == "frame":
            connection.send({**live.look(*rest), "picture_s": rest[0]})
        elif kind == "baseline":
            live.session.new_baseline()
        else:
            connection.send({"reps": live.write(files, page, *rest)})
            return


class _Set:
    """What is kept of a set: 800 bytes a frame. Pictures of another size than the first are not looked at."""

    def __init__(self, estimator: MediaPipeEstimator, model: Model, settings: Settings) -> None:
        self._estimator, self._model, self._settings = estimator, model, settings
        self.session = LiveSession(settings.exercise, settings.view, settings.profile)
        self._spool = PoseSpool()
        self._size_px = (0, 0)
        self._first_s = self._last_s = float("nan")

    def look(self, time_s: float, jpeg: bytes) -> dict[str, Any]:
        """What to show of one picture."""
        image_bgr = decode_picture(jpeg)
        if image_bgr is None:
            return {"error": "expected a JPEG picture"}
        size_px = (image_bgr.shape[1], image_bgr.shape[0])
        if not len(self._spool):
            self._size_px, self._first_s = size_px, time_s
        elif size_px != self._size_px or not time_s > self._last_s:
            return {"error": "expected pictures of one size, in order: end the set and begin another"}
        self._last_s = time_s
        pose = self._estimator.estimate(Frame(len(self._spool), time_s - self._first_s, image_bgr))
        self._spool.add(pose)
        return live_dict(self.session.update(pose))

    def write(self, files: Path, page: Path, cut_short: str | None) -> int | None:
        """Judge the set as a recording and write its files; ``cut_short`` is why it ended before its time."""
        if len(self._spool) < _MIN_FRAMES:
            return None
        chosen = replace(self._settings, draw_video=False)
        analysis = analyze_set(self._spool.pose(), "live set", self._model, settings=chosen, cut_short=cut_short)
        write_page(page, write_analysis(analysis, files, settings=chosen))
        return len(analysis.report.reps)
