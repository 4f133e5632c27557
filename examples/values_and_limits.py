"""The worst value of every repetition beside its limits: python examples/values_and_limits.py RECORDING FIGURE.png."""

import sys

import matplotlib.pyplot as plt

import formcheck

recording, figure = sys.argv[1:]
report = formcheck.analyze(recording)
findings = [(rep.rep.number, finding) for rep in report.reps for finding in rep.findings if finding.excess is not None]
worst = max(findings, key=lambda pair: pair[1].excess)[1]
sides = dict.fromkeys(finding.side for _, finding in findings if finding.check == worst.check)
for side, sign in zip(sides, "os", strict=False):
    chosen = [(n, f.value, f.uncertainty or 0) for n, f in findings if (f.check, f.side) == (worst.check, side)]
    number, value, uncertainty = zip(*chosen, strict=True)
    plt.errorbar(number, value, uncertainty, fmt=sign, capsize=4, label=side or "body")
plt.axhline(worst.limit_warn, color="goldenrod", label="limit for warning")
plt.axhline(worst.limit_fail, color="firebrick", label="limit for failing")
plt.xticks([rep.rep.number for rep in report.reps])
plt.xlabel("repetition")
plt.ylabel(f"{worst.check.replace('_', ' ')}, {worst.unit}")
plt.legend()
plt.savefig(figure, bbox_inches="tight")
