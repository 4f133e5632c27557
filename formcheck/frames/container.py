"""What a video file promises, read from its packets; one picture is decoded, which tells which way is up.

A reader that meets the end of a file cannot know whether more was to come. The container knows better: this module
lists its packets with PyAV (about 10 ms for half a minute of 720p), and so says how many pictures to expect, and when.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from formcheck.body.pose import FloatArray
from formcheck.errors import VideoError
from formcheck.frames.opening import open_container, set_decoder
from formcheck.frames.upright import Upright
from formcheck.machine.paths import unreadable_name

#: Their headers state a duration that a cut leaves as it was; the others' is measured or guessed.
_STATES_DURATION = {"matroska,webm", "flv"}
#: They have an index of key frames with exact times.
_SEEKABLE = {"mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm"}
MIN_SIDE_PX, MAX_SIDE_PX = 32, 16_384
#: A recording that ends earlier than its header says by more than half of one of its longer intervals was cut off.
_SLACK_INTERVALS, _MOST_SLACK_S = 0.5, 0.3
#: Pictures are missing where an interval is so many usual ones long, if this share of all is within 10 % of the usual:
#: none in 69 real recordings and sample clips. Some programs drop pictures that repeat; theirs are not so regular.
_GAP_INTERVALS, _REGULAR_SHARE = 1.75, 0.9


@dataclass(frozen=True, slots=True)
class ContainerFacts:
    """A video file's promises. Times are seconds from the start of its video stream."""

    stream_index: int
    upright: Upright
    frame_rate: float | None  # frames per second as declared; None where nothing is
    expected_frames: int
    picture_times_s: FloatArray | None  # (expected_frames,) ascending; None where packets carry no times at all
    shows_in_order: bool  # the n-th picture belongs to the n-th time, because an avi with B-frames has no others
    can_seek: bool  # every picture has a time of its own, and reading can begin at any of them
    key_frames: int  # pictures at which decoding can begin
    is_strict: bool  # some picture can be decoded to the letter; where none can, its camera writes oddly
    shortfall: str | None  # in clauses: how the file falls short of its header

    @property
    def width_px(self) -> int:
        """As stored, before it is turned upright."""
        return self.upright.stored_px[0]

    @property
    def height_px(self) -> int:
        """As stored, before it is turned upright."""
        return self.upright.stored_px[1]


def read_container(path: Path) -> ContainerFacts:
    """List what ``path`` holds.

    Raises:
        VideoError: there is no such file, it is not a video, it holds no picture, or a size nobody films in.
    """
    _check_file(path)
    try:
        with open_container(path) as container:
            facts = _survey(path, container, is_strict=True)
        if not facts.is_strict:
            with open_container(path) as container:
                facts = _survey(path, container, is_strict=False)
    except MemoryError:  # FFmpeg's is one of its errors, too
        raise
    except av.error.EOFError as error:  # a header and nothing behind it
        raise _no_picture(path) from error
    except (av.FFmpegError, OSError) as error:
        raise _not_a_video(path) from error
    return facts


def _check_file(path: Path) -> None:
    if refusal := unreadable_name(path):
        raise VideoError(refusal)
    if path.is_dir():
        raise VideoError(f"expected a video file, got the folder {path}: name one file, or use formcheck batch")
    if not path.exists():
        raise VideoError(f"no such file: {path}: check the name and the folder")
    if not path.is_file():  # opening a pipe would wait until somebody writes to it
        raise VideoError(f"expected a video file, but {path} is a pipe or a device: save the recording as a file first")
    try:
        with path.open("rb") as file:
            if not file.read(1):
                raise VideoError(f"expected a video, but {path} is empty (0 bytes): copy or record it again")
    except OSError as error:
        raise VideoError(f"cannot read {path}: {error.strerror}: check its permissions") from error


def _not_a_video(path: Path) -> VideoError:
    with path.open("rb") as file:
        is_mp4 = file.read(12)[4:8] == b"ftyp"
    if is_mp4:
        return VideoError(
            f"cannot open {path}: the recording or a copy of it was interrupted and its index is missing: "
            "copy it again from the camera"
        )
    return VideoError(f"expected a video (mp4, mov, mkv, webm, avi or gif), but {path} is none: give another file")


