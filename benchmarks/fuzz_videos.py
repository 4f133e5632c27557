"""Videos that nobody should have to think of: damaged ones, and those that cameras, editors and converters make."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from benchmarks.fuzz_case import CLIP, TABLE, Case, stored

_TICKS_PER_S = 12_800


def video(rng: random.Random, base: Path, folder: Path) -> Case:
    """A video that is damaged, or of a kind that cameras, editors and converters make."""
    made = rng.choice(_VIDEOS)
    odd, name = made(rng, base / CLIP, folder)
    drawn = [] if rng.random() < 0.25 else ["--no-video"]
    return Case(odd, ["analyze", name, "--model", "lite", "--out", "out", *drawn])


def _truncated(rng: random.Random, clip: Path, folder: Path) -> tuple[str, str]:
    content = clip.read_bytes()
    at = rng.choice([rng.randrange(600), rng.randrange(len(content))])
    return f"cut at byte {at}", stored(folder, "cut.mp4", content[:at])


def _flipped(rng: random.Random, clip: Path, folder: Path) -> tuple[str, str]:
    content, count = bytearray(clip.read_bytes()), rng.choice([1, 3, 30, 1000])
    first = rng.choice([0, content.index(b"mdat"), content.index(b"moov")])
    for _ in range(count):
        content[rng.randrange(first, len(content))] ^= 1 << rng.randrange(8)
    return f"{count} bits flipped from byte {first} on", stored(folder, "flipped.mp4", bytes(content))


def _moved(rng: random.Random, clip: Path, folder: Path) -> tuple[str, str]:
    content, at, length = clip.read_bytes(), rng.randrange(20_000), rng.choice([1, 7, 500, 5000])
    kind = rng.choice(["zeros", "gone", "twice", "noise", "before", "behind"])
    parts = {
        "zeros": content[:at] + bytes(length) + content[at + length :],
        "gone": content[:at] + content[at + length :],
        "twice": content[: at + length] + content[at:],
        "noise": content[:at] + rng.randbytes(length) + content[at + length :],
        "before": rng.randbytes(length) + content,
        "behind": content + rng.randbytes(length),
    }
    return f"{length} bytes {kind} at {at}", stored(folder, "moved.mp4", parts[kind])


def _named(rng: random.Random, clip: Path, folder: Path) -> tuple[str, str]:
    name = rng.choice(
        ["x.avi", "x.txt", "x.parquet", "x.json", "x", "x.MP4", "x.png", "x.m3u8", "x.concat", "x.mp4.mp4"]
    )
    return f"a video called {name}", stored(folder, name, clip.read_bytes())


def _foreign(rng: random.Random, clip: Path, folder: Path) -> tuple[str, str]:
    contents = {
        "nothing": b"",
        "noise": rng.randbytes(3000),
        "text": b"this is no video\n" * 50,
        "zeros": bytes(10_000),
        "a playlist": f"#EXTM3U\n#EXTINF:9,\nfile://{clip}\n".encode(),
        "a list": f"ffconcat version 1.0\nfile '{clip}'\n".encode(),
        "a page": b"<!doctype html><title>404</title>",
        "a table": clip.with_name(TABLE).read_bytes(),
        "a box": struct.pack(">I4s", 0xFFFFFFFF, b"ftyp") + b"isom" + bytes(90),
    }
    kind = rng.choice(list(contents))
    return f"{kind} in place of a video", stored(folder, rng.choice(["x.mp4", "x.mkv", "x.mov"]), contents[kind])


def _turned(rng: random.Random, clip: Path, folder: Path) -> tuple[str, str]:
    content, one = bytearray(clip.read_bytes()), 1 << 16
    matrices = {
        "turned left": (0, -one, one, 0),
        "upside down": (-one, 0, 0, -one),
        "mirrored": (-one, 0, 0, one),
        "mirrored and turned": (0, one, one, 0),
        "turned by 17 degrees": (62672, 19161, -19161, 62672),
        "flattened": (0, 0, 0, 0),
        "huge": (2**31 - 1, 0, 0, 2**31 - 1),
        "any": tuple(rng.randrange(-(2**31), 2**31) for _ in range(4)),
    }
    kind = rng.choice(list(matrices))
    a, b, c, d = matrices[kind]
    at = content.index(b"tkhd") + 8 + (32 if content[content.index(b"tkhd") + 4] == 1 else 20) + 16
    content[at : at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    return f"display matrix {kind}", stored(folder, "turned.mp4", bytes(content))


def _encoded(rng: random.Random, clip: Path, folder: Path) -> tuple[str, str]:
    """Another container, codec, size, shape of the pixels or clock."""
    ending, codec, pix_fmt = rng.choice(
        [
            ("mp4", "libx264", "yuv420p"),
            ("mkv", "libx264", "yuv444p"),
            ("mov", "mpeg4", "yuv420p"),
            ("avi", "mjpeg", "yuvj420p"),
            ("ts", "mpeg2video", "yuv420p"),
            ("mkv", "ffv1", "gray"),
            ("mkv", "ffv1", "yuv420p10le"),
            ("gif", "gif", "rgb8"),
            ("png", "png", "rgb24"),
        ]
    )
    size = rng.choice([None, None, (2, 2), (16, 16), (64, 300), (300, 64), (98, 130)])
    clock = rng.choice(["steady", "varying", "a jump", "an hour late", "a still", "slow", "fast"])
    ratio = rng.choice(
        [None, None, Fraction(2, 1), Fraction(1, 2), Fraction(554, 555), Fraction(1, 100), Fraction(999)]
    )
    name, count = f"encoded.{ending}", 1 if ending == "png" else rng.choice([1, 2, 12, 30])
    pictures = _pictures(clip, count, still=clock == "a still")
    times_s = _times_s(rng, clock, count)
    with av.open(str(folder / name), "w", format="image2" if codec == "png" else None) as container:
        stream = container.add_stream(codec, rate=15)
        stream.width, stream.height = size or (pictures[0].width, pictures[0].height)
        stream.pix_fmt = pix_fmt
        if ratio is not None:
            stream.sample_aspect_ratio = ratio
        if codec not in {"gif", "mpeg2video", "mpeg4", "mjpeg"}:
            stream.codec_context.time_base = Fraction(1, _TICKS_PER_S)
        _fill(container, stream, pictures, times_s)
    return f"{ending} {codec} {pix_fmt}, size {size}, pixels {ratio}, {count} pictures, {clock}", name


def _pictures(clip: Path, count: int, *, still: bool) -> list[av.VideoFrame]:
    with av.open(str(clip)) as source:
        pictures = [frame for frame, _ in zip(source.decode(video=0), range(count), strict=False)]
    return pictures[:1] * count if still else pictures


def _fill(
    container: av.container.OutputContainer,
    stream: av.VideoStream,
    pictures: Sequence[av.VideoFrame],
    times_s: Sequence[float],
) -> None:
    base, last = stream.codec_context.time_base or Fraction(1, 15), -1
    with suppress(av.FFmpegError):  # AVI takes no jump of a day: what it got until then is the film
        for picture, at_s in zip(pictures, times_s, strict=False):
            frame = picture.reformat(stream.width, stream.height, stream.pix_fmt)
            frame.pts = last = max(last + 1, round(at_s / base))
            frame.time_base = base
            container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def _times_s(rng: random.Random, clock: str, count: int) -> list[float]:
    steps = [1 / 15] * count
    if clock == "varying":
        steps = [rng.choice([0.01, 0.03, 0.2]) for _ in steps]
    if clock == "a jump":
        steps[count // 2] = rng.choice([2.0, 100.0, 1e5])
    scale = {"slow": 8.0, "fast": 0.1}.get(clock, 1.0)
    start = 3600.0 if clock == "an hour late" else 0.0
    return [start + float(at) * scale for at in np.cumsum(steps)]


def _two_streams(rng: random.Random, clip: Path, folder: Path) -> tuple[str, str]:
    """A cover picture before the video, sound alone, or two videos."""
    kind = rng.choice(["a cover first", "sound only", "two videos"])
    with av.open(str(clip)) as source, av.open(str(folder / "streams.mkv"), "w") as target:
        if kind != "sound only":
            other = target.add_stream("mjpeg" if kind == "a cover first" else "libx264", rate=15)
            other.width, other.height, other.pix_fmt = 64, 48, "yuvj420p" if kind == "a cover first" else "yuv420p"
            main = target.add_stream("libx264", rate=15)
            [given] = source.streams.video
            main.width, main.height, main.pix_fmt = given.width, given.height, "yuv420p"
            for number, frame in enumerate(source.decode(video=0)):
                if number == 0 or kind == "two videos":
                    target.mux(other.encode(frame.reformat(64, 48, other.pix_fmt)))
                target.mux(main.encode(frame.reformat(format="yuv420p")))
            for stream in (other, main):
                target.mux(stream.encode(None))
        else:
            sound = target.add_stream("aac", rate=16_000, layout="mono")
            for start in range(0, 16_000, 1024):
                heard = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
                heard.sample_rate, heard.pts = 16_000, start
                target.mux(sound.encode(heard))
            target.mux(sound.encode(None))
    return kind, "streams.mkv"


_VIDEOS: Sequence[Callable[[random.Random, Path, Path], tuple[str, str]]] = (
    _truncated, _flipped, _flipped, _moved, _named, _foreign, _turned, _encoded, _encoded, _two_streams,
)  # fmt: skip
