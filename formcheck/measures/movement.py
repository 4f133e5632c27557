"""What a body did between standing, a bottom and standing again, and why that may be no squat and no lunge.

Angles and distances are those of the world landmarks, which need no particular view, of hidden joints as the pose model
guesses them: whether a movement is a repetition must not hang on a plate before the hips. Nothing here judges form.

The limits stand between what 63 recordings of people (../shared/data/clips: 165 repetitions, 28 recordings of other
movements), 69 rendered clips and UI-PRMD's 217 squats and lunges of six people show; beside each stands the nearest
repetition and the nearest other movement. None is fitted closer than that: the others lie far apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from formcheck.body.geometry import angle_at_deg, distance, mean_of_seen, median_of_seen, midpoint, unit
from formcheck.body.pose import ANKLES, HIPS, KNEES, SHOULDERS, WRISTS, BoolArray, FloatArray, LandmarkPair, Pose
from formcheck.measures.heights import followed_height_ratio
from formcheck.measures.legs_in_picture import LegsInPicture

#: Postures are medians of the frames within this time of an instant: single frames jump.
AROUND_S = 0.1
#: Quickest repetition, from edge to edge: 0.79 s and more, jumping jacks and butt kicks 0.43 at most.
MIN_DURATION_S = 0.5
#: Before and after, on average, the trunk stands this near to the vertical, in the picture or in the world: repetitions
#: 34 (head and chest cut off), deadlifts from the floor 60, push-ups 68 and more.
MAX_STANDING_TRUNK_DEG = 45.0
#: At both ends one leg, hip to ankle, stands this near to the vertical: repetitions 37, mountain climbers and push-ups
#: 58 and more.
MAX_STANDING_LEG_DEG = 48.0
#: At both ends one knee is this straight: repetitions 75 (feet below the picture), duck walk 120.
MAX_STANDING_KNEE_DEG = 90.0
#: From the ends to the bottom one knee bends by this: repetitions 15 (caved knees from the front, rendered) and more,
#: a quarter squat behind a plate 18; good morning 8, waving 8, push-ups and calf raises 2.
MIN_KNEE_GAIN_DEG = 12.0
#: A smaller bend than this needs a larger fall: stepping out of a rack fell by 0.06 with 15 degrees; a rendered squat
#: to 60 degrees falls by 0.08 with 21, caved knees from the front by 0.40 with 15.
PLAIN_KNEE_GAIN_DEG, PLAIN_DROP_RATIO = 20.0, 0.12
#: At the bottom of a hinge the trunk tilts as far as the knee bends; this is the largest share in a repetition. Real
#: repetitions 0.72, UI-PRMD's worst leaning squat 0.88; deadlifts and side bends 0.9 to 2.
MAX_TRUNK_TO_KNEE = 0.9
#: A trunk no further from the vertical than this is no hinge whatever the knees do.
NO_HINGE_TRUNK_DEG = 35.0
#: Over one bent knee, feet apart and hands up, a trunk that far down is a side lunge that leans: UI-PRMD's have knees
#: 34 to 59 degrees unequal, the one bent by 59 and more, feet 0.9 apart, hands 0.58 to 1.1 leg lengths up. Who touches
#: a foot has a hand at 0.03 to 0.40, knees that lift a weight are bent alike.
UNEQUAL_KNEES_DEG, ONE_KNEE_DEG, FEET_APART_RATIO, HANDS_UP_RATIO = 30.0, 50.0, 0.7, 0.5
#: The hips come nearer to the ankles in the picture by at least this fraction of their fall: repetitions 0.24 (reverse
#: lunges to a knee drive), hops and steps towards the camera hardly at all.
MIN_SHORTENING = 0.15
#: Where the feet are not seen, a smaller fall than this, in leg lengths, tells nothing: repetitions with the feet below
#: the picture 0.53, somebody who waves 0.18.
MIN_DROP_WITHOUT_FEET = 0.3
#: The line through hips and shoulders points at the camera by this share and more: seen from the side.
SIDE_ON = 0.85
#: The same line points across the picture by this share and more: seen from the front or the back, within 27 degrees.
FACE_ON = 0.89
#: A small movement is held against the rest of its set: whose knees bend by less than SURE_KNEE_GAIN_DEG and whose hips
#: fall by less than this share of the deepest fall, is none. Behind a rack, stepping out and back was 0.15 and 0.18
#: with 21 degrees at most; the shallowest of rendered squats beside deep ones is 0.24 to 0.27.
MIN_SHARE_OF_SET = 0.22
SURE_KNEE_GAIN_DEG = 30.0


@dataclass(frozen=True, slots=True)
class Posture:
    """A body at one instant; NaN where unseen. Angles from the vertical are 0 upright, 180 upside down.

    ``trunk_deg`` is that of the world landmarks or of the picture, whichever is nearer to the vertical; ``leg_deg``
    that of the more upright leg. ``knee_deg`` (2,) is flexion, left and right, 0 straight. Where the left ankle or knee
    is from the right one, in leg lengths: ``feet_wide`` to the body's left, ``feet_ahead`` forwards, ``foot_up`` and
    ``knee_up`` upwards, ``foot_up_seen`` upwards in the picture, which tells it better from the side and nothing from
    elsewhere (NaN). ``hand_up`` is the lower wrist above the lower ankle, in leg lengths. ``legs_px`` (2,) is how high
    the hips are above the left and the right ankle in the picture. ``face_on`` is the share of the line through hips
    and shoulders that points across the picture.
    """

    trunk_deg: float
    trunk_world_deg: float
    leg_deg: float
    knee_deg: FloatArray
    feet_wide: float
    feet_ahead: float
    foot_up: float
    knee_up: float
    legs_px: FloatArray
    foot_up_seen: float = float("nan")
    hand_up: float = float("nan")
    face_on: float = float("nan")

    @property
    def split(self) -> float:
        """How far the legs are apart fore and aft and the knees in height, in leg lengths, >= 0: a lunge's stance."""
        return abs(self.feet_ahead) + abs(self.knee_up)


