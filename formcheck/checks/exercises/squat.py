"""The squat: both feet planted, hips down and up."""

from __future__ import annotations

from formcheck.checks import rows
from formcheck.checks.exercise import Exercise, rises
from formcheck.checks.exercises.stance import is_elsewhere, is_split
from formcheck.measures.movement import Movement

#: Both knees bend. The straighter one of a shallow squat is bent by 36 degrees, that of one who steps down from a
#: block or to the side by 4 to 12.
BOTH_BENT_DEG = (8.0, 25.0)


def explains(moved: Movement) -> float:
    """Both feet side by side on the floor, both knees bent."""
    return (1 - max(is_split(moved), is_elsewhere(moved))) * rises(float(moved.bottom.knee_deg.min()), *BOTH_BENT_DEG)


EXERCISE = Exercise(
    name="squat",
    words="squats",
    rank=1,
    explains=explains,
    checks=(
        rows.KNEE_VALGUS,
        rows.KNEE_PAST_TOES,
        rows.PELVIC_TILT,
        rows.PELVIC_SHIFT,
        rows.BODY_SHIFT,
        rows.KNEE_HEIGHT,
        rows.DEPTH,
        rows.TRUNK_LEAN,
        rows.HEEL_RISE,
        rows.STANCE,
        rows.LOCKOUT,
    ),
)
