"""The lunge and the split squat: one leg in front, which the checks judge."""

from __future__ import annotations

from dataclasses import replace

from formcheck.body.pose import Side
from formcheck.checks import rows
from formcheck.checks.check import Reducer, Scope
from formcheck.checks.exercise import Exercise
from formcheck.checks.exercises import recognition
from formcheck.measures.measured_rep import MeasuredRep

#: Feet wider apart than this, in a frontal view, have stepped sideways: rendered lunges read at most 1.2 shoulder
#: widths, a real side lunge 2.8.
SIDE_LUNGE_STANCE_RATIO = 1.8


def explains(rep: MeasuredRep) -> float:
    """The feet are apart fore and aft, one knee near the floor."""
    return 1.0 if recognition.is_lunge(rep.low, rep.baseline) else 0.0


def lead_side(rep: MeasuredRep) -> Side | None:
    """The front leg."""
    return recognition.lead_side(rep.low, rep.baseline, rep.view)


EXERCISE = Exercise(
    name="lunge",
    words="lunges",
    rank=2,
    explains=explains,
    lead_side=lead_side,
    checks=(
        replace(
            rows.KNEE_VALGUS,
            scope=Scope.LEAD_LEG,
            reducer=Reducer.MEDIAN,
            from_depth=0.9,
            cue="Push your front knee out, in line with your second and third toe.",
            cannot_see="the rear leg, and anything in a view from the side or oblique",
            max_stance_ratio=SIDE_LUNGE_STANCE_RATIO,
        ),
        replace(
            rows.KNEE_PAST_TOES,
            scope=Scope.LEAD_LEG,
            cue="Take a longer step: front knee over the shoe, behind the toes.",
            cannot_see="differences of less than about 0.05 shank",
        ),
        replace(rows.LIMB_SYMMETRY, max_stance_ratio=SIDE_LUNGE_STANCE_RATIO),
        replace(
            rows.DEPTH,
            scope=Scope.LEAD_LEG,
            cue="Go a little deeper: front thigh towards parallel with the floor.",
        ),
        replace(rows.TRUNK_LEAN, cue="Keep your trunk upright over the hips."),
        replace(rows.SIDE_LEAN, max_stance_ratio=SIDE_LUNGE_STANCE_RATIO),
        replace(rows.HEEL_RISE, scope=Scope.LEAD_LEG, cue="Keep your front heel on the floor."),
    ),
)
