"""What is performed: squats and lunges as frozen parameters.

Signs are those of the measures: + knee inwards, + beyond the toe, pelvis + to the right, + right side lower.
"Ratio" of the knee past the toe is in shoe lengths here, as it is how the motion is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from formcheck_render.sides import Side

Arms: TypeAlias = Literal["forward", "clasp", "hips", "sides"]
Pair: TypeAlias = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Tempo:
    """Seconds of each part; `lead_s` is the standing time before the first and after the last rep.

    `vary_ratio` is the standard deviation of depth and tempo from rep to rep, relative. `sway_m`
    scales the slow random sway of the pelvis and the trunk; 0 stands like a post.
    """

    down_s: float = 1.0
    hold_s: float = 0.2
    up_s: float = 0.8
    rest_s: float = 0.35
    lead_s: float = 0.4
    vary_ratio: float = 0.03
    sway_m: float = 0.004


@dataclass(frozen=True, slots=True)
class SquatRep:
    """One squat, by what is true at its bottom.

    Attributes:
        depth_deg: knee flexion, mean of both knees.
        knee_past_toe_ratio: knee beyond the shoe's tip / shoe length, mean of both knees; < 0 behind.
        fppa_deg: (left, right) frontal-plane angle, + knee medial; None where the knee follows the foot.
        knee_in_ratio: (left, right) medial knee displacement / shank length, + inwards; None as above.
            Where both are given for a leg, this one holds.
        pelvis_shift_m: pelvis to the side, + to the right.
        pelvic_obliquity_deg: + right side lower.
        pelvis_yaw_deg: + turned to the subject's left.
        trunk_lean_deg: None balances the body over mid-foot.
    """

    depth_deg: float = 100.0
    knee_past_toe_ratio: float = -0.05
    fppa_deg: Pair = (None, None)
    knee_in_ratio: Pair = (None, None)
    pelvis_shift_m: float = 0.0
    pelvic_obliquity_deg: float = 0.0
    pelvis_yaw_deg: float = 0.0
    trunk_lean_deg: float | None = None


@dataclass(frozen=True, slots=True)
class Squat:
    """Squats with planted feet. `stance_ratio` is the ankle distance over the distance of the hip joints."""

    reps: tuple[SquatRep, ...] = (SquatRep(),) * 3
    stance_ratio: float = 1.3
    toe_out_deg: float = 15.0
    arms: Arms = "forward"
    tempo: Tempo = field(default_factory=Tempo)


@dataclass(frozen=True, slots=True)
class LungeRep:
    """One lunge, by what is true of its front leg at the bottom; the units are those of `SquatRep`."""

    lead_side: Side = "left"
    depth_deg: float = 95.0
    knee_past_toe_ratio: float = -0.15
    fppa_deg: float | None = None
    knee_in_ratio: float | None = None


@dataclass(frozen=True, slots=True)
class Lunge:
    """Lunges forward and back, or split squats (`is_split`: the feet stay apart between the reps).

    `step_ratio` is the ankle-to-ankle distance over leg length, `width_ratio` the lateral ankle distance
    over the distance of the hip joints, `rear_heel_deg` the pitch of the rear foot at the bottom.
    """

    reps: tuple[LungeRep, ...] = (LungeRep("left"), LungeRep("right"), LungeRep("left"))
    step_ratio: float = 0.78
    width_ratio: float = 1.0
    toe_out_deg: float = 2.0
    rear_heel_deg: float = 58.0
    trunk_lean_deg: float = 6.0
    arms: Arms = "hips"
    tempo: Tempo = field(default_factory=lambda: Tempo(down_s=1.1, up_s=0.9))
    is_split: bool = False


Exercise: TypeAlias = Squat | Lunge
