"""What is true of a rendered body, frame by frame: the definitions that formcheck's measures are held against.

Knees, hips, ankles and shoulders are the rig's rotation centres unless a definition says that the joints are those
regressed from the skin (``coco``), which is what a pose model was taught. Lengths are over the true shank.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from benchmarks.accuracy.rendered_clips import FloatArray, RenderedClip

SIDES = ("left", "right")


def true_measures(clip: RenderedClip) -> Mapping[str, FloatArray]:
    """Every definition of this module over a clip: (T,), or (T, 2) with a trailing (left, right) axis."""
    return {name: definition(clip) for name, definition in DEFINITIONS.items()}


def knee_flexion_deg(clip: RenderedClip) -> FloatArray:
    """180 - angle hip-knee-ankle in space, joints regressed from the skin; (T, 2), 0 straight."""
    return _by_side(lambda side: 180 - _angle_deg(*(_coco(clip, side, name) for name in ("hip", "knee", "ankle"))))


def thigh_inclination_deg(clip: RenderedClip) -> FloatArray:
    """Thigh against the horizontal in space; (T, 2), 90 standing, 0 parallel, - hip below the knee."""

    def of(side: str) -> FloatArray:
        thigh = clip.joints_m[f"{side}_hip"] - clip.joints_m[f"{side}_knee"]
        return np.degrees(np.arctan2(thigh[:, 2], np.hypot(thigh[:, 0], thigh[:, 1])))

    return _by_side(of)


def medial_knee_displacement_ratio(clip: RenderedClip) -> FloatArray:
    """The knee inside the vertical plane through the ankle along the foot, over the shank; (T, 2), + inward."""

    def of(side: str) -> FloatArray:
        forward = _foot_forward(clip, side)
        inward = np.column_stack([forward[:, 1], -forward[:, 0]]) * (1 if side == "left" else -1)
        return np.sum(_ankle_to_knee(clip, side)[:, :2] * inward, axis=1) / _shank_m(clip, side)

    return _by_side(of)


def anterior_knee_displacement_ratio(clip: RenderedClip) -> FloatArray:
    """The knee beyond the tip of the shoe, along the foot, over the shank; (T, 2), + beyond."""

    def of(side: str) -> FloatArray:
        beyond = (clip.joints_m[f"{side}_knee"] - clip.joints_m[f"{side}_foot_index"])[:, :2]
        return np.sum(beyond * _foot_forward(clip, side), axis=1) / _shank_m(clip, side)

    return _by_side(of)


def fppa_deg(clip: RenderedClip) -> FloatArray:
    """Thigh line against shank line in this picture, joints regressed from the skin; (T, 2), + knee to the midline."""

    def of(side: str) -> FloatArray:
        hip, knee, ankle = (clip.joints_px[f"coco_{side}_{name}"] for name in ("hip", "knee", "ankle"))
        thigh, shank = knee - hip, ankle - knee
        turn = np.degrees(
            np.arctan2(thigh[:, 0] * shank[:, 1] - thigh[:, 1] * shank[:, 0], np.sum(thigh * shank, axis=1))
        )
        other = clip.joints_px["coco_right_hip" if side == "left" else "coco_left_hip"]
        return np.asarray(turn * np.sign(other[:, 0] - hip[:, 0]))

    return _by_side(of)


def trunk_inclination_deg(clip: RenderedClip) -> FloatArray:
    """Mid-hip to mid-shoulder against the vertical, in any direction; (T,), 0 upright."""
    trunk = _middle(clip.joints_m, "shoulder") - _middle(clip.joints_m, "hip")
    return np.degrees(np.arctan2(np.hypot(trunk[:, 0], trunk[:, 1]), trunk[:, 2]))


def trunk_inclination_change_deg(clip: RenderedClip) -> FloatArray:
    """The same less its start; (T,)."""
    trunk_deg = trunk_inclination_deg(clip)
    return np.asarray(trunk_deg - trunk_deg[0])


def lateral_trunk_inclination_change_deg(clip: RenderedClip) -> FloatArray:
    """The sideways trunk inclination less its start; (T,)."""
    trunk_deg = lateral_trunk_inclination_deg(clip)
    return np.asarray(trunk_deg - trunk_deg[0])


def lateral_trunk_inclination_deg(clip: RenderedClip) -> FloatArray:
    """Mid-hip to mid-shoulder against the vertical, seen from straight ahead; (T,), + to the subject's right."""
    trunk = _middle(clip.joints_m, "shoulder") - _middle(clip.joints_m, "hip")
    return np.degrees(np.arctan2(-trunk[:, 0], trunk[:, 2]))


def pelvic_obliquity_deg(clip: RenderedClip) -> FloatArray:
    """Hip line against the horizontal in space; (T,), + right side lower."""
    line = clip.joints_m["left_hip"] - clip.joints_m["right_hip"]
    return np.degrees(np.arctan2(line[:, 2], np.hypot(line[:, 0], line[:, 1])))


def pelvic_drop_change_deg(clip: RenderedClip) -> FloatArray:
    """How much lower the hip beside the leg is than at the start; (T, 2), + lower."""
    right_lower_deg = pelvic_obliquity_deg(clip) - pelvic_obliquity_deg(clip)[0]
    return np.column_stack([right_lower_deg, -right_lower_deg])


def lean_over_leg_change_deg(clip: RenderedClip) -> FloatArray:
    """How much further the trunk leans over the leg than at the start; (T, 2), + over it."""
    to_right_deg = lateral_trunk_inclination_change_deg(clip)
    return np.column_stack([-to_right_deg, to_right_deg])


