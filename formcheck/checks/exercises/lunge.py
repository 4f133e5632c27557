"""The lunge and the split squat: one leg in front, which the checks judge."""

from __future__ import annotations

from dataclasses import replace

from formcheck.body.pose import Side
from formcheck.checks import rows
from formcheck.checks.check import Reducer, Scope, Worse
from formcheck.checks.exercise import Exercise, rises
from formcheck.checks.exercises import front_leg
from formcheck.checks.exercises.stance import is_on_one_leg, is_split, is_to_one_side
from formcheck.measures.measured_rep import MeasuredRep
from formcheck.measures.movement import Movement

#: Feet wider apart than this, in a frontal view, have stepped sideways: lunges of people and rendered ones read at most
#: 1.3 shoulder widths, two forward lunges of UI-PRMD that went astray 2.1 and 2.3, a real side lunge 2.8.
SIDE_LUNGE_STANCE_RATIO = 2.4
#: The knee that bends more: lunges 71 degrees and more, one who steps down from a block 32.
BENT_DEG = (32.0, 46.0)


def explains(moved: Movement) -> float:
    """One foot ahead of the other, one knee well bent."""
    elsewhere = max(is_on_one_leg(moved), is_to_one_side(moved))
    return (1 - elsewhere) * is_split(moved) * rises(float(moved.bottom.knee_deg.max()), *BENT_DEG)


def lead_side(rep: MeasuredRep) -> Side | None:
    """The front leg."""
    return front_leg.lead_side(rep.low, rep.baseline, rep.view)


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
            is_scored=False,
        ),
        replace(rows.LIMB_SYMMETRY, max_stance_ratio=SIDE_LUNGE_STANCE_RATIO),
        replace(
            rows.DEPTH,
            scope=Scope.LEAD_LEG,
            cue="Go a little deeper: front thigh towards parallel with the floor.",
        ),
        replace(
            rows.TRUNK_LEAN,
            worse=Worse.EITHER,
            reducer=Reducer.WORST,
            from_depth=0.1,
            cue="Keep your trunk upright over the hips.",
        ),
        replace(rows.SIDE_LEAN, max_stance_ratio=SIDE_LUNGE_STANCE_RATIO),
        replace(rows.HEEL_RISE, scope=Scope.LEAD_LEG, cue="Keep your front heel on the floor."),
    ),
)
