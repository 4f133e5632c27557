"""Rendered clips: repetitions counted, and the instant of the bottom, by frame rate."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.accuracy.analysed import AnalysedClip, analyse
from benchmarks.accuracy.rendered_clips import RenderedClip
from benchmarks.accuracy.rival_counters import COUNTERS
from benchmarks.accuracy.statistics import rate
from benchmarks.accuracy.tables import Table
from formcheck.body.pose import Pose

#: Share of frames that the variable rate keeps, at random.
KEPT = 0.6


def rep_table(clips: Sequence[AnalysedClip], who: str) -> Table:
    """Clips with the right count, exercise and lead legs; bottoms within one frame; by frame rate."""
    rates = sorted({clip.clip.fps for clip in clips})
    rows = [row_of(f"{fps:.0f} frames/s", [clip for clip in clips if clip.clip.fps == fps]) for fps in rates]
    thinned = [analyse(clip.clip, _thinned(clip.clip, clip.pose)) for clip in clips if clip.clip.fps >= 30]
    rows.append(row_of("variable: 40 % of the frames left out at random", thinned))
    rows.append(row_of("all, as recorded", list(clips)))
    note = "A clip counts if repetitions, exercise and every leading leg are right. The bottom is off by the number of "
    note += "frames between the one that is named and the one nearest to the truth."
    return Table(
        f"Repetitions, {who}",
        note,
        ("clips", "right", "repetitions found / true", "bottom within 1 frame", "off, frames"),
        rows,
    )


def counter_table(clips: Sequence[AnalysedClip], who: str) -> Table:
    """Clips whose repetitions are counted right, by formcheck and by the counters of others; by exercise and view."""
    counters = [("**formcheck**", _found), *((counter.name, _counting(counter.count)) for counter in COUNTERS)]
    note = "A clip counts if the number of repetitions is right, whatever the exercise is taken for. The counters of "
    note += "others are written from what they publish and get the same landmarks "
    note += "(benchmarks/accuracy/rival_counters.py); the trainer is made for squats from the side and says so."
    return Table(
        f"Repetitions beside counters of others, {who}",
        note,
        ("counter", "squats, side", "squats, other views", "lunges", "repetitions counted / true"),
        [_counted_row(name, count, clips) for name, count in counters],
    )


def _found(clip: AnalysedClip) -> int:
    return len(clip.report.reps)


def _counting(count: Callable[[Pose], int]) -> Callable[[AnalysedClip], int]:
    return lambda clip: count(clip.pose)


def _counted_row(name: str, count: Callable[[AnalysedClip], int], clips: Sequence[AnalysedClip]) -> list[str]:
    counted = [(clip, count(clip)) for clip in clips]
    right: dict[str, list[bool]] = {"squat, side": [], "squat": [], "lunge": []}
    for clip, number in counted:
        is_side_squat = clip.clip.exercise == "squat" and clip.reps[0].true_plane == "side"
        right["squat, side" if is_side_squat else clip.clip.exercise].append(number == len(clip.clip.reps))
    total = f"{sum(number for _, number in counted)} / {sum(len(clip.clip.reps) for clip in clips)}"
    return [name, *(rate(kind).text() for kind in right.values()), total]


def row_of(name: str, clips: Sequence[AnalysedClip]) -> list[str]:
    off = np.array([frames for clip in clips for frames in _bottoms_off(clip)])
    found, true = sum(len(c.report.reps) for c in clips), sum(len(c.clip.reps) for c in clips)
    return [
        name,
        rate([is_right(clip) for clip in clips]).text(),
        f"{found} / {true}",
        rate([bool(abs(frames) <= 1.0 + 1e-9) for frames in off]).text(),
        f"{off.mean():+.2f} ± {off.std():.2f}",
    ]


def is_right(clip: AnalysedClip) -> bool:
    return (
        len(clip.report.reps) == len(clip.clip.reps)
        and clip.report.exercise == clip.clip.exercise
        and all(rep.found is not None and rep.found.rep.lead_side == rep.true.lead_side for rep in clip.reps)
    )


def _bottoms_off(clip: AnalysedClip) -> list[float]:
    return [
        float(rep.found.rep.bottom - np.argmin(np.abs(clip.pose.time_s - rep.true.bottom_s)))
        for rep in clip.reps
        if rep.found is not None
    ]


def _thinned(clip: RenderedClip, pose: Pose) -> Pose:
    """The recording with frames left out at random, as a phone does that cannot keep up; the same ones every time."""
    rng = np.random.default_rng(len(clip.name))
    return pose.at(np.flatnonzero(rng.random(len(pose)) < KEPT))
