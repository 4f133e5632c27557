"""The person's own standing posture, and measures taken against it.

Feet stay planted in a squat, and MediaPipe's toe is dragged along by the knee: at the bottom of rendered squats the
knee past the toe reads with slope 1.67 against the truth, and with 1.14 when heel and toe are taken from standing
frames. Segment lengths, too, are true only where nothing is foreshortened: while standing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from formcheck.body import kinematics
from formcheck.body.geometry import distance, median_of_seen
from formcheck.body.pose import ANKLES, HEELS, HIPS, KNEES, SHOULDERS, TOES, BoolArray, FloatArray, Pose
from formcheck.body.view import View, off_square_deg

#: A foot that moved by more than this many shanks since standing has stepped.
STEP_RATIO = 0.25
#: In a side view thigh, shank and trunk keep their standing length: 0.72 to 1.1 of it in 50 rendered repetitions of
#: development bodies, while behind the plates of a bar hips were guessed at 0.45 and 1.6.
POSSIBLE_LENGTH_RATIOS = (0.65, 1.4)
#: A camera off square to the side sees them shorter, a thigh that points outward by this angle still more: at a yaw of
#: 61 degrees nine good squats of a real clip have thighs of 0.53 to 0.66.
THIGH_OUT_DEG = 20.0
#: Nobody's trunk is shorter than this many legs while standing, shoulder to hip: 0.57 to 0.80 in 80 repetitions of real
#: people, 0.59 by Winter 2009 (fig. 4.1). Shoulders out of the picture are guessed on its edge, 0.26 to 0.46 above.
LEAST_TRUNK_RATIO = 0.5
#: MediaPipe's toe landmark lies this many of its own foot lengths behind the tip of the shoe; see docs/measures.md.
TOE_TIP_BEYOND_RATIO = 0.11


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is known of the person from standing frames: the median pose and what is measured on it.

    ``pose`` is the masked pose, ``whole`` the same with every landmark that MediaPipe guessed.
    """

    pose: Pose  # ()
    whole: Pose  # ()
    thigh_px: FloatArray  # (2,)
    shank_px: FloatArray  # (2,)
    foot_px: FloatArray  # (2,)
    heel_above_toe_px: FloatArray  # (2,)

    @property
    def leg_px(self) -> float:
        """Length of the longer seen leg, pixels; NaN where neither is seen."""
        legs = self.thigh_px + self.shank_px
        return float(np.nanmax(legs)) if np.isfinite(legs).any() else float("nan")

    @property
    def ankle_gap_ratio(self) -> float:
        """The gap between the ankles across the picture, leg lengths; NaN where either is unseen."""
        ankles_x = self.pose.pair_px(ANKLES)[..., 0]
        return float(abs(ankles_x[0] - ankles_x[1]) / self.leg_px)


def baseline(smoothed: Pose, whole: Pose, standing: BoolArray) -> Baseline:
    """The baseline over the frames of a recording that are marked as standing; NaN where never seen, shoulders too
    where they make a trunk that nobody has.
    """
    median = _without_clipped_shoulders(_median_pose(smoothed.at(standing)))
    return Baseline(
        pose=median,
        whole=_median_pose(whole.at(standing)),
        thigh_px=kinematics.thigh_px(median),
        shank_px=kinematics.shank_px(median),
        foot_px=kinematics.foot_px(median),
        heel_above_toe_px=median.pair_px(TOES)[..., 1] - median.pair_px(HEELS)[..., 1],
    )


def without_impossible_lengths(pose: Pose, start: Baseline, view: View) -> Pose:
    """A recording from the side, NaN in each frame where a thigh, shank or trunk has a length that the body has not.

    Both ends of such a segment are unseen: which of them was guessed wrong is not known. What the yaw of the view
    shortens is no impossible length.
    """
    image_px = pose.image_px.copy()
    off_deg = off_square_deg(view)
    turned, thigh_turned = (max(np.cos(np.radians(min(deg, 90.0))), 0.0) for deg in (off_deg, off_deg + THIGH_OUT_DEG))
    for upper, lower in ((SHOULDERS, HIPS), (HIPS, KNEES), (KNEES, ANKLES)):
        seen_share = thigh_turned / np.cos(np.radians(THIGH_OUT_DEG)) if upper == HIPS else turned
        usual_px = np.fmax.reduce(distance(start.pose.pair_px(upper), start.pose.pair_px(lower)))
        ratio = distance(pose.pair_px(upper), pose.pair_px(lower)) / usual_px
        wrong = (ratio < POSSIBLE_LENGTH_RATIOS[0] * seen_share) | (ratio > POSSIBLE_LENGTH_RATIOS[1])
        for side in range(2):
            for landmark in (upper[side], lower[side]):
                image_px[wrong[:, side], landmark] = np.nan
    return replace(pose, image_px=image_px)


def plant_feet(pose: Pose, start: Baseline, bottom: BoolArray) -> Pose:
    """The recording with ankles, heels and toes held where they stand: from the baseline, or where a foot stepped,
    from the frames marked ``bottom``.
    """
    image_px = pose.image_px.copy()
    low = replace(start.pose, image_px=median_of_seen(pose.image_px[bottom])) if bottom.any() else start.pose
    # NaN is not "stayed": a foot that is hidden at the bottom may be anywhere, so what needs it becomes unseen.
    moved = distance(low.pair_px(ANKLES), start.pose.pair_px(ANKLES))
    stayed = moved <= STEP_RATIO * np.fmax.reduce(start.shank_px)
    for pair in (ANKLES, HEELS, TOES):
        for side, landmark in enumerate(pair):
            image_px[:, landmark] = (start.pose if stayed[side] else low).image_px[landmark]
    return replace(pose, image_px=image_px)


