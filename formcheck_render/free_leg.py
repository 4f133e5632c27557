"""Feet: flat ones, and one that hangs from its hip in front of, beside or behind the other leg."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from formcheck_render.arrays import Array
from formcheck_render.exercises import FreeLeg
from formcheck_render.posture import FORWARD, Foot, Poser, leg_ik
from formcheck_render.rotations import about_x, about_z, unit
from formcheck_render.sides import OUTWARD, Side, bone

KNEE_DOWN = unit(np.array([0.0, -0.5, -0.85]))
"""Where the knee of a leg points whose foot is behind it."""
_POINTED_DEG: dict[FreeLeg, float] = {"front": 5.0, "beside": 10.0, "behind": 50.0}
_KNEE_OVER_FLOOR_M = 0.13


def flat_foot(poser: Poser, side: Side, at_m: tuple[float, float, float], toe_out_deg: float) -> Foot:
    """A foot whose ankle is over (x, y) of a floor at z."""
    yaw = OUTWARD[side] * np.radians(toe_out_deg)
    x, y, z = at_m
    return Foot(np.array([x, y, z + poser.ankle_height_m]), float(yaw), about_z(yaw) @ FORWARD)


def rolled(poser: Poser, side: Side, flat: Foot, pitch_rad: float) -> Foot:
    """A flat foot whose heel has come up by `pitch_rad` while its toes stay where they stand."""
    pivot = poser.rig.head(bone("toebox", side)) - poser.ankle[side]
    turn = about_z(flat.yaw_rad)
    ankle = flat.ankle + turn @ pivot - turn @ about_x(pitch_rad) @ pivot
    return Foot(ankle, flat.yaw_rad, flat.forward, pitch_rad)


@dataclass(frozen=True, slots=True, eq=False)
class HangingLeg:
    """A leg in the air `way` of the other; `flat` is where its foot stood, `beside` (3,) a place next to the other."""

    poser: Poser
    side: Side
    way: FreeLeg
    flat: Foot
    beside: Array

    def foot(self, hip: Array, share: float, lift: float) -> Foot:
        """On its way from `flat` (`lift` 0) to where it hangs (1), pointed as a relaxed foot is, never in the floor.

        `share` is 0 while the other leg stands and 1 when it is down; `hip` (3,) is the joint that this one hangs from.
        """
        poser, flat = self.poser, self.flat
        at = flat.ankle + (self._ankle(hip, share) - flat.ankle) * lift
        towards = unit(flat.forward * (1 - lift) + KNEE_DOWN * lift) if self.way == "behind" else flat.forward
        knee, _, _ = leg_ik(hip, at, (poser.thigh_m, poser.shank_m), towards, 0.0)
        shank = at - knee
        pitch = float((np.arctan2(shank[1], -shank[2]) + np.radians(_POINTED_DEG[self.way])) * lift)
        foot = Foot(at, flat.yaw_rad, towards, pitch, toe_keep=1.0)
        lowest = min(float(point[2]) for point in sole_points(poser, self.side, foot))
        return replace(foot, ankle=at + np.array([0.0, 0.0, max(0.0, -lowest)]))

    def _ankle(self, hip: Array, share: float) -> Array:
        poser, leg = self.poser, self.poser.thigh_m + self.poser.shank_m
        ankle: Array = self.beside + np.array([0.0, 0.05, 0.17 + 0.04 * share])
        if self.way == "front":
            over = poser.ankle_height_m + 0.07 + 0.05 * share
            cosine = float(np.clip((hip[2] - over) / (leg * 0.985), 0.05, 0.97))
            ankle = hip + _towards(leg * 0.985, -float(np.arccos(cosine)))
        elif self.way == "behind":
            cosine = float(np.clip((hip[2] - _KNEE_OVER_FLOOR_M) / poser.thigh_m, 0.3, 0.995))
            knee = hip + _towards(poser.thigh_m, float(np.arccos(cosine)))
            ankle = knee + _towards(poser.shank_m, float(np.radians(76 + 24 * share)))
        return ankle


def _towards(length_m: float, back_rad: float) -> Array:
    """A bone (3,) that hangs down, turned backwards."""
    bone_m: Array = length_m * np.array([0.0, np.sin(back_rad), -np.cos(back_rad)])
    return bone_m


def sole_points(poser: Poser, side: Side, foot: Foot) -> tuple[Array, Array]:
    """Heel and tip of the shoe (3,) on the ground, for a foot that is stiff."""
    turn = about_z(foot.yaw_rad) @ about_x(foot.pitch_rad)
    ankle = poser.ankle[side]
    ends = (poser.character.heel[side], poser.character.toe[side])
    heel, toe = (foot.ankle + turn @ (np.array([end[0], end[1], 0.0]) - ankle) for end in ends)
    return heel, toe
