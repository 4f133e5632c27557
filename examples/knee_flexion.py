"""Both knees over time, repetitions shaded: python examples/knee_flexion.py RECORDING FIGURE.png."""

import sys

import matplotlib.pyplot as plt

import formcheck

recording, figure = sys.argv[1:]
report = formcheck.analyze(recording)
for side, line in (("left", "-"), ("right", "--")):
    knee_deg = report.timeseries.variables[f"{side}_knee_flexion_deg"]
    plt.plot(report.timeseries.time_s, knee_deg, line, label=f"{side} knee")
for rep in report.reps:
    plt.axvspan(rep.rep.start_s, rep.rep.end_s, color="tab:green", alpha=0.15)
    plt.axvline(rep.rep.bottom_s, color="tab:green")
plt.xlabel("time, s")
plt.ylabel("knee flexion, degrees")
plt.legend()
plt.savefig(figure, bbox_inches="tight")
