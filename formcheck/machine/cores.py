"""How many processor cores this process may use."""

from __future__ import annotations

import os
import sys


def usable_cores() -> int:
    """Those that the system lets this process run on; where it cannot be asked, all that the machine has."""
    count = os.cpu_count() or 1
    if sys.platform == "linux":
        count = len(os.sched_getaffinity(0))
    return count
