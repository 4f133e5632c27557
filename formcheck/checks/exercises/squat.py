"""The squat: both feet planted, hips down and up."""

from __future__ import annotations

from formcheck.checks import rows
from formcheck.checks.exercise import Exercise
from formcheck.checks.exercises.recognition import is_lunge
from formcheck.measures.measured_rep import MeasuredRep


def explains(rep: MeasuredRep) -> float:
    """Feet where they stood, knees level."""
    return 0.0 if is_lunge(rep.low, rep.baseline) else 1.0


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
    ),
)
