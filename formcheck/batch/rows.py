"""An analysis as rows of the batch's tables."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from formcheck.analysis import Analysis
from formcheck.body.view import View
from formcheck.results.folder import folder_name
from formcheck.session import SessionAnalysis

Row = dict[str, Any]

#: Bytes of a video's stem in its folder's name; file systems allow 255 for all of it.
_STEM_BYTES = 150
#: Fields of a finding in ``report.json`` that its row leaves out: the text is that of the profile.
_LEFT_OUT = {"source"}


@dataclass(frozen=True, slots=True)
class Record:
    """The rows of one finished video."""

    session: Row
    reps: list[Row]
    findings: list[Row]


def session_id(content_sha256: str, path: str) -> str:
    """16 hex digits of a video's content and path: the same for the same file in the same place, and for no other."""
    return hashlib.sha256(f"{content_sha256}\n{path}".encode()).hexdigest()[:16]


def session_folder(path: str, identity: str) -> str:
    """``<stem>-<12 hex digits>``: the name of a session's folder."""
    stem = folder_name(PurePosixPath(path).name).encode()[:_STEM_BYTES].decode(errors="ignore")
    return f"{stem}-{identity[:12]}"


def now() -> str:
    """This instant, UTC, as a record holds it."""
    return datetime.now(UTC).isoformat()


def record_of(analysis: Analysis | SessionAnalysis, content: Mapping[str, Any], session: Mapping[str, Any]) -> Record:
    """The rows of an analysis. ``content`` is its ``report.json``, ``session`` what file and settings tell."""
    key = {"session_id": session["session_id"]}
    video, summary = content["video"], content["summary"]
    row: Row = {
        **session,
        "model": content["model"]["name"],
        "model_sha256": content["model"]["sha256"],
        "exercise": content["exercise"],
        "profile": content["profile"],
        **_view(analysis.report.view),
        "duration_s": float(video["duration_s"]),
        "frames": video["frames"],
        "width_px": video["width"],
        "height_px": video["height"],
        "complete": video["complete"],
        "incomplete_reason": video["reason"],
        "people": video.get("people", 1),
        "rep_count": summary["rep_count"],
        "form_score": summary["form_score"],
        **_sets(content.get("sets", [])),
        **{f"verdict_{fault}": verdict for fault, verdict in summary["verdicts"].items()},
        "cues": " | ".join(summary["cues"]),
        "reason": summary["reason"],
    }
    reps, findings = [], []
    set_of = {number: one["number"] for one in content.get("sets", []) for number in one["reps"]}
    for rep, report in zip(content["reps"], analysis.report.reps, strict=True):
        reps.append({**key, **_rep(rep), **_view(report.view), "set_number": set_of[rep["number"]]})
        whose = {**key, "rep_number": rep["number"]}
        findings += [
            {**whose, **{name: value for name, value in finding.items() if name not in _LEFT_OUT}}
            for finding in rep["findings"]
        ]
    return Record(row, reps, findings)


def _sets(sets: Sequence[Mapping[str, Any]]) -> Row:
    """What the session says of its sets: how many, the most velocity that one lost, what got worse in any."""
    losses = [one["velocity_loss"] for one in sets if one["velocity_loss"] is not None]
    most = max(losses, key=lambda loss: loss["loss_pct"], default={"loss_pct": None, "uncertainty_pct": None})
    worse = [drift for one in sets for drift in one["drifts"] if drift["is_worse"]]
    named = dict.fromkeys(" ".join(filter(None, (drift["check"], drift["side"]))) for drift in worse)
    return {
        "set_count": len(sets),
        "velocity_loss_pct": most["loss_pct"],
        "velocity_loss_pct_uncertainty": most["uncertainty_pct"],
        "drifts": " | ".join(named),
    }


def _rep(rep: Mapping[str, Any]) -> Row:
    told = {name: rep.get(name) for name in ("start_s", "bottom_s", "end_s", "lead_side", "variant")}
    uncertain = {f"{name}_uncertainty": value for name, value in rep["uncertainty"].items()}
    return {"rep_number": rep["number"], **told, **rep["measures"], **uncertain}


def _view(view: View) -> Row:
    return {"plane": view.plane, "yaw_deg": view.yaw_deg if math.isfinite(view.yaw_deg) else None}
