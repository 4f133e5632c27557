from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bodies import concatenate, nobody, squats

from benchmarks.accuracy import disturbances as disturb
from benchmarks.accuracy.analysed import AnalysedClip, AnalysedRep
from benchmarks.accuracy.rendered_checks import BANDS
from benchmarks.accuracy.rendered_clips import JOINTS, RenderedClip, TrueRep
from benchmarks.accuracy.trials import Told, Trial, further_warnings, tally, told
from formcheck.body.pose import Landmark, Pose
from formcheck.checks.check import Verdict
from formcheck.checks.judge_recording import analyze_poses
from formcheck.frames.frame import Frame, ImageBGR

WIDTH, HEIGHT, FPS, FRAMES = 120, 160, 30.0, 90
#: Looks at a person at the origin from 3 m in front: focal length 200 px, the optical axis 0.9 m above the floor.
CAMERA = np.array([[200.0, 60.0, 0.0, 180.0], [0.0, 80.0, -200.0, 420.0], [0.0, 1.0, 0.0, 3.0]])
LEVELS = {"shoulder": 1.4, "hip": 0.9, "knee": 0.5, "ankle": 0.1, "heel": 0.03, "foot_index": 0.02}


def the_clip() -> RenderedClip:
    """Somebody who sways a little before :data:`CAMERA`, turned by 20 degrees."""
    time_s = np.arange(FRAMES) / FPS
    joints_m = {}
    for name in JOINTS:
        *_, side, joint = name.removesuffix("_index").split("_")
        level = LEVELS.get(joint, LEVELS["foot_index"])
        at = np.array([(0.2 if side == "left" else -0.2), -0.25 if joint == "foot" else 0.07 * level, level])
        joints_m[name] = at + 0.02 * np.sin(3 * time_s)[:, None] * np.array([1.0, 0.5, 0.2])
    return RenderedClip(
        path=Path("nowhere.mp4"),
        exercise="squat",
        body="m_avg",
        fps=FPS,
        eye_m=np.array([0.0, -3.0, 0.9]),
        time_s=time_s,
        reps=(TrueRep(0.5, 1.0, 1.5, None), TrueRep(1.6, 2.1, 2.6, None)),
        joints_m=joints_m,
        joints_px={name: disturb.project_px(CAMERA, joint) for name, joint in joints_m.items()},
    )


def frames(picture: ImageBGR | None = None) -> Iterator[Frame]:
    plain = np.full((HEIGHT, WIDTH, 3), 200, dtype=np.uint8) if picture is None else picture
    for index in range(FRAMES):
        yield Frame(index=index, time_s=index / FPS, image_bgr=plain.copy())


def marked() -> ImageBGR:
    """Grey with one white block left of the middle, near the top."""
    picture = np.full((HEIGHT, WIDTH, 3), 60, dtype=np.uint8)
    picture[20:30, 30:40] = 255
    return picture


def one(disturbance: disturb.Disturbance, picture: ImageBGR | None = None) -> ImageBGR:
    return next(disturbance(the_clip(), frames(picture))).image_bgr


def centre_of_white(picture: ImageBGR) -> tuple[float, float]:
    rows, columns = np.nonzero(picture.min(axis=-1) > 200)
    return float(columns.mean()), float(rows.mean())


EVERY = {
    "low light": disturb.in_low_light,
    "smeared": disturb.smeared,
    "tiny": disturb.tiny,
    "rolled": disturb.rolled(10),
    "without feet": disturb.without_feet,
    "with a bar": disturb.with_bar,
    "black": disturb.black_in_the_middle,
    "gaps": disturb.with_gaps,
    "somebody": disturb.beside_somebody(marked(), on_the_left=True),
    "mirror": disturb.beside_a_mirror(on_the_left=False),
}


