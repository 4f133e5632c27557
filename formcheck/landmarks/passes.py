"""From a video to landmarks: one pass, or for a long video two halves side by side.

One inference keeps one core busy, so a second landmarker in the same process nearly doubles the speed. MediaPipe tracks
from frame to frame, so the one that begins in the middle starts WARM_UP_FRAMES earlier. It then tracks almost, not
exactly, as one that saw it all, see docs/speed.md. Shorter recordings are not split.

Where the lookout sees company, or the body jumps, the recording is surveyed for people and one of them is chosen. The
landmarks of the first pass stay if they are that person's all the way; if not, a second pass sees nothing but that
person's part of the picture. Measured, that moves landmarks no more than a wider picture does: 0.6 px (median) against
0.5 px beside those of the person alone. Frames in which the pose is somebody else's, or somebody stands in front, are
unseen.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from formcheck.body.pose import BoolArray, FloatArray, Pose
from formcheck.frames.ahead import prefetch
from formcheck.frames.frame import Frame
from formcheck.frames.video import VideoFile, VideoInfo
from formcheck.io.cuts import FilmCuts
from formcheck.landmarks.athlete import Person, athlete_index, has_jumped, is_hidden, is_person, windows_px
from formcheck.landmarks.estimator import MediaPipeEstimator
from formcheck.landmarks.landmark_table import PoseRecorder
from formcheck.landmarks.models import Model
from formcheck.landmarks.people import Lookout, check_person, find_people, only

#: Recordings of at least this many frames are landmarked in two halves.
SPLIT_FROM_FRAMES = 600
#: The second landmarker begins this much earlier, and these frames of it are dropped.
WARM_UP_FRAMES = 45
#: Decoding ahead makes one process 5 % faster; where every core has a process of its own, it makes all 2 % slower.
AHEAD = 4

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Landmarks:
    """The raw poses of a video, rounded as the landmark table stores them, and the facts of what was read.

    ``people`` is how many were seen; ``person`` counts from left to right by where each was first seen, from 1;
    ``cuts`` are the first frames of new shots, as the picture shows them.
    """

    pose: Pose
    info: VideoInfo
    people: int = 1
    person: int = 1
    cuts: tuple[int, ...] = ()


def landmark_video(
    path: Path, model: Model, progress: Progress, *, person: int | None = None, one_core: bool = False
) -> Landmarks:
    """Landmark one person of a video: the athlete, or the ``person``-th from the left, counted from 1.

    ``one_core`` keeps a long video in one piece and reads no frames ahead.

    ``progress`` is told the stage, how many frames of it are done and how many are expected, from one thread at a time.

    Raises:
        VideoError, ModelError, SystemLibraryError: In one line; InputError if there is no such person.
    """
    with VideoFile(path) as probe:
        expected, size_px = probe.expected_frames, probe.size_px
    with Lookout(model, expected) as lookout:
        first, film = _Job(path, model, expected, lambda done: progress("landmarks", done, expected)), FilmCuts()
        first.lookout, first.film = lookout, film
        pose, info = _landmark(first, size_px, one_core=one_core)
        has_company = lookout.saw_company() or has_jumped(pose)
    if person is None and not has_company:
        return Landmarks(pose, info, cuts=film.first_frames())
    people, searched = find_people(path, model, lambda done, total: progress("people", done, total))
    check_person(person, max(len(people), 1), info.name)
    if len(people) <= 1:
        return Landmarks(pose, info, cuts=film.first_frames())
    chosen = athlete_index(people, searched) if person is None else person - 1
    if not _is_followed(pose, people, chosen):
        windows = windows_px(people[chosen], pose.time_s)
        second = _Job(path, model, expected, lambda done: progress("athlete", done, expected), windows=windows)
        pose, info = _landmark(second, size_px, one_core=one_core)
    wrong = ~is_person(pose, people, chosen) | is_hidden(people, chosen, pose.time_s)
    return Landmarks(_without(pose, wrong), info, len(people), chosen + 1, film.first_frames())


def _is_followed(pose: Pose, people: Sequence[Person], chosen: int) -> bool:
    """Whether a pass has followed the chosen person, as far as others did not hide the person."""
    seen = np.isfinite(pose.image_px[:, 0, 0]) & ~is_hidden(people, chosen, pose.time_s)
    return bool(seen.any() and is_person(pose, people, chosen)[seen].all())


def _without(pose: Pose, wrong: BoolArray) -> Pose:
    """The recording with some frames (T,) unseen."""
    return replace(
        pose,
        image_px=np.where(wrong[:, None, None], np.nan, pose.image_px),
        world_m=np.where(wrong[:, None, None], np.nan, pose.world_m),
        visibility=np.where(wrong[:, None], 0.0, pose.visibility),
    )


def _landmark(job: _Job, size_px: tuple[int, int], *, one_core: bool) -> tuple[Pose, VideoInfo]:
    """One pass over the video, in two halves at once if it is long and more than one core may be used."""
    expected = job.expected
    is_split = not one_core and expected is not None and expected >= SPLIT_FROM_FRAMES
    middle = expected // 2 if is_split and expected is not None else None
    spans: list[tuple[int, int | None]] = [(0, None)] if middle is None else [(0, middle), (middle, None)]
    recorders = [PoseRecorder(*size_px) for _ in spans]
    with ThreadPoolExecutor(max_workers=len(spans), thread_name_prefix="formcheck-landmarks") as threads:
        running = [
            threads.submit(job.run, recorder, first, last, 0 if one_core else AHEAD)
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
    """What the halves share: the video, the model, where to look, the count of frames and the wish to stop.

    ``windows`` (T, 4) is the part of the picture that is seen on each frame, NaN where nothing is. ``lookout`` and
    ``film`` see every frame, where there is one.
    """

    def __init__(
        self,
        path: Path,
        model: Model,
        expected: int | None,
        on_frame: Callable[[int], None],
        *,
        windows: FloatArray | None = None,
    ) -> None:
        self._path, self._model = path, model
        self._windows = windows
        self.lookout: Lookout | None = None
        self.film: FilmCuts | None = None
        self._done, self._counting, self._on_frame = 0, threading.Lock(), on_frame
        self.expected = expected
        self.stop = threading.Event()

    def run(self, recorder: PoseRecorder, first: int, last: int | None, ahead: int) -> VideoInfo:
        """Record the frames from ``first`` up to, not including, ``last``; the facts tell what was read.

        ``ahead`` frames are decoded while one is looked at.
        """
        video = VideoFile(self._path)
        look = self.film.follow() if self.film else None
        with prefetch(video, ahead) as frames, MediaPipeEstimator(self._model) as estimator:
            for frame in frames:
                if self.stop.is_set() or frame.index == last:
                    break
                if frame.index < first - WARM_UP_FRAMES:
                    continue
                if look is not None:
                    look(frame)
                pose = self._estimate(estimator, frame)
                if frame.index >= first:
                    recorder.add(pose)
                    if self.lookout is not None:
                        self.lookout.glance(frame, pose)
                    self._count()
        return video.info

    def _estimate(self, estimator: MediaPipeEstimator, frame: Frame) -> Pose:
        if self._windows is None:
            return estimator.estimate(frame)
        window = self._windows[frame.index]
        if not np.isfinite(window).all():
            height_px, width_px = frame.image_bgr.shape[:2]
            return Pose.unseen(frame.time_s, width_px, height_px)
        return estimator.estimate(replace(frame, image_bgr=only(frame.image_bgr, window)))

    def _count(self) -> None:
        with self._counting:
            self._done += 1
            self._on_frame(self._done)
