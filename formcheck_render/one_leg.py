"""One leg works and the other does something else: the solver that these exercises share.

Five unknowns (pelvis x, y, z, swivel of the working knee, forward lean) and five equations, which an exercise picks
from those below. The legs are exact two-bone IK, so bones keep their lengths and planted feet never slide.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias, TypeVar

import numpy as np
from scipy.optimize import least_squares

from formcheck_render.arrays import Array
from formcheck_render.curves import stepped
from formcheck_render.exercises import Arms, OneLegRep, SideLunge, SingleLegSquat, SplitSquat, StepDown
from formcheck_render.measures import knee_flexion_deg, lateral_trunk_inclination_deg, medial_displacement_m
from formcheck_render.performance import Moment, Performance
from formcheck_render.posture import Foot, Poser, Trunk
from formcheck_render.props import Prop
from formcheck_render.rotations import about_x, about_y
from formcheck_render.schedule import Sway, make_schedule
from formcheck_render.sides import SIDES, Side, other

Leg: TypeAlias = tuple[Array, Array, Array]
FreeFoot: TypeAlias = Callable[[Array], Foot]
"""Where the other foot is, by where its hip joint (3,) is."""

STANDING_FLEXION_DEG = 6.0
STANDING_LEAN_RAD = 0.03
WOBBLE_HERTZ = 3.0
_PELVIS_SHARE = 0.8
_KNEE_CLEAR_M = 0.06
_MASSES = {"trunk": 0.68, "thigh": 0.10, "shank": 0.06}
_TRUNK_CENTRE = 0.62
_LEAN_ROUNDS, _LEAN_GAIN = 2, 1.5


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """A body whose working leg is `side`, as the solver tries it; `obliquity_rad` + right side lower."""

    poser: Poser
    side: Side
    root: Array
    pelvis: Array
    swivel_rad: float
    lean_rad: float
    roll_rad: float
    feet: Mapping[Side, Foot]
    legs: Mapping[Side, Leg]

    @property
    def past_toe_ratio(self) -> float:
        """Working knee beyond the shoe's tip / shoe length."""
        _, knee, ankle = self.legs[self.side]
        ahead = float((knee - ankle) @ self.feet[self.side].forward)
        return (ahead - self.poser.toe_ahead_m) / self.poser.foot_m

    @property
    def knee_in_ratio(self) -> float:
        """Medial displacement of the working knee / shank length."""
        _, knee, ankle = self.legs[self.side]
        return medial_displacement_m(knee, ankle, self.feet[self.side].forward, self.side) / self.poser.shank_m

    def centre_of_mass(self) -> Array:
        """A rough one (3,): trunk with head and arms, thighs, shanks with feet."""
        hips = [self.legs[s][0] for s in SIDES]
        up = (about_x(self.lean_rad) @ about_y(self.roll_rad))[:, 2]
        centre: Array = _MASSES["trunk"] * (np.mean(hips, axis=0) + _TRUNK_CENTRE * self.poser.trunk_m * up)
        for hip, knee, ankle in self.legs.values():
            centre += _MASSES["thigh"] * (hip + knee) / 2 + _MASSES["shank"] * (knee + ankle) / 2
        return centre


Equation: TypeAlias = Callable[[Body], float]


def bent(flexion_deg: float) -> Equation:
    """The working knee is bent so far."""
    return lambda body: (knee_flexion_deg(*body.legs[body.side]) - flexion_deg) / 10


def other_bent(flexion_deg: float) -> Equation:
    """The other knee is bent so far."""
    return lambda body: (knee_flexion_deg(*body.legs[other(body.side)]) - flexion_deg) / 10


def past_toe(ratio: float) -> Equation:
    """The working knee is so far beyond the toes."""
    return lambda body: (body.past_toe_ratio - ratio) * 5


def knee_in(ratio: float) -> Equation:
    """The working knee is so far inside."""
    return lambda body: (body.knee_in_ratio - ratio) * 10


def swivelled(swivel_rad: float) -> Equation:
    """The working knee is turned so far about the line from hip to ankle."""
    return lambda body: (body.swivel_rad - swivel_rad) * 5


