"""The stances that tell the exercises apart, each 0 where it is surely not and 1 where it surely is.

Legs apart fore and aft (`Posture.split`, in leg lengths) are 0.0 to 0.48 in 145 squats (UI-PRMD at most 0.31, the most
in a squat with the weight on one leg 0.43) and 0.57 to 1.5 in 180 lunges (UI-PRMD 0.81 and more). The other figures are
beside the functions.
"""

from __future__ import annotations

from formcheck.checks.exercise import rises
from formcheck.measures.movement import Movement


def is_split(moved: Movement) -> float:
    """One foot stands ahead of the other, one knee above the other."""
    return rises(moved.bottom.split, 0.45, 0.70)


def is_on_one_leg(moved: Movement) -> float:
    """One foot is in the air beside the other leg: shrimp squats 0.60 to 0.77 leg lengths above the other; the rear
    foot of a Bulgarian split squat, 0.25 to 0.28 up, is 0.76 and more behind.
    """
    return rises(abs(moved.bottom.foot_up), 0.35, 0.55) * (1 - rises(abs(moved.bottom.feet_ahead), 0.4, 0.6))


def is_to_one_side(moved: Movement) -> float:
    """Feet wide apart, and one knee bent that much more: side lunges are 1.2 wide and 90 to 130 degrees unequal,
    UI-PRMD 0.96 and 75 in the middle; lunges are at most 0.3 wider than they are long, squats at most 30 degrees
    unequal.
    """
    low = moved.bottom
    unequal_deg = float(low.knee_deg.max() - low.knee_deg.min())
    return rises(low.feet_wide - abs(low.feet_ahead), 0.40, 0.60) * rises(unequal_deg, 25.0, 40.0)
