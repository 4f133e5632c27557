"""The stances that tell the exercises apart, each 0 where it is surely not and 1 where it surely is.

Legs apart fore and aft (`Posture.split`, in leg lengths) are 0.0 to 0.48 in 145 squats (UI-PRMD at most 0.31, the most
in a squat with the weight on one leg 0.43) and 0.57 to 1.5 in 180 lunges (UI-PRMD 0.81 and more). The other figures are
beside the functions.
"""

from __future__ import annotations

import numpy as np

from formcheck.checks.exercise import rises
from formcheck.measures.movement import Movement, Posture

#: A foot that the world landmarks put further behind the other one than this, in leg lengths, goes down behind a box:
#: 0.24 to 0.40; free feet of squats on one leg, as low as that, are 0.12 behind at most.
BEHIND_RATIO = 0.2


def is_split(moved: Movement) -> float:
    """One foot stands ahead of the other, one knee above the other."""
    return rises(moved.bottom.split, 0.45, 0.70)


def is_static(moved: Movement) -> float:
    """The feet stay apart fore and aft between this repetition and the ones beside it: they never come nearer to each
    other than 0.37 leg lengths in 5 sets of split squats, and to 0.14 or less in 9 sets of lunges. Of a single
    repetition only a rear foot that stays on a bench tells it: 0.40 to 0.45 above the other foot at both ends, 0.8
    behind it.
    """
    if np.isnan(moved.apart_between):
        return min(_on_a_bench(end) for end in (moved.start, moved.end))
    return rises(moved.apart_between, 0.20, 0.35)


def _on_a_bench(low: Posture) -> float:
    is_behind = -np.sign(low.foot_up) * low.feet_ahead
    return rises(abs(low.foot_up), 0.20, 0.35) * rises(is_behind, 0.40, 0.60)


def stance_leg(moved: Movement) -> int:
    """The leg that stands, 0 left or 1 right, if one does: its foot is the lower one, or from the front the one that
    stays.
    """
    by_picture = moved.seen.stance
    return int(_left_up(moved.bottom) > 0) if by_picture is None else by_picture


def _left_up(low: Posture) -> float:
    """How much higher the left foot is, in leg lengths: by the picture where that tells it."""
    return low.foot_up if np.isnan(low.foot_up_seen) else low.foot_up_seen


def is_on_one_leg(moved: Movement) -> float:
    """One foot is in the air, and the knee over the other one bends."""
    return max(_is_on_one_leg_in_space(moved), _is_on_one_leg_in_picture(moved), _is_held_up(moved))


def _is_on_one_leg_in_space(moved: Movement) -> float:
    """By the world landmarks at the bottom. The knee over the foot that stands bends by 49 degrees and more in rendered
    squats on one leg; in a step-down the leg with the lower foot is the straight one.

    The free foot is beside the other leg (rendered 0.19 to 0.28 leg lengths up, shrimp squats 0.60 to 0.86; squats on
    both feet 0.11 at most, but for one with the feet 0.56 apart), ahead with a straight knee (0.13 up), or behind and
    down between repetitions (0.33 up, rear feet of lunges 0.12).
    """
    low = moved.bottom
    left_up = _left_up(low)
    stance, free = (1, 0) if left_up > 0 else (0, 1)
    up, ahead = abs(left_up), (low.feet_ahead if free == 0 else -low.feet_ahead)
    is_apart = max(rises(abs(ahead), 0.40, 0.55), rises(low.feet_wide, 0.35, 0.50))
    is_beside = rises(up, 0.13, 0.20) * (1 - is_apart)
    is_ahead = rises(up, 0.06, 0.12) * rises(ahead, 0.1, 0.3) * rises(low.knee_deg[stance] - low.knee_deg[free], 8, 20)
    is_behind = rises(up, 0.22, 0.32) * rises(-ahead, 0.35, 0.50) * (1 - is_static(moved))
    return max(is_beside, is_ahead, is_behind) * rises(float(moved.knee_gains_deg[stance]), 12.0, 22.0)


