"""The checks, one row each: an exercise takes a row as it is, or with its own cue and legs.

A check of one exercise alone stands in the exercise's file. Checks of one name say the same of a value everywhere.
"""

from __future__ import annotations

from formcheck.body.pose import HEELS, HIPS, KNEES, SHOULDERS
from formcheck.body.view import Plane
from formcheck.checks import fault
from formcheck.checks.check import FRONT_ONLY, FRONTAL, SAGITTAL, Check, Known, Reducer, Scope, Worse
from formcheck.measures import lines

#: A pelvis that truly tilts shifts the body and bends one knee more than the other, by this much together: thighs push
#: the markers of motion capture, and clothes MediaPipe's hips, of people who stay centred and level. Of 60 correct
#: squats of UI-PRMD, 18 tilt beyond the limit for warning; the root of the sum of the squares of these shares is below
#: 0.93 in all of them, with noise below 1, and 1.09 in a squat of which its trainer says that it favours the left.
TILT_SHOWS_IN = (
    ("lateral_trunk_shift_ratio", 0.084),
    ("lateral_pelvic_shift_ratio", 0.154),
    ("knee_height_difference_change_ratio", 0.168),
)

KNEE_VALGUS = Check(
    name="knee_valgus",
    fault=fault.KNEE_VALGUS,
    variable="medial_knee_displacement_ratio",
    unit="shank lengths",
    worse=Worse.ABOVE,
    planes=FRONTAL,
    title="knee valgus",
    reading="{side} knee {value} inside the line of the foot",
    signs=("", "outward"),
    cue="Push your knees out, in line with your second and third toe.",
    cannot_see="a knee that turns inward without moving, and anything in a view from the side or oblique",
    scope=Scope.EACH_LEG,
    reducer=Reducer.MEDIAN,
    from_depth=0.7,
    joints=KNEES,
    lines=lines.knee_and_toe,
)
KNEE_PAST_TOES = Check(
    name="knee_past_toes",
    fault=fault.KNEE_PAST_TOES,
    variable="anterior_knee_displacement_ratio",
    unit="shank lengths",
    worse=Worse.ABOVE,
    planes=SAGITTAL,
    title="knee past toes",
    reading="{side} knee {value} past the tip of the shoe",
    signs=("", "short of the tip"),
    cue="Sit back a little: knees over the top of the shoe, behind the toes.",
    cannot_see="the far leg, and knees less than about 0.05 shank past the toes",
    scope=Scope.EACH_LEG,
    joints=KNEES,
    lines=lines.knee_and_toe,
)
DEPTH = Check(
    name="depth",
    fault=fault.DEPTH,
    variable="thigh_inclination_deg",
    unit="deg above parallel",
    worse=Worse.ABOVE,
    planes=frozenset({Plane.FRONT, Plane.SIDE, Plane.OBLIQUE}),
    title="depth",
    reading="thigh {value}",
    signs=("above parallel", "below parallel"),
    changes=("higher", "deeper"),
    cue="Go a little deeper, as far as you can with a straight back.",
    cannot_see="differences of less than about 5 degrees; from the front it relies on the standing thigh",
    known=Known.PAST_BOTTOM,
    joints=HIPS,
    lines=lines.thigh,
)
TRUNK_LEAN = Check(
    name="trunk_lean",
    fault=fault.TRUNK_LEAN,
    variable="trunk_inclination_change_deg",
    unit="deg",
    worse=Worse.ABOVE,
    planes=SAGITTAL,
    title="trunk lean",
    reading="trunk {value} further forward than while standing",
    signs=("", "backward"),
    cue="Lift your chest: keep your back as upright as your shins.",
    cannot_see="a rounded back at the same lean",
    joints=SHOULDERS,
    lines=lines.trunk,
)
HEEL_RISE = Check(
    name="heel_rise",
    fault=fault.HEEL_RISE,
    variable="heel_rise_ratio",
    unit="foot lengths",
    worse=Worse.ABOVE,
    planes=SAGITTAL,
    title="heel rise",
    reading="{side} heel {value} off the floor",
    signs=("", "below standing"),
    cue="Keep your heels on the floor.",
    cannot_see="a heel that lifts by less than about a third of the foot",
    scope=Scope.EACH_LEG,
    is_scored=False,
    joints=HEELS,
    lines=lines.heel,
)
SIDE_LEAN = Check(
    name="side_lean",
    fault=fault.TRUNK_LEAN,
    variable="lateral_trunk_inclination_change_deg",
    unit="deg",
    worse=Worse.EITHER,
    planes=FRONTAL,
    title="side lean",
    reading="trunk {value} further to the right than while standing",
    mirrored="trunk {value} further to the left than while standing",
    plus="to the right",
    cue="Keep your trunk upright: do not lean to one side.",
    cannot_see="a trunk that bends sideways in itself",
    reducer=Reducer.WORST,
    from_depth=0.1,
    joints=SHOULDERS,
    lines=lines.trunk,
)
LIMB_SYMMETRY = Check(
    name="limb_symmetry",
    fault=fault.ASYMMETRY,
    variable="limb_symmetry_index_pct",
    unit="%",
    worse=Worse.BELOW,
    planes=FRONTAL,
    title="limb symmetry",
    reading="one leg went {value} as deep as the other",
    cue="Go equally deep on both legs; add single-leg work for the weaker one.",
    cannot_see="anything before either leg led three times, or that forward and reverse lunges were mixed",
    known=Known.SET_OVER,
    joints=HIPS,
    absent_reason="lead three times with either leg to compare them",
)
PELVIC_TILT = Check(
    name="pelvic_tilt",
    fault=fault.ASYMMETRY,
    variable="pelvic_obliquity_deg",
    unit="deg",
    worse=Worse.EITHER,
    planes=FRONT_ONLY,
    title="pelvic tilt",
    reading="right hip {value} lower",
    mirrored="left hip {value} lower",
    plus="right hip lower",
    cue="Keep your hips level: share the weight between both legs.",
    cannot_see="a tilt of less than about 4 degrees, and a rotation of the pelvis",
    confirmed_by=TILT_SHOWS_IN,
    joints=HIPS,
    lines=lines.level(HIPS),
)
PELVIC_SHIFT = Check(
    name="pelvic_shift",
    fault=fault.ASYMMETRY,
    variable="lateral_pelvic_shift_ratio",
    unit="ankle gaps",
    worse=Worse.EITHER,
    planes=FRONT_ONLY,
    title="pelvic shift",
    reading="hips {value} to the right",
    mirrored="hips {value} to the left",
    plus="to the right",
    cue="Stay centred: do not drift towards one leg.",
    cannot_see="a shift of less than about a tenth of the ankle gap",
    joints=HIPS,
    lines=lines.shift(HIPS),
)
BODY_SHIFT = Check(
    name="body_shift",
    fault=fault.ASYMMETRY,
    variable="lateral_trunk_shift_ratio",
    unit="ankle gaps",
    worse=Worse.EITHER,
    planes=FRONT_ONLY,
    title="body shift",
    reading="shoulders {value} to the right",
    mirrored="shoulders {value} to the left",
    plus="to the right",
    cue="Stay centred: do not drift towards one leg.",
    cannot_see="hips that slide sideways under shoulders that stay: that is the pelvic shift",
    joints=SHOULDERS,
    lines=lines.shift(SHOULDERS),
)
KNEE_HEIGHT = Check(
    name="knee_height",
    fault=fault.ASYMMETRY,
    variable="knee_height_difference_change_ratio",
    unit="shank lengths",
    worse=Worse.EITHER,
    planes=FRONT_ONLY,
    title="knee height",
    reading="left knee {value} higher",
    mirrored="right knee {value} higher",
    plus="left knee higher",
    cue="Bend both knees equally.",
    cannot_see="a left/right difference of knee bend below about 15 degrees",
    is_scored=False,
    joints=KNEES,
    lines=lines.level(KNEES),
)
