"""The clips in `sample_videos/`: short, one idea each, with a clean rep beside every fault.

"Clean" is meant by the truth: thigh at parallel or a little below, knees in line with the toes and
behind or over the tip of the shoe, both sides alike.
"""

from __future__ import annotations

from dataclasses import replace

from formcheck_render.camera import View
from formcheck_render.exercises import (
    Lunge,
    LungeRep,
    OneLegRep,
    SideLunge,
    SingleLegSquat,
    SplitSquat,
    Squat,
    SquatRep,
    StepDown,
    Tempo,
)
from formcheck_render.looks import LOOKS, Clothes
from formcheck_render.scenario import LANDSCAPE, PORTRAIT, UPRIGHT_640, WIDE_640, Scenario

_CRF = 26
_TEMPO = Tempo(down_s=0.95, hold_s=0.2, up_s=0.75, rest_s=0.4, lead_s=0.75, vary_ratio=0.01)
_LUNGE_TEMPO = Tempo(down_s=1.0, hold_s=0.2, up_s=0.9, rest_s=0.4, lead_s=0.75, vary_ratio=0.01)

_CLEAN = SquatRep(depth_deg=125, knee_past_toe_ratio=-0.02, knee_in_ratio=(-0.02, -0.02))
_KNEES_IN = SquatRep(depth_deg=118, knee_past_toe_ratio=-0.04, knee_in_ratio=(0.25, 0.25))
_LEFT_KNEE_IN = replace(_KNEES_IN, knee_in_ratio=(0.25, -0.02))
_RIGHT_KNEE_IN = replace(_KNEES_IN, knee_in_ratio=(-0.02, 0.25))
_PAST_TOES = SquatRep(depth_deg=130, knee_past_toe_ratio=0.29, knee_in_ratio=(-0.02, -0.02))
_SHALLOW = SquatRep(depth_deg=65, knee_past_toe_ratio=-0.10, knee_in_ratio=(-0.02, -0.02))
_LESS_SHALLOW = replace(_SHALLOW, depth_deg=82)
_TO_THE_RIGHT = SquatRep(
    depth_deg=118, knee_past_toe_ratio=-0.04, knee_in_ratio=(0, 0), pelvis_shift_m=0.06, pelvic_obliquity_deg=8
)
_TO_THE_LEFT = replace(_TO_THE_RIGHT, pelvis_shift_m=-0.06, pelvic_obliquity_deg=-8)
_LEFT_LUNGE = LungeRep("left", depth_deg=101, knee_past_toe_ratio=-0.12, knee_in_ratio=0.0)
_RIGHT_LUNGE = replace(_LEFT_LUNGE, lead_side="right")
_STANDS_LEFT = OneLegRep("left", depth_deg=75, knee_past_toe_ratio=0.05, knee_in_ratio=-0.02, trunk_lean_deg=20)
_SPLIT = OneLegRep(
    "left", depth_deg=98, knee_past_toe_ratio=-0.12, knee_in_ratio=0.0, trunk_lean_deg=9, side_lean_deg=0
)
_TO_THE_LEFT_SIDE = OneLegRep("left", depth_deg=92, knee_past_toe_ratio=0.0, knee_in_ratio=-0.02, trunk_lean_deg=28)


def _view(azimuth_deg: float, height_m: float, roll_deg: float = 0.0) -> View:
    return View(azimuth_deg, azimuth_spread_deg=0, height_m=height_m, distance_m=2.9, roll_deg=roll_deg, shake_ratio=0)


