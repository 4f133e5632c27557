"""A hundred inputs that nobody should have to think of, and that the harness sees what is wrong."""

from __future__ import annotations

import random
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from benchmarks.fuzz import Ending, cases, wrong
from benchmarks.fuzz_case import Case

ROOT = Path(__file__).resolve().parents[2]


def test_a_hundred_odd_inputs_end_in_one_line_or_are_analysed() -> None:
    """Tables, profiles, paths and environments; videos, streams and signals take longer: see docs/robustness.md."""
    options = ["--count", "100", "--seed", "7", "--kinds", "table,profile,place"]
    command = [sys.executable, "-m", "benchmarks.fuzz", *options, "--share"]
    with ExitStack() as opened:
        runs = [
            opened.enter_context(
                subprocess.Popen(
                    [*command, share], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
                )
            )
            for share in ("0/2", "1/2")
        ]
        told = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], "\n".join(told)
    assert all("50 inputs, 0 wrong" in said for said in told)


def test_the_same_seed_makes_the_same_inputs() -> None:
    first, again, other = (
        [(kind, rng.random()) for _, kind, rng in cases(seed, 30, ["video", "table", "profile"])] for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other
    assert {kind for kind, _ in first} == {"video", "table", "profile"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a case ran, with the links and the place for temporary files that it had."""
    (tmp_path / "0001-talk" / "tmp").mkdir(parents=True)
    (tmp_path / "0001" / "out").mkdir(parents=True)
    return tmp_path / "0001"


@pytest.mark.parametrize(
    ("ending", "fault"),
    [
        (Ending(None, "", ""), "still running"),
        (Ending(70, "", "error: a fault of formcheck itself\n"), "exit code 70"),
        (Ending(-11, "", ""), "exit code -11"),
        (Ending(1, "", "Traceback (most recent call last):\n"), "a traceback"),
        (Ending(0, "", "x.py:3: RuntimeWarning: overflow\n"), "none of formcheck's"),
        (Ending(1, "", ""), "with 0 lines of error"),
        (Ending(1, "", "error: one\nerror: two\n"), "with 2 lines of error"),
        (Ending(0, "", "error: one\n"), "with 1 lines of error"),
    ],
)
def test_an_ending_that_is_wrong_is_seen(ending: Ending, fault: str, folder: Path) -> None:
    assert any(fault in found for found in wrong(Case("a test"), ending, folder))


def test_an_ending_that_is_right_is_left_alone(folder: Path) -> None:
    assert list(wrong(Case("a test"), Ending(1, "", "error: expected a video\n"), folder)) == []
    assert list(wrong(Case("a test"), Ending(0, "table", "warning: incomplete\nnote: two people\n"), folder)) == []


def test_files_that_are_left_or_half_are_seen(folder: Path) -> None:
    (folder / "out" / f".{'0' * 32}.part.mp4").touch()
    (folder / "out" / "report.json").write_text("{")
    (folder / "out" / "landmarks.parquet").write_bytes(random.Random(1).randbytes(99))  # noqa: S311
    (folder / "out" / "annotated.mp4").write_bytes(b"")
    (folder / "out" / "report.html").write_text("<html>")
    (folder.with_name("0001-talk") / "tmp" / "x").touch()
    found = "; ".join(wrong(Case("a test"), Ending(0, "", ""), folder))
    for name in ("report.json", "landmarks.parquet", "annotated.mp4", "report.html"):
        assert f"half a file: {name}" in found
    assert "left behind: " in found
    assert "left in the place for temporary files" in found
