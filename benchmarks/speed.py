"""How fast and how large: the bare pose model against the whole of `formcheck analyze`, in one run on the same clips.

    python -m benchmarks.speed [NAME ...] [--runs 5] [--published FILE.task] [--record]

Makes clips from a sample clip and measures, in turn and so many times:

* bare: in one process, OpenCV decodes a frame and MediaPipe's `detect_for_video` finds the pose, nothing else; start-up
  is not counted;
* analyze: `formcheck analyze` with all its files, from start to exit of a process of its own.

`--published` names the bundle as Google publishes it, with the outline of the body (`models/build.py --outline` makes
it), for the bare loop; else that runs the bundle of this repository, which finds the same joints in two thirds of the
time. `--record` appends the ratios to benchmarks/history.csv; `python -m benchmarks.slower` compares them.
Printed are medians. Ratios within a run mean something; absolute figures are this machine's. On a machine that does
other work the clock tells nothing: the ratio by processor time is what two cores reach of it if neither is ever idle.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import cv2

from benchmarks.history import Measured, record
from formcheck.frames.frame import Frame
from formcheck.frames.video import VideoFile
from formcheck.landmarks.estimator import MediaPipeEstimator
from formcheck.landmarks.models import resolve_model
from formcheck.machine.paths import data_path

CLIP = "squat_front_knees_in_m_avg.mp4"
CLIP_RATE = 30


class Case(NamedTuple):
    """One clip and how it is analysed."""

    seconds: float
    height: int = 720
    rate: int = 30
    kind: str = "plain"
    options: tuple[str, ...] = ()


CASES = {
    "2 s": Case(2),
    "10 s": Case(10),
    "20 s": Case(20),
    "60 s": Case(60),
    "60 s --no-video": Case(60, options=("--no-video",)),
    "10 min": Case(600),
    "1080p": Case(10, height=1080),
    "4K": Case(10, height=2160),
    "60 a second": Case(10, rate=60),
    "120 a second": Case(10, rate=120),
    "240 a second": Case(10, rate=240),
    "phone, plain": Case(10, height=1080, kind="plain"),
    "phone, Display P3": Case(10, height=1080, kind="p3"),
    "phone, HLG 10 bit": Case(10, height=1080, kind="hlg"),
    "phone, full range": Case(10, height=1080, kind="full"),
}
#: Those that take a minute or less each.
USUAL = [name for name in CASES if name != "10 min"]

#: How a kind is encoded: codec, pixels, and the stream's colours by FFmpeg's names.
_KINDS = {
    "plain": ("libx264", "yuv420p", {}),
    "p3": ("libx264", "yuv420p", {"color_primaries": 12, "color_trc": 1, "colorspace": 1}),
    "hlg": ("libx265", "yuv420p10le", {"color_primaries": 9, "color_trc": 18, "colorspace": 9}),
    "full": ("libx264", "yuvj420p", {"color_range": 2}),
}


def make_clip(path: Path, case: Case) -> int:
    """Loop the sample clip between bars, at the case's size, rate and colours; the number of frames."""
    width, height = case.height * 16 // 9, case.height
    pictures = []
    with VideoFile(data_path("sample_videos", CLIP)) as source:
        for frame in source:
            scale = min(width / frame.image_bgr.shape[1], height / frame.image_bgr.shape[0])
            small = cv2.resize(frame.image_bgr, None, fx=scale, fy=scale)
            left, below = (width - small.shape[1]) // 2, height - small.shape[0]
            bars = (0, below, left, width - small.shape[1] - left)
            pictures.append(cv2.imencode(".jpg", cv2.copyMakeBorder(small, *bars, cv2.BORDER_REPLICATE))[1])
    codec, pixels, colours = _KINDS[case.kind]
    count = round(case.seconds * case.rate)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=case.rate)
        stream.width, stream.height, stream.pix_fmt = width, height, pixels
        stream.options = {"preset": "veryfast" if codec == "libx264" else "ultrafast", "x265-params": "log-level=none"}
        for name, value in colours.items():
            setattr(stream.codec_context, name, value)
        for index in range(count):
            shown = cv2.imdecode(pictures[index * CLIP_RATE // case.rate % len(pictures)], cv2.IMREAD_COLOR)
            picture = av.VideoFrame.from_ndarray(shown, format="bgr24")
            picture.pts, picture.time_base = index, Fraction(1, case.rate)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return count


def bare(path: Path, rate: int, model: str) -> tuple[float, float]:
    """Seconds of decoding and detecting in one loop, by the clock and of the processors."""
    capture, index = cv2.VideoCapture(str(path)), 0
    with MediaPipeEstimator(resolve_model(model)) as estimator:
        started, used_s = time.perf_counter(), time.process_time()
        while True:
            read, picture = capture.read()
            if not read:
                break
            estimator.estimate(Frame(index, index / rate, picture))
            index += 1
        taken = time.perf_counter() - started, time.process_time() - used_s
    capture.release()
    return taken


class Run(NamedTuple):
    """Of a whole process: seconds by the clock and of the processors, and megabytes at most."""

    clock_s: float
    processor_s: float
    peak_mb: float


def run(*arguments: str) -> Run:
    """One `formcheck` from start to exit, under a parent of its own, since the system keeps the most memory of all."""
    program = (
        "import resource, subprocess, sys, time\n"
        "started = time.perf_counter()\n"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)\n"
    )
    command = [sys.executable, "-c", program, sys.executable, "-m", "formcheck", *arguments]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Run(*map(float, told.split()))


def measure(names: Sequence[str], runs: int, published: str | None) -> list[Measured]:
    """The ratios of some cases, each the median of so many runs."""
    found = []
    print("| clip | frames | bare | analyze | ratio | each run | by processor time | processor | memory |")
    print(9 * "|---" + "|")
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            case, clip = CASES[name], Path(folder) / "clip.mp4"
            count, bares, wholes = make_clip(clip, case), list[tuple[float, float]](), list[Run]()
            for _ in range(runs):
                bares.append(bare(clip, case.rate, published or "full"))
                wholes.append(run("analyze", str(clip), "--out", f"{folder}/out", *case.options))
            pairs = list(zip(bares, wholes, strict=True))
            ratios = [alone[0] / whole.clock_s for alone, whole in pairs]
            by_processor = statistics.median(2 * alone[1] / whole.processor_s for alone, whole in pairs)
            clock_s, processor_s, peak_mb = (statistics.median(column) for column in zip(*wholes, strict=True))
            print(
                f"| {name} | {count} | {count / statistics.median(alone for alone, _ in bares):.1f} a second "
                f"| {clock_s:.2f} s | {statistics.median(ratios):.2f} | {', '.join(f'{one:.2f}' for one in ratios)} "
                f"| {by_processor:.2f} | {processor_s:.1f} s | {peak_mb:.0f} MB |",
                flush=True,
            )
            minutes = case.seconds / 60
            found.append(Measured(name, statistics.median(ratios), by_processor, processor_s / minutes, peak_mb))
    return found


def starts(runs: int) -> list[Measured]:
    """How long short commands take, as seconds."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "clip.mp4"
        make_clip(clip, CASES["60 s"])
        run("analyze", str(clip), "--out", folder, "--no-video")
        table = str(Path(folder) / "clip" / "landmarks.parquet")
        for name, arguments in (
            ("--help", ("--help",)),
            ("analyze landmarks.parquet", ("analyze", table, "--out", f"{folder}/again")),
        ):
            taken = [run(*arguments) for _ in range(runs)]
            clock_s = statistics.median(one.clock_s for one in taken)
            print(f"{name}: {clock_s:.2f} s", flush=True)
            found.append(Measured(name, 1 / clock_s, 0.0, 0.0, max(one.peak_mb for one in taken)))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(CASES)}; start; all but 10 min untold")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--published", help="the bundle for the bare loop")
    parser.add_argument("--record", action="store_true", help="append to benchmarks/history.csv")
    told = parser.parse_args()
    os.environ.setdefault("PYTHONPATH", str(Path(__file__).resolve().parents[1]))
    names = told.names or [*USUAL, "start"]
    found = measure([name for name in names if name != "start"], told.runs, told.published)
    if "start" in names:
        found += starts(told.runs)
    if told.record:
        record(found, bare="published" if told.published else "shipped")


if __name__ == "__main__":
    main()
