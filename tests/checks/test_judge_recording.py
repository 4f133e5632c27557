"""Poses in, a report out: whatever the recording holds, lengths fit and nothing is claimed that was not seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from bodies import (
    Camera,
    blend,
    concatenate,
    hidden,
    jittered,
    lunges,
    nobody,
    photograph,
    posture,
    squat,
    squats,
    standing,
)
from recordings import (
    SUBJECTS,
    Subject,
    clean_squats,
    lunges_deeper_on_the_left,
    moved,
    out_at_the_top,
    sitting,
    squats_that_end_bent,
)

from formcheck.body.pose import HEELS, HIPS, SHOULDERS, TOES, Landmark, Pose, Side
from formcheck.body.view import Plane
from formcheck.checks.check import FAULTY, Finding, Verdict
from formcheck.checks.exercises import EXERCISES
from formcheck.checks.judge_recording import Led, analyze_poses, limb_symmetry
from formcheck.checks.profiles import load_profile
from formcheck.checks.session_report import SessionReport
from formcheck.coach import LiveSession
from formcheck.errors import InputError, ProfileError
from formcheck.measures.correction import UNCALIBRATED
from formcheck.measures.reps import Phase

EMPTY: dict[str, Callable[[], Pose]] = {
    "nobody": lambda: nobody(2.0),
    "standing": lambda: standing(3.0),
    "one frame": lambda: standing(1.0).at(slice(0, 1)),
    "one empty frame": lambda: nobody(1.0).at(slice(0, 1)),
    "two frames": lambda: standing(1.0).at(slice(0, 2)),
    "sitting": sitting,
    "seen once": lambda: concatenate(nobody(1.0), standing(1.0).at(slice(0, 1)), nobody(1.0)),
    "no hips": lambda: hidden(clean_squats(1), [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]),
    "only a face": lambda: hidden(clean_squats(1), list(Landmark)[11:]),
    "out of the picture": lambda: moved(clean_squats(1), by_px=(5000.0, 0.0)),
}


def one(report: SessionReport, check: str, side: Side | None = None) -> Finding:
    findings = (finding for rep in report.reps for finding in rep.findings)
    return next(f for f in findings if f.check == check and (side is None or f.side is side))


def assert_lengths_fit(report: SessionReport, pose: Pose) -> None:
    series = report.timeseries
    np.testing.assert_array_equal(series.time_s, pose.time_s)
    arrays = [*series.variables.values(), series.phase, series.rep_number, *series.faults.values()]
    arrays += [array for track in report.tracks.values() for array in (track.values, track.present)]
    assert {array.shape for array in arrays} == {(len(pose),)}


@pytest.mark.parametrize("film", EMPTY.values(), ids=EMPTY.keys())
@pytest.mark.parametrize("exercise", ["auto", "squat", "lunge"])
def test_a_recording_without_a_repetition_gives_an_empty_report_and_no_pass(
    film: Callable[[], Pose], exercise: str
) -> None:
    pose = film()
    report = analyze_poses(pose, exercise=exercise)
    assert report.reps == ()
    assert report.exercise == ("none" if exercise == "auto" else exercise)
    assert report.summary.reason
    assert set(report.summary.verdicts.values()) == {Verdict.UNSEEN}
    assert (report.summary.rep_count, report.summary.form_score, report.summary.cues) == (0, None, ())
    assert not any(present.any() for present in report.timeseries.faults.values())
    assert set(report.timeseries.phase.tolist()) == {str(Phase.STANDING)}
    assert_lengths_fit(report, pose)


def test_nobody_in_the_picture_is_an_unknown_view() -> None:
    view = analyze_poses(nobody(1.0)).view
    assert view.plane is Plane.UNKNOWN
    assert np.isnan(view.yaw_deg)


def test_the_columns_of_the_time_series_do_not_depend_on_what_the_recording_shows() -> None:
    columns = [
        list(analyze_poses(pose).timeseries.variables)
        for pose in (nobody(1.0), standing(2.0), clean_squats(2), clean_squats(1, yaw_deg=90), lunges(1))
    ]
    assert all(names == columns[0] for names in columns)
    assert {"left_knee_flexion_deg", "right_knee_flexion_deg", "trunk_inclination_deg"} <= set(columns[0])


def test_the_time_series_names_every_fault_of_the_exercise() -> None:
    for name, exercise in EXERCISES.items():
        report = analyze_poses(standing(1.0), exercise=name)
        faults = list(dict.fromkeys(check.fault.name for check in exercise.checks))
        assert list(report.timeseries.faults) == faults
        assert list(report.summary.verdicts) == faults


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda s: f"{s.exercise}-{s.check}-{s.side or 'body'}")
def test_faults_and_judged_values_lie_inside_repetitions(subject: Subject) -> None:
    pose = subject.film()
    report = analyze_poses(pose, profile=subject.profile, calibration=UNCALIBRATED)
    assert_lengths_fit(report, pose)
    series = report.timeseries
    outside = series.rep_number == 0
    assert any(present.any() for present in series.faults.values())
    assert not any(present[outside].any() for present in series.faults.values())
    assert all(np.isnan(track.values[outside]).all() for track in report.tracks.values())
    for fault, present in series.faults.items():
        assert present.any() == (report.summary.verdicts[fault] in FAULTY)


def test_the_rep_numbers_of_the_frames_are_those_of_the_repetitions() -> None:
    report = analyze_poses(clean_squats(3))
    for rep in report.reps:
        assert set(report.timeseries.rep_number[rep.rep.frames].tolist()) == {rep.rep.number}
    assert sorted(set(report.timeseries.rep_number.tolist())) == [0, 1, 2, 3]


def test_a_finding_is_dated_inside_its_repetition() -> None:
    for rep in analyze_poses(clean_squats(3)).reps:
        for finding in rep.findings:
            if finding.verdict is not Verdict.UNSEEN:
                assert finding.at_s is not None
                assert rep.rep.start_s <= finding.at_s <= rep.rep.end_s


def test_only_the_repetition_with_the_fault_is_warned() -> None:
    report = analyze_poses(concatenate(clean_squats(1), clean_squats(1, knee_inward_m=(0.0, 0.08)), clean_squats(1)))
    valgus = [[f.verdict in FAULTY for f in rep.findings if f.check == "knee_valgus"] for rep in report.reps]
    assert valgus == [[False, False], [False, True], [False, False]]
    assert report.summary.verdicts["knee_valgus"] in FAULTY


@pytest.mark.parametrize(("scale", "by_px"), [(0.5, (0.0, 0.0)), (0.8, (90.0, -60.0))])
def test_neither_size_nor_place_in_the_picture_changes_what_is_measured(
    scale: float, by_px: tuple[float, float]
) -> None:
    for pose in (clean_squats(1, knee_inward_m=0.05), lunges(1)):
        here, there = analyze_poses(pose), analyze_poses(moved(pose, scale=scale, by_px=by_px))
        for a, b in zip(here.reps[0].findings, there.reps[0].findings, strict=True):
            assert (a.check, a.side, a.verdict) == (b.check, b.side, b.verdict)
            if a.value is not None:
                assert b.value == pytest.approx(a.value, abs=1e-6)


def test_somebody_too_small_is_counted_but_not_judged() -> None:
    report = analyze_poses(moved(clean_squats(2, knee_inward_m=0.1), scale=0.15))
    assert len(report.reps) == 2
    findings = [finding for rep in report.reps for finding in rep.findings if finding.check == "knee_valgus"]
    assert {finding.verdict for finding in findings} == {Verdict.UNSEEN}
    assert all("too small" in (finding.reason or "") for finding in findings)


def test_noise_of_a_pixel_does_not_turn_a_clean_squat_into_a_faulty_one() -> None:
    for yaw_deg in (0, 90):
        report = analyze_poses(jittered(clean_squats(3, yaw_deg=yaw_deg), 1.5))
        assert not set(report.summary.verdicts.values()) & FAULTY


def test_a_landmark_that_was_only_guessed_is_not_measured() -> None:
    """Low visibility counts as unseen, whatever the coordinates say."""
    caving = clean_squats(1, knee_inward_m=(0.1, 0.0))
    doubtful = caving.visibility.copy()
    doubtful[:, Landmark.LEFT_KNEE] = 0.4
    assert one(analyze_poses(caving), "knee_valgus", Side.LEFT).verdict is Verdict.FAIL
    finding = one(analyze_poses(replace(caving, visibility=doubtful)), "knee_valgus", Side.LEFT)
    assert (finding.side, finding.verdict) == (Side.LEFT, Verdict.UNSEEN)


def test_the_recording_that_was_given_is_left_as_it_was() -> None:
    pose = clean_squats(1)
    before = (pose.image_px.copy(), pose.world_m.copy(), pose.visibility.copy())
    analyze_poses(pose)
    for array, copy in zip((pose.image_px, pose.world_m, pose.visibility), before, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_the_same_recording_gives_the_same_report() -> None:
    first, second = (analyze_poses(jittered(clean_squats(2), 2.0)) for _ in range(2))
    assert first.summary == second.summary
    assert [rep.findings for rep in first.reps] == [rep.findings for rep in second.reps]
    np.testing.assert_array_equal(first.pose.image_px, second.pose.image_px)


def test_limb_symmetry_needs_both_legs_to_have_led() -> None:
    one_leg = analyze_poses(lunges(2, yaw_deg=0))
    both = analyze_poses(lunges(6, lead="alternate", yaw_deg=0))
    finding = one(one_leg, "limb_symmetry")
    assert finding.verdict is Verdict.UNSEEN
    assert one(both, "limb_symmetry").value == pytest.approx(100, abs=0.5)
    assert one(both, "limb_symmetry").verdict is Verdict.PASS


def test_limb_symmetry_is_the_shallower_legs_share_of_the_deeper_ones_fall() -> None:
    report = analyze_poses(lunges_deeper_on_the_left())
    falls = [rep.measures["hip_drop_ratio"] for rep in report.reps]
    assert one(report, "limb_symmetry").value == pytest.approx(100 * sum(falls[3:]) / sum(falls[:3]))


def test_a_view_that_the_user_vouches_for_is_taken() -> None:
    told = analyze_poses(clean_squats(1, yaw_deg=45), view="front")
    assert told.view.plane is Plane.FRONT
    assert one(told, "knee_valgus").verdict is not Verdict.UNSEEN


@pytest.mark.parametrize(("yaw_deg", "is_judged"), [(48, True), (60, False)])
def test_a_told_front_view_is_judged_up_to_half_way_to_the_side(yaw_deg: int, *, is_judged: bool) -> None:
    """Beyond 45 degrees, and the 9 by which yaw may be wrong, the picture shows more of another plane."""
    valgus = one(analyze_poses(clean_squats(1, yaw_deg=yaw_deg), view="front"), "knee_valgus")
    assert (valgus.verdict is not Verdict.UNSEEN) is is_judged
    assert is_judged or "needs 54 or less" in (valgus.reason or "")


@pytest.mark.parametrize(("shoulders_wide", "is_judged"), [(2.2, True), (2.6, False)])
def test_lunges_are_judged_up_to_the_stance_of_a_side_lunge(shoulders_wide: float, *, is_judged: bool) -> None:
    """Forward lunges that go astray are up to 2.3 shoulders wide, side lunges 2.8."""
    film = lunges(1, yaw_deg=0.0, stance_m=shoulders_wide * 0.36)
    valgus = one(analyze_poses(film, exercise="lunge"), "knee_valgus")
    assert ("side lunge" not in (valgus.reason or "")) is is_judged


@pytest.mark.parametrize(("yaw_deg", "told"), [(0, "side"), (90, "front"), (-90, "back"), (0, "back")])
def test_a_told_view_that_the_picture_denies_is_not_judged(yaw_deg: int, told: str) -> None:
    findings = [f for rep in analyze_poses(clean_squats(1, yaw_deg=yaw_deg), view=told).reps for f in rep.findings]
    assert findings
    assert {f.verdict for f in findings} == {Verdict.UNSEEN}
    assert any(f"degrees off the {told} view" in (f.reason or "") for f in findings)


@pytest.mark.parametrize("fps", [8, 10, 12, 15, 20, 25, 30])
@pytest.mark.parametrize("rep_s", [0.6, 0.8, 1.0, 1.5])
def test_repetitions_that_touch_share_no_frame_and_are_judged(fps: int, rep_s: float) -> None:
    """A sharp turn at the top: the end of one and the start of the next may fall on one frame."""
    time_s = np.arange(int((2 + 5 * rep_s) * fps) + 1) / fps
    done = (time_s - 1) / rep_s
    down = np.where((done > 0) & (done < 5), np.sqrt(1 - np.abs(2 * (done % 1) - 1)), 0.0)
    film = photograph(blend(posture(), squat(110), down), Camera(90), time_s)
    reps = [rep.rep for rep in analyze_poses(film).reps]
    assert all(before.end < after.start for before, after in pairwise(reps))


def test_a_stance_that_is_seen_now_and_then_is_still_too_wide() -> None:
    film = lunges(2, yaw_deg=0.0, lead="alternate", stance_m=1.0)
    start = analyze_poses(film, exercise="lunge").reps[0].rep.start
    some = np.zeros(len(film), dtype=bool)
    some[start + 2 : start + 16] = True
    for lost in (some, np.ones(len(film), dtype=bool)):
        report = analyze_poses(hidden(film, [Landmark.LEFT_SHOULDER], lost), exercise="lunge")
        found = {f.check: f for f in report.reps[0].findings}
        for check in ("knee_valgus", "side_lean", "limb_symmetry"):
            assert found[check].verdict is Verdict.UNSEEN
            assert "side lunge" in str(found[check].reason)


def test_guesses_at_both_ends_of_a_repetition_cost_it_no_check() -> None:
    film = squats(1, yaw_deg=90.0)
    image_px, rep = film.image_px.copy(), analyze_poses(film).reps[0].rep
    for frame in (rep.start, rep.end):
        image_px[frame - 4 : frame + 5, [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER], 1] -= 150
    [before], [after] = (analyze_poses(pose).reps for pose in (film, replace(film, image_px=image_px)))
    assert [f.verdict for f in after.findings] == [f.verdict for f in before.findings]


def led(falls: Sequence[tuple[Side, float]], *, stepped: bool | None = False) -> list[Led]:
    return [Led(side, fall, stepped) for side, fall in falls]


def test_a_fall_that_is_not_known_does_not_hide_the_others() -> None:
    falls = [(Side.LEFT, 0.4), (Side.RIGHT, 0.3)] * 3
    assert limb_symmetry(led([*falls, (Side.LEFT, float("nan"))])).index_pct == pytest.approx(75.0)


def test_legs_are_compared_only_after_three_repetitions_of_either_and_by_their_scatter() -> None:
    even = led([(side, 0.4) for side in (Side.LEFT, Side.RIGHT)] * 3)
    assert np.isnan(limb_symmetry(even[1:]).index_pct)
    assert limb_symmetry(even).index_pct == pytest.approx(100.0)
    assert limb_symmetry(even).error_pct == pytest.approx(0.0, abs=1e-9)
    uneven = led([(side, fall) for fall in (0.36, 0.40, 0.44) for side in (Side.LEFT, Side.RIGHT)])
    assert limb_symmetry(uneven).error_pct == pytest.approx(100 * 2**0.5 * 0.04 / 3**0.5 / 0.40)


def test_lunges_with_a_step_forward_are_not_compared_with_those_without() -> None:
    left, right = [(Side.LEFT, 0.4)] * 3, [(Side.RIGHT, 0.3)] * 3
    assert np.isnan(limb_symmetry([*led(left, stepped=True), *led(right, stepped=False)]).index_pct)
    backward = [(Side.LEFT, 0.4), (Side.RIGHT, 0.4)] * 4
    mixed = [*led([*left, *right], stepped=True), *led(backward, stepped=False)]
    assert limb_symmetry(mixed).index_pct == pytest.approx(100.0)


def test_lunges_of_which_the_picture_does_not_tell_the_step_are_not_compared() -> None:
    assert np.isnan(limb_symmetry(led([(Side.LEFT, 0.4), (Side.RIGHT, 0.3)] * 3, stepped=None)).index_pct)


@pytest.mark.parametrize("told", [{"exercise": "squats"}, {"view": "left"}, {"view": "unknown"}])
def test_a_word_that_is_no_exercise_or_view_is_told_in_one_line(told: dict[str, str]) -> None:
    for begin in (lambda: analyze_poses(clean_squats(1), **told), lambda: LiveSession(**told)):
        with pytest.raises(InputError, match=f"expected auto, .*got {next(iter(told.values()))}"):
            begin()


def test_the_profile_may_be_a_name_a_path_or_a_profile(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'name = "mine"\n[squat.depth]\nwarn = -50\nfail = 90\nsource = "a very strict coach"\n', encoding="utf-8"
    )
    pose = clean_squats(1)
    by_path = analyze_poses(pose, profile=str(path))
    assert by_path.profile == "mine"
    assert one(by_path, "depth").verdict is Verdict.WARN
    assert one(by_path, "depth").source == "a very strict coach"
    by_name, ready = (analyze_poses(pose, profile=given) for given in ("strict", load_profile("strict")))
    assert (by_name.profile, ready.profile) == ("strict", "strict")
    assert by_name.reps[0].findings == ready.reps[0].findings


def test_knees_past_the_toes_are_reported_but_not_warned_about_under_performance() -> None:
    past = clean_squats(1, depth_deg=125, shank_deg=42, yaw_deg=90)
    assert one(analyze_poses(past), "knee_past_toes").verdict in FAULTY
    finding = one(analyze_poses(past, profile="performance"), "knee_past_toes")
    assert finding.verdict is Verdict.PASS
    assert finding.value is not None
    assert finding.limit_warn is None


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(ProfileError, match="lenient"):
        analyze_poses(standing(1.0), profile="lenient")


def test_a_lead_foot_that_is_hidden_at_the_bottom_is_unseen_and_not_put_back_where_it_stood() -> None:
    recording = lunges(1, yaw_deg=90.0, lead="left")
    seen = analyze_poses(recording, exercise="lunge")
    rep = seen.reps[0].rep
    foot = [Landmark.LEFT_ANKLE, Landmark.LEFT_HEEL, Landmark.LEFT_FOOT_INDEX]
    around_bottom = slice(rep.bottom - 15, rep.bottom + 16)
    report = analyze_poses(hidden(recording, foot, around_bottom), exercise="lunge")
    [finding] = [f for f in report.reps[0].findings if f.check == "knee_past_toes"]
    assert finding.verdict is Verdict.UNSEEN


def test_a_side_lunge_is_counted_and_its_knee_not_judged() -> None:
    recording = lunges(1, yaw_deg=0.0, lead="left", stance_m=0.9)
    report = analyze_poses(recording, exercise="lunge")
    [finding] = [f for f in report.reps[0].findings if f.check == "knee_valgus"]
    assert finding.verdict is Verdict.UNSEEN
    assert "side lunge" in str(finding.reason)


@pytest.mark.parametrize("film", [lambda: clean_squats(1, yaw_deg=90), lambda: lunges(1)], ids=["squat", "lunge"])
def test_the_knee_past_the_toes_moves_with_the_foot(film: Callable[[], Pose]) -> None:
    """A longer foot has its toes farther ahead, and the knee less far past them."""

    def past_toes(longer: float) -> float:
        pose = film()
        image_px = pose.image_px.copy()
        for heel, toe in zip(HEELS, TOES, strict=True):
            image_px[:, toe] = image_px[:, heel] + longer * (image_px[:, toe] - image_px[:, heel])
        value = one(analyze_poses(replace(pose, image_px=image_px)), "knee_past_toes", Side.LEFT).value
        assert value is not None
        return value

    short, usual, long = (past_toes(longer) for longer in (0.7, 1.0, 1.3))
    assert short - usual > 0.1
    assert usual - long > 0.1
    assert short - usual == pytest.approx(usual - long, rel=0.05)


@pytest.mark.parametrize("yaw_deg", [0.0, 45.0, 90.0])
@pytest.mark.parametrize("depth_deg", [80.0, 112.0])
def test_a_head_or_shoulders_out_of_the_picture_while_standing_change_no_depth(
    yaw_deg: float, depth_deg: float
) -> None:
    whole = clean_squats(1, yaw_deg=yaw_deg, depth_deg=depth_deg)
    depth = one(analyze_poses(whole, exercise="squat"), "depth")
    for upper in (SHOULDERS, HIPS):
        clipped = one(analyze_poses(out_at_the_top(whole, upper, above_px=20.0), exercise="squat"), "depth")
        assert clipped.value == pytest.approx(depth.value, abs=0.5)
        assert clipped.verdict is depth.verdict


def test_a_trunk_that_is_out_of_the_picture_while_standing_has_no_lean_to_compare_with() -> None:
    clipped = out_at_the_top(clean_squats(1, yaw_deg=90.0, trunk_deg=60.0), HIPS, above_px=20.0)
    assert one(analyze_poses(clipped, exercise="squat"), "trunk_lean").verdict is Verdict.UNSEEN


# At the top


def lockout(pose: Pose, profile: str = "strict") -> Finding:
    return one(analyze_poses(pose, exercise="squat", view="side", profile=profile), "lockout")


@pytest.mark.parametrize("bent_deg", [0.0, 15.0, 30.0, 45.0])
def test_who_stays_bent_at_the_top_is_measured_as_bent(bent_deg: float) -> None:
    assert lockout(squats_that_end_bent(bent_deg)).value == pytest.approx(bent_deg, abs=4.0)


def test_the_top_is_where_the_body_is_straightest_after_the_repetition() -> None:
    rep_end = analyze_poses(squats_that_end_bent(30.0), exercise="squat").reps[0].rep.end
    assert lockout(squats_that_end_bent(30.0).at(slice(0, rep_end + 2))).verdict is Verdict.UNSEEN
    straightened = concatenate(squats_that_end_bent(30.0).at(slice(0, rep_end + 8)), standing(2.0, yaw_deg=90.0))
    assert lockout(straightened).verdict is Verdict.PASS


@pytest.mark.parametrize("profile", ["standard", "performance"])
def test_stance_and_lockout_are_information_but_in_the_strict_profile(profile: str) -> None:
    bent = lockout(squats_that_end_bent(45.0), profile)
    wide = one(analyze_poses(clean_squats(1, stance_m=0.75), exercise="squat", profile=profile), "stance")
    for finding in (bent, wide):
        assert finding.verdict is Verdict.PASS
        assert finding.reason == "information only in this profile"
        assert finding.points == 0.0
