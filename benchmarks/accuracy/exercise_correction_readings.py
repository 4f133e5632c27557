"""What is read from the lunge frames of the Exercise-Correction project: one value a frame, by several measures.

All but the first know the posture that the frame belongs to: which way the person faces and how long the shank is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.accuracy.exercise_correction_frames import HeldPose, facing, front_leg_first
from formcheck.body import kinematics
from formcheck.body.pose import KNEES, BoolArray, FloatArray, Pose
from formcheck.body.view import Plane, View
from formcheck.measures.correction import mediapipe_calibration
from formcheck.measures.standing import Baseline, baseline, plant_feet, toe_tips
from formcheck.measures.terms import leg_terms

MEASURE = "anterior_knee_displacement_ratio"
#: What the data say of themselves: filmed from the side. There are no world landmarks to tell the yaw.
SIDE_VIEW = View(yaw_deg=90.0, plane=Plane.SIDE, near_side=None)


@dataclass(frozen=True, slots=True)
class Readings:
    """One value a frame by each measure, (T,), shanks past the toe or degrees; a larger one is more over the toe.

    ``alone``: knee past MediaPipe's toe, from this frame and its labels of left and right only, the leg with the
    higher knee. ``shank_deg``: inclination of the front shank. ``toe_tip``: knee past the tip, nothing corrected.
    ``corrected``: the same as formcheck corrects it. ``of_pose``: the median of the latter over the held posture, for
    its whole clip.
    """

    alone: FloatArray
    shank_deg: FloatArray
    toe_tip: FloatArray
    corrected: FloatArray
    of_pose: FloatArray


def read(pose: Pose, held: list[HeldPose]) -> Readings:
    """Every measure of every frame; all clips together must cover the recording."""
    shank_deg, toe_tip, corrected, of_pose = (np.full(len(pose), np.nan) for _ in range(4))
    correction = mediapipe_calibration().corrections["lunge", MEASURE, Plane.SIDE]
    for one in held:
        towards = facing(pose.at(one.held))
        clip, start = front_leg_first(pose.at(one.clip), towards), front_leg_baseline(pose, one)
        planted = plant_feet(clip, start, np.ones(len(clip), dtype=bool))
        shank_deg[one.clip] = kinematics.shank_inclination_deg(clip)[:, 0] * _agrees(clip, towards)
        beyond = kinematics.anterior_knee_displacement_ratio(toe_tips(clip), shank_px=start.shank_px)
        toe_tip[one.clip] = beyond[:, 0] * _agrees(clip, towards)
        corrected[one.clip] = correction.apply(leg_terms(clip, planted, start, SIDE_VIEW))[:, 0]
        of_pose[one.clip] = np.median(corrected[one.held])
    return Readings(_alone(pose), shank_deg, toe_tip, corrected, of_pose)


def front_leg_baseline(pose: Pose, one: HeldPose) -> Baseline:
    """Lengths and the place of the feet of a held posture, the front leg as the left one: nobody is seen standing."""
    held = pose.at(one.held)
    front = front_leg_first(held, facing(held))
    return baseline(front, front, np.ones(len(front), dtype=bool))


def _alone(pose: Pose) -> FloatArray:
    beyond = kinematics.anterior_knee_displacement_ratio(pose)
    knees_y = pose.pair_px(KNEES)[..., 1]
    lead = np.argmin(knees_y, axis=-1)
    return np.take_along_axis(beyond, lead[:, None], axis=-1)[:, 0]


def _agrees(pose: Pose, towards: int) -> FloatArray:
    """-1 in frames whose feet point the other way than the person faces in the posture, else +1."""
    return np.where(kinematics.forward_direction(pose) * towards < 0, -1.0, 1.0)


def is_held(frames: int, held: list[HeldPose]) -> BoolArray:
    """Which frames of a recording belong to a held posture, (T,)."""
    mask = np.zeros(frames, dtype=bool)
    for one in held:
        mask[one.held] = True
    return mask
