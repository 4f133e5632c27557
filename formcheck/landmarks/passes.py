"""From a video to landmarks: one pass, in stretches that are worked on side by side.

One inference keeps one core busy, so a second landmarker in the same process nearly doubles the speed. MediaPipe tracks
from frame to frame, so one that begins in the middle starts WARM_UP_S earlier. It then tracks almost, not exactly, as
one that saw it all, see docs/speed.md. Where a recording is cut depends on nothing but the recording.

Where the lookout sees company, or the body jumps, the recording is surveyed for people and one of them is chosen. The
landmarks of the first pass stay if they are that person's all the way; if not, a second pass sees nothing but that
person's part of the picture. Measured, that moves landmarks no more than a wider picture does: 0.6 px (median) against
0.5 px beside those of the person alone. Frames in which the pose is somebody else's, or somebody stands in front, are
unseen.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from formcheck.body.pose import BoolArray, FloatArray, Pose
from formcheck.frames.ahead import prefetch
from formcheck.frames.container import ContainerFacts, read_container
from formcheck.frames.cuts import FilmCuts
from formcheck.frames.frame import Frame, FrameSource
from formcheck.frames.reading import Reading, VideoInfo, assumed_rate
from formcheck.frames.stretches import side_by_side, stretches_of
from formcheck.frames.video import VideoFile
from formcheck.landmarks.athlete import Person, athlete_index, has_jumped, is_hidden, is_person, windows_px
from formcheck.landmarks.estimator import MediaPipeEstimator
from formcheck.landmarks.landmark_table import rounded
from formcheck.landmarks.models import Model
from formcheck.landmarks.people import Lookout, check_person, find_people, only
from formcheck.landmarks.sparing import LONGEST_S, poses
from formcheck.landmarks.spool import PoseSpool

#: A landmarker of a later stretch begins this much earlier, and what it finds there is dropped.
WARM_UP_S = 1.0
#: Times are told apart from this on.
_TICK_S = 0.001
#: The shorter side of the pictures in which poses are looked for, at most: the model sees 256 pixels of the body.
MOST_SHORT_PX = 1080
#: Decoding ahead makes one landmarker 5 % faster where a core is free; where every core has one, all get 2 % slower.
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
    cores: int = 1,
) -> Landmarks:
    """Landmark one person of a video: the athlete, or the ``person``-th from the left, counted from 1.

    ``mirrored`` says that the pictures are mirror images: they are flipped back before anything is looked for.
    ``cores`` is how many stretches are worked on at once; what comes out does not depend on it.

    ``progress`` is told the stage, how many frames of it are done and how many are expected, from one thread at a time.

    Raises:
        VideoError, ModelError, SystemLibraryError: In one line; InputError if there is no such person.
    """
    facts = read_container(path)
    if mirrored:
        facts = replace(facts, upright=facts.upright.flipped())
    expected = facts.expected_frames
    with Lookout(model, _looked_at(facts)) as lookout:
        first, film = _Job(path, model, facts, lambda done: progress("landmarks", done, expected)), FilmCuts()
        first.lookout, first.film = lookout, film
        pose, info = _landmark(first, cores)
        has_company = lookout.saw_company() or has_jumped(pose)
    cuts = film.first_frames()
    if person is None and not has_company:
        return Landmarks(_at_full_size(pose, facts), info, facts, cuts=cuts)
    people, searched = find_people(
        VideoFile(path, facts, short_px=MOST_SHORT_PX), model, lambda done: progress("people", done, expected)
    )
    check_person(person, max(len(people), 1), info.name)
    if len(people) <= 1:
        return Landmarks(_at_full_size(pose, facts), info, facts, cuts=cuts)
    chosen = athlete_index(people, searched) if person is None else person - 1
    if not _is_followed(pose, people, chosen):
        windows = _Windows(pose.time_s, windows_px(people[chosen], pose.time_s))
        second = _Job(path, model, facts, lambda done: progress("athlete", done, expected), windows=windows)
        pose, info = _landmark(second, cores)
    wrong = ~is_person(pose, people, chosen) | is_hidden(people, chosen, pose.time_s)
    return Landmarks(_at_full_size(_without(pose, wrong), facts), info, facts, len(people), chosen + 1, cuts)


def _looked_at(facts: ContainerFacts) -> int:
    """In how many frames a pose is looked for, about."""
    listed_s = facts.picture_times_s
    if listed_s is None:
        return facts.expected_frames
    return min(facts.expected_frames, int(float(listed_s[-1] - listed_s[0]) / LONGEST_S) + 1)


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


def _at_full_size(pose: Pose, facts: ContainerFacts) -> Pose:
    """The recording in pixels of the video, where smaller pictures were looked at."""
    width_px, height_px = facts.upright.size_px
    if pose.width_px == width_px:
        return pose
    scale = np.array([width_px / pose.width_px, height_px / pose.height_px])
    return rounded(replace(pose, image_px=pose.image_px * scale, width_px=width_px, height_px=height_px))


def _landmark(job: _Job, cores: int) -> tuple[Pose, VideoInfo]:
    """One pass over the video."""
    stretches = stretches_of(job.facts)
    ahead = AHEAD if cores > len(stretches) else 0
    spools = [PoseSpool() for _ in stretches]
    work = [partial(job.run, spool, first, last, ahead) for spool, (first, last) in zip(spools, stretches, strict=True)]
    reading = Reading.joined(side_by_side(work, cores))
    reading.check(job.path)
    for later in spools[1:]:
        spools[0].extend(later)
    return spools[0].pose(), reading.info(job.path, job.facts)


@dataclass(frozen=True, slots=True)
class _Windows:
    """The part of the picture that is seen at each of the times (T,): ``boxes_px`` (T, 4), NaN where nothing is."""

    time_s: FloatArray
    boxes_px: FloatArray

    def at(self, time_s: float) -> FloatArray:
        """The box of the frame of that time; of the next one where it is none of them."""
        return np.asarray(self.boxes_px[min(int(np.searchsorted(self.time_s, time_s)), len(self.time_s) - 1)])


class _Job:
    """What the stretches share: the video, the model, where to look and the count of frames.

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

    def run(self, spool: PoseSpool, first: int, last: int | None, ahead: int, stop: threading.Event) -> Reading:
        """Record the frames from ``first`` up to, not including, ``last``; the tally tells what was read.

        ``ahead`` frames are decoded while one is looked at.
        """
        video = VideoFile(
            self.path,
            self.facts,
            first=first,
            last=last,
            warm_up=self._warm_up(first),
            short_px=MOST_SHORT_PX,
            one_thread=not ahead,
        )
        glance = self.lookout.follow(first) if self.lookout else None
        with prefetch(video, ahead) as frames, MediaPipeEstimator(self._model) as estimator:
            shown = self._shown(frames, stop)
            for index, pose, frame in poses(shown, partial(self._estimate, estimator), first):
                if index >= first:
                    spool.add(pose)
                    if glance is not None and frame is not None:
                        glance(frame, pose)
                    self._count()
        return video.reading

    def _shown(self, frames: FrameSource, stop: threading.Event) -> Iterator[Frame]:
        """The frames, of which the film sees every one."""
        look = self.film.follow() if self.film else None
        for frame in frames:
            if stop.is_set():
                return
            if look is not None:
                look(frame)
            yield frame

    def _warm_up(self, first: int) -> int:
        """How many pictures before ``first`` show WARM_UP_S."""
        listed_s = self.facts.picture_times_s
        if listed_s is None:
            return min(first, round(WARM_UP_S * assumed_rate(self.facts)))
        return first - int(np.searchsorted(listed_s, listed_s[first] - WARM_UP_S - _TICK_S)) if first else 0

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
