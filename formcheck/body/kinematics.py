"""Joint and segment measures: each a function ``Pose -> array``, in the image plane, in pixels.

Conventions

* Measures with sides have a trailing axis (left, right); the rest have the pose's leading shape.
* NaN where a landmark that the measure needs is unseen, and nowhere else.
* ``forward`` is the way the toes point in the picture; ``medial`` is towards the other leg. Neither
  depends on whether the picture was mirrored, only on the labels of the landmarks.
* Foreshortened segments: a keyword such as ``shank_px`` takes the true length, measured while standing (see
  :mod:`formcheck.measures.standing`), in place of the length in this picture.

The definitions are those of the project's vocabulary table (docs/measures.md); they are measures of the picture
and become the clinic's only in the plane named with each: see :mod:`formcheck.body.view`.
"""

from __future__ import annotations

import numpy as np

from formcheck.body.geometry import angle_at_deg, distance, midpoint, ratio, signed_angle_2d_deg
from formcheck.body.pose import ANKLES, HEELS, HIPS, KNEES, SHOULDERS, TOES, WRISTS, FloatArray, LandmarkPair, Pose

#: Below this fraction of the shank, the projected thigh is too short for an angle: 2 px of jitter at a
#: shank of 100 px would already move it by more than 4 degrees.
MIN_THIGH_TO_SHANK_RATIO = 0.25
#: Between shoulder-wide and a medium stance, 1.42 shoulder widths: Escamilla 2001, Med Sci Sports Exerc 33(6):984.
#: Eight clean front views of people, 0.97 to 1.53.
USUAL_STANCE_RATIO = 1.2


def thigh_px(pose: Pose) -> FloatArray:
    """Length of the projected thigh, hip to knee, (..., 2 sides), pixels."""
    return distance(pose.pair_px(HIPS), pose.pair_px(KNEES))


def shank_px(pose: Pose) -> FloatArray:
    """Length of the projected shank, knee to ankle, (..., 2 sides), pixels."""
    return distance(pose.pair_px(KNEES), pose.pair_px(ANKLES))


def foot_px(pose: Pose) -> FloatArray:
    """Length of the projected foot, heel to toe, (..., 2 sides), pixels."""
    return distance(pose.pair_px(HEELS), pose.pair_px(TOES))


def medial_direction(pose: Pose) -> FloatArray:
    """Image direction along +x or -x that points to the other leg, (..., 2 sides): +1 right, -1 left, by the hips.

    NaN where a hip is unseen or both lie above each other.
    """
    hips = pose.pair_px(HIPS)
    towards_right = np.sign(hips[..., 1, 0] - hips[..., 0, 0])
    towards_right = np.where(towards_right == 0, np.nan, towards_right)
    return np.stack([towards_right, -towards_right], axis=-1)


def forward_direction(pose: Pose) -> FloatArray:
    """Image direction along x in which the toes point, (...): +1 right, -1 left; the mean of the feet that are seen."""
    foot_x = pose.pair_px(TOES)[..., 0] - pose.pair_px(HEELS)[..., 0]
    seen = np.isfinite(foot_x)
    total = np.sum(np.where(seen, foot_x, 0.0), axis=-1)
    return np.asarray(np.where(seen.any(axis=-1) & (total != 0), np.sign(total), np.nan))


def knee_flexion_deg(pose: Pose) -> FloatArray:
    """Knee flexion, 180 - angle hip-knee-ankle: 0 straight, + bent, (..., 2 sides). Sagittal plane."""
    return 180 - angle_at_deg(pose.pair_px(HIPS), pose.pair_px(KNEES), pose.pair_px(ANKLES))


def hip_flexion_deg(pose: Pose) -> FloatArray:
    """Hip flexion, 180 - angle shoulder-hip-knee: 0 upright, + bent, (..., 2 sides). Sagittal plane."""
    return 180 - angle_at_deg(pose.pair_px(SHOULDERS), pose.pair_px(HIPS), pose.pair_px(KNEES))


