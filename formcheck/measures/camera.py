"""What the camera itself does to the picture: it may be rolled, and somebody may hold it in a hand.

Both are read from feet that stand on the ground, and from nothing else: a knee that is driven up or a foot on a bench
tilts the body, not the picture. Where that cannot be told, nothing is turned, and the measures are less certain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from formcheck.body.geometry import distance, median_of_seen, midpoint
from formcheck.body.kinematics import knee_flexion_deg
from formcheck.body.pose import ANKLES, HEELS, HIPS, SHOULDERS, SIDES, TOES, BoolArray, FloatArray, Pose
from formcheck.body.view import Plane, View
from formcheck.measures.standing import STEP_RATIO, Baseline

#: Standing people have their hips this far ahead of their ankles: mean of 28 rendered side views.
STANDING_LEAN_DEG = 4.5
#: Legs that are bent more than this lean; MediaPipe reads straight ones as up to 10.
STRAIGHT_LEG_DEG = 12.0
#: Ankles of feet on the ground differ by less than this in height, in legs, seen from the front; from elsewhere the far
#: foot stands higher in the picture. A knee that is driven up lifts its ankle by 0.35 to 0.84, a bench by 0.5.
LEVEL_ANKLES_RATIO = {Plane.FRONT: 0.1, Plane.BACK: 0.1}
LEVEL_ANKLES_ELSEWHERE_RATIO = 0.25
#: Feet farther apart than this along the picture, in legs, are a split stance: the legs of a side view then lean.
TOGETHER_RATIO = 0.3
#: A picture that seems rolled by more is no rolled picture: nobody holds a camera so without seeing it.
MAX_ROLL_DEG = 10.0
#: A stretch whose own roll is farther than this from that of the recording had its camera moved.
SAME_CAMERA_DEG = 4.0
#: Fewer standing frames tell no roll.
MIN_FRAMES = 5

#: Feet that seem to move together by more than this many shanks while they stand are moved by the camera. MediaPipe's
#: own feet drift with the knees: by up to 0.06 in 33 rendered front views, by up to 0.15 in side views.
MOVED_RATIO = {Plane.FRONT: 0.1, Plane.BACK: 0.1}
MOVED_ELSEWHERE_RATIO = 0.2
#: Together is: the middle point of a foot is within this many shanks of where the others went.
TOGETHER_MOVED_RATIO = 0.08

#: What is added to the uncertainty where the roll is not known: cameras are rolled by about 3 degrees (standard
#: deviation of 27 recordings of people), by which a knee moves 0.05 shanks and shoulders 0.1 ankle gaps.
UNKNOWN_ROLL_DOUBT: Mapping[str, float] = {
    "trunk_inclination_deg": 3.0,
    "lateral_trunk_inclination_deg": 3.0,
    "pelvic_obliquity_deg": 3.0,
    "anterior_knee_displacement_ratio": 0.05,
    "medial_knee_displacement_ratio": 0.05,
    "lateral_pelvic_shift_ratio": 0.05,
    "lateral_trunk_shift_ratio": 0.1,
}
#: The same where the camera moved: half of the least motion that is taken for the camera's.
MOVED_DOUBT: Mapping[str, float] = {
    "thigh_inclination_deg": 3.0,
    "trunk_inclination_deg": 2.0,
    "trunk_inclination_change_deg": 2.0,
    "lateral_trunk_inclination_deg": 2.0,
    "lateral_trunk_inclination_change_deg": 2.0,
    "anterior_knee_displacement_ratio": 0.05,
    "medial_knee_displacement_ratio": 0.05,
    "lateral_pelvic_shift_ratio": 0.05,
    "lateral_trunk_shift_ratio": 0.05,
}


#: From how many degrees off square on what a foot's direction does to the picture matters, and by how much more each
#: sine beyond: half of the foot (0.55 shanks) for the toe, the knee's way forward (0.3) for the knee inside its line.
OFF_SQUARE_DOUBT: Mapping[str, tuple[float, float]] = {
    "anterior_knee_displacement_ratio": (10.0, 0.28),
    "medial_knee_displacement_ratio": (8.0, 0.3),
}


@dataclass(frozen=True, slots=True)
class Camera:
    """What was found of the camera: ``roll_deg``, which is undone, NaN where it could not be told; ``moved_ratio``, how
    far it moved while the feet stood, in shanks, which is taken out, 0 where it did not; ``off_square_deg``, how far it
    is from looking square at the plane that it sees.
    """

    roll_deg: float = float("nan")
    moved_ratio: float = 0.0
    off_square_deg: float = 0.0

    def doubts(self) -> dict[str, float]:
        """What this adds to the standard error of a measure, by name, in its unit."""
        rolled = {} if np.isfinite(self.roll_deg) else UNKNOWN_ROLL_DOUBT
        moved = MOVED_DOUBT if self.moved_ratio else {}
        turned = {
            name: slope * float(np.sin(np.radians(self.off_square_deg - harmless_deg)))
            for name, (harmless_deg, slope) in OFF_SQUARE_DOUBT.items()
            if self.off_square_deg > harmless_deg
        }
        parts = (rolled, moved, turned)
        names = {name for part in parts for name in part}
        return {name: float(np.hypot.reduce([part.get(name, 0.0) for part in parts])) for name in sorted(names)}

    def notes(self) -> tuple[str, ...]:
        """What a reader should know, in words."""
        if not self.moved_ratio:
            return ()
        return ("the camera moved while the feet stood; its motion is taken out, and the measures are less certain",)


def camera_roll_deg(smoothed: Pose, whole: Pose, view: View) -> float:
    """How far the picture is rolled: the tilt of the standing body in it, 0 level, + clockwise as seen.

    ``smoothed`` is the masked pose of standing frames (T,), ``whole`` the same with every landmark that MediaPipe
    guessed: from the side it guesses the far leg well while the feet are together. Only frames with both feet on
    the ground count. Seen from the front or the back a person stands upright from ankles to shoulders. From
    elsewhere the trunk may lean and straight legs cannot: mid-ankle to mid-hip, less that which is seen of
    STANDING_LEAN_DEG. On 83 rendered clips with rolls of up to 8 degrees the result is within 0.4 degrees (standard
    deviation) in front views, 0.6 in oblique and 0.8 in side views. NaN where it cannot be told.
    """
    grounded = whole.at(feet_on_the_ground(smoothed, whole, view))
    if len(grounded) < MIN_FRAMES or not np.isfinite(view.yaw_deg):
        return float("nan")
    is_frontal = view.plane in {Plane.FRONT, Plane.BACK}
    top = midpoint(grounded.pair_px(SHOULDERS if is_frontal else HIPS))
    axis = median_of_seen(top - midpoint(grounded.pair_px(ANKLES)))
    leaning_deg = 0.0 if is_frontal else -STANDING_LEAN_DEG * np.sin(np.radians(view.yaw_deg))
    roll_deg = float(np.degrees(np.arctan2(axis[0], -axis[1])) - leaning_deg)
    return roll_deg if abs(roll_deg) <= MAX_ROLL_DEG else float("nan")


def feet_on_the_ground(smoothed: Pose, whole: Pose, view: View) -> BoolArray:
    """In which frames (T,) the legs that matter (from the side the near one) are seen and straight, and both feet are
    on the ground, side by side.
    """
    legs = [0, 1] if view.near_side is None else [SIDES.index(view.near_side)]
    leg_px = distance(smoothed.pair_px(HIPS), smoothed.pair_px(ANKLES))[:, legs].max(axis=-1)
    apart_px = np.abs(whole.pair_px(ANKLES)[..., 0, :] - whole.pair_px(ANKLES)[..., 1, :])
    with np.errstate(invalid="ignore"):
        straight = (knee_flexion_deg(smoothed)[:, legs] <= STRAIGHT_LEG_DEG).all(axis=-1)
        level = apart_px[..., 1] <= LEVEL_ANKLES_RATIO.get(view.plane, LEVEL_ANKLES_ELSEWHERE_RATIO) * leg_px
        together = (apart_px[..., 0] <= TOGETHER_RATIO * leg_px) | (view.plane in LEVEL_ANKLES_RATIO)
    return np.asarray(straight & level & together)


def agreed_rolls_deg(told: Sequence[float]) -> list[float]:
    """The roll of each stretch from what each tells alone: that of the recording, their median, but for a stretch with
    another one, before which the camera was moved. NaN where no stretch tells any.
    """
    known = [roll_deg for roll_deg in told if np.isfinite(roll_deg)]
    agreed = float(np.median(known)) if known else float("nan")
    return [own if abs(own - agreed) > SAME_CAMERA_DEG else agreed for own in told]


def levelled(pose: Pose, tilt_deg: float) -> Pose:
    """The pose with the picture turned back by ``tilt_deg`` around its middle, so that a tilted body is upright."""
    turn = np.radians(tilt_deg)
    rotation = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    middle = np.array([pose.width_px / 2, pose.height_px / 2])
    return replace(pose, image_px=(pose.image_px - middle) @ rotation.T + middle)


def steadied(pose: Pose, start: Baseline, bottom: BoolArray, plane: Plane) -> tuple[Pose, float]:
    """The recording (T,) without the motion of its camera, and how far that had moved at the bottom, in shanks; 0 where
    it did not, or where that cannot be told.

    Feet that stand, and go together across the picture from where they stood, are moved by the camera.
    """
    points = [landmark for pair in (ANKLES, HEELS, TOES) for landmark in pair]
    moved_px = pose.image_px[:, points] - start.pose.image_px[points]
    shank_px = float(np.fmax.reduce(start.shank_px))
    low = median_of_seen(moved_px[bottom]) / shank_px
    common = median_of_seen(low)
    of_ankles = low[:2]
    has_stepped = not distance(of_ankles[0], of_ankles[1]) <= STEP_RATIO
    is_together = float(median_of_seen(distance(low, common))) <= TOGETHER_MOVED_RATIO
    moved_ratio = float(np.linalg.norm(common))
    if has_stepped or not is_together or not moved_ratio > MOVED_RATIO.get(plane, MOVED_ELSEWHERE_RATIO):
        return pose, 0.0
    shift_px = _without_gaps(pose.time_s, median_of_seen(moved_px.transpose(1, 0, 2)))
    return replace(pose, image_px=pose.image_px - shift_px[:, None]), moved_ratio


def _without_gaps(time_s: FloatArray, shift_px: FloatArray) -> FloatArray:
    """A track (T, 2) with what is NaN in it interpolated in time; something is seen."""
    seen = np.isfinite(shift_px).all(axis=-1)
    return np.stack([np.interp(time_s, time_s[seen], shift_px[seen, axis]) for axis in (0, 1)], axis=-1)
