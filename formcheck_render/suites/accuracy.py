"""Clips to measure accuracy on: other cameras, bodies, clothes, light, frame rates and faults than the samples.

Nothing may be tuned on these. Each row is one clip; the camera is jittered by nothing, so that the table
says where it stood. Front views lie within 20° of square, distances are 2.3 to 4.5 m, lens heights 0.5 to
1.6 m, rolls within 8°, frame rates 15 to 120 a second.
"""

from __future__ import annotations

from dataclasses import replace

from formcheck_render.camera import View
from formcheck_render.exercises import Exercise, Lunge, LungeRep, Squat, SquatRep, Tempo
from formcheck_render.light import Light
from formcheck_render.looks import LOOKS, Clothes, Colour, Look
from formcheck_render.scenario import LANDSCAPE, PORTRAIT, UPRIGHT_640, WIDE_640, Scenario

_TEMPO = Tempo(down_s=1.1, hold_s=0.15, up_s=0.9, rest_s=0.5, lead_s=0.7, vary_ratio=0.04)
_SLOW = replace(_TEMPO, down_s=1.6, up_s=1.2)
_QUICK = replace(_TEMPO, down_s=0.75, up_s=0.6)

_CLEAN = SquatRep(depth_deg=124, knee_past_toe_ratio=0.0, knee_in_ratio=(-0.03, -0.03))
_WIDE_CLEAN = replace(_CLEAN, knee_in_ratio=(-0.08, -0.08))
_BEHIND = replace(_CLEAN, depth_deg=118, knee_past_toe_ratio=-0.10)
_L = LungeRep("left", depth_deg=102, knee_past_toe_ratio=-0.10, knee_in_ratio=0.0)
_R = replace(_L, lead_side="right")


def _in(left: float, right: float, depth_deg: float = 116) -> SquatRep:
    return SquatRep(depth_deg=depth_deg, knee_past_toe_ratio=-0.02, knee_in_ratio=(left, right))


def _past(ratio: float, depth_deg: float = 126) -> SquatRep:
    return SquatRep(depth_deg=depth_deg, knee_past_toe_ratio=ratio, knee_in_ratio=(-0.02, -0.02))


def _deep(depth_deg: float) -> SquatRep:
    return SquatRep(depth_deg=depth_deg, knee_past_toe_ratio=-0.06, knee_in_ratio=(-0.02, -0.02))


def _tilt(shift_m: float, obliquity_deg: float, yaw_deg: float = 0.0) -> SquatRep:
    return SquatRep(
        depth_deg=114,
        knee_past_toe_ratio=-0.05,
        knee_in_ratio=(0.0, 0.0),
        pelvis_shift_m=shift_m,
        pelvic_obliquity_deg=obliquity_deg,
        pelvis_yaw_deg=yaw_deg,
    )


def _lunge_in(rep: LungeRep, ratio: float) -> LungeRep:
    return replace(rep, knee_in_ratio=ratio)


def _lunge_past(rep: LungeRep, ratio: float) -> LungeRep:
    return replace(rep, depth_deg=114, knee_past_toe_ratio=ratio)


def _view(azimuth_deg: float, distance_m: float, height_m: float, roll_deg: float = 0.0) -> View:
    return View(azimuth_deg, 0.0, height_m=height_m, distance_m=distance_m, roll_deg=roll_deg)


def _look(body: str, shirt: Colour, shorts: Colour, clothes: Clothes, stature_m: float | None = None) -> Look:
    usual = LOOKS[body]
    return replace(usual, shirt=shirt, shorts=shorts, clothes=clothes, stature_m=stature_m or usual.stature_m)


