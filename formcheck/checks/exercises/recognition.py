"""Which exercise a set of repetitions is, and which leg leads.

Every exercise says by itself how well it explains a movement (:attr:`~formcheck.checks.check.Kind.explains`);
here they are only compared, over the whole set: one fault in one repetition makes no other exercise of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from formcheck.body.geometry import median_of_seen
from formcheck.body.kinematics import forward_direction
from formcheck.body.pose import ANKLES, KNEES, Pose, Side
from formcheck.body.view import Plane, View
from formcheck.checks.check import Exercise, Kind
from formcheck.checks.exercises.lunge import LUNGE
from formcheck.checks.exercises.squat import SQUAT
from formcheck.checks.exercises.unjudged import UNJUDGED
from formcheck.measures.movement import Movement
from formcheck.measures.standing import Baseline

#: A set that its best exercise explains less than this is another movement.
EXPLAINED_FROM = 0.5
#: Below this the knees are too level to say which one leads.
LEVEL_KNEES_RATIO = 0.15


@dataclass(frozen=True, slots=True)
class Recognised:
    """The exercise of a set, or None with what was seen in its place, in words that follow "This looks like"."""

    exercise: Exercise | None
    other: str = ""


def recognise(moves: Sequence[Movement]) -> Recognised:
    """The exercise that explains the movements of a set best."""
    kinds: tuple[Kind, ...] = (SQUAT, LUNGE, *UNJUDGED)
    fits = [float(np.mean([kind.explains(moved) for moved in moves])) if moves else 0.0 for kind in kinds]
    best = int(np.argmax(fits))
    kind = kinds[best]
    if fits[best] < EXPLAINED_FROM:
        return Recognised(None, "no squat or lunge: the legs move otherwise")
    if isinstance(kind, Exercise):
        return Recognised(kind)
    return Recognised(None, f"{kind.words}, which are not judged yet")


def looks_like(other: str) -> str:
    """What is said of a recording that holds something else."""
    return f"This looks like {other}."


def lead_side(low: Pose, start: Baseline, view: View) -> Side | None:
    """The front leg: the one with the higher knee, else the one whose foot is further forward; None if unclear."""
    height = _knee_height_difference(low) / _shank(start)
    if abs(height) >= LEVEL_KNEES_RATIO:
        return Side.LEFT if height > 0 else Side.RIGHT
    ankles = low.pair_px(ANKLES)
    if view.plane in {Plane.SIDE, Plane.OBLIQUE}:
        ahead = (ankles[..., 0, 0] - ankles[..., 1, 0]) * forward_direction(low)
    else:
        towards_camera = -1.0 if view.plane is Plane.BACK else 1.0
        ahead = (ankles[..., 0, 1] - ankles[..., 1, 1]) * towards_camera
    lead = float(median_of_seen(ahead))
    if not np.isfinite(lead) or lead == 0:
        return None
    return Side.LEFT if lead > 0 else Side.RIGHT


def _shank(start: Baseline) -> float:
    return float(np.nanmax(start.shank_px)) if np.isfinite(start.shank_px).any() else float("nan")


def _knee_height_difference(low: Pose) -> float:
    """Left knee above right knee, pixels."""
    knees_y = low.pair_px(KNEES)[..., 1]
    return float(median_of_seen(knees_y[..., 1] - knees_y[..., 0]))
