"""Recordings of many frames a second: poses are looked for in some frames, and drawn between those for the others.

A body that squats is seen well enough 30 times a second, whatever the rate of the camera. Where it moves so abruptly
that a curve through the poses would miss what lies between, as in a jump, more frames are looked at. Which frames
these are depends on the recording alone. docs/speed.md has what that does to the measures.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from formcheck.body.pose import ANKLES, HIPS, KNEES, SHOULDERS, FloatArray, Pose
from formcheck.frames.frame import Frame
from formcheck.landmarks.athlete import body_box_px, size_px

#: Poses are at most this far apart in seconds, a little more than 1/30, and at least so far where the body is fast.
LONGEST_S = 1 / 29
_SHORTEST_S = LONGEST_S / 8
#: How far joints may be from where a steady movement would have them, on average and in sizes of the body, before the
#: frames looked at are twice as many, and how near they must be before they are half as many. A straight line errs by
#: an eighth of it at most: 0.25 % of the body, as much as landmarks tremble. A quick squat stays below 0.003.
_ABRUPT, _STEADY = 0.02, 0.005

_JOINTS = [*SHOULDERS, *HIPS, *KNEES, *ANKLES]


class Found(NamedTuple):
    """The pose of the frame with that number; ``frame`` is None where nobody looked at it."""

    number: int
    pose: Pose
    frame: Frame | None


class _Look(NamedTuple):
    """A frame that was looked at, its pose, and the frames before it that were not."""

    skipped: tuple[Frame, ...]
    frame: Frame
    pose: Pose


def poses(frames: Iterable[Frame], estimate: Callable[[Frame], Pose], first: int) -> Iterator[Found]:
    """The pose of every frame, in order; the ``first`` and the last one are looked at in any case."""
    before: list[Pose] = []  # the last two whose frames were given
    waiting: _Look | None = None
    for look in itertools.chain(_looks(frames, estimate, first), [None]):
        if waiting is not None:
            around = [*before, waiting.pose, *([look.pose] if look is not None else [])]
            yield from (Found(one.index, _between(around, len(before), one.time_s), None) for one in waiting.skipped)
            yield Found(waiting.frame.index, waiting.pose, waiting.frame)
            before = [*before[-1:], waiting.pose]
        waiting = look


def _looks(frames: Iterable[Frame], estimate: Callable[[Frame], Pose], first: int) -> Iterator[_Look]:
    skipped: list[Frame] = []
    known: list[Pose] = []
    step_s = LONGEST_S
    for frame, following in _with_following(frames):
        is_due = not known or following is None or following.time_s - float(known[-1].time_s) > step_s
        if not is_due and frame.index != first:
            skipped.append(replace(frame, image_bgr=_NOTHING))
            continue
        look = _Look(tuple(skipped), frame, estimate(frame))
        skipped.clear()
        known = [*known[-2:], look.pose]
        step_s = _next_step_s(known, step_s)
        yield look


#: In the place of a picture that is not kept.
_NOTHING = np.empty((0, 0, 3), dtype=np.uint8)


def _with_following(frames: Iterable[Frame]) -> Iterator[tuple[Frame, Frame | None]]:
    before: Frame | None = None
    for frame in frames:
        if before is not None:
            yield before, frame
        before = frame
    if before is not None:
        yield before, None


def _between(around: list[Pose], at: int, time_s: float) -> Pose:
    """The pose at a time before that of ``around[at]``, on a cubic through it and the one before.

    Its slopes there are those of the straight lines between their neighbours (Catmull & Rom 1974). Unseen if either is.
    """
    before, after = around[at - 1], around[at]
    share = (time_s - float(before.time_s)) / (float(after.time_s) - float(before.time_s))
    visibility = before.visibility + share * (after.visibility - before.visibility)
    seen = np.isfinite(before.image_px).all() and np.isfinite(after.image_px).all()
    return replace(
        after,
        time_s=np.asarray(time_s),
        image_px=_curve([pose.image_px for pose in around], around, at, share),
        world_m=_curve([pose.world_m for pose in around], around, at, share),
        visibility=np.asarray(visibility) if seen else np.zeros_like(visibility),
    )


def _curve(values: list[FloatArray], around: list[Pose], at: int, share: float) -> FloatArray:
    """Cubic Hermite interpolation between the values before ``at`` and there; ``share`` is 0 to 1 of the way."""
    step = values[at] - values[at - 1]
    step_s = float(around[at].time_s) - float(around[at - 1].time_s)

    def slope(number: int) -> FloatArray:
        """Over one step; that of the step itself where a neighbour is missing or unseen."""
        if not 0 < number < len(values) - 1 or not np.isfinite(values[number - 1] + values[number + 1]).all():
            return step
        span_s = float(around[number + 1].time_s) - float(around[number - 1].time_s)
        return np.asarray((values[number + 1] - values[number - 1]) * step_s / span_s)

    bend, back = slope(at - 1) - step, slope(at) - step
    return np.asarray(values[at - 1] + share * step + share * (1 - share) * ((1 - share) * bend - share * back))


def _next_step_s(known: list[Pose], step_s: float) -> float:
    """How long after the last of up to three poses the next one is wanted."""
    if len(known) < 3 or not all(np.isfinite(pose.image_px).all() for pose in known):
        return step_s
    before, last, now = known
    ahead = float(now.time_s - last.time_s) / float(last.time_s - before.time_s)
    steady_px = last.image_px + ahead * (last.image_px - before.image_px)
    off_px = float(np.linalg.norm((now.image_px - steady_px)[_JOINTS], axis=-1).mean())
    off_sizes = off_px / max(float(size_px(body_box_px(now))), 1.0)
    if off_sizes > _ABRUPT:
        return max(step_s / 2, _SHORTEST_S)
    return min(2 * step_s, LONGEST_S) if off_sizes < _STEADY else step_s