@dataclass(frozen=True, slots=True)
class Movement:
    """From a start to a bottom to an end; ``drop_ratio`` is the fall of the hips in the picture, in leg lengths.

    ``apart_between`` is how near the feet come to each other, fore and aft, between this movement and the ones beside
    it, in leg lengths; NaN where there is none. ``seen`` is what a picture from the front shows of the legs.
    """

    start: Posture
    bottom: Posture
    end: Posture
    drop_ratio: float
    duration_s: float
    leg_px: float
    apart_between: float = float("nan")
    seen: LegsInPicture = field(default_factory=LegsInPicture)

    @property
    def knee_gains_deg(self) -> FloatArray:
        """How much further each knee, left and right, is bent at the bottom than at the ends."""
        return np.asarray(self.bottom.knee_deg - (self.start.knee_deg + self.end.knee_deg) / 2)

    @property
    def knee_gain_deg(self) -> float:
        """The same of the knee that bends more."""
        return float(np.max(self.knee_gains_deg))

    @property
    def bends_deg(self) -> float:
        """The same, or what the picture from the front shows of the leg of an upright body whose foot stays, where that
        is more.
        """
        stance = self.seen.stance
        if stance is None or self.bottom.trunk_world_deg > NO_HINGE_TRUNK_DEG:
            return self.knee_gain_deg
        return float(np.fmax(self.knee_gain_deg, self.seen.knee_gains_deg[stance]))


def movement_of(smoothed: Pose, whole: Pose, frames: tuple[int, int, int], *, leg_px: float) -> Movement:
    """The movement through these frames (start, bottom, end) of a recording, masked and as the model gave it."""
    start, bottom, end = (_posture(smoothed, whole, frame) for frame in frames)
    height = followed_height_ratio(smoothed, leg_px)[list(frames)]
    duration_s = float(smoothed.time_s[frames[2]] - smoothed.time_s[frames[0]])
    drop_ratio = float(min(height[0], height[2]) - height[1])
    # Nothing of it is seen where the body faces elsewhere at one of the instants.
    faces_elsewhere = any(posture.face_on < FACE_ON for posture in (start, bottom, end))
    seen = LegsInPicture() if faces_elsewhere else _legs_in_picture(smoothed, whole, frames, leg_px)
    return Movement(start, bottom, end, drop_ratio=drop_ratio, duration_s=duration_s, leg_px=leg_px, seen=seen)


