"""Squats on one leg: a planted foot under the centre of mass, the other leg in front, beside or behind."""

from __future__ import annotations

import numpy as np

from formcheck_render.arrays import Array
from formcheck_render.curves import eased
from formcheck_render.exercises import OneLegRep, SingleLegSquat
from formcheck_render.free_leg import HangingLeg, flat_foot
from formcheck_render.one_leg import (
    STANDING_FLEXION_DEG,
    STANDING_LEAN_RAD,
    Equation,
    Instant,
    Knee,
    Solved,
    Support,
    balanced,
    bent,
    knee_in,
    knee_of,
    lean_at,
    leaning,
    moment_of,
    past_toe,
    pelvis_at,
    perform,
    start_of,
    swivelled,
)
from formcheck_render.performance import Moment, Performance
from formcheck_render.posture import Foot, Poser
from formcheck_render.props import Prop
from formcheck_render.sides import OUTWARD, SIDES, Side, other

_ANKLE_Y_M = 0.06
_BESIDE_M = 0.13


class _Run:
    """Walks through the frames, each search starting where the last one ended."""

    props: tuple[Prop, ...] = ()

    def __init__(self, poser: Poser, squat: SingleLegSquat) -> None:
        self.poser, self.squat = poser, squat
        half = squat.width_ratio * poser.hip_width_m / 2
        self.feet: dict[Side, Foot] = {
            s: flat_foot(poser, s, (OUTWARD[s] * half, _ANKLE_Y_M, 0.0), squat.toe_out_deg) for s in SIDES
        }
        self.mid_foot_y = _ANKLE_Y_M - 0.30 * poser.toe_ahead_m
        equations = (
            bent(STANDING_FLEXION_DEG),
            pelvis_at(0, 0.0),
            pelvis_at(1, 0.015),
            knee_in(0.0),
            leaning(STANDING_LEAN_RAD),
        )
        standing = self._support(squat.reps[0], 0.0, 0.0).solve(equations, start_of(poser))
        self.unknowns, self.past_toe_0 = standing.unknowns, standing.body.past_toe_ratio
        self.knees = {rep: self._knee(rep) for rep in dict.fromkeys(squat.reps)}

    def _support(self, rep: OneLegRep, share: float, lift: float) -> Support:
        working, free = self.feet[rep.lead_side], other(rep.lead_side)
        beside = working.ankle + np.array([OUTWARD[free] * _BESIDE_M, 0.0, 0.0])

        leg = HangingLeg(self.poser, free, self.squat.free_leg, self.feet[free], beside)

        return Support(self.poser, rep, working, lambda hip: leg.foot(hip, share, lift), share)

    def _solve(self, rep: OneLegRep, progress: float, amplitude: float, knee: Equation, sway_m: float) -> Solved:
        """The weight goes over, the free foot comes up, the leg bends; searched from where the last search ended."""
        held = self.squat.is_held
        over, lift = (1.0, 1.0) if held else (eased(progress / 0.22), self._lift(progress))
        share = self._share(progress) * amplitude
        foot_x = float(self.feet[rep.lead_side].ankle[0])
        equations = (
            bent(STANDING_FLEXION_DEG + (rep.depth_deg - STANDING_FLEXION_DEG) * share),
            past_toe(self.past_toe_0 + (rep.knee_past_toe_ratio - self.past_toe_0) * share**0.85),
            knee,
            balanced(0, foot_x * over + sway_m),
            lean_at(rep, share, self.mid_foot_y),
        )
        return self._support(rep, share, lift).solve(equations, self.unknowns)

    def _share(self, progress: float) -> float:
        """How far down, once the weight is over."""
        return progress if self.squat.is_held else progress**1.5

    def _lift(self, progress: float) -> float:
        return 1.0 if self.squat.is_held else eased((progress - 0.03) / 0.25)

    def _knee(self, rep: OneLegRep) -> Knee:
        def bottom(knee: Equation, start: Array) -> Solved:
            self.unknowns = start
            return self._solve(rep, 1.0, 1.0, knee, 0.0)

        upright = self.unknowns
        for progress in np.linspace(0, 1, 9):
            self.unknowns = self._solve(rep, float(progress), 1.0, swivelled(0.0), 0.0).unknowns
        knee = knee_of(rep, bottom, self.unknowns)
        self.unknowns = upright
        return knee

    def moment(self, rep: OneLegRep, instant: Instant) -> Moment:
        """Solve one frame."""
        share = self._share(instant.progress) * instant.amplitude
        knee = self.knees[rep].at(share, instant.time_s)
        found = self._solve(rep, instant.progress, instant.amplitude, knee, instant.sway[0])
        self.unknowns = found.unknowns
        planted = SIDES if self._lift(instant.progress) == 0 else (rep.lead_side,)
        return moment_of(found, instant, (self.squat.arms, eased(share / 0.6)), planted)


def perform_single_leg_squat(poser: Poser, squat: SingleLegSquat, fps: int, rng: np.random.Generator) -> Performance:
    """All frames of a set of squats on one leg. The same generator state gives the same performance."""
    return perform(_Run, poser, squat, fps, rng)
