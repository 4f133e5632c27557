"""The recording with what the report says drawn on every picture: read once more, in stretches side by side."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
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
from formcheck.frames.frame import FrameSource
from formcheck.frames.stretches import Stretch, side_by_side, stretches_of
from formcheck.frames.video import VideoFile
from formcheck.machine.atomic import atomic_path

#: The shorter side of an annotated video, unless its full size is asked for.
MOST_SHORT_PX = 1080


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
        self._video = partial(VideoFile, path, facts, short_px=None if look.full_size else MOST_SHORT_PX)
        self._stretches, self._report, self._look = stretches_of(facts), report, look
        self._worst = MomentPictures(report)
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
            with prefetch(self._video(first=first, last=last), ahead) as frames:
                for packets in self._drawn(frames, coding):
                    if stop.is_set():
                        return
                    spool.add(packets)
                    with self._counting:
                        self._done += 1
                        on_frame(min(self._done, len(self._report.timeseries.time_s)))

        with atomic_path(target) as temporary, ExitStack() as opened:
            spools = [opened.enter_context(PacketSpool(target.parent)) for _ in self._stretches]
            parts = zip(self._stretches, spools, strict=True)
            side_by_side([partial(draw, stretch, spool) for stretch, spool in parts], cores)
            with mp4_file(temporary, coding) as take:
                for spool in spools:
                    take(spool.packets())

    def _drawn(self, frames: FrameSource, coding: Coding) -> Iterator[Packets]:
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
