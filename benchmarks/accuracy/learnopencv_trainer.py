"""The fixed limits and the counter of LearnOpenCV's squat trainer, written from its numbers for the accuracy tables.

It looks from the side, in whole pixels, at the angles of thigh and shin against the vertical.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from formcheck.body.geometry import angle_between_deg
from formcheck.body.pose import ANKLES, HIPS, KNEES, SHOULDERS, TOES, BoolArray, FloatArray, Landmark, Pose
from formcheck.measures.reps import Rep

SOURCE = (
    "github.com/spmallick/learnopencv, AI-Fitness-Trainer-Using-MediaPipe-Analyzing-Squats/thresholds.py and "
    "process_frame.py"
)
#: Thigh against the vertical, both ends included, degrees: standing, on the way; deep is the mode's.
_UPRIGHT_DEG, _ON_THE_WAY_DEG = (0, 32), (35, 65)
_TOO_DEEP_DEG = 95
#: Shoulders seen from the nose further apart than this: the view is too frontal, nothing is looked at.
_MAX_OFFSET_DEG = 35.0
#: It turns radians into degrees by int(180 / pi).
_ITS_DEGREES = np.floor(180 / np.pi) / (180 / np.pi)


@dataclass(frozen=True, slots=True)
class Mode:
    """The limits of one mode, degrees."""

    name: str
    deep_deg: tuple[int, int]
    max_shin_deg: int


BEGINNER = Mode("beginner", (70, 95), 45)
PRO = Mode("pro", (80, 95), 30)


class _Seen(NamedTuple):
    """Whole degrees against the vertical, (T,); NaN where nobody is seen or the view is too frontal."""

    thigh_deg: FloatArray
    shin_deg: FloatArray


def knee_falls_over_toe(mode: Mode, pose: Pose, rep: Rep) -> bool | None:
    """Whether the shin leans too far in any frame that is not upright; None if the view is too frontal throughout."""
    seen = _seen(pose.at(rep.frames))
    return bool((_leaning(seen, mode) & ~_within(seen.thigh_deg, _UPRIGHT_DEG)).any()) if _any(seen) else None


def never_deep(mode: Mode, pose: Pose, rep: Rep) -> bool | None:
    """Whether no frame reaches the deep state; None if the view is too frontal throughout."""
    seen = _seen(pose.at(rep.frames))
    return not _within(seen.thigh_deg, mode.deep_deg).any() if _any(seen) else None


def count_repetitions(mode: Mode, pose: Pose) -> int:
    """Repetitions it calls correct or incorrect; without its return to 0 after 15 s in one state."""
    seen = _seen(pose)
    states = np.select(
        [_within(seen.thigh_deg, range_deg) for range_deg in (_UPRIGHT_DEG, _ON_THE_WAY_DEG, mode.deep_deg)], [1, 2, 3]
    )
    with np.errstate(invalid="ignore"):
        wrong = _leaning(seen, mode) | (seen.thigh_deg > _TOO_DEEP_DEG)
    looked_at = np.isfinite(seen.thigh_deg)
    return _count(states[looked_at], wrong[looked_at])


def _count(states: NDArray[np.int_], wrong: BoolArray) -> int:
    """Its state machine: on the way, deep, on the way, upright; or upright again after something incorrect."""
    count, passed, incorrect = 0, "", False
    for state, is_wrong in zip(states, wrong, strict=True):
        if state == 1:
            count += passed in {"2", "232"} or incorrect
            passed, incorrect = "", False
            continue
        incorrect |= bool(is_wrong)
        if (state == 2 and passed in {"", "23"}) or (state == 3 and passed == "2"):
            passed += str(state)
    return count


def _seen(pose: Pose) -> _Seen:
    px = np.trunc(pose.image_px)
    shoulders, hips, knees, ankles, toes = (px[:, list(pair)] for pair in (SHOULDERS, HIPS, KNEES, ANKLES, TOES))
    nose = px[:, Landmark.NOSE]
    offset_deg = _whole(angle_between_deg(shoulders[:, 0] - nose, shoulders[:, 1] - nose))
    height_px = np.abs(toes[..., 1] - shoulders[..., 1])
    side = np.where(height_px[:, 0] > height_px[:, 1], 0, 1)
    frames = np.arange(len(px))
    up = np.array([0.0, -1.0])
    thigh_deg, shin_deg = (
        _whole(angle_between_deg((upper - lower)[frames, side], np.broadcast_to(up, (len(px), 2))))
        for upper, lower in ((hips, knees), (knees, ankles))
    )
    with np.errstate(invalid="ignore"):
        aligned = offset_deg <= _MAX_OFFSET_DEG
    return _Seen(np.where(aligned, thigh_deg, np.nan), np.where(aligned, shin_deg, np.nan))


def _whole(angle_deg: FloatArray) -> FloatArray:
    return np.asarray(np.trunc(angle_deg * _ITS_DEGREES))


def _any(seen: _Seen) -> bool:
    return bool(np.isfinite(seen.thigh_deg).any())


def _leaning(seen: _Seen, mode: Mode) -> BoolArray:
    with np.errstate(invalid="ignore"):
        return np.asarray(seen.shin_deg > mode.max_shin_deg)


def _within(values: FloatArray, range_deg: tuple[int, int]) -> BoolArray:
    with np.errstate(invalid="ignore"):
        return np.asarray((values >= range_deg[0]) & (values <= range_deg[1]))
