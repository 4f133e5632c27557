"""The recording with what the report says drawn on every picture: read once more, in stretches side by side."""

from __future__ import annotations

import itertools
import math
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from formcheck.checks.session_report import SessionReport
from formcheck.draw.moment_pictures import MomentPictures
from formcheck.draw.overlay import Overlay
from formcheck.frames.ahead import prefetch
from formcheck.frames.container import ContainerFacts
from formcheck.frames.encoder import Coding, Encoder, Packets, PacketSpool, mp4_file
from formcheck.frames.frame import Frame, FrameSource
from formcheck.frames.stretches import Stretch, side_by_side, stretches_of
from formcheck.frames.video import VideoFile
from formcheck.machine.atomic import atomic_path

#: The shorter side of an annotated video and its pictures a second, unless its full size is asked for: no screen shows
#: more of them, and slow motion of 240 a second would take four times as long to encode as to analyse.
MOST_SHORT_PX, MOST_PER_S = 1080, 60
_LONGEST_S = 1 / (MOST_PER_S - 1)


@dataclass(frozen=True, slots=True)
class Look:
    """What goes into a corner of :class:`~formcheck.draw.overlay.Overlay`, and whether a large video stays as large."""

    caption: str
    who: str = ""
    full_size: bool = False


class AnnotatedVideo:
    """Draws a report on its video, ``look`` tells how.

    ``pictures`` are those of the worst moments by fault, once it is written: they pass by in any case.
    """

    def __init__(self, path: Path, facts: ContainerFacts, report: SessionReport, look: Look) -> None:
        self._stretches, self._report, self._look = stretches_of(facts), report, look
        self._worst = MomentPictures(report)
        self._video = partial(VideoFile, path, facts)
        #: How many pictures it will have, if none is damaged.
        self.pictures_expected = facts.expected_frames
        if not look.full_size:
            self._video = partial(self._video, short_px=MOST_SHORT_PX)
        if not look.full_size and facts.can_seek:
            wanted = _shown(facts) | self._worst.frames
            self._video, self.pictures_expected = partial(self._video, wanted=wanted.__contains__), len(wanted)
        self._done, self._counting = 0, threading.Lock()

    @property
    def pictures(self) -> dict[str, str]:
        """``data:`` addresses by fault."""
        return self._worst.pictures

    def write(self, target: Path, cores: int, on_frame: Callable[[int], None]) -> None:
        """Write ``target``, an mp4 file, with up to ``cores`` stretches under way; not at all where it fails.

        Raises:
            OutputError: It cannot be written; VideoError, where the video cannot be read any more.
        """
        with self._video() as video:
            coding = Coding(*video.size_px)
        ahead = 4 if cores > len(self._stretches) else 0

        def draw(stretch: Stretch, spool: PacketSpool, stop: threading.Event) -> None:
            first, last = stretch
            with prefetch(self._video(first=first, last=last, one_thread=not ahead), ahead) as frames:
                for packets in self._drawn(self._counted(frames, on_frame), coding):
                    if stop.is_set():
                        return
                    spool.add(packets)

        with atomic_path(target) as temporary, ExitStack() as opened:
            spools = [opened.enter_context(PacketSpool(target.parent)) for _ in self._stretches]
            parts = zip(self._stretches, spools, strict=True)
            side_by_side([partial(draw, stretch, spool) for stretch, spool in parts], cores)
            with mp4_file(temporary, coding) as take:
                for spool in spools:
                    take(spool.packets())

    def _counted(self, frames: FrameSource, on_frame: Callable[[int], None]) -> Iterator[Frame]:
        for frame in frames:
            yield frame
            with self._counting:
                self._done += 1
                on_frame(self._done)

    def _drawn(self, frames: Iterable[Frame], coding: Coding) -> Iterator[Packets]:
        """What the encoder gives for each frame, and at last for those that it still holds."""
        report, times_s = self._report, self._report.timeseries.time_s
        overlay = Overlay(coding.width, coding.height, caption=self._look.caption, who=self._look.who)
        encoder = Encoder(coding)
        for frame in frames:
            # By time: pictures that cannot be decoded have a number, but no pose.
            row = min(int(np.searchsorted(times_s, frame.time_s)), len(times_s) - 1)
            self._worst.look(row, frame.image_bgr)
            overlay.draw(frame.image_bgr, report.pose.at(row), report.frame_state(row))
            yield encoder.encode(frame)
        yield encoder.finish()


def _shown(facts: ContainerFacts) -> set[int]:
    """The pictures of a recording that are about 1/MOST_PER_S apart; all where that is how they come."""
    shown, last_s = set[int](), -math.inf
    times_s = [] if facts.picture_times_s is None else [*facts.picture_times_s.tolist(), math.inf]
    for number, (time_s, following_s) in enumerate(itertools.pairwise(times_s)):
        if following_s - last_s > _LONGEST_S:
            shown.add(number)
            last_s = time_s
    return shown