def lateral_pelvic_shift_ratio(clip: RenderedClip) -> FloatArray:
    """Mid-hip from mid-ankle sideways, over the sideways gap of the ankles; (T,), + to the subject's right."""
    gap = np.abs(clip.joints_m["left_ankle"][:, 0] - clip.joints_m["right_ankle"][:, 0])
    offset = _middle(clip.joints_m, "ankle")[:, 0] - _middle(clip.joints_m, "hip")[:, 0]
    return np.asarray(offset / gap)


def lateral_trunk_shift_ratio(clip: RenderedClip) -> FloatArray:
    """Mid-shoulder from mid-ankle sideways, over the sideways gap of the ankles; (T,), + to the subject's right."""
    gap = np.abs(clip.joints_m["left_ankle"][:, 0] - clip.joints_m["right_ankle"][:, 0])
    offset = _middle(clip.joints_m, "ankle")[:, 0] - _middle(clip.joints_m, "shoulder")[:, 0]
    return np.asarray(offset / gap)


def knee_height_difference_change_ratio(clip: RenderedClip) -> FloatArray:
    """Height of the left knee above the right one, over the shank, less its start; (T,)."""
    shank_m = (_shank_m(clip, "left") + _shank_m(clip, "right")) / 2
    higher = (clip.joints_m["left_knee"] - clip.joints_m["right_knee"])[:, 2] / shank_m
    return np.asarray(higher - higher[0])


def heel_rise_ratio(clip: RenderedClip) -> FloatArray:
    """Lift of the heel over the toe, less its start, over the shoe's length; (T, 2), + heel up."""

    def of(side: str) -> FloatArray:
        heel, toe = clip.joints_m[f"{side}_heel"], clip.joints_m[f"{side}_foot_index"]
        lift = heel[:, 2] - toe[:, 2]
        return np.asarray((lift - lift[0]) / np.linalg.norm(toe - heel, axis=1))

    return _by_side(of)


def body_yaw_deg(clip: RenderedClip) -> FloatArray:
    """Where the camera stands around the trunk (lines of hips and shoulders); (T,), 0 in front, + at its left."""
    across = sum(clip.joints_m[f"left_{name}"] - clip.joints_m[f"right_{name}"] for name in ("hip", "shoulder"))
    left = across[:, :2] / np.linalg.norm(across[:, :2], axis=1, keepdims=True)
    forward = np.column_stack([left[:, 1], -left[:, 0]])
    to_camera = clip.eye_m[:2] - _middle(clip.joints_m, "hip")[:, :2]
    return np.degrees(np.arctan2(np.sum(to_camera * left, axis=1), np.sum(to_camera * forward, axis=1)))


DEFINITIONS: Mapping[str, Callable[[RenderedClip], FloatArray]] = {
    "knee_flexion_deg": knee_flexion_deg,
    "thigh_inclination_deg": thigh_inclination_deg,
    "medial_knee_displacement_ratio": medial_knee_displacement_ratio,
    "anterior_knee_displacement_ratio": anterior_knee_displacement_ratio,
    "fppa_deg": fppa_deg,
    "trunk_inclination_deg": trunk_inclination_deg,
    "trunk_inclination_change_deg": trunk_inclination_change_deg,
    "lateral_trunk_inclination_change_deg": lateral_trunk_inclination_change_deg,
    "lateral_trunk_inclination_deg": lateral_trunk_inclination_deg,
    "pelvic_obliquity_deg": pelvic_obliquity_deg,
    "pelvic_drop_change_deg": pelvic_drop_change_deg,
    "lean_over_leg_change_deg": lean_over_leg_change_deg,
    "knee_bend_deg": knee_flexion_deg,
    "lateral_pelvic_shift_ratio": lateral_pelvic_shift_ratio,
    "lateral_trunk_shift_ratio": lateral_trunk_shift_ratio,
    "knee_height_difference_change_ratio": knee_height_difference_change_ratio,
    "heel_rise_ratio": heel_rise_ratio,
    "body_yaw_deg": body_yaw_deg,
}


def _by_side(of: Callable[[str], FloatArray]) -> FloatArray:
    return np.column_stack([of(side) for side in SIDES])


def _coco(clip: RenderedClip, side: str, name: str) -> FloatArray:
    return clip.joints_m[f"coco_{side}_{name}"]


def _angle_deg(a: FloatArray, corner: FloatArray, b: FloatArray) -> FloatArray:
    first, second = a - corner, b - corner
    cosine = np.sum(first * second, axis=1) / (np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1))
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


def _ankle_to_knee(clip: RenderedClip, side: str) -> FloatArray:
    return clip.joints_m[f"{side}_knee"] - clip.joints_m[f"{side}_ankle"]


def _shank_m(clip: RenderedClip, side: str) -> FloatArray:
    return np.linalg.norm(_ankle_to_knee(clip, side), axis=1)


def _foot_forward(clip: RenderedClip, side: str) -> FloatArray:
    """Direction of the foot over the floor, (T, 2), unit length."""
    along = (clip.joints_m[f"{side}_foot_index"] - clip.joints_m[f"{side}_heel"])[:, :2]
    return np.asarray(along / np.linalg.norm(along, axis=1, keepdims=True))


def _middle(joints: Mapping[str, FloatArray], name: str) -> FloatArray:
    return np.asarray((joints[f"left_{name}"] + joints[f"right_{name}"]) / 2)
