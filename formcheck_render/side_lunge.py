"""Side lunges: a step to the side onto a leg that bends, or feet that stay wide apart.

Only the bottom is solved; the way there is eased, with both feet kept within reach, as in the lunge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from formcheck_render.arrays import Array
from formcheck_render.curves import eased, stepped
from formcheck_render.exercises import OneLegRep, SideLunge
from formcheck_render.free_leg import flat_foot
from formcheck_render.one_leg import (
    STANDING_LEAN_RAD,
    Equation,
    Instant,
    Knee,
    Solved,
    Support,
    bent,
    knee_of,
    lean_at,
    moment_of,
    other_bent,
    past_toe,
    perform,
    start_of,
    swivelled,
)
from formcheck_render.performance import Moment, Performance
from formcheck_render.posture import Foot, Poser
from formcheck_render.props import Prop
from formcheck_render.sides import OUTWARD, SIDES, Side, other

_ANKLE_Y_M = 0.06
_STRAIGHT_KNEE_DEG = 7.0
_LIFT_M = 0.06
_REACH = 0.9985


@dataclass(frozen=True, slots=True)
class _Bottom:
    """The lowest posture and the knee that leads to it."""

    solved: Solved
    knee: Knee


class _Run:
    """Walks through the frames between standing and a bottom solved for each rep and amplitude."""

    props: tuple[Prop, ...] = ()

    def __init__(self, poser: Poser, lunge: SideLunge) -> None:
        self.poser, self.lunge = poser, lunge
        self.leg_m = poser.thigh_m + poser.shank_m
        self.half_m = poser.hip_width_m / 2
        self.step_m = lunge.step_ratio * self.leg_m
        self._bottoms: dict[tuple[OneLegRep, float], _Bottom] = {}

    def _feet(self, lead: Side, stride: float) -> dict[Side, Foot]:
        """Both feet on the floor; the middle of the whole step is at x = 0."""
        narrow, wide = 2 * self.half_m, self.step_m
        if self.lunge.is_wide:
            lead_x = standing_x = wide / 2
        else:
            standing_x = narrow / 2
            lead_x = narrow / 2 + (wide - narrow) * stride
        places = {lead: OUTWARD[lead] * lead_x, other(lead): -OUTWARD[lead] * standing_x}
        turned = self.lunge.toe_out_deg
        feet = {s: flat_foot(self.poser, s, (places[s], _ANKLE_Y_M, 0.0), turned) for s in SIDES}
        if 0 < stride < 1 and not self.lunge.is_wide:
            up = np.array([0.0, 0.0, _LIFT_M * np.sin(np.pi * stride)])
            feet[lead] = replace(feet[lead], ankle=feet[lead].ankle + up)
        return feet

    def _support(self, rep: OneLegRep, feet: Mapping[Side, Foot], share: float) -> Support:
        def straight_foot(_: Array) -> Foot:
            return feet[other(rep.lead_side)]

        return Support(self.poser, rep, feet[rep.lead_side], straight_foot, share)

    def _bottom(self, rep: OneLegRep, amplitude: float) -> _Bottom:
        """The lowest posture of a rep, its depth scaled by `amplitude`."""
        feet = self._feet(rep.lead_side, 1.0)
        ends = (
            bent(rep.depth_deg * amplitude),
            other_bent(_STRAIGHT_KNEE_DEG),
            past_toe(rep.knee_past_toe_ratio),
            lean_at(rep, 1.0, _ANKLE_Y_M - 0.30 * self.poser.toe_ahead_m),
        )

        def solved(knee: Equation, start: Array) -> Solved:
            return self._support(rep, feet, 1.0).solve((*ends, knee), start)

        lead_x = float(feet[rep.lead_side].ankle[0])
        start = start_of(self.poser) + np.array([0.7 * lead_x, 0.2, -0.3, 0.0, 0.4])
        knee = knee_of(rep, solved, start)
        return _Bottom(solved(knee.at(1.0, 0.0), solved(swivelled(0.0), start).unknowns), knee)

    def moment(self, rep: OneLegRep, instant: Instant) -> Moment:
        """The posture on the way from standing to the bottom."""
        key = rep, instant.amplitude
        if key not in self._bottoms:
            self._bottoms[key] = self._bottom(*key)
        progress, bottom = instant.progress, self._bottoms[key].solved
        stride = 1.0 if self.lunge.is_wide else eased(progress / 0.5)
        feet = self._feet(rep.lead_side, stride)
        share = 0.5 * eased(progress) + 0.5 * progress
        low = bottom.unknowns
        high = np.array([0.0, 0.015, self.poser.root[2], 0.0, STANDING_LEAN_RAD])
        unknowns = high + (low - high) * np.array([share, share, stepped(0.25, 1.0, progress), 0.0, progress])
        unknowns[3] = self._bottoms[key].knee.swivel_at(progress, instant.time_s)
        unknowns[0] += instant.sway[0] * (1 - progress)
        support = self._support(rep, feet, progress)
        unknowns[2] = min(unknowns[2], self._highest(support, unknowns))
        found = Solved(support.body(unknowns), unknowns, bottom.residual)
        planted = SIDES if stride in {0.0, 1.0} else (other(rep.lead_side),)
        return moment_of(found, instant, (self.lunge.arms, eased(progress / 0.6)), planted)

    def _highest(self, support: Support, unknowns: Array) -> float:
        """How high the pelvis may be for both legs to reach their feet."""
        body = support.body(unknowns)
        highest = []
        for side in SIDES:
            hip, ankle = body.legs[side][0], body.feet[side].ankle
            level = float(((hip - ankle)[:2] ** 2).sum())
            over = np.sqrt(max((self.leg_m * _REACH) ** 2 - level, 0.01))
            highest.append(float(ankle[2] + over - (hip[2] - unknowns[2])))
        return min(highest)


def perform_side_lunge(poser: Poser, lunge: SideLunge, fps: int, rng: np.random.Generator) -> Performance:
    """All frames of a set of side lunges. The same generator state gives the same performance."""
    return perform(_Run, poser, lunge, fps, rng)
