"""What a correction may look at: a leg, or the trunk, in lengths of the standing person.

MediaPipe's errors depend on where a joint is, not only on what is measured: a bent knee is drawn towards the camera, a
toe follows its knee, hips sink with depth. These terms describe that in plain geometry; a
:mod:`formcheck.measures.correction` is a weighted sum of a few of them.

Lengths are in standing shanks unless stated; (T, 2) arrays have a trailing (left, right) axis. ``inward`` is towards
the other leg, ``ahead`` the way the toes point in the picture. NaN where a landmark is unseen.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from formcheck.body.geometry import distance, ratio
from formcheck.body.kinematics import forward_direction, medial_direction
from formcheck.body.pose import ANKLES, HIPS, KNEES, SHOULDERS, TOES, FloatArray, LandmarkPair, Pose
from formcheck.body.view import View
from formcheck.measures.standing import Baseline, toe_tips

#: Focal length of a usual phone's lens over the longer side of its picture, and a usual leg, hip to ankle.
_USUAL_FOCAL = 0.9
_LEG_M = 0.82
#: Ankle to toe landmark over the floor: 0.43 in six rendered bodies, 0.32 to 0.44 in six people of UI-PRMD.
_FOOT_SHANKS = 0.42
#: Feet that are turned out by more than the first of these angles tell the line of the knee less and less, from the
#: second on not at all: no development body's are by more than 29, and eight front views of people read up to 30.
_TURNED_OUT_DEG = (32.0, 42.0)


def leg_terms(pose: Pose, planted: Pose, start: Baseline, view: View) -> Mapping[str, FloatArray]:
    """The terms of each leg, (T, 2).

    ``planted`` is the pose with heels, toes and ankles where they stand at the bottom
    (:func:`formcheck.measures.standing. plant_feet`), ``start`` the standing baseline.
    """
    inward = medial_direction(start.pose)
    across = _x(pose, KNEES) - _x(planted, ANKLES)
    knee_in = across * inward / start.shank_px
    toe_in = (_x(planted, TOES) - _x(planted, ANKLES)) * inward / start.shank_px
    knee_above_ankle = (_y(planted, ANKLES) - _y(pose, KNEES)) / start.shank_px
    # The shank keeps its length: what is missing in the picture points at the camera.
    towards_camera = np.sqrt(np.clip(1 - knee_above_ankle**2 - knee_in**2, 0, 1))
    hip_fall = (_y(pose, HIPS) - _y(start.pose, HIPS)) / (start.thigh_px + start.shank_px)
    hip_above_knee = (_y(pose, KNEES) - _y(pose, HIPS)) / start.thigh_px
    ahead_sign = forward_direction(start.pose)
    standing_in = (_x(start.pose, KNEES) - _x(start.pose, ANKLES)) * inward / start.shank_px
    return {
        "knee_in": knee_in,
        "toe_in": toe_in,
        "standing_knee_in": np.broadcast_to(standing_in, knee_in.shape),
        "knee_towards_camera": towards_camera,
        "knee_in_x_towards_camera": knee_in * towards_camera,
        "toe_in_x_towards_camera": toe_in * towards_camera,
        "thigh_lowered": 1 - hip_above_knee,
        "yaw_inward": np.broadcast_to(_yaw_inward(view), knee_in.shape),
        "knee_ahead": across * ahead_sign / start.shank_px,
        "toe_tip_ahead": (_x(toe_tips(planted), TOES) - _x(planted, ANKLES)) * ahead_sign / start.shank_px,
        "thigh_level_deg": _thigh_level_deg(pose, start, view),
        "knee_above_ankle": knee_above_ankle,
        "thigh_seen": _length(pose, HIPS, KNEES) / start.thigh_px,
        "shank_seen": _length(pose, KNEES, ANKLES) / start.shank_px,
        "hip_fall": hip_fall,
        "hip_fall_x_camera_above": hip_fall * camera_above_rad(start),
    }


def held_against_ankles(knee_inside: FloatArray, terms: Mapping[str, FloatArray]) -> FloatArray:
    """How far a knee is inside the line of its foot, (T, 2), with the feet turned out too far for that line: inside of
    the ankle there, if that is less, and gradually so between _TURNED_OUT_DEG.

    A foot counts as turned out no farther than both are in the middle: the camera's yaw turns one in, the other out.
    """
    own = np.clip(-terms["toe_in"] / _FOOT_SHANKS, -1, 1)
    turned_deg = np.degrees(np.arcsin(np.fmin(own, np.mean(own, axis=-1, keepdims=True))))
    from_deg, to_deg = _TURNED_OUT_DEG
    share = np.clip((turned_deg - from_deg) / (to_deg - from_deg), 0, 1)
    return np.asarray(knee_inside - share * np.maximum(knee_inside - terms["knee_in"], 0))


def camera_above_rad(start: Baseline) -> float:
    """How much the standing body leans towards the camera by MediaPipe's world landmarks, radians, + camera above.

    The landmarks are turned as the camera is, so a camera that looks down sees an upright body leaning to it. On the
    rendered front views this has r = 0.71 with the true elevation of the camera.
    """
    shoulders, ankles = (np.mean(start.whole.pair_m(pair), axis=0) for pair in (SHOULDERS, ANKLES))
    axis = shoulders - ankles
    return float(np.arctan2(-axis[2], -axis[1]))


def _thigh_level_deg(pose: Pose, start: Baseline, view: View) -> FloatArray:
    """The thigh above the horizontal, (T, 2), degrees, without what perspective does to it.

    Seen from the front a hip that goes back is farther from the camera than its knee, and is drawn nearer to the
    horizon, which lies at the middle of a level picture; from behind it is nearer, from the side neither. How much
    follows from the thigh's length, how far the camera is from the size of the body and a usual lens.
    """
    away = float(np.cos(np.radians(view.yaw_deg)))
    horizon_px = pose.height_px / 2
    camera_m = _USUAL_FOCAL * max(pose.width_px, pose.height_px) / start.leg_px * _LEG_M
    thigh_m = start.thigh_px / start.leg_px * _LEG_M
    below_px = _y(pose, KNEES) - _y(pose, HIPS)
    for _ in range(3):
        level = np.clip(below_px / start.thigh_px, -1, 1)
        behind_m = thigh_m * np.sqrt(1 - level**2) * away
        hip_px = horizon_px + (_y(pose, HIPS) - horizon_px) * (1 + behind_m / camera_m)
        below_px = _y(pose, KNEES) - hip_px
    return np.asarray(np.degrees(np.arcsin(np.clip(below_px / start.thigh_px, -1, 1))))


def trunk_terms(pose: Pose, start: Baseline, view: View) -> Mapping[str, FloatArray]:
    """The terms of the whole body, (T,): how much lower the right hip is, how far the hips fell, the camera's yaw."""
    shank_px = np.mean(start.shank_px)
    leg_px = shank_px + np.mean(start.thigh_px)
    hips_y = _y(pose, HIPS)
    hips_fall = np.mean(hips_y - _y(start.pose, HIPS), axis=-1) / leg_px
    sin_yaw, ankles_x = np.sin(np.radians(view.yaw_deg)), _x(start.pose, ANKLES)
    hip_line = (hips_y[:, 1] - hips_y[:, 0]) / shank_px
    return {
        "right_hip_lower": hip_line,
        "hips_fall": hips_fall,
        "yaw_to_left": np.full(len(hip_line), sin_yaw),
        # Hips go back as they go down; across the picture that is this much, in ankle gaps.
        "hips_fall_x_yaw": ratio(hips_fall * sin_yaw * leg_px, np.abs(ankles_x[1] - ankles_x[0])),
    }


def _yaw_inward(view: View) -> FloatArray:
    """How far the way the body faces points inward in the picture, for (left, right): sine of the yaw, and its sign."""
    yaw = np.radians(view.yaw_deg)
    return np.asarray(np.sin(yaw) * np.sign(np.cos(yaw)) * np.array([1.0, -1.0]))


def _x(pose: Pose, pair: LandmarkPair) -> FloatArray:
    return pose.pair_px(pair)[..., 0]


def _y(pose: Pose, pair: LandmarkPair) -> FloatArray:
    return pose.pair_px(pair)[..., 1]


def _length(pose: Pose, one: LandmarkPair, other: LandmarkPair) -> FloatArray:
    return distance(pose.pair_px(one), pose.pair_px(other))
