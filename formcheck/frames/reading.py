"""What was read of a recording, and in which ways that differs from what its file promises."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from formcheck.errors import VideoError
from formcheck.frames.container import ContainerFacts

#: Assumed where a stream states neither times nor a rate.
_ASSUMED_FRAME_RATE = 30.0


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """What was read of a recording.

    ``duration_s`` reaches from the first picture to the end of the last one, which is taken to last as long as the
    median picture. ``width`` and ``height`` are pixels of the upright picture, ``rotation`` the clockwise turn in
    degrees that made it upright; ``mirrored`` says that left and right were then exchanged, as the file asks players
    to, or as the user told.
    ``complete`` is true if every picture the file promises was decoded, undamaged and with a time of its own; if not,
    ``reason`` says what is missing.
    """

    name: str
    frames: int
    duration_s: float
    width: int
    height: int
    rotation: int
    complete: bool
    reason: str | None
    mirrored: bool = False


@dataclass(slots=True)
class Reading:
    """A tally of the frames that were read, of a whole recording or of a part; grows while it is read."""

    times_s: list[float] = field(default_factory=list)  # as given to the frames
    container_times_s: list[float] = field(default_factory=list)
    damaged: set[int] = field(default_factory=set)  # ticks of pictures, or their numbers where they have no times
    other_sizes: int = 0
    repaired_times: int = 0
    is_finished: bool = False

    @classmethod
    def joined(cls, parts: Sequence[Reading]) -> Reading:
        """The tally of a recording that was read in parts, in their order."""
        return cls(
            times_s=[time_s for part in parts for time_s in part.times_s],
            container_times_s=[time_s for part in parts for time_s in part.container_times_s],
            damaged=set().union(*(part.damaged for part in parts)),
            other_sizes=sum(part.other_sizes for part in parts),
            repaired_times=sum(part.repaired_times for part in parts),
            is_finished=all(part.is_finished for part in parts),
        )

    def check(self, path: Path) -> None:
        """Raise VideoError where there is no frame."""
        if not self.times_s:
            raise VideoError(f"no picture of {path} can be decoded: the file is damaged; copy it again")

    def info(self, path: Path, facts: ContainerFacts) -> VideoInfo:
        """What was read so far; complete only once the last frame was taken and nothing is missing."""
        times_s = np.asarray(self.times_s)
        last_s = float(np.median(np.diff(times_s))) if len(times_s) > 1 else 0.0
        width, height = facts.upright.size_px
        shortfalls = list(self._shortfalls(facts))
        return VideoInfo(
            name=path.name,
            frames=len(times_s),
            duration_s=float(times_s[-1] - times_s[0]) + last_s if len(times_s) else 0.0,
            width=width,
            height=height,
            rotation=facts.upright.rotation_cw_deg,
            complete=not shortfalls,
            reason="; ".join(shortfalls) or None,
            mirrored=facts.upright.is_mirrored,
        )

    def _shortfalls(self, facts: ContainerFacts) -> Iterator[str]:
        """One clause for each way in which the frames differ from what the file promises."""
        if not self.is_finished:
            yield f"reading was stopped after {len(self.times_s)} of {facts.expected_frames} frames"
        elif missing := self._missing(facts):
            yield f"{missing} of {facts.expected_frames} pictures could not be decoded"
        if facts.shortfall:
            yield facts.shortfall
        if self.damaged:
            yield f"{_count(len(self.damaged), 'picture')} damaged in the file"
        if self.repaired_times:
            yield f"{_count(self.repaired_times, 'time stamp')} repeated or going back, moved forward"
        if facts.picture_times_s is None:
            yield f"the file carries no time stamps; {assumed_rate(facts):g} frames per second were assumed"
        if self.other_sizes:
            yield f"{_count(self.other_sizes, 'picture')} of another size, scaled to that of the first"

    def _missing(self, facts: ContainerFacts) -> int:
        """Pictures the container lists, but at whose time no frame was decoded.

        Counting alone would raise false alarms: a packet may hold no picture to be shown (VP8) or half of one
        (interlaced H.264). Such packets lie within half an interval of a frame; a lost picture does not.
        """
        listed_s = facts.picture_times_s
        if listed_s is None or facts.shows_in_order:
            return max(facts.expected_frames - len(self.times_s), 0)
        decoded_s = np.sort(np.asarray(self.container_times_s))
        interval_s = float(np.median(np.diff(decoded_s))) if len(decoded_s) > 1 else np.inf
        right = np.searchsorted(decoded_s, listed_s).clip(0, len(decoded_s) - 1)
        left = (right - 1).clip(0)
        gap_s = np.minimum(np.abs(decoded_s[right] - listed_s), np.abs(decoded_s[left] - listed_s))
        return int(np.count_nonzero(gap_s > 0.75 * interval_s))


def assumed_rate(facts: ContainerFacts) -> float:
    """Frames per second of a stream whose pictures have no times."""
    return facts.frame_rate or _ASSUMED_FRAME_RATE


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
