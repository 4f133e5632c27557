"""Who performs which exercise."""

from __future__ import annotations

import numpy as np

from formcheck_render.exercises import Exercise, Lunge, SideLunge, SingleLegSquat, SplitSquat, Squat
from formcheck_render.lunge import perform_lunge
from formcheck_render.performance import Performance
from formcheck_render.posture import Poser
from formcheck_render.side_lunge import perform_side_lunge
from formcheck_render.single_leg_squat import perform_single_leg_squat
from formcheck_render.split_squat import perform_split_squat
from formcheck_render.squat import perform_squat
from formcheck_render.step_down import perform_step_down


def perform(poser: Poser, exercise: Exercise, fps: int, rng: np.random.Generator) -> Performance:
    """All frames of an exercise. The same generator state gives the same performance."""
    match exercise:
        case Squat():
            return perform_squat(poser, exercise, fps, rng)
        case Lunge():
            return perform_lunge(poser, exercise, fps, rng)
        case SingleLegSquat():
            return perform_single_leg_squat(poser, exercise, fps, rng)
        case SplitSquat():
            return perform_split_squat(poser, exercise, fps, rng)
        case SideLunge():
            return perform_side_lunge(poser, exercise, fps, rng)
        case _:
            return perform_step_down(poser, exercise, fps, rng)
