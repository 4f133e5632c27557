"""Rendered clips with what is true of every frame, and which of them may be used to choose anything.

The split is by body: clips of :data:`DEVELOPMENT_BODIES` are for finding biases and limits, those of the other six
(suite `held_out`) for reporting. Joints are in metres, x to the subject's left, y backward, z up.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = REPOSITORY.parent / "shared"
DEVELOPMENT_BODIES = frozenset({"m_avg", "f_avg", "m_dark", "f_asian", "m_heavy", "f_heavy"})

_PAIRED = ("shoulder", "hip", "knee", "ankle", "heel", "foot_index")
_COCO = ("shoulder", "hip", "knee", "ankle")
JOINTS = tuple(f"{side}_{name}" for side in ("left", "right") for name in _PAIRED) + tuple(
    f"coco_{side}_{name}" for side in ("left", "right") for name in _COCO
)


@dataclass(frozen=True, slots=True)
class TrueRep:
    """One repetition as it was rendered; ``lead_side`` is None for squats."""

    start_s: float
    bottom_s: float
    end_s: float
    lead_side: str | None


@dataclass(frozen=True, slots=True)
class RenderedClip:
    """A clip, ``size_px`` wide and high, and its truth. ``joints_m`` (T, 3) and ``joints_px`` (T, 2) are by name, see
    :data:`JOINTS`.
    """

    path: Path
    exercise: str
    body: str
    fps: float
    eye_m: FloatArray
    time_s: FloatArray
    reps: tuple[TrueRep, ...]
    joints_m: Mapping[str, FloatArray]
    joints_px: Mapping[str, FloatArray]
    size_px: tuple[int, int] = (480, 854)

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem

    @property
    def is_development(self) -> bool:
        """Whether anything may be chosen on this clip."""
        return self.body in DEVELOPMENT_BODIES


def calibration_parser(description: str | None) -> argparse.ArgumentParser:
    """What every program that fits something to rendered clips is told."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, help="folders with rendered clips of the development bodies")
    parser.add_argument("--work", type=Path, default=Path("accuracy-work"), help="folder that keeps landmarks")
    return parser


def load_clips(folders: list[Path]) -> Iterator[RenderedClip]:
    """Every clip of these folders with a truth, by folder and name; its pictures need not be there."""
    for folder in folders:
        described = {Path(str(path).removesuffix(".truth.json") + ".mp4") for path in folder.glob("*.truth.json")}
        for path in sorted(described | set(folder.glob("*.mp4"))):
            if path.with_suffix(".truth.json").is_file():
                yield _clip_of_ours(path)
            elif path.with_suffix(".csv").is_file():
                yield _clip_of_the_generator(path)


def _clip_of_ours(path: Path) -> RenderedClip:
    truth = json.loads(path.with_suffix(".truth.json").read_text(encoding="utf-8"))
    table = pq.read_table(path.with_suffix(".truth.parquet"))
    columns = {name: table[name].to_numpy().astype(np.float64) for name in table.column_names if name != "lead_side"}
    return RenderedClip(
        path=path,
        exercise=truth["exercise"],
        body=truth["subject"]["body"],
        fps=float(truth["video"]["fps"]),
        eye_m=np.array(truth["camera"]["eye_m"]),
        time_s=columns["time_s"],
        reps=tuple(TrueRep(r["start_s"], r["bottom_s"], r["end_s"], r["lead_side"]) for r in truth["reps"]),
        joints_m={name: np.column_stack([columns[f"{name}_{axis}_m"] for axis in "xyz"]) for name in JOINTS},
        joints_px={name: np.column_stack([columns[f"{name}_{axis}_px"] for axis in "xy"]) for name in JOINTS},
        size_px=(truth["video"]["width"], truth["video"]["height"]),
    )


def _clip_of_the_generator(path: Path) -> RenderedClip:
    """A clip of ``shared/synth``: its truth is a CSV file, with other names."""
    truth = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    with path.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    def column(name: str) -> FloatArray:
        return np.array([float(row[name]) for row in rows])

    return RenderedClip(
        path=path,
        exercise=truth["exercise"],
        body=truth["character"],
        fps=float(truth["fps"]),
        eye_m=np.array(truth["camera"]["eye"]),
        time_s=column("t"),
        reps=tuple(_generator_rep(rep) for rep in truth["reps"]),
        joints_m={name: np.column_stack([column(f"{name}_{axis}") for axis in "XYZ"]) for name in JOINTS},
        joints_px={name: np.column_stack([column(f"{name}_{axis}") for axis in "xy"]) for name in JOINTS},
    )


def _generator_rep(rep: Mapping[str, Any]) -> TrueRep:
    side = {"L": "left", "R": "right"}.get(rep.get("front") or "")
    return TrueRep(rep["start"], rep["bottom"], rep["end"], side)
