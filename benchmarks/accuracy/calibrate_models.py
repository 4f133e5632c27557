"""Which corrections are fitted, and by which terms: the rows of ``calibrate.py``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Model:
    """One correction to fit, for one exercise or for both alike.

    ``legs`` as in `RepReading.columns`; frames at least ``from_depth`` of the way down, with a true value at most
    ``within`` from 0. ``fixed`` are terms whose weight geometry knows. Without terms only an offset is fitted: for
    measures of which the clips show too little.
    """

    exercises: str
    measure: str
    planes: tuple[str, ...]
    terms: str
    legs: str = "judged"
    from_depth: float = -1.0
    within: float = float("inf")
    fixed: Mapping[str, float] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The terms that are weighted."""
        return tuple(self.terms.split()) or (self.measure,)


_KNEE_IN = (
    "knee_in toe_in knee_towards_camera toe_in_x_towards_camera knee_in_x_towards_camera yaw_inward standing_knee_in "
    "thigh_lowered"
)
_SHIN, _TOE = "knee_ahead knee_above_ankle", {"toe_tip_ahead": -1.0}
#: One leg stands alone.
_ALONE = "single_leg_squat step_down"
FRONTAL, _FRONT, _OBLIQUE, _SIDE = ("front", "back"), ("front",), ("oblique",), ("side",)

