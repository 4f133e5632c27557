"""Recordings for tests of the analysis: clean ones, one subject for every check, and movements that are no squats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from bodies import Camera, blend, concatenate, lunge, lunges, mirrored, photograph, posture, squat, squats
from one_leg import on_one_leg, side_lunges, step_downs

from formcheck.body.pose import HIPS, FloatArray, Landmark, LandmarkPair, Pose, Side
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.session_report import SessionReport
from formcheck.measures.correction import UNCALIBRATED
from formcheck.measures.heights import leg_length_px
from formcheck.measures.movement import Movement, movement_of
from formcheck.measures.reps import cut
from formcheck.measures.smoothing import smooth_recording

#: Bottom, rest and length of the repetitions of :func:`bodies.squats`, seconds.
FIRST_BOTTOM_S, EVERY_S = 2.2, 3.4
#: A squat that no check has anything against, from any side.
CLEAN_SQUAT: Mapping[str, Any] = {"depth_deg": 112.0, "shank_deg": 26.0, "trunk_deg": 35.0}


@dataclass(frozen=True)
class Subject:
    """Somebody who does one thing wrong, ``side`` where it has one; ``film`` gives the recording."""

    exercise: str
    check: str
    side: Side | None
    film: Callable[[], Pose]
    profile: str = "standard"


def analyze_joints(pose: Pose, **options: Any) -> SessionReport:
    """The analysis of a body posed exactly, whose landmarks are where the joints are."""
    return analyze_poses(pose, calibration=UNCALIBRATED, **options)


def clean_squats(reps: int = 1, **changes: Any) -> Pose:
    """Squats without a fault but for ``changes``, which are arguments of :func:`bodies.squats`."""
    return squats(reps, **{**CLEAN_SQUAT, **changes})


def trunk_moved(pose: Pose, to_the_right_m: float) -> Pose:
    """A recording from the front with everything above the hips moved sideways, as far as the body is down."""
    hips_y = pose.pair_px(HIPS)[..., 1].mean(axis=1)
    down = (hips_y - hips_y.min()) / (hips_y.max() - hips_y.min())
    image_px = pose.image_px.copy()
    image_px[:, : Landmark.LEFT_HIP, 0] -= to_the_right_m * Camera().px_per_m * down[:, None]
    return replace(pose, image_px=image_px)


def squats_that_end_bent(knee_deg: float, *, yaw_deg: float = 90.0) -> Pose:
    """One squat from a stand with bent knees into one with bent knees."""
    time_s = np.arange(150) / 30
    soft = squat(knee_deg, shank_deg=0.35 * knee_deg, trunk_deg=0.2 * knee_deg)
    body = blend(soft, squat(122.0, shank_deg=26.0, trunk_deg=32.0), _bump(time_s, 2.5, 1.2))
    return photograph(body, Camera(yaw_deg), time_s)


def tilted(pelvis_drop_deg: float) -> Pose:
    """Squats on a tilted pelvis, which shift by a little less than is told of by itself."""
    return trunk_moved(clean_squats(pelvis_drop_deg=pelvis_drop_deg, pelvis_shift_m=0.0225), -0.003)


def lunges_on_a_risen_heel() -> Pose:
    """A left-led lunge from the left, its front heel in the air at the bottom."""
    time_s = np.arange(150) / 30
    down = _bump(time_s, 2.5, 1.5)
    flat = lunge("left", down=down)
    front_heel_deg = np.stack([50.0 * down, np.zeros_like(down)], axis=-1)
    return photograph(replace(flat, heel_rise_deg=flat.heel_rise_deg + front_heel_deg), Camera(90.0), time_s)


def lunges_deeper_on_the_left() -> Pose:
    """Three left-led lunges and three shallower right-led ones, from the front."""
    return concatenate(lunges(3, yaw_deg=0), lunges(3, depth_deg=75, lead="right", yaw_deg=0))


def split_squats(
    reps: int = 2, depth_deg: float = 90.0, yaw_deg: float = 90.0, *, front_heel_deg: float = 0.0, **bottom: Any
) -> Pose:
    """Left-led split squats: the feet stay 80 cm apart, and the legs are nearly straight between repetitions."""
    time_s = np.arange(round((1.0 + reps * 4.0) * 30) + 1) / 30
    down = sum((_bump(time_s, 2.5 + 4.0 * number, 1.5) for number in range(reps)), np.zeros_like(time_s))
    low = lunge("left", depth_deg, **bottom)
    risen_deg = low.heel_rise_deg + np.array([front_heel_deg, 0.0])
    high = lunge("left", 20.0, shank_deg=-2.0)
    return photograph(blend(high, replace(low, heel_rise_deg=risen_deg), down), Camera(yaw_deg), time_s)


def split_squats_deeper_on_the_left() -> Pose:
    """Three left-led split squats and three shallower right-led ones, from the front."""
    return concatenate(split_squats(3, yaw_deg=0), mirrored(split_squats(3, depth_deg=78, yaw_deg=0)))


def on_one_leg_deeper_on_the_left() -> Pose:
    """Three squats on the left leg and three shallower ones on the right, from the front."""
    return concatenate(on_one_leg(3, 95), on_one_leg(3, 72, stance="right"))


def side_lunges_deeper_to_the_left() -> Pose:
    """Three side lunges to the left and three less deep ones to the right, from the front."""
    return concatenate(side_lunges(3, fall_m=0.32), side_lunges(3, fall_m=0.24, stance="right"))


SUBJECTS = (
    Subject("squat", "knee_valgus", Side.LEFT, lambda: clean_squats(knee_inward_m=(0.06, 0.0))),
    Subject("squat", "knee_valgus", Side.RIGHT, lambda: clean_squats(knee_inward_m=(0.0, 0.06))),
    Subject("squat", "knee_past_toes", Side.LEFT, lambda: clean_squats(depth_deg=125, shank_deg=40, yaw_deg=90)),
    Subject("squat", "knee_past_toes", Side.RIGHT, lambda: clean_squats(depth_deg=125, shank_deg=40, yaw_deg=-90)),
    Subject("squat", "pelvic_tilt", None, lambda: tilted(12)),
    Subject("squat", "pelvic_tilt", None, lambda: tilted(-12)),
    Subject("squat", "pelvic_shift", None, lambda: trunk_moved(clean_squats(pelvis_shift_m=0.06), -0.06)),
    Subject("squat", "pelvic_shift", None, lambda: trunk_moved(clean_squats(pelvis_shift_m=-0.10), 0.10)),
    Subject("squat", "body_shift", None, lambda: trunk_moved(clean_squats(), 0.05)),
    Subject("squat", "body_shift", None, lambda: trunk_moved(clean_squats(), -0.05)),
    Subject("squat", "knee_height", None, lambda: clean_squats(depth_deg=(111.4, 122), shank_deg=(20, 42))),
    Subject("squat", "depth", None, lambda: clean_squats(depth_deg=70)),
    Subject("squat", "depth", None, lambda: clean_squats(depth_deg=80, yaw_deg=90)),
    Subject("squat", "depth", None, lambda: clean_squats(depth_deg=75, yaw_deg=45)),
    Subject("squat", "trunk_lean", None, lambda: clean_squats(trunk_deg=60, yaw_deg=-90)),
    Subject("squat", "heel_rise", Side.LEFT, lambda: clean_squats(shank_deg=10, heel_rise_deg=42, yaw_deg=90)),
    Subject("lunge", "knee_valgus", Side.LEFT, lambda: lunges(1, knee_inward_m=0.04, yaw_deg=0)),
    Subject("lunge", "knee_valgus", Side.RIGHT, lambda: lunges(1, knee_inward_m=0.04, lead="right", yaw_deg=0)),
    Subject("lunge", "knee_past_toes", Side.LEFT, lambda: lunges(1, depth_deg=118, shank_deg=36)),
    Subject("lunge", "knee_past_toes", Side.RIGHT, lambda: lunges(1, depth_deg=118, shank_deg=36, lead="right")),
    Subject("lunge", "limb_symmetry", None, lunges_deeper_on_the_left),
    Subject("lunge", "depth", Side.LEFT, lambda: lunges(1, depth_deg=62)),
    Subject("lunge", "depth", Side.RIGHT, lambda: lunges(1, depth_deg=45, lead="right", yaw_deg=0)),
    Subject("lunge", "trunk_lean", None, lambda: trunk_moved(lunges(1), 0.4)),
    Subject("lunge", "side_lean", None, lambda: trunk_moved(lunges(1, yaw_deg=0), 0.2)),
    Subject("lunge", "side_lean", None, lambda: trunk_moved(lunges(1, yaw_deg=0), -0.2)),
    Subject("lunge", "heel_rise", Side.LEFT, lunges_on_a_risen_heel),
    Subject("split_squat", "knee_valgus", Side.LEFT, lambda: split_squats(knee_inward_m=0.055, yaw_deg=0)),
    Subject("split_squat", "knee_past_toes", Side.LEFT, lambda: split_squats(depth_deg=122, shank_deg=44)),
    Subject("split_squat", "limb_symmetry", None, split_squats_deeper_on_the_left),
    Subject("split_squat", "depth", Side.LEFT, lambda: split_squats(depth_deg=60)),
    Subject("split_squat", "trunk_lean", None, lambda: trunk_moved(split_squats(), 0.4)),
    Subject("split_squat", "side_lean", None, lambda: trunk_moved(split_squats(yaw_deg=0), 0.2)),
    Subject("split_squat", "heel_rise", Side.LEFT, lambda: split_squats(front_heel_deg=50.0)),
    Subject("single_leg_squat", "knee_valgus", Side.LEFT, lambda: on_one_leg(toe_out_m=0.08)),
    Subject("single_leg_squat", "frontal_angle", Side.LEFT, lambda: on_one_leg(knee_inward_m=0.05)),
    Subject("single_leg_squat", "pelvic_drop", Side.LEFT, lambda: on_one_leg(pelvis_drop_deg=14)),
    Subject("single_leg_squat", "pelvic_drop", Side.RIGHT, lambda: on_one_leg(pelvis_drop_deg=14, stance="right")),
    Subject("single_leg_squat", "stance_lean", Side.LEFT, lambda: on_one_leg(lean_deg=14)),
    Subject("single_leg_squat", "stance_lean", Side.LEFT, lambda: on_one_leg(lean_deg=16, free="behind")),
    Subject("single_leg_squat", "knee_steadiness", Side.LEFT, lambda: on_one_leg(wobble_m=0.05)),
    Subject("single_leg_squat", "trunk_lean", None, lambda: on_one_leg(trunk_deg=68, yaw_deg=90)),
    Subject("single_leg_squat", "knee_bend", Side.LEFT, lambda: on_one_leg(bend_deg=45)),
    Subject("single_leg_squat", "knee_bend", Side.RIGHT, lambda: on_one_leg(bend_deg=45, yaw_deg=90, stance="right")),
    Subject("single_leg_squat", "limb_symmetry", None, on_one_leg_deeper_on_the_left),
    Subject("step_down", "step_down_score", Side.LEFT, lambda: step_downs(arms_m=0.35, knee_inward_m=0.028)),
    Subject("step_down", "knee_valgus", Side.LEFT, lambda: step_downs(toe_out_m=0.06)),
    Subject("step_down", "frontal_angle", Side.LEFT, lambda: step_downs(knee_inward_m=0.038)),
    Subject("step_down", "pelvic_drop", Side.LEFT, lambda: step_downs(pelvis_drop_deg=14)),
    Subject("step_down", "stance_lean", Side.RIGHT, lambda: step_downs(lean_deg=14, stance="right")),
    Subject("step_down", "knee_steadiness", Side.LEFT, lambda: step_downs(wobble_m=0.05)),
    Subject("step_down", "trunk_lean", None, lambda: step_downs(trunk_deg=50, yaw_deg=90)),
    Subject("side_lunge", "knee_valgus", Side.LEFT, lambda: side_lunges(knee_inward_m=0.09)),
    Subject("side_lunge", "knee_outward", Side.RIGHT, lambda: side_lunges(knee_inward_m=-0.13, stance="right")),
    Subject("side_lunge", "reach", Side.LEFT, lambda: side_lunges(width_m=0.9, fall_m=0.14, over_m=0.16)),
    Subject("side_lunge", "trunk_tilt", None, lambda: side_lunges(trunk_deg=76)),
    Subject("side_lunge", "side_lean", None, lambda: side_lunges(lean_deg=32, trunk_deg=5)),
    Subject("side_lunge", "limb_symmetry", None, side_lunges_deeper_to_the_left),
    Subject("squat", "stance", None, lambda: clean_squats(depth_deg=122, stance_m=0.75), "strict"),
    Subject("squat", "stance", None, lambda: clean_squats(depth_deg=122, stance_m=0.15), "strict"),
    Subject("squat", "lockout", None, lambda: squats_that_end_bent(30.0), "strict"),
)


def moved(
    pose: Pose, *, scale: float | FloatArray = 1.0, by_px: tuple[float | FloatArray, float | FloatArray] = (0.0, 0.0)
) -> Pose:
    """The picture's contents scaled about its middle, then shifted (x, y); numbers or one value a frame."""
    middle = np.array([pose.width_px / 2, pose.height_px / 2])
    factor = np.broadcast_to(np.asarray(scale, float), (len(pose),))[:, None, None]
    shift = np.stack([np.broadcast_to(np.asarray(by, float), (len(pose),)) for by in by_px], axis=-1)[:, None]
    return replace(pose, image_px=middle + factor * (pose.image_px - middle) + shift)


