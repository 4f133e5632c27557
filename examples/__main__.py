"""Draws the pictures of the gallery from the sample clips: python -m examples docs/gallery."""

import runpy
import subprocess
import sys
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt

HERE = Path(__file__).parent
#: The clip that each script is shown with; batch_figure takes the batch of all of them.
SHOWN = {
    "knee_flexion": "lunge_oblique_clean_f_asian",
    "values_and_limits": "squat_front_one_knee_in_f_asian",
    "bottoms": "squat_side_knees_past_toes_f_heavy",
    "profiles": "squat_side_knees_past_toes_f_heavy",
    "live_replay": "squat_front_knees_in_m_avg",
    "own_measure": "squat_side_knees_past_toes_f_heavy",
    "landmarks_table": "lunge_side_knee_past_toes_m_heavy",
}


def draw(script: str, taken: Path, figure: Path) -> None:
    """Run a script of this folder as a user types it, on a figure of its own."""
    plt.figure(figsize=(6.4, 3.6), dpi=90)
    typed, sys.argv = sys.argv, [script, str(taken), str(figure)]
    try:
        runpy.run_path(str(HERE / f"{script}.py"), run_name="__main__")
    finally:
        sys.argv = typed
        plt.close("all")


def main(folder: Path) -> None:
    """Analyse the sample clips as a batch and run every script on what came out."""
    with tempfile.TemporaryDirectory() as work:
        clips, batch = HERE.parent / "sample_videos", Path(work) / "batch"
        command = [sys.executable, "-m", "formcheck", "batch", str(clips), "--out", str(batch), "--keep", "landmarks"]
        subprocess.run(command, check=True)
        draw("batch_figure", batch, folder / "batch_figure.png")
        for script, clip in SHOWN.items():
            [taken] = batch.glob(f"sessions/*{clip}*/landmarks.parquet")
            draw(script, taken, folder / f"{script}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