@pytest.mark.parametrize("name", EVERY)
def test_a_disturbance_keeps_times_gives_pictures_of_one_size_and_is_the_same_at_every_run(name: str) -> None:
    once, again = (list(EVERY[name](the_clip(), frames(marked()))) for _ in range(2))
    assert {frame.time_s for frame in once} <= {index / FPS for index in range(FRAMES)}
    assert len({frame.image_bgr.shape for frame in once}) == 1
    assert all(frame.image_bgr.dtype == np.uint8 and frame.image_bgr.flags.c_contiguous for frame in once)
    assert all(np.array_equal(a.image_bgr, b.image_bgr) for a, b in zip(once, again, strict=True))


@pytest.mark.parametrize("name", EVERY)
def test_a_disturbance_does_not_draw_on_the_frames_that_it_was_given(name: str) -> None:
    given = list(frames(marked()))
    assert list(EVERY[name](the_clip(), given))
    assert all(np.array_equal(frame.image_bgr, marked()) for frame in given)


def test_low_light_leaves_a_sixth_of_it_and_noise() -> None:
    picture = one(disturb.in_low_light)
    assert picture.mean() == pytest.approx(0.15 * 200, abs=1)
    assert picture.std() == pytest.approx(5, abs=0.5)


def test_smearing_leaves_what_stands_still_and_draws_out_what_moves() -> None:
    def moving() -> Iterator[Frame]:
        for frame in frames():
            picture = np.zeros_like(frame.image_bgr)
            picture[:5] = 90
            picture[50, frame.index] = 90
            yield replace(frame, image_bgr=picture)

    picture = list(disturb.smeared(the_clip(), moving()))[40].image_bgr
    assert (picture[:5] == 90).all()
    assert picture[50, 36:43, 0].tolist() == [0, 0, 30, 30, 30, 0, 0]


@pytest.mark.parametrize(("height", "width"), [(640, 480), (480, 640), (480, 854)])
def test_tiny_pictures_have_160_pixels_along_the_longer_side_and_their_shape(height: int, width: int) -> None:
    picture = one(disturb.tiny, np.zeros((height, width, 3), dtype=np.uint8))
    assert max(picture.shape) == 160
    assert picture.shape[0] / picture.shape[1] == pytest.approx(height / width, rel=0.01)


@pytest.mark.parametrize("degrees", [10, -10])
def test_rolling_turns_about_the_middle_and_loses_no_corner(degrees: float) -> None:
    picture = one(disturb.rolled(degrees), marked())
    assert picture.shape[0] > HEIGHT
    assert picture.shape[1] > WIDTH
    x, y = 34.5 - WIDTH / 2, 24.5 - HEIGHT / 2
    turn = np.radians(degrees)
    expected = x * np.cos(turn) + y * np.sin(turn), -x * np.sin(turn) + y * np.cos(turn)
    found = centre_of_white(picture)
    assert found == pytest.approx((expected[0] + picture.shape[1] / 2, expected[1] + picture.shape[0] / 2), abs=1)


def test_without_feet_the_picture_ends_at_the_ankles() -> None:
    ankles_px = [the_clip().joints_px[f"{side}_ankle"][:, 1] for side in ("left", "right")]
    assert one(disturb.without_feet).shape == (int(np.median(ankles_px)), WIDTH, 3)


def test_black_is_the_second_in_the_middle_and_no_more() -> None:
    made = list(disturb.black_in_the_middle(the_clip(), frames()))
    black_s = [frame.time_s for frame in made if not frame.image_bgr.any()]
    middle_s = (FRAMES - 1) / FPS / 2
    assert len(made) == FRAMES
    assert len(black_s) == 30
    assert max(abs(time_s - middle_s) for time_s in black_s) <= 0.5


def test_a_variable_rate_keeps_the_first_frame_and_about_six_in_ten() -> None:
    times_s = [frame.time_s for frame in disturb.with_gaps(the_clip(), frames())]
    assert times_s[0] == 0
    assert 0.45 * FRAMES < len(times_s) < 0.75 * FRAMES
    assert len(set(np.round(np.diff(times_s), 3))) > 2


