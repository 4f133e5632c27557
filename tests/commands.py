"""The command line, run as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

needs_posix = pytest.mark.skipif(
    sys.platform == "win32", reason="names of bytes, pipes with names, terminals, /dev, bash and signals are POSIX's"
)

IS_ROOT = sys.platform == "linux" and os.geteuid() == 0


def formcheck(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "formcheck", *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, env=os.environ | environment, capture_output=True, text=True, timeout=120, check=False
    )


def assert_one_error_line(run: subprocess.CompletedProcess[str]) -> None:
    assert run.returncode == 1
    assert run.stdout == ""
    [line] = run.stderr.splitlines()
    assert line.startswith("error: ")
