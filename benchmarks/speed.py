"""How fast and how large: the bare pose model against the whole of `formcheck analyze`, in one run on one clip.

    python benchmarks/speed.py [--seconds 60] [--memory]

Makes a 1280x720 clip by scaling and looping a sample clip, then measures, in turn and twice:

* bare: OpenCV decodes a frame, MediaPipe's `detect_for_video` finds the pose, nothing else;
* detect: the time of `detect_for_video` alone, over frames decoded beforehand;
* analyze: `formcheck analyze` with all its files, in a process of its own.

`--memory` analyses one minute and ten minutes of it and prints the peak memory of both processes.
Ratios within a run mean something; absolute figures are this machine's.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2

from formcheck.frames.frame import Frame
from formcheck.frames.video import VideoFile
from formcheck.frames.writer import VideoWriter
from formcheck.landmarks.estimator import MediaPipeEstimator
from formcheck.landmarks.models import resolve_model
from formcheck.machine.paths import data_path

CLIP = "squat_front_knees_in_m_avg.mp4"
WIDTH, HEIGHT, RATE = 1280, 720, 30


def make_clip(path: Path, seconds: float) -> int:
    """Loop the sample clip, letterboxed to 720p, and return the number of frames."""
    pictures = []
    with VideoFile(data_path("sample_videos", CLIP)) as source:
        for frame in source:
            scale = min(WIDTH / frame.image_bgr.shape[1], HEIGHT / frame.image_bgr.shape[0])
            small = cv2.resize(frame.image_bgr, None, fx=scale, fy=scale)
            left = (WIDTH - small.shape[1]) // 2
            pictures.append(
                cv2.copyMakeBorder(
                    small, 0, HEIGHT - small.shape[0], left, WIDTH - small.shape[1] - left, cv2.BORDER_REPLICATE
                )
            )
    count = round(seconds * RATE)
    with VideoWriter(path, WIDTH, HEIGHT, preset="veryfast") as sink:
        for index in range(count):
            sink.write(Frame(index, index / RATE, pictures[index % len(pictures)]))
    return count


def bare_fps(path: Path, model: str) -> tuple[float, float]:
    """Frames a second of decoding and detecting in one loop, and of detecting alone."""
    capture = cv2.VideoCapture(str(path))
    count, detecting_s = 0, 0.0
    with MediaPipeEstimator(resolve_model(model)) as estimator:
        started = time.perf_counter()
        while True:
            read, picture = capture.read()
            if not read:
                break
            frame = Frame(count, count / RATE, picture)
            before = time.perf_counter()
            estimator.estimate(frame)
            detecting_s += time.perf_counter() - before
            count += 1
        elapsed_s = time.perf_counter() - started
    capture.release()
    return count / elapsed_s, count / detecting_s


def analyze(path: Path, out: Path, model: str) -> tuple[float, float]:
    """Seconds and peak megabytes of `formcheck analyze` with every output, in a process of its own."""
    command = [sys.executable, "-m", "formcheck", "analyze", str(path), "--out", str(out), "--model", model]
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    elapsed_s = time.perf_counter() - started
    return elapsed_s, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--model", default="full")
    parser.add_argument("--memory", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clip, out = Path(folder) / "clip.mp4", Path(folder) / "out"
        if options.memory:
            print("| video | peak memory | seconds |\n|---|---|---|")
            for minutes in (1, 10):
                make_clip(clip, 60 * minutes)
                elapsed_s, peak_mb = analyze(clip, out, options.model)
                print(f"| {minutes} min | {peak_mb:.0f} MB | {elapsed_s:.0f} |", flush=True)
            return
        count = make_clip(clip, options.seconds)
        print(f"{count} frames, {WIDTH}x{HEIGHT}, model {options.model}")
        print(
            "| run | bare loop | detect alone | analyze | analyze / bare | analyze / detect |\n"
            "|---|---|---|---|---|---|"
        )
        for run in (1, 2):
            bare, detect = bare_fps(clip, options.model)
            elapsed_s, _ = analyze(clip, out, options.model)
            whole = count / elapsed_s
            print(
                f"| {run} | {bare:.1f} fps | {detect:.1f} fps | {whole:.1f} fps "
                f"| {whole / bare:.2f} | {whole / detect:.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
