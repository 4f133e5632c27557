"""The lunge and the split squat: one leg in front, which the checks judge."""

from __future__ import annotations

from formcheck.body.view import Plane
from formcheck.checks.check import FRONTAL, SAGITTAL, Check, Exercise, Reducer, Scope, Worse, rises
from formcheck.checks.exercises.stance import is_on_one_leg, is_split, is_to_one_side
from formcheck.measures.movement import Movement

#: Feet wider apart than this, in a frontal view, have stepped sideways: rendered lunges read at most 1.2 shoulder
#: widths, a real side lunge 2.8.
SIDE_LUNGE_STANCE_RATIO = 1.8

#: The knee that bends more: lunges 71 degrees and more, one who steps down from a block 32.
BENT_DEG = (32.0, 46.0)


def explains(moved: Movement) -> float:
    """One foot ahead of the other, one knee well bent."""
    elsewhere = max(is_on_one_leg(moved), is_to_one_side(moved))
    return (1 - elsewhere) * is_split(moved) * rises(float(moved.bottom.knee_deg.max()), *BENT_DEG)


LUNGE = Exercise(
    name="lunge",
    words="lunges",
    explains=explains,
    has_lead_leg=True,
    checks=(
        Check(
            name="knee_valgus",
            fault="knee_valgus",
            variable="medial_knee_displacement_ratio",
            unit="shank lengths",
            scope=Scope.LEAD_LEG,
            worse=Worse.ABOVE,
            reducer=Reducer.MEDIAN,
            from_depth=0.9,
            planes=FRONTAL,
            cue="Push your front knee out, in line with your second and third toe.",
            cannot_see="the rear leg, and anything in a view from the side or oblique",
            max_stance_ratio=SIDE_LUNGE_STANCE_RATIO,
        ),
        Check(
            name="knee_past_toes",
            fault="knee_past_toes",
            variable="anterior_knee_displacement_ratio",
            unit="shank lengths",
            scope=Scope.LEAD_LEG,
            worse=Worse.ABOVE,
            reducer=Reducer.MEDIAN,
            from_depth=0.9,
            planes=SAGITTAL,
            cue="Take a longer step: front knee over the shoe, behind the toes.",
            cannot_see="differences of less than about 0.05 shank",
        ),
        Check(
            name="limb_symmetry",
            fault="asymmetry",
            variable="limb_symmetry_index_pct",
            unit="%",
            scope=Scope.BODY,
            worse=Worse.BELOW,
            reducer=Reducer.MEDIAN,
            from_depth=0.9,
            planes=FRONTAL,
            cue="Go equally deep on both legs; add single-leg work for the weaker one.",
            cannot_see="which leg is the weaker one where only one leads; from the side the far leg reads otherwise",
            absent_reason="only one leg led; lead with both to compare them",
            max_stance_ratio=SIDE_LUNGE_STANCE_RATIO,
        ),
        Check(
            name="depth",
            fault="depth",
            variable="thigh_inclination_deg",
            unit="deg above parallel",
            scope=Scope.LEAD_LEG,
            worse=Worse.ABOVE,
            reducer=Reducer.MEDIAN,
            from_depth=0.9,
            planes=frozenset({Plane.FRONT, Plane.SIDE, Plane.OBLIQUE}),
            cue="Go a little deeper: front thigh towards parallel with the floor.",
            cannot_see="differences of less than about 5 degrees; from the front it relies on the standing thigh",
        ),
        Check(
            name="trunk_lean",
            fault="trunk_lean",
            variable="trunk_inclination_change_deg",
            unit="deg",
            scope=Scope.BODY,
            worse=Worse.ABOVE,
            reducer=Reducer.WORST,
            from_depth=0.5,
            planes=SAGITTAL,
            cue="Keep your trunk upright over the hips.",
            cannot_see="a rounded back at the same lean",
        ),
        Check(
            name="side_lean",
            fault="trunk_lean",
            variable="lateral_trunk_inclination_change_deg",
            unit="deg",
            scope=Scope.BODY,
            worse=Worse.EITHER,
            reducer=Reducer.WORST,
            from_depth=0.5,
            planes=FRONTAL,
            cue="Keep your trunk upright: do not lean to one side.",
            cannot_see="a trunk that bends sideways in itself",
            max_stance_ratio=SIDE_LUNGE_STANCE_RATIO,
        ),
        Check(
            name="heel_rise",
            fault="heel_rise",
            variable="heel_rise_ratio",
            unit="foot lengths",
            scope=Scope.LEAD_LEG,
            worse=Worse.ABOVE,
            reducer=Reducer.MEDIAN,
            from_depth=0.9,
            planes=SAGITTAL,
            cue="Keep your front heel on the floor.",
            cannot_see="a heel that lifts by less than about a third of the foot",
        ),
    ),
)
