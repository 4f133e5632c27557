"""Stick figures that stand on one leg, step down from a box, or lunge to the side: the stance leg is the left one.

Body axes and lengths are those of :mod:`stick_figure`. Everything that goes wrong grows with the way down.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from bodies import Camera, mirrored, photograph_joints
from stick_figure import FOOT_M, HIP_WIDTH_M, SHANK_M, THIGH_M, TRUNK_M, Array, on_legs

from formcheck.body.pose import WRISTS, Pose

_ANKLE_UP_M, _TOE_AHEAD_M = 0.06, 0.17
_HALF = HIP_WIDTH_M / 2
#: Where the free foot is, from the foot that stands, at the top and at the bottom: (outward, up, ahead).
FREE = {
    "beside": ((0.02, 0.18, -0.12), (0.02, 0.22, -0.12)),
    "behind": ((0.0, 0.55, -0.20), (0.0, 0.55, -0.25)),
    "in front": ((0.0, 0.10, 0.15), (0.0, 0.30, 0.62)),
}


def film(reps: int, rep_s: float = 2.4, rest_s: float = 1.0) -> tuple[Array, Array]:
    """The times of a recording, and how far down the body is at each: 0 at rest, 1 at the bottom."""
    time_s = np.arange(round((rest_s + reps * (rep_s + rest_s)) * 30) + 1) / 30
    within_s = np.mod(time_s - rest_s, rep_s + rest_s)
    moving = (time_s >= rest_s) & (within_s < rep_s)
    return time_s, np.where(moving, (1 - np.cos(2 * np.pi * within_s / rep_s)) / 2, 0.0)


def on_one_leg(
    reps: int = 1,
    bend_deg: float = 80.0,
    yaw_deg: float = 0.0,
    *,
    stance: str = "left",
    free: str = "beside",
    trunk_deg: float = 15.0,
    **wrong: Any,
) -> Pose:
    """Squats on one leg, to ``bend_deg`` of knee flexion; ``wrong`` as :func:`_standing_leg` and :func:`_trunk`, and
    ``arms_m``, how far the hands go out, and ``toe_out_m``, how far outside of the knee the toe is.
    """
    time_s, down = film(reps)
    hips, leg = _standing_leg(down, time_s, bend_deg, 0.0, wrong)
    top, low = (np.array(place) for place in FREE[free])
    offset = top + down[:, None] * (low - top)
    other = np.stack([-_HALF - offset[:, 0], _ANKLE_UP_M + offset[:, 1], offset[:, 2]], axis=-1)
    return _photographed(
        time_s, down, hips, leg, other, yaw_deg=yaw_deg, stance=stance, trunk_deg=trunk_deg, wrong=wrong
    )


def step_downs(
    reps: int = 1,
    bend_deg: float = 65.0,
    yaw_deg: float = 0.0,
    *,
    stance: str = "left",
    ahead_m: float = 0.0,
    trunk_deg: float = 8.0,
    **wrong: Any,
) -> Pose:
    """Step-downs from a box as high as the hips fall; the free foot goes ``ahead_m`` ahead, and is straight. ``wrong``
    as in :func:`on_one_leg`.
    """
    time_s, down = film(reps)
    hips, leg = _standing_leg(down, time_s, bend_deg, 0.35, wrong)
    straight = np.sqrt((0.998 * (THIGH_M + SHANK_M)) ** 2 - (ahead_m * down - hips[:, 1, 2]) ** 2)
    other = np.stack([np.full_like(down, -_HALF), hips[:, 1, 1] - straight, ahead_m * down], axis=-1)
    return _photographed(
        time_s, down, hips, leg, other, yaw_deg=yaw_deg, stance=stance, trunk_deg=trunk_deg, wrong=wrong
    )


def side_lunges(
    reps: int = 1,
    yaw_deg: float = 0.0,
    *,
    stance: str = "left",
    width_m: float = 1.0,
    fall_m: float = 0.26,
    over_m: float = 0.24,
    knee_inward_m: float = 0.0,
    trunk_deg: float = 30.0,
    lean_deg: float = 0.0,
) -> Pose:
    """Side lunges over feet that stay ``width_m`` apart; the hips fall and go ``over_m`` towards the bent leg."""
    time_s, down = film(reps)
    ankles = np.zeros((len(down), 2, 3)) + np.array([[width_m / 2, _ANKLE_UP_M, 0.0], [-width_m / 2, _ANKLE_UP_M, 0.0]])
    longest = THIGH_M + SHANK_M
    stands_m = np.sqrt((0.995 * longest) ** 2 - (width_m / 2 - _HALF) ** 2) + _ANKLE_UP_M
    hips = np.zeros((len(down), 2, 3)) + np.array([[_HALF, stands_m, 0.0], [-_HALF, stands_m, 0.0]])
    hips += down[:, None, None] * np.array([over_m, -fall_m, -0.22])
    over_foot = width_m / 2 - down * knee_inward_m
    knees = np.stack([_bent(hips[:, 0], ankles[:, 0], over_foot), _bent(hips[:, 1], ankles[:, 1])], axis=1)
    limbs = _with_feet({"HIP": hips, "KNEE": knees, "ANKLE": ankles})
    trunk = _trunk(down, trunk_deg, {"lean_deg": lean_deg})
    return _of_side(photograph_joints(on_legs(limbs, trunk), Camera(yaw_deg), time_s), stance)


def _standing_leg(
    down: Array, time_s: Array, bend_deg: float, box_m: float, wrong: dict[str, Any]
) -> tuple[Array, dict[str, Array]]:
    """Both hips, and knee and ankle of the leg that stands. ``knee_inward_m``, ``pelvis_drop_deg`` at the bottom;
    ``wobble_m`` is how far the knee swings to either side, three times on the way down and three on the way up.
    """
    bend = np.radians(down * bend_deg)
    shank, thigh = 0.38 * bend, 0.62 * bend
    wobble = wrong.get("wobble_m", 0.0) * np.sin(2 * np.pi * 3 * down) * (down > 0)
    ankle = np.zeros((len(down), 3)) + np.array([_HALF, box_m + _ANKLE_UP_M, 0.0])
    aside = -down * wrong.get("knee_inward_m", 0.0) - wobble
    knee = ankle + np.stack([aside, SHANK_M * np.cos(shank), SHANK_M * np.sin(shank)], axis=-1)
    hip = knee + np.stack([-aside, THIGH_M * np.cos(thigh), -THIGH_M * np.sin(thigh)], axis=-1)
    drop = np.radians(down * wrong.get("pelvis_drop_deg", 0.0))
    nothing = np.zeros_like(down)
    other = hip - HIP_WIDTH_M * np.stack([np.cos(drop), np.sin(drop), nothing], axis=-1)
    return np.stack([hip, other], axis=1), {"KNEE": knee, "ANKLE": ankle}


def _photographed(
    time_s: Array,
    down: Array,
    hips: Array,
    leg: dict[str, Array],
    other_ankle: Array,
    *,
    yaw_deg: float,
    stance: str,
    trunk_deg: float,
    wrong: dict[str, Any],
) -> Pose:
    other_knee = _bent(hips[:, 1], other_ankle)
    knees, ankles = (np.stack(pair, axis=1) for pair in ((leg["KNEE"], other_knee), (leg["ANKLE"], other_ankle)))
    limbs = _with_feet({"HIP": hips, "KNEE": knees, "ANKLE": ankles})
    limbs["FOOT_INDEX"][:, 0, 0] += wrong.get("toe_out_m", 0.0)
    joints = on_legs(limbs, _trunk(down, trunk_deg, wrong))
    joints[:, list(WRISTS), 0] += down[:, None] * wrong.get("arms_m", 0.0) * np.array([1.0, -1.0])
    return _of_side(photograph_joints(joints, Camera(yaw_deg), time_s), stance)


def _of_side(pose: Pose, stance: str) -> Pose:
    """The body as it is, or its mirror image, which stands on the right leg and is seen from the other side."""
    return pose if stance == "left" else mirrored(pose)


def _trunk(down: Array, trunk_deg: float, wrong: dict[str, Any]) -> Array:
    """Forward by ``trunk_deg``, and by ``lean_deg`` over the left leg, at the bottom."""
    ahead, left = np.radians(down * trunk_deg), np.radians(down * wrong.get("lean_deg", 0.0))
    up = np.cos(ahead) * np.cos(left)
    return np.asarray(TRUNK_M * np.stack([np.cos(ahead) * np.sin(left), up, np.sin(ahead)], axis=-1))


def _bent(hip: Array, ankle: Array, knee_left: Array | None = None) -> Array:
    """The knee between hip and ankle: as far ahead as it goes, or where it is ``knee_left`` to the body's left."""
    along = hip - ankle
    length = np.minimum(np.linalg.norm(along, axis=-1, keepdims=True), THIGH_M + SHANK_M)
    unit = along / np.linalg.norm(along, axis=-1, keepdims=True)
    first = np.cross(np.array([1.0, 0.0, 0.0]), unit)
    first /= np.linalg.norm(first, axis=-1, keepdims=True)
    first *= np.sign(first[:, 2:])
    second = np.cross(unit, first)
    radius = np.sqrt(np.maximum(SHANK_M**2 - length**2 / 4, 0.0))
    turns = np.radians(np.linspace(-90, 90, 721))[:, None, None]
    knees = (hip + ankle) / 2 + radius * (np.cos(turns) * first + np.sin(turns) * second)
    wrong = -knees[..., 2] if knee_left is None else np.abs(knees[..., 0] - knee_left)
    return np.take_along_axis(knees, wrong.argmin(axis=0)[None, :, None], axis=0)[0]


def _with_feet(limbs: dict[str, Array]) -> dict[str, Array]:
    """With flat feet that point ahead."""
    heel = limbs["ANKLE"] + np.array([0.0, -_ANKLE_UP_M, _TOE_AHEAD_M - FOOT_M])
    return {**limbs, "HEEL": heel, "FOOT_INDEX": heel + np.array([0.0, 0.0, FOOT_M])}
