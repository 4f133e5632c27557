"""The same poses judged by three profiles: python examples/profiles.py RECORDING FIGURE.png."""

import sys
from collections import Counter
from pathlib import Path

import matplotlib.pyplot as plt

import formcheck
from formcheck import Verdict
from formcheck.landmarks.recording import read_recording

COLOURS = {"pass": "seagreen", "unsure": "grey", "warn": "gold", "fail": "firebrick", "unseen": "silver"}

recording, figure = sys.argv[1:]
pose = read_recording(Path(recording)).pose
for profile in ("strict", "standard", "performance"):
    report = formcheck.analyze_poses(pose, profile=profile)
    counts, end = Counter(finding.verdict for rep in report.reps for finding in rep.findings), 0
    for verdict in (Verdict(name) for name in COLOURS):
        plt.barh(profile, counts[verdict], left=end, color=COLOURS[verdict])
        end += counts[verdict]
plt.legend(COLOURS, title="findings", ncols=5, loc="upper center", bbox_to_anchor=(0.5, 1.22))
plt.savefig(figure, bbox_inches="tight")
