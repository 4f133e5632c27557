"""The truth of one frame: where every landmark is, in pixels and metres, and every measure.

Landmark columns are `<name>_x_px, _y_px` (picture) and `_x_m, _y_m, _z_m` (world of the package), for
MediaPipe's names. Shoulders, elbows, wrists, hips, knees and ankles are the rotation centres of the rig;
`coco_…` are joints regressed from the skin, nearer to what a pose model was taught. `heel` and
`foot_index` are the rearmost and foremost point of the shoe.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from formcheck_render.arrays import Array
from formcheck_render.camera import Camera, Shake
from formcheck_render.measures import (
    beyond_toe_m,
    body_yaw_to_camera_deg,
    frontal_angle_deg,
    knee_flexion_deg,
    lateral_trunk_inclination_deg,
    medial_displacement_m,
    pelvic_obliquity_deg,
    shank_inclination_deg,
    thigh_inclination_deg,
    trunk_inclination_deg,
)
from formcheck_render.posture import Poser, Posture
from formcheck_render.sides import SIDES, Side

Measures: TypeAlias = dict[str, float]

_FROM_SKIN = ("nose", "left_ear", "right_ear")
_PAIRED = ("eye", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index")
_COCO = ("shoulder", "hip", "knee", "ankle")

CONVENTIONS = {
    "world": "+x the subject's left, -y forward, +z up, metres, floor at z = 0",
    "pixels": "x right, y down, origin at the top left corner of the picture",
    "sides": "left and right are the subject's",
    "rep_number": "1 for the first rep, 0 between reps; bottom_s is the middle of the hold",
    "lead_side": "front leg of a lunge or split squat, standing leg of a single-leg squat or step-down, bent leg of a "
    "side lunge; empty in squats",
    "knee_flexion_deg": "180 - angle hip-knee-ankle in 3-D; 0 straight, + bent",
    "interlimb_knee_flexion_difference_deg": "left - right",
    "frontal_angle_deg": "deviation of hip-knee-ankle from straight in the subject's frontal plane; + knee medial",
    "medial_knee_displacement_ratio": "knee's distance from the vertical plane through the ankle along the foot, "
    "over shank length; + inwards; 0 is the knee in line with the toes",
    "knee_past_toe_ratio": "knee minus tip of the shoe along the foot, over shoe length; + beyond",
    "knee_past_toe_shank_ratio": "the same distance over shank length",
    "thigh_inclination_deg": "thigh against the horizontal; 0 parallel, - hip below knee, + hip above knee",
    "shank_inclination_deg": "shank against the vertical in any direction; 0 upright",
    "trunk_inclination_deg": "mid-hip to mid-shoulder against the vertical in any direction; 0 upright",
    "lateral_trunk_inclination_deg": "the same in the frontal plane; + to the right",
    "pelvic_obliquity_deg": "hip line against the horizontal; + right side lower",
    "lateral_pelvic_shift_ratio": "mid-hip from mid-ankle sideways, over the lateral ankle distance; + to the right",
    "pelvic_drop_deg": "of exercises of one leg, at the bottom: hip line against the horizontal; + free side lower",
    "side_lean_deg": "of exercises of one leg, at the bottom: trunk in the frontal plane; + to the side that works",
    "hip_height_m": "mid-hip above the floor",
    "body_yaw_to_camera_deg": "where the camera is around the pelvis: 0 front, +90 the subject's left side, "
    "-90 the right side, 180 the back",
    "solver_residual": "largest equation of the motion solver at this frame; under 0.01 the motion is as asked",
}


def landmarks(poser: Poser, posture: Posture) -> dict[str, Array]:
    """World position (3,) of every landmark, by its column name."""
    coco = poser.character.coco(posture.rotations, posture.heads)
    points = {name: coco[name] for name in _FROM_SKIN}
    points |= {f"{side}_{name}": posture.points[f"{side}_{name}"] for side in SIDES for name in _PAIRED}
    points |= {f"coco_{side}_{name}": coco[f"{side}_{name}"] for side in SIDES for name in _COCO}
    return points


def landmark_columns(points: dict[str, Array], camera: Camera, shake: Shake) -> Measures:
    """Five numbers a landmark: where it is in the picture and where in the world."""
    projected = camera.project(np.array(list(points.values())), shake)
    columns: Measures = {}
    for (name, point), pixel in zip(points.items(), projected, strict=True):
        columns |= {f"{name}_x_px": float(pixel[0]), f"{name}_y_px": float(pixel[1])}
        columns |= {f"{name}_{axis}_m": float(value) for axis, value in zip("xyz", point, strict=True)}
    return columns


def measures(poser: Poser, posture: Posture, eye: Array) -> Measures:
    """Every measure of one posture; `eye` (3,) is the camera. Definitions and signs: `CONVENTIONS`."""
    values: Measures = {}
    for side in SIDES:
        values |= _leg_measures(poser, posture, side)
    points = posture.points
    left_hip, right_hip = points["left_hip"], points["right_hip"]
    mid_hip, mid_ankle = (left_hip + right_hip) / 2, (points["left_ankle"] + points["right_ankle"]) / 2
    ankle_gap = abs(points["left_ankle"][0] - points["right_ankle"][0])
    mid_shoulder = (points["left_shoulder"] + points["right_shoulder"]) / 2
    return values | {
        "interlimb_knee_flexion_difference_deg": values["knee_flexion_deg_left"] - values["knee_flexion_deg_right"],
        "pelvic_obliquity_deg": pelvic_obliquity_deg(left_hip, right_hip),
        "lateral_pelvic_shift_ratio": float((mid_ankle[0] - mid_hip[0]) / ankle_gap),
        "trunk_inclination_deg": trunk_inclination_deg(mid_hip, mid_shoulder),
        "lateral_trunk_inclination_deg": lateral_trunk_inclination_deg(mid_hip, mid_shoulder),
        "hip_height_m": float(mid_hip[2]),
        "body_yaw_to_camera_deg": body_yaw_to_camera_deg(left_hip, right_hip, eye),
    }


def one_leg_measures(values: Measures, lead_side: Side | None) -> Measures:
    """What is added at the bottom where one leg works: pelvis and trunk by its side; nothing where none leads."""
    if lead_side is None:
        return {}
    free_is_right = 1.0 if lead_side == "left" else -1.0
    return {
        "pelvic_drop_deg": free_is_right * values["pelvic_obliquity_deg"],
        "side_lean_deg": -free_is_right * values["lateral_trunk_inclination_deg"],
    }


def _leg_measures(poser: Poser, posture: Posture, side: Side) -> Measures:
    hip, knee, ankle, toe = (posture.points[f"{side}_{name}"] for name in ("hip", "knee", "ankle", "foot_index"))
    forward = posture.foot_forward[side]
    past_toe_m = beyond_toe_m(knee, toe, forward)
    return {
        f"knee_flexion_deg_{side}": knee_flexion_deg(hip, knee, ankle),
        f"frontal_angle_deg_{side}": frontal_angle_deg(hip, knee, ankle, side),
        f"medial_knee_displacement_ratio_{side}": medial_displacement_m(knee, ankle, forward, side) / poser.shank_m,
        f"knee_past_toe_ratio_{side}": past_toe_m / poser.foot_m,
        f"knee_past_toe_shank_ratio_{side}": past_toe_m / poser.shank_m,
        f"thigh_inclination_deg_{side}": thigh_inclination_deg(hip, knee),
        f"shank_inclination_deg_{side}": shank_inclination_deg(knee, ankle),
    }
