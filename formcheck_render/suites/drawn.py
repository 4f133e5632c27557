"""Clips drawn from a seed: a row says who is seen from where and what is done; all else is chance, once for all.

Front views lie within 20° of square, distances are 2.4 to 4.2 m, lens heights 0.5 to 1.6 m, rolls within 7°.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from formcheck_render.camera import View
from formcheck_render.exercises import Exercise, Lunge, LungeRep, Squat, SquatRep, Tempo
from formcheck_render.light import Light
from formcheck_render.looks import LOOKS, Clothes, Colour, Look
from formcheck_render.scenario import LANDSCAPE, PORTRAIT, UPRIGHT_640, WIDE_640, Scenario
from formcheck_render.sides import Side

Theme = Literal["caved", "toes_out", "crooked", "depths", "past_toes", "lunge_in", "lunge_past"]

_COLOURS: tuple[Colour, ...] = (
    (0.03, 0.05, 0.16),
    (0.72, 0.72, 0.70),
    (0.02, 0.02, 0.025),
    (0.5, 0.04, 0.04),
    (0.03, 0.30, 0.33),
    (0.28, 0.28, 0.29),
    (0.55, 0.42, 0.06),
    (0.10, 0.28, 0.08),
)
_LIGHTS = (Light(), Light(), Light(exposure=0.75), Light(exposure=0.32, key_level=1.3), Light(key_azimuth_deg=150))
_SIZES = (UPRIGHT_640, UPRIGHT_640, WIDE_640, PORTRAIT, LANDSCAPE)


@dataclass(frozen=True, slots=True)
class Row:
    """One clip to be drawn; ``reps`` keeps the first so many of its theme's repetitions."""

    theme: Theme
    body: str
    azimuth_deg: float
    fps: int = 30
    reps: int = 9


def _squat(theme: Theme, rng: np.random.Generator) -> Squat:
    makers = {"caved": _caved, "toes_out": _toes_out, "crooked": _crooked, "depths": _depths, "past_toes": _past_toes}
    toe_out = rng.uniform(24, 30) if theme == "toes_out" else rng.uniform(5, 20)
    stance = rng.uniform(1.35, 1.6) if theme == "toes_out" else rng.uniform(1.15, 1.5)
    reps = makers[theme](rng)
    return Squat(
        tuple(reps[i] for i in rng.permutation(len(reps))),
        stance_ratio=float(stance),
        toe_out_deg=float(toe_out),
        arms=("forward", "clasp")[int(rng.integers(2))],
        tempo=_tempo(rng),
    )


def _tempo(rng: np.random.Generator) -> Tempo:
    return Tempo(
        down_s=float(rng.uniform(0.75, 1.4)),
        hold_s=float(rng.uniform(0.1, 0.25)),
        up_s=float(rng.uniform(0.6, 1.1)),
        rest_s=float(rng.uniform(0.3, 0.6)),
        lead_s=0.6,
        vary_ratio=0.03,
    )


def _clean(rng: np.random.Generator, depth_deg: tuple[float, float] = (112, 126)) -> SquatRep:
    inward = float(rng.uniform(-0.08, 0.02))
    return SquatRep(float(rng.uniform(*depth_deg)), float(rng.uniform(-0.08, 0.02)), knee_in_ratio=(inward, inward))


def _knees(rng: np.random.Generator, left: float, right: float) -> SquatRep:
    return replace(_clean(rng, (106, 120)), knee_in_ratio=(left, right))


def _caved(rng: np.random.Generator) -> list[SquatRep]:
    both, one, slight = (float(rng.uniform(*span)) for span in ((0.15, 0.24), (0.15, 0.22), (0.06, 0.12)))
    lone = (one, -0.03) if rng.random() < 0.5 else (-0.03, one)
    return [_clean(rng), _clean(rng), _knees(rng, both, both), _knees(rng, *lone), _knees(rng, slight, slight)]


def _toes_out(rng: np.random.Generator) -> list[SquatRep]:
    """Knees inside the toe line, but outside the ankles: a ratio of knee gap to ankle gap calls them good."""
    subtle = [float(rng.uniform(0.14, 0.19)) for _ in range(2)]
    return [_clean(rng), _clean(rng), _clean(rng), *(_knees(rng, inward, inward) for inward in subtle)]


