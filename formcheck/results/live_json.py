"""A live state as plain values, for JSON: what the page in the browser draws and what ``--headless`` prints."""

from __future__ import annotations

from typing import Any

import numpy as np

from formcheck.coach import Cue, LiveState
from formcheck.results.report_json import finding_dict, rep_dict


def live_dict(state: LiveState) -> dict[str, Any]:
    """Everything of a state; NaN is None.

    ``landmarks`` are the 33 positions of MediaPipe as [x, y] in shares of the upright picture's width and height, null
    where unseen. Repetitions and findings are as in ``report.json``.
    """
    return {
        "time_s": state.time_s,
        "stage": state.stage,
        "advice": state.advice,
        "judged_here": state.judged_here,
        "baseline": state.baseline,
        "view": {"plane": state.view.plane, "yaw_deg": _number(state.view.yaw_deg)},
        "exercise": state.exercise,
        "rep_count": state.rep_count,
        "phase": state.phase,
        "is_in_rep": state.is_in_rep,
        "lead_side": state.lead_side,
        "depth": state.depth,
        "findings": [finding_dict(finding) for finding in state.findings],
        "readings": [
            {"label": r.label, "value": r.value, "unit": r.unit, "side": r.side, "verdict": r.verdict}
            | ({} if r.cm_per_unit is None else {"value_cm": r.value * r.cm_per_unit})
            for r in state.readings
        ],
        "breaking": state.breaking,
        "cue": None if state.cue is None else cue_dict(state.cue),
        "finished": [rep_dict(report) for report in state.finished],
        "landmarks": _landmarks(state),
    }


def cue_dict(cue: Cue) -> dict[str, Any]:
    """A cue; ``joints`` are MediaPipe's landmark numbers."""
    return {
        "text": cue.text,
        "check": cue.finding.check,
        "fault": cue.finding.fault,
        "side": cue.side,
        "verdict": cue.finding.verdict,
        "joints": [int(joint) for joint in cue.joints],
        "since_s": cue.since_s,
    }


def _landmarks(state: LiveState) -> list[list[float] | None]:
    shares = state.pose.image_px / (state.pose.width_px, state.pose.height_px)
    return [[round(float(x), 4), round(float(y), 4)] if np.isfinite(x + y) else None for x, y in shares]


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