def _no_picture(path: Path) -> VideoError:
    return VideoError(f"expected a video, but {path} holds no picture at all: record or copy it again")


def _survey(path: Path, container: av.container.InputContainer, *, is_strict: bool) -> ContainerFacts:
    stream = _pictures_of(path, container)
    width_px, height_px = stream.codec_context.width, stream.codec_context.height
    aspect = float(stream.sample_aspect_ratio or 1)
    if width_px and height_px:  # before a picture of that size is decoded
        _check_size(path, width_px * aspect, height_px)
    set_decoder(stream, width_px * height_px, is_strict=is_strict)
    tally = _Tally(stream)
    tally.read(container)
    shown = tally.first
    if shown is not None:
        width_px, height_px = shown.width, shown.height
    if not (tally.pictures and width_px and height_px):  # a size of 0: cut off before the first picture
        raise _no_picture(path)
    _check_size(path, width_px * aspect, height_px)
    rate = stream.average_rate or stream.guessed_rate
    times_s = tally.picture_times_s()
    rises = times_s is not None and bool((np.diff(times_s) > 0).all())
    has_even_times = rises and container.format.name != "gif"
    return ContainerFacts(
        stream_index=stream.index,
        upright=Upright.of((width_px, height_px), aspect, _display_matrix(shown)),
        frame_rate=float(rate) if rate else None,
        expected_frames=tally.pictures,
        picture_times_s=times_s,
        shows_in_order=tally.shows_in_order,
        can_seek=rises and not tally.shows_in_order and container.format.name in _SEEKABLE,
        key_frames=tally.key_frames,
        is_strict=is_strict and shown is not None,
        shortfall=_shortfall(path, container, stream, tally) or (_gap(times_s) if has_even_times else None),
    )


def _pictures_of(path: Path, container: av.container.InputContainer) -> av.VideoStream:
    """The stream that players show: the default one, with more than a cover picture."""
    found = [s for s in container.streams.video if not s.disposition & av.stream.Disposition.attached_pic]
    if not found and not container.streams.audio:
        raise _no_picture(path)
    if not found:
        raise VideoError(f"expected a video, but {path} has no picture, only sound: give another file")
    moving = [stream for stream in found if stream.frames != 1] or found  # where no number is stated, it is 0
    best = container.streams.best("video")
    stream: av.VideoStream = best if best in moving else moving[0]
    if stream.codec_context is None:
        raise VideoError(
            f"cannot tell how the pictures of {path} are coded: convert it to H.264 in an mp4 file, or copy it again "
            "if it was interrupted"
        )
    return stream


def _display_matrix(picture: av.VideoFrame | None) -> list[int] | None:
    """The nine numbers that say which way is up; None where nothing is said, or no picture can be decoded."""
    side = None if picture is None else picture.side_data.get("DISPLAYMATRIX")
    return None if side is None else np.frombuffer(side, np.int32).tolist()


def _check_size(path: Path, width_px: float, height_px: float) -> None:
    if not (min(width_px, height_px) >= MIN_SIDE_PX and max(width_px, height_px) <= MAX_SIDE_PX):
        raise VideoError(
            f"expected pictures of {MIN_SIDE_PX} to {MAX_SIDE_PX} pixels a side, but {path} has "
            f"{width_px:.0f} x {height_px}: give a recording of a usual size"
        )


