"""Clips of exercises on one leg, drawn from a seed as in `drawn`: three repetitions each, faults of many sizes.

`ONE_LEG` has the development bodies, `ONE_LEG_HELD_OUT` the six others, on whom nothing may be chosen.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from formcheck_render.camera import View
from formcheck_render.exercises import (
    Exercise,
    FreeLeg,
    OneLegRep,
    SideLunge,
    SingleLegSquat,
    SplitSquat,
    StepDown,
    Tempo,
    Way,
)
from formcheck_render.scenario import Scenario
from formcheck_render.sides import Side, other
from formcheck_render.suites.drawn import drawn_light, drawn_look

_UPRIGHT, _WIDE = (312, 416), (416, 312)
_FREE: tuple[FreeLeg, ...] = ("front", "beside", "behind")
_WAYS: tuple[Way, ...] = ("forward", "lateral", "backward")
_FPS = 15


@dataclass(frozen=True, slots=True)
class _Row:
    """Theme, body, azimuth in degrees, and which of the theme's kinds."""

    theme: str
    body: str
    azimuth_deg: float
    kind: int = 0


def _tempo(rng: np.random.Generator) -> Tempo:
    return Tempo(
        down_s=float(rng.uniform(0.9, 1.2)),
        hold_s=float(rng.uniform(0.15, 0.25)),
        up_s=float(rng.uniform(0.8, 1.05)),
        rest_s=float(rng.uniform(0.35, 0.55)),
        lead_s=0.7,
        vary_ratio=0.03,
    )


def _sides(rng: np.random.Generator, *, is_one: bool) -> tuple[Side, Side, Side]:
    first: Side = "left" if rng.random() < 0.5 else "right"
    return (first, first, first) if is_one else (first, other(first), first)


def _on_one_leg(rng: np.random.Generator, side: Side, depth_deg: tuple[float, float] = (66, 88)) -> OneLegRep:
    depth = float(rng.uniform(*depth_deg))
    return OneLegRep(
        side,
        depth_deg=depth,
        knee_past_toe_ratio=float(-0.05 + 0.006 * (depth - 60) + rng.uniform(-0.04, 0.04)),
        knee_in_ratio=float(rng.uniform(-0.05, 0.02)),
        pelvic_drop_deg=float(rng.uniform(-2, 4)),
        trunk_lean_deg=float(rng.uniform(14, 30)),
        side_lean_deg=float(rng.uniform(0, 4)),
    )


def _with_knee_in(reps: tuple[OneLegRep, ...], rng: np.random.Generator) -> tuple[OneLegRep, ...]:
    """The first as it is, the others with their knee in, the last more."""
    spans = ((0.10, 0.17), (0.17, 0.26))
    return (reps[0], *(replace(r, knee_in_ratio=float(rng.uniform(*s))) for r, s in zip(reps[1:], spans, strict=True)))


def _with_tilt(reps: tuple[OneLegRep, ...], rng: np.random.Generator) -> tuple[OneLegRep, ...]:
    """The first as it is, the second with its pelvis down at the free side, the third with its trunk over the leg."""
    drop = replace(reps[1], pelvic_drop_deg=float(rng.uniform(11, 18)))
    return reps[0], drop, replace(reps[2], side_lean_deg=float(rng.uniform(12, 20)))


def _single_leg(rng: np.random.Generator, kind: int) -> SingleLegSquat:
    is_held = kind % 2 == 1
    sides = _sides(rng, is_one=is_held)
    free_leg = _FREE[kind % 3]
    return SingleLegSquat(
        tuple(_on_one_leg(rng, side) for side in sides),
        free_leg=free_leg,
        is_held=is_held,
        toe_out_deg=float(rng.uniform(0, 10)),
        arms="forward" if free_leg == "front" else ("hips", "clasp")[int(rng.integers(2))],
        tempo=_tempo(rng),
    )


def _single_leg_depths(rng: np.random.Generator, kind: int) -> SingleLegSquat:
    squat = _single_leg(rng, kind)
    spans = ((50, 57), (70, 80), (92, 108) if squat.free_leg == "front" else (84, 92))
    reps = zip(squat.reps, spans, strict=True)
    return replace(squat, reps=tuple(_on_one_leg(rng, rep.lead_side, span) for rep, span in reps))


