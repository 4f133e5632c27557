"""What a video file promises, read from its packets without decoding them.

OpenCV stops silently where a file was cut off, and shows a smeared picture where bytes were overwritten. The
container knows better: this module lists its packets with PyAV (about 10 ms for half a minute of 720p), decodes
one picture for the rotation, and so says how many pictures to expect, and when.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from formcheck.body.pose import FloatArray
from formcheck.errors import VideoError
from formcheck.machine.paths import unreadable_name

#: Containers that hold recordings. Everything else FFmpeg can open (text as ANSI art, playlists that point to other
#: files or to the network, single pictures) is refused before it is opened.
_CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,gif,mpegts,mpeg,flv,asf,h264,hevc,m4v,mpegvideo,ogg,mxf,dv,ivf"
#: Their headers state a duration that a cut leaves as it was; the others' is measured or guessed.
_STATES_DURATION = {"matroska,webm", "flv"}
MIN_SIDE_PX, MAX_SIDE_PX = 32, 16_384
#: A recording that ends earlier than its header says by more than this (and by more than 2 %) was cut off.
_DURATION_SLACK_S = 0.3


@dataclass(frozen=True, slots=True)
class ContainerFacts:
    """A video file's promises. Times are seconds from the start of its video stream."""

    width_px: int  # as stored, before rotation
    height_px: int
    pixel_aspect_ratio: float  # width over height of one pixel; 1 for square ones
    rotation_cw_deg: int  # 0, 90, 180 or 270, to be applied to the stored picture
    frame_rate: float | None  # frames per second as declared; None where nothing is
    expected_frames: int
    picture_times_s: FloatArray | None  # (expected_frames,) ascending; None where packets carry no times at all
    shows_in_order: bool  # the n-th picture belongs to the n-th time, because an avi with B-frames has no others
    shortfall: str | None  # one clause: how the file falls short of its header
    damaged: int  # packets whose bytes cannot be what a camera wrote


def read_container(path: Path) -> ContainerFacts:
    """List what ``path`` holds.

    Raises:
        VideoError: there is no such file, it is not a video, it holds no picture, or a size nobody films in.
    """
    _check_file(path)
    try:
        with _open(path) as container:
            return _survey(path, container)
    except av.error.EOFError as error:  # a header and nothing behind it
        raise _no_picture(path) from error
    except (av.FFmpegError, OSError) as error:
        raise _not_a_video(path) from error


def _open(path: Path) -> av.container.InputContainer:
    options = {"format_whitelist": _CONTAINERS, "protocol_whitelist": "file"}
    return av.open(str(path), options=options, metadata_errors="replace")


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


def _survey(path: Path, container: av.container.InputContainer) -> ContainerFacts:
    pictures = [s for s in container.streams.video if not s.disposition & av.stream.Disposition.attached_pic]
    if not pictures and not container.streams.audio:
        raise _no_picture(path)
    if not pictures:
        raise VideoError(f"expected a video, but {path} has no picture, only sound: give another file")
    stream = pictures[0]
    if stream.codec_context is None:
        raise VideoError(
            f"cannot tell how the pictures of {path} are coded: convert it to H.264 in an mp4 file, or copy it again "
            "if it was interrupted"
        )
    width_px, height_px = stream.codec_context.width, stream.codec_context.height
    aspect = float(stream.sample_aspect_ratio or 1)
    tally = _Tally(stream)
    tally.read(container)
    if not (tally.pictures and width_px and height_px):  # a size of 0: cut off before the first picture
        raise _no_picture(path)
    _check_size(path, width_px * aspect, height_px)
    rate = stream.average_rate or stream.guessed_rate
    return ContainerFacts(
        width_px=width_px,
        height_px=height_px,
        pixel_aspect_ratio=aspect,
        rotation_cw_deg=_rotation_cw_deg(path),
        frame_rate=float(rate) if rate else None,
        expected_frames=tally.pictures,
        picture_times_s=tally.picture_times_s(),
        shows_in_order=tally.shows_in_order,
        shortfall=_shortfall(path, container, stream, tally),
        damaged=tally.damaged,
    )


def _check_size(path: Path, width_px: float, height_px: float) -> None:
    if not (min(width_px, height_px) >= MIN_SIDE_PX and max(width_px, height_px) <= MAX_SIDE_PX):
        raise VideoError(
            f"expected pictures of {MIN_SIDE_PX} to {MAX_SIDE_PX} pixels a side, but {path} has "
            f"{width_px:.0f} x {height_px}: give a recording of a usual size"
        )


