"""Step-downs from a box: one foot stays on it, the other heel touches the floor in front or beside."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from formcheck_render.arrays import Array
from formcheck_render.curves import eased, stepped
from formcheck_render.exercises import OneLegRep, StepDown, Way
from formcheck_render.free_leg import flat_foot, sole_points
from formcheck_render.measures import knee_flexion_deg
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
    other_bent,
    past_toe,
    pelvis_at,
    perform,
    start_of,
    swivelled,
)
from formcheck_render.performance import Moment, Performance
from formcheck_render.posture import FORWARD, Foot, Poser
from formcheck_render.props import Prop, box_under
from formcheck_render.sides import OUTWARD, SIDES, Side, other

_ANKLE_Y_M = 0.06
_EDGE_M = 0.07
"""From the middle of the standing foot to the edge of the box beside it."""
_FREE_KNEE_DEG: dict[Way, float] = {"forward": 10.0, "lateral": 10.0, "backward": 15.0}
_HANGING_M = 0.03
_PITCH_DEG: dict[Way, float] = {"forward": -14.0, "lateral": -14.0, "backward": 22.0}
"""Of the free foot: toes up, or on its toes."""
_REACH = 0.9992


@dataclass(frozen=True, slots=True)
class _Bottom:
    """What the box asks for: flexion of the standing knee, its swivel, and lean of the trunk."""

    depth_deg: float
    lean_rad: float
    knee: Knee


class _Run:
    """Walks through the frames, each search starting where the last one ended."""

    def __init__(self, poser: Poser, steps: StepDown) -> None:
        self.poser, self.steps = poser, steps
        half = steps.width_ratio * poser.hip_width_m / 2
        self.feet: dict[Side, Foot] = {
            s: flat_foot(poser, s, (OUTWARD[s] * half, _ANKLE_Y_M, steps.box_m), steps.toe_out_deg) for s in SIDES
        }
        self.edge_y = _ANKLE_Y_M - poser.toe_ahead_m - 0.01
        self.back_y = _ANKLE_Y_M + (0.09 if steps.way == "backward" else 0.16)
        self.mid_foot_y = _ANKLE_Y_M - 0.30 * poser.toe_ahead_m
        middle, ahead = (0.0, 0.015), (bent(STANDING_FLEXION_DEG), knee_in(0.0), leaning(STANDING_LEAN_RAD))
        start = start_of(poser) + np.array([0.0, 0.0, steps.box_m, 0.0, 0.0])
        equations = (*ahead, *(pelvis_at(axis, at) for axis, at in enumerate(middle)))
        standing = self._support(steps.reps[0], 0.0).solve(equations, start)
        self.unknowns, self.past_toe_0 = standing.unknowns, standing.body.past_toe_ratio
        self.bottoms = {rep: self._bottom(rep) for rep in set(steps.reps)}

    @property
    def props(self) -> tuple[Prop, ...]:
        """A box, wide enough for both feet, or only for the one that stands."""
        if self.steps.way != "lateral":
            return (box_under((-0.3, 0.3), (self.edge_y, self.back_y), self.steps.box_m),)
        side = self.steps.reps[0].lead_side
        x = float(self.feet[side].ankle[0])
        width = (x - OUTWARD[side] * _EDGE_M, x + OUTWARD[side] * 0.3)
        return (box_under(width, (self.edge_y, self.back_y), self.steps.box_m),)

    def _support(self, rep: OneLegRep, progress: float) -> Support:
        free = self._free_foot(rep, progress)
        longest = (self.poser.thigh_m + self.poser.shank_m) * _REACH if progress < 1 else float("inf")

        def free_foot(hip: Array) -> Foot:
            leg = free.ankle - hip
            return replace(free, ankle=hip + leg * min(1.0, longest / float(np.linalg.norm(leg))))

        return Support(self.poser, rep, self.feet[rep.lead_side], free_foot, progress)

    def _free_foot(self, rep: OneLegRep, progress: float) -> Foot:
        """From the box over its edge, or hanging beside it, until the heel is on the floor."""
        side = other(rep.lead_side)
        start, box_m = self.feet[side], self.steps.box_m
        if self.steps.way == "lateral":
            out, y, lift = 1.0, _ANKLE_Y_M - 0.10, _HANGING_M
            x = self.feet[rep.lead_side].ankle[0] + OUTWARD[side] * (_EDGE_M + 0.08)
        else:
            is_forward = self.steps.way == "forward"
            out = eased(progress / 0.5)
            there = self.edge_y - 0.09 if is_forward else self.back_y + self.poser.toe_ahead_m + 0.03
            y = start.ankle[1] + (there - start.ankle[1]) * out
            x, lift = start.ankle[0], 0.05 * eased(progress / 0.25)
        pitch = float(np.radians(_PITCH_DEG[self.steps.way])) * out
        sole_m = (box_m + lift) * (1 - stepped(0.2, 1.0, progress))
        foot = Foot(np.array([x, y, 0.0]), start.yaw_rad, FORWARD, pitch, toe_keep=1.0)
        lowest = min(float(point[2]) for point in sole_points(self.poser, side, foot))
        return replace(foot, ankle=np.array([x, y, sole_m - lowest]))

    def _equations(self, rep: OneLegRep, progress: float, knee: Equation, sway_m: float) -> tuple[Equation, ...]:
        over = 1.0 if self.steps.way == "lateral" else eased(progress / 0.22)
        return (
            past_toe(self.past_toe_0 + (rep.knee_past_toe_ratio - self.past_toe_0) * progress**0.85),
            knee,
            balanced(0, float(self.feet[rep.lead_side].ankle[0]) * over + sway_m),
        )

    def _bottom(self, rep: OneLegRep) -> _Bottom:
        """The free heel reaches the floor, its leg nearly straight."""
        ends = (other_bent(_FREE_KNEE_DEG[self.steps.way]), lean_at(rep, 1.0, self.mid_foot_y))

        def solved(knee: Equation, start: Array) -> Solved:
            return self._support(rep, 1.0).solve((*self._equations(rep, 1.0, knee, 0.0), *ends), start)

        start = self.unknowns + np.array([0.5 * self.feet[rep.lead_side].ankle[0], 0.15, -self.steps.box_m, 0.0, 0.4])
        knee = knee_of(rep, solved, start)
        body = solved(knee.at(1.0, 0.0), solved(swivelled(0.0), start).unknowns).body
        return _Bottom(knee_flexion_deg(*body.legs[rep.lead_side]), body.lean_rad, knee)

    def moment(self, rep: OneLegRep, instant: Instant) -> Moment:
        """Solve one frame: the box decides how deep."""
        progress = instant.progress
        share = progress if self.steps.way == "lateral" else progress**1.5
        bottom = self.bottoms[rep]
        ends = (
            bent(STANDING_FLEXION_DEG + (bottom.depth_deg - STANDING_FLEXION_DEG) * share),
            leaning(STANDING_LEAN_RAD + (bottom.lean_rad - STANDING_LEAN_RAD) * share),
        )
        equations = self._equations(rep, progress, bottom.knee.at(share, instant.time_s), instant.sway[0])
        found = self._support(rep, progress).solve((*equations, *ends), self.unknowns)
        self.unknowns = found.unknowns
        both = self.steps.way != "lateral" and progress == 0
        return moment_of(found, instant, (self.steps.arms, eased(share / 0.6)), SIDES if both else (rep.lead_side,))


def perform_step_down(poser: Poser, steps: StepDown, fps: int, rng: np.random.Generator) -> Performance:
    """All frames of a set of step-downs. The same generator state gives the same performance."""
    return perform(_Run, poser, steps, fps, rng)
