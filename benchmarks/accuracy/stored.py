"""The section on the ten reported clips that are kept as landmarks with their truth, in tests/data/accuracy.

They can be judged again in seconds wherever the repository is, so these tables, and the facts that the program tells of
its checks, are always those of the checks as they are. Pelvis and shift are not in their truth.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from benchmarks.accuracy.analysed import SAME_REP_S
from benchmarks.accuracy.rendered_checks import BANDS, Band, Case, cases_table, facts_toml
from benchmarks.accuracy.rendered_clips import REPOSITORY
from benchmarks.accuracy.tables import Table
from formcheck.body.pose import SIDES
from formcheck.checks.accuracy import measured_accuracy
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.session_report import RepReport, SessionReport
from formcheck.landmarks.landmark_table import read_landmarks

STORED = REPOSITORY / "tests" / "data" / "accuracy"
FACTS = REPOSITORY / "formcheck" / "checks" / "accuracy.toml"


def tables() -> list[Table]:
    """One table; it also becomes the program's own facts, the earlier ones where no clip has the fault."""
    FACTS.write_text(facts(), encoding="utf-8")
    seen = {band: cases for band, cases in stored_cases().items() if cases}
    return [cases_table(seen, "ten of the reported clips, by the checks as they are")]


def facts() -> str:
    """The text of ``accuracy.toml`` that these clips give."""
    return facts_toml(stored_cases(), measured_accuracy())


@cache
def stored_cases() -> Mapping[Band, Sequence[Case]]:
    """Every case of the ten clips by band; none of a band whose measure is not in their truth."""
    cases: dict[Band, list[Case]] = {band: [] for band in BANDS}
    for path in sorted(STORED.glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        report = analyze_poses(read_landmarks(path.with_suffix(".parquet"))[0])
        for band in BANDS:
            if (band.exercise, band.plane) == (truth["exercise"], truth["plane"]):
                cases[band] += [case for true in truth["reps"] for case in _cases(band, true, report)]
    return cases


def _cases(band: Band, true: Mapping[str, Any], report: SessionReport) -> Iterator[Case]:
    values = true.get(band.measure, [])
    near = [rep for rep in report.reps if abs(rep.rep.bottom_s - true["bottom_s"]) <= SAME_REP_S]
    found = min(near, key=lambda rep: abs(rep.rep.bottom_s - true["bottom_s"]), default=None)
    for side in _sides(band, true, report) if values else ():
        size = float(np.mean(values) if side is None else values[SIDES.index(side)])
        yield Case(abs(size) if band.magnitude else size, _verdicts(band, found, side))


def _sides(band: Band, true: Mapping[str, Any], report: SessionReport) -> tuple[Any, ...]:
    """The legs that are judged: the leading one, both from the front, the nearer one from the side."""
    if not band.each_leg:
        return (None,)
    near = "left" if report.view.yaw_deg > 0 else "right"
    return (true["lead_side"],) if true["lead_side"] else tuple(SIDES) if band.plane == "front" else (near,)


def _verdicts(band: Band, found: RepReport | None, side: Any) -> frozenset[Any]:
    findings = found.findings if found else ()
    return frozenset(f.verdict for f in findings if f.check in band.checks and side in {None, f.side})
