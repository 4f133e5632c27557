"""From a video to landmarks: one pass, or for a long video two halves side by side.

One inference keeps one core busy, so a second landmarker in the same process nearly doubles the speed. MediaPipe tracks
from frame to frame, so the one that begins in the middle starts WARM_UP_FRAMES earlier. It then tracks almost, not
exactly, as one that saw it all: on a minute of video the landmarks differed by 0.1 px (median), no finding by more than
0.006 shank lengths. Shorter recordings are not split.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from pathlib import Path

from formcheck.io.estimator import MediaPipeEstimator
from formcheck.io.models import Model
from formcheck.io.prefetch import prefetch
from formcheck.io.sources import VideoFile, VideoInfo
from formcheck.io.tables import PoseRecorder
from formcheck.pose import Pose

#: Recordings of at least this many frames are landmarked in two halves.
SPLIT_FROM_FRAMES = 1200
#: The second landmarker begins this much earlier, and these frames of it are dropped.
WARM_UP_FRAMES = 45


def landmark_video(path: Path, model: Model, on_frame: Callable[[int, int | None], None]) -> tuple[Pose, VideoInfo]:
    """The raw poses of a video, rounded as the landmark table stores them, and the facts of what was read.

    ``on_frame`` is told how many frames are done and how many are expected, from one thread at a time.

    Raises:
        VideoError, ModelError, SystemLibraryError: In one line.
    """
    with VideoFile(path) as probe:
        expected, size_px = probe.expected_frames, probe.size_px
    middle = expected // 2 if expected is not None and expected >= SPLIT_FROM_FRAMES else None
    spans: list[tuple[int, int | None]] = [(0, None)] if middle is None else [(0, middle), (middle, None)]
    job = _Job(path, model, expected, on_frame)
    recorders = [PoseRecorder(*size_px) for _ in spans]
    with ThreadPoolExecutor(max_workers=len(spans), thread_name_prefix="formcheck-landmarks") as threads:
        running = [
            threads.submit(job.run, recorder, first, last)
            for recorder, (first, last) in zip(recorders, spans, strict=True)
        ]
        try:
            _wait_for(running)
        finally:  # one failed, or Ctrl-C: the other must not go on for minutes
            job.stop.set()
        infos = [part.result() for part in running]
    for later in recorders[1:]:
        recorders[0].extend(later)
    return recorders[0].pose(), infos[-1]


def _wait_for(running: list[Future[VideoInfo]]) -> None:
    """Wait until all are done or one has failed, in short steps, so that Ctrl-C is heard."""
    while True:
        done, going = wait(running, timeout=0.2, return_when=FIRST_EXCEPTION)
        if not going or any(part.exception() is not None for part in done):
            return


class _Job:
    """What the halves share: the video, the model, the count of frames and the wish to stop."""

    def __init__(
        self, path: Path, model: Model, expected: int | None, on_frame: Callable[[int, int | None], None]
    ) -> None:
        self._path, self._model = path, model
        self._expected, self._on_frame = expected, on_frame
        self._done, self._counting = 0, threading.Lock()
        self.stop = threading.Event()

    def run(self, recorder: PoseRecorder, first: int, last: int | None) -> VideoInfo:
        """Record the frames from ``first`` up to, not including, ``last``; the facts tell what was read."""
        video = VideoFile(self._path)
        with prefetch(video) as frames, MediaPipeEstimator(self._model) as estimator:
            for frame in frames:
                if self.stop.is_set() or frame.index == last:
                    break
                if frame.index < first - WARM_UP_FRAMES:
                    continue
                pose = estimator.estimate(frame)
                if frame.index >= first:
                    recorder.add(pose)
                    self._count()
        return video.info

    def _count(self) -> None:
        with self._counting:
            self._done += 1
            self._on_frame(self._done, self._expected)
