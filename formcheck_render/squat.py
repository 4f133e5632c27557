"""Squats with planted feet, solved frame by frame.

The feet are fixed; the pelvis' position and one swivel angle a leg are the unknowns; the wanted knee
flexion, knee travel and frontal position of each knee are the equations. The legs are exact two-bone IK,
so bones keep their lengths and feet never slide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from formcheck_render.arrays import Array
from formcheck_render.curves import eased
from formcheck_render.exercises import Squat, SquatRep
from formcheck_render.measures import frontal_angle_deg, knee_flexion_deg, medial_displacement_m
from formcheck_render.performance import Moment, Performance
from formcheck_render.posture import FORWARD, Foot, Poser, Trunk
from formcheck_render.rotations import about_x, about_y, about_z
from formcheck_render.schedule import Sway, make_schedule
from formcheck_render.sides import OUTWARD, SIDES, Side

_STANDING_FLEXION_DEG = 6.0
_STANDING_LEAN_RAD = 0.03
_ANKLE_Y_M = 0.06
_STANDING_ROOT_Y_M = 0.015


@dataclass(frozen=True, slots=True, eq=False)
class _Wanted:
    """The equations of one frame; None in `past_toe_ratio` asks for the standing place of the pelvis."""

    rep: SquatRep
    share: float
    flexion_deg: float
    past_toe_ratio: float | None
    fppa_deg: Mapping[Side, float | None]
    knee_in_ratio: Mapping[Side, float | None]
    lean_rad: float
    sway_m: float


@dataclass(frozen=True, slots=True, eq=False)
class _Solved:
    unknowns: Array
    root: Array
    pelvis: Array
    legs: Mapping[Side, tuple[Array, Array, Array]]
    residual: float


class _SquatSolver:
    def __init__(self, poser: Poser, squat: Squat) -> None:
        self.poser = poser
        half = squat.stance_ratio * poser.hip_width_m / 2
        self.feet: dict[Side, Foot] = {}
        for side in SIDES:
            yaw = OUTWARD[side] * np.radians(squat.toe_out_deg)
            ankle = np.array([OUTWARD[side] * half, _ANKLE_Y_M, poser.ankle_height_m])
            self.feet[side] = Foot(ankle, yaw, about_z(yaw) @ FORWARD)

    def solve(self, wanted: _Wanted, start: Array) -> _Solved:
        """The pelvis and knees that meet the equations, searched from the unknowns `start` (4,)."""
        rep, share = wanted.rep, wanted.share
        pelvis = (
            about_z(np.radians(rep.pelvis_yaw_deg) * share)
            @ about_x(wanted.lean_rad * 0.85)
            @ about_y(-np.radians(rep.pelvic_obliquity_deg) * share)
        )
        root_x = -rep.pelvis_shift_m * share + wanted.sway_m

        def posed(x: Array) -> tuple[Array, dict[Side, tuple[Array, Array, Array]]]:
            root = np.array([root_x, x[0], x[1]])
            swivels = zip(SIDES, x[2:], strict=True)
            return root, {s: self.poser.bend_leg(root, pelvis, self.feet[s], s, float(a)) for s, a in swivels}

        def residuals(x: Array) -> list[float]:
            return self._residuals(wanted, x, *posed(x))

        found = least_squares(residuals, start, xtol=1e-9, ftol=1e-9, gtol=1e-9, max_nfev=80)
        root, legs = posed(found.x)
        return _Solved(found.x, root, pelvis, legs, float(np.abs(found.fun).max()))

    def _residuals(
        self, wanted: _Wanted, x: Array, root: Array, legs: Mapping[Side, tuple[Array, Array, Array]]
    ) -> list[float]:
        flexion = float(np.mean([knee_flexion_deg(*legs[s]) for s in SIDES]))
        errors = [(flexion - wanted.flexion_deg) / 10]
        if wanted.past_toe_ratio is None:
            errors.append((root[1] - _STANDING_ROOT_Y_M) * 20)
        else:
            errors.append((self.past_toe_ratio(legs) - wanted.past_toe_ratio) * 5)
        for side, swivel in zip(SIDES, x[2:], strict=True):
            knee_in, fppa = wanted.knee_in_ratio[side], wanted.fppa_deg[side]
            if knee_in is not None:
                errors.append((self.knee_in_ratio(legs, side) - knee_in) * 10)
            elif fppa is not None:
                errors.append((frontal_angle_deg(*legs[side], side) - fppa) / 5)
            else:
                errors.append(float(swivel) * 5)
        return errors

    def past_toe_ratio(self, legs: Mapping[Side, tuple[Array, Array, Array]]) -> float:
        """Knee beyond the shoe's tip / shoe length, mean of both legs."""
        ahead = [float((legs[s][1] - legs[s][2]) @ self.feet[s].forward) for s in SIDES]
        return (float(np.mean(ahead)) - self.poser.toe_ahead_m) / self.poser.foot_m

    def knee_in_ratio(self, legs: Mapping[Side, tuple[Array, Array, Array]], side: Side) -> float:
        """Medial knee displacement / shank length."""
        _, knee, ankle = legs[side]
        return medial_displacement_m(knee, ankle, self.feet[side].forward, side) / self.poser.shank_m

    def balanced_lean_rad(self, solved: _Solved, arms_share: float) -> float:
        """Trunk lean that puts a rough centre of mass over mid-foot.

        Masses as fractions of the body: trunk and head 0.68, thighs 0.20, shanks and feet 0.12.
        """
        hip_y = float(np.mean([solved.legs[s][0][1] for s in SIDES]))
        knee_y = float(np.mean([solved.legs[s][1][1] for s in SIDES]))
        mid_foot_y = _ANKLE_Y_M - 0.30 * self.poser.toe_ahead_m
        thigh_y, shank_y = (hip_y + knee_y) / 2, (knee_y + mid_foot_y) / 2
        trunk_y = (mid_foot_y - 0.20 * thigh_y - 0.12 * shank_y) / 0.68
        sine = (hip_y - 0.05 * arms_share - trunk_y) / (0.62 * self.poser.trunk_m)
        return float(np.arcsin(np.clip(sine, -0.05, 0.87)))


