"""The ratios of benchmarks/speed.py from commit to commit, in benchmarks/history.csv."""

from __future__ import annotations

import csv
import os
import platform
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

HISTORY = Path(__file__).with_name("history.csv")
COLUMNS = ("date", "commit", "machine", "bare", "name", "ratio", "by_processor", "core_s_a_minute", "peak_mb")


class Measured(NamedTuple):
    """A case's ratio, higher is faster; the ratio of two cores by the processor time of both, were neither ever idle,
    which holds on a busy machine, too; seconds of all cores for a minute of video; and peak memory.
    """

    name: str
    ratio: float
    by_processor: float
    core_s_a_minute: float
    peak_mb: float


def record(found: Iterable[Measured], *, bare: str) -> None:
    """Append what was measured. ``bare`` says which bundle the bare loop ran: shipped or published."""
    is_new = not HISTORY.exists()
    common = (datetime.now(UTC).date().isoformat(), commit(), machine(), bare)
    with HISTORY.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        if is_new:
            writer.writerow(COLUMNS)
        for one in found:
            row = (
                one.name,
                f"{one.ratio:.3f}",
                f"{one.by_processor:.3f}",
                f"{one.core_s_a_minute:.1f}",
                f"{one.peak_mb:.0f}",
            )
            writer.writerow((*common, *row))


def commit() -> str:
    """The commit of this checkout, with a + where files were changed."""
    git = ["git", "-C", str(HISTORY.parent)]
    name = subprocess.run([*git, "rev-parse", "--short=10", "HEAD"], capture_output=True, text=True, check=True).stdout
    changed = subprocess.run([*git, "status", "--porcelain", "-uno"], capture_output=True, text=True, check=True).stdout
    return name.strip() + ("+" if changed else "")


def machine() -> str:
    """The kind of machine, by its processor and number of cores: ratios of another kind are not compared."""
    model = platform.processor() or platform.machine()
    told = Path("/proc/cpuinfo")
    if told.exists():
        lines = told.read_text(encoding="utf-8").splitlines()
        model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), model)
    return f"{model}, {os.cpu_count()} cores"
