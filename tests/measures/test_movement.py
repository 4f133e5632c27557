"""What is no squat and no lunge is none: each other movement is passed over, with what was seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from bodies import Camera, blend, concatenate, hidden, lunges, photograph, posture, squats, standing
from recordings import clean_squats, moved, the_movement, walking

from formcheck.body.pose import HIPS, Pose
from formcheck.checks.check import Verdict
from formcheck.checks.judge_recording import analyze_poses
from formcheck.measures.legs_in_picture import LegsInPicture
from formcheck.measures.movement import Movement, why_no_repetition, why_not_of_set
from formcheck.measures.reps import cut
from formcheck.measures.smoothing import smooth_recording
from formcheck.results.report_json import report_dict, validate_report

VIDEO = {
    "name": "clip.mp4", "frames": 1, "duration_s": 1.0, "width": 1, "height": 1, "rotation": 0, "complete": True,
    "reason": None,
}  # fmt: skip


def down_and_up(yaw_deg: float = 90.0, *, seconds: float = 2.4, **bottom: float) -> Pose:
    """From upright to a posture and back, with a second of standing before and after."""
    time_s = np.arange(round((seconds + 2) * 30)) / 30
    away = np.clip(np.abs(time_s - 1 - seconds / 2) / (seconds / 2), 0, 1)
    return photograph(blend(posture(), posture(**bottom), (1 + np.cos(np.pi * away)) / 2), Camera(yaw_deg), time_s)


def deadlift(yaw_deg: float = 90.0) -> Pose:
    return down_and_up(yaw_deg, shank_inclination_deg=5.0, thigh_inclination_deg=55.0, trunk_inclination_deg=85.0)


def lying(pose: Pose) -> Pose:
    """The same, the picture and the world turned by a quarter."""
    quarter = np.array([[0.0, 1.0], [-1.0, 0.0]])
    world = pose.world_m.copy()
    world[..., :2] = world[..., :2] @ quarter
    middle = np.array([pose.width_px / 2, pose.height_px / 2])
    return replace(pose, image_px=(pose.image_px - middle) @ quarter + middle, world_m=world)


def rising_and_falling() -> Pose:
    """Somebody stands, and the camera tilts up and down."""
    pose = standing(4.0)
    return moved(pose, by_px=(0.0, 120.0 * np.sin(np.pi * np.clip(pose.time_s - 1, 0, 2) / 2)))


def push_ups() -> Pose:
    pose = lying(standing(4.0, yaw_deg=90.0))
    return moved(pose, by_px=(0.0, 60.0 * np.sin(np.pi * np.clip(pose.time_s - 1, 0, 2) / 2)))


@pytest.mark.parametrize(
    ("film", "seen"),
    [
        (deadlift, "bent at the hips and not at the knees"),
        (lambda: deadlift(0.0), "bent at the hips and not at the knees"),
        (lambda: squats(3, rep_s=0.45), "moved too quickly"),
        (rising_and_falling, "hardly bent the knees"),
        (push_ups, "did not stand before and after"),
    ],
    ids=["deadlift", "deadlift from the front", "jumping jacks", "a tilting camera", "push-ups"],
)
def test_another_movement_is_passed_over_with_what_was_seen(film: Callable[[], Pose], seen: str) -> None:
    report = analyze_poses(film())
    assert (report.exercise, report.reps, report.summary.form_score) == ("none", (), None)
    assert report.passed_over
    assert all(other.reason.startswith(seen) for other in report.passed_over)
    assert report.summary.reason is not None
    assert report.summary.reason.startswith("This looks like no squat or lunge: somebody " + seen)
    validate_report(report_dict(report, video=VIDEO, model={"name": "full", "sha256": ""}))


@pytest.mark.parametrize("exercise", ["squat", "lunge"])
def test_what_is_told_makes_no_repetition_of_another_movement(exercise: str) -> None:
    report = analyze_poses(deadlift(), exercise=exercise)
    assert (report.exercise, report.reps) == (exercise, ())
    assert report.summary.reason


def test_fetching_a_weight_between_squats_is_no_repetition_among_them() -> None:
    report = analyze_poses(concatenate(clean_squats(2, yaw_deg=90), deadlift(), clean_squats(1, yaw_deg=90)))
    assert (report.exercise, len(report.reps)) == ("squat", 3)
    assert len(report.passed_over) == 1
    assert report.summary.reason is None


def test_a_small_movement_is_held_against_the_rest_of_its_set_and_a_plain_bend_of_the_knees_is_not() -> None:
    small = the_movement(squats(1, depth_deg=60))
    knee_deg = small.start.knee_deg + 22.0
    stepping_out = replace(small, drop_ratio=0.08, bottom=replace(small.bottom, knee_deg=knee_deg))
    assert why_not_of_set(stepping_out, 0.08) is None
    assert why_not_of_set(stepping_out, 0.55) is not None
    assert why_not_of_set(replace(small, drop_ratio=0.08), 0.55) is None


def test_half_squats_beside_deep_ones_count() -> None:
    pose = concatenate(squats(2, depth_deg=125), squats(1, depth_deg=60))
    assert len(cut(smooth_recording(pose), pose).reps) == 3


@pytest.mark.parametrize("yaw_deg", [0.0, 45.0, 90.0, 180.0])
def test_nothing_speaks_against_a_squat_or_a_lunge(yaw_deg: float) -> None:
    for pose in (squats(1, yaw_deg=yaw_deg), lunges(1, yaw_deg=yaw_deg), squats(1, depth_deg=60, yaw_deg=yaw_deg)):
        assert why_no_repetition(the_movement(pose)) is None


def test_what_is_unseen_speaks_neither_for_nor_against() -> None:
    seen = the_movement(squats(1))
    unseen = replace(seen.start, trunk_deg=np.nan, legs_px=np.nan)
    assert why_no_repetition(replace(seen, start=unseen, end=unseen)) is None


def test_an_ankle_that_is_hidden_at_one_end_does_not_hide_that_the_legs_shorten() -> None:
    plain = changed("whole", drop_ratio=0.5)
    nearer_px = np.array([0.05, 0.25]) * plain.leg_px
    shorter = replace(plain, bottom=replace(plain.bottom, legs_px=plain.start.legs_px - nearer_px))
    half_seen = replace(shorter.end, legs_px=np.array([shorter.end.legs_px[0], np.nan]))
    assert why_no_repetition(replace(shorter, end=half_seen)) is None
    as_long = replace(shorter, bottom=replace(plain.bottom, legs_px=plain.start.legs_px))
    assert "as a whole" in (why_no_repetition(replace(as_long, end=half_seen)) or "")


def test_a_movement_has_the_angles_of_the_figure() -> None:
    moved_down = the_movement(squats(1, depth_deg=110.0, trunk_deg=30.0, yaw_deg=90.0))
    assert moved_down.bottom.knee_deg == pytest.approx([110.0, 110.0], abs=3.0)
    assert moved_down.bottom.trunk_deg == pytest.approx(30.0, abs=2.0)
    assert moved_down.start.leg_deg == pytest.approx(0.0, abs=12.0)
    assert moved_down.bottom.split == pytest.approx(0.0, abs=0.02)
    ahead = the_movement(lunges(1, lead="left", yaw_deg=0.0)).bottom
    assert ahead.feet_ahead > 0.6
    assert ahead.knee_up > 0.2


def test_a_repetition_whose_hips_were_hidden_at_the_bottom_counts_and_its_depth_is_unseen() -> None:
    pose = squats(1, yaw_deg=90.0)
    report = analyze_poses(hidden(pose, list(HIPS), np.abs(pose.time_s - 2.2) < 0.5))
    (rep,) = report.reps
    (depth,) = [finding for finding in rep.findings if finding.check == "depth"]
    assert (depth.value, depth.verdict) == (None, Verdict.UNSEEN)


def test_walking_before_and_after_a_set_adds_nothing_to_it() -> None:
    report = analyze_poses(concatenate(walking(), standing(1.0), squats(2), walking()))
    assert (report.exercise, len(report.reps)) == ("squat", 2)


def changed(at: str, **numbers: object) -> Movement:
    """A plain squat with other numbers ``at`` its "ends", its "bottom", or of the "whole"; no picture of it."""
    plain = replace(the_movement(squats(1, depth_deg=110)), seen=LegsInPicture())
    if at == "whole":
        return replace(plain, **numbers)
    if at == "bottom":
        return replace(plain, bottom=replace(plain.bottom, **numbers))
    return replace(plain, start=replace(plain.start, **numbers), end=replace(plain.end, **numbers))


def bent_by(knee_deg: float, drop_ratio: float) -> Movement:
    plain = changed("whole")
    bottom = replace(plain.bottom, knee_deg=plain.start.knee_deg + knee_deg, trunk_world_deg=0.0)
    return replace(plain, drop_ratio=drop_ratio, bottom=bottom)


def hinged(trunk_deg: float, knee_deg: float) -> Movement:
    return changed("bottom", trunk_world_deg=trunk_deg, knee_deg=np.array([knee_deg, knee_deg]))


def shortened(share: float) -> Movement:
    """The hips fall by half a leg and come nearer to the ankles by a share of that."""
    plain = changed("whole", drop_ratio=0.5)
    return replace(plain, bottom=replace(plain.bottom, legs_px=plain.start.legs_px - share * 0.5 * plain.leg_px))


def footless(drop_ratio: float) -> Movement:
    return replace(changed("ends", legs_px=np.nan), drop_ratio=drop_ratio)


#: By hand, each on either side of its limit; the docstrings of the limits say what real people do.
EDGES = [
    (changed("whole", duration_s=0.52), changed("whole", duration_s=0.48), "too quickly: down and up in 0.5 s"),
    (changed("ends", leg_deg=47.0), changed("ends", leg_deg=49.0), "did not stand before and after: legs 49°"),
    (changed("ends", trunk_deg=44.0), changed("ends", trunk_deg=46.0), "did not stand before and after: trunk 46°"),
    (
        changed("ends", knee_deg=np.array([89.0, 130.0]), leg_deg=0.0),
        changed("ends", knee_deg=np.array([91.0, 130.0]), leg_deg=0.0),
        "did not stand before and after: knees bent by 91°",
    ),
    (hinged(34.0, 30.0), hinged(36.0, 30.0), "bent at the hips and not at the knees"),
    (hinged(53.0, 60.0), hinged(55.0, 60.0), "bent at the hips and not at the knees"),
    (bent_by(12.5, 0.3), bent_by(11.5, 0.3), "hardly bent the knees: by 12°"),
    (bent_by(20.5, 0.10), bent_by(19.5, 0.10), "moved too little: by 0.10 of the leg"),
    (bent_by(19.5, 0.125), bent_by(19.5, 0.115), "moved too little: by 0.1"),
    (shortened(0.16), shortened(0.14), "moved up and down as a whole"),
    (footless(0.31), footless(0.29), "moved too little: feet not in the picture"),
]


@pytest.mark.parametrize(("within", "beyond", "seen"), EDGES, ids=[seen for *_, seen in EDGES])
def test_a_movement_is_no_repetition_from_its_limit_on_and_not_before(
    within: Movement, beyond: Movement, seen: str
) -> None:
    reason = why_no_repetition(within)
    assert reason is None or not reason.startswith(seen[:18])
    assert seen in (why_no_repetition(beyond) or "")


def test_beside_deep_ones_a_movement_counts_from_a_fifth_of_their_fall_or_thirty_degrees_on() -> None:
    assert why_not_of_set(bent_by(25.0, 0.115), 0.5) is None
    assert why_not_of_set(bent_by(25.0, 0.105), 0.5) == (
        "went down much less than at other times: by 0.10 of the leg, 0.50 then"
    )
    assert why_not_of_set(bent_by(30.5, 0.02), 0.5) is None
    assert why_not_of_set(bent_by(29.5, 0.02), 0.5) is not None


def test_the_knee_gain_is_that_of_the_knee_that_bends_more_beyond_the_middle_of_the_ends() -> None:
    plain = the_movement(squats(1))
    uneven = replace(
        plain,
        start=replace(plain.start, knee_deg=np.array([10.0, 0.0])),
        end=replace(plain.end, knee_deg=np.array([20.0, 0.0])),
        bottom=replace(plain.bottom, knee_deg=np.array([100.0, 70.0])),
    )
    assert uneven.knee_gain_deg == 85.0
    assert replace(plain.bottom, feet_ahead=-0.4, knee_up=-0.3).split == pytest.approx(0.7)