def _split(rng: np.random.Generator, kind: int) -> SplitSquat:
    bench_m = float(rng.uniform(0.32, 0.45)) if kind % 2 else 0.0
    (side, *_) = _sides(rng, is_one=True)
    rep = OneLegRep(
        side, float(rng.uniform(92, 102)), float(rng.uniform(-0.2, -0.08)), 0.0, side_lean_deg=0.0, trunk_lean_deg=0.0
    )
    return SplitSquat(
        (replace(rep, trunk_lean_deg=float(rng.uniform(3, 12))),) * 3,
        step_ratio=float(rng.uniform(0.78, 0.9)),
        bench_m=bench_m,
        arms=("hips", "clasp", "sides")[int(rng.integers(3))],
        tempo=_tempo(rng),
    )


def _split_sagittal(rng: np.random.Generator, kind: int) -> SplitSquat:
    """Clean, knee past the toes, too shallow."""
    squat = _split(rng, kind)
    clean = squat.reps[0]
    past = replace(clean, depth_deg=108.0, knee_past_toe_ratio=float(rng.uniform(0.22, 0.34)))
    shallow = replace(clean, depth_deg=float(rng.uniform(62, 70)), knee_past_toe_ratio=-0.3)
    return replace(squat, reps=(clean, past, shallow))


def _step(rng: np.random.Generator, kind: int) -> StepDown:
    way = _WAYS[kind % len(_WAYS)]
    reps = tuple(_on_one_leg(rng, side) for side in _sides(rng, is_one=way == "lateral"))
    past = {"forward": (0.1, 0.22), "lateral": (-0.1, 0.05), "backward": (-0.05, 0.1)}[way]
    return StepDown(
        tuple(replace(rep, knee_past_toe_ratio=float(rng.uniform(*past))) for rep in reps),
        way=way,
        box_m=float(rng.uniform(0.20, 0.27) if way == "backward" else rng.uniform(0.13, 0.19)),
        toe_out_deg=float(rng.uniform(0, 8)),
        tempo=_tempo(rng),
    )


def _side(rng: np.random.Generator, kind: int) -> SideLunge:
    is_wide = kind % 2 == 1
    sides = _sides(rng, is_one=False)
    depth = (100, 118) if is_wide else (82, 98)
    reps = (_on_one_leg(rng, side, depth) for side in sides)
    return SideLunge(
        tuple(
            replace(
                rep,
                knee_past_toe_ratio=float(rng.uniform(-0.1, 0.05)),
                pelvic_drop_deg=0.0,
                trunk_lean_deg=float(rng.uniform(22, 36)),
            )
            for rep in reps
        ),
        step_ratio=float(rng.uniform(1.02, 1.12) if is_wide else rng.uniform(0.92, 1.05)),
        is_wide=is_wide,
        toe_out_deg=float(rng.uniform(8, 20)),
        arms=("clasp", "forward")[int(rng.integers(2))],
        tempo=_tempo(rng),
    )


def _side_mixed(rng: np.random.Generator, kind: int) -> SideLunge:
    """Clean, leaning far forward, too shallow."""
    lunge = _side(rng, kind)
    clean, leaning, shallow = lunge.reps
    lean, depth = float(rng.uniform(56, 66)), float(rng.uniform(58, 66))
    reps = (clean, replace(leaning, trunk_lean_deg=lean), replace(shallow, depth_deg=depth, knee_past_toe_ratio=-0.3))
    return replace(lunge, reps=reps)


_THEMES: Mapping[str, Callable[[np.random.Generator, int], Exercise]] = {
    "one_leg_in": lambda rng, kind: _changed(_single_leg(rng, kind), _with_knee_in, rng),
    "one_leg_tilt": lambda rng, kind: _changed(_single_leg(rng, kind), _with_tilt, rng),
    "one_leg_depths": _single_leg_depths,
    "split_in": lambda rng, kind: _changed(_split(rng, kind), _with_knee_in, rng),
    "split_sagittal": _split_sagittal,
    "step_in": lambda rng, kind: _changed(_step(rng, kind), _with_knee_in, rng),
    "step_tilt": lambda rng, kind: _changed(_step(rng, kind), _with_tilt, rng),
    "side_in": lambda rng, kind: _changed(_side(rng, kind), _with_knee_in, rng),
    "side_mixed": _side_mixed,
}


