"""The movement of a recording that holds one."""

from __future__ import annotations

from formcheck.body.pose import Pose
from formcheck.measures.heights import leg_length_px
from formcheck.measures.movement import Movement, movement_of
from formcheck.measures.reps import cut
from formcheck.measures.smoothing import smooth_recording


def the_movement(pose: Pose) -> Movement:
    seen = smooth_recording(pose.masked())
    (rep,) = cut(seen, pose).reps
    return movement_of(seen, pose, (rep.start, rep.bottom, rep.end), leg_px=leg_length_px(seen))