def out_at_the_top(pose: Pose, upper: LandmarkPair, above_px: float = 4.0) -> Pose:
    """The picture ends ``above_px`` above the landmarks ``upper`` while standing; the rest is guessed on its edge."""
    image_px = pose.image_px.copy()
    image_px[..., 1] -= pose.pair_px(upper)[..., 1].min() - above_px
    image_px[..., 1] = np.maximum(image_px[..., 1], 2.0)
    return replace(pose, image_px=image_px)


def walking(seconds: float = 4.0, *, yaw_deg: float = 0.0, fps: float = 30.0) -> Pose:
    """Steps on the spot of half a metre, two a second; the hips bob by 5 % of the leg."""
    time_s = np.arange(round(seconds * fps)) / fps
    swing_m = 0.25 * np.sin(2 * np.pi * time_s)
    foot_m = np.stack([swing_m, -swing_m], axis=-1)
    lean_deg = np.degrees(np.arcsin(foot_m / 0.8))
    body = posture(foot_forward_m=foot_m, shank_inclination_deg=-lean_deg, thigh_inclination_deg=90 - lean_deg)
    return photograph(body, Camera(yaw_deg), time_s)


def walking_towards_the_camera() -> Pose:
    """From twice the distance, the camera at half the body's height."""
    steps = walking()
    return moved(steps, scale=np.linspace(0.5, 1.0, len(steps)))