def least_apart_ratio(whole: Pose) -> float:
    """How near the feet come to each other, fore and aft, in a recording (T,), in leg lengths; NaN where it is empty.

    Single frames jump: each stands for the median of a fifth of a second.
    """
    if not len(whole):
        return float("nan")
    apart = np.abs(_feet(whole.world_m)[1])
    step_s = (whole.time_s[-1] - whole.time_s[0]) / max(len(whole) - 1, 1)
    around = min(len(apart), 1 + 2 * round(AROUND_S / max(step_s, 1e-3)))
    return float(np.fmin.reduce(np.median(sliding_window_view(apart, around), axis=-1)))


def why_no_repetition(moved: Movement) -> str | None:
    """What was seen in place of a squat or lunge, in words that follow "somebody", what was
    measured after a colon; None where nothing speaks against.

    What is not seen (NaN) speaks neither for nor against.
    """
    ends = (moved.start, moved.end)
    trunk_deg = (moved.start.trunk_deg + moved.end.trunk_deg) / 2
    leg_deg = max(end.leg_deg for end in ends)
    knee_deg = max(float(end.knee_deg.min()) for end in ends)
    shorter = _shortening(moved)
    for is_other, seen in (
        (moved.duration_s < MIN_DURATION_S, f"moved too quickly: down and up in {moved.duration_s:.1f} s"),
        (leg_deg > MAX_STANDING_LEG_DEG, f"did not stand before and after: legs {leg_deg:.0f}° from upright"),
        (trunk_deg > MAX_STANDING_TRUNK_DEG, f"did not stand before and after: trunk {trunk_deg:.0f}° from upright"),
        (knee_deg > MAX_STANDING_KNEE_DEG, f"did not stand before and after: knees bent by {knee_deg:.0f}°"),
        (_is_hinge(moved), "bent at the hips and not at the knees"),
        (moved.bends_deg < MIN_KNEE_GAIN_DEG, f"hardly bent the knees: by {max(moved.bends_deg, 0):.0f}°"),
        (_is_small(moved), f"moved too little: by {moved.drop_ratio:.2f} of the leg"),
        (shorter < MIN_SHORTENING * moved.drop_ratio, "moved up and down as a whole: legs as long as before"),
        (np.isnan(shorter) and moved.drop_ratio < MIN_DROP_WITHOUT_FEET, "moved too little: feet not in the picture"),
    ):
        if is_other:
            return seen
    return None


def why_not_of_set(moved: Movement, deepest_drop: float) -> str | None:
    """Why a movement that might be a repetition is none beside those of its set, as :func:`why_no_repetition`."""
    if moved.knee_gain_deg >= SURE_KNEE_GAIN_DEG or moved.drop_ratio >= MIN_SHARE_OF_SET * deepest_drop:
        return None
    return f"went down much less than at other times: by {moved.drop_ratio:.2f} of the leg, {deepest_drop:.2f} then"


def _shortening(moved: Movement) -> float:
    """How much nearer the hips come to an ankle, in leg lengths: both, or the one that stays while the other goes down;
    NaN where neither is seen.
    """
    start, bottom, end = (posture.legs_px for posture in (moved.start, moved.bottom, moved.end))
    both = min(mean_of_seen(start), mean_of_seen(end)) - mean_of_seen(bottom)
    one = (np.minimum(start, end) - bottom)[np.argmax(moved.knee_gains_deg)]
    return float(np.fmax(both, one) / moved.leg_px)


def _is_small(moved: Movement) -> bool:
    return moved.bends_deg < PLAIN_KNEE_GAIN_DEG and moved.drop_ratio < PLAIN_DROP_RATIO


def _is_hinge(moved: Movement) -> bool:
    low = moved.bottom
    trunk_deg, knee_deg = low.trunk_world_deg, float(low.knee_deg.max())
    is_low = trunk_deg > NO_HINGE_TRUNK_DEG and trunk_deg > MAX_TRUNK_TO_KNEE * knee_deg
    is_on_one_knee = knee_deg - low.knee_deg.min() > UNEQUAL_KNEES_DEG and knee_deg > ONE_KNEE_DEG
    is_apart = np.hypot(low.feet_wide, low.feet_ahead) > FEET_APART_RATIO
    return bool(is_low and not (is_on_one_knee and is_apart and low.hand_up > HANDS_UP_RATIO))