SAMPLES: tuple[Scenario, ...] = (
    Scenario(
        "squat_front_clean_f_avg",
        "f_avg",
        _view(2, 1.0),
        UPRIGHT_640,
        Squat((_CLEAN, _CLEAN, _CLEAN), stance_ratio=1.4, tempo=_TEMPO),
        note="three clean squats",
        crf=_CRF,
    ),
    Scenario(
        "squat_front_knees_in_m_avg",
        "m_avg",
        _view(-3, 0.9),
        UPRIGHT_640,
        Squat((_CLEAN, _KNEES_IN, _KNEES_IN), stance_ratio=1.4, tempo=_TEMPO),
        note="clean; both knees in; both knees in",
        crf=_CRF,
    ),
    Scenario(
        "squat_front_one_knee_in_f_asian",
        "f_asian",
        _view(0, 1.1),
        PORTRAIT,
        Squat((_CLEAN, _LEFT_KNEE_IN, _RIGHT_KNEE_IN), stance_ratio=1.4, arms="clasp", tempo=_TEMPO),
        note="clean; left knee in; right knee in",
        crf=_CRF,
    ),
    Scenario(
        "squat_front_pelvis_shift_m_dark",
        "m_dark",
        _view(3, 1.0),
        WIDE_640,
        Squat((_CLEAN, _TO_THE_RIGHT, _TO_THE_LEFT), stance_ratio=1.4, tempo=_TEMPO),
        note="clean; pelvis to the right and right side low; the same to the left",
        crf=_CRF,
    ),
    Scenario(
        "squat_side_clean_m_dark",
        "m_dark",
        _view(88, 0.9),
        LANDSCAPE,
        Squat((_CLEAN, _CLEAN), stance_ratio=1.25, toe_out_deg=10, tempo=_TEMPO),
        note="two clean squats",
        crf=_CRF,
        look=replace(LOOKS["m_dark"], shirt=(0.75, 0.32, 0.05), shorts=(0.06, 0.06, 0.07)),
    ),
    Scenario(
        "squat_side_knees_past_toes_f_heavy",
        "f_heavy",
        _view(-90, 0.9),
        UPRIGHT_640,
        Squat((_CLEAN, _PAST_TOES, _PAST_TOES), stance_ratio=1.3, toe_out_deg=8, tempo=_TEMPO),
        note="clean; knees past the toes; knees past the toes",
        crf=_CRF,
    ),
    Scenario(
        "squat_side_shallow_m_heavy",
        "m_heavy",
        _view(91, 1.0),
        UPRIGHT_640,
        Squat((_CLEAN, _SHALLOW, _LESS_SHALLOW), stance_ratio=1.4, tempo=_TEMPO),
        note="clean; far too shallow; too shallow",
        crf=_CRF,
    ),
    Scenario(
        "squat_oblique_knees_in_f_heavy",
        "f_heavy",
        _view(35, 1.1),
        UPRIGHT_640,
        Squat((_CLEAN, _KNEES_IN), stance_ratio=1.4, arms="clasp", tempo=_TEMPO),
        note="clean; both knees in",
        crf=_CRF,
        look=replace(
            LOOKS["f_heavy"],
            shirt=(0.5, 0.5, 0.52),
            shorts=(0.12, 0.16, 0.35),
            clothes=Clothes(shirt="tank", shorts="knee", long_hair=True),
        ),
    ),
    Scenario(
        "lunge_front_clean_m_avg",
        "m_avg",
        _view(2, 1.0),
        UPRIGHT_640,
        Lunge((_LEFT_LUNGE, _RIGHT_LUNGE), tempo=_LUNGE_TEMPO),
        note="clean, left leg in front; clean, right leg in front",
        crf=_CRF,
        look=replace(
            LOOKS["m_avg"], shirt=(0.55, 0.55, 0.50), shorts=(0.16, 0.05, 0.05), clothes=Clothes(shorts="knee")
        ),
    ),
    Scenario(
        "lunge_front_knee_in_f_avg",
        "f_avg",
        _view(-2, 1.0),
        PORTRAIT,
        Lunge(
            (_LEFT_LUNGE, replace(_RIGHT_LUNGE, knee_in_ratio=0.14), replace(_LEFT_LUNGE, knee_in_ratio=0.14)),
            arms="clasp",
            tempo=_LUNGE_TEMPO,
        ),
        note="clean, left leg in front; right front knee in; left front knee in",
        crf=_CRF,
    ),
    Scenario(
        "lunge_side_knee_past_toes_m_heavy",
        "m_heavy",
        _view(90, 0.9),
        LANDSCAPE,
        Lunge(
            (_LEFT_LUNGE, replace(_LEFT_LUNGE, depth_deg=116, knee_past_toe_ratio=0.29)),
            tempo=_LUNGE_TEMPO,
        ),
        note="clean, left leg in front; left front knee past the toes",
        crf=_CRF,
    ),
    Scenario(
        "lunge_oblique_clean_f_asian",
        "f_asian",
        _view(-40, 1.1),
        UPRIGHT_640,
        Lunge((_LEFT_LUNGE, _RIGHT_LUNGE), tempo=_LUNGE_TEMPO),
        note="clean, left leg in front; clean, right leg in front",
        crf=_CRF,
    ),
    Scenario(
        "single_leg_squat_front_knee_in_f_avg",
        "f_avg",
        _view(2, 1.0),
        UPRIGHT_640,
        SingleLegSquat(
            (_STANDS_LEFT, replace(_STANDS_LEFT, lead_side="right", knee_in_ratio=0.24)),
            arms="clasp",
            tempo=_LUNGE_TEMPO,
        ),
        note="clean, on the left leg; on the right leg, knee in",
        crf=_CRF,
    ),
    Scenario(
        "split_squat_side_raised_m_avg",
        "m_avg",
        _view(90, 0.9),
        WIDE_640,
        SplitSquat(
            (_SPLIT, replace(_SPLIT, depth_deg=110, knee_past_toe_ratio=0.29)),
            bench_m=0.38,
            step_ratio=0.84,
            tempo=_LUNGE_TEMPO,
        ),
        note="rear foot on a bench: clean, left leg in front; left front knee past the toes",
        crf=_CRF,
    ),
    Scenario(
        "step_down_front_pelvis_drops_m_dark",
        "m_dark",
        _view(-2, 1.0),
        UPRIGHT_640,
        StepDown(
            (_STANDS_LEFT, replace(_STANDS_LEFT, pelvic_drop_deg=16)), way="lateral", box_m=0.18, tempo=_LUNGE_TEMPO
        ),
        note="on the left leg, to the right from a box: clean; right side of the pelvis drops",
        crf=_CRF,
    ),
    Scenario(
        "side_lunge_front_knee_in_f_asian",
        "f_asian",
        _view(0, 1.0),
        WIDE_640,
        SideLunge(
            (_TO_THE_LEFT_SIDE, replace(_TO_THE_LEFT_SIDE, lead_side="right", knee_in_ratio=0.24)),
            tempo=_LUNGE_TEMPO,
        ),
        note="clean, to the left; to the right, knee in",
        crf=_CRF,
    ),
)
