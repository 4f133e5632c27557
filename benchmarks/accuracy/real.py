"""The section on recordings of people: counts and verdicts against a truth file made by hand."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.accuracy.landmarks import landmarks_of
from benchmarks.accuracy.rendered_clips import SHARED
from benchmarks.accuracy.tables import Table
from formcheck.checks.check import FAULTY, Verdict
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.session_report import SessionReport
from formcheck.landmarks.models import Model

TRUTH = Path(__file__).with_name("real_clips.toml")
VIDEOS = SHARED / "data" / "videos"


def tables(model: Model, cache: Path) -> list[Table]:
    """One table; the clips that are not on this machine are left out."""
    truth = tomllib.loads(TRUTH.read_text(encoding="utf-8"))
    rows = [
        _row(path.stem, truth[path.stem], analyze_poses(landmarks_of(path, model, cache)))
        for path in sorted(VIDEOS.glob("*.*"))
        if path.stem in truth
    ]
    note = "Truth by eye (benchmarks/accuracy/real_clips.toml). *Verdicts*: against what it calls clean or faulty; "
    note += "everything else is not known. Five clips show that nothing is grossly wrong on people, no more."
    head = ("clip", "exercise, plane", "repetitions found / true", "verdicts on what is known", "warned, not known")
    return [Table("Recordings of people", note, head, rows)]


def _row(name: str, truth: Mapping[str, Any], report: SessionReport) -> list[str]:
    known = [*truth["clean"], *truth["faulty"], *truth.get("unseen", [])]
    verdicts = report.summary.verdicts
    rest = [f"{fault} {verdict}" for fault, verdict in verdicts.items() if fault not in known and verdict in FAULTY]
    told = [_judged(fault, truth, verdicts[fault]) for fault in known]
    is_right = report.exercise == truth["exercise"] and report.view.plane == truth["plane"]
    return [
        f"`{name}`: {truth['note']}",
        f"{report.exercise}, {report.view.plane}{'' if is_right else ' **wrong**'}",
        f"{len(report.reps)} / {truth['reps']}",
        "; ".join(told) or "–",
        "; ".join(rest) or "–",
    ]


def _judged(fault: str, truth: Mapping[str, Any], verdict: Verdict) -> str:
    if fault in truth["faulty"]:
        right = verdict in FAULTY
    elif fault in truth["clean"]:
        right = verdict is Verdict.PASS
    else:
        right = verdict is Verdict.UNSEEN
    return f"{fault} {verdict}{'' if right else ' **wrong**'}"
