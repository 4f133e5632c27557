"""How right the verdicts are: `python -m benchmarks.accuracy`."""
