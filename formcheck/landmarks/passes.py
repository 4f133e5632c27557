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
from formcheck.frames.container import ContainerFacts, read_container
from formcheck.frames.cuts import FilmCuts
from formcheck.frames.frame import Frame
from formcheck.frames.reading import Reading, VideoInfo
from formcheck.frames.video import VideoFile
from formcheck.landmarks.athlete import Person, athlete_index, has_jumped, is_hidden, is_person, windows_px
from formcheck.landmarks.estimator import MediaPipeEstimator
from formcheck.landmarks.models import Model
from formcheck.landmarks.people import Lookout, check_person, find_people, only
from formcheck.landmarks.spool import PoseSpool

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
    facts: ContainerFacts
    people: int = 1
    person: int = 1
    cuts: tuple[int, ...] = ()


def landmark_video(
    path: Path,
    model: Model,
    progress: Progress,
    *,
    person: int | None = None,
    mirrored: bool = False,
    one_core: bool = False,
) -> Landmarks:
    """Landmark one person of a video: the athlete, or the ``person``-th from the left, counted from 1.

    ``mirrored`` says that the pictures are mirror images: they are flipped back before anything is looked for.
    ``one_core`` keeps a long video in one piece and reads no frames ahead.

    ``progress`` is told the stage, how many frames of it are done and how many are expected, from one thread at a time.

    Raises:
        VideoError, ModelError, SystemLibraryError: In one line; InputError if there is no such person.
    """
    facts = read_container(path)
    if mirrored:
        facts = replace(facts, upright=facts.upright.flipped())
    expected = facts.expected_frames
    with Lookout(model, expected) as lookout:
        first, film = _Job(path, model, facts, lambda done: progress("landmarks", done, expected)), FilmCuts()
        first.lookout, first.film = lookout, film
        pose, info = _landmark(first, one_core=one_core)
        has_company = lookout.saw_company() or has_jumped(pose)
    cuts = film.first_frames()
    if person is None and not has_company:
        return Landmarks(pose, info, facts, cuts=cuts)
    people, searched = find_people(path, model, facts, lambda done: progress("people", done, expected))
    check_person(person, max(len(people), 1), info.name)
    if len(people) <= 1:
        return Landmarks(pose, info, facts, cuts=cuts)
    chosen = athlete_index(people, searched) if person is None else person - 1
    if not _is_followed(pose, people, chosen):
        windows = _Windows(pose.time_s, windows_px(people[chosen], pose.time_s))
        second = _Job(path, model, facts, lambda done: progress("athlete", done, expected), windows=windows)
        pose, info = _landmark(second, one_core=one_core)
    wrong = ~is_person(pose, people, chosen) | is_hidden(people, chosen, pose.time_s)
    return Landmarks(_without(pose, wrong), info, facts, len(people), chosen + 1, cuts)


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


def _landmark(job: _Job, *, one_core: bool) -> tuple[Pose, VideoInfo]:
    """One pass over the video, in two halves at once if it is long and more than one core may be used."""
    expected = job.facts.expected_frames
    is_split = not one_core and expected >= SPLIT_FROM_FRAMES
    spans: list[tuple[int, int | None]] = [(0, expected // 2), (expected // 2, None)] if is_split else [(0, None)]
    spools = [PoseSpool() for _ in spans]
    with ThreadPoolExecutor(max_workers=len(spans), thread_name_prefix="formcheck-landmarks") as threads:
        running = [
            threads.submit(job.run, spool, first, last, 0 if one_core else AHEAD)
            for spool, (first, last) in zip(spools, spans, strict=True)
        ]
        try:
            _wait_for(running)
        finally:  # one failed, or Ctrl-C: the other must not go on for minutes
            job.stop.set()
        reading = Reading.joined([part.result() for part in running])
    reading.check(job.path)
    for later in spools[1:]:
        spools[0].extend(later)
    return spools[0].pose(), reading.info(job.path, job.facts)


def _wait_for(running: list[Future[Reading]]) -> None:
    """Wait until all are done or one has failed, in short steps, so that Ctrl-C is heard."""
    while True:
        done, going = wait(running, timeout=0.2, return_when=FIRST_EXCEPTION)
        if not going or any(part.exception() is not None for part in done):
            return


@dataclass(frozen=True, slots=True)
class _Windows:
    """The part of the picture that is seen at each of the times (T,): ``boxes_px`` (T, 4), NaN where nothing is."""

    time_s: FloatArray
    boxes_px: FloatArray

    def at(self, time_s: float) -> FloatArray:
        """The box of the frame of that time; of the next one where it is none of them."""
        return np.asarray(self.boxes_px[min(int(np.searchsorted(self.time_s, time_s)), len(self.time_s) - 1)])


class _Job:
    """What the halves share: the video, the model, where to look, the count of frames and the wish to stop.

    ``lookout`` and ``film`` see every frame, where there is one.
    """

    def __init__(
        self,
        path: Path,
        model: Model,
        facts: ContainerFacts,
        on_frame: Callable[[int], None],
        *,
        windows: _Windows | None = None,
    ) -> None:
        self._model = model
        self._windows = windows
        self.lookout: Lookout | None = None
        self.film: FilmCuts | None = None
        self._done, self._counting, self._on_frame = 0, threading.Lock(), on_frame
        self.path, self.facts = path, facts
        self.stop = threading.Event()

    def run(self, spool: PoseSpool, first: int, last: int | None, ahead: int) -> Reading:
        """Record the frames from ``first`` up to, not including, ``last``; the tally tells what was read.

        ``ahead`` frames are decoded while one is looked at.
        """
        video = VideoFile(self.path, self.facts, first=first, last=last, warm_up=WARM_UP_FRAMES)
        look = self.film.follow() if self.film else None
        with prefetch(video, ahead) as frames, MediaPipeEstimator(self._model) as estimator:
            for frame in frames:
                if self.stop.is_set():
                    break
                if look is not None:
                    look(frame)
                pose = self._estimate(estimator, frame)
                if frame.index >= first:
                    spool.add(pose)
                    if self.lookout is not None:
                        self.lookout.glance(frame, pose)
                    self._count()
        return video.reading

    def _estimate(self, estimator: MediaPipeEstimator, frame: Frame) -> Pose:
        if self._windows is None:
            return estimator.estimate(frame)
        window = self._windows.at(frame.time_s)
        if not np.isfinite(window).all():
            height_px, width_px = frame.image_bgr.shape[:2]
            return Pose.unseen(frame.time_s, width_px, height_px)
        return estimator.estimate(replace(frame, image_bgr=only(frame.image_bgr, window)))

    def _count(self) -> None:
        with self._counting:
            self._done += 1
            self._on_frame(self._done)
