"""A recording of two sets, in the first of which form breaks."""

from __future__ import annotations

from bodies import concatenate, jittered, standing
from recordings import clean_squats

from formcheck.body.pose import Pose

#: Repetitions of the first set until its left knee caves in, all of them, and those of the second.
HELD, FIRST, SECOND = 5, 8, 4


def two_sets(*, rest_s: float = 22.0, inward_m: float = 0.09, slower: float = 0.12) -> Pose:
    """Squats from the front: eight that grow slower, the left knee caving in from the sixth on; a rest; four good."""
    first = [
        clean_squats(1, knee_inward_m=(inward_m * (rep >= HELD), 0.0), rep_s=2.0 + slower * rep) for rep in range(FIRST)
    ]
    return jittered(concatenate(*first, standing(rest_s), clean_squats(SECOND)), 0.4)
