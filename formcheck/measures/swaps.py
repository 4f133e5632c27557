"""Left and right legs that the pose model exchanged, put right: for side views, where one leg hides the other.

A swapped joint jumps from one leg to the other between two frames, faster than a person moves, and jumps back later.
Of all ways to exchange the names of hips, knees and feet, frame by frame, the one is taken that leaves the fewest such
jumps, does not join a knee to a foot or a hip at a length that the leg does not have, and, among equals, exchanges
least. A recording in which nothing jumps is returned as it is. Where the model found both legs on one, nothing can be
put right.

Wrong lengths only ever count against an exchange: counted for one, as the shortened shanks of a front view would be,
they exchanged legs in 22 rendered clips from the front in which nothing was wrong.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from formcheck.body.geometry import distance, midpoint
from formcheck.body.kinematics import shank_px
from formcheck.body.pose import ANKLES, HEELS, HIPS, KNEES, SHOULDERS, TOES, FloatArray, LandmarkPair, Pose

#: No joint moves faster against the trunk, in shank lengths a second: about 3 m/s, a foot that steps out.
MAX_SPEED_SHANKS_S = 7.0
#: What jumps by less than this, in shank lengths, may be noise.
NOISE_SHANKS = 0.1
#: Gaps longer than this, and cuts, tell nothing of what came before.
MAX_GAP_S = 0.25
#: A segment's length in a side view stays within this share of its usual one.
LENGTH_TOLERANCE = 0.3
#: What a wrong length costs in a frame, against 1 for a jump by a shank: it decides between what jumps alike.
_LENGTH_WEIGHT = 0.02
#: What an exchanged joint costs in a frame; a jump by a shank at both ends pays for exchanges of a minute.
_EXCHANGE_WEIGHT = 0.0005

#: What is exchanged together, from the hip down. MediaPipe moves ankle, heel and toe as one.
_GROUPS: tuple[tuple[LandmarkPair, ...], ...] = ((HIPS,), (KNEES,), (ANKLES, HEELS, TOES))
#: The joint by which each group is followed.
_JOINTS = (HIPS, KNEES, ANKLES)
#: Every way to exchange the groups, (8, 3); the first exchanges none.
_WAYS = np.array([[way >> group & 1 for group in range(3)] for way in range(8)], dtype=bool)

IntArray = NDArray[np.intp]


def unswapped(pose: Pose) -> Pose:
    """A recording (T,) from the side with the legs' left and right kept apart throughout; the same object where
    nothing was exchanged.

    Positions, world positions and visibilities of hips, knees, ankles, heels and toes change sides together; nothing
    else changes. NaN costs nothing and stays with its landmark. Which leg is called left is decided by most frames.
    """
    if len(pose) < 2:
        return pose
    usual = _usual_shank_px(pose)
    if not usual > 0:
        return pose
    best = _cheapest(_jump_cost(pose, usual), _standing_cost(pose))
    if not best.any():
        return pose
    return _exchanged(pose, _WAYS[best])


def _usual_shank_px(pose: Pose) -> float:
    lengths = shank_px(pose)
    return float(np.nanmedian(lengths)) if np.isfinite(lengths).any() else float("nan")


def _jump_cost(pose: Pose, shank: float) -> FloatArray:
    """What each joint pays from a frame to the next, (T - 1, 3, 2): keeping its sides, and exchanging them."""
    gap_s = np.diff(pose.time_s)
    allowed = NOISE_SHANKS + MAX_SPEED_SHANKS_S * gap_s
    trunk = midpoint(np.concatenate([pose.pair_px(HIPS), pose.pair_px(SHOULDERS)], axis=-2)) / shank
    with np.errstate(invalid="ignore"):
        tells = np.asarray((gap_s <= MAX_GAP_S) & (distance(trunk[1:], trunk[:-1]) <= allowed))
    cost = np.zeros((len(gap_s), len(_JOINTS), 2))
    for number, pair in enumerate(_JOINTS):
        joint = pose.pair_px(pair) / shank - trunk[:, None]
        for exchange, now in enumerate((joint[1:], joint[1:, ::-1])):
            jumps = distance(now, joint[:-1]) - allowed[:, None]
            cost[:, number, exchange] = np.nansum(np.clip(jumps, 0, 1), axis=-1)
        known = np.asarray(np.isfinite(joint).all(axis=(-2, -1)))
        cost[~(tells & known[1:] & known[:-1]), number] = 0
    return cost


def _standing_cost(pose: Pose) -> FloatArray:
    """What each way to exchange costs in each frame, (T, 8): lengths that it makes wrong, and exchanging at all."""
    cost = np.tile(_EXCHANGE_WEIGHT * _WAYS.sum(axis=-1), (len(pose), 1))
    for upper in range(2):
        joints, below = pose.pair_px(_JOINTS[upper]), pose.pair_px(_JOINTS[upper + 1])
        kept, crossed = distance(joints, below), distance(joints, below[..., ::-1, :])
        usual = np.nanmedian(kept) if np.isfinite(kept).any() else np.nan
        made_wrong = np.maximum(_wrong_length(crossed / usual) - _wrong_length(kept / usual), 0)
        crosses = _WAYS[:, upper] ^ _WAYS[:, upper + 1]
        cost += _LENGTH_WEIGHT * crosses * made_wrong[:, None]
    return cost


def _wrong_length(share: FloatArray) -> FloatArray:
    """How far two lengths, as a share of the usual one, are outside the tolerance, (T, 2) gives (T,)."""
    return np.asarray(np.nansum(np.clip(np.abs(share - 1) - LENGTH_TOLERANCE, 0, 1), axis=-1))


def _cheapest(jump: FloatArray, standing: FloatArray) -> IntArray:
    """The cheapest sequence of ways, (T,): dynamic programming (Viterbi 1967, doi:10.1109/TIT.1967.1054010)."""
    turns = _WAYS[:, None] ^ _WAYS[None]  # (from, to, group)
    total = standing[0]
    came_from = np.zeros(standing.shape, dtype=np.intp)
    for frame in range(1, len(standing)):
        kept, exchanged = jump[frame - 1, :, 0], jump[frame - 1, :, 1]
        through = total[:, None] + kept.sum() + turns @ (exchanged - kept)
        came_from[frame] = through.argmin(axis=0)
        total = through.min(axis=0) + standing[frame]
    best = np.zeros(len(standing), dtype=np.intp)
    best[-1] = total.argmin()
    for frame in range(len(standing) - 1, 0, -1):
        best[frame - 1] = came_from[frame, best[frame]]
    return best


def _exchanged(pose: Pose, exchange: NDArray[np.bool_]) -> Pose:
    """The pose with the groups exchanged that are marked, (T, 3)."""
    source = np.tile(np.arange(pose.visibility.shape[-1]), (len(pose), 1))
    for number, group in enumerate(_GROUPS):
        for left, right in group:
            source[exchange[:, number], left], source[exchange[:, number], right] = right, left
    frame = np.arange(len(pose))[:, None]
    return replace(
        pose,
        image_px=pose.image_px[frame, source],
        world_m=pose.world_m[frame, source],
        visibility=pose.visibility[frame, source],
    )
