"""The step-down from a box, forward or to the side, and the step-up: the checks judge the leg on the box.

The step sets the depth, so there is no verdict on it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.body.pose import SIDES, Side
from formcheck.checks import leg_rows, rows
from formcheck.checks.check import FRONTAL, Scope
from formcheck.checks.exercise import Exercise
from formcheck.checks.exercises.stance import is_stepping_down
from formcheck.checks.exercises.step_down_score import of_the_rep
from formcheck.measures.measured_rep import MeasuredRep

#: The free foot at the bottom, in leg lengths: further ahead than behind it goes forward, further behind it steps up,
#: nearer it goes down beside the box. From a block 0.54 ahead, up on a box 0.58 to 0.63 behind.
BESIDE_RATIO = 0.25


def lead_side(rep: MeasuredRep) -> Side | None:
    """The leg on the box: the one that bends."""
    return SIDES[int(np.argmax(rep.moved.knee_gains_deg))]


def variant_of(rep: MeasuredRep) -> str | None:
    """Where the free foot goes down; from the front and the back that is not told: in rendered sets the world landmarks
    put feet that go ahead 0.79 ahead to 0.53 behind, and those that go beside the box 0.37 ahead to 0.38 behind.
    """
    if rep.view.plane in FRONTAL:
        return None
    low = rep.moved.bottom
    ahead = low.feet_ahead if rep.rep.lead_side is SIDES[1] else -low.feet_ahead
    return "lateral" if abs(ahead) < BESIDE_RATIO else "forward" if ahead > 0 else "step_up"


EXERCISE = Exercise(
    name="step_down",
    words="step-downs",
    rank=5,
    explains=is_stepping_down,
    lead_side=lead_side,
    variants={"forward": "forward", "lateral": "to the side", "step_up": "back down (step-up)"},
    variant_of=variant_of,
    of_the_rep=of_the_rep,
    checks=(
        leg_rows.STEP_DOWN_SCORE,
        replace(
            rows.KNEE_VALGUS,
            scope=Scope.LEAD_LEG,
            cue="Push your knee out, in line with your second and third toe.",
            cannot_see="the free leg, and anything in a view from the side or oblique",
        ),
        leg_rows.FRONTAL_ANGLE,
        leg_rows.PELVIC_DROP,
        leg_rows.STANCE_LEAN,
        leg_rows.KNEE_STEADINESS,
        replace(rows.TRUNK_LEAN, cue="Lift your chest: keep your back as upright as your shin."),
    ),
)