class _Tally:
    """Counts the packets of the video stream, and how far all streams reach.

    ``seen`` counts every one, ``pictures`` those that become a picture on the screen.
    """

    def __init__(self, stream: av.video.stream.VideoStream) -> None:
        self._stream = stream
        self._nal = _nal_length_bytes(stream)
        # An avi stores no times of display, and OpenCV misses some of those that FFmpeg makes up for B-frames.
        self.shows_in_order = stream.container.format.name == "avi" and bool(stream.codec_context.has_b_frames)
        self._times: list[int | None] = []  # ticks
        self.seen = 0
        self.damaged = 0
        self.end_s = 0.0
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
                    if packet.dts is not None or packet.size:  # otherwise it only says that the stream is over
                        self._take(packet)
        except av.FFmpegError:
            self.broken = True
        finally:
            av.logging.set_level(level)
        self.broken |= any(source == container.format.name for _, source, _ in complaints)

    def _take(self, packet: av.Packet) -> None:
        if packet.pts is not None:
            self.end_s = max(self.end_s, float((packet.pts + (packet.duration or 0)) * packet.time_base))
        if packet.stream_index != self._stream.index or packet.is_corrupt:
            return
        self.seen += 1
        if packet.is_discard or not packet.size:  # outside the edit list: decoded for reference, never shown
            return
        self._times.append(packet.dts if self.shows_in_order else packet.pts)
        self.damaged += self._nal is not None and not _is_whole(bytes(packet), self._nal)

    def picture_times_s(self) -> FloatArray | None:
        """Ascending, from the start of the stream; from the first picture where only the order counts."""
        ticks = np.sort([time for time in self._times if time is not None])
        if len(ticks) < self.pictures:
            return None
        start = ticks[0] if self.shows_in_order else self._stream.start_time or 0
        times_s: FloatArray = (ticks - start) * float(self._stream.time_base)
        return times_s


def _nal_length_bytes(stream: av.video.stream.VideoStream) -> int | None:
    """Bytes of the length before each unit of H.264 or H.265 in mp4 and mkv; None for other streams.

    ISO/IEC 14496-15, 5.3.3.1.2 (avcC) and 8.3.3.1.2 (hvcC): lengthSizeMinusOne.
    """
    at = {"h264": 4, "hevc": 21}.get(stream.codec_context.name)
    header = stream.codec_context.extradata or b""
    if at is None or len(header) <= at or header[0] != 1:
        return None
    return int(header[at] & 3) + 1


def _is_whole(packet: bytes, length_bytes: int) -> bool:
    """Whether the units of a packet fill it exactly and hold no three zero bytes, which the coding rules out.

    ISO/IEC 14496-10, 7.4.1: 00 00 00 never occurs inside a unit. Some encoders pad behind it, so the end is spared.
    """
    at = 0
    while at + length_bytes < len(packet):
        start = at + length_bytes
        at = start + int.from_bytes(packet[at:start], "big")
        if at == start or at > len(packet) or b"\0\0\0" in packet[start:at].rstrip(b"\0"):
            return False
    return at == len(packet)


def _shortfall(
    path: Path, container: av.container.InputContainer, stream: av.video.stream.VideoStream, tally: _Tally
) -> str | None:
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
        stated_s = container.duration / av.time_base
        reached_s = tally.end_s - (container.start_time or 0) / av.time_base
        if reached_s < stated_s - max(_DURATION_SLACK_S, 0.02 * stated_s):
            return f"the file ends early: {reached_s:.1f} s of {stated_s:.1f} s are there"
    return "the container is damaged and pictures are missing there" if tally.broken else None


def _missing_bytes(path: Path) -> str | None:
    """An avi file states its length in bytes 4 to 8, not counting the first eight; 0 if it was never closed."""
    with path.open("rb") as file:
        stated = int.from_bytes(file.read(8)[4:], "little") + 8
    held = path.stat().st_size
    return f"the file ends early: {held} of {stated} bytes are there" if held < stated else None


def _rotation_cw_deg(path: Path) -> int:
    """Clockwise turn that makes the picture upright, from the first picture that can be decoded.

    PyAV tells the display matrix by picture only, and seeking back is not possible in every container.
    """
    with _open(path) as container:
        for packet in container.demux(video=0):
            try:
                for frame in packet.decode():
                    return round(-float(frame.rotation) / 90) * 90 % 360
            except av.FFmpegError:  # a damaged picture; the reader counts those
                continue
    return 0
