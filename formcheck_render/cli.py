"""`python -m formcheck_render`: renders a suite of clips with their ground truth."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from formcheck_render.errors import RenderError, ScenarioError
from formcheck_render.film import render_clip, render_stills
from formcheck_render.scenario import Scenario
from formcheck_render.suites import SUITES


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m formcheck_render",
        description="Render people who squat, lunge or use one leg: NAME.mp4, NAME.truth.json and NAME.truth.parquet.",
    )
    parser.add_argument("--suite", choices=sorted(SUITES), default="samples", help="which clips (default: samples)")
    parser.add_argument("--out", type=Path, default=Path("out"), help="folder to write into (default: out)")
    parser.add_argument("--only", nargs="+", default=[], metavar="PART", help="clips whose name contains one of these")
    parser.add_argument("--seed", type=int, default=0, help="another number gives other cameras, rooms and timing")
    parser.add_argument("--stills", action="store_true", help="only the bottom of each rep, as PNG")
    parser.add_argument("--list", action="store_true", help="print the names and stop")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit code: 0 done, 1 an error in one line, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        for scenario in _chosen(options.suite, options.only):
            if options.list:
                sys.stdout.write(f"{scenario.name}\n")
            else:
                _render(scenario, options.out, options.seed, only_stills=options.stills)
    except (RenderError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


def _chosen(suite: str, parts: Sequence[str]) -> list[Scenario]:
    chosen = [s for s in SUITES[suite] if not parts or any(part in s.name for part in parts)]
    if not chosen:
        msg = f"expected part of a clip's name in the suite {suite!r}; got {' '.join(parts)}; see --list"
        raise ScenarioError(msg)
    return chosen


def _render(scenario: Scenario, folder: Path, seed: int, *, only_stills: bool) -> None:
    started = time.perf_counter()
    if only_stills:
        what = f"{len(render_stills(scenario, folder, seed))} stills"
    else:
        what = f"{render_clip(scenario, folder, seed)['video']['frames']} frames"
    sys.stderr.write(f"{scenario.name}: {what} in {time.perf_counter() - started:.1f} s\n")
