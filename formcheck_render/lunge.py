"""Lunges: the front foot steps out and back, the rear foot rolls over its ball.

Only the bottom of each rep is solved (pelvis position and swivel of the front knee for the wanted flexion,
knee travel and frontal position); the way there is eased, with both feet kept within reach.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from formcheck_render.arrays import Array
from formcheck_render.curves import eased, stepped
from formcheck_render.exercises import Lunge, LungeRep
from formcheck_render.measures import frontal_angle_deg, knee_flexion_deg, medial_displacement_m
from formcheck_render.performance import Moment, Performance
from formcheck_render.posture import FORWARD, Foot, Poser, Trunk
from formcheck_render.rotations import about_x, about_z
from formcheck_render.schedule import Sway, make_schedule
from formcheck_render.sides import OUTWARD, SIDES, Side, bone, other

_STANDING_FLEXION_DEG = 8.0
_STANDING_LEAN_RAD = 0.03
_STANDING_BACK_M = 0.045
_SWING_PITCH_RAD = float(np.radians(-12))
_SWING_LIFT_M = 0.07
_REAR_KNEE_M = 0.07


@dataclass(frozen=True, slots=True)
class _Bottom:
    """Pelvis (y, z), swivel of the front knee, and how far the solver stayed from what was asked."""

    y_m: float
    z_m: float
    swivel_rad: float
    residual: float


class _LungeRun:
    def __init__(self, poser: Poser, lunge: Lunge) -> None:
        self.poser, self.lunge = poser, lunge
        self.leg_m = poser.thigh_m + poser.shank_m
        self.half_m = lunge.width_ratio * poser.hip_width_m / 2
        self.step_m = lunge.step_ratio * self.leg_m
        self.rear_y = 0.25 * self.step_m  # the middle of the step lies near the origin
        self.standing_z = self._standing_z()

    def _standing_z(self) -> float:
        thigh, shank = self.poser.thigh_m, self.poser.shank_m
        bend = np.radians(_STANDING_FLEXION_DEG)
        reach = np.sqrt(thigh**2 + shank**2 + 2 * thigh * shank * np.cos(bend))
        aside = np.hypot(self.half_m - self.poser.hip_width_m / 2, _STANDING_BACK_M)
        hip_to_root = self.poser.root[2] - self.poser.hip["left"][2]
        return float(self.poser.ankle_height_m + np.sqrt(reach**2 - aside**2) + hip_to_root)

    def foot(self, side: Side, y_m: float, lift_m: float = 0.0, pitch_rad: float = 0.0) -> Foot:
        """A foot whose flat place has its ankle at `y_m`, rolled over the ball by `pitch_rad`."""
        yaw = OUTWARD[side] * np.radians(self.lunge.toe_out_deg)
        # turning about the ball's own joint keeps the toes exactly where they stand
        pivot = self.poser.rig.head(bone("toebox", side)) - self.poser.ankle[side]
        flat = np.array([OUTWARD[side] * self.half_m, y_m, self.poser.ankle_height_m])
        ankle = flat + about_z(yaw) @ pivot - about_z(yaw) @ about_x(pitch_rad) @ pivot
        ankle[2] += lift_m
        return Foot(ankle, yaw, about_z(yaw) @ FORWARD, pitch_rad)

    def bottom(self, rep: LungeRep, amplitude: float) -> _Bottom:
        """Solve the lowest posture of a rep, its depth scaled by `amplitude`."""
        front, rear = rep.lead_side, other(rep.lead_side)
        feet = {
            front: self.foot(front, self.rear_y - self.step_m),
            rear: self.foot(rear, self.rear_y, pitch_rad=np.radians(self.lunge.rear_heel_deg)),
        }
        pelvis = about_x(np.radians(self.lunge.trunk_lean_deg) * 0.6)

        def residuals(x: Array) -> list[float]:
            root = np.array([0.0, x[0], x[1]])
            legs = {s: self.poser.bend_leg(root, pelvis, feet[s], s, a) for s, a in ((front, float(x[2])), (rear, 0.0))}
            return self._residuals(rep, amplitude, feet[front], legs, float(x[2]))

        start = [self.rear_y - 0.55 * self.step_m, self.poser.root[2] - 0.35, 0.0]
        found = least_squares(residuals, start)
        y, z, swivel = (float(value) for value in found.x)
        return _Bottom(y, z, swivel, float(np.abs(found.fun).max()))

    def _residuals(
        self,
        rep: LungeRep,
        amplitude: float,
        foot: Foot,
        legs: Mapping[Side, tuple[Array, Array, Array]],
        swivel_rad: float,
    ) -> list[float]:
        _, knee, ankle = front = legs[rep.lead_side]
        rear_hip, rear_knee, rear_ankle = legs[other(rep.lead_side)]
        past_toe = (float((knee - ankle) @ foot.forward) - self.poser.toe_ahead_m) / self.poser.foot_m
        errors = [
            (knee_flexion_deg(*front) - rep.depth_deg * amplitude) / 10,
            (past_toe - rep.knee_past_toe_ratio) * 5,
        ]
        if rep.knee_in_ratio is not None:
            inwards = medial_displacement_m(knee, ankle, foot.forward, rep.lead_side) / self.poser.shank_m
            errors.append((inwards - rep.knee_in_ratio) * 10)
        elif rep.fppa_deg is not None:
            errors.append((frontal_angle_deg(*front, rep.lead_side) - rep.fppa_deg) / 5)
        else:
            errors.append(swivel_rad * 5)
        stretched = float(np.linalg.norm(rear_ankle - rear_hip)) / (self.leg_m * 0.995) - 1
        return [*errors, max(0.0, stretched) * 50, max(0.0, _REAR_KNEE_M - float(rear_knee[2])) * 50]

    def moment(self, rep: LungeRep, bottom: _Bottom, progress: float, sway: tuple[float, float, float]) -> Moment:
        """The posture at `progress` (0 standing, 1 bottom) of a rep."""
        front, rear = rep.lead_side, other(rep.lead_side)
        stride = eased(progress / 0.55)
        feet = {front: self._front_foot(front, stride), rear: self._rear_foot(rear, progress)}
        lean = _STANDING_LEAN_RAD + (np.radians(self.lunge.trunk_lean_deg) - _STANDING_LEAN_RAD) * progress
        pelvis = about_x(lean * 0.6)
        root = self._root(bottom, progress, pelvis, feet, sway[0])
        swivels = {front: bottom.swivel_rad * stepped(0.3, 1.0, progress), rear: 0.0}
        trunk = Trunk(lean_rad=lean + sway[1], roll_rad=sway[2] * 0.5, nod_rad=sway[2])
        posture = self.poser.pose(
            root=root, pelvis=pelvis, feet=feet, swivel_rad=swivels, trunk=trunk, arms=(self.lunge.arms, 1.0)
        )
        planted = SIDES if stride in {0.0, 1.0} else (rear,)
        return Moment(posture, bottom.residual, frozenset(planted), front)

    def _front_foot(self, side: Side, stride: float) -> Foot:
        lift = _SWING_LIFT_M * np.sin(np.pi * stride) if 0 < stride < 1 else 0.0
        placed = self.foot(side, self.rear_y - self.step_m * stride, lift)
        swing = _SWING_PITCH_RAD * float(np.sin(np.pi * stride)) * (stride > 0.02)
        return Foot(placed.ankle, placed.yaw_rad, placed.forward, swing, toe_keep=1.0)

    def _rear_foot(self, side: Side, progress: float) -> Foot:
        pitch = np.radians(self.lunge.rear_heel_deg) * eased((progress - 0.12) / 0.88)
        return self.foot(side, self.rear_y, pitch_rad=pitch)

    def _root(self, bottom: _Bottom, progress: float, pelvis: Array, feet: Mapping[Side, Foot], sway_m: float) -> Array:
        """The pelvis between standing and bottom, no higher than both legs reach."""
        start_y = self.rear_y - _STANDING_BACK_M
        share = 0.5 * eased(progress) + 0.5 * progress
        z = self.standing_z + (bottom.z_m - self.standing_z) * stepped(0.25, 1.0, progress)
        root = np.array([sway_m, start_y + (bottom.y_m - start_y) * share, 0.0])
        for side in SIDES:
            hip = pelvis @ (self.poser.hip[side] - self.poser.root)
            ankle = feet[side].ankle
            level = float((((root + hip) - ankle)[:2] ** 2).sum())
            z = min(z, float(ankle[2] + np.sqrt(max((self.leg_m * 0.9985) ** 2 - level, 0.01)) - hip[2]))
        root[2] = z
        return root


def perform_lunge(poser: Poser, lunge: Lunge, fps: int, rng: np.random.Generator) -> Performance:
    """All frames of a set of lunges. The same generator state gives the same performance."""
    schedule = make_schedule(len(lunge.reps), lunge.tempo, fps, rng)
    sway = Sway(rng, lunge.tempo.sway_m)
    run = _LungeRun(poser, lunge)
    amplitudes = [float(schedule.amplitude[schedule.rep == k].max(initial=0.0)) for k in range(len(lunge.reps))]
    bottoms = [run.bottom(rep, a) for rep, a in zip(lunge.reps, amplitudes, strict=True)]
    moments = []
    for i, time_s in enumerate(schedule.time_s):
        k = schedule.rep_at(i)
        moments.append(run.moment(lunge.reps[k], bottoms[k], float(schedule.progress[i]), sway.at(float(time_s))))
    return Performance(schedule, tuple(moments))
