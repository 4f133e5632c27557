from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import history, slower
from benchmarks.history import Measured, record
from benchmarks.slower import main


@pytest.fixture(autouse=True)
def _own_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (history, slower):
        monkeypatch.setattr(module, "HISTORY", tmp_path / "history.csv")
    monkeypatch.setattr(history, "commit", lambda: "0123456789")
    monkeypatch.setattr(history, "machine", lambda: "one, 2 cores")


def told(*ratios: float, peaks: tuple[float, ...] = ()) -> None:
    for number, ratio in enumerate(ratios):
        record([Measured("10 s", ratio, 2.0, 20.0, peaks[number] if peaks else 500.0)], bare="shipped")


def test_a_ratio_that_fell_by_more_than_a_twentieth_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    told(1.2, 1.5, 1.42)
    assert main([]) == 1
    assert capsys.readouterr().out == "10 s, ratio: 1.500 at 0123456789, 1.420 at 0123456789\n"
    assert main(["--by", "0.1"]) == 0


def test_what_rose_or_fell_by_less_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    told(1.2, 1.5, 1.43)
    assert main([]) == 0
    assert capsys.readouterr().out == "no ratio fell\n"


def test_memory_that_grew_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    told(1.0, 1.0, peaks=(500, 600))
    assert main([]) == 1
    assert "500 MB" in capsys.readouterr().out


def test_machines_and_bare_loops_of_another_kind_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    told(1.5)
    record([Measured("10 s", 1.0, 2.0, 20.0, 500.0)], bare="published")
    monkeypatch.setattr(history, "machine", lambda: "another, 8 cores")
    told(0.9)
    assert main([]) == 0


def test_processor_time_that_grew_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    for by_processor in (2.0, 1.5):
        record([Measured("10 s", 1.0, by_processor, 20.0, 500.0)], bare="shipped")
    assert main([]) == 1
    assert capsys.readouterr().out.startswith("10 s, by_processor: 2.000")


def test_a_ratio_that_is_left_empty_is_not_compared() -> None:
    told(1.5)
    text = history.HISTORY.read_text(encoding="utf-8")
    history.HISTORY.write_text(text + text.splitlines()[1].replace("1.500", "") + "\n", encoding="utf-8")
    assert main([]) == 0
