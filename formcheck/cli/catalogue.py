"""The list of checks with their limits, as text or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.text import Text

from formcheck.exercises import EXERCISES
from formcheck.io.file_names import printable
from formcheck.profiles import load_profile
from formcheck.view import Plane


def show(console: Console, profile: str, exercise: str | None, *, as_json: bool) -> None:
    """Print the checks of one exercise, or of all, with the limits of a profile."""
    rows = list(check_rows(profile, exercise))
    if as_json:
        console.print_json(json.dumps(rows))
        return
    console.print(Text(f"profile {printable(load_profile(profile).name)}", style="bold"))
    for row in rows:
        console.print(Text(f"\n{row['exercise']}: {row['check']}", style="bold"), Text(f"  fault {row['fault']}"))
        for label, key in _LINES:
            _print_labelled(console, label, row[key])
        _print_labelled(console, "limits", _limits(row))


_LINES = (
    ("measure", "measure"),
    ("judged on", "scope"),
    ("views", "planes"),
    ("cue", "cue"),
    ("cannot see", "cannot_see"),
    ("source", "source"),
)
#: Where the texts begin, behind the longest label.
_INDENT = 12


def _print_labelled(console: Console, label: str, text: str) -> None:
    """Print a text with its label before it; long texts go on under themselves. No line ends in spaces."""
    for part in Text(text).wrap(console, max(console.width - _INDENT, 20)):
        part.rstrip()
        console.print(Text(label.ljust(_INDENT) if part else "").append(part), soft_wrap=True)
        label = ""


def check_rows(profile: str, exercise: str | None = None) -> Iterator[dict[str, Any]]:
    """One row a check, with plain values only."""
    limits = load_profile(profile)
    for name in [exercise] if exercise else EXERCISES:
        for check in EXERCISES[name].checks:
            limit = limits.limit(name, check.name)
            yield {
                "exercise": name,
                "check": check.name,
                "fault": check.fault,
                "measure": check.variable,
                "unit": check.unit,
                "scope": str(check.scope),
                "planes": ", ".join(str(plane) for plane in Plane if plane in check.planes),
                "worse": str(check.worse),
                "warn": limit.warn if limit else None,
                "fail": limit.fail if limit else None,
                "cue": check.cue,
                "cannot_see": check.cannot_see,
                "source": limit.source if limit else "none: information only",
            }


def _limits(row: dict[str, Any]) -> str:
    if row["warn"] is None:
        return f"none: information only ({row['unit']})"
    direction = {"above": "from {} up", "below": "from {} down", "either": "from ±{}"}[row["worse"]]
    warn, fail = (direction.format(f"{row[key]:g}") for key in ("warn", "fail"))
    return f"warn {warn}, fail {fail} ({row['unit']})"