class _SquatRun:
    """Walks through the frames, each search starting where the last one ended."""

    def __init__(self, poser: Poser, squat: Squat) -> None:
        self.solver = _SquatSolver(poser, squat)
        self.arms_swing = squat.arms == "forward"
        self.lean_rad = _STANDING_LEAN_RAD
        start = np.array([_STANDING_ROOT_Y_M, poser.root[2] - 0.01, 0.0, 0.0])
        nothing: dict[Side, float | None] = dict.fromkeys(SIDES)
        standing = self.solver.solve(
            _Wanted(SquatRep(), 0, _STANDING_FLEXION_DEG, None, nothing, nothing, _STANDING_LEAN_RAD, 0.0), start
        )
        self.unknowns = standing.unknowns
        self.past_toe_0 = self.solver.past_toe_ratio(standing.legs)
        self.fppa_0 = {s: frontal_angle_deg(*standing.legs[s], s) for s in SIDES}
        self.knee_in_0 = {s: self.solver.knee_in_ratio(standing.legs, s) for s in SIDES}

    def wanted(self, rep: SquatRep, share: float, sway_m: float) -> _Wanted:
        """The equations at `share` (0 standing, 1 bottom) of a rep."""

        def ramp(pair: tuple[float | None, float | None], at_0: Mapping[Side, float]) -> dict[Side, float | None]:
            asked = zip(SIDES, pair, strict=True)
            return {s: None if v is None or share < 1e-6 else at_0[s] + (v - at_0[s]) * share for s, v in asked}

        return _Wanted(
            rep=rep,
            share=share,
            flexion_deg=_STANDING_FLEXION_DEG + (rep.depth_deg - _STANDING_FLEXION_DEG) * share,
            past_toe_ratio=self.past_toe_0 + (rep.knee_past_toe_ratio - self.past_toe_0) * share**0.85,
            fppa_deg=ramp(rep.fppa_deg, self.fppa_0),
            knee_in_ratio=ramp(rep.knee_in_ratio, self.knee_in_0),
            lean_rad=self.lean_rad,
            sway_m=sway_m,
        )

    def moment(self, rep: SquatRep, share: float, sway: tuple[float, float, float], squat: Squat) -> Moment:
        """Solve one frame: legs for a lean, lean for the legs, until they agree."""
        arms_share = eased(float(np.clip(share / 0.6, 0, 1)))
        for _ in range(3):
            solved = self.solver.solve(self.wanted(rep, share, sway[0]), self.unknowns)
            self.unknowns = solved.unknowns
            if rep.trunk_lean_deg is None:
                lean = self.solver.balanced_lean_rad(solved, arms_share if self.arms_swing else 0.5)
            else:
                lean = _STANDING_LEAN_RAD + (np.radians(rep.trunk_lean_deg) - _STANDING_LEAN_RAD) * share
            if abs(lean - self.lean_rad) < 1e-4:
                break
            self.lean_rad = 0.3 * self.lean_rad + 0.7 * lean
        trunk = Trunk(
            lean_rad=self.lean_rad + sway[1],
            roll_rad=-np.radians(rep.pelvic_obliquity_deg) * share * 0.4 + sway[2] * 0.5,
            yaw_rad=np.radians(rep.pelvis_yaw_deg) * share * 0.5,
            nod_rad=sway[2],
        )
        swivels = dict(zip(SIDES, (float(a) for a in self.unknowns[2:]), strict=True))
        posture = self.solver.poser.pose(
            root=solved.root,
            pelvis=solved.pelvis,
            feet=self.solver.feet,
            swivel_rad=swivels,
            trunk=trunk,
            arms=(squat.arms, arms_share),
        )
        return Moment(posture, solved.residual, frozenset(SIDES))


def perform_squat(poser: Poser, squat: Squat, fps: int, rng: np.random.Generator) -> Performance:
    """All frames of a set of squats. The same generator state gives the same performance."""
    schedule = make_schedule(len(squat.reps), squat.tempo, fps, rng)
    sway = Sway(rng, squat.tempo.sway_m)
    run = _SquatRun(poser, squat)
    moments = []
    for i, time_s in enumerate(schedule.time_s):
        rep = squat.reps[max(0, int(schedule.rep[i]))]
        share = float(schedule.progress[i] * schedule.amplitude[i])
        moments.append(run.moment(rep, share, sway.at(float(time_s)), squat))
    return Performance(schedule, tuple(moments))
