"""Media files for the tests, written with PyAV into a temporary folder; no clip is committed.

Every picture of :func:`numbered` carries its own number as a row of black and white blocks, so that a test can
tell which frame came out of a decoder, and a red corner, so that it can tell which way is up.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.stream import Disposition
from numpy.typing import NDArray

Image = NDArray[np.uint8]
WIDTH, HEIGHT, FPS = 128, 96, 25
_BITS, _BLOCK = 8, 16
#: Fine enough for 25, 30 and 120 frames a second and for hundredths of a second.
_TICKS_PER_S = 12_800


def numbered(index: int, width: int = WIDTH, height: int = HEIGHT) -> Image:
    """A BGR picture whose second row of blocks is ``index`` in binary and whose top left corner is red."""
    rows, columns = np.mgrid[0:height, 0:width]
    image = np.stack([rows * 160 // height, columns * 160 // width, (rows + columns + 3 * index) % 120], axis=-1)
    picture = image.astype(np.uint8)
    picture[:_BLOCK, :_BLOCK] = (0, 0, 255)
    for bit in range(_BITS):
        picture[_BLOCK : 2 * _BLOCK, bit * _BLOCK : (bit + 1) * _BLOCK] = 255 * (index >> bit & 1)
    return picture


def number_of(image_bgr: Image) -> int:
    """The index that :func:`numbered` drew."""
    middle = _BLOCK + _BLOCK // 2
    bits = [int(image_bgr[middle, bit * _BLOCK + _BLOCK // 2].mean() > 127) << bit for bit in range(_BITS)]
    return sum(bits)


def red_corner(image_bgr: Image) -> str:
    """Which corner is red: ``top left``, ``top right``, ``bottom left`` or ``bottom right``."""
    corners = {"top left": (4, 4), "top right": (4, -5), "bottom left": (-5, 4), "bottom right": (-5, -5)}
    redness = {name: int(image_bgr[at][2]) - int(image_bgr[at][0]) for name, at in corners.items()}
    return max(redness, key=lambda name: redness[name])


def write_video(  # every keyword is one property of the file under test
    path: Path,
    frames: int = 30,
    *,
    times_s: Sequence[float] | None = None,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    b_frames: int = 0,
    keyframe_every: int = 250,
    faststart: bool = False,
    container_format: str | None = None,
) -> Path:
    """Write ``frames`` numbered pictures; ``times_s`` gives each its own time, otherwise 25 a second."""
    times = times_s if times_s is not None else [index / FPS for index in range(frames)]
    options = {"movflags": "faststart"} if faststart else {}
    with av.open(str(path), "w", format=container_format, container_options=options) as container:
        stream = container.add_stream(codec, rate=FPS)
        stream.width, stream.height, stream.pix_fmt = *size, pix_fmt
        stream.codec_context.time_base = Fraction(1, _TICKS_PER_S)
        stream.codec_context.gop_size = keyframe_every
        if codec in {"libx264", "mpeg4"}:
            stream.codec_context.max_b_frames = b_frames
        if codec == "libx264":
            stream.options = {"crf": "18", "preset": "veryfast"}
        if codec == "libx265":  # hash: each picture with a checksum
            stream.options = {"x265-params": "log-level=none:pools=none:frame-threads=1:hash=1", "preset": "ultrafast"}
        for index, time_s in enumerate(times):
            frame = av.VideoFrame.from_ndarray(numbered(index, *size), format="bgr24").reformat(format=pix_fmt)
            frame.pts, frame.time_base = round(time_s * _TICKS_PER_S), Fraction(1, _TICKS_PER_S)
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path


def write_audio(path: Path) -> Path:
    """A file with sound and no picture."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=16_000, layout="mono")
        for start in range(0, 16_000, 1024):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 16_000, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@dataclass(frozen=True, slots=True)
class Track:
    """One stream of pictures of a file with several; ``disposition`` None is what the container does by itself."""

    numbers: Sequence[int]
    codec: str = "libx264"
    disposition: Disposition | None = None


