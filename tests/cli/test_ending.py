"""However a command ends, it is one line and the right exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bodies import squats
from commands import IS_ROOT, assert_one_error_line, needs_posix
from typer.testing import CliRunner

from formcheck.analysis import analyze
from formcheck.checks.profiles import load_profile
from formcheck.cli.app import app
from formcheck.errors import FormcheckError
from formcheck.frames.container import read_container
from formcheck.landmarks.recording import Recording
from formcheck.machine.limits import is_memory_full


@pytest.fixture
def landmarks(tmp_path: Path) -> Path:
    pose = squats(1, yaw_deg=90.0, fps=30)
    video = {"name": "stick figure.mp4", "frames": len(pose), "duration_s": 6.0, "width": pose.width_px}
    video |= {"height": pose.height_px, "rotation": 0, "complete": True, "reason": None}
    path = tmp_path / "landmarks.parquet"
    Recording(pose, video, {"name": "stick", "sha256": "0" * 64}).save(path)
    return path


def run_code(code: str, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *arguments]
    environment = os.environ | dict.fromkeys(("XDG_STATE_HOME", "LOCALAPPDATA"), str(cwd / "state"))
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False)


def shell(line: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A command line of bash in which ``formcheck`` is ours."""
    named = f'formcheck() {{ {sys.executable} -m formcheck "$@"; }}; {line}'
    return subprocess.run(["bash", "-c", named], cwd=cwd, capture_output=True, text=True, timeout=120, check=False)


_NEW_COMMAND = """
from formcheck.cli.app import app, main
@app.command()
def stumble():
    {body}
main()
"""


def test_an_unexpected_error_is_one_line_with_what_was_done_and_where_the_trace_is(tmp_path: Path) -> None:
    run = run_code(_NEW_COMMAND.format(body="return {}['depth\\n']"), tmp_path, "stumble")
    assert (run.returncode, run.stdout) == (70, "")
    [line] = run.stderr.splitlines()
    assert line.startswith("error: a fault of formcheck itself while running formcheck stumble (KeyError: ")
    [trace] = (tmp_path / "state" / "formcheck").iterdir()
    assert line.endswith(f"; please send the trace {trace} to the makers")
    assert "in stumble" in trace.read_text(encoding="utf-8")


def test_an_unexpected_error_while_the_commands_load_is_one_line(tmp_path: Path) -> None:
    code = "import sys; sys.modules['rich.console'] = None\nfrom formcheck.cli import main\nmain()"
    run = run_code(code, tmp_path, "checks")
    assert run.returncode == 70
    [line] = run.stderr.splitlines()
    assert line.startswith("error: a fault of formcheck itself while running formcheck checks (ModuleNotFoundError: ")


def test_an_unexpected_error_in_a_thread_or_a_finaliser_is_one_line_and_the_command_goes_on(tmp_path: Path) -> None:
    body = (
        "import threading\n"
        "    class Last:\n"
        "        def __del__(self): raise KeyError('last')\n"
        "    Last()\n"
        "    thread = threading.Thread(target=lambda: 1 / 0, name='speech'); thread.start(); thread.join()\n"
        "    print('done')"
    )
    run = run_code(_NEW_COMMAND.format(body=body), tmp_path, "stumble")
    assert (run.returncode, run.stdout) == (0, "done\n")
    first, second = run.stderr.splitlines()
    assert first.startswith("warning: a fault of formcheck itself while tidying up (KeyError: 'last')")
    assert second.startswith("warning: a fault of formcheck itself while working in speech (ZeroDivisionError: ")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise MemoryError", "the memory is full"),
        ("raise ImportError('libx.so: failed to map segment from shared object')", "the memory is full"),
        ("raise OSError(5, 'Input/output error', 'clip.mp4')", "clip.mp4 could not be read or written: Input/output"),
    ],
)
def test_what_the_machine_lacks_is_no_fault_of_formcheck(body: str, said: str, tmp_path: Path) -> None:
    run = run_code(_NEW_COMMAND.format(body=body), tmp_path, "stumble")
    assert_one_error_line(run)
    assert said in run.stderr


def test_a_full_memory_is_known_by_what_libraries_say() -> None:
    assert is_memory_full(MemoryError())
    assert is_memory_full(OSError(12, "Cannot allocate memory"))
    assert is_memory_full(RuntimeError("std::bad_alloc"))
    assert is_memory_full(RuntimeError("can't start new thread"))
    assert not is_memory_full(ValueError("expected 3"))


@needs_posix
@pytest.mark.parametrize(
    ("told", "code", "word"),
    [("SIGINT", 130, "interrupted"), ("SIGTERM", 143, "terminated"), ("SIGHUP", 143, "terminated")],
)
@pytest.mark.parametrize("library", ["typer", "numpy", "rich.console"])
def test_ctrl_c_and_kill_while_the_libraries_load_are_one_line(
    library: str, told: str, code: int, word: str, tmp_path: Path
) -> None:
    """The signal comes exactly when one of them begins to be imported, whatever the speed of the machine."""
    program = (
        "import os, signal, sys\n"
        "class Stop:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {library!r}: os.kill(os.getpid(), signal.{told})\n"
        "sys.meta_path.insert(0, Stop())\n"
        "sys.argv = ['formcheck', 'checks']\n"
        "from formcheck.cli import main\n"
        "main()\n"
    )
    run = run_code(program, tmp_path)
    assert (run.returncode, run.stdout) == (code, "")
    assert run.stderr == f"error: {word}; nothing was done yet\n"


