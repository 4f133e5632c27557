"""Split squats: both feet planted one ahead of the other, the rear one on its ball or on a bench."""

from __future__ import annotations

import numpy as np

from formcheck_render.arrays import Array
from formcheck_render.curves import eased
from formcheck_render.exercises import OneLegRep, SplitSquat
from formcheck_render.free_leg import KNEE_DOWN, flat_foot, rolled, sole_points
from formcheck_render.one_leg import (
    STANDING_LEAN_RAD,
    Equation,
    Instant,
    Knee,
    Solved,
    Support,
    bent,
    knee_in,
    knee_of,
    lean_at,
    leaning,
    moment_of,
    other_bent,
    past_toe,
    pelvis_at,
    perform,
    start_of,
    swivelled,
)
from formcheck_render.performance import Moment, Performance
from formcheck_render.posture import Foot, Poser
from formcheck_render.props import Prop, bench
from formcheck_render.sides import OUTWARD, SIDES, other

_STANDING_FLEXION_DEG = 12.0
_REAR_HEEL_DEG = (32.0, 56.0)
_ON_BENCH_DEG = 140.0


class _Run:
    """Walks through the frames, each search starting where the last one ended."""

    def __init__(self, poser: Poser, squat: SplitSquat) -> None:
        self.poser, self.squat = poser, squat
        front = squat.reps[0].lead_side
        half = squat.width_ratio * poser.hip_width_m / 2
        step_m = squat.step_ratio * (poser.thigh_m + poser.shank_m)
        self.rear_y = 0.45 * step_m
        self.foot = flat_foot(poser, front, (OUTWARD[front] * half, self.rear_y - step_m, 0.0), squat.toe_out_deg)
        self.rear_flat = flat_foot(poser, other(front), (-OUTWARD[front] * half, self.rear_y, 0.0), squat.toe_out_deg)
        where: Equation = pelvis_at(1, float(self.foot.ankle[1]) + 0.16) if squat.bench_m else other_bent(14.0)
        equations = (bent(_STANDING_FLEXION_DEG), where, pelvis_at(0, 0.0), knee_in(0.0), leaning(STANDING_LEAN_RAD))
        standing = self._support(squat.reps[0], 0.0).solve(equations, start_of(poser))
        self.unknowns, self.past_toe_0 = standing.unknowns, standing.body.past_toe_ratio
        self.knees = {rep: self._knee(rep) for rep in dict.fromkeys(squat.reps)}

    def _rear_foot(self, share: float) -> Foot:
        """On the ball, or with its back on the bench."""
        if not self.squat.bench_m:
            low, high = np.radians(_REAR_HEEL_DEG)
            return rolled(self.poser, other(self.squat.reps[0].lead_side), self.rear_flat, low + (high - low) * share)
        flat, side = self.rear_flat, other(self.squat.reps[0].lead_side)
        foot = Foot(flat.ankle, flat.yaw_rad, KNEE_DOWN, float(np.radians(_ON_BENCH_DEG)), toe_keep=1.0)
        _, toe = sole_points(self.poser, side, foot)
        up = np.array([0.0, 0.0, self.squat.bench_m + 0.035 - float(toe[2])])  # the shoe lies on its laces
        return Foot(flat.ankle + up, flat.yaw_rad, KNEE_DOWN, foot.pitch_rad, toe_keep=1.0)

    @property
    def props(self) -> tuple[Prop, ...]:
        """The bench under the rear foot, where there is one."""
        return bench(self.rear_y + 0.17, self.squat.bench_m) if self.squat.bench_m else ()

    def _support(self, rep: OneLegRep, share: float) -> Support:
        rear = self._rear_foot(share)

        def rear_foot(_: Array) -> Foot:
            return rear

        return Support(self.poser, rep, self.foot, rear_foot, share)

    def _solve(self, rep: OneLegRep, share: float, knee: Equation, sway_m: float, start: Array) -> Solved:
        equations = (
            bent(_STANDING_FLEXION_DEG + (rep.depth_deg - _STANDING_FLEXION_DEG) * share),
            past_toe(self.past_toe_0 + (rep.knee_past_toe_ratio - self.past_toe_0) * share),
            pelvis_at(0, sway_m),
            knee,
            lean_at(rep, share, float(self.foot.ankle[1])),
        )
        return self._support(rep, share).solve(equations, start)

    def _knee(self, rep: OneLegRep) -> Knee:
        start = self.unknowns
        for share in np.linspace(0, 1, 5):
            start = self._solve(rep, float(share), swivelled(0.0), 0.0, start).unknowns
        return knee_of(rep, lambda knee, start: self._solve(rep, 1.0, knee, 0.0, start), start)

    def moment(self, rep: OneLegRep, instant: Instant) -> Moment:
        """Solve one frame, from where the last search ended."""
        share = instant.progress * instant.amplitude
        found = self._solve(rep, share, self.knees[rep].at(share, instant.time_s), instant.sway[0], self.unknowns)
        self.unknowns = found.unknowns
        return moment_of(found, instant, (self.squat.arms, eased(share / 0.6)), SIDES)


def perform_split_squat(poser: Poser, squat: SplitSquat, fps: int, rng: np.random.Generator) -> Performance:
    """All frames of a set of split squats. The same generator state gives the same performance."""
    return perform(_Run, poser, squat, fps, rng)
