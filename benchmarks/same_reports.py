"""Whether two analyses of the same recordings say the same.

``python -m benchmarks.same_reports BEFORE AFTER`` compares the ``report.json`` of two folders of analyses.
``python -m benchmarks.same_reports BEFORE`` judges the landmarks in BEFORE again and compares that with what was said
then: seconds instead of minutes, since nothing is landmarked. What differs goes to stdout, a line each, and the exit
code is 1.

``--within 0.02`` lets numbers differ by that share of the uncertainty that goes with them (of themselves where none
does); everything else must be equal in any case.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from formcheck.analysis import analyze
from formcheck.results.folder import LANDMARKS, REPORT

#: What tells of the program, not of the recording.
_LEFT_OUT = frozenset({"formcheck_version", "schema_version"})


def differences(before: Any, after: Any, within: float = 0.0, where: str = "") -> Iterator[str]:
    """What differs between two reports, or parts of them, as lines of ``where: before -> after``."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in (key for key in {**before, **after} if key not in _LEFT_OUT):
            allowed = within if key != "value" else _of_uncertainty(before, within)
            yield from differences(before.get(key, "absent"), after.get(key, "absent"), allowed, f"{where}.{key}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from differences(one, other, within, f"{where}[{index}]")
    elif not _alike(before, after, within):
        yield f"{where.lstrip('.')}: {_short(before)} -> {_short(after)}"


def _of_uncertainty(finding: Mapping[str, Any], within: float) -> float:
    """The share of a finding's value that is ``within`` of its uncertainty."""
    value, uncertainty = finding.get("value"), finding.get("uncertainty")
    return within * abs(uncertainty / value) if value and uncertainty else within


def _alike(one: Any, other: Any, within: float) -> bool:
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in (one, other))
    return math.isclose(one, other, rel_tol=within, abs_tol=0.0) if numbers else bool(one == other)


def _short(value: Any) -> str:
    if isinstance(value, list):
        return f"{len(value)} of them"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."


def said(folder: Path) -> dict[str, Any]:
    """What was said of each recording in a folder of analyses, by the name of its own folder."""
    return {path.parent.name: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob(f"*/{REPORT}"))}


def said_now(folder: Path) -> dict[str, Any]:
    """What this version says of the landmarks in a folder of analyses."""
    return {path.parent.name: _judged(path) for path in sorted(folder.glob(f"*/{LANDMARKS}"))}


def _judged(landmarks: Path) -> Any:
    return json.loads(json.dumps(analyze(landmarks).as_dict()))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Compare what two analyses say of the same recordings.")
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path, nargs="?", help="left out: BEFORE's landmarks are judged again")
    parser.add_argument("--within", type=float, default=0.0, help="share of the uncertainty that numbers may differ by")
    asked = parser.parse_args(arguments)
    before = said(asked.before)
    after = said_now(asked.before) if asked.after is None else said(asked.after)
    found = [f"{name}: {line}" for name in before for line in differences(before[name], after.get(name), asked.within)]
    found += [f"{name}: only in the second folder" for name in after.keys() - before.keys()]
    print("\n".join(found) if found else f"{len(before)} reports, no difference")
    return 1 if found or not before else 0


if __name__ == "__main__":
    sys.exit(main())