def passing_by() -> Pose:
    """Across the picture, seen from the side, beginning and ending outside of it."""
    steps = walking(yaw_deg=90)
    return moved(steps, by_px=(np.linspace(560.0, -560.0, len(steps)), 0.0))


def sitting(seconds: float = 10.0) -> Pose:
    """Down onto a chair, a stay, and up again."""
    time_s = np.arange(round((seconds + 8) * 30)) / 30
    down = _bump(time_s, time_s[-1] / 2, 1.2, hold_s=seconds)
    return photograph(blend(posture(), squat(95.0), down), Camera(90.0), time_s)


def lowered_slowly(down_s: float = 2.4, up_s: float = 0.6) -> Pose:
    """One squat from the side that begins after 1 s, goes down along a cosine and up along a quicker one."""
    time_s = np.arange(round((down_s + up_s + 2) * 30)) / 30
    bottom_s = 1 + down_s
    down = np.where(time_s < bottom_s, _bump(time_s, bottom_s, down_s), _bump(time_s, bottom_s, up_s))
    return photograph(blend(posture(), squat(110.0), down), Camera(90.0), time_s)


def squatting_along(*knots: tuple[float, float], depth_deg: float = 110.0, yaw_deg: float = 0.0) -> Pose:
    """A body that is so far down, 0 standing to 1, at such times: ``knots`` are (seconds, share), joined smoothly."""
    seconds, shares = np.array(knots).T
    time_s = np.arange(round(seconds[-1] * 30)) / 30
    kernel = np.hanning(9)[1:-1]
    around = np.interp(np.arange(-3, len(time_s) + 3) / 30, seconds, shares)
    down = np.convolve(around, kernel / kernel.sum(), mode="valid")
    return photograph(blend(posture(), squat(depth_deg), down), Camera(yaw_deg), time_s)