def _crooked(rng: np.random.Generator) -> list[SquatRep]:
    sign = float(rng.choice((-1, 1)))
    level = replace(_clean(rng, (106, 118)), knee_in_ratio=(0.0, 0.0))
    tilt = replace(level, pelvic_obliquity_deg=sign * float(rng.uniform(5.5, 8)), pelvis_shift_m=sign * 0.02)
    shift = replace(level, pelvis_shift_m=-sign * float(rng.uniform(0.03, 0.06)))
    slight = replace(level, pelvis_shift_m=sign * 0.015, pelvic_obliquity_deg=-sign * 2)
    return [level, replace(level, knee_in_ratio=(-0.03, -0.03)), tilt, shift, slight]


def _depths(rng: np.random.Generator) -> list[SquatRep]:
    return [_clean(rng, (70, 80)), _clean(rng, (85, 97)), _clean(rng, (102, 112)), _clean(rng, (118, 128))]


def _past_toes(rng: np.random.Generator) -> list[SquatRep]:
    past = [float(rng.uniform(*span)) for span in ((0.26, 0.36), (0.12, 0.2))]
    return [_clean(rng), _clean(rng, (104, 118)), *(replace(_clean(rng), knee_past_toe_ratio=ratio) for ratio in past)]


def _lunge(theme: Theme, rng: np.random.Generator) -> Lunge:
    def rep(side: Side) -> LungeRep:
        return LungeRep(side, float(rng.uniform(94, 104)), float(rng.uniform(-0.2, -0.08)), knee_in_ratio=0.0)

    first: Side = "left" if rng.random() < 0.5 else "right"
    other: Side = "right" if first == "left" else "left"
    if theme == "lunge_in":
        inward = [float(rng.uniform(*span)) for span in ((0.09, 0.16), (0.09, 0.14))]
        reps = [rep(first), replace(rep(other), knee_in_ratio=inward[0])]
        reps += [replace(rep(first), knee_in_ratio=inward[1]), rep(other)]
    else:
        past = float(rng.uniform(0.26, 0.32))
        reps = [rep(first), replace(rep(first), depth_deg=114.0, knee_past_toe_ratio=past), rep(other)]
    return Lunge(tuple(reps), step_ratio=float(rng.uniform(0.72, 0.85)), arms="hips", tempo=_tempo(rng))


def _view(azimuth_deg: float, rng: np.random.Generator) -> View:
    distance, height, roll = rng.uniform(2.4, 4.2), rng.uniform(0.5, 1.6), rng.uniform(-7, 7)
    return View(azimuth_deg, 0.0, height_m=float(height), distance_m=float(distance), roll_deg=float(roll))


def drawn_look(body: str, rng: np.random.Generator) -> Look:
    """The usual look of a body in other clothes and colours."""
    shirt, shorts = rng.choice(len(_COLOURS), 2, replace=False)
    clothes = Clothes(
        shirt=("tee", "tank", "long")[int(rng.integers(3))],
        shorts=("short", "knee", "tights")[int(rng.integers(3))],
        shirt_loose_m=float(rng.uniform(0.006, 0.022)),
        shorts_loose_m=float(rng.uniform(0.012, 0.035)),
        long_hair=LOOKS[body].clothes.long_hair,
    )
    return replace(LOOKS[body], shirt=_COLOURS[shirt], shorts=_COLOURS[shorts], clothes=clothes)


def drawn_light(rng: np.random.Generator) -> Light:
    """One of a few kinds of light."""
    return _LIGHTS[int(rng.integers(len(_LIGHTS)))]


def drawn_scenario(suite: str, number: int, row: Row) -> Scenario:
    """The clip of a row; suite and number are its seed."""
    rng = np.random.default_rng(zlib.crc32(f"{suite} {number}".encode()))
    exercise: Exercise
    if row.theme.startswith("lunge"):
        lunge = _lunge(row.theme, rng)
        exercise = replace(lunge, reps=lunge.reps[: row.reps])
    else:
        squat = _squat(row.theme, rng)
        exercise = replace(squat, reps=squat.reps[: row.reps])
    return Scenario(
        name=f"{number:02d}_{row.theme}_{row.body}_{row.azimuth_deg:+.0f}",
        body=row.body,
        view=_view(row.azimuth_deg, rng),
        size_px=_SIZES[int(rng.integers(len(_SIZES)))],
        exercise=exercise,
        fps=row.fps,
        look=drawn_look(row.body, rng),
        light=drawn_light(rng),
    )
