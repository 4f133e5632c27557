"""A measure of your own, how fast the shoulders rise: python examples/own_measure.py RECORDING FIGURE.png."""

import sys

import matplotlib.pyplot as plt
import numpy as np

import formcheck
from formcheck import Landmark

recording, figure = sys.argv[1:]
report = formcheck.analyze(recording)
pose = report.pose  # smoothed; NaN where unseen
shoulders_px = (pose.px(Landmark.LEFT_SHOULDER) + pose.px(Landmark.RIGHT_SHOULDER)) / 2
hips_px = (pose.px(Landmark.LEFT_HIP) + pose.px(Landmark.RIGHT_HIP)) / 2
trunk_px = np.nanmax(np.linalg.norm(shoulders_px - hips_px, axis=-1))
rise = -np.gradient(shoulders_px[:, 1], pose.time_s) / trunk_px  # y grows downwards
plt.plot(pose.time_s, rise)
for rep in report.reps:
    fastest = rep.rep.bottom + int(np.nanargmax(rise[rep.rep.bottom : rep.rep.end + 1]))
    plt.annotate(f"{rise[fastest]:.1f}", (pose.time_s[fastest], rise[fastest]))
plt.axhline(0, color="silver", zorder=0)
plt.xlabel("time, s")
plt.ylabel("shoulders rise, trunk lengths a second")
plt.savefig(figure, bbox_inches="tight")