def hopping(hops: int = 3) -> Pose:
    """Jumps of 25 cm one after the other, landing on legs bent to 25 degrees."""
    time_s = np.arange(round((2 + hops) * 30)) / 30
    on_the_way = (time_s >= 1) & (time_s < 1 + hops)
    phase = np.where(on_the_way, np.mod(time_s, 1.0), 0.0)
    bent = np.where(on_the_way & (phase < 0.4), np.sin(np.pi * phase / 0.4), 0.0)
    up_m = np.where(phase >= 0.4, 0.25 * np.sin(np.pi * (phase - 0.4) / 0.6), 0.0)
    camera = Camera(0.0)
    stance = photograph(blend(posture(), squat(25.0), bent), camera, time_s)
    return moved(stance, by_px=(0.0, -camera.px_per_m * up_m))


def the_movement(pose: Pose) -> Movement:
    """The movement of a recording that holds one repetition."""
    seen = smooth_recording(pose.masked())
    (rep,) = cut(seen, pose).reps
    return movement_of(seen, pose, (rep.start, rep.bottom, rep.end), leg_px=leg_length_px(seen))


def _bump(time_s: FloatArray, middle_s: float, half_s: float, *, hold_s: float = 0.0) -> FloatArray:
    """0, up along a cosine to 1 for ``hold_s`` about the middle, and back to 0."""
    away_s = np.clip((np.abs(time_s - middle_s) - hold_s / 2) / half_s, 0.0, 1.0)
    return np.asarray((1 + np.cos(np.pi * away_s)) / 2)
