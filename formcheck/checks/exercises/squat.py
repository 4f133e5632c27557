"""The squat: both feet planted, hips down and up."""

from __future__ import annotations

from formcheck.body.view import Plane
from formcheck.checks.check import FRONT_ONLY, FRONTAL, SAGITTAL, Check, Exercise, Reducer, Scope, Worse, rises
from formcheck.checks.exercises.stance import is_on_one_leg, is_split, is_to_one_side
from formcheck.measures.movement import Movement

#: Both knees bend. The straighter one of a shallow squat is bent by 36 degrees, that of one who steps down from a
#: block or to the side by 4 to 12.
BOTH_BENT_DEG = (8.0, 25.0)


def explains(moved: Movement) -> float:
    """Both feet side by side on the floor, both knees bent."""
    elsewhere = max(is_split(moved), is_on_one_leg(moved), is_to_one_side(moved))
    return (1 - elsewhere) * rises(float(moved.bottom.knee_deg.min()), *BOTH_BENT_DEG)


SQUAT = Exercise(
    name="squat",
    words="squats",
    explains=explains,
    has_lead_leg=False,
    checks=(
        Check(
            name="knee_valgus",
            fault="knee_valgus",
            variable="medial_knee_displacement_ratio",
            unit="shank lengths",
            scope=Scope.EACH_LEG,
            worse=Worse.ABOVE,
            reducer=Reducer.WORST,
            from_depth=0.5,
            planes=FRONTAL,
            cue="Push your knees out, in line with your second and third toe.",
            cannot_see="a knee that turns inward without moving, and anything in a view from the side or oblique",
        ),
        Check(
            name="knee_past_toes",
            fault="knee_past_toes",
            variable="anterior_knee_displacement_ratio",
            unit="shank lengths",
            scope=Scope.EACH_LEG,
            worse=Worse.ABOVE,
            reducer=Reducer.MEDIAN,
            from_depth=0.9,
            planes=SAGITTAL,
            cue="Sit back a little: knees over the top of the shoe, behind the toes.",
            cannot_see="the far leg, and knees less than about 0.05 shank past the toes",
        ),
        Check(
            name="pelvic_tilt",
            fault="asymmetry",
            variable="pelvic_obliquity_deg",
            unit="deg",
            scope=Scope.BODY,
            worse=Worse.EITHER,
            reducer=Reducer.MEDIAN,
            from_depth=0.9,
            planes=FRONT_ONLY,
            cue="Keep your hips level: share the weight between both legs.",
            cannot_see="a tilt of less than about 4 degrees, and a rotation of the pelvis",
        ),
        Check(
            name="pelvic_shift",
            fault="asymmetry",
            variable="lateral_pelvic_shift_ratio",
            unit="ankle gaps",
            scope=Scope.BODY,
            worse=Worse.EITHER,
            reducer=Reducer.MEDIAN,
            from_depth=0.9,
            planes=FRONT_ONLY,
            cue="Stay centred: do not drift towards one leg.",
            cannot_see="a shift of less than about a tenth of the ankle gap",
        ),
        Check(
            name="body_shift",
            fault="asymmetry",
            variable="lateral_trunk_shift_ratio",
            unit="ankle gaps",
            scope=Scope.BODY,
            worse=Worse.EITHER,
            reducer=Reducer.MEDIAN,
            from_depth=0.9,
            planes=FRONT_ONLY,
            cue="Stay centred: do not drift towards one leg.",
            cannot_see="hips that slide sideways under shoulders that stay: that is the pelvic shift",
        ),
        Check(
            name="knee_height",
            fault="asymmetry",
            variable="knee_height_difference_change_ratio",
            unit="shank lengths",
            scope=Scope.BODY,
            worse=Worse.EITHER,
            reducer=Reducer.MEDIAN,
            from_depth=0.9,
            planes=FRONT_ONLY,
            cue="Bend both knees equally.",
            cannot_see="a left/right difference of knee bend below about 15 degrees",
        ),
        Check(
            name="depth",
            fault="depth",
            variable="thigh_inclination_deg",
            unit="deg above parallel",
            scope=Scope.BODY,
            worse=Worse.ABOVE,
            reducer=Reducer.MEDIAN,
            from_depth=0.9,
            planes=frozenset({Plane.FRONT, Plane.SIDE, Plane.OBLIQUE}),
            cue="Go a little deeper, as far as you can with a straight back.",
            cannot_see="differences of less than about 5 degrees; from the front it relies on the standing thigh",
        ),
        Check(
            name="trunk_lean",
            fault="trunk_lean",
            variable="trunk_inclination_deg",
            unit="deg",
            scope=Scope.BODY,
            worse=Worse.ABOVE,
            reducer=Reducer.MEDIAN,
            from_depth=0.9,
            planes=SAGITTAL,
            cue="Lift your chest: keep your back as upright as your shins.",
            cannot_see="a rounded back at the same lean",
        ),
        Check(
            name="heel_rise",
            fault="heel_rise",
            variable="heel_rise_ratio",
            unit="foot lengths",
            scope=Scope.EACH_LEG,
            worse=Worse.ABOVE,
            reducer=Reducer.MEDIAN,
            from_depth=0.9,
            planes=SAGITTAL,
            cue="Keep your heels on the floor.",
            cannot_see="a heel that lifts by less than about a third of the foot",
        ),
    ),
)
