"""The sets of a recording as plain values, as in ``report.json``."""

from __future__ import annotations

from typing import Any

from formcheck.checks.in_set import Drift, VelocityLoss
from formcheck.checks.session_report import SetReport


def set_dict(one: SetReport) -> dict[str, Any]:
    """One set; ``velocity_loss`` is None where too few velocities were seen."""
    return {
        "number": one.number,
        "reps": list(one.reps),
        "start_s": one.start_s,
        "end_s": one.end_s,
        "form_score": one.summary.form_score,
        "verdicts": dict(one.summary.verdicts),
        "velocity_loss": None if one.loss is None else _loss(one.loss),
        "drifts": [_drift(drift) for drift in one.drifts],
    }


def _loss(loss: VelocityLoss) -> dict[str, Any]:
    return {
        "loss_pct": loss.loss_pct,
        "uncertainty_pct": loss.error_pct,
        "fastest_rep": loss.fastest,
        "last_rep": loss.last,
        "is_sure": loss.is_sure,
    }


def _drift(drift: Drift) -> dict[str, Any]:
    return {
        "check": drift.check,
        "side": drift.side,
        "unit": drift.unit,
        "first": drift.first,
        "last": drift.last,
        "uncertainty": drift.error,
        "held_for": drift.held_for,
        "is_worse": drift.is_worse,
    }
