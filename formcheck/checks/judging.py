"""One repetition against its exercise's checks: findings, and where in the picture each fault is present."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from formcheck.body.geometry import mean_of_seen, median_of_seen
from formcheck.body.pose import SIDES, BoolArray, FloatArray, Side
from formcheck.body.view import Plane, View, off_square_deg
from formcheck.checks.check import FAULTY, MIN_LEG_PX, Check, Finding, Limit, Scope, Verdict
from formcheck.measures.measured_rep import BOTTOM_FROM_DEPTH
from formcheck.measures.reps import Rep

_SEEN_FROM = {
    Plane.FRONT: "the front",
    Plane.BACK: "the back",
    Plane.SIDE: "the side",
    Plane.OBLIQUE: "the body at an angle",
    Plane.UNKNOWN: "nobody clearly",
}
_PLANE_ORDER = tuple(Plane)


@dataclass(frozen=True, slots=True)
class RepFacts:
    """What judging needs to know of a repetition. Arrays cover its frames, in order."""

    rep: Rep
    view: View
    time_s: FloatArray  # (n,)
    depth: FloatArray  # (n,), 0 standing to 1 bottom
    variables: Mapping[str, FloatArray]  # each (n,) or (n, 2)
    leg_px: float
    uncertainty: Mapping[str, float]  # standard error of a repetition's value, by variable; absent where not known
    units_cm: Mapping[str, float] = field(default_factory=dict)  # centimetres of each unit, where they are known


@dataclass(frozen=True, slots=True)
class Judgement:
    """A finding with the frames behind it: corrected values (n,) and where its fault is present (n,)."""

    finding: Finding
    values: FloatArray
    present: BoolArray


def judge(check: Check, limit: Limit | None, facts: RepFacts) -> Iterator[Judgement]:
    """The findings of one check in one repetition: one, or one for each leg that it looks at.

    ``limit`` is None where the profile says nothing of the check: it is not judged then.
    """
    reason = _why_unseen(check, facts)
    if limit is None:
        limit, reason = Limit(None, None, "none given"), reason or "this profile gives no limit for it"
    for side in _sides(check, facts):
        series = None if reason else side_values(facts.variables[check.variable], side, facts.view)
        if series is None:
            yield _unseen(check, limit, side, facts, reason or "")
        else:
            yield _seen(check, limit, side, facts, series)


def side_values(values: FloatArray, side: Side | None, view: View) -> FloatArray:
    """A variable for one side: its column; for the whole body the near side's, or the mean of the sides seen."""
    if values.ndim == 1:
        return values
    wanted = side or view.near_side
    return mean_of_seen(values) if wanted is None else values[:, SIDES.index(wanted)]


def _sides(check: Check, facts: RepFacts) -> tuple[Side | None, ...]:
    if check.scope is Scope.BODY:
        return (None,)
    if check.scope is Scope.LEAD_LEG:
        return (facts.rep.lead_side,)
    return SIDES if facts.view.near_side is None else (facts.view.near_side,)


def _why_unseen(check: Check, facts: RepFacts) -> str | None:
    if facts.view.plane not in check.planes:
        wanted = " or ".join(str(plane) for plane in _PLANE_ORDER if plane in check.planes)
        return f"needs a {wanted} view; the camera sees {_SEEN_FROM[facts.view.plane]}"
    off_square = off_square_deg(facts.view)
    if off_square > check.max_yaw_deg:
        off = f"the camera is {off_square:.0f} degrees off the {facts.view.plane} view"
        return f"{off}; this check needs {check.max_yaw_deg:.0f} or less"
    if facts.leg_px < MIN_LEG_PX:
        return f"the person is too small: a leg of {facts.leg_px:.0f} pixels, at least {MIN_LEG_PX:.0f} are needed"
    if np.isfinite(check.max_stance_ratio) and (reason := _why_too_wide(check, facts)):
        return reason
    if check.scope is Scope.LEAD_LEG and facts.rep.lead_side is None:
        return "could not tell which leg is in front"
    return _why_too_shallow(check, facts) if check.least_knee_bend_deg else None


def _why_too_wide(check: Check, facts: RepFacts) -> str | None:
    stance_ratio = float(median_of_seen(facts.variables["stance_width_ratio"]))
    if np.isnan(stance_ratio):
        return "could not see how wide the feet stand; a side lunge is not judged"
    if stance_ratio > check.max_stance_ratio:
        return f"the feet are {stance_ratio:.1f} shoulders apart sideways; a side lunge is not judged"
    return None


