"""Where threads cannot be kept from stderr, a program of ours keeps native libraries from it as a whole."""

from __future__ import annotations

import os
import subprocess
import sys

from formcheck.machine import native_log

PROGRAM = """
import os, sys
from formcheck.machine import native_log
class OnMac:
    platform, stderr, __stderr__ = "darwin", sys.stderr, sys.__stderr__
native_log.sys = OnMac
native_log.keep_from_stderr()
os.write(2, b"native\\n")
print("ours", file=OnMac.stderr, flush=True)
"""


def shown(**environment: str) -> str:
    usual = {name: value for name, value in os.environ.items() if name != native_log.NATIVE_LOG_VARIABLE}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, env=usual | environment
    )
    return run.stderr


def test_lines_of_native_libraries_are_kept_from_stderr_and_ours_are_not() -> None:
    assert shown() == "ours\n"


def test_they_are_shown_to_who_asks_for_them() -> None:
    assert shown(**{native_log.NATIVE_LOG_VARIABLE: "1"}) == "native\nours\n"
