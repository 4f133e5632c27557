"""Inputs that nobody should have to think of, made on the spot: the kinds of ``benchmarks/fuzz.py``.

Every function makes one input of its kind in a folder, out of a clip and its landmark table, by a random generator
alone, and returns the case: what is run on it and what is odd about it.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

#: What a case is made of; both lie beside each other and are never changed.
CLIP, TABLE = "clip.mp4", "landmarks.parquet"
_TICKS_PER_S = 12_800


@dataclass(frozen=True)
class Case:
    """What is run: ``formcheck`` with arguments, or a line of bash where ``shell`` is given.

    ``told`` is a signal and after how many seconds it comes; ``codes`` are the exit codes that are right.
    """

    odd: str
    arguments: Sequence[str] = ()
    environment: dict[str, str] = field(default_factory=dict)
    shell: str | None = None
    told: tuple[signal.Signals, float] | None = None
    codes: frozenset[int] = frozenset({0, 1})


def video(rng: random.Random, base: Path, folder: Path) -> Case:
    """A video that is damaged, or of a kind that cameras, editors and converters make."""
    made = rng.choice(_VIDEOS)
    odd, name = made(rng, base / CLIP, folder)
    drawn = [] if rng.random() < 0.25 else ["--no-video"]
    return Case(odd, ["analyze", name, "--model", "lite", "--out", "out", *drawn])


def _truncated(rng: random.Random, clip: Path, folder: Path) -> tuple[str, str]:
    content = clip.read_bytes()
    at = rng.choice([rng.randrange(600), rng.randrange(len(content))])
    return f"cut at byte {at}", _stored(folder, "cut.mp4", content[:at])


def _flipped(rng: random.Random, clip: Path, folder: Path) -> tuple[str, str]:
    content, count = bytearray(clip.read_bytes()), rng.choice([1, 3, 30, 1000])
    first = rng.choice([0, content.index(b"mdat"), content.index(b"moov")])
    for _ in range(count):
        content[rng.randrange(first, len(content))] ^= 1 << rng.randrange(8)
    return f"{count} bits flipped from byte {first} on", _stored(folder, "flipped.mp4", bytes(content))


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
    return f"{length} bytes {kind} at {at}", _stored(folder, "moved.mp4", parts[kind])


def _named(rng: random.Random, clip: Path, folder: Path) -> tuple[str, str]:
    name = rng.choice(
        ["x.avi", "x.txt", "x.parquet", "x.json", "x", "x.MP4", "x.png", "x.m3u8", "x.concat", "x.mp4.mp4"]
    )
    return f"a video called {name}", _stored(folder, name, clip.read_bytes())


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
    return f"{kind} in place of a video", _stored(folder, rng.choice(["x.mp4", "x.mkv", "x.mov"]), contents[kind])


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
    return f"display matrix {kind}", _stored(folder, "turned.mp4", bytes(content))


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


def table(rng: random.Random, base: Path, folder: Path) -> Case:
    """A landmark table with columns, numbers or metadata that formcheck did not write."""
    found = pq.read_table(base / TABLE)
    metadata = dict(found.schema.metadata)
    odd, found, metadata = rng.choice(_TABLES)(rng, found, metadata)
    pq.write_table(found.replace_schema_metadata(metadata), folder / "odd.parquet")
    if rng.random() < 0.15:
        content = bytearray((folder / "odd.parquet").read_bytes())
        for _ in range(rng.choice([1, 5, 50])):
            content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        (folder / "odd.parquet").write_bytes(content)
        odd += ", bits flipped"
    command = rng.choice([["analyze", "odd.parquet", "--out", "out"], ["export", "odd.parquet", "--out", "out"]])
    return Case(odd, command)


Changed = tuple[str, pa.Table, dict[bytes, bytes]]
_ODD_NUMBERS = (float("nan"), float("inf"), -float("inf"), 1e308, 1e30, -1e9, 0.0, 1e-300, -1.0, 2.5)
_ODD_TEXTS: Sequence[Any] = (
    "", " ",
    "a" * 300, "../../up", "..", "/etc/x", "a\0b", "a\nb", "\ud800", "\x1b[2J", "深蹲", 7, None, True, [], {}, 1e400,
)  # fmt: skip


def _odd_values(rng: random.Random, found: pa.Table, metadata: dict[bytes, bytes]) -> Changed:
    names = rng.sample(found.column_names[1:], rng.choice([1, 5, 150]))
    odd, rows = rng.choice(_ODD_NUMBERS), rng.choice([1, 5, len(found)])
    for name in names:
        values = found[name].to_numpy().astype(float)
        values[rng.sample(range(len(values)), min(rows, len(values)))] = odd
        found = found.set_column(found.column_names.index(name), name, pa.array(values))
    return f"{odd} in {len(names)} columns, {rows} rows", found, metadata


def _odd_times(rng: random.Random, found: pa.Table, metadata: dict[bytes, bytes]) -> Changed:
    time_s = found["time_s"].to_numpy().copy()
    kind = rng.choice(["a gap", "back", "equal", "late", "tiny", "huge", "null"])
    half = len(time_s) // 2
    if kind in {"a gap", "back"}:
        time_s[half:] += rng.choice([10.0, 1e6, 1e12]) * (1 if kind == "a gap" else -1)
    elif kind == "equal":
        time_s[half] = time_s[half - 1]
    else:
        scale = {"late": 1.0, "tiny": 1e-12, "huge": 1e300, "null": float("nan")}[kind]
        time_s = time_s * scale + (1.7e9 if kind == "late" else 0.0)
    index = found.column_names.index("time_s")
    return f"times with {kind}", found.set_column(index, "time_s", pa.array(time_s)), metadata


def _odd_columns(rng: random.Random, found: pa.Table, metadata: dict[bytes, bytes]) -> Changed:
    kind = rng.choice(
        ["fewer rows", "no rows", "one row", "a column less", "a column twice", "text", "half floats", "lists"]
    )
    name = rng.choice(found.column_names)
    index, rows = found.column_names.index(name), len(found)
    values = {"text": ["x"] * rows, "lists": [[1.0]] * rows, "half floats": np.zeros(rows, np.float16)}
    if kind in values:
        found = found.set_column(index, name, pa.array(values[kind]))
    elif kind == "a column less":
        found = found.remove_column(index)
    elif kind == "a column twice":
        found = found.append_column(name, found[name])
    else:
        found = found.slice(0, {"no rows": 0, "one row": 1, "fewer rows": rng.randrange(2, 9)}[kind])
    return f"{kind} ({name})", found, metadata


def _odd_metadata(rng: random.Random, found: pa.Table, metadata: dict[bytes, bytes]) -> Changed:
    key = rng.choice([b"width", b"height", b"model", b"model_sha256", b"video"])
    odd = rng.choice(
        [b"", b"0", b"-3",
         b"9" * 400, b"9" * 5000, b"1e3", b"\xff\xfe", "²".encode(), "٣".encode(), b"[" * 100_000, b"{}",
         b"null", b"NaN", b"\x1b[2J"]
    )  # fmt: skip
    changed = dict(metadata)
    if rng.random() < 0.2:
        changed.pop(key)
        return f"no {key.decode()}", found, changed
    return f"{key.decode()} is {odd[:20]!r}", found, changed | {key: odd}


def _odd_facts(rng: random.Random, found: pa.Table, metadata: dict[bytes, bytes]) -> Changed:
    facts = json.loads(metadata[b"video"])
    key = rng.choice([*facts, "people", "mirrored", "unknown"])
    odd = rng.choice([*_ODD_TEXTS, -1, 10**400, 1e308, float("nan"), 2**70])
    told = json.dumps(facts | {key: odd})
    return f"{key} of the video is {str(odd)[:30]!r}", found, metadata | {b"video": told.encode()}


_TABLES = (_odd_values, _odd_values, _odd_times, _odd_columns, _odd_metadata, _odd_facts)


def profile(rng: random.Random, base: Path, folder: Path) -> Case:
    """A profile with a typing error, or one that somebody made to see what happens."""
    number = rng.choice(["1", "2.5", "nan", "inf", "-1e308", "1e308", "9" * 400, "9" * 5000, "0x" + "f" * 4000, "true",
                         '"ten"', "[1]", "{}", "1979-05-27", "1e6", "-0.0"])  # fmt: skip
    other = rng.choice(['"standard"', '"strict"',
                        '"odd.toml"', '"\\u0000"', '"missing"', "3", '"./x/../odd.toml"', '""',
                        '"/dev/zero"', '"pipe.toml"', f'"{"a" * 300}"'])  # fmt: skip
    section = rng.choice(
        ["squat.depth", "lunge.depth", "squat.knee_valgus", "squat.dpeth", "squat", "a.b.c", '"\\u001b".x']
    )
    lines = [
        rng.choice(["", f"base = {other}", "base = 'standard'"]),
        rng.choice(["", 'name = "mine"', "name = 3", "name = '<b>'", f"name = '{'n' * 500}'", 'name = "a\\nb"']),
        f"[{section}]",
        f"warn = {number}",
        f"fail = {rng.choice([number, '3', '1e308'])}",
        rng.choice(['source = "a book"', "source = 3", "source = ''", ""]),
        rng.choice(
            ["", "", "information_only = true", 'information_only = "yes"', "x = " + "[" * rng.choice([3, 9999])]
        ),
    ]
    encoding = rng.choice(["utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16"])
    (folder / "odd.toml").write_text("\n".join(lines), encoding=encoding)
    os.mkfifo(folder / "pipe.toml")
    shutil.copy(base / TABLE, folder / TABLE)
    command = rng.choice([["checks"], ["analyze", TABLE, "--out", "out"]])
    odd = f"{encoding}: " + "; ".join(line[:25] for line in lines if line)
    return Case(odd, [*command, "--profile", "odd.toml"])


def place(rng: random.Random, base: Path, folder: Path) -> Case:
    """A path, an output or an environment that is not as usual."""
    shutil.copy(base / TABLE, folder / TABLE)
    os.mkfifo(folder / "pipe")
    (folder / "file").touch()
    (folder / "dir").mkdir()
    (folder / "link").symlink_to("dir")
    (folder / "loop").symlink_to("loop")
    (folder / "nowhere").symlink_to("gone/deep")
    odd_path = rng.choice(["pipe", "file", "file/x", "dir", "link", "loop", "nowhere", os.fsdecode(b"x\xff"), "a" * 300,
                           "/dev/full", "/dev/null", "/proc/1/x",
                           "", " ", "-", "x\ny", "\x1b[2J", "深蹲 ä", "a:b", "~"])  # fmt: skip
    named = folder / rng.choice(["new\nline.parquet", "-.parquet", "a:b.parquet", "深蹲.parquet", "%d.parquet"])
    shutil.copy(base / TABLE, named)
    arguments = rng.choice(
        [
            ["analyze", TABLE, "--out", odd_path],
            ["analyze", odd_path, "--out", "out"],
            ["analyze", f"./{named.name}", "--out", "out"],
            ["export", TABLE, "--out", odd_path],
            ["export", odd_path],
            ["report", odd_path],
            ["compare", odd_path, odd_path, "--html", odd_path],
            ["history", odd_path, "--athlete", odd_path],
            ["analyze", TABLE, "--profile", odd_path],
            ["analyze", TABLE, "--model", odd_path, "--out", "out"],
            ["batch", odd_path, "--out", "out"],
            ["batch", TABLE, "--workers", "1", "--out", odd_path],
        ]
    )
    environment = rng.choice(_ENVIRONMENTS)
    return Case(f"{' '.join(arguments)} {environment}", arguments, environment, codes=frozenset({0, 1, 2, 3}))


_ENVIRONMENTS: Sequence[dict[str, str]] = (
    {}, {}, {}, {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "ascii"}, {"COLUMNS": "1"},
    {"COLUMNS": "abc"}, {"TERM": "dumb"}, {"TMPDIR": "/nowhere"}, {"HOME": "/nowhere"}, {"NO_COLOR": "1"},
    {"FORCE_COLOR": "1"}, {"TZ": "Mars"}, {"XDG_STATE_HOME": "/dev/null"}, {"PYTHONWARNINGS": "error"},
)  # fmt: skip


def start(rng: random.Random, base: Path, folder: Path) -> Case:
    """Streams that are closed or full, and limits of the system."""
    shutil.copy(base / TABLE, folder / TABLE)
    shutil.copy(base / CLIP, folder / CLIP)
    told = rng.choice(
        ["analyze landmarks.parquet --out out", "analyze clip.mp4 --model lite --no-video --out out", "checks"]
    )
    before = rng.choice(["", "", f"ulimit -v {rng.randrange(50, 3000)}000; ", f"ulimit -n {rng.choice([8, 16, 64])}; ",
                         f"ulimit -f {rng.choice([8, 30, 100])}; "])  # fmt: skip
    after = rng.choice(["", "", "2>&-", ">&-", "<&-", ">&- 2>&-", ">/dev/full", "2>/dev/full", "| head -n 1"])
    line = f"{before}formcheck {told} {after}"
    return Case(line, shell=line, codes=frozenset({0, 1}) | ({120} if "/dev/full" in after else frozenset()))


def stop(rng: random.Random, base: Path, folder: Path) -> Case:
    """A signal at some time."""
    shutil.copy(base / CLIP, folder / CLIP)
    number, after_s = rng.choice([signal.SIGINT, signal.SIGTERM, signal.SIGHUP]), rng.uniform(0.0, 6.0)
    return Case(
        f"{number.name} after {after_s:.2f} s",
        ["analyze", CLIP, "--model", "lite", "--out", "out"],
        told=(number, after_s),
        codes=frozenset({0, 130, 143}),
    )


def _stored(folder: Path, name: str, content: bytes) -> str:
    (folder / name).write_bytes(content)
    return name


#: By name, with how many of a hundred inputs are of each.
KINDS: dict[str, tuple[Callable[[random.Random, Path, Path], Case], int]] = {
    "video": (video, 30),
    "table": (table, 24),
    "profile": (profile, 14),
    "place": (place, 18),
    "start": (start, 7),
    "signal": (stop, 7),
}
