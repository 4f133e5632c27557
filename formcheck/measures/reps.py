"""Repetitions: a recording cut into descents and ascents by the height of the hips.

One rule for squats and lunges, at any frame rate: a repetition is a valley of the mid-hip's height in the picture
(:mod:`formcheck.measures.valleys`) that begins and ends at the lower of the two heights from which and to which the
body moves, and whose movement is that of a squat or a lunge (:mod:`formcheck.measures.movement`). What starts or ends
outside the recording has one wall only and is not counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from formcheck.body.pose import FloatArray, Pose, Side
from formcheck.measures.floor import bottom_frame
from formcheck.measures.heights import body_height_px, followed_height_ratio, hips_y_px, leg_length_px, witness_heights
from formcheck.measures.movement import movement_of, why_no_repetition, why_not_of_set
from formcheck.measures.smoothing import MAX_GAP_S
from formcheck.measures.valleys import MIN_DROP_RATIO, Valley, find_valleys

#: The body comes back to within this fraction of the fall where the recording ends on the way up, or began on the way
#: down: such a half is no repetition.
MAX_CUT_OFF_MISMATCH = 0.3
#: Where the body stops of itself, the two heights may differ by this fraction: who steps into a split squat or walks
#: up to the camera begins or ends it at another height. Real people: up to 0.6 (from a
#: split stance to standing); sitting down 0.8 and more.
MAX_END_MISMATCH = 0.7
#: Longest descent, longest ascent.
MAX_HALF_S = 6.0
#: Longer than this near the bottom is sitting, not a pause.
MAX_PAUSE_S = 5.0
#: A repetition begins and ends where this fraction of the drop is passed.
EDGE_FRACTION = 0.05
#: A body is still where it moves less than this share of its usual speed for STILL_S; on a smooth way the edge has 0.5.
STILL_SPEED, STILL_S = 0.2, 0.3
#: So much of the way may be a drift of the picture, nowhere quicker than this share of the usual speed.
MAX_DRIFT, DRIFT_SPEED = 0.4, 0.6
#: Who still rises by more than this fraction of the way in the last moment that is seen, is cut off.
STILL_FRACTION, LAST_S = 0.1, 0.25
#: On the way up once the hips have left the floor of the movement by this part of the way.
RISING_FROM = 0.1
#: Past the bottom for certain: a bounce there rises by less of the way before the body goes on down.
BOUNCE_FRACTION = 0.3
#: What lies within this fraction of the highest frame is the top.
TOP_FRACTION = 0.15


class Phase(StrEnum):
    """What the body is doing; the bottom is the instant between ECCENTRIC and CONCENTRIC."""

    STANDING = "standing"
    ECCENTRIC = "eccentric"
    CONCENTRIC = "concentric"


@dataclass(frozen=True, slots=True)
class Rep:
    """One complete repetition. ``start``, ``bottom`` and ``end`` are frame indices, all inclusive; times in seconds.

    ``number`` counts from 1. ``lead_side`` is the front leg of a lunge, None for a squat; ``variant`` the way of doing
    it, such as a forward lunge, None where the exercise has no variants or it cannot be told.
    """

    number: int
    start: int
    bottom: int
    end: int
    start_s: float
    bottom_s: float
    end_s: float
    lead_side: Side | None = None
    variant: str | None = None

    @property
    def frames(self) -> slice:
        """The repetition's frames."""
        return slice(self.start, self.end + 1)


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Somebody went down and up and it is no repetition. ``reason`` says what somebody did, measured after a colon."""

    start_s: float
    end_s: float
    reason: str
    drop_ratio: float  # fall of the hips, leg lengths


@dataclass(frozen=True, slots=True)
class Cut:
    """What a recording was cut into, each in order."""

    reps: tuple[Rep, ...]
    passed_over: tuple[PassedOver, ...]


def cut_reps(pose: Pose, whole: Pose | None = None, *, leg_px: float | None = None) -> tuple[Rep, ...]:
    """The complete repetitions of a smoothed recording, in order, without lead sides; arguments as :func:`cut`."""
    return cut(pose, whole, leg_px=leg_px).reps


def cut(pose: Pose, whole: Pose | None = None, *, leg_px: float | None = None, usual_drop: float = 0.0) -> Cut:
    """What a smoothed recording without cuts in its film holds.

    ``whole`` is the same recording with every landmark that the pose model guessed, ``leg_px`` the length of the leg
    where it is known from more than ``pose``, ``usual_drop`` the deepest fall of the repetitions before, 0 for none.
    """
    whole = pose if whole is None else whole
    leg_px = leg_length_px(pose) if leg_px is None else leg_px
    found = [
        (rep, movement_of(pose, whole, (rep.start, rep.bottom, rep.end), leg_px=leg_px))
        for rep in _candidates(pose, whole, leg_px)
    ]
    reasons = [_why_not_seen(pose, rep) or why_no_repetition(moved) for rep, moved in found]
    usual_drop = max(
        [usual_drop, *(moved.drop_ratio for (_, moved), reason in zip(found, reasons, strict=True) if not reason)]
    )
    reps: list[Rep] = []
    passed_over: list[PassedOver] = []
    for (rep, moved), reason in zip(found, reasons, strict=True):
        if reason := reason or why_not_of_set(moved, usual_drop):
            passed_over.append(PassedOver(rep.start_s, rep.end_s, reason, moved.drop_ratio))
        else:
            reps.append(replace(rep, number=len(reps) + 1))
    return Cut(tuple(reps), tuple(passed_over))


def rep_under_way(pose: Pose, whole: Pose | None = None, *, leg_px: float) -> Rep | None:
    """The repetition that has begun and is not over at the last frame; None where there is none.

    ``pose`` is a causally filtered one that begins after the repetition before, ``whole`` the same as the model gave
    it. The hips have fallen by MIN_DROP_RATIO and are not back up; ``bottom`` is where they were lowest so far, ``end``
    the last frame. It may come to nothing: only :func:`cut_reps` counts.
    """
    height = followed_height_ratio(pose, leg_px)
    recent = np.flatnonzero(np.isfinite(height) & (pose.time_s >= pose.time_s[-1] - MAX_HALF_S))
    if not recent.size:
        return None
    lowest = int(recent[np.argmin(height[recent])])
    before = recent[recent <= lowest]
    valley = Valley(int(before[np.argmax(height[before])]), lowest, int(recent[-1]))
    wall = _wall(pose.time_s, height, valley, valley.before)
    drop = _level(height, wall, valley) - height[lowest]
    edge = height[lowest] + (1 - EDGE_FRACTION) * drop
    start = int(wall[np.flatnonzero(height[wall] >= edge)[0]])
    end = len(pose) - 1
    if drop < MIN_DROP_RATIO or height[recent[-1]] >= edge:
        return None
    moved = movement_of(pose, pose if whole is None else whole, (start, lowest, start), leg_px=leg_px)
    if why_no_repetition(replace(moved, duration_s=np.inf)):
        return None
    return Rep(1, start, lowest, end, *pose.time_s[[start, lowest, end]].tolist())


def phases(time_s: FloatArray, reps: Sequence[Rep]) -> NDArray[np.str_]:
    """The phase of every frame, (T,), as strings."""
    phase = np.full(len(time_s), str(Phase.STANDING), dtype="U10")
    for rep in reps:
        phase[rep.start : rep.bottom + 1] = Phase.ECCENTRIC
        phase[rep.bottom + 1 : rep.end + 1] = Phase.CONCENTRIC
    return phase


def phase_under_way(pose: Pose, rep: Rep | None) -> Phase:
    """The phase of the last frame, of :func:`rep_under_way`: on the way up once the hips have risen by RISING_FROM."""
    if rep is None:
        return Phase.STANDING
    top, lowest, now = hips_y_px(pose)[[rep.start, rep.bottom, rep.end]]
    return Phase.CONCENTRIC if lowest - now > RISING_FROM * (lowest - top) else Phase.ECCENTRIC


def is_past_bottom(pose: Pose, rep: Rep) -> bool:
    """Whether the last frame of :func:`rep_under_way` is past the bottom for certain, and not in a bounce there."""
    top, lowest, now = hips_y_px(pose)[[rep.start, rep.bottom, rep.end]]
    return bool(lowest - now > BOUNCE_FRACTION * (lowest - top))


def depth_fraction(rep_pose: Pose) -> FloatArray:
    """How far down the hips are in each frame of a repetition: 0 at the higher end, 1 at the bottom; NaN where they are
    hidden. Where that is the bottom, shoulders or head tell how far it is: what is seen of the way there is not it.
    """
    height = -hips_y_px(rep_pose)
    top, low = np.nanmax(height[[0, -1]]), np.nanmin(followed_height_ratio(rep_pose, 1.0)) - rep_pose.height_px
    return np.asarray((top - height) / (top - low))


def _candidates(pose: Pose, whole: Pose, leg_px: float) -> Iterator[Rep]:
    """Every movement down and up that is seen whole, numbered 0; they do not overlap."""
    height, body_px = followed_height_ratio(pose, leg_px), body_height_px(pose)
    last_end = -1
    for valley in find_valleys(pose.time_s, height, witness_heights(pose, whole, leg_px)):
        ends = _ends(pose.time_s, height, valley)
        if ends is None:
            continue
        # Without a pause at the top, one frame may be the end of one and the start of the next.
        start, end = max(ends[0], last_end + 1), ends[1]
        start += int(np.argmax(np.isfinite(height[start:])))
        frames = slice(start, end + 1)
        bottom = start + bottom_frame(pose.time_s[frames], body_px[frames], valley.lowest - start)
        yield Rep(0, start, bottom, end, *pose.time_s[[start, bottom, end]].tolist())
        last_end = end


def _ends(time_s: FloatArray, height: FloatArray, valley: Valley) -> tuple[int, int] | None:
    """First and last frame of the movement through a valley; None where one of its walls is not seen whole."""
    walls = [_wall(time_s, height, valley, top) for top in (valley.before, valley.after)]
    levels = [_level(height, wall, valley) for wall in walls]
    falls = [level - height[valley.lowest] for level in levels]
    lower = int(np.argmin(falls))
    allowed = MAX_CUT_OFF_MISMATCH if _is_cut_off(time_s, height, walls[lower]) else MAX_END_MISMATCH
    if falls[lower] < MIN_DROP_RATIO or falls[1 - lower] - falls[lower] > allowed * falls[1 - lower]:
        return None
    start, end = (_edge(time_s, height, wall, levels[lower]) for wall in walls)
    return start, end


def _edge(time_s: FloatArray, height: FloatArray, wall: NDArray[np.intp], level: float) -> int:
    """Where a movement begins on a wall, or ends: EDGE_FRACTION below the level, or nearer to the bottom where the body
    is still, and only the picture drifts (a camera in somebody's hand, who walks up to it).
    """
    from_s = np.abs(time_s[wall] - time_s[wall[0]])
    risen = (height[wall] - height[wall[0]]) / (level - height[wall[0]])
    edge = int(np.flatnonzero(risen >= 1 - EDGE_FRACTION)[0])
    climbed = np.maximum.accumulate(risen[: edge + 1])
    usual = 0.4 / max(np.ptp(np.interp((0.2, 0.6), climbed, from_s[: edge + 1])), 1e-9)
    around = (np.interp(from_s + side * STILL_S, from_s, risen) for side in (0.5, -0.5))
    share = np.abs(np.subtract(*around))[: edge + 1] / (usual * STILL_S)
    calm_outwards = np.maximum.accumulate(share[::-1])[::-1] < DRIFT_SPEED
    still = (share < STILL_SPEED) & calm_outwards & (risen[: edge + 1] >= 1 - MAX_DRIFT)
    return int(wall[np.flatnonzero(still)[0] if still.any() else edge])


def _wall(time_s: FloatArray, height: FloatArray, valley: Valley, top: int) -> NDArray[np.intp]:
    """Seen frames from the bottom outwards to the top and along it, as far as the body stays there."""
    step = 1 if top > valley.lowest else -1
    outwards = np.arange(valley.lowest, len(height) if step > 0 else -1, step)
    within = (np.abs(time_s[outwards] - time_s[valley.lowest]) <= MAX_HALF_S) & np.isfinite(height[outwards])
    frames: NDArray[np.intp] = outwards[within]
    level = height[top] - TOP_FRACTION * (height[top] - height[valley.lowest])
    left = np.flatnonzero((np.abs(frames - valley.lowest) > abs(top - valley.lowest)) & (height[frames] < level))
    return frames[: left[0]] if left.size else frames


def _level(height: FloatArray, wall: NDArray[np.intp], valley: Valley) -> float:
    """Typical height on top of a wall: the middle of what lies within TOP_FRACTION of its highest frame."""
    highest = height[wall].max()
    return float(np.median(height[wall][height[wall] >= highest - TOP_FRACTION * (highest - height[valley.lowest])]))


def _is_cut_off(time_s: FloatArray, height: FloatArray, wall: NDArray[np.intp]) -> bool:
    """Whether the body still rises where a wall ends with the recording or out of sight."""
    step = int(np.sign(wall[-1] - wall[0])) or 1
    beyond = wall[-1] + step
    if (0 <= beyond < len(height) and np.isfinite(height[beyond])) or height[wall[-1]] < height[wall].max():
        return False
    last = wall[np.abs(time_s[wall] - time_s[wall[-1]]) <= LAST_S]
    return bool(height[last[-1]] - height[last[0]] > STILL_FRACTION * np.ptp(height[wall]))


def _why_not_seen(pose: Pose, rep: Rep) -> str | None:
    """Why a movement cannot be counted that was not seen, or is somebody sitting; None where it can."""
    height, time_s = followed_height_ratio(pose, 1.0)[rep.frames], pose.time_s[rep.frames]
    height, time_s = height[np.isfinite(height)], time_s[np.isfinite(height)]
    hidden_s = float(np.max(np.diff(time_s), initial=0.0))
    low_s = time_s[height <= height.min() + 0.25 * (min(height[[0, -1]]) - height.min())]
    pause_s = float(low_s[-1] - low_s[0])
    if hidden_s > 2 * MAX_GAP_S:
        return f"was out of sight: for {hidden_s:.1f} s of it"
    return f"stayed down as on a seat: for {pause_s:.0f} s" if pause_s > MAX_PAUSE_S else None
