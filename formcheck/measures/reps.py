"""Repetitions: a recording cut into descents and ascents by the height of the hips.

One rule for squats and lunges, at any frame rate: a repetition is a valley of the mid-hip's height in the
picture, at least MIN_DROP_RATIO of the leg deep on both sides, that ends about where it began, with the legs
shorter at the bottom (so that neither a jump nor a step towards the camera counts). What starts or ends outside
the recording has one wall only and is not counted; neither is sitting down and staying there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from formcheck.body.geometry import distance, mean_of_seen
from formcheck.body.pose import ANKLES, HIPS, KNEES, SHOULDERS, FloatArray, Pose, Side
from formcheck.measures.smoothing import MAX_GAP_S

#: Shallowest repetition, as a fall of the hips in leg lengths. Legs bent to 43 degrees at the knee are 7 %
#: shorter; a rendered squat to 60 degrees reads 0.095 in the front view, where perspective hides part of it.
MIN_DROP_RATIO = 0.07
#: The hips come back to within this fraction of the drop; a recording cut off on the way up does not.
MAX_END_MISMATCH = 0.3
#: Longest descent, longest ascent.
MAX_HALF_S = 6.0
#: Longer than this near the bottom is sitting, not a pause.
MAX_PAUSE_S = 5.0
MIN_DURATION_S = 0.4
#: The legs are shorter at the bottom by at least this fraction of the drop; between hops they hardly are. Front
#: views of lunges read 0.28 and more: the foot that steps towards the camera sinks in the picture, too.
MIN_SHORTENING = 0.15
#: A repetition begins and ends where this fraction of the drop is passed.
EDGE_FRACTION = 0.05
#: The bottom is where the middles of the times spent below these fractions of the drop lead to at 0: on a flat floor
#: noise decides which frame is lowest, but not when the body passes these heights. The middles drift with the fraction
#: to the power of 0.5 where the floor is a parabola and of 1 where there is a pause; 0.7 serves both. On 149 rendered
#: repetitions the result is +0.1 ± 0.5 frames off, within 1.5 in 99 %; the middle at 3 % alone was 0.2 ± 0.9.
FLOOR_FRACTIONS = (0.1, 0.15, 0.2, 0.3, 0.4)
FLOOR_POWER = 0.7


class Phase(StrEnum):
    """What the body is doing; the bottom is the instant between ECCENTRIC and CONCENTRIC."""

    STANDING = "standing"
    ECCENTRIC = "eccentric"
    CONCENTRIC = "concentric"


@dataclass(frozen=True, slots=True)
class Rep:
    """One complete repetition. ``start``, ``bottom`` and ``end`` are frame indices, all inclusive; times in seconds.

    ``number`` counts from 1. ``lead_side`` is the front leg of a lunge, None for a squat.
    """

    number: int
    start: int
    bottom: int
    end: int
    start_s: float
    bottom_s: float
    end_s: float
    lead_side: Side | None = None

    @property
    def frames(self) -> slice:
        """The repetition's frames."""
        return slice(self.start, self.end + 1)


def leg_length_px(pose: Pose) -> float:
    """Typical length of the longer seen leg over a recording, hip to knee to ankle, pixels; NaN if never seen."""
    hips, knees, ankles = (pose.pair_px(pair) for pair in (HIPS, KNEES, ANKLES))
    legs = distance(hips, knees) + distance(knees, ankles)
    seen = legs[np.isfinite(legs)]
    return float(np.percentile(seen, 75)) if seen.size else float("nan")


def hip_height_ratio(pose: Pose, leg_px: float) -> FloatArray:
    """Height of the hips above the lower edge of the picture, in leg lengths, (T,). One hip does where one is seen."""
    return np.asarray((pose.height_px - hips_y_px(pose)) / leg_px)


def body_height_px(pose: Pose) -> FloatArray:
    """Height of hips and shoulders above the lower edge of the picture, (T,), pixels; that of the hips where the
    shoulders are unseen. Noise of the two partly cancels.
    """
    hips = hips_y_px(pose)
    shoulders = mean_of_seen(pose.pair_px(SHOULDERS)[..., 1])
    return np.asarray(pose.height_px - np.where(np.isfinite(shoulders), (hips + shoulders) / 2, hips))