def _changed(
    exercise: SingleLegSquat | SplitSquat | StepDown | SideLunge,
    change: Callable[[tuple[OneLegRep, ...], np.random.Generator], tuple[OneLegRep, ...]],
    rng: np.random.Generator,
) -> Exercise:
    return replace(exercise, reps=change(exercise.reps, rng))


def _scenario(suite: str, number: int, row: _Row) -> Scenario:
    rng = np.random.default_rng(zlib.crc32(f"{suite} {number}".encode()))
    exercise = _THEMES[row.theme](rng, row.kind)
    view = View(
        row.azimuth_deg,
        0.0,
        height_m=float(rng.uniform(0.6, 1.5)),
        distance_m=float(rng.uniform(2.9, 4.0)),
        roll_deg=float(rng.uniform(-5, 5)),
    )
    return Scenario(
        name=f"{suite}_{number:02d}_{row.theme}_{row.body}_{row.azimuth_deg:+.0f}",
        body=row.body,
        view=view,
        size_px=_WIDE if row.theme.startswith("side") else _UPRIGHT,
        exercise=exercise,
        fps=_FPS,
        look=drawn_look(row.body, rng),
        light=drawn_light(rng),
    )


#: Theme, number of its first clip, angles: the number is the seed, so it stays where clips are left out or added.
_PLAN: tuple[tuple[str, int, tuple[float, ...]], ...] = (
    ("one_leg_in", 1, (4, -9, 15, 0)),
    ("one_leg_tilt", 5, (-3, 10, 0)),
    ("one_leg_depths", 8, (90, -85)),
    ("split_in", 10, (3, -12)),
    ("split_sagittal", 13, (88, -94)),
    ("step_in", 16, (0, -8, 12)),
    ("step_tilt", 19, (-5, 3, -10)),
    ("side_in", 22, (2, -10)),
    ("side_mixed", 25, (0, 9)),
)

#: More of the development bodies, by number: so that either fault of one leg was seen on each of them.
_MORE: tuple[tuple[int, _Row], ...] = (
    (28, _Row("one_leg_in", "m_heavy", -4, 1)),
    (29, _Row("one_leg_in", "f_heavy", 8, 0)),
    (30, _Row("one_leg_tilt", "m_heavy", 5, 0)),
    (31, _Row("one_leg_tilt", "f_heavy", -7, 1)),
    (32, _Row("one_leg_tilt", "m_avg", -12, 2)),
    (33, _Row("step_tilt", "f_asian", 6, 0)),
    (34, _Row("step_tilt", "m_heavy", -3, 1)),
    (35, _Row("step_in", "f_asian", 9, 1)),
    (36, _Row("step_tilt", "f_heavy", 0, 2)),
    (37, _Row("side_in", "m_heavy", -4, 1)),
    (38, _Row("side_mixed", "f_heavy", 5, 0)),
)


def _suite(name: str, bodies: tuple[str, ...]) -> tuple[Scenario, ...]:
    """Every theme from each of its angles; bodies and kinds take turns."""
    rows = [
        (first + at, _Row(theme, bodies[(at + shift) % len(bodies)], azimuth_deg, at))
        for shift, (theme, first, angles) in enumerate(_PLAN)
        for at, azimuth_deg in enumerate(angles)
    ]
    return tuple(_scenario(name, number, row) for number, row in rows)


ONE_LEG = (
    *_suite("legs", ("m_avg", "f_avg", "m_dark", "f_asian", "m_heavy", "f_heavy")),
    *(_scenario("legs", number, row) for number, row in _MORE),
)
ONE_LEG_HELD_OUT = _suite("legs_held_out", ("m_slim", "f_strong", "m_old", "f_tall", "m_stocky", "f_old"))