def shank_inclination_deg(pose: Pose) -> FloatArray:
    """Shank against the vertical: 0 upright, + knee ahead of the ankle, (..., 2 sides). Sagittal plane."""
    shank = pose.pair_px(KNEES) - pose.pair_px(ANKLES)
    ahead = shank[..., 0] * forward_direction(pose)[..., None]
    return np.asarray(np.degrees(np.arctan2(ahead, -shank[..., 1])))


def thigh_inclination_deg(pose: Pose, *, thigh_px: FloatArray | None = None) -> FloatArray:
    """Thigh against the horizontal: 90 upright, 0 parallel, - hip below the knee (depth), (..., 2 sides).

    Sagittal plane. With ``thigh_px`` (..., 2), the thigh's length while standing, the height of the hip above
    the knee gives the inclination in any plane: asin(height / length), clipped to ±90.
    """
    thigh = pose.pair_px(KNEES) - pose.pair_px(HIPS)
    if thigh_px is None:
        return np.asarray(np.degrees(np.arctan2(thigh[..., 1], np.abs(thigh[..., 0]))))
    return np.asarray(np.degrees(np.arcsin(np.clip(ratio(thigh[..., 1], thigh_px), -1, 1))))


def knee_bend_deg(pose: Pose, *, thigh_px: FloatArray, shank_px: FloatArray) -> FloatArray:
    """Knee flexion from how much lower thigh and shank stand in the picture than they are long, (..., 2 sides): 0
    straight, + bent, whichever way the camera looks.

    Either segment's height in the picture over its length while standing, ``thigh_px`` and ``shank_px`` (..., 2), is
    the cosine of its tilt; the knee bends by the sum of both, since a bent knee is ahead of hip and ankle.
    """
    hips_y, knees_y, ankles_y = (pose.pair_px(pair)[..., 1] for pair in (HIPS, KNEES, ANKLES))
    tilts = (ratio(knees_y - hips_y, thigh_px), ratio(ankles_y - knees_y, shank_px))
    return np.asarray(sum(np.degrees(np.arccos(np.clip(cosine, -1, 1))) for cosine in tilts))


def trunk_inclination_deg(pose: Pose) -> FloatArray:
    """Mid-hip to mid-shoulder against the vertical: 0 upright, + leaning forward, (...). Sagittal plane."""
    trunk = midpoint(pose.pair_px(SHOULDERS)) - midpoint(pose.pair_px(HIPS))
    return np.asarray(np.degrees(np.arctan2(trunk[..., 0] * forward_direction(pose), -trunk[..., 1])))


def trunk_tilt_deg(pose: Pose, rest: Pose) -> FloatArray:
    """How far the trunk is from upright, whichever way it leans and the camera looks, (...): 0 as long in the picture
    as at ``rest`` (), + lower: the arc cosine of the height of the shoulders above the hips over what it is at rest.
    """
    heights = [midpoint(one.pair_px(HIPS))[..., 1] - midpoint(one.pair_px(SHOULDERS))[..., 1] for one in (pose, rest)]
    return np.asarray(np.degrees(np.arccos(np.clip(ratio(*heights), -1, 1))))


def lateral_trunk_inclination_deg(pose: Pose) -> FloatArray:
    """Mid-hip to mid-shoulder against the vertical: 0 upright, + leaning to the right side, (...). Frontal plane."""
    trunk = midpoint(pose.pair_px(SHOULDERS)) - midpoint(pose.pair_px(HIPS))
    to_the_right = trunk[..., 0] * medial_direction(pose)[..., 0]
    return np.asarray(np.degrees(np.arctan2(to_the_right, -trunk[..., 1])))


def fppa_deg(pose: Pose) -> FloatArray:
    """Frontal plane projection angle: thigh line against shank line in the picture, (..., 2 sides).

    0 in line, + knee towards the midline. A projection, not three-dimensional valgus. NaN where the projected
    thigh is shorter than MIN_THIGH_TO_SHANK_RATIO of the shank: the thigh then points at the camera.
    Frontal plane. Munro 2012 (doi:10.1016/j.ptsp.2011.11.003) describes the measure.
    """
    thigh = pose.pair_px(KNEES) - pose.pair_px(HIPS)
    shank = pose.pair_px(ANKLES) - pose.pair_px(KNEES)
    # Seen in the picture, the knee lies on the +x side of the hip-ankle line when the leg turns clockwise at the knee.
    angle = signed_angle_2d_deg(thigh, shank) * medial_direction(pose)
    with np.errstate(invalid="ignore"):
        long_enough = thigh_px(pose) >= MIN_THIGH_TO_SHANK_RATIO * shank_px(pose)
    return np.asarray(np.where(long_enough, angle, np.nan))


