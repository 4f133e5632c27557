"""The lines along which a check measures, on one picture: from where, to where, and beside what the number belongs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from formcheck.body.pose import ANKLES, HEELS, HIPS, KNEES, SHOULDERS, SIDES, TOES, FloatArray, LandmarkPair, Pose, Side
from formcheck.checks.check import Finding

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


def measured_lines(finding: Finding, pose: Pose, near: Side | None) -> MeasuredLines | None:
    """The lines of a finding on an instant; None where a landmark is unseen or the measure is not one of a picture.

    ``near`` is the side towards the camera; it stands in where the finding has no side.
    """
    draw = _LINES.get(finding.check)
    if draw is None:
        return None
    lines = draw(pose, finding.side or near or Side.LEFT)
    numbers = np.array([*lines.reference, *lines.measured, lines.anchor])
    if not np.isfinite(numbers).all():
        return None
    hips_px = pose.pair_px(HIPS)[:, 0]
    seen_px = hips_px[np.isfinite(hips_px)]
    return replace(lines, outward=-1 if seen_px.size and lines.anchor[0] < seen_px.mean() else 1)


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


def _knee_and_toe(pose: Pose, side: Side) -> MeasuredLines:
    """The vertical up from the toe, and how far the knee is from it."""
    toe, knee = _at(pose, TOES, side), _at(pose, KNEES, side)
    above = _xy(toe[0], knee[1] - 0.15 * abs(toe[1] - knee[1]))
    return _lines((toe, above), (knee, _xy(toe[0], knee[1])), knee)


def _trunk(pose: Pose, _: Side) -> MeasuredLines:
    """The trunk against the vertical through the hips."""
    hips, shoulders = _middle(pose, HIPS), _middle(pose, SHOULDERS)
    length = float(np.linalg.norm(shoulders - hips))
    return _lines((hips, hips - _xy(0, length)), (hips, shoulders), shoulders)


def _level(pair: LandmarkPair) -> Callable[[Pose, Side], MeasuredLines]:
    """The line through a pair of joints against the horizontal through their middle."""

    def lines(pose: Pose, _: Side) -> MeasuredLines:
        left, right = pose.pair_px(pair)
        beyond, middle = _BEYOND * (right - left), (left + right) / 2
        half = _xy(float(np.linalg.norm((right - left) / 2 + beyond)), 0)
        lower = left if left[1] > right[1] else right
        return _lines((middle - half, middle + half), (left - beyond, right + beyond), lower)

    return lines


def _shift(pair: LandmarkPair) -> Callable[[Pose, Side], MeasuredLines]:
    """How far the middle of a pair is from the vertical up from between the ankles."""

    def lines(pose: Pose, _: Side) -> MeasuredLines:
        feet, middle = _middle(pose, ANKLES), _middle(pose, pair)
        above = _xy(feet[0], middle[1])
        return _lines((feet, above - 0.1 * (feet - above)), (above, middle), middle)

    return lines


def _thigh(pose: Pose, side: Side) -> MeasuredLines:
    """The thigh against the horizontal through the knee."""
    hip, knee = _at(pose, HIPS, side), _at(pose, KNEES, side)
    length = float(np.linalg.norm(hip - knee))
    towards_hip = 1.0 if hip[0] >= knee[0] else -1.0
    return _lines((knee, knee + _xy(towards_hip * length, 0)), (knee, hip), knee)


def _heel(pose: Pose, side: Side) -> MeasuredLines:
    """The heel above the level of the toe."""
    heel, toe = _at(pose, HEELS, side), _at(pose, TOES, side)
    return _lines((toe, _xy(heel[0], toe[1])), (_xy(heel[0], toe[1]), heel), heel)


_LINES: Mapping[str, Callable[[Pose, Side], MeasuredLines]] = {
    "knee_valgus": _knee_and_toe,
    "knee_past_toes": _knee_and_toe,
    "pelvic_tilt": _level(HIPS),
    "knee_height": _level(KNEES),
    "pelvic_shift": _shift(HIPS),
    "body_shift": _shift(SHOULDERS),
    "depth": _thigh,
    "trunk_lean": _trunk,
    "side_lean": _trunk,
    "heel_rise": _heel,
}