@pytest.mark.parametrize("on_the_left", [True, False])
def test_somebody_stands_beside_the_athlete_who_is_left_as_is(on_the_left: bool) -> None:
    other = np.full((HEIGHT // 2, WIDTH, 3), 9, dtype=np.uint8)
    picture = one(disturb.beside_somebody(other, on_the_left=on_the_left), marked())
    assert picture.shape == (HEIGHT, 3 * WIDTH, 3)
    athlete, beside = (picture[:, -WIDTH:], picture[:, :-WIDTH]) if on_the_left else np.split(picture, [WIDTH], axis=1)
    assert np.array_equal(athlete, marked())
    assert (beside == 9).all()


@pytest.mark.parametrize("on_the_left", [True, False])
def test_a_mirror_image_is_smaller_and_the_other_way_round(on_the_left: bool) -> None:
    picture = one(disturb.beside_a_mirror(on_the_left=on_the_left), marked())
    athlete = picture[:, -WIDTH:] if on_the_left else picture[:, :WIDTH]
    image = picture[:, :-WIDTH] if on_the_left else picture[:, WIDTH:]
    assert np.array_equal(athlete, marked())
    assert image.shape[1] == round(0.8 * WIDTH)
    assert centre_of_white(image)[0] == pytest.approx(0.8 * (WIDTH - 35), abs=1.5)


def test_a_camera_is_found_from_the_joints_and_projects_other_points_as_well() -> None:
    found = disturb.camera_matrix(the_clip())
    anywhere = np.array([[0.7, -0.3, 1.5], [-0.4, 0.2, 0.0]])
    assert disturb.project_px(found, anywhere) == pytest.approx(disturb.project_px(CAMERA, anywhere), abs=1e-3)


def test_a_bar_crosses_the_shoulders_with_a_dark_plate_at_each_end() -> None:
    clip, white = the_clip(), np.full((HEIGHT, WIDTH, 3), 255, dtype=np.uint8)
    picture = one(disturb.with_bar, white)
    middle = (clip.joints_m["left_shoulder"][0] + clip.joints_m["right_shoulder"][0]) / 2 - (0, 0.1, 0)
    bar, *plates = np.rint(disturb.project_px(CAMERA, middle + np.array([[0, 0, 0], [0.7, 0, 0], [-0.7, 0, 0]])))
    assert picture[int(bar[1]), int(bar[0])].tolist() == [150, 150, 150]
    inside = [plate for plate in plates if 0 <= plate[0] < WIDTH]
    assert inside
    assert all(picture[int(y), int(x)].max() < 60 for x, y in inside)
    assert (picture[HEIGHT // 2 :] == 255).all()


def test_a_letterboxed_picture_fits_keeps_its_shape_and_has_black_beside_it() -> None:
    picture = disturb.letterboxed(np.full((100, 50, 3), 255, dtype=np.uint8), 300, 200)
    assert picture.shape == (200, 300, 3)
    assert (picture[:, 100:200] == 255).all()
    assert not picture[:, :100].any()
    assert not picture[:, 200:].any()


def test_a_clip_that_follows_has_its_truth_later() -> None:
    later = disturb.following(the_clip(), the_clip())
    assert later.time_s == pytest.approx(the_clip().time_s + 3.0)
    assert [rep.bottom_s for rep in later.reps] == pytest.approx([4.0, 5.1])


def test_swapped_legs_change_names_in_runs_and_nothing_else_changes() -> None:
    pose = concatenate(squats(2, yaw_deg=80), nobody(0.5))
    swapped = disturb.with_swapped_legs(pose)
    changed = np.nanmax(np.abs(swapped.image_px - pose.image_px), axis=(1, 2), initial=0) > 0
    assert 0.2 < changed.mean() < 0.6
    assert np.count_nonzero(np.diff(changed)) < 0.2 * changed.sum()
    np.testing.assert_array_equal(swapped.px(Landmark.LEFT_SHOULDER), pose.px(Landmark.LEFT_SHOULDER))
    for left, right in ((Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE), (Landmark.LEFT_HIP, Landmark.RIGHT_HIP)):
        np.testing.assert_array_equal(swapped.px(left)[changed], pose.px(right)[changed])
        np.testing.assert_array_equal(swapped.world_m[changed, left], pose.world_m[changed, right])
    again = disturb.with_swapped_legs(swapped)
    np.testing.assert_array_equal(again.image_px, pose.image_px)


def the_trial(pose: Pose, inward_ratio: float, verdict: Verdict | None) -> Trial:
    """Squats from the front whose left knee is truly so far inside, and was said to be so; None finds no repetition."""
    report = analyze_poses(pose)
    found = []
    for rep in report.reps:
        findings = [replace(f, verdict=verdict or Verdict.PASS) for f in rep.findings if f.check == "knee_valgus"]
        found.append(replace(rep, findings=tuple(findings)))
    clip = replace(the_clip(), reps=tuple(TrueRep(r.rep.start_s, r.rep.bottom_s, r.rep.end_s, None) for r in found))
    nothing = {band.measure: np.array(np.nan) for band in BANDS}
    truth = nothing | {
        "medial_knee_displacement_ratio": np.array([inward_ratio, np.nan]),
        "body_yaw_deg": np.array(0.0),
    }
    reps = tuple(
        AnalysedRep(clip, pose, true, truth, "front", None if verdict is None else rep)
        for true, rep in zip(clip.reps, found, strict=True)
    )
    part = AnalysedClip(clip, pose, replace(report, reps=tuple(found)), reps)
    return Trial((part,), np.isfinite(pose.image_px[:, 0, 0]))


@pytest.mark.parametrize(
    ("inward_ratio", "verdict", "expected"),
    [
        (0.2, Verdict.FAIL, "2 / 0 / 0"),
        (0.2, Verdict.PASS, "0 / 2 / 0"),
        (0.2, Verdict.UNSEEN, "0 / 0 / 2"),
        (0.2, None, "0 / 0 / 2"),
        (0.0, Verdict.PASS, "2 / 0 / 0"),
        (0.0, Verdict.WARN, "0 / 2 / 0"),
        (0.09, Verdict.WARN, "0 / 0 / 0"),
    ],
)
def test_a_verdict_is_right_wrong_or_unseen_by_the_truth_and_in_between_none_of_them(
    inward_ratio: float, verdict: Verdict | None, expected: str
) -> None:
    assert tally([the_trial(squats(2), inward_ratio, verdict)]).verdicts() == expected


def test_repetitions_that_are_none_are_counted_apart() -> None:
    trial = the_trial(squats(2), 0.0, Verdict.PASS)
    assert tally([trial]).repetitions() == "2/2"
    (part,) = trial.parts
    missed = replace(trial, parts=(replace(part, reps=(part.reps[0], replace(part.reps[1], found=None))),))
    assert tally([missed]).repetitions() == "1/2 + 1 false"


def test_frames_count_as_seen_where_the_pose_is_the_athletes() -> None:
    trial = the_trial(squats(1), 0.0, Verdict.PASS)
    half = replace(trial, follows=np.arange(len(trial.follows)) % 2 == 0)
    assert tally([trial]).seen_share == 1
    assert tally([half]).seen_share == pytest.approx(0.5, abs=0.01)


def test_further_warnings_are_new_and_on_what_no_truth_is_known_of() -> None:
    clean, warned = (the_trial(squats(2), 0.09, verdict) for verdict in (Verdict.PASS, Verdict.WARN))
    assert {(number, check) for _, number, check, _ in further_warnings([warned], [clean])} == {
        (0, "knee_valgus"),
        (1, "knee_valgus"),
    }
    assert not further_warnings([warned], [warned])
    judged: Iterable[Told] = told([the_trial(squats(2), 0.2, Verdict.WARN)])
    assert {key for case in judged for key in case.asked()} == {
        ("nowhere", number, "knee_valgus", "left") for number in (0, 1)
    }
