"""Help with the set-up: is the whole body in the picture and near enough, and what can be judged from there."""

from __future__ import annotations

import numpy as np

from formcheck.body.geometry import distance, midpoint
from formcheck.body.kinematics import thigh_inclination_deg
from formcheck.body.pose import ANKLES, HEELS, HIPS, KNEES, SHOULDERS, TOES, Pose, Side
from formcheck.body.view import Plane, View
from formcheck.checks.check import MIN_LEG_PX
from formcheck.checks.exercise import Exercise
from formcheck.checks.judging import side_values
from formcheck.measures.heights import leg_length_px
from formcheck.measures.standing import Baseline

#: A landmark counts as in the picture if seen in this share of the frames.
_SEEN_SHARE = 0.7
#: A standing body taller than this share of the picture leaves it with the next step.
_TALLEST = 0.92
#: What is needed of the body, and what to do where it is not in view; the first that is missing is spoken of.
_NEEDED = (
    ((SHOULDERS,), "Shoulders not in view: step back or tilt the camera up."),
    ((HIPS, KNEES), "Legs not in view: step back or tilt the camera down."),
    ((ANKLES, HEELS, TOES), "Feet not in view: step back or tilt the camera down."),
)
#: What is asked for in a view that shows it: how to get there.
_HOW = {Plane.FRONT: "face the camera", Plane.SIDE: "turn sideways"}


def placement_advice(smoothed: Pose) -> str:
    """What the person in front of the camera should change, in one line; empty where all is well.

    ``smoothed`` are the masked poses of the last moment, (n,), n >= 1. Of a pair, one side will do: the other may be
    hidden behind the body.
    """
    if not _in_view(smoothed, HIPS) and not _in_view(smoothed, SHOULDERS):
        return "Step into the picture, your whole body in view."
    for pairs, advice in _NEEDED:
        if not all(_in_view(smoothed, pair) for pair in pairs):
            return advice
    if leg_length_px(smoothed) < MIN_LEG_PX:
        return "Too far away: come nearer to the camera."
    y = smoothed.image_px[..., 1]
    y = y[np.isfinite(y).any(axis=-1)]
    fills = float(np.median(np.nanmax(y, axis=-1) - np.nanmin(y, axis=-1))) > _TALLEST * smoothed.height_px
    return "You fill the picture: step back a little." if fills else ""


def what_is_judged(view: View, exercise: Exercise) -> str:
    """Which faults the view shows and how to see the others, such as "front: knees in, symmetry, depth; turn sideways
    for knees past toes, trunk lean, heels". Empty where the view is not known.
    """
    if view.plane is Plane.UNKNOWN:
        return ""
    here = _shown(exercise, view.plane)
    text = f"{view.plane}: {', '.join(here) or 'nothing'}"
    for plane, how in _HOW.items():
        if missing := [name for name in _shown(exercise, plane) if name not in here]:
            text += f"; {how} for {', '.join(missing)}"
    return text


def _shown(exercise: Exercise, plane: Plane) -> dict[str, None]:
    """The faults that a plane shows, by their short names, each once."""
    return dict.fromkeys(check.fault.short for check in exercise.checks if plane in check.planes and check.fault.short)


def _in_view(smoothed: Pose, pair: tuple[int, int]) -> bool:
    """Whether one of the pair is seen most of the time."""
    known = np.isfinite(smoothed.image_px[:, list(pair), 0]).any(axis=-1)
    return bool(known.mean() >= _SEEN_SHARE)


#: So long somebody stands still for the baseline.
BASELINE_S = 2.0
#: Still is: hips and feet stay within this part of the leg; breathing and swaying move the hips by 0.02.
_STILL_RATIO = 0.04


def standing_still_s(smoothed: Pose) -> float:
    """For how long, up to the last of these filtered poses (n,), n >= 1, hips and ankles have not moved, seconds.

    0 where the hips are not seen; an ankle that is hidden at the end is not asked for.
    """
    points_px = np.concatenate([midpoint(smoothed.pair_px(HIPS))[:, None], smoothed.pair_px(ANKLES)], axis=1)
    asked = np.isfinite(points_px[-1]).all(axis=-1)
    if not asked[0]:
        return 0.0
    moved_px = distance(points_px[:, asked], points_px[-1, asked])
    moved = np.flatnonzero(~(moved_px <= _STILL_RATIO * leg_length_px(smoothed)).all(axis=-1))
    still_from = int(moved[-1]) + 1 if moved.size else 0
    return float(smoothed.time_s[-1] - smoothed.time_s[still_from])


def thigh_deg(instant: Pose, start: Baseline, side: Side | None, view: View) -> float:
    """The thigh above parallel, of ``side`` or the one that :func:`~formcheck.checks.judging.side_values` takes,
    degrees.

    Not corrected as the checks are; NaN where unseen.
    """
    thighs = thigh_inclination_deg(instant, thigh_px=start.thigh_px)
    return float(side_values(thighs[None], side, view)[0])
