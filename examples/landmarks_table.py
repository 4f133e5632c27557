"""Landmarks as a table for other programs: python examples/landmarks_table.py RECORDING FIGURE.png."""

import sys
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import pyarrow.parquet as pq

from formcheck.analysis import Settings, analyze_to_folder

recording, figure = sys.argv[1:]
with tempfile.TemporaryDirectory() as folder:
    wanted = Settings(draw_video=False, write_page=False)
    analysis = analyze_to_folder(Path(recording), Path(folder), settings=wanted)
    table = pq.read_table(analysis.folder / "landmarks.parquet")
for name in ("nose", "left_hip", "left_knee", "left_ankle"):
    plt.plot(table["time_s"], table[f"{name}_visibility"], label=name.replace("_", " "))
plt.xlabel("time, s")
plt.ylabel("visibility, 0 to 1")
plt.legend()
plt.savefig(figure, bbox_inches="tight")
