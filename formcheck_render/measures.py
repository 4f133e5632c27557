"""Joint measures in three dimensions: what is true, not what a camera sees.

Points are (3,), metres, in the world of the package. Signs follow the clinic's use: + bent, + knee
inwards, + knee beyond the toe, + right side lower.
"""

from __future__ import annotations

import numpy as np

from formcheck_render.arrays import Array
from formcheck_render.rotations import cross, unit
from formcheck_render.sides import OUTWARD, Side


def knee_flexion_deg(hip: Array, knee: Array, ankle: Array) -> float:
    """180° minus the angle hip-knee-ankle: 0 straight, + bent."""
    cosine = np.clip(unit(hip - knee) @ unit(ankle - knee), -1, 1)
    return 180 - float(np.degrees(np.arccos(cosine)))


def frontal_angle_deg(hip: Array, knee: Array, ankle: Array, side: Side) -> float:
    """Deviation of hip-knee-ankle from straight in the subject's frontal (x-z) plane; + knee medial."""
    to_hip, to_ankle = (hip - knee)[[0, 2]], (ankle - knee)[[0, 2]]
    turn = float(np.degrees(np.arctan2(to_hip[0] * to_ankle[1] - to_hip[1] * to_ankle[0], to_hip @ to_ankle)))
    leg = (ankle - hip)[[0, 2]]
    along = float((knee - hip)[[0, 2]] @ leg / (leg @ leg))
    lateral_m = float(knee[0] - hip[0] - along * leg[0])
    return -OUTWARD[side] * float(np.sign(lateral_m)) * abs(180 - abs(turn))


def medial_displacement_m(knee: Array, ankle: Array, foot_forward: Array, side: Side) -> float:
    """Distance of the knee from the vertical plane through the ankle along the foot; + towards the midline.

    Zero is "the knee in line with the toes", whatever the depth, the stance and the toe-out.
    """
    # cross(forward, up) points to the subject's right, which is inwards for the left leg
    inward = OUTWARD[side] * cross(foot_forward, np.array([0.0, 0.0, 1.0]))
    return float((knee - ankle) @ inward)


def beyond_toe_m(knee: Array, toe: Array, foot_forward: Array) -> float:
    """Distance of the knee beyond the tip of the shoe, along the foot; negative behind it."""
    return float((knee - toe) @ foot_forward)


def thigh_inclination_deg(hip: Array, knee: Array) -> float:
    """Thigh against the horizontal: 0 parallel, − hip below knee, +90 standing."""
    thigh = hip - knee
    return float(np.degrees(np.arctan2(thigh[2], np.linalg.norm(thigh[:2]))))


def shank_inclination_deg(knee: Array, ankle: Array) -> float:
    """Shank against the vertical, in any direction: 0 upright, always positive."""
    return float(np.degrees(np.arccos(np.clip(unit(knee - ankle)[2], -1, 1))))


def trunk_inclination_deg(mid_hip: Array, mid_shoulder: Array) -> float:
    """Mid-hip to mid-shoulder against the vertical, in any direction: 0 upright, always positive."""
    trunk = mid_shoulder - mid_hip
    return float(np.degrees(np.arccos(np.clip(unit(trunk)[2], -1, 1))))


def lateral_trunk_inclination_deg(mid_hip: Array, mid_shoulder: Array) -> float:
    """Mid-hip to mid-shoulder against the vertical in the frontal plane: 0 upright, + to the subject's right."""
    trunk = mid_shoulder - mid_hip
    return float(np.degrees(np.arctan2(-trunk[0], trunk[2])))


def pelvic_obliquity_deg(left_hip: Array, right_hip: Array) -> float:
    """Hip line against the horizontal: + right side lower."""
    line = left_hip - right_hip
    return float(np.degrees(np.arctan2(line[2], np.linalg.norm(line[:2]))))


def body_yaw_to_camera_deg(left_hip: Array, right_hip: Array, eye: Array) -> float:
    """Where the camera is around the body, by the direction of the hip line.

    0 the camera sees the front, +90 the subject's left side, −90 the right side, ±180 the back.
    """
    leftwards = unit((left_hip - right_hip)[:2])
    forwards = np.array([leftwards[1], -leftwards[0]])
    to_camera = (eye - (left_hip + right_hip) / 2)[:2]
    return float(np.degrees(np.arctan2(to_camera @ leftwards, to_camera @ forwards)))
