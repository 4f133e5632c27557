"""The lines along which a measure is taken, on one picture: from where, to where, and beside what the number belongs.

Each function takes an instant and the side to look at, which measures of the whole body do not need. NaN where a
landmark is unseen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from formcheck.body.pose import ANKLES, HEELS, HIPS, KNEES, SHOULDERS, SIDES, TOES, FloatArray, LandmarkPair, Pose, Side

PointPx = tuple[float, float]
LinePx = tuple[PointPx, PointPx]

#: How far a line through both hips, or both knees, goes on beyond them, over their distance.
_BEYOND = 0.6


@dataclass(frozen=True, slots=True)
class MeasuredLines:
    """What is measured, against which reference; ``anchor`` is the joint beside which the number stands. Pixels.

    ``outward`` is the side of the anchor that is away from the body's middle: 1 the picture's right, -1 its left.
    """

    reference: LinePx
    measured: LinePx
    anchor: PointPx
    outward: int = 1


LinesOf = Callable[[Pose, Side], MeasuredLines]


def _at(pose: Pose, pair: LandmarkPair, side: Side) -> FloatArray:
    return pose.px(pair[SIDES.index(side)])


def _middle(pose: Pose, pair: LandmarkPair) -> FloatArray:
    return np.asarray(pose.pair_px(pair).mean(axis=-2))


def _lines(
    reference: tuple[FloatArray, FloatArray], measured: tuple[FloatArray, FloatArray], anchor: FloatArray
) -> MeasuredLines:
    return MeasuredLines(_line(*reference), _line(*measured), _point(anchor))


def _line(start: FloatArray, end: FloatArray) -> LinePx:
    return _point(start), _point(end)


def _point(xy: FloatArray) -> PointPx:
    return float(xy[0]), float(xy[1])


def _xy(x: float, y: float) -> FloatArray:
    return np.array([x, y])


def knee_and_toe(pose: Pose, side: Side) -> MeasuredLines:
    """The vertical up from the toe, and how far the knee is from it."""
    toe, knee = _at(pose, TOES, side), _at(pose, KNEES, side)
    above = _xy(toe[0], knee[1] - 0.15 * abs(toe[1] - knee[1]))
    return _lines((toe, above), (knee, _xy(toe[0], knee[1])), knee)


def trunk(pose: Pose, _: Side) -> MeasuredLines:
    """The trunk against the vertical through the hips."""
    hips, shoulders = _middle(pose, HIPS), _middle(pose, SHOULDERS)
    length = float(np.linalg.norm(shoulders - hips))
    return _lines((hips, hips - _xy(0, length)), (hips, shoulders), shoulders)


def level(pair: LandmarkPair) -> LinesOf:
    """The line through a pair of joints against the horizontal through their middle."""

    def lines(pose: Pose, side: Side) -> MeasuredLines:
        own, other = pose.pair_px(pair)[:: 1 if side is Side.LEFT else -1]
        beyond, middle = _BEYOND * (other - own), (own + other) / 2
        half = _xy(float(np.linalg.norm((other - own) / 2 + beyond)), 0)
        lower = own if own[1] >= other[1] else other
        return _lines((middle - half, middle + half), (own - beyond, other + beyond), lower)

    return lines


def shift(pair: LandmarkPair) -> LinesOf:
    """How far the middle of a pair is from the vertical up from between the ankles."""

    def lines(pose: Pose, _: Side) -> MeasuredLines:
        feet, middle = _middle(pose, ANKLES), _middle(pose, pair)
        above = _xy(feet[0], middle[1])
        return _lines((feet, above - 0.1 * (feet - above)), (above, middle), middle)

    return lines


def stance(pose: Pose, _: Side) -> MeasuredLines:
    """From ankle to ankle, against the width of the shoulders below it."""
    ankles, shoulders = pose.pair_px(ANKLES), pose.pair_px(SHOULDERS)
    below = _xy(0, 0.15 * float(ankles[:, 1].mean() - shoulders[:, 1].mean()))
    level = _xy(0, float(ankles[:, 1].mean())) + below
    left, right = (_xy(float(shoulder[0]), 0) + level for shoulder in shoulders)
    return _lines((left, right), (ankles[0], ankles[1]), ankles[0])


def thigh(pose: Pose, side: Side) -> MeasuredLines:
    """The thigh against the horizontal through the knee."""
    hip, knee = _at(pose, HIPS, side), _at(pose, KNEES, side)
    length = float(np.linalg.norm(hip - knee))
    towards_hip = 1.0 if hip[0] >= knee[0] else -1.0
    return _lines((knee, knee + _xy(towards_hip * length, 0)), (knee, hip), knee)


def heel(pose: Pose, side: Side) -> MeasuredLines:
    """The heel above the level of the toe."""
    heel, toe = _at(pose, HEELS, side), _at(pose, TOES, side)
    return _lines((toe, _xy(heel[0], toe[1])), (_xy(heel[0], toe[1]), heel), heel)


def leg(pose: Pose, side: Side) -> MeasuredLines:
    """The shank against the line of the thigh, which goes on beyond the knee."""
    hip, knee, ankle = (_at(pose, pair, side) for pair in (HIPS, KNEES, ANKLES))
    return _lines((hip, knee + 0.5 * (knee - hip)), (knee, ankle), knee)