def knee_ankle_separation_ratio(pose: Pose) -> FloatArray:
    """Horizontal knee gap / ankle gap, (...): 1 knees above the ankles, < 1 knees inside. Frontal plane.

    Negative where one pair has crossed. Normalised by stance after Sigward 2011 (PMC3418952).
    """
    knees, ankles = pose.pair_px(KNEES)[..., 0], pose.pair_px(ANKLES)[..., 0]
    return ratio(knees[..., 0] - knees[..., 1], ankles[..., 0] - ankles[..., 1])


def medial_knee_displacement_ratio(pose: Pose, *, shank_px: FloatArray | None = None) -> FloatArray:
    """How far the knee lies inside the line of its toes, / shank length, (..., 2 sides): 0 above the toe, + inward.

    Horizontal distance in the picture from the toe to the knee, counted towards the other leg. A deep knee is
    about above its toe, so this is the distance from the line in which the foot points, also for turned-out
    feet, which a ratio of knee gap to ankle gap misses; and because knee and toe are then equally far from the
    camera, a camera some degrees off frontal hardly changes it. Frontal plane. Give ``shank_px`` (..., 2), the
    standing shank: the bent one is foreshortened.
    """
    inward = (pose.pair_px(KNEES)[..., 0] - pose.pair_px(TOES)[..., 0]) * medial_direction(pose)
    return ratio(inward, _shank_or(pose, shank_px))


def anterior_knee_displacement_ratio(pose: Pose, *, shank_px: FloatArray | None = None) -> FloatArray:
    """How far the knee lies beyond MediaPipe's toe landmark, along the foot, / shank length, (..., 2 sides).

    0 above the landmark, + beyond it. The landmark sits behind the tip of the shoe: see
    :func:`formcheck.measures.standing.toe_tips`. Sagittal plane.
    """
    beyond = (pose.pair_px(KNEES)[..., 0] - pose.pair_px(TOES)[..., 0]) * forward_direction(pose)[..., None]
    return ratio(beyond, _shank_or(pose, shank_px))


def pelvic_obliquity_deg(pose: Pose) -> FloatArray:
    """Hip line against the horizontal, (...): 0 level, + right hip lower, -90 to 90. Frontal plane."""
    hips = pose.pair_px(HIPS)
    drop = hips[..., 1, 1] - hips[..., 0, 1]
    return np.asarray(np.degrees(np.arctan2(drop, np.abs(hips[..., 1, 0] - hips[..., 0, 0]))))


def pelvic_drop_deg(pose: Pose) -> FloatArray:
    """How far the hip beside the leg hangs down, hip line against the horizontal, (..., 2 sides): 0 level, + the other
    side's hip lower than that of this leg. Frontal plane.
    """
    right_lower = pelvic_obliquity_deg(pose)
    return np.stack([right_lower, -right_lower], axis=-1)


def lean_over_leg_deg(pose: Pose) -> FloatArray:
    """Mid-hip to mid-shoulder against the vertical, (..., 2 sides): 0 upright, + leaning over this leg. Frontal
    plane.
    """
    to_the_right = lateral_trunk_inclination_deg(pose)
    return np.stack([-to_the_right, to_the_right], axis=-1)


def arms_moved_ratio(pose: Pose, rest: Pose) -> FloatArray:
    """How far the wrist that moved more is from where it was at ``rest`` (), as seen from between the shoulders, /
    trunk length, (...): 0 still, >= 0. NaN where a wrist is unseen.
    """
    trunk_px = distance(midpoint(rest.pair_px(SHOULDERS)), midpoint(rest.pair_px(HIPS)))
    arms, at_rest = (one.pair_px(WRISTS) - midpoint(one.pair_px(SHOULDERS))[..., None, :] for one in (pose, rest))
    return ratio(np.max(distance(arms, at_rest), axis=-1), trunk_px)


