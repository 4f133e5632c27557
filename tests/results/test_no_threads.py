"""Reading tables leaves no thread behind that could still be busy when the program ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from batches import run, write_table

_READ = {
    "landmarks": "from formcheck.landmarks.landmark_table import read_landmarks as read; files = ['squat.parquet']",
    "a batch": "from formcheck.results.batch_tables import read_table as read; files = ['out', 'findings']",
    "a manifest": (
        "from formcheck.results.manifest import read_manifest, is_manifest; files = ['videos.parquet'];"
        "read = lambda path: (is_manifest(Path(path)), list(read_manifest(Path(path))))"
    ),
}


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in /proc")
@pytest.mark.parametrize("what", list(_READ))
def test_reading_starts_no_thread(what: str, tmp_path: Path) -> None:
    table = write_table(tmp_path / "squat.parquet")
    run(tmp_path / "out", table)
    rows = {"path": ["a.mp4", "b.mp4"], **{f"label {number}": [1.0, 2.0] for number in range(8)}}
    pq.write_table(pa.table(rows), tmp_path / "videos.parquet")
    program = (
        f"import os; from pathlib import Path; {_READ[what]}\n"
        "count = lambda: len(os.listdir('/proc/self/task'))\n"
        "before = count()\n"
        "read(*(Path(name) if name.endswith('parquet') else name for name in files))\n"
        "print(before, count())\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
    )
    before, after = found.stdout.split()
    assert before == after