def pelvis_at(axis: int, at_m: float) -> Equation:
    """The pelvis is there along a world axis."""
    return lambda body: float(body.root[axis] - at_m) * 20


def balanced(axis: int, at_m: float) -> Equation:
    """The centre of mass is there along a world axis."""
    return lambda body: float(body.centre_of_mass()[axis] - at_m) * 10


def leaning(lean_rad: float) -> Equation:
    """The trunk leans forward so far."""
    return lambda body: (body.lean_rad - lean_rad) * 5


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """A body that meets its equations, the unknowns (5,) it has, and the largest equation that is left."""

    body: Body
    unknowns: Array
    residual: float


@dataclass(frozen=True, slots=True, eq=False)
class Support:
    """What is fixed in one frame: the working foot, the other one, and how trunk and pelvis tilt sideways."""

    poser: Poser
    rep: OneLegRep
    foot: Foot
    free_foot: FreeFoot
    share: float

    def body(self, unknowns: Array) -> Body:
        """The body that has these unknowns."""
        side, poser = self.rep.lead_side, self.poser
        root, swivel, lean = unknowns[:3], float(unknowns[3]), float(unknowns[4])
        to_right = 1.0 if side == "left" else -1.0
        drop = to_right * np.radians(self.rep.pelvic_drop_deg) * self.share
        pelvis = about_x(lean * _PELVIS_SHARE) @ about_y(-drop)
        free = self.free_foot(root + pelvis @ (poser.hip[other(side)] - poser.root))
        feet = {side: self.foot, other(side): free}
        legs = {s: poser.bend_leg(root, pelvis, feet[s], s, swivel if s == side else 0.0) for s in SIDES}
        roll = to_right * np.radians(self.rep.side_lean_deg) * self.share
        return Body(poser, side, root, pelvis, swivel, lean, float(roll), feet, legs)

    def solve(self, equations: tuple[Equation, ...], start: Array) -> Solved:
        """The body that meets the equations, searched from the unknowns `start` (5,)."""

        def residuals(x: Array) -> list[float]:
            body = self.body(x)
            return [*(equation(body) for equation in equations), *_out_of_bounds(body)]

        found = least_squares(residuals, start, xtol=1e-9, ftol=1e-9, gtol=1e-9, max_nfev=80)
        return Solved(self.body(found.x), found.x, float(np.abs(found.fun).max()))


def _out_of_bounds(body: Body) -> tuple[float, float]:
    """How far the other leg is stretched beyond its length, and its knee under the floor; 0 inside."""
    hip, knee, _ = body.legs[other(body.side)]
    longest = (body.poser.thigh_m + body.poser.shank_m) * 0.999
    stretched = float(np.linalg.norm(body.feet[other(body.side)].ankle - hip)) / longest - 1
    return max(0.0, stretched) * 50, max(0.0, _KNEE_CLEAR_M - float(knee[2])) * 50


def start_of(poser: Poser) -> Array:
    """Unknowns (5,) of somebody who stands."""
    return np.array([0.0, 0.015, poser.root[2] - 0.01, 0.0, STANDING_LEAN_RAD])


@dataclass(frozen=True, slots=True)
class Instant:
    """When a frame is: `progress` 0 standing to 1 at the bottom, `amplitude` of the depth, `sway` as of `Sway.at`."""

    progress: float
    amplitude: float
    time_s: float
    sway: tuple[float, float, float]


_AT_BOTTOM = Instant(1.0, 1.0, 0.0, (0.0, 0.0, 0.0))


@dataclass(frozen=True, slots=True)
class Knee:
    """Swivel of the working knee that puts it where it was asked to be at the bottom, and what its shake adds.

    On the way there the swivel grows with the depth: a leg that is still straight has its knee where hip and foot put
    it, so that its distance from the foot's line cannot be asked for.
    """

    swivel_rad: float
    wobble_rad: float

    def at(self, share: float, time_s: float) -> Equation:
        """The knee at a share of the depth."""
        return swivelled(self.swivel_at(share, time_s))

    def swivel_at(self, share: float, time_s: float) -> float:
        """Its swivel, radians."""
        wobble = self.wobble_rad * float(np.sin(2 * np.pi * WOBBLE_HERTZ * time_s))
        return (self.swivel_rad + wobble) * stepped(0.2, 1.0, share)