def write_tracks(path: Path, tracks: Sequence[Track]) -> Path:
    """Several streams of numbered pictures, 25 a second, in one file."""
    with av.open(str(path), "w") as container:
        streams = [container.add_stream(track.codec, rate=FPS) for track in tracks]
        for stream, track in zip(streams, tracks, strict=True):
            stream.width, stream.height = WIDTH, HEIGHT
            stream.pix_fmt = "yuvj420p" if track.codec == "mjpeg" else "yuv420p"
            stream.codec_context.time_base = Fraction(1, FPS)
            if track.disposition is not None:
                stream.disposition = track.disposition
        for turn in range(max(len(track.numbers) for track in tracks)):
            for stream, track in zip(streams, tracks, strict=True):
                if turn < len(track.numbers):
                    picture = av.VideoFrame.from_ndarray(numbered(track.numbers[turn]), format="bgr24")
                    frame = picture.reformat(format=stream.pix_fmt)
                    frame.pts, frame.time_base = turn, Fraction(1, FPS)
                    container.mux(stream.encode(frame))
        for stream in streams:
            container.mux(stream.encode(None))
    return path


def leave_out(path: Path, first: int, count: int) -> Path:
    """Write the file anew without ``count`` of its packets from ``first`` on, as a lossy connection does."""
    whole = path.rename(path.with_stem("whole"))
    with av.open(str(whole)) as source, av.open(str(path), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        packets = [packet for packet in source.demux(video=0) if packet.size]
        for packet in packets[:first] + packets[first + count :]:
            packet.stream = stream
            target.mux(packet)
    whole.unlink()
    return path


def rotate(path: Path, degrees_clockwise: int, *, mirrored: bool = False) -> Path:
    """Mark an mp4 as to be shown turned clockwise, the way phones do: in the matrix of its track header.

    ``mirrored`` exchanges left and right of what was turned.
    """
    cosine, sine = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[degrees_clockwise]
    one, x = 1 << 16, -1 if mirrored else 1
    matrix = struct.pack(">9i", x * cosine * one, sine * one, 0, -x * sine * one, cosine * one, 0, 0, 0, 1 << 30)
    content = bytearray(path.read_bytes())
    box = content.index(b"tkhd") + 4
    matrix_at = box + 4 + (32 if content[box] == 1 else 20) + 16
    content[matrix_at : matrix_at + 36] = matrix
    path.write_bytes(content)
    return path


def cut(path: Path, share: float) -> Path:
    """Keep the first ``share`` of the bytes, like a copy that was interrupted."""
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


def damage(path: Path, start: float, share: float, *, zeros: bool = False) -> Path:
    """Overwrite ``share`` of the pictures' bytes from ``start`` on (both 0..1 of the ``mdat`` box)."""
    content = bytearray(path.read_bytes())
    at = content.index(b"mdat")
    length = struct.unpack(">I", content[at - 4 : at])[0] - 8
    first, count = at + 4 + int(length * start), int(length * share)
    noise = np.random.default_rng(1).integers(0, 256, count, dtype=np.uint8).tobytes()
    content[first : first + count] = bytes(count) if zeros else noise
    path.write_bytes(content)
    return path


def flip_bit(path: Path, packet: int, byte: int, bit: int) -> Path:
    """Turn over one bit of one picture, ``byte`` bytes behind the start of its packet."""
    with av.open(str(path)) as container:
        at = [found.pos for found in container.demux(video=0) if found.size][packet] + byte
    content = bytearray(path.read_bytes())
    content[at] ^= 1 << bit
    path.write_bytes(content)
    return path


def trim(path: Path, seconds: float) -> Path:
    """Leave out the first ``seconds`` of an mp4 the way phones trim: by its edit list, with every byte kept."""
    content = bytearray(path.read_bytes())
    box = content.index(b"elst") + 4
    version, count = content[box], struct.unpack(">I", content[box + 4 : box + 8])[0]
    if version != 0 or count != 1:
        raise ValueError(f"expected one edit of version 0, got {count} of version {version}")
    duration, media_time = struct.unpack(">Ii", content[box + 8 : box + 16])
    # The muxer counts the movie's time in milliseconds and the media's in ticks.
    edit = (duration - round(seconds * 1000), media_time + round(seconds * _TICKS_PER_S))
    content[box + 8 : box + 16] = struct.pack(">Ii", *edit)
    path.write_bytes(content)
    return path


def set_back(path: Path, frame: int, to_s: float) -> Path:
    """Give one frame of an mkv (25 a second, one key frame) another time stamp, such as one that went by already."""
    content = bytearray(path.read_bytes())
    # SimpleBlock: track number 1 as 0x81, time in ms since the cluster (int16), flags
    at = content.index(b"\x81" + struct.pack(">h", round(frame / FPS * 1000)), content.index(b"\x1f\x43\xb6\x75"))
    content[at + 1 : at + 3] = struct.pack(">h", round(to_s * 1000))
    path.write_bytes(content)
    return path