def cut_reps(pose: Pose, *, leg_px: float | None = None) -> tuple[Rep, ...]:
    """The complete repetitions of a smoothed recording, in order, without lead sides.

    ``leg_px`` is the length of the leg where it is known from more than ``pose``.
    """
    leg_px = leg_length_px(pose) if leg_px is None else leg_px
    height, extension = hip_height_ratio(pose, leg_px), _leg_extension_ratio(pose, leg_px)
    body_px = body_height_px(pose)
    if not np.isfinite(height).any():
        return ()
    reps: list[Rep] = []
    for lowest in _valleys(height):
        frames = _complete_rep(pose.time_s, height, extension, lowest)
        if frames is not None and (not reps or frames[0] >= reps[-1].end):
            start, end = frames
            if reps:  # without a pause at the top, one frame may be the end of one and the start of the next
                start = max(start, reps[-1].end + 1)
            bottom = start + _bottom(pose.time_s[start : end + 1], body_px[start : end + 1], lowest - start)
            times_s = pose.time_s[[start, bottom, end]].tolist()
            reps.append(Rep(len(reps) + 1, start, bottom, end, *times_s))
    return tuple(reps)


def rep_under_way(pose: Pose, *, leg_px: float) -> Rep | None:
    """The repetition that has begun and is not over at the last frame; None where there is none.

    ``pose`` is a causally filtered one that begins after the repetition before. The hips have fallen by MIN_DROP_RATIO
    and are not back up; ``bottom`` is where they were lowest so far, ``end`` the last frame. It may come to nothing:
    only :func:`cut_reps` counts.
    """
    height, extension = hip_height_ratio(pose, leg_px), _leg_extension_ratio(pose, leg_px)
    recent = np.flatnonzero(np.isfinite(height) & (pose.time_s >= pose.time_s[-1] - MAX_HALF_S))
    if not recent.size:
        return None
    lowest = int(recent[np.argmin(height[recent])])
    wall = _wall(pose.time_s, height, lowest, -1)
    top = _standing_level(height, wall, lowest)
    drop, edge = top - height[lowest], top - EDGE_FRACTION * (top - height[lowest])
    start = int(wall[np.flatnonzero(height[wall] >= edge)[0]])
    is_back = height[recent[-1]] >= edge
    if drop < MIN_DROP_RATIO or is_back or not _legs_shorten(extension, (start, lowest, start), drop):
        return None
    end = len(pose) - 1
    return Rep(1, start, lowest, end, *pose.time_s[[start, lowest, end]].tolist())


def phases(time_s: FloatArray, reps: Sequence[Rep]) -> NDArray[np.str_]:
    """The phase of every frame, (T,), as strings."""
    phase = np.full(len(time_s), str(Phase.STANDING), dtype="U10")
    for rep in reps:
        phase[rep.start : rep.bottom + 1] = Phase.ECCENTRIC
        phase[rep.bottom + 1 : rep.end + 1] = Phase.CONCENTRIC
    return phase


def depth_fraction(rep_pose: Pose) -> FloatArray:
    """How far down the hips are in each frame of a repetition: 0 at the higher end, 1 at the bottom."""
    height = -hips_y_px(rep_pose)
    top, low = np.nanmax(height[[0, -1]]), np.nanmin(height)
    return np.asarray((top - height) / (top - low))


def hips_y_px(pose: Pose) -> FloatArray:
    """Image height of the hips, (T,), pixels downwards: their mean, or the one that is seen."""
    return mean_of_seen(pose.pair_px(HIPS)[..., 1])


def _valleys(height: FloatArray) -> list[int]:
    """Frames where the hips are lowest, each between a fall and a rise of at least MIN_DROP_RATIO."""
    valleys: list[int] = []
    falling, turn = False, int(np.flatnonzero(np.isfinite(height))[0])
    for frame in np.flatnonzero(np.isfinite(height)):
        gone = height[frame] - height[turn]
        if (gone < 0) == falling and gone != 0:
            turn = int(frame)  # still on its way down (or up): the turning point moves along
        elif abs(gone) >= MIN_DROP_RATIO:
            if falling:
                valleys.append(turn)
            falling, turn = not falling, int(frame)
    return valleys


def _complete_rep(time_s: FloatArray, height: FloatArray, extension: FloatArray, lowest: int) -> tuple[int, int] | None:
    """First and last frame of the repetition around a valley; None where it is none."""
    before, after = _wall(time_s, height, lowest, -1), _wall(time_s, height, lowest, +1)
    tops = [_standing_level(height, wall, lowest) for wall in (before, after)]
    drops = [top - height[lowest] for top in tops]
    if min(drops) < MIN_DROP_RATIO or abs(drops[0] - drops[1]) > MAX_END_MISMATCH * max(drops):
        return None
    start, end = (
        int(wall[np.flatnonzero(height[wall] >= top - EDGE_FRACTION * drop)[0]])
        for wall, top, drop in zip((before, after), tops, drops, strict=True)
    )
    frames = (start, lowest, end)
    if not (_plausible(time_s, height, frames, min(drops)) and _legs_shorten(extension, frames, min(drops))):
        return None
    return start, end