def knee_of(rep: OneLegRep, bottom: Callable[[Equation, Array], Solved], start: Array) -> Knee:
    """The knee of a rep; `bottom` solves the lowest posture with an equation for the knee, from unknowns (5,)."""
    straight = bottom(swivelled(0.0), start).unknowns
    swivel = bottom(knee_in(rep.knee_in_ratio), straight).body.swivel_rad
    if not rep.wobble_ratio:
        return Knee(swivel, 0.0)
    return Knee(swivel, bottom(knee_in(rep.knee_in_ratio + rep.wobble_ratio), straight).body.swivel_rad - swivel)


def lean_at(rep: OneLegRep, share: float, mid_foot_y_m: float) -> Equation:
    """The trunk leans as asked, or so that the centre of mass is over mid-foot."""
    if rep.trunk_lean_deg is None:
        return balanced(1, mid_foot_y_m)
    return leaning(STANDING_LEAN_RAD + (np.radians(rep.trunk_lean_deg) - STANDING_LEAN_RAD) * share)


def moment_of(solved: Solved, instant: Instant, arms: tuple[Arms, float], planted: tuple[Side, ...]) -> Moment:
    """The frame of a body, with the slow sway of its trunk."""
    body, sway = solved.body, instant.sway
    trunk = Trunk(lean_rad=body.lean_rad + sway[1], roll_rad=body.roll_rad + sway[2] * 0.5, nod_rad=sway[2])
    posture = body.poser.pose(
        root=body.root,
        pelvis=body.pelvis,
        feet=body.feet,
        swivel_rad={body.side: body.swivel_rad, other(body.side): 0.0},
        trunk=trunk,
        arms=arms,
    )
    return Moment(posture, solved.residual, frozenset(planted), body.side)


class Run(Protocol):
    """A set that is being performed."""

    @property
    def props(self) -> tuple[Prop, ...]:
        """What stands around."""

    def moment(self, rep: OneLegRep, instant: Instant) -> Moment:
        """One frame, searched from where the last one ended."""


_E = TypeVar("_E", SingleLegSquat, SplitSquat, StepDown, SideLunge)


def perform(
    run_of: Callable[[Poser, _E], Run], poser: Poser, exercise: _E, fps: int, rng: np.random.Generator
) -> Performance:
    """All frames. The same generator state gives the same performance."""
    exercise = _leaning_as_asked(run_of, poser, exercise)
    schedule = make_schedule(len(exercise.reps), exercise.tempo, fps, rng)
    run, sway = run_of(poser, exercise), Sway(rng, exercise.tempo.sway_m)
    moments = []
    for i, time_s in enumerate(schedule.time_s):
        at = float(time_s)
        instant = Instant(float(schedule.progress[i]), float(schedule.amplitude[i]), at, sway.at(at))
        moments.append(run.moment(exercise.reps[schedule.rep_at(i)], instant))
    return Performance(schedule, tuple(moments), run.props)


def _leaning_as_asked(run_of: Callable[[Poser, _E], Run], poser: Poser, exercise: _E) -> _E:
    """The exercise with its chest rolled so far that hips to shoulders lean as asked: the spine bends in between."""
    asked = exercise.reps
    for _ in range(_LEAN_ROUNDS):
        run = run_of(poser, exercise)
        pairs = zip(asked, exercise.reps, strict=True)
        turned = {rep: _turned(rep.side_lean_deg, tried, run.moment(tried, _AT_BOTTOM)) for rep, tried in pairs}
        exercise = replace(exercise, reps=tuple(turned[rep] for rep in asked))
    return exercise


def _turned(asked_deg: float, rep: OneLegRep, moment: Moment) -> OneLegRep:
    points = moment.posture.points
    hips, shoulders = ((points[f"left_{name}"] + points[f"right_{name}"]) / 2 for name in ("hip", "shoulder"))
    to_right_deg = lateral_trunk_inclination_deg(hips, shoulders)
    leans_deg = -to_right_deg if rep.lead_side == "left" else to_right_deg
    return replace(rep, side_lean_deg=rep.side_lean_deg + _LEAN_GAIN * (asked_deg - leans_deg))