def _is_on_one_leg_in_picture(moved: Movement) -> float:
    """By a picture from the front or the back: one foot goes elsewhere and the hips over the other one, or a foot is in
    the air, while the hips sink.

    Foot and hips together go by 0.08 to 0.57 leg lengths in squats on one leg, by 0.01 to 0.12 in those on both feet.
    Where they go least, the world landmarks bend the knees by less than a tenth of what the picture does (0.3 in squats
    on both feet), which counts as 0.06, or the feet are 0.14 apart or less, which counts as 0.05. Deep squats on both
    feet bend both knees by 60 degrees and more in the world. Legs that the world puts apart fore and aft are those of
    a lunge where a knee bends by 71 or the rear foot is 0.15 to 0.40 up in the picture; free feet ahead are 0.09 up,
    those behind 0.47 and more. Feet of side lunges are 0.7 and more apart, trunks of who touches the floor 57 degrees
    down, and a foot that goes down from a box ends 0.19 to 0.32 below the other one, a free foot 0.09 at most.
    """
    seen, stance = moved.seen, moved.seen.stance
    if stance is None:
        return 0.0
    up = seen.left_up * (1 if stance == 1 else -1)
    gains_deg, gain_seen_deg = moved.knee_gains_deg, float(seen.knee_gains_deg[stance])
    flat = 1 - rises(float(gains_deg.max()) / max(gain_seen_deg, 1e-9), 0.1, 0.3)
    narrow = 1 - rises(seen.apart, 0.12, 0.20)
    moves = rises(seen.one_sided + 0.06 * flat + 0.05 * narrow, 0.08, 0.14) * (
        1 - rises(float(gains_deg.min()), 35.0, 55.0)
    )
    is_held = rises(min(up[0], up[2]), 0.10, 0.16) * rises(up[1], 0.03, 0.08)
    is_rear_up = rises(abs(up[1]), 0.10, 0.14) * (1 - rises(abs(up[1]), 0.40, 0.47))
    is_lunge = is_split(moved) * max(rises(float(moved.bottom.knee_deg.max()), 46.0, 66.0), is_rear_up)
    is_apart = max(rises(seen.apart, 0.40, 0.60), is_lunge)
    is_bent_over = rises(moved.bottom.trunk_world_deg, 40.0, 55.0)
    is_down = max(rises(-up[1], 0.15, 0.25), is_stepping_down(moved))
    return max(moves, is_held) * rises(gain_seen_deg, 25.0, 40.0) * (1 - max(is_apart, is_bent_over, is_down))


def _is_held_up(moved: Movement) -> float:
    """By a picture from the side: one foot is in the air from the start to the end, 0.33 leg lengths above the other at
    the ends and 0.08 to 0.34 at the bottom, and not on a bench, and its knee hardly bends further: by a third of the
    other's at most, in squats on both feet by 0.7 and more, of which the nearer foot is lower in the picture.
    """
    up = np.array([posture.foot_up_seen for posture in (moved.start, moved.bottom, moved.end)])
    if np.isnan(up).any():
        return 0.0
    stance = int(up[0] + up[2] > 0)
    up = up if stance == 1 else -up
    is_held = rises(min(up[0], up[2]), 0.15, 0.25) * rises(up[1], 0.03, 0.08)
    is_apart = rises(max(abs(low.feet_ahead) for low in (moved.start, moved.bottom, moved.end)), 0.40, 0.55)
    gains_deg = moved.knee_gains_deg
    both_bend = rises(float(gains_deg[1 - stance] / max(gains_deg[stance], 1e-9)), 0.4, 0.7)
    return is_held * (1 - max(is_apart, both_bend)) * rises(float(gains_deg[stance]), 12.0, 22.0)


