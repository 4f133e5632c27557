"""The squat on one leg: pistol, shrimp, to a box; the checks judge the leg that stands."""

from __future__ import annotations

from dataclasses import replace

from formcheck.body.pose import SIDES, Side
from formcheck.body.view import Plane
from formcheck.checks import leg_rows, rows
from formcheck.checks.check import FRONTAL, Scope
from formcheck.checks.exercise import Exercise
from formcheck.checks.exercises.stance import is_on_one_leg, stance_leg
from formcheck.measures.legs_in_picture import IN_THE_AIR_RATIO
from formcheck.measures.measured_rep import MeasuredRep

#: Under this much knee bend nothing but the depth is judged: the ratings that the other measures come from were made of
#: squats to 60 degrees and more.
JUDGED_FROM_DEG = 60.0
#: The free foot ahead of the other by more than this is in front, behind by more than this is behind, in leg lengths;
#: shrimp squats are 0.04 to 0.23 behind.
IN_FRONT_RATIO, BEHIND_RATIO = 0.25, 0.25
#: A free knee bent by more than this, its foot higher than the other by this, is folded back: 133, and 0.60 to 0.77.
FOLDED_DEG, FOLDED_UP_RATIO = 100.0, 0.45


def lead_side(rep: MeasuredRep) -> Side | None:
    """The leg that stands."""
    return SIDES[stance_leg(rep.moved)]


def variant_of(rep: MeasuredRep) -> str | None:
    """Where the free leg is at the bottom."""
    low, free, up_seen = rep.moved.bottom, 1 if rep.rep.lead_side is SIDES[0] else 0, rep.moved.seen.left_up[1]
    if rep.view.plane in FRONTAL and abs(up_seen) <= IN_THE_AIR_RATIO:
        # In the air, and as low in the picture as the foot on the floor: nearer to the camera than that.
        return "leg_in_front" if rep.view.plane is Plane.FRONT else "leg_behind"
    ahead = low.feet_ahead if free == 0 else -low.feet_ahead
    if ahead > IN_FRONT_RATIO:
        return "leg_in_front"
    is_folded = low.knee_deg[free] > FOLDED_DEG and abs(low.foot_up) > FOLDED_UP_RATIO
    return "leg_behind" if ahead < -BEHIND_RATIO or is_folded else "leg_beside"


EXERCISE = Exercise(
    name="single_leg_squat",
    words="squats on one leg",
    rank=4,
    explains=is_on_one_leg,
    lead_side=lead_side,
    variants={
        "leg_in_front": "free leg in front (pistol)",
        "leg_beside": "free leg beside",
        "leg_behind": "free leg behind (shrimp)",
    },
    variant_of=variant_of,
    checks=(
        *(
            replace(check, least_knee_bend_deg=JUDGED_FROM_DEG)
            for check in (
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
                replace(
                    rows.TRUNK_LEAN,
                    cue="Lift your chest: keep your back as upright as your shin.",
                ),
            )
        ),
        leg_rows.KNEE_BEND,
        replace(
            rows.LIMB_SYMMETRY,
            absent_reason="go down three times on either leg, with the free leg in the same place, to compare them",
            cannot_see="anything before either leg did three repetitions in one way",
        ),
    ),
)
