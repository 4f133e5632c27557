"""What all tests need of the process that runs them."""

from __future__ import annotations

import os
import signal
import tempfile


def pytest_configure() -> None:
    """Programs under test inherit whether Ctrl-C is heeded; ``pytest &`` in a script would have it ignored.

    Traces of the faults that tests provoke are nothing to keep beside those of the user.
    """
    os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="formcheck-tests-")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
