"""What all tests need of the process that runs them."""

from __future__ import annotations

import os
import signal
import tempfile
from pathlib import Path

import pytest
import seen_system

if os.environ.get(seen_system.VARIABLE):  # before formcheck is imported
    seen_system.install()
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(Path(__file__).parent), os.environ.get("PYTHONPATH")]))

from formcheck.machine.system import INSTALL_COMMAND, missing_libraries

_STATE = tempfile.TemporaryDirectory(prefix="formcheck-tests-")


def pytest_configure() -> None:
    """Programs under test inherit whether Ctrl-C is heeded; ``pytest &`` in a script would have it ignored.

    Traces of the faults that tests provoke are nothing to keep beside those of the user.
    """
    os.environ["XDG_STATE_HOME"] = os.environ["LOCALAPPDATA"] = _STATE.name
    missing = ", ".join(library.soname for library in missing_libraries())
    if missing:
        pytest.exit(f"{missing} missing, without which most tests fail; install with: {INSTALL_COMMAND}", returncode=1)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_unconfigure() -> None:
    """Nothing stays behind."""
    _STATE.cleanup()