@needs_posix
@pytest.mark.parametrize("closed", ["2>&-", "<&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_with_closed_streams_an_analysis_is_done_all_the_same(closed: str, landmarks: Path) -> None:
    run = shell(f"formcheck analyze landmarks.parquet --out out {closed}", landmarks.parent)
    assert (run.returncode, run.stderr) == (0, "")
    assert (landmarks.parent / "out" / "stick figure" / "report.json").exists()
    if ">&- 2>&-" not in closed:
        assert "squat, 1 repetition" in run.stdout


@needs_posix
def test_what_libraries_print_does_not_get_into_files_where_a_stream_is_closed(landmarks: Path) -> None:
    noisy = "import os, sys; from formcheck.cli import _open_closed_streams as heal; heal(); file = open('f', 'w'); "
    run = shell(f"{sys.executable} -c \"{noisy}os.write(2, b'noise'); print(file.fileno())\" 2>&-", landmarks.parent)
    assert run.stdout == "3\n"
    assert (landmarks.parent / "f").read_text() == ""


@needs_posix
def test_errors_that_cannot_be_told_keep_their_exit_code(landmarks: Path) -> None:
    for stderr in ("2>/dev/full", "2>&-"):
        assert shell(f"formcheck analyze nothing.mp4 {stderr}", landmarks.parent).returncode == 1


@needs_posix
@pytest.mark.parametrize("kilobytes", [100_000, 300_000, 600_000])
def test_little_memory_is_one_line(kilobytes: int, landmarks: Path) -> None:
    run = shell(f"ulimit -v {kilobytes}; formcheck analyze landmarks.parquet", landmarks.parent)
    assert_one_error_line(run)
    assert "expected to be allowed at least 1.0 GB of memory" in run.stderr


@needs_posix
def test_the_pose_model_is_not_opened_with_less_memory_than_it_takes(landmarks: Path) -> None:
    clip = Path(__file__).resolve().parents[2] / "sample_videos" / "squat_side_clean_m_dark.mp4"
    run = shell(f"ulimit -v 1500000; formcheck analyze '{clip}' --model lite --out out", landmarks.parent)
    assert_one_error_line(run)
    assert "expected to be allowed at least 2.0 GB of memory" in run.stderr


@pytest.mark.parametrize(
    "line",
    [
        "analyze {path}",
        "analyze missing.mp4 --out {path}",
        "export {path}",
        "export missing --out {path}",
        "report {path}",
        "compare missing missing --html {path}",
        "history missing --athlete A --html {path}",
        "demo --out {path}",
        "live --model missing --out {path} --record {path}",
        "serve --model missing --folder {path}",
    ],
)
def test_a_path_that_may_not_be_read_is_told_by_the_command_and_not_as_wrong_usage(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As root everything may be read, so the system is made to say otherwise."""
    (tmp_path / "closed").write_bytes(b"secret")
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    run = CliRunner().invoke(app, line.format(path=tmp_path / "closed").split())
    assert isinstance(run.exception, FormcheckError), run.output


@pytest.mark.skipif(not IS_ROOT, reason="becoming another user needs root")
@pytest.mark.parametrize(("suffix", "reader"), [("mp4", read_container), ("parquet", analyze), ("toml", load_profile)])
def test_a_file_that_may_not_be_read_is_one_line(suffix: str, reader: Callable[[Path], object]) -> None:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own are for this user alone
        Path(folder).chmod(0o755)
        path = Path(folder) / f"squat.{suffix}"
        path.write_bytes(b"secret")
        path.chmod(0)
        given: Any = str(path) if suffix == "toml" else path
        with pytest.raises(FormcheckError):  # imports what another user may not be able to
            reader(given)
        os.seteuid(65534)
        try:
            with pytest.raises(FormcheckError, match=r"may not be read|cannot be read|cannot read") as caught:
                reader(given)
        finally:
            os.seteuid(0)
    assert "\n" not in str(caught.value)


@needs_posix
def test_a_terminal_that_is_closed_ends_a_command_unless_it_is_to_go_on(tmp_path: Path) -> None:
    code = _NEW_COMMAND.format(body="import os, signal, time; os.kill(os.getpid(), signal.SIGHUP); print('on')")
    run = run_code(code, tmp_path, "stumble")
    assert (run.returncode, run.stdout) == (143, "")
    assert run.stderr == "error: terminated; nothing half-written was left behind\n"
    ignoring = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"  # as nohup does
    run = run_code(ignoring + code, tmp_path, "stumble")
    assert (run.returncode, run.stdout, run.stderr) == (0, "on\n", "")


@needs_posix
def test_a_signal_is_heeded_in_its_own_words_from_the_first_moment_on(tmp_path: Path) -> None:
    """Before anything is imported, the handlers are there."""
    code = (
        "import signal, sys\n"
        "import formcheck.cli as cli\n"
        "cli._open_closed_streams = lambda: signal.raise_signal(signal.SIGTERM)\n"
        "cli.main()\n"
    )
    run = run_code(code, tmp_path)
    assert run.returncode == 128 + signal.SIGTERM
    assert run.stderr == "error: terminated; nothing was done yet\n"


@needs_posix
def test_a_signal_that_comes_when_all_is_done_does_not_make_it_a_failure(landmarks: Path) -> None:
    """Python takes its own handlers away before it takes down what a program holds."""
    code = (
        "import os, signal, sys\n"
        "class Held:\n"
        "    def __del__(self, kill=os.kill, me=os.getpid(), told=signal.SIGTERM):\n"
        "        kill(me, told)\n"
        "held = Held()\n"
        "from formcheck.cli import main\n"
        "main()\n"
    )
    run = run_code(code, landmarks.parent, "analyze", str(landmarks))
    assert (run.returncode, run.stderr) == (0, "")
    assert "report.json" in run.stdout or "report.html" in run.stdout
