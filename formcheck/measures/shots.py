"""Cuts in a film: where the camera stands elsewhere from one frame to the next. Nothing is measured across them.

Cuts that the picture shows are found while it is read (:mod:`formcheck.frames.cuts`). What the picture hardly shows,
the same room from the same place and a person who has turned, is seen here: the body jumps, or turns, within one frame
and stays there, and is calm before and after. A landmark that is guessed wrongly for a moment comes back.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from formcheck.body.geometry import distance
from formcheck.body.pose import BoolArray, FloatArray, Pose
from formcheck.body.view import body_yaw_deg

#: The body jumps by this share of its size, or turns by this angle. Of 63 real clips, cuts jump by 0.18 to 1 or turn by
#: 79 to 168 degrees; people in motion, at 12 frames a second, jump by 0.09 and turn by 16.
MIN_JUMP_RATIO, MIN_TURN_DEG = 0.13, 50.0
#: A cut is this many times the largest change in the CALM_FRAMES before and after: cuts 9 and more, landmarks that are
#: guessed anew behind a plate or a fast body 6 and less.
CALM_RATIO, CALM_FRAMES = 7.5, 4
#: Of the jump or turn, this much is still there between the CALM_FRAMES before and after.
LASTING_SHARE = 0.7


def shots(pose: Pose, cuts: Iterable[int] = ()) -> list[slice]:
    """The frames of a recording (T,) between its cuts, in order, all of them; ``cuts`` are first frames of new shots
    that are known from the picture.
    """
    inside = {cut for cut in (*cuts, *landmark_cuts(pose)) if 0 < cut < len(pose)}
    return [slice(first, last) for first, last in pairwise([0, *sorted(inside), len(pose)])]


def landmark_cuts(pose: Pose) -> list[int]:
    """The first frames of new shots, as the raw landmarks tell them."""
    seen = np.flatnonzero(np.isfinite(pose.image_px).all(axis=(-2, -1)))
    if len(seen) < 2 * CALM_FRAMES:
        return []
    body = pose.at(seen)
    places, yaw_deg = body.image_px, body_yaw_deg(body)
    size_px = np.ptp(places, axis=1).max(axis=-1)
    jump = np.median(distance(places[1:], places[:-1]), axis=-1) / np.minimum(size_px[1:], size_px[:-1])
    turn_deg = np.abs(_turned_deg(yaw_deg[1:], yaw_deg[:-1]))
    found = []
    for step in np.flatnonzero(_stands_out(jump, MIN_JUMP_RATIO) | _stands_out(turn_deg, MIN_TURN_DEG)) + 1:
        before, after = slice(max(step - CALM_FRAMES, 0), step), slice(step, step + CALM_FRAMES)
        moved = np.median(distance(np.median(places[after], axis=0), np.median(places[before], axis=0))) / size_px[step]
        turned_deg = abs(_turned_deg(_middle_deg(yaw_deg[after]), _middle_deg(yaw_deg[before])))
        if moved >= LASTING_SHARE * max(jump[step - 1], MIN_JUMP_RATIO) or turned_deg >= LASTING_SHARE * max(
            turn_deg[step - 1], MIN_TURN_DEG
        ):
            found.append(int(seen[step]))
    return found


def _stands_out(change: FloatArray, least: float) -> BoolArray:
    """Which changes from frame to frame (n,) are large and CALM_RATIO times all near them."""
    padded = np.pad(change, CALM_FRAMES)
    near = np.lib.stride_tricks.sliding_window_view(padded, 2 * CALM_FRAMES + 1).copy()
    near[:, CALM_FRAMES] = 0.0
    return np.asarray((change >= least) & (change >= CALM_RATIO * near.max(axis=1)))


def _turned_deg(to_deg: FloatArray, from_deg: FloatArray) -> FloatArray:
    return np.asarray((to_deg - from_deg + 180) % 360 - 180)


def _middle_deg(angles_deg: FloatArray) -> FloatArray:
    """Mean direction of angles (n,)."""
    return np.asarray(np.degrees(np.angle(np.exp(1j * np.radians(angles_deg)).mean())))
