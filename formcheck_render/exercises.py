"""What is performed: squats, lunges and what is done on one leg, as frozen parameters.

Each says by its class where along y a camera looks (`centre_y_m`) and how far above the floor the subject stands.
Signs are those of the measures: + knee inwards, + beyond the toe, pelvis + to the right, + right side lower.
"Ratio" of the knee past the toe is in shoe lengths here, as it is how the motion is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal, TypeAlias

from formcheck_render.sides import Side

Arms: TypeAlias = Literal["forward", "clasp", "hips", "sides"]
FreeLeg: TypeAlias = Literal["front", "beside", "behind"]
Way: TypeAlias = Literal["forward", "lateral", "backward"]
Pair: TypeAlias = tuple[float | None, float | None]
ExerciseName: TypeAlias = Literal["squat", "lunge", "single_leg_squat", "split_squat", "step_down", "side_lunge"]


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

    name: ClassVar[ExerciseName] = "squat"
    centre_y_m: ClassVar[float] = 0.0
    raised_m: ClassVar[float] = 0.0
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
    """Lunges forward and back.

    `step_ratio` is the ankle-to-ankle distance over leg length, `width_ratio` the lateral ankle distance
    over the distance of the hip joints, `rear_heel_deg` the pitch of the rear foot at the bottom.
    """

    name: ClassVar[ExerciseName] = "lunge"
    centre_y_m: ClassVar[float] = -0.15
    raised_m: ClassVar[float] = 0.0
    reps: tuple[LungeRep, ...] = (LungeRep("left"), LungeRep("right"), LungeRep("left"))
    step_ratio: float = 0.78
    width_ratio: float = 1.0
    toe_out_deg: float = 2.0
    rear_heel_deg: float = 58.0
    trunk_lean_deg: float = 6.0
    arms: Arms = "hips"
    tempo: Tempo = field(default_factory=lambda: Tempo(down_s=1.1, up_s=0.9))


@dataclass(frozen=True, slots=True)
class OneLegRep:
    """One repetition of a leg that works alone or most, by what is true of it at the bottom.

    Attributes:
        lead_side: the leg that works: it stands, is in front, or is the bent one.
        depth_deg: its knee flexion; a step-down has that of its box and leaves this out.
        knee_past_toe_ratio: its knee beyond the shoe's tip / shoe length; < 0 behind.
        knee_in_ratio: its medial knee displacement / shank length, + inwards.
        pelvic_drop_deg: + the other side lower.
        trunk_lean_deg: forward; None balances the body over mid-foot.
        side_lean_deg: the trunk to the side of the working leg.
        wobble_ratio: how far its knee shakes to both sides three times a second / shank length.
    """

    lead_side: Side = "left"
    depth_deg: float = 80.0
    knee_past_toe_ratio: float = -0.05
    knee_in_ratio: float = 0.0
    pelvic_drop_deg: float = 0.0
    trunk_lean_deg: float | None = None
    side_lean_deg: float = 2.0
    wobble_ratio: float = 0.0


_BOTH_SIDES = (OneLegRep("left"), OneLegRep("right"), OneLegRep("left"))
_SLOW = Tempo(down_s=1.2, hold_s=0.2, up_s=1.0)


@dataclass(frozen=True, slots=True)
class SingleLegSquat:
    """Squats on one planted foot. `is_held`: the free foot stays in the air between reps of one side."""

    name: ClassVar[ExerciseName] = "single_leg_squat"
    centre_y_m: ClassVar[float] = 0.0
    raised_m: ClassVar[float] = 0.0
    reps: tuple[OneLegRep, ...] = _BOTH_SIDES
    free_leg: FreeLeg = "beside"
    is_held: bool = False
    width_ratio: float = 1.0
    toe_out_deg: float = 4.0
    arms: Arms = "hips"
    tempo: Tempo = _SLOW


@dataclass(frozen=True, slots=True)
class SplitSquat:
    """Squats with one foot ahead of the other, both planted throughout, all reps of one side.

    `step_ratio` and `width_ratio` as in `Lunge`; `bench_m` is the height of the bench under the rear foot, 0 the floor.
    """

    name: ClassVar[ExerciseName] = "split_squat"
    centre_y_m: ClassVar[float] = -0.1
    raised_m: ClassVar[float] = 0.0
    reps: tuple[OneLegRep, ...] = (OneLegRep("left", depth_deg=95, trunk_lean_deg=6, side_lean_deg=0),) * 3
    step_ratio: float = 0.8
    width_ratio: float = 1.0
    toe_out_deg: float = 2.0
    bench_m: float = 0.0
    arms: Arms = "hips"
    tempo: Tempo = _SLOW


@dataclass(frozen=True, slots=True)
class StepDown:
    """From a box of `box_m`, forward, to the free leg's side or back, until that foot touches the floor, and back up.

    Backward is a step-up as it is repeated. To the side the free leg hangs beside the box from the first to the last
    frame, and all reps are of one side.
    """

    name: ClassVar[ExerciseName] = "step_down"
    centre_y_m: ClassVar[float] = 0.0
    reps: tuple[OneLegRep, ...] = _BOTH_SIDES
    way: Way = "forward"
    box_m: float = 0.16
    width_ratio: float = 1.0
    toe_out_deg: float = 3.0
    arms: Arms = "hips"
    tempo: Tempo = _SLOW

    @property
    def raised_m(self) -> float:
        """How much higher than on the floor the subject stands."""
        return self.box_m


@dataclass(frozen=True, slots=True)
class SideLunge:
    """A step to the side onto a leg that bends; the other stays straight.

    `step_ratio` is the ankle distance over leg length; `is_wide`: the feet stay that far apart between reps (cossack).
    """

    name: ClassVar[ExerciseName] = "side_lunge"
    centre_y_m: ClassVar[float] = 0.0
    raised_m: ClassVar[float] = 0.0
    reps: tuple[OneLegRep, ...] = (OneLegRep("left", side_lean_deg=4), OneLegRep("right", side_lean_deg=4))
    step_ratio: float = 1.0
    is_wide: bool = False
    toe_out_deg: float = 12.0
    arms: Arms = "clasp"
    tempo: Tempo = _SLOW


Exercise: TypeAlias = Squat | Lunge | SingleLegSquat | SplitSquat | StepDown | SideLunge