_NAVY, _WHITE, _BLACK = (0.03, 0.05, 0.16), (0.72, 0.72, 0.70), (0.02, 0.02, 0.025)
_RED, _TEAL, _GREY = (0.5, 0.04, 0.04), (0.03, 0.30, 0.33), (0.28, 0.28, 0.29)
_SHORT, _KNEE, _TIGHTS = Clothes(), Clothes(shorts="knee"), Clothes(shorts="tights")
_LONG = Clothes(shirt="long", shorts="tights")
_TANK_HAIR = Clothes(shirt="tank", shorts="short", long_hair=True)
_TEE_HAIR = Clothes(shorts="tights", long_hair=True)
_DIM = Light(exposure=0.30, key_level=1.2, top_level=0.35)
_BACKLIT = Light(key_azimuth_deg=150, exposure=0.42)
_BRIGHT = Light(exposure=0.75)


def _squat(*reps: SquatRep, stance: float = 1.35, toe_out: float = 14, tempo: Tempo = _TEMPO) -> Exercise:
    return Squat(reps, stance_ratio=stance, toe_out_deg=toe_out, arms="forward", tempo=tempo)


def _quiet(*reps: SquatRep, stance: float = 1.35, toe_out: float = 14, tempo: Tempo = _TEMPO) -> Exercise:
    return Squat(reps, stance_ratio=stance, toe_out_deg=toe_out, arms="clasp", tempo=tempo)


def _lunge(*reps: LungeRep, step: float = 0.78) -> Exercise:
    return Lunge(reps, step_ratio=step, arms="hips", tempo=replace(_TEMPO, rest_s=0.4))


