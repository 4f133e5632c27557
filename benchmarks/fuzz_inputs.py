"""Inputs that nobody should have to think of, made on the spot: the kinds of ``benchmarks/fuzz.py``.

Every function makes one input of its kind in a folder, out of a clip and its landmark table, by a random generator
alone, and returns the case: what is run on it and what is odd about it.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.fuzz_case import CLIP, TABLE, Case
from benchmarks.fuzz_tables import table
from benchmarks.fuzz_videos import video


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


#: By name, with how many of a hundred inputs are of each.
KINDS: dict[str, tuple[Callable[[random.Random, Path, Path], Case], int]] = {
    "video": (video, 30),
    "table": (table, 24),
    "profile": (profile, 14),
    "place": (place, 18),
    "start": (start, 7),
    "signal": (stop, 7),
}
