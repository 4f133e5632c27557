"""Which ratios of benchmarks/history.csv fell.

    python -m benchmarks.slower [--by 0.05]

Compares both ratios in the last row of each case with the best before it, of the same kind of machine and the same bare
loop; a ratio that a busy machine could not tell is left empty. What fell by more than the share, or took more memory by
more than it, goes to stdout, a line each, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence

from benchmarks.history import HISTORY

Row = Mapping[str, str]


def fallen(rows: Iterable[Row], by: float) -> Iterator[str]:
    """A line for each case whose last ratio is lower, or whose memory is higher, than the best before by that share."""
    courses: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        courses.setdefault((row["machine"], row["bare"], row["name"]), []).append(row)
    for (*_, name), course in courses.items():
        for column in ("ratio", "by_processor"):
            *before, last = [row for row in course if row[column]] or [{}]
            best = max(before, key=lambda row, column=column: float(row[column]), default=None)
            if best is not None and float(last[column]) < (1 - by) * float(best[column]):
                yield f"{name}, {column}: {best[column]} at {best['commit']}, {last[column]} at {last['commit']}"
        *before, last = course
        least = min(before, key=lambda row: float(row["peak_mb"]), default=None)
        if least is not None and float(last["peak_mb"]) > (1 + by) * float(least["peak_mb"]):
            yield f"{name}: {least['peak_mb']} MB at {least['commit']}, {last['peak_mb']} MB at {last['commit']}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Say which ratios of benchmarks/history.csv fell.")
    parser.add_argument("--by", type=float, default=0.05, help="share by which a ratio may fall")
    told = parser.parse_args(arguments)
    with HISTORY.open(newline="", encoding="utf-8") as file:
        found = list(fallen(csv.DictReader(file), told.by))
    print("\n".join(found) if found else "no ratio fell")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
