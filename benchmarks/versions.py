"""What another version of MediaPipe changes: the same recordings, analysed with both, compared.

    formcheck analyze CLIP --no-video --out ONE      # with one version installed, for each clip
    formcheck analyze CLIP --no-video --out OTHER    # with the other
    python -m benchmarks.versions ONE OTHER

Prints a line a clip: how far the landmarks of both knees, hips, ankles and feet are apart (pixels of the picture, the
median and the 95th percentile of all frames), then how many repetitions, values and verdicts there are and how many
differ, and the largest difference of a value in units of its own uncertainty.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from formcheck.body.pose import Landmark
from formcheck.landmarks.recording import read_recording

LEGS = [mark for mark in Landmark if mark.name.split("_", 1)[-1] in {"HIP", "KNEE", "ANKLE", "HEEL", "FOOT_INDEX"}]


def apart_px(one: Path, other: Path) -> np.ndarray:
    """Distances of the legs' landmarks, pixels (frames x landmarks); NaN where one of the two saw nobody."""
    poses = [read_recording(folder / "landmarks.parquet").pose for folder in (one, other)]
    return np.asarray(np.linalg.norm(poses[0].image_px[:, LEGS] - poses[1].image_px[:, LEGS], axis=-1))


def findings(folder: Path) -> dict[tuple[int, str, str | None], dict[str, Any]]:
    """Findings by repetition, check and side."""
    reps = json.loads((folder / "report.json").read_text(encoding="utf-8"))["reps"]
    return {(rep["number"], found["check"], found["side"]): found for rep in reps for found in rep["findings"]}


def main() -> None:
    """Compare two folders of analyses."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("one", type=Path)
    parser.add_argument("other", type=Path)
    told = parser.parse_args()
    print("| clip | legs apart, median | 95th percentile | repetitions | values | verdicts that differ | largest / ± |")
    print("|---|---|---|---|---|---|---|")
    names = sorted(path.parent.name for path in told.one.glob("*/report.json"))
    for name in names:
        one, other = told.one / name, told.other / name
        if not (other / "report.json").is_file():
            continue
        distance_px = apart_px(one, other)
        before, after = findings(one), findings(other)
        both = before.keys() & after.keys()
        changed = [
            f"{key[1]} {before[key]['verdict']}→{after[key]['verdict']}"
            for key in sorted(both, key=str)
            if before[key]["verdict"] != after[key]["verdict"]
        ]
        valued = [key for key in both if None not in (before[key]["value"], after[key]["value"])]
        ratios = [
            abs(before[key]["value"] - after[key]["value"]) / before[key]["uncertainty"]
            for key in valued
            if before[key]["uncertainty"]
        ]
        reps = [len({key[0] for key in found}) for found in (before, after)]
        print(
            f"| {name} | {np.nanmedian(distance_px):.1f} px | {np.nanpercentile(distance_px, 95):.1f} px | "
            f"{reps[0]}, {reps[1]} | {len(ratios)} | {len(changed)}{': ' if changed else ''}{', '.join(changed)} | "
            f"{max(ratios, default=0):.2f} |"
        )


if __name__ == "__main__":
    main()