MODELS = (
    Model("squat", "medial_knee_displacement_ratio", FRONTAL, _KNEE_IN, "each"),
    Model("lunge", "medial_knee_displacement_ratio", FRONTAL, "knee_in toe_in yaw_inward", from_depth=0.7),
    Model("squat lunge", "anterior_knee_displacement_ratio", _SIDE, _SHIN, from_depth=0.8, fixed=_TOE),
    Model(
        "squat",
        "thigh_inclination_deg",
        FRONTAL,
        "thigh_inclination_deg hip_fall knee_above_ankle hip_fall_x_camera_above",
        "each",
    ),
    Model("squat", "thigh_inclination_deg", _OBLIQUE, "thigh_inclination_deg hip_fall hip_fall_x_camera_above"),
    Model("squat", "thigh_inclination_deg", _SIDE, "thigh_inclination_deg hip_fall"),
    Model("lunge", "thigh_inclination_deg", FRONTAL, "thigh_inclination_deg hip_fall"),
    Model("lunge", "thigh_inclination_deg", _OBLIQUE, "thigh_inclination_deg hip_fall"),
    Model("lunge", "thigh_inclination_deg", _SIDE, "thigh_inclination_deg hip_fall"),
    Model("squat", "knee_flexion_deg", _SIDE, "knee_flexion_deg thigh_seen shank_seen"),
    Model("lunge", "knee_flexion_deg", _SIDE, "knee_flexion_deg"),
    # Beyond 30 degrees the thigh points at the camera, and the angle says nothing (EVIDENCE §5).
    Model("squat", "fppa_deg", FRONTAL, "fppa_deg", "each", within=30.0),
    Model("lunge", "fppa_deg", FRONTAL, "fppa_deg", within=30.0),
    Model("squat lunge", "trunk_inclination_deg", _SIDE, "trunk_inclination_deg"),
    Model("squat lunge", "trunk_inclination_change_deg", _SIDE, "trunk_inclination_change_deg"),
    Model("squat lunge", "heel_rise_ratio", _SIDE, ""),
    Model("lunge", "lateral_trunk_inclination_deg", FRONTAL, ""),
    Model("lunge", "lateral_trunk_inclination_change_deg", FRONTAL, ""),
    Model("squat", "pelvic_obliquity_deg", _FRONT, "right_hip_lower hips_fall yaw_to_left"),
    Model(
        "squat",
        "lateral_pelvic_shift_ratio",
        _FRONT,
        "lateral_pelvic_shift_ratio lateral_pelvic_shift_change_ratio hips_fall_x_yaw",
    ),
    Model("squat", "lateral_trunk_shift_ratio", _FRONT, "lateral_trunk_shift_ratio hips_fall_x_yaw"),
    Model("squat", "knee_height_difference_change_ratio", _FRONT, ""),
    # Two clips a theme: too few for more than an offset.
    Model(_ALONE, "medial_knee_displacement_ratio", FRONTAL, "", from_depth=0.7),
    Model("side_lunge", "medial_knee_displacement_ratio", FRONTAL, "", from_depth=0.7),
    Model(_ALONE, "fppa_deg", FRONTAL, "", within=30.0),
    Model(_ALONE, "pelvic_drop_change_deg", FRONTAL, "", from_depth=0.7),
    Model(_ALONE, "lean_over_leg_change_deg", FRONTAL, "", from_depth=0.7),
    Model("single_leg_squat", "knee_bend_deg", FRONTAL, "", from_depth=0.7),
    Model("single_leg_squat", "knee_bend_deg", _SIDE, "", from_depth=0.7),
)
_LEVEL = "thigh_level_deg"
#: For landmarks that are where the joints are, give or take 2 % of the trunk: geometry alone.
JOINT_MODELS = (
    Model(_ALONE, "medial_knee_displacement_ratio", FRONTAL, "knee_in toe_in yaw_inward", from_depth=0.7),
    Model(_ALONE, "fppa_deg", FRONTAL, "", within=30.0),
    Model(_ALONE, "pelvic_drop_change_deg", FRONTAL, "pelvic_drop_change_deg", from_depth=0.5),
    Model(_ALONE, "lean_over_leg_change_deg", FRONTAL, "lean_over_leg_change_deg", from_depth=0.5),
    Model("single_leg_squat", "knee_bend_deg", FRONTAL, "knee_bend_deg", from_depth=0.5),
    Model("single_leg_squat", "knee_bend_deg", _SIDE, "knee_bend_deg", from_depth=0.5),
    Model("squat", "medial_knee_displacement_ratio", FRONTAL, "knee_in toe_in toe_in_x_towards_camera", "each"),
    Model("lunge", "medial_knee_displacement_ratio", FRONTAL, "knee_in toe_in yaw_inward", from_depth=0.7),
    Model("squat lunge", "anterior_knee_displacement_ratio", _SIDE, "", from_depth=0.8),
    Model("squat", "thigh_inclination_deg", FRONTAL, _LEVEL, "each"),
    Model("squat", "thigh_inclination_deg", _OBLIQUE, _LEVEL),
    Model("squat", "thigh_inclination_deg", _SIDE, _LEVEL),
    Model("lunge", "thigh_inclination_deg", FRONTAL, _LEVEL),
    Model("lunge", "thigh_inclination_deg", _OBLIQUE, _LEVEL),
    Model("lunge", "thigh_inclination_deg", _SIDE, _LEVEL),
    Model("squat lunge", "knee_flexion_deg", _SIDE, ""),
    Model("squat lunge", "trunk_inclination_deg", _SIDE, ""),
    Model("squat lunge", "trunk_inclination_change_deg", _SIDE, ""),
    Model("squat lunge", "heel_rise_ratio", _SIDE, ""),
    Model("lunge", "lateral_trunk_inclination_deg", FRONTAL, ""),
    Model("lunge", "lateral_trunk_inclination_change_deg", FRONTAL, ""),
    Model("squat", "pelvic_obliquity_deg", _FRONT, "right_hip_lower hips_fall yaw_to_left"),
    Model("squat", "lateral_pelvic_shift_ratio", _FRONT, "lateral_pelvic_shift_ratio hips_fall_x_yaw"),
    Model("squat", "lateral_trunk_shift_ratio", _FRONT, "lateral_trunk_shift_ratio hips_fall_x_yaw"),
    Model("squat", "knee_height_difference_change_ratio", _FRONT, ""),
)