def _bottom(time_s: FloatArray, height: FloatArray, near: int) -> int:
    """The frame of the bottom of one repetition; ``near`` is where the hips are lowest."""
    seen = np.flatnonzero(np.isfinite(height))
    lowest = int(seen[np.argmin(height[seen])]) if seen.size else near
    drop = np.min(height[seen[[0, -1]]]) - height[lowest] if seen.size else 0.0
    if not drop > 0:
        return near
    middles = [_middle_s(time_s[seen], height[seen], height[lowest] + part * drop) for part in FLOOR_FRACTIONS]
    bottom_s = np.polyfit(np.power(FLOOR_FRACTIONS, FLOOR_POWER), middles, 1)[1]
    return int(np.argmin(np.abs(time_s - bottom_s)))


def _middle_s(time_s: FloatArray, height: FloatArray, level: float) -> float:
    """The middle of the time spent below a level around the lowest frame, the crossings interpolated."""
    lowest = int(np.argmin(height))
    above = np.flatnonzero(height > level)
    before, after = above[above < lowest], above[above > lowest]
    down = before[-1] if before.size else 0
    up = after[0] if after.size else len(height) - 1
    down_s = np.interp(-level, -height[[down, down + 1]], time_s[[down, down + 1]])
    up_s = np.interp(level, height[[up - 1, up]], time_s[[up - 1, up]])
    return float((down_s + up_s) / 2)


def _wall(time_s: FloatArray, height: FloatArray, lowest: int, step: int) -> NDArray[np.intp]:
    """Seen frames from the bottom outwards, up to the next fall by half of the wall's height."""
    limit_s = time_s[lowest] + step * MAX_HALF_S
    inside = (time_s - limit_s) * step <= 0
    outwards = np.arange(lowest, len(time_s) if step > 0 else -1, step)
    frames: NDArray[np.intp] = outwards[inside[outwards] & np.isfinite(height[outwards])]
    climbed = np.maximum.accumulate(height[frames])
    falls = height[frames] < climbed - 0.5 * np.maximum(climbed - height[lowest], MIN_DROP_RATIO)
    return frames[: int(np.argmax(falls))] if falls.any() else frames


def _standing_level(height: FloatArray, wall: NDArray[np.intp], lowest: int) -> float:
    """Typical height on top of a wall: the middle of what lies within 15 % of its highest frame."""
    highest = height[wall].max()
    return float(np.median(height[wall][height[wall] >= highest - 0.15 * (highest - height[lowest])]))


def _plausible(time_s: FloatArray, height: FloatArray, frames: tuple[int, int, int], drop: float) -> bool:
    """Long enough, and no long pause or gap at the bottom."""
    start, lowest, end = frames
    inside = np.arange(start, end + 1)
    seen_s = time_s[inside[np.isfinite(height[inside])]]
    with np.errstate(invalid="ignore"):
        low = inside[height[inside] < height[lowest] + 0.25 * drop]
    return bool(
        time_s[end] - time_s[start] >= MIN_DURATION_S
        and time_s[low[-1]] - time_s[low[0]] <= MAX_PAUSE_S
        and np.max(np.diff(seen_s), initial=0.0) <= 2 * MAX_GAP_S
    )


def _leg_extension_ratio(pose: Pose, leg_px: float) -> FloatArray:
    """Height of the hips above the ankles, in leg lengths, (T,)."""
    ankles_y = mean_of_seen(pose.pair_px(ANKLES)[..., 1])
    return np.asarray((ankles_y - hips_y_px(pose)) / leg_px)


def _legs_shorten(extension: FloatArray, frames: tuple[int, int, int], drop: float) -> bool:
    """Whether hip above ankle is clearly smaller at the bottom than at both ends; true where the ankles are unseen."""
    start, lowest, end = extension[list(frames)]
    if not np.isfinite([start, lowest, end]).all():
        return True
    return bool(lowest < min(start, end) - max(0.25 * MIN_DROP_RATIO, MIN_SHORTENING * drop))