class _Tally:
    """Counts the packets of the video stream, and how far all streams reach; decodes the ``first`` picture.

    ``seen`` counts every packet, ``pictures`` those that become a picture on the screen.
    """

    def __init__(self, stream: av.VideoStream) -> None:
        self._stream = stream
        # An avi stores no times of display, and FFmpeg makes up only some of them for B-frames.
        self.shows_in_order = stream.container.format.name == "avi" and bool(stream.codec_context.has_b_frames)
        self._times: list[int | None] = []  # ticks
        self.first: av.VideoFrame | None = None
        self.seen = self.key_frames = 0
        self.end_s = 0.0
        self.states_durations = True
        self.broken = False

    @property
    def pictures(self) -> int:
        return len(self._times)

    def read(self, container: av.container.InputContainer) -> None:
        """Take every packet up to the end, or up to where the container itself is broken.

        FFmpeg jumps over damage in a container and loses packets on the way; it tells in its log alone.
        """
        level = av.logging.get_level()
        av.logging.set_level(av.logging.ERROR)
        try:
            with av.logging.Capture() as complaints:
                for packet in container.demux():
                    if packet.stream_index == self._stream.index and self.first is None:
                        self._decode(packet)
                    if packet.dts is not None or packet.size:  # otherwise it only says that the stream is over
                        self._take(packet)
        except MemoryError:
            raise
        except av.FFmpegError:
            self.broken = True
        finally:
            av.logging.set_level(level)
        self.broken |= any(source == container.format.name for _, source, _ in complaints)

    def _decode(self, packet: av.Packet) -> None:
        try:
            self.first = next(iter(packet.decode()), None)
        except MemoryError:
            raise
        except av.FFmpegError:  # a damaged picture; the reader counts those
            self.first = None

    def _take(self, packet: av.Packet) -> None:
        if packet.pts is not None:
            self.end_s = max(self.end_s, float((packet.pts + (packet.duration or 0)) * packet.time_base))
        if packet.stream_index != self._stream.index or packet.is_corrupt:
            return
        self.seen += 1
        self.key_frames += packet.is_keyframe
        self.states_durations &= bool(packet.duration)
        if packet.size and not packet.is_discard:  # outside the edit list: decoded for reference, never shown
            self._times.append(packet.dts if self.shows_in_order else packet.pts)

    def picture_times_s(self) -> FloatArray | None:
        """Ascending, from the start of the stream; from the first picture where only the order counts."""
        ticks = np.sort([time for time in self._times if time is not None])
        if len(ticks) < self.pictures:
            return None
        start = ticks[0] if self.shows_in_order else self._stream.start_time or 0
        times_s: FloatArray = (ticks - start) * float(self._stream.time_base)
        return times_s


def _shortfall(path: Path, container: av.container.InputContainer, stream: av.VideoStream, tally: _Tally) -> str | None:
    name = container.format.name
    if name.startswith("mov,"):
        # The index counts after the edit list was applied, as the packets do; Stream.frames counts before.
        indexed = len(stream.index_entries)
        if tally.seen < indexed:
            return f"the file ends early: {tally.seen} of {indexed} pictures are there"
    elif name == "avi":
        if missing := _missing_bytes(path):
            return missing
    elif name in _STATES_DURATION and container.duration:
        stated_s, start_s = container.duration / av.time_base, (container.start_time or 0) / av.time_base
        # Some writers count from zero, others from the first picture.
        reached_s = tally.end_s - (start_s if stated_s < start_s else 0)
        if reached_s < stated_s - _slack_s(tally):
            return f"the file ends early: {reached_s:.1f} s of {stated_s:.1f} s are there"
    return "the container is damaged and pictures are missing there" if tally.broken else None


def _gap(times_s: FloatArray | None) -> str | None:
    """Where pictures are missing between others, by their times."""
    if times_s is None or len(times_s) < 2:
        return None
    steps_s = np.diff(times_s)
    usual_s = float(np.median(steps_s))
    gaps = np.flatnonzero(steps_s > _GAP_INTERVALS * usual_s)
    if not gaps.size or float(np.mean(np.abs(steps_s - usual_s) < 0.1 * usual_s)) < _REGULAR_SHARE:
        return None
    jump_s, others = float((steps_s[gaps] - usual_s).sum()), len(gaps) - 1
    where = f"after {times_s[gaps[0]]:.1f} s" + (f" and in {others} more place{'s' * (others > 1)}" if others else "")
    return f"time jumps by {jump_s:.2f} s {where}: pictures are missing there"


def _slack_s(tally: _Tally) -> float:
    """How much earlier than stated a whole file may seem to end; less where packets state how long they last."""
    times_s = tally.picture_times_s()
    if times_s is None or len(times_s) < 2:
        return _MOST_SLACK_S
    intervals = _SLACK_INTERVALS + (not tally.states_durations)
    return min(_MOST_SLACK_S, intervals * float(np.quantile(np.diff(times_s), 0.9)))


def _missing_bytes(path: Path) -> str | None:
    """An avi file states its length in bytes 4 to 8, not counting the first eight; 0 if it was never closed."""
    with path.open("rb") as file:
        stated = int.from_bytes(file.read(8)[4:], "little") + 8
    held = path.stat().st_size
    return f"the file ends early: {held} of {stated} bytes are there" if held < stated else None
