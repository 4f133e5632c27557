"""The nineteen clips on which the biases of the pose model were first measured."""

from __future__ import annotations

from formcheck_render.camera import View
from formcheck_render.exercises import Lunge, LungeRep, Squat, SquatRep, Tempo
from formcheck_render.scenario import LANDSCAPE, PORTRAIT, UPRIGHT_640, Scenario
from formcheck_render.sides import Side

_FRONT, _LEFT, _RIGHT = View(0), View(90), View(-90)
_OBLIQUE_LEFT, _OBLIQUE_RIGHT = View(45), View(-45)
_LUNGE_TEMPO = Tempo(down_s=1.1, up_s=0.9)
_LUNGE_WAITING = Tempo(down_s=1.1, up_s=0.9, lead_s=0.6)


def _caving(*angles_deg: float | None) -> tuple[SquatRep, ...]:
    return tuple(SquatRep(fppa_deg=(angle, angle)) for angle in angles_deg)


def _travel(*ratios: float) -> tuple[SquatRep, ...]:
    return tuple(SquatRep(knee_past_toe_ratio=ratio) for ratio in ratios)


def _depths(*depths_deg: float) -> tuple[SquatRep, ...]:
    return tuple(SquatRep(depth_deg=depth) for depth in depths_deg)


def _lunge_travel(*reps: tuple[Side, float]) -> tuple[LungeRep, ...]:
    return tuple(LungeRep(side, knee_past_toe_ratio=ratio) for side, ratio in reps)


def _tilted(shift_m: float, obliquity_deg: float, yaw_deg: float, depth_deg: float = 100) -> SquatRep:
    return SquatRep(
        depth_deg=depth_deg, pelvis_shift_m=shift_m, pelvic_obliquity_deg=obliquity_deg, pelvis_yaw_deg=yaw_deg
    )


REFERENCE: tuple[Scenario, ...] = (
    Scenario("front_squat_m_valgus", "m_avg", _FRONT, PORTRAIT, Squat(_caving(None, 0, 12), stance_ratio=1.25)),
    Scenario(
        "front_squat_f_valgus",
        "f_avg",
        _FRONT,
        PORTRAIT,
        Squat(_caving(-5, 8, 18), stance_ratio=1.15, toe_out_deg=10, arms="clasp"),
    ),
    Scenario(
        "front_squat_dark_asym",
        "m_dark",
        _FRONT,
        LANDSCAPE,
        Squat((_tilted(0, 0, 0), _tilted(-0.05, -6, 6), _tilted(-0.07, -10, 10)), arms="hips"),
    ),
    Scenario(
        "front_squat_asian_oneleg_valgus",
        "f_asian",
        _FRONT,
        PORTRAIT,
        Squat(
            (SquatRep(fppa_deg=(0, 0)), SquatRep(fppa_deg=(15, 0)), SquatRep(fppa_deg=(0, 15))),
            toe_out_deg=8,
            stance_ratio=1.1,
        ),
    ),
    Scenario(
        "front_squat_mheavy_depth",
        "m_heavy",
        _FRONT,
        UPRIGHT_640,
        Squat(_depths(60, 85, 105), stance_ratio=1.5, toe_out_deg=22),
    ),
    Scenario(
        "front_squat_fheavy_valgus",
        "f_heavy",
        _FRONT,
        UPRIGHT_640,
        Squat(_caving(0, 10, 20), stance_ratio=1.2, arms="hips"),
    ),
    Scenario(
        "side_squat_m_knees", "m_avg", _LEFT, LANDSCAPE, Squat(_travel(-0.2, 0, 0.2), stance_ratio=1.2, toe_out_deg=8)
    ),
    Scenario(
        "side_squat_f_knees",
        "f_avg",
        _RIGHT,
        PORTRAIT,
        Squat(_travel(-0.1, 0.1, 0.25), stance_ratio=1.15, toe_out_deg=5, arms="clasp"),
    ),
    Scenario("side_squat_dark_depth", "m_dark", _LEFT, LANDSCAPE, Squat(_depths(60, 90, 115))),
    Scenario("side_squat_fheavy_depth", "f_heavy", _RIGHT, UPRIGHT_640, Squat(_depths(70, 90, 105), arms="hips")),
    Scenario(
        "front_squat_m_asym",
        "m_avg",
        _FRONT,
        UPRIGHT_640,
        Squat((_tilted(0, 0, 0, 90), _tilted(-0.03, -6, -6, 90), _tilted(-0.05, -9, -10, 90)), arms="clasp"),
    ),
    Scenario(
        "side_squat_f_asym",
        "f_avg",
        _LEFT,
        UPRIGHT_640,
        Squat((_tilted(0, 0, 0, 90), _tilted(0.03, 6, 6, 90), _tilted(-0.04, -9, -10, 90)), arms="hips"),
    ),
    Scenario(
        "oblique_squat_asian_valgus",
        "f_asian",
        _OBLIQUE_LEFT,
        PORTRAIT,
        Squat(_caving(None, 0, 15), stance_ratio=1.2),
    ),
    Scenario(
        "oblique_squat_mheavy",
        "m_heavy",
        _OBLIQUE_RIGHT,
        LANDSCAPE,
        Squat((*_depths(75, 95), *_caving(12)), stance_ratio=1.35),
    ),
    Scenario(
        "front_lunge_m",
        "m_avg",
        _FRONT,
        PORTRAIT,
        Lunge((LungeRep("left", fppa_deg=0), LungeRep("right", fppa_deg=0), LungeRep("left", fppa_deg=12))),
    ),
    Scenario(
        "front_lunge_f_valgus",
        "f_avg",
        _FRONT,
        UPRIGHT_640,
        Lunge((LungeRep("left", fppa_deg=8), LungeRep("right", fppa_deg=18)), arms="clasp", tempo=_LUNGE_WAITING),
    ),
    Scenario(
        "side_lunge_m",
        "m_avg",
        _LEFT,
        LANDSCAPE,
        Lunge(_lunge_travel(("left", -0.25), ("right", -0.25), ("left", 0)), tempo=_LUNGE_TEMPO),
    ),
    Scenario(
        "side_lunge_asian",
        "f_asian",
        _RIGHT,
        LANDSCAPE,
        Lunge(_lunge_travel(("right", -0.2), ("left", -0.2), ("right", 0.1)), tempo=_LUNGE_TEMPO),
    ),
    Scenario(
        "oblique_lunge_dark",
        "m_dark",
        _OBLIQUE_LEFT,
        PORTRAIT,
        Lunge((LungeRep("left", depth_deg=80), LungeRep("right", depth_deg=100)), arms="clasp", tempo=_LUNGE_WAITING),
    ),
)