# fmt: off
_ROWS: tuple[tuple[str, str, View, tuple[int, int], int, Exercise, Look | None, Light], ...] = (
    ("squat_front_a", "m_heavy", _view(12, 3.2, 1.2, 3), UPRIGHT_640, 30,
     _squat(_CLEAN, _in(0.20, 0.20), _in(0.10, 0.10)), _look("m_heavy", _WHITE, _NAVY, _SHORT), Light()),
    ("squat_front_b", "f_asian", _view(-18, 2.7, 0.8), PORTRAIT, 60,
     _quiet(_CLEAN, _in(0.22, -0.03), _in(0.06, 0.06)), _look("f_asian", _RED, _BLACK, _TANK_HAIR), Light()),
    ("squat_front_c", "m_dark", _view(6, 4.5, 1.5, -5), LANDSCAPE, 30,
     _squat(_WIDE_CLEAN, _in(0.18, 0.18), _deep(80), stance=1.6, toe_out=25), None, _BRIGHT),
    ("squat_front_d", "f_avg", _view(-8, 2.3, 0.5, 2), PORTRAIT, 15,
     _squat(_CLEAN, _tilt(0.05, 7), _tilt(0, 0), tempo=_SLOW), _look("f_avg", _TEAL, _GREY, _LONG), Light()),
    ("squat_front_e", "m_avg", _view(0, 3.8, 1.0), WIDE_640, 30,
     _squat(_tilt(-0.06, -6, 6), _CLEAN, _tilt(0.03, 3)), _look("m_avg", _GREY, _RED, _KNEE, 1.92), _DIM),
    ("squat_front_f", "f_heavy", _view(16, 3.0, 1.6, -3), UPRIGHT_640, 30,
     _quiet(_deep(70), _CLEAN, _deep(95), stance=1.2), None, _BACKLIT),
    ("squat_front_g", "m_heavy", _view(-13, 2.6, 0.7, 8), PORTRAIT, 120,
     _squat(_CLEAN, _in(-0.03, 0.20), tempo=_QUICK), None, Light()),
    ("squat_front_h", "f_asian", _view(4, 3.4, 1.3, -8), WIDE_640, 30,
     _squat(_CLEAN, _BEHIND, _CLEAN, toe_out=5, stance=1.1), _look("f_asian", _WHITE, _NAVY, _TEE_HAIR, 1.52), Light()),
    ("squat_side_a", "m_avg", _view(97, 3.1, 0.7, 2), LANDSCAPE, 30,
     _squat(_BEHIND, _past(0.30), _past(0.12)), _look("m_avg", _RED, _GREY, _SHORT), Light()),
    ("squat_side_b", "f_heavy", _view(-83, 2.8, 1.4), UPRIGHT_640, 60,
     _quiet(_CLEAN, _past(0.27), tempo=_SLOW), _look("f_heavy", _WHITE, _BLACK, _TEE_HAIR), Light()),
    ("squat_side_c", "m_dark", _view(-100, 4.2, 1.0, -4), LANDSCAPE, 30,
     _squat(_deep(75), _CLEAN, _deep(100)), _look("m_dark", _TEAL, _GREY, _KNEE), _BRIGHT),
    ("squat_side_d", "f_avg", _view(88, 2.5, 0.5, 5), PORTRAIT, 15,
     _squat(_CLEAN, _past(0.33), tempo=_SLOW), None, _DIM),
    ("squat_side_e", "m_heavy", _view(79, 3.6, 1.6), WIDE_640, 120,
     _squat(_CLEAN, _past(0.28), tempo=_QUICK), _look("m_heavy", _NAVY, _GREY, _TIGHTS), Light()),
    ("squat_oblique_a", "f_avg", _view(30, 3.0, 1.1, -2), UPRIGHT_640, 30,
     _squat(_CLEAN, _in(0.20, 0.20), _past(0.27)), _look("f_avg", _NAVY, _GREY, _TEE_HAIR), Light()),
    ("squat_oblique_b", "m_dark", _view(-50, 3.5, 0.6, 4), LANDSCAPE, 30,
     _quiet(_CLEAN, _past(0.30), _deep(70)), None, Light()),
    ("squat_oblique_c", "m_avg", _view(60, 2.6, 1.5), PORTRAIT, 60,
     _squat(_CLEAN, _in(0.20, 0.0), tempo=_QUICK), _look("m_avg", _BLACK, _BLACK, _LONG, 1.68), _BRIGHT),
    ("lunge_front_a", "m_dark", _view(7, 3.1, 1.2, 3), UPRIGHT_640, 30,
     _lunge(_L, _lunge_in(_R, 0.12), _R), _look("m_dark", _RED, _BLACK, _SHORT), Light()),
    ("lunge_front_b", "f_heavy", _view(-15, 2.8, 0.8), PORTRAIT, 60,
     _lunge(_R, _lunge_in(_L, 0.15)), None, _DIM),
    ("lunge_front_c", "m_heavy", _view(-3, 4.0, 1.5, -6), LANDSCAPE, 30,
     _lunge(_L, _R, _lunge_in(_L, 0.06), step=0.85), None, Light()),
    ("lunge_side_a", "f_avg", _view(-93, 3.2, 0.9, -2), LANDSCAPE, 30,
     _lunge(_R, _lunge_past(_R, 0.28), _L), _look("f_avg", _TEAL, _BLACK, _TEE_HAIR), Light()),
    ("lunge_side_b", "m_avg", _view(84, 2.9, 1.3), UPRIGHT_640, 15,
     _lunge(_L, _lunge_past(_L, 0.30)), _look("m_avg", _WHITE, _RED, _KNEE), _BACKLIT),
    ("lunge_side_c", "f_asian", _view(95, 3.7, 0.6, 7), WIDE_640, 60,
     _lunge(_L, _lunge_past(_R, 0.27), step=0.72), None, Light()),
    ("lunge_oblique_a", "m_heavy", _view(42, 3.0, 1.0), UPRIGHT_640, 30,
     _lunge(_L, _lunge_in(_R, 0.13), _lunge_past(_L, 0.28)), _look("m_heavy", _RED, _NAVY, _SHORT), Light()),
    ("lunge_oblique_b", "f_heavy", _view(-35, 3.3, 1.6, -4), PORTRAIT, 120,
     _lunge(_R, replace(_L, depth_deg=75)), _look("f_heavy", _TEAL, _GREY, _TANK_HAIR, 1.74), _BRIGHT),
)
# fmt: on

ACCURACY: tuple[Scenario, ...] = tuple(
    Scenario(name, body, view, size, exercise, fps=fps, look=look, light=light)
    for name, body, view, size, fps, exercise, look, light in _ROWS
)
