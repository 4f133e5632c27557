"""How old a picture of `formcheck live` is when it is on the screen, soon after the start and much later.

    python benchmarks/latency.py [--minutes 5] [--model full] [--window]

A stand-in for a camera gives 640x480 pictures of a sample clip, 30 a second, over and over. Each is stamped when it is
captured and again when the overlay on it has been shown. Printed are the time of one inference, alone and in the run,
and the delay from 5 s after the start and at the end. `--window` shows a real window and needs a screen (Xvfb will do);
without it everything is done but showing. Ratios within a run mean something; absolute figures are this machine's.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import cv2
import numpy as np

from formcheck.analysis import Settings
from formcheck.coach import LiveSession
from formcheck.draw.live_overlay import Extras, LiveOverlay
from formcheck.frames.frame import Frame, ImageBGR
from formcheck.frames.newest import NewestFrames
from formcheck.frames.video import VideoFile
from formcheck.landmarks.estimator import MediaPipeEstimator
from formcheck.landmarks.models import Model, resolve_model
from formcheck.live.loop import LiveMoment, LiveRun
from formcheck.live.recorder import SetRecording
from formcheck.live.screen import LiveWindow
from formcheck.machine.paths import data_path

CLIP = "squat_front_knees_in_m_avg.mp4"
WIDTH, HEIGHT, RATE = 640, 480, 30
#: Delays are told of this long a stretch, which begins so long after the start.
STRETCH_S, SETTLED_S = 10.0, 5.0


def pictures() -> list[ImageBGR]:
    """The clip between bars, there and back, so that nothing jumps when it begins again."""
    found = []
    with VideoFile(data_path("sample_videos", CLIP)) as source:
        for frame in source:
            height, width = frame.image_bgr.shape[:2]
            scale = min(WIDTH / width, HEIGHT / height)
            small = cv2.resize(frame.image_bgr, None, fx=scale, fy=scale)
            left, top = (WIDTH - small.shape[1]) // 2, (HEIGHT - small.shape[0]) // 2
            right, bottom = WIDTH - small.shape[1] - left, HEIGHT - small.shape[0] - top
            found.append(cv2.copyMakeBorder(small, top, bottom, left, right, cv2.BORDER_REPLICATE))
    return found + found[-2:0:-1]


class StandIn:
    """A camera that gives the pictures again and again, at its rate, for so long."""

    def __init__(self, shown: list[ImageBGR], seconds: float) -> None:
        self._pictures, self._seconds = shown, seconds

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def __iter__(self) -> Iterator[Frame]:
        started_s = time.monotonic()
        for index in range(round(self._seconds * RATE)):
            due_s = started_s + index / RATE
            time.sleep(max(0.0, due_s - time.monotonic()))
            yield Frame(index, index / RATE, self._pictures[index % len(self._pictures)].copy())


def inference_alone_s(shown: list[ImageBGR], model: Model) -> float:
    """The median of one inference with nothing else running, tracking warmed up."""
    taken_s = []
    with MediaPipeEstimator(model) as estimator:
        for index in range(100):
            frame = Frame(index, index / RATE, shown[index % len(shown)])
            started_s = time.monotonic()
            estimator.estimate(frame)
            taken_s.append(time.monotonic() - started_s)
    return float(np.median(taken_s[20:]))


def run_live(shown: list[ImageBGR], model: Model, seconds: float, *, in_window: bool) -> tuple[np.ndarray, int, int]:
    """Rows of (captured after the start, delay, inference) in seconds; frames dropped; kB of memory after SETTLED_S."""
    rows: list[tuple[float, float, float]] = []
    early_kb = 0
    with ExitStack() as opened, tempfile.TemporaryDirectory() as folder:
        recording = opened.enter_context(SetRecording(model, Settings()))
        window = LiveWindow(recording, out=Path(folder), is_mirrored=True, shows_delay=True)
        if in_window:
            opened.enter_context(window)
        estimator = opened.enter_context(MediaPipeEstimator(model))
        frames = opened.enter_context(NewestFrames(StandIn(shown, seconds)))
        run, overlay = LiveRun(frames, estimator, LiveSession()), LiveOverlay(WIDTH, HEIGHT)
        for moment in run.moments():
            if in_window:
                window.step(run, moment)
            elif moment is not None:
                draw_unseen(run, overlay, moment)
            if moment is not None:
                rows.append((moment.state.time_s, run.delays.shown_s[-1], run.delays.inference_s[-1]))
                early_kb = early_kb or (peak_kb() if moment.state.time_s > SETTLED_S + STRETCH_S else 0)
        return np.array(rows), frames.dropped, early_kb


def draw_unseen(run: LiveRun, overlay: LiveOverlay, moment: LiveMoment) -> None:
    """Everything that a window does, but for the screen."""
    overlay.draw(np.asarray(cv2.flip(moment.shot.frame.image_bgr, 1)), moment.state, Extras(), is_mirrored=True)
    run.delays.add(moment.shot)


def peak_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--model", default="full")
    parser.add_argument("--window", action="store_true")
    told = parser.parse_args()
    seconds = 60 * told.minutes
    if seconds < SETTLED_S + 2 * STRETCH_S:
        sys.exit(f"expected at least {(SETTLED_S + 2 * STRETCH_S) / 60:.2f} minutes, got {told.minutes}")
    shown, model = pictures(), resolve_model(told.model)
    alone_s = inference_alone_s(shown, model)
    rows, dropped, early_kb = run_live(shown, model, seconds, in_window=told.window)
    early = rows[(rows[:, 0] >= SETTLED_S) & (rows[:, 0] < SETTLED_S + STRETCH_S)]
    late = rows[rows[:, 0] >= seconds - STRETCH_S]
    print(f"{WIDTH}x{HEIGHT}, model {told.model}, {told.minutes:g} minutes, {'window' if told.window else 'no window'}")
    print(f"one inference alone: {1000 * alone_s:.1f} ms; frames shown {len(rows)}, dropped {dropped}")
    print("| | delay, median | delay, 95 % | inference, median | delay less inference, median |")
    print("|---|---|---|---|---|")
    for name, part in (("after 5 s", early), (f"after {told.minutes:g} min", late), ("whole run", rows)):
        delay, inference = 1000 * part[:, 1], 1000 * part[:, 2]
        cells = (np.median(delay), np.percentile(delay, 95), np.median(inference), np.median(delay - inference))
        print(f"| {name} | " + " | ".join(f"{cell:.1f} ms" for cell in cells) + " |")
    print(f"peak memory {early_kb / 1024:.0f} MB after 15 s, {peak_kb() / 1024:.0f} MB at the end")


if __name__ == "__main__":
    main()
