"""Which frames near a repetition show the body as it stands for it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from formcheck.body.geometry import distance, median_of_seen, midpoint
from formcheck.body.pose import ANKLES, HIPS, BoolArray, Pose
from formcheck.measures.heights import leg_length_px
from formcheck.measures.reps import Rep

#: Standing frames this close to a repetition make its baseline.
BASELINE_WITHIN_S = 1.0
#: Hips and feet this near, in leg lengths, to where they are in the last BESIDE_S before a repetition, or after it,
#: stand there: swaying moves them by 0.02 to 0.04, a step by 0.3 and more.
SAME_PLACE_RATIO, BESIDE_S = 0.2, 0.35


def in_shot_of(rep: Rep, near: BoolArray, shots: Sequence[slice]) -> BoolArray:
    """Of the frames ``near`` a repetition those in its own shot."""
    for shot in shots:
        near[shot] &= shot.start <= rep.start < shot.stop
    return near


def standing_near(smoothed: Pose, upright: BoolArray, rep: Rep, *, is_over: bool) -> BoolArray:
    """Frames outside every repetition and near this one in which the body stands where it stands just before it or,
    once it is over, just after; its first and last as well. Who walks in or up to the camera stands elsewhere.
    """
    ends = [rep.start, rep.end] if is_over else [rep.start]
    near = (
        upright
        & (smoothed.time_s >= rep.start_s - BASELINE_WITHIN_S)
        & (smoothed.time_s <= rep.end_s + BASELINE_WITHIN_S)
    )
    near[ends] = True
    places = np.concatenate([midpoint(smoothed.pair_px(HIPS))[:, None], smoothed.pair_px(ANKLES)], axis=1)
    same_place_px = SAME_PLACE_RATIO * leg_length_px(smoothed.at(rep.frames))
    stands = np.zeros(len(smoothed), dtype=bool)
    for end in ends:
        beside = np.flatnonzero(near & (np.abs(smoothed.time_s - smoothed.time_s[end]) <= BESIDE_S))
        away = distance(places, median_of_seen(places[beside]))
        stands |= ~(away > same_place_px).any(axis=-1)
    stands[ends] = True
    return near & stands