def is_stepping_down(moved: Movement) -> float:
    """One foot goes down below the other, which stays on a box while its knee bends; the leg that goes down is straight
    and takes the hips with it.

    The knee on the box bends by 27 (block of 10 cm) to 80 degrees (box of the knee's height), the other one stays
    within 2 to 4; rear legs of lunges are bent by 35 and more, the straighter one of a crouched shuffle by 34. The foot
    goes down by 0.07 to 0.53 leg lengths by the world landmarks, by 0.12 in the picture of the block. The hips fall 1.0
    to 1.3 times as far; knees that are lifted lower nothing.
    """
    low = moved.bottom
    on_box, free = (0, 1) if moved.knee_gains_deg[0] > moved.knee_gains_deg[1] else (1, 0)
    below = max(_below(moved, "foot_up", on_box), _below(moved, "foot_up_seen", on_box), _below_behind(moved, on_box))
    is_below = rises(below, 0.06, 0.10) * rises(moved.drop_ratio, 0.07, 0.11)
    follows = moved.drop_ratio / max(below, 1e-9)
    hips_follow = rises(follows, 0.4, 0.7) * (1 - rises(follows, 2.2, 3.0))
    is_straight = 1 - rises(float(low.knee_deg[free]), 20.0, 32.0)
    return is_below * hips_follow * is_straight * rises(float(moved.knee_gains_deg[on_box]), 12.0, 22.0)


def _below(moved: Movement, which: str, on_box: int) -> float:
    """How much further the other foot is below the one on the box at the bottom than at the ends, in leg lengths."""
    sign = 1 if on_box == 0 else -1
    start, bottom, end = (sign * getattr(posture, which) for posture in (moved.start, moved.bottom, moved.end))
    fallen = bottom - max(min(start, end), 0.0)
    return float(np.nan_to_num(min(fallen, bottom) if which == "foot_up_seen" else fallen))


def _below_behind(moved: Movement, on_box: int) -> float:
    """The same of a foot behind the body, in a picture from the front: what is further away is higher there, by about a
    third of how far it is behind (cameras 0.6 to 1.5 m high, 2.9 to 4 m away).
    """
    sign = 1 if on_box == 0 else -1
    behind, lowered = sign * moved.bottom.feet_ahead, sign * moved.seen.left_rises
    return float(np.nan_to_num(lowered + min(behind, 0.5) / 3)) if behind > BEHIND_RATIO else 0.0


def is_to_one_side(moved: Movement) -> float:
    """Feet wide apart, and one knee bent that much more: side lunges are 1.2 wide and 90 to 130 degrees unequal,
    UI-PRMD 0.96 and 75 in the middle; lunges are at most 0.3 wider than they are long, squats at most 30 degrees
    unequal. Who turns the trunk at the bottom turns what is wide into what is long, so feet that stand wide before or
    after count as well.
    """
    low = moved.bottom
    wide = max(map(_wider_than_long, (moved.start, low, moved.end)))
    unequal_deg = float(low.knee_deg.max() - low.knee_deg.min())
    return rises(wide, 0.40, 0.60) * rises(unequal_deg, 25.0, 40.0)


def _wider_than_long(posture: Posture) -> float:
    """In leg lengths; nothing where a foot is in the air, as with a knee that is driven up (0.38 and more)."""
    return (posture.feet_wide - abs(posture.feet_ahead)) * (1 - rises(abs(posture.foot_up), 0.20, 0.30))


def is_reaching_down(moved: Movement) -> float:
    """The trunk bends far down and a hand goes to the floor: toe touches and crouched shuffles, trunk 58 to 66 degrees,
    hand 0.03 to 0.27 leg lengths above the ankle; side lunges 39 to 53 (UI-PRMD's correct ones 32 to 52), and their
    leaning ones hands at 0.38 and more.
    """
    low = moved.bottom
    return rises(low.trunk_world_deg, 50.0, 57.0) * (1 - rises(low.hand_up, 0.28, 0.38))


def is_crouching(moved: Movement) -> float:
    """The trunk stays down between repetitions: 37 to 57 degrees by the world landmarks in a crouched shuffle, 1 to 31
    in side lunges.
    """
    between_deg = (moved.start.trunk_world_deg + moved.end.trunk_world_deg) / 2
    return rises(between_deg, 32.0, 40.0)


def is_elsewhere(moved: Movement) -> float:
    """The movement is no squat on both feet and no lunge, whatever else it looks like."""
    return max(is_on_one_leg(moved), is_to_one_side(moved), is_stepping_down(moved))
