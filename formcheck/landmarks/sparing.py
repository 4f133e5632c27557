"""Recordings of many frames a second: poses are looked for in some frames, and drawn between those for the others.

A body that squats is seen well enough 30 times a second, whatever the rate of the camera. Where it moves so abruptly
that a straight line between two poses would miss what lies between, as in a jump, more frames are looked at. Which
frames these are depends on the recording alone. docs/speed.md has what that does to the measures.
"""

from __future__ import annotations

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


def poses(frames: Iterable[Frame], estimate: Callable[[Frame], Pose], first: int) -> Iterator[Found]:
    """The pose of every frame, in order; the ``first`` and the last one are looked at in any case."""
    skipped: list[Frame] = []
    known: list[Pose] = []
    step_s = LONGEST_S
    for frame, following in _with_following(frames):
        is_due = not known or following is None or following.time_s - float(known[-1].time_s) > step_s
        if not is_due and frame.index != first:
            skipped.append(replace(frame, image_bgr=_NOTHING))
            continue
        pose = estimate(frame)
        yield from (Found(one.index, _between(known[-1], pose, one.time_s), None) for one in skipped)
        yield Found(frame.index, pose, frame)
        skipped.clear()
        known = [*known[-2:], pose]
        step_s = _next_step_s(known, step_s)


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


def _between(before: Pose, after: Pose, time_s: float) -> Pose:
    """The pose at a time between two others, on the straight line; unseen if either is."""
    share = (time_s - float(before.time_s)) / (float(after.time_s) - float(before.time_s))

    def mixed(one: FloatArray, other: FloatArray) -> FloatArray:
        return np.asarray(one + share * (other - one))

    visibility = mixed(before.visibility, after.visibility)
    seen = np.isfinite(before.image_px).all() and np.isfinite(after.image_px).all()
    return replace(
        after,
        time_s=np.asarray(time_s),
        image_px=mixed(before.image_px, after.image_px),
        world_m=mixed(before.world_m, after.world_m),
        visibility=visibility if seen else np.zeros_like(visibility),
    )


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
