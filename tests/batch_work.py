"""What worker processes do in tests: they find these functions by name, so they need a module of their own."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from formcheck.batch.job import JobOutcome, VideoJob
from formcheck.batch.video import do_video

Allow = Callable[[float], None]


def obey(job: str, allow: Allow) -> str:
    """Do what the job says."""
    order, _, rest = job.partition(" ")
    if order == "signal":
        os.kill(os.getpid(), int(rest))
    if order == "exit":
        os._exit(int(rest))
    if order == "hang":
        time.sleep(600)
    if order == "allow":
        allow(float(rest))
        time.sleep(2.5)
    if order == "noise":
        sys.stderr.write("noise\n")
        os.write(2, b"more noise\n")
    if order == "fault":
        raise ValueError(rest)
    if order in {"pid", "threads"}:
        return str(os.getpid()) if order == "pid" else os.environ["OMP_NUM_THREADS"]
    if order == "take":
        return taken(int(float(rest)))
    if order == "tell":
        Path(rest).write_text(str(os.getpid()), encoding="utf-8")
        time.sleep(600)
    return f"did {job}"


def taken(wanted_bytes: int) -> str:
    """Whether there is so much memory."""
    try:
        return f"took {np.ones(wanted_bytes // 8).nbytes} bytes"
    except MemoryError:
        return "the memory is full"


def do_or_die(job: VideoJob, allow: Allow) -> JobOutcome:
    """Analyse a video, unless its name says what goes wrong."""
    if "segfault" in job.source.path:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "hang" in job.source.path:
        allow(0.3)
        time.sleep(600)
    return do_video(job, allow)
