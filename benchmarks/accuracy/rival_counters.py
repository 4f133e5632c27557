"""Repetition counters by fixed angles, as others published them, for the accuracy tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from benchmarks.accuracy import learnopencv_trainer as trainer
from formcheck.body.geometry import angle_at_deg
from formcheck.body.pose import ANKLES, HIPS, KNEES, Pose

#: Knee angles of ``ultralytics/solutions/config.py``, degrees.
_UP_DEG, _DOWN_DEG = 145.0, 90.0


@dataclass(frozen=True, slots=True)
class RivalCounter:
    """``count`` gives the repetitions of a raw recording."""

    name: str
    source: str
    note: str
    count: Callable[[Pose], int]


def _ai_gym(pose: Pose) -> int:
    """One repetition whenever the knee passes below the lower angle after having been above the upper one."""
    legs = np.array([*HIPS, *KNEES, *ANKLES]).reshape(3, 2)
    leg = int(np.argmax(pose.visibility[:, legs].mean(axis=(0, 1))))
    angles_deg = angle_at_deg(*(pose.pair_px(pair)[:, leg] for pair in (HIPS, KNEES, ANKLES)))
    count, is_up = 0, False
    for angle_deg in angles_deg:
        if angle_deg < _DOWN_DEG:
            count, is_up = count + is_up, False
        elif angle_deg > _UP_DEG:
            is_up = True
    return count


COUNTERS: tuple[RivalCounter, ...] = (
    RivalCounter(
        "Ultralytics AIGym",
        "github.com/ultralytics/ultralytics, ultralytics/solutions/ai_gym.py, config.py (up_angle, down_angle)",
        "pixels; hip, knee and ankle of the leg seen better in place of the arm that is its default; MediaPipe's "
        "landmarks in place of YOLO's",
        _ai_gym,
    ),
    *(
        RivalCounter(
            f"LearnOpenCV trainer, {mode.name}",
            trainer.SOURCE,
            "pixels; repetitions it calls correct and incorrect together; frontal frames are left out, as there",
            partial(trainer.count_repetitions, mode),
        )
        for mode in (trainer.BEGINNER, trainer.PRO)
    ),
)
