"""What formcheck reads in each repetition of a rendered clip, beside what is true of the same frames."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.accuracy.landmarks import landmarks_of
from benchmarks.accuracy.rendered_clips import FloatArray, RenderedClip
from benchmarks.accuracy.true_measures import SIDES, true_measures
from formcheck.body.pose import Pose, Side
from formcheck.landmarks.models import Model
from formcheck.measures.measured_rep import MeasuredRep, measure_reps
from formcheck.measures.reps import cut_reps
from formcheck.measures.smoothing import smooth_recording

#: A repetition that is found this close to the bottom of a true one is that one.
SAME_REP_S = 0.5


@dataclass(frozen=True, slots=True)
class RepReading:
    """One repetition that was found: its stretch (nothing corrected) and what is true of its frames, by measure."""

    clip: RenderedClip
    number: int
    stretch: MeasuredRep
    true: Mapping[str, FloatArray]

    @property
    def known(self) -> Mapping[str, FloatArray]:
        """Variables and terms of the repetition's own frames, by name."""
        both = {**self.stretch.terms, **self.stretch.variables}
        return {name: self.stretch.within_rep(values) for name, values in both.items()}

    def columns(self, legs: str) -> list[int]:
        """Which columns of a sided measure count: ``each`` leg, or the one that is ``judged``: lead leg or near leg."""
        if legs == "each":
            return [0, 1]
        side = self.stretch.rep.lead_side or self.stretch.view.near_side
        return [] if side is None else [SIDES.index(side)]


def readings_of(clip: RenderedClip, pose: Pose) -> Iterator[RepReading]:
    """Every true repetition that was found, measured without corrections; the lead side is the true one."""
    seen = smooth_recording(pose.masked())
    stretches = measure_reps(seen, pose, cut_reps(seen))
    true = true_measures(clip)
    for number, rep in enumerate(clip.reps, 1):
        near = [s for s in stretches if abs(s.rep.bottom_s - rep.bottom_s) <= SAME_REP_S]
        if not near:
            continue
        stretch = min(near, key=lambda s: abs(s.rep.bottom_s - rep.bottom_s))
        if rep.lead_side is not None:
            stretch = replace(stretch, rep=replace(stretch.rep, lead_side=Side(rep.lead_side)))
        frames = np.arange(len(seen))[stretch.rep.frames]
        yield RepReading(clip, number, stretch, {name: values[frames] for name, values in true.items()})


def all_readings(clips: list[RenderedClip], model: Model, cache: Path) -> list[RepReading]:
    """The readings of all clips, in order."""
    return [reading for clip in clips for reading in readings_of(clip, landmarks_of(clip.path, model, cache))]
