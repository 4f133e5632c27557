"""From a batch's Parquet to a figure: python examples/batch_figure.py BATCH_FOLDER FIGURE.png (needs duckdb)."""

import sys

import duckdb
import matplotlib.pyplot as plt

folder, figure = sys.argv[1:]
colours = {"pass": "#2a9d8f", "warn": "#e9c46a", "fail": "#c1121f", "unseen": "#bbbbbb"}
findings = duckdb.read_parquet(f"{folder}/results/findings/*.parquet")
faults = sorted(fault for (fault,) in findings.select("fault").distinct().fetchall())
counts = {row[:2]: row[2] for row in findings.aggregate("verdict, fault, count(*)").fetchall()}
ends = [0] * len(faults)
for verdict, colour in colours.items():
    bars = plt.barh(
        faults, [counts.get((verdict, fault), 0) for fault in faults], left=ends, color=colour, label=verdict
    )
    ends = [bar.get_x() + bar.get_width() for bar in bars]
plt.gca().set(xlabel="findings: one for each repetition, check and side")
plt.legend()
plt.savefig(figure, bbox_inches="tight")
