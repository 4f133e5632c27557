"""What the tests of a batch share: three recordings, a place for results, and a disk that nobody waits for."""

from __future__ import annotations

from pathlib import Path

import pytest
from batches import write_table


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here survives a power cut, so nothing has to wait for the disk."""
    monkeypatch.setattr("os.sync", lambda: None)


@pytest.fixture
def videos(tmp_path: Path) -> list[Path]:
    """Three recordings, two of them of one name."""
    names = ("monday/squat.parquet", "tuesday/squat.parquet", "tuesday/Kniebeuge 深蹲 ä.parquet")
    return [write_table(tmp_path / "v" / name, depth_deg=90 + 5 * number) for number, name in enumerate(names)]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"
