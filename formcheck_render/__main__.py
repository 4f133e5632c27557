"""Entry point of `python -m formcheck_render`."""

from __future__ import annotations

import sys


def run() -> int:
    """Run the command, or say in one line what is not installed."""
    try:
        from formcheck_render.cli import main
    except ModuleNotFoundError as error:
        if error.name != "moderngl":
            raise
        sys.stderr.write("error: expected moderngl; it is not installed; run: pip install ./formcheck_render\n")
        return 1
    return main()


if __name__ == "__main__":
    sys.exit(run())
