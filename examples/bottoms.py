"""The body at the bottom of every repetition: python examples/bottoms.py RECORDING FIGURE.png."""

import sys

import matplotlib.pyplot as plt

import formcheck
from formcheck import Landmark

LIMBS = ("SHOULDER", "HIP", "KNEE", "ANKLE", "HEEL", "FOOT_INDEX", "ANKLE")

recording, figure = sys.argv[1:]
report = formcheck.analyze(recording)
_, all_axes = plt.subplots(1, len(report.reps), sharex=True, sharey=True, squeeze=False)
for axes, rep in zip(all_axes[0], report.reps, strict=True):
    pose = report.pose.at(rep.rep.bottom)
    for side, colour in (("LEFT", "tab:blue"), ("RIGHT", "tab:orange")):
        points_px = [pose.px(Landmark[f"{side}_{name}"]) for name in LIMBS]
        axes.plot(*zip(*points_px, strict=True), "o-", color=colour, label=side.lower())
    axes.set(title=f"{rep.rep.number}: {rep.rep.bottom_s:.1f} s", aspect="equal")
    axes.axis("off")
all_axes[0][0].invert_yaxis()
plt.legend(loc="upper center", bbox_to_anchor=(0.5, 0), ncols=2)
plt.savefig(figure, bbox_inches="tight")
