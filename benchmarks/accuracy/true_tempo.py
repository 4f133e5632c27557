"""How fast a rendered body truly goes, by the definitions of :mod:`formcheck.measures.tempo` on its true hips.

    python -m benchmarks.accuracy.true_tempo FOLDER    (with the truth of the suite held_out)

writes it beside the landmarks of the ten reported clips that are kept in tests/data/accuracy.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks.accuracy.readings import RepReading
from benchmarks.accuracy.rendered_clips import REPOSITORY, FloatArray, RenderedClip, TrueRep, load_clips
from formcheck.measures.reps import Rep
from formcheck.measures.tempo import Tempo, tempo_of


@dataclass(frozen=True, slots=True)
class TempoReading:
    """One repetition read without corrections, and its true tempo by hips and by shoulders, in true leg lengths."""

    reading: RepReading
    true: Tempo
    shoulders: Tempo
    leg_m: float

    @property
    def body(self) -> str:
        """Who it is."""
        return self.reading.clip.body

    def true_fall(self) -> FloatArray:
        """How high the hips truly are against standing, in the frames of the stretch, leg lengths."""
        clip, frames = self.reading.clip, self.reading.stretch.frames
        height = height_m(clip)
        standing = float(np.interp(clip.reps[self.reading.number - 1].start_s, clip.time_s, height))
        return np.asarray((height[frames] - standing) / self.leg_m)


def height_m(clip: RenderedClip, joint: str = "hip") -> FloatArray:
    """Height of the middle of the hips, or of another pair, above the floor, (T,), metres."""
    return np.asarray((clip.joints_m[f"left_{joint}"] + clip.joints_m[f"right_{joint}"])[:, 2] / 2)


def leg_m(clip: RenderedClip) -> float:
    """Length of a leg, hip to knee to ankle, metres: the mean of both."""
    legs = [
        np.linalg.norm(clip.joints_m[f"{side}_{upper}"][0] - clip.joints_m[f"{side}_{lower}"][0])
        for side in ("left", "right")
        for upper, lower in (("hip", "knee"), ("knee", "ankle"))
    ]
    return float(np.sum(legs)) / 2


def true_tempo(clip: RenderedClip, rep: TrueRep, joint: str = "hip") -> Tempo:
    """The tempo of a repetition, in leg lengths a second."""
    whole = Rep(1, 0, 0, 0, rep.start_s, rep.bottom_s, rep.end_s)
    return tempo_of(clip.time_s, height_m(clip, joint) / leg_m(clip), whole)


def with_true_tempo(readings: list[RepReading]) -> Iterator[TempoReading]:
    """The readings beside their true tempo."""
    for reading in readings:
        clip, rep = reading.clip, reading.clip.reps[reading.number - 1]
        yield TempoReading(reading, true_tempo(clip, rep), true_tempo(clip, rep, "shoulder"), leg_m(clip))


def keep_truth(folder: Path) -> None:
    """Write the true tempo of the kept clips, and the sizes of their bodies, into their own JSON files."""
    clips = {_kept_name(clip.name): clip for clip in load_clips([folder])}
    for path in sorted((REPOSITORY / "tests" / "data" / "accuracy").glob("*.json")):
        clip, truth = clips[path.stem], json.loads(path.read_text(encoding="utf-8"))
        subject = json.loads(clip.path.with_suffix(".truth.json").read_text(encoding="utf-8"))["subject"]
        truth |= {"stature_m": subject["stature_m"], "leg_m": round(leg_m(clip), 4)}
        for told, rep in zip(truth["reps"], clip.reps, strict=True):
            told["tempo"] = {name: round(value, 4) for name, value in asdict(true_tempo(clip, rep)).items()}
        path.write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")


def _kept_name(name: str) -> str:
    """The name of a clip as its kept files have it: signs as letters."""
    return re.sub(r"_([+-])(?=\d+$)", lambda sign: "_p" if sign[1] == "+" else "_m", name)


if __name__ == "__main__":
    keep_truth(Path(sys.argv[1]))
