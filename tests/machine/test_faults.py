"""Errors that no user can cause: one line, and the trace in a file."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from formcheck.machine.faults import doing, note_fault, trace_folder


def fault_of(error: Exception, what: str = "reading squat.mp4") -> Exception:
    with pytest.raises(type(error)) as caught, doing(what):
        raise error
    return caught.value


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "state"))
    return tmp_path / "state" / "formcheck"


def test_a_fault_says_what_was_done_whose_fault_it_is_and_where_the_trace_is(state: Path) -> None:
    fault = note_fault(fault_of(ValueError("3 is\nno 4")), "running")
    assert fault.summary == "a fault of formcheck itself while reading squat.mp4 (ValueError: 3 is no 4)"
    [trace] = state.iterdir()
    assert str(trace) in fault.line
    assert "\n" not in fault.line
    text = trace.read_text(encoding="utf-8")
    assert "Traceback (most recent call last)" in text
    assert "test_faults.py" in text


def test_the_innermost_of_what_was_done_is_told(state: Path) -> None:
    error = fault_of(fault_of(KeyError("depth"), "judging squat.mp4"), "serving")
    assert "while judging squat.mp4 " in note_fault(error, "running").summary
    assert "while running " in note_fault(KeyError("depth"), "running").summary


def test_the_same_fault_has_one_trace_and_another_one_has_its_own(state: Path) -> None:
    for number in range(3):
        note_fault(fault_of(ValueError(number)), "running")
    assert len(list(state.iterdir())) == 1
    note_fault(fault_of(TypeError()), "running")
    assert len(list(state.iterdir())) == 2


def test_where_the_user_has_no_place_the_trace_goes_to_the_temporary_one_or_is_said_to_be_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "state").write_text("in the way")
    for variable in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "state"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    fault = note_fault(fault_of(ValueError()), "running")
    assert fault.trace is not None
    assert fault.trace.is_relative_to(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    assert "no trace could be written" in note_fault(fault_of(ValueError()), "running").line


def test_words_that_are_long_or_move_a_terminal_are_not_repeated_as_they_are(state: Path) -> None:
    fault = note_fault(fault_of(ValueError("\x1b[2J\ud800" + "x" * 10_000)), "running")
    assert fault.line.isprintable()
    assert len(fault.summary) < 400
    assert fault.trace is not None


def test_the_place_of_traces_is_the_users_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(Path, "home", lambda: Path("/home/someone"))
    below = "" if sys.platform == "win32" else ".local/state"
    assert trace_folder() == Path("/home/someone", below, "formcheck")