def _why_too_shallow(check: Check, facts: RepFacts) -> str | None:
    bends = side_values(facts.variables["knee_bend_deg"], facts.rep.lead_side, facts.view)
    bend_deg = float(median_of_seen(bends[facts.depth >= BOTTOM_FROM_DEPTH]))
    if np.isnan(bend_deg):
        return "could not see how far the knee bends"
    if bend_deg < check.least_knee_bend_deg:
        least_deg = check.least_knee_bend_deg
        return f"too shallow to judge: the knee bends by {bend_deg:.0f} degrees, at least {least_deg:.0f} are needed"
    return None


def _unseen(check: Check, limit: Limit, side: Side | None, facts: RepFacts, reason: str) -> Judgement:
    nothing = np.full(len(facts.time_s), np.nan)
    finding = _finding(check, limit, side, value=None, verdict=Verdict.UNSEEN, reason=reason, at_s=None)
    return Judgement(finding, nothing, np.zeros(len(nothing), dtype=bool))


def _seen(check: Check, limit: Limit, side: Side | None, facts: RepFacts, values: FloatArray) -> Judgement:
    deep = facts.depth >= check.from_depth
    reduced = check.reduce(values[deep])
    if reduced is None:
        whose = f"the {side} leg" if side else "the body"
        hidden = f"{whose} is hidden or out of the picture at the bottom"
        return _unseen(check, limit, side, facts, check.absent_reason or hidden)
    value, index = reduced
    uncertainty = facts.uncertainty.get(check.variable)
    error = uncertainty or 0.0
    verdict, reason = check.verdict(value, limit, error), None
    is_confirmed = _is_confirmed(check, facts, deep)
    if verdict in FAULTY and not is_confirmed:
        verdict, reason = Verdict.UNSURE, "too close to call: nothing else of the body shows it"
    at_s = float(facts.time_s[deep][index])
    finding = _finding(
        check,
        limit,
        side,
        value=value,
        uncertainty=uncertainty,
        verdict=verdict,
        reason=reason or _why_not_plain(check, limit, verdict, value, error),
        at_s=at_s,
        points=check.points(value, limit, error) if is_confirmed else 0.0,
        cm_per_unit=facts.units_cm.get(check.unit),
    )
    faulty = verdict in FAULTY
    return Judgement(finding, values, deep & check.is_beyond(values, limit.warn) & faulty)


def _is_confirmed(check: Check, facts: RepFacts, deep: BoolArray) -> bool:
    """Whether the variables that must go with this check's fault are together as large as they must be; what is unseen
    shows nothing.
    """
    if not check.confirmed_by:
        return True
    shares = [float(median_of_seen(facts.variables[name][deep])) / usual for name, usual in check.confirmed_by]
    return float(np.hypot.reduce(np.nan_to_num(shares))) >= 1.0


def _why_not_plain(check: Check, limit: Limit, verdict: Verdict, value: float, error: float) -> str | None:
    """Why a seen value gets no plainer verdict: information only, or too near to a limit."""
    if limit.warn is None:
        return "information only in this profile"
    if verdict is Verdict.UNSURE:
        return "too close to call: nearer to the limit for warning than the uncertainty of the value"
    if verdict is Verdict.WARN and check.is_beyond(value, limit.fail, by=-error):
        return "nearer to the limit for failing than the uncertainty of the value"
    return None


def _finding(
    check: Check,
    limit: Limit,
    side: Side | None,
    *,
    value: float | None,
    uncertainty: float | None = None,
    verdict: Verdict,
    reason: str | None,
    at_s: float | None,
    points: float = 0.0,
    cm_per_unit: float | None = None,
) -> Finding:
    return Finding(
        check=check.name,
        fault=check.fault.name,
        side=side,
        value=value,
        uncertainty=uncertainty,
        unit=check.unit,
        limit_warn=limit.warn,
        limit_fail=limit.fail,
        excess=None if value is None else check.excess(value, limit),
        verdict=verdict,
        reason=reason,
        at_s=at_s,
        cue=check.cue,
        source=limit.source,
        points=points,
        cm_per_unit=cm_per_unit,
    )
