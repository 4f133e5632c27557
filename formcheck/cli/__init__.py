"""The command line. Results go to stdout, talk and progress to stderr.

Exit codes: 0 done, 1 a user's error in one line, 2 wrong usage, 3 a fault that ``--fail-on`` asked about, 130 Ctrl-C.
"""

from __future__ import annotations

from formcheck.cli.app import main

__all__ = ["main"]
