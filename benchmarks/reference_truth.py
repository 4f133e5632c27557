"""What is true of the clips that :mod:`reference_clips` runs over: where they are, their repetitions and faults.

Three kinds: ``sample`` (sample_videos/, truth beside each clip), ``rendered`` (the reference clips of ``shared/synth``,
with their joints in space) and ``real`` (recordings of people in ``shared/data/videos``, of which only the number of
repetitions is known).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = REPOSITORY.parent / "shared"
#: Counted by eye.
REAL_REPS = {
    "lunge_side_split": 11,
    "side_lunge_front": 10,
    "squat_front_dumbbells": 5,
    "squat_side_barbell_mirror": 2,
    "squat_side_tiny": 1,
}


@dataclass(frozen=True, slots=True)
class TrueRep:
    """One repetition as it was rendered. ``medial`` is the knee's distance from the vertical plane through the ankle
    along the foot, over the shank, at the bottom, + inward, by side. ``labels`` and ``borderline`` name faults with
    their side (None for the whole body); both are None where the clip has no labels.
    """

    bottom_s: float
    lead_side: str | None
    medial: Mapping[str, float]
    labels: frozenset[tuple[str, str | None]] | None
    borderline: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording with what is known of it. ``reps`` is empty where only their number is known."""

    path: Path
    kind: str
    exercise: str | None
    view: str | None
    rep_count: int
    reps: tuple[TrueRep, ...]


def clips() -> Iterator[Clip]:
    """Every clip that exists on this machine, by kind and name."""
    yield from (_sample(path) for path in sorted((REPOSITORY / "sample_videos").glob("*.mp4")))
    yield from (_rendered(path) for path in sorted((SHARED / "synth" / "out").glob("*.mp4")))
    for path in sorted((SHARED / "data" / "videos").glob("*.*")):
        if path.stem in REAL_REPS:
            yield Clip(path, "real", None, None, REAL_REPS[path.stem], ())


def medial_displacement(joints: Mapping[str, NDArray[np.float64]], side: str) -> float:
    """The knee inside the vertical plane through the ankle along the foot, over the shank; + inward.

    ``joints`` are (3,) in metres by name: x to the subject's left, y backward, z up.
    """
    knee, ankle = joints[f"{side}_knee"], joints[f"{side}_ankle"]
    forward = (joints[f"{side}_foot_index"] - joints[f"{side}_heel"])[:2]
    # For the left foot pointing at -y this is -x, towards the right leg.
    left_foots_inward = np.array([forward[1], -forward[0]]) / np.linalg.norm(forward)
    inward = left_foots_inward if side == "left" else -left_foots_inward
    return float((knee - ankle)[:2] @ inward / np.linalg.norm(knee - ankle))


def _sample(path: Path) -> Clip:
    truth = json.loads(path.with_suffix(".truth.json").read_text(encoding="utf-8"))
    reps = tuple(_labelled_rep(rep) for rep in truth["reps"])
    return Clip(path, "sample", truth["exercise"], path.stem.split("_")[1], len(reps), reps)


def _labelled_rep(rep: Mapping[str, Any]) -> TrueRep:
    return TrueRep(
        bottom_s=rep["bottom_s"],
        lead_side=rep["lead_side"],
        medial={side: rep["measures"][f"medial_knee_displacement_ratio_{side}"] for side in ("left", "right")},
        labels=frozenset((fault["fault"], fault["side"]) for fault in rep["faults"]),
        borderline=frozenset(fault["fault"] for fault in rep["borderline"]),
    )


def _rendered(path: Path) -> Clip:
    truth = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    with path.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    reps = tuple(_rendered_rep(rep, rows) for rep in truth["reps"])
    return Clip(path, "rendered", truth["exercise"], truth["view"], len(reps), reps)


def _rendered_rep(rep: Mapping[str, Any], rows: list[dict[str, str]]) -> TrueRep:
    row = min(rows, key=lambda row: abs(float(row["t"]) - rep["bottom"]))
    names = [f"{side}_{joint}" for side in ("left", "right") for joint in ("knee", "ankle", "heel", "foot_index")]
    joints = {name: np.array([float(row[f"{name}_{axis}"]) for axis in "XYZ"]) for name in names}
    return TrueRep(
        bottom_s=rep["bottom"],
        lead_side={"L": "left", "R": "right"}.get(rep.get("front") or ""),
        medial={side: medial_displacement(joints, side) for side in ("left", "right")},
        labels=None,
        borderline=None,
    )
