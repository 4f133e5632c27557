"""Entry point of `python -m formcheck_render`."""

import sys

from formcheck_render.cli import main

if __name__ == "__main__":
    sys.exit(main())