def lateral_pelvic_shift_ratio(pose: Pose) -> FloatArray:
    """Mid-hip from mid-ankle, / ankle gap, (...): 0 centred, + to the subject's right. Frontal plane."""
    return _shift_ratio(pose, HIPS)


def lateral_trunk_shift_ratio(pose: Pose) -> FloatArray:
    """Mid-shoulder from mid-ankle, / ankle gap, (...): 0 centred, + to the subject's right. Frontal plane.

    Shoulders stay above the feet while the hips go back, so a camera off square moves them less than the hips.
    """
    return _shift_ratio(pose, SHOULDERS)


def knee_height_difference_ratio(pose: Pose, *, shank_px: FloatArray | None = None) -> FloatArray:
    """Height of the left knee above the right one, / mean shank length, (...): 0 level, + left higher."""
    knees = pose.pair_px(KNEES)
    shank = np.mean(_shank_or(pose, shank_px), axis=-1)
    return ratio(knees[..., 1, 1] - knees[..., 0, 1], shank)


def heel_rise_ratio(
    pose: Pose, *, standing_px: FloatArray | None = None, foot_px: FloatArray | None = None
) -> FloatArray:
    """Heel lift / foot length, (..., 2 sides): 0 flat, + heel up. Sagittal plane.

    The lift is the height of the heel above the toe, less what it is while standing: ``standing_px`` (..., 2)
    (0 where not given), ``foot_px`` (..., 2) the standing foot's length.
    """
    lift = pose.pair_px(TOES)[..., 1] - pose.pair_px(HEELS)[..., 1]
    rest = np.zeros_like(lift) if standing_px is None else standing_px
    length = distance(pose.pair_px(HEELS), pose.pair_px(TOES)) if foot_px is None else foot_px
    return ratio(lift - rest, length)


def stance_width_ratio(pose: Pose) -> FloatArray:
    """Ankle gap / shoulder width, across the picture, (...): 1 shoulder-wide. Frontal plane.

    From the front one foot ahead of the other stands lower in the picture, which is no width.
    """
    ankles_x, shoulders_x = (pose.pair_px(pair)[..., 0] for pair in (ANKLES, SHOULDERS))
    return ratio(np.abs(ankles_x[..., 0] - ankles_x[..., 1]), np.abs(shoulders_x[..., 0] - shoulders_x[..., 1]))


def stance_off_usual_ratio(pose: Pose) -> FloatArray:
    """Stance width less USUAL_STANCE_RATIO, in shoulder widths, (...): 0 usual, + wider. Frontal plane."""
    return stance_width_ratio(pose) - USUAL_STANCE_RATIO


def interlimb_knee_flexion_difference_deg(pose: Pose) -> FloatArray:
    """Left minus right knee flexion, (...): 0 equal, + left more bent."""
    flexion = knee_flexion_deg(pose)
    return np.asarray(flexion[..., 0] - flexion[..., 1])


def limb_symmetry_index_pct(left: FloatArray, right: FloatArray) -> FloatArray:
    """100 x lower / higher of two magnitudes, 0 to 100: 100 equal. NaN where both are 0 or either is NaN.

    Parkinson 2021 (doi:10.1186/s40798-021-00379-2) reviews such indices and their limits of 10 to 15 %.
    """
    a, b = np.abs(left), np.abs(right)
    return 100 * ratio(np.minimum(a, b), np.maximum(a, b))


def _shift_ratio(pose: Pose, pair: LandmarkPair) -> FloatArray:
    """Across the picture only: along the line of the ankles, a pixel of their height would move shoulders by five."""
    ankles_x = pose.pair_px(ANKLES)[..., 0]
    offset = np.mean(pose.pair_px(pair)[..., 0], axis=-1) - np.mean(ankles_x, axis=-1)
    return ratio(offset, ankles_x[..., 1] - ankles_x[..., 0])


def _shank_or(pose: Pose, given: FloatArray | None) -> FloatArray:
    return shank_px(pose) if given is None else given