def toe_tips(pose: Pose) -> Pose:
    """The pose with the toe landmarks moved on, along the foot, to the tips of the shoes."""
    image_px = pose.image_px.copy()
    image_px[..., list(TOES), :] += TOE_TIP_BEYOND_RATIO * (pose.pair_px(TOES) - pose.pair_px(HEELS))
    return replace(pose, image_px=image_px)


def measure(pose: Pose, planted: Pose, start: Baseline) -> Mapping[str, FloatArray]:
    """Every variable of a stretch of frames, by name: (T,), or (T, 2) with a trailing (left, right) axis.

    ``planted`` is the pose with its feet held where they stand (:func:`plant_feet`).
    """
    rest = start.pose
    return {
        "knee_flexion_deg": kinematics.knee_flexion_deg(pose),
        "hip_flexion_deg": kinematics.hip_flexion_deg(pose),
        "shank_inclination_deg": kinematics.shank_inclination_deg(planted),
        "thigh_inclination_deg": kinematics.thigh_inclination_deg(pose, thigh_px=start.thigh_px),
        "trunk_inclination_deg": kinematics.trunk_inclination_deg(planted),
        "trunk_inclination_change_deg": kinematics.trunk_inclination_deg(planted)
        - kinematics.trunk_inclination_deg(rest),
        "trunk_tilt_deg": kinematics.trunk_tilt_deg(pose, rest),
        "lateral_trunk_inclination_deg": kinematics.lateral_trunk_inclination_deg(pose),
        "lateral_trunk_inclination_change_deg": kinematics.lateral_trunk_inclination_deg(pose)
        - kinematics.lateral_trunk_inclination_deg(rest),
        "fppa_deg": kinematics.fppa_deg(pose),
        "knee_ankle_separation_ratio": kinematics.knee_ankle_separation_ratio(pose),
        "medial_knee_displacement_ratio": kinematics.medial_knee_displacement_ratio(planted, shank_px=start.shank_px),
        "anterior_knee_displacement_ratio": kinematics.anterior_knee_displacement_ratio(
            toe_tips(planted), shank_px=start.shank_px
        ),
        "pelvic_obliquity_deg": kinematics.pelvic_obliquity_deg(pose),
        "pelvic_obliquity_change_deg": kinematics.pelvic_obliquity_deg(pose) - kinematics.pelvic_obliquity_deg(rest),
        "lateral_pelvic_shift_ratio": kinematics.lateral_pelvic_shift_ratio(planted),
        "lateral_pelvic_shift_change_ratio": kinematics.lateral_pelvic_shift_ratio(planted)
        - kinematics.lateral_pelvic_shift_ratio(rest),
        "lateral_trunk_shift_ratio": kinematics.lateral_trunk_shift_ratio(planted),
        "knee_height_difference_change_ratio": kinematics.knee_height_difference_ratio(pose, shank_px=start.shank_px)
        - kinematics.knee_height_difference_ratio(rest, shank_px=start.shank_px),
        "heel_rise_ratio": kinematics.heel_rise_ratio(pose, standing_px=start.heel_above_toe_px, foot_px=start.foot_px),
        "stance_width_ratio": kinematics.stance_width_ratio(pose),
        "stance_off_usual_ratio": kinematics.stance_off_usual_ratio(pose),
        "knee_bend_deg": kinematics.knee_bend_deg(pose, thigh_px=start.thigh_px, shank_px=start.shank_px),
        "pelvic_drop_change_deg": kinematics.pelvic_drop_deg(pose) - kinematics.pelvic_drop_deg(rest),
        "lean_over_leg_change_deg": kinematics.lean_over_leg_deg(pose) - kinematics.lean_over_leg_deg(rest),
        "arms_moved_ratio": kinematics.arms_moved_ratio(pose, rest),
        "interlimb_knee_flexion_difference_deg": kinematics.interlimb_knee_flexion_difference_deg(pose),
    }


def _without_clipped_shoulders(standing: Pose) -> Pose:
    """The standing pose () without shoulders that were guessed too near to the hips: the picture ends below them."""
    legs_px = kinematics.thigh_px(standing) + kinematics.shank_px(standing)
    trunks_px = distance(standing.pair_px(SHOULDERS), standing.pair_px(HIPS))
    if not np.fmax.reduce(trunks_px) < LEAST_TRUNK_RATIO * np.fmax.reduce(legs_px):
        return standing
    image_px = standing.image_px.copy()
    image_px[list(SHOULDERS)] = np.nan
    return replace(standing, image_px=image_px)


def _median_pose(frames: Pose) -> Pose:
    return replace(
        frames,
        time_s=np.asarray(np.median(frames.time_s)),
        image_px=median_of_seen(frames.image_px),
        world_m=median_of_seen(frames.world_m),
        visibility=np.median(frames.visibility, axis=0),
    )