def _posture(smoothed: Pose, whole: Pose, frame: int) -> Posture:
    near = _near(whole, frame)
    world_m, image_px = median_of_seen(whole.world_m[near]), median_of_seen(smoothed.image_px[near])
    shoulders, hips, knees, ankles = (_pair(world_m, pair) for pair in (SHOULDERS, HIPS, KNEES, ANKLES))
    across = _across(world_m)
    wide, ahead, foot_up = _feet(world_m)
    leg_m = _leg_m(world_m)
    feet_y_px = median_of_seen(whole.image_px[near][:, list(ANKLES), 1])
    long_px = np.sum([np.fmax.reduce(distance(*image_px[[a, b]])) for a, b in ((HIPS, KNEES), (KNEES, ANKLES))])
    trunk_world_deg = float(_from_vertical_deg(midpoint(hips) - midpoint(shoulders)))
    trunk_px = image_px[list(HIPS)].mean(axis=0) - image_px[list(SHOULDERS)].mean(axis=0)
    return Posture(
        trunk_deg=float(np.fmin(trunk_world_deg, _from_vertical_deg(trunk_px))),
        trunk_world_deg=trunk_world_deg,
        leg_deg=float(_from_vertical_deg(ankles - hips).min()),
        knee_deg=180 - angle_at_deg(hips, knees, ankles),
        feet_wide=float(wide),
        feet_ahead=float(ahead),
        foot_up=float(foot_up),
        knee_up=float((knees[1] - knees[0])[1] / leg_m),
        legs_px=image_px[list(ANKLES), 1] - mean_of_seen(image_px[list(HIPS), 1]),
        foot_up_seen=float((feet_y_px[1] - feet_y_px[0]) / long_px) if abs(across[1]) >= SIDE_ON else float("nan"),
        hand_up=float((ankles[:, 1].max() - world_m[list(WRISTS), 1].max()) / leg_m),
        face_on=float(abs(across[0])),
    )


def _legs_in_picture(smoothed: Pose, whole: Pose, frames: tuple[int, int, int], leg_px: float) -> LegsInPicture:
    # A free foot behind the other leg is hidden by it: where it is guessed to be will do.
    image_px = np.where(np.isnan(smoothed.image_px), whole.image_px, smoothed.image_px)
    places = np.stack([median_of_seen(image_px[_near(whole, frame)]) for frame in frames]) / leg_px
    return LegsInPicture(places[:, list(ANKLES)], places[:, list(HIPS)])


def _near(whole: Pose, frame: int) -> BoolArray:
    """The frames that tell a posture, (T,)."""
    near = np.asarray(np.abs(whole.time_s - whole.time_s[frame]) <= AROUND_S)
    near[frame] = True
    return near


def _feet(world_m: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Where the left ankle is from the right one, of world landmarks (..., 33, 3), in leg lengths: to the body's left,
    forwards and upwards, each (...).
    """
    left, right = np.moveaxis(_pair(world_m, ANKLES), -2, 0)
    right_ward, up, away = np.moveaxis((left - right) / _leg_m(world_m)[..., None], -1, 0)
    x, z = np.moveaxis(_across(world_m), -1, 0)
    return right_ward * x + away * z, z * right_ward - x * away, -up


def _across(world_m: FloatArray) -> FloatArray:
    """The way from the body's right to its left, seen from above, (..., 2): x and z, length 1."""
    hips, shoulders = (_pair(world_m, pair) for pair in (HIPS, SHOULDERS))
    return unit((hips[..., 0, :] - hips[..., 1, :] + shoulders[..., 0, :] - shoulders[..., 1, :])[..., [0, 2]])


def _leg_m(world_m: FloatArray) -> FloatArray:
    """The longer leg, hip to knee to ankle, (...)."""
    hips, knees, ankles = (_pair(world_m, pair) for pair in (HIPS, KNEES, ANKLES))
    return np.asarray(np.max(distance(hips, knees) + distance(knees, ankles), axis=-1))


def _pair(world_m: FloatArray, pair: LandmarkPair) -> FloatArray:
    return world_m[..., list(pair), :]


def _from_vertical_deg(downwards: FloatArray) -> FloatArray:
    """Angle of vectors (..., D) from straight down, y being the second axis, 0 to 180."""
    aside = np.linalg.norm(np.delete(downwards, 1, axis=-1), axis=-1)
    return np.asarray(np.degrees(np.arctan2(aside, downwards[..., 1])))
