"""A formcheck server of the tests' own, in a process as users start it, and what the tests ask of a browser."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

CHROMIUM = "/usr/bin/chromium"
#: No sandbox: the gate runs as root. The rest keeps the browser from asking its maker anything.
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_STARTS_WITHIN_S = 60


@contextmanager
def served(*options: str) -> Iterator[str]:
    """The address at which ``formcheck serve`` with these options says that it serves."""
    command = [sys.executable, "-m", "formcheck", "serve", "--port", "0", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, env={**os.environ, "COLUMNS": "200"}) as server:
        try:
            yield _address(server)
        finally:
            server.terminate()
            server.wait(timeout=30)


def _address(server: subprocess.Popen[bytes]) -> str:
    assert server.stderr is not None
    said, until = b"", time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < until:
        if select.select([server.stderr], [], [], 0.5)[0]:
            part = os.read(server.stderr.fileno(), 4096)
            said += part
            if found := re.search(rb"http://\S+", said):
                return found.group().decode().rstrip("/")
            if not part:
                break
    raise AssertionError(f"the server did not start: {said.decode()}")
