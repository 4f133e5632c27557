"""From targets of legs, trunk and arms to a rotation and a position for every bone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from formcheck_render.arrays import Array
from formcheck_render.character import Character
from formcheck_render.exercises import Arms
from formcheck_render.rotations import (
    about_x,
    about_y,
    about_z,
    between,
    cross,
    frame_along,
    swing_with_half_twist,
    unit,
)
from formcheck_render.sides import OUTWARD, SIDES, Side, bone

FORWARD = np.array([0.0, -1.0, 0.0])
_X = np.array([1.0, 0.0, 0.0])


@dataclass(frozen=True, slots=True, eq=False)
class Foot:
    """Where a foot is: ankle (3,), yaw and pitch in radians, `forward` (3,) along the shoe on the floor.

    `toe_keep` is the share of the pitch that the toes follow: 0 they stay flat, 1 the foot is rigid.
    """

    ankle: Array
    yaw_rad: float
    forward: Array
    pitch_rad: float = 0.0
    toe_keep: float = 0.0


@dataclass(frozen=True, slots=True)
class Trunk:
    """Orientation of the chest, radians: lean + forward, roll + left side down, yaw + to the left.

    `nod_rad` turns the head a little with the sway.
    """

    lean_rad: float
    roll_rad: float = 0.0
    yaw_rad: float = 0.0
    nod_rad: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Posture:
    """A posed body: bone rotations (bones, 3, 3), heads (bones, 3), and named points (3,) in metres.

    `points` has `left_` and `right_` eye, shoulder, elbow, wrist, hip, knee, ankle, heel and foot_index.
    """

    rotations: Array
    heads: Array
    points: Mapping[str, Array]
    foot_forward: Mapping[Side, Array]


def leg_ik(
    hip: Array, ankle: Array, lengths_m: tuple[float, float], forward: Array, swivel_rad: float
) -> tuple[Array, Array, Array]:
    """Two-bone leg: knee position, bend direction and hip-to-ankle direction, each (3,).

    Swivel 0 bends the knee in the plane of `forward`; + turns it to world +x. Both bones keep their
    lengths; a hip out of reach stretches nothing, the ankle is then missed.
    """
    thigh, shank = lengths_m
    gap = ankle - hip
    reach = min(float(np.linalg.norm(gap)), (thigh + shank) * 0.99995)
    down = unit(gap)
    along = (thigh**2 - shank**2 + reach**2) / (2 * reach)
    aside = np.sqrt(max(thigh**2 - along**2, 0.0))
    ahead = unit(forward - down * (forward @ down))
    across = cross(down, ahead)
    across = across if across[0] > 0 else -across
    bend = np.cos(swivel_rad) * ahead + np.sin(swivel_rad) * across
    return hip + along * down + aside * bend, bend, down


class Poser:
    """Poses one character; lengths are in metres and those of the rest pose."""

    def __init__(self, character: Character) -> None:
        self.character = character
        self.rig = character.rig
        self.root = self.rig.head("root")
        self.hip: dict[Side, Array] = {s: self.rig.head(bone("upperleg01", s)) for s in SIDES}
        self.knee: dict[Side, Array] = {s: self.rig.head(bone("lowerleg01", s)) for s in SIDES}
        self.ankle: dict[Side, Array] = {s: self.rig.head(bone("foot", s)) for s in SIDES}
        self.thigh_m = float(np.linalg.norm(self.knee["left"] - self.hip["left"]))
        self.shank_m = float(np.linalg.norm(self.ankle["left"] - self.knee["left"]))
        self.hip_width_m = float(self.hip["left"][0] - self.hip["right"][0])
        self.foot_m = float(np.linalg.norm((character.toe["left"] - character.heel["left"])[:2]))
        self.toe_ahead_m = float(self.ankle["left"][1] - character.toe["left"][1])
        self.ankle_height_m = float(self.ankle["left"][2])
        self.trunk_m = float(self.rig.head("neck01")[2] - self.root[2])

    def bend_leg(
        self, root: Array, pelvis: Array, foot: Foot, side: Side, swivel_rad: float
    ) -> tuple[Array, Array, Array]:
        """Hip, knee and ankle for a pelvis at `root` with rotation `pelvis`."""
        hip = root + pelvis @ (self.hip[side] - self.root)
        knee, _, _ = leg_ik(hip, foot.ankle, (self.thigh_m, self.shank_m), foot.forward, swivel_rad)
        return hip, knee, foot.ankle

    def pose(
        self,
        *,
        root: Array,
        pelvis: Array,
        feet: Mapping[Side, Foot],
        swivel_rad: Mapping[Side, float],
        trunk: Trunk,
        arms: tuple[Arms, float],
    ) -> Posture:
        """The posture; `arms` is what they do and how far (0..1) they have got."""
        draft = _Draft(self)
        draft.place("root", pelvis, root)
        for side in SIDES:
            draft.leg(side, root, pelvis, feet[side], swivel_rad[side])
        chest = draft.spine(pelvis, trunk)
        for side in SIDES:
            draft.arm(side, chest, *arms)
        draft.follow_parents()
        forward = {side: about_z(feet[side].yaw_rad) @ FORWARD for side in SIDES}
        return Posture(draft.rotations, draft.heads, draft.named_points(), forward)


class _Draft:
    """The bones of one posture while they are being placed."""

    def __init__(self, poser: Poser) -> None:
        self._poser = poser
        self._rig = poser.rig
        count = len(self._rig.bones)
        self.rotations = np.tile(np.eye(3), (count, 1, 1))
        self.heads = np.zeros((count, 3))
        self._placed = np.zeros(count, bool)
        self._marks: dict[str, Array] = {}

    def place(self, name: str, rotation: Array, head: Array | None = None) -> None:
        """Rotate a bone, and fix its head; without one it stays attached to its parent."""
        i = self._rig.index[name]
        self.rotations[i] = rotation
        if head is not None:
            self.heads[i] = head
            self._placed[i] = True

    def leg(self, side: Side, root: Array, pelvis: Array, foot: Foot, swivel_rad: float) -> None:
        """Pelvis half, thigh, shank, foot and toes of one side."""
        p = self._poser
        hip_rest, knee_rest, ankle_rest = p.hip[side], p.knee[side], p.ankle[side]
        hip = root + pelvis @ (hip_rest - p.root)
        knee, bend, down = leg_ik(hip, foot.ankle, (p.thigh_m, p.shank_m), foot.forward, swivel_rad)
        hinge = cross(bend, down)
        thigh = frame_along(knee - hip, hinge) @ frame_along(knee_rest - hip_rest, _X).T
        shank = frame_along(foot.ankle - knee, hinge) @ frame_along(ankle_rest - knee_rest, _X).T
        upper = pelvis @ swing_with_half_twist(pelvis.T @ thigh, unit(knee_rest - hip_rest))
        self.place(bone("pelvis", side), pelvis)
        self.place(bone("upperleg01", side), upper, hip)
        lower_thigh = self._rig.head(bone("upperleg02", side))
        self.place(bone("upperleg02", side), thigh, hip + thigh @ (lower_thigh - hip_rest))
        self.place(bone("lowerleg01", side), shank, knee)
        lower_shank = self._rig.head(bone("lowerleg02", side))
        self.place(bone("lowerleg02", side), shank, knee + shank @ (lower_shank - knee_rest))
        self._marks |= {f"{side}_hip": hip, f"{side}_knee": knee, f"{side}_ankle": foot.ankle}
        self._foot(side, foot, ankle_rest)

    def _foot(self, side: Side, foot: Foot, ankle_rest: Array) -> None:
        character = self._poser.character
        sole = about_z(foot.yaw_rad) @ about_x(foot.pitch_rad)
        toes = about_z(foot.yaw_rad) @ about_x(foot.pitch_rad * foot.toe_keep)
        self.place(bone("foot", side), sole, foot.ankle)
        for k in range(1, 6):
            for m in range(1, 4):
                if bone(f"toe{k}-{m}", side) in self._rig.index:
                    self.place(bone(f"toe{k}-{m}", side), toes)
        ball_rest = self._rig.head(bone("toebox", side))
        ball = foot.ankle + sole @ (ball_rest - ankle_rest)
        self.place(bone("toebox", side), toes, ball)
        self._marks[f"{side}_heel"] = foot.ankle + sole @ (character.heel[side] - ankle_rest)
        self._marks[f"{side}_foot_index"] = ball + toes @ (character.toe[side] - ball_rest)

    def spine(self, pelvis: Array, trunk: Trunk) -> Array:
        """Spine, neck and head, turning gradually from the pelvis to the chest; gives the chest's rotation."""
        chest = about_z(trunk.yaw_rad) @ about_x(trunk.lean_rad) @ about_y(trunk.roll_rad)
        for name, share in (("spine05", 0.1), ("spine04", 0.35), ("spine03", 0.6), ("spine02", 0.85), ("spine01", 1.0)):
            self.place(name, between(pelvis, chest, share))
        head_lean = about_x(trunk.lean_rad * 0.25)  # the eyes stay on the horizon
        for name, share in (("neck01", 0.35), ("neck02", 0.6), ("neck03", 0.8)):
            self.place(name, between(chest, head_lean @ about_z(trunk.yaw_rad * 0.3), share))
        for name in ("head", "eye.L", "eye.R"):
            self.place(name, head_lean @ about_z(trunk.yaw_rad * 0.3 + trunk.nod_rad))
        return chest

    def arm(self, side: Side, chest: Array, arms: Arms, share: float) -> None:
        """Shoulder girdle, arm and hand of one side; the hand is an extension of the forearm."""
        shoulder, elbow, wrist = (self._rig.head(bone(b, side)) for b in ("upperarm01", "lowerarm01", "wrist"))
        upper, fore = _arm_directions(side, chest, arms, share)
        upper_rest, fore_rest = unit(elbow - shoulder), unit(wrist - elbow)
        hinge, hinge_rest = cross(upper, fore), cross(upper_rest, fore_rest)
        upper_turn = frame_along(upper, hinge) @ frame_along(upper_rest, hinge_rest).T
        fore_turn = frame_along(fore, hinge) @ frame_along(fore_rest, hinge_rest).T
        for stem, turn in (
            ("clavicle", chest),
            ("shoulder01", chest),
            ("upperarm01", upper_turn),
            ("upperarm02", upper_turn),
            ("lowerarm01", fore_turn),
            ("lowerarm02", fore_turn),
        ):
            self.place(bone(stem, side), turn)
        for name in self._rig.bones:
            if name.startswith(("wrist", "finger", "metacarpal")) and name.endswith(bone("", side)):
                self.place(name, fore_turn)

    def follow_parents(self) -> None:
        """Attach every bone without a fixed head to its parent; parents precede their children."""
        rest = self._rig.heads
        for i in np.flatnonzero(~self._placed):
            parent = self._rig.parents[i]
            self.heads[i] = self.heads[parent] + self.rotations[parent] @ (rest[i] - rest[parent])

    def named_points(self) -> dict[str, Array]:
        """The landmarks that follow from the bones, by MediaPipe's names."""
        points = dict(self._marks)
        for side in SIDES:
            for name, stem in (("shoulder", "upperarm01"), ("elbow", "lowerarm01"), ("wrist", "wrist"), ("eye", "eye")):
                points[f"{side}_{name}"] = self.heads[self._rig.index[bone(stem, side)]].copy()
        return points


def _arm_directions(side: Side, chest: Array, arms: Arms, share: float) -> tuple[Array, Array]:
    """Unit directions (3,) of upper arm and forearm; hanging at share 0, in place at 1."""
    g = OUTWARD[side]
    hanging = (np.array([g * 0.22, -0.02, -1.0]), np.array([g * 0.10, -0.30, -1.0]))
    if arms == "sides":
        return unit(hanging[0]), unit(hanging[1])
    if arms == "clasp":
        return chest @ unit(np.array([g * 0.38, -0.55, -0.85])), chest @ unit(np.array([-g * 0.66, -0.72, 0.42]))
    if arms == "hips":
        return chest @ unit(np.array([g * 0.85, 0.42, -0.75])), chest @ unit(np.array([-g * 0.72, -0.62, -0.60]))
    raised = (np.array([g * 0.16, -1.0, 0.0]), np.array([-g * 0.06, -1.0, 0.04]))
    upper, fore = (unit(unit(h) * (1 - share) + unit(r) * share) for h, r in zip(hanging, raised, strict=True))
    return upper, fore
