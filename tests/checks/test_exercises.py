"""The protocols of the exercises: each check has a subject that fails only it, and recognition tells them apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from bodies import Camera, concatenate, hidden, lunges, mirrored, standing
from one_leg import on_one_leg, side_lunges, step_downs
from recordings import SUBJECTS, Subject, analyze_joints, clean_squats, split_squats

from formcheck.body.pose import ANKLES, HEELS, KNEES, TOES, Landmark, Pose, Side
from formcheck.body.view import Plane, View
from formcheck.checks.check import FAULTY, Finding, Scope, Verdict
from formcheck.checks.exercise import Exercise
from formcheck.checks.exercises import EXERCISES
from formcheck.checks.exercises.front_leg import lead_side
from formcheck.checks.session_report import SessionReport
from formcheck.measures.standing import baseline

#: The limits under test, as they are meant to be.
LEVEL_KNEES_RATIO = 0.15


VIEWS = {0: Plane.FRONT, 180: Plane.BACK, 90: Plane.SIDE, -90: Plane.SIDE, 45: Plane.OBLIQUE}


LEFT_LEG = [pair[0] for pair in (KNEES, ANKLES, HEELS, TOES)]


def name(subject: Subject) -> str:
    return f"{subject.exercise}-{subject.check}-{subject.side or 'body'}"


def findings(report: SessionReport) -> list[Finding]:
    return [finding for rep in report.reps for finding in rep.findings]


def complaints(report: SessionReport, but: frozenset[str] = frozenset()) -> set[tuple[str, Side | None]]:
    return {(f.check, f.side) for f in findings(report) if f.verdict in FAULTY and f.check not in but}


def sums(subject: Subject) -> frozenset[str]:
    """The checks that add up what the others find, but for the subject's own."""
    return frozenset({"step_down_score"} - {subject.check})


def planes_named(check: str, exercise: str) -> frozenset[Plane]:
    return next(row.planes for row in EXERCISES[exercise].checks if row.name == check)


def recording(exercise: str, yaw_deg: float) -> Pose:
    made = {
        "squat": lambda: clean_squats(2, yaw_deg=yaw_deg),
        "lunge": lambda: lunges(2, lead="alternate", yaw_deg=yaw_deg),
        "split_squat": lambda: split_squats(2, yaw_deg=yaw_deg),
        "single_leg_squat": lambda: on_one_leg(2, yaw_deg=yaw_deg),
        "step_down": lambda: step_downs(2, yaw_deg=yaw_deg),
        "side_lunge": lambda: side_lunges(2, yaw_deg),
    }
    return made[exercise]()


def test_every_check_of_every_exercise_has_a_subject_here() -> None:
    rows = {(exercise.name, check.name) for exercise in EXERCISES.values() for check in exercise.checks}
    assert {(subject.exercise, subject.check) for subject in SUBJECTS} == rows


@pytest.mark.parametrize("subject", SUBJECTS, ids=name)
def test_each_check_has_a_subject_that_fails_only_it(subject: Subject) -> None:
    report = analyze_joints(subject.film(), profile=subject.profile)
    assert report.exercise == subject.exercise
    assert complaints(report, but=sums(subject)) == {(subject.check, subject.side)}


# The whole body has no other side, and the bias of its signed measures is the instrument's: it does not turn.
@pytest.mark.parametrize("subject", [subject for subject in SUBJECTS if subject.side], ids=name)
def test_the_mirror_image_of_a_fault_is_the_other_sides_fault(subject: Subject) -> None:
    report = analyze_joints(mirrored(subject.film()), profile=subject.profile)
    assert report.exercise == subject.exercise
    other = Side.RIGHT if subject.side is Side.LEFT else Side.LEFT
    assert complaints(report, but=sums(subject)) == {(subject.check, other)}


@pytest.mark.parametrize("exercise", list(EXERCISES))
@pytest.mark.parametrize("yaw_deg", list(VIEWS))
def test_a_clean_recording_is_recognised_and_passes_what_its_view_can_judge(exercise: str, yaw_deg: float) -> None:
    report = analyze_joints(recording(exercise, yaw_deg))
    assert report.exercise == exercise
    assert len(report.reps) == 2
    for rep in report.reps:
        assert rep.view.plane is VIEWS[int(yaw_deg)]
        for finding in rep.findings:
            judgeable = rep.view.plane in planes_named(finding.check, exercise) and finding.check != "limb_symmetry"
            # Feet that stay apart tell nothing of a rolled camera, and a front knee less than that may be off.
            clean = {Verdict.PASS, Verdict.UNSURE} if exercise == "split_squat" else {Verdict.PASS}
            assert finding.verdict in (clean if judgeable else {Verdict.UNSEEN}), finding


@pytest.mark.parametrize("exercise", list(EXERCISES))
@pytest.mark.parametrize("yaw_deg", list(VIEWS))
def test_a_check_outside_its_planes_is_unseen_with_the_reason(exercise: str, yaw_deg: float) -> None:
    for finding in findings(analyze_joints(recording(exercise, yaw_deg))):
        if VIEWS[int(yaw_deg)] not in planes_named(finding.check, exercise):
            assert finding.verdict is Verdict.UNSEEN
            assert finding.reason is not None
            assert finding.reason.startswith("needs a ")


def test_no_valgus_from_the_side_and_no_knees_past_toes_from_the_front() -> None:
    caving_from_the_side = analyze_joints(clean_squats(knee_inward_m=0.1, yaw_deg=90))
    past_toes_from_the_front = analyze_joints(clean_squats(depth_deg=125, shank_deg=45))
    assert caving_from_the_side.summary.verdicts["knee_valgus"] is Verdict.UNSEEN
    assert past_toes_from_the_front.summary.verdicts["knee_past_toes"] is Verdict.UNSEEN


def test_turned_out_toes_with_the_knees_above_them_are_no_valgus_and_knees_between_them_are() -> None:
    over_the_feet = analyze_joints(clean_squats(toe_out_deg=30, stance_m=0.36))
    between = analyze_joints(clean_squats(toe_out_deg=30, stance_m=0.36, knee_inward_m=0.09))
    assert over_the_feet.summary.verdicts["knee_valgus"] is Verdict.PASS
    assert between.summary.verdicts["knee_valgus"] in FAULTY


@pytest.mark.parametrize("yaw_deg", [0, 90, -90, 180, 45, -45])
@pytest.mark.parametrize("lead", [Side.LEFT, Side.RIGHT])
def test_the_leg_in_front_is_recognised_from_any_side(lead: Side, yaw_deg: float) -> None:
    report = analyze_joints(lunges(1, lead=str(lead), yaw_deg=yaw_deg))
    assert [rep.rep.lead_side for rep in report.reps] == [lead]


@pytest.mark.parametrize("yaw_deg", [0, 90, -90, 45])
@pytest.mark.parametrize("lead", [Side.LEFT, Side.RIGHT])
def test_the_leg_in_front_is_recognised_by_the_feet_where_the_knees_are_level(lead: Side, yaw_deg: float) -> None:
    report = analyze_joints(lunges(1, depth_deg=40, lead=str(lead), yaw_deg=yaw_deg), exercise="lunge")
    bottom = report.pose.at(report.reps[0].rep.bottom)
    knees_y, shank_px = bottom.pair_px(KNEES)[:, 1], 0.4 * Camera().px_per_m
    assert abs(knees_y[0] - knees_y[1]) < LEVEL_KNEES_RATIO * shank_px
    assert [rep.rep.lead_side for rep in report.reps] == [lead]


@pytest.mark.parametrize("lead", [Side.LEFT, Side.RIGHT])
@pytest.mark.parametrize(("plane", "lower"), [(Plane.FRONT, True), (Plane.BACK, False)])
def test_with_level_knees_the_front_foot_is_lower_in_the_picture_from_the_front_and_higher_from_the_back(
    lead: Side, plane: Plane, *, lower: bool
) -> None:
    standing_still = standing(1.0)
    start = baseline(standing_still, standing_still, np.ones(len(standing_still), dtype=bool))
    image_px = standing_still.image_px.copy()
    image_px[:, ANKLES[0 if lead is Side.LEFT else 1], 1] += 20.0 if lower else -20.0
    low = replace(standing_still, image_px=image_px)
    assert lead_side(low, start, View(0.0 if lower else 180.0, plane, None)) is lead


def test_level_knees_and_feet_beside_each_other_tell_no_leading_leg() -> None:
    pose = standing(1.0)
    start = baseline(pose, pose, np.ones(len(pose), dtype=bool))
    assert lead_side(pose, start, View(0.0, Plane.FRONT, None)) is None


def test_alternating_lunges_are_judged_on_the_leg_that_leads() -> None:
    report = analyze_joints(lunges(4, lead="alternate", yaw_deg=0))
    leads = [rep.rep.lead_side for rep in report.reps]
    assert leads == [Side.LEFT, Side.RIGHT, Side.LEFT, Side.RIGHT]
    valgus = [next(f for f in rep.findings if f.check == "knee_valgus") for rep in report.reps]
    assert [finding.side for finding in valgus] == leads


def test_a_squat_has_no_lead_leg() -> None:
    assert [rep.rep.lead_side for rep in analyze_joints(clean_squats(2)).reps] == [None, None]


def test_the_exercise_that_most_repetitions_are_is_the_recordings() -> None:
    mostly_lunges = concatenate(lunges(2, yaw_deg=90), clean_squats(1, yaw_deg=90))
    mostly_squats = concatenate(lunges(1, yaw_deg=90), clean_squats(2, yaw_deg=90))
    assert analyze_joints(mostly_lunges).exercise == "lunge"
    assert analyze_joints(mostly_squats).exercise == "squat"


@pytest.mark.parametrize("told", list(EXERCISES))
def test_the_exercise_that_is_told_wins_over_the_one_that_is_seen(told: str) -> None:
    for pose in (clean_squats(1), lunges(1, yaw_deg=0)):
        report = analyze_joints(pose, exercise=told)
        assert report.exercise == told
        assert len(report.reps) == 1
        assert {finding.check for finding in findings(report)} == {check.name for check in EXERCISES[told].checks}


def test_a_hidden_leg_is_unseen_and_the_other_is_judged() -> None:
    report = analyze_joints(hidden(clean_squats(1), LEFT_LEG))
    left, right = (f for f in findings(report) if f.check == "knee_valgus")
    assert (left.side, left.verdict) == (Side.LEFT, Verdict.UNSEEN)
    assert "the left leg is hidden" in (left.reason or "")
    assert (right.side, right.verdict) == (Side.RIGHT, Verdict.PASS)


def test_a_hidden_near_leg_is_not_judged_by_the_far_one() -> None:
    report = analyze_joints(hidden(clean_squats(1, yaw_deg=90, depth_deg=125, shank_deg=45), LEFT_LEG))
    assert len(report.reps) == 1
    for check in ("knee_past_toes", "depth", "heel_rise"):
        finding = next(f for f in findings(report) if f.check == check)
        assert finding.verdict is Verdict.UNSEEN, finding


def test_what_needs_a_hidden_ankle_is_unseen_and_what_does_not_is_judged() -> None:
    report = analyze_joints(hidden(clean_squats(1), [Landmark.LEFT_ANKLE]))
    by_check = {(f.check, f.side): f.verdict for f in findings(report)}
    assert by_check["pelvic_shift", None] is Verdict.UNSEEN
    assert by_check["knee_height", None] is Verdict.UNSEEN
    assert by_check["knee_valgus", Side.RIGHT] is Verdict.PASS


def test_somebody_filmed_down_to_the_knees_is_never_passed() -> None:
    below_the_knees = [*ANKLES, *HEELS, *TOES]
    report = analyze_joints(hidden(clean_squats(2), below_the_knees))
    assert all(verdict is Verdict.UNSEEN for verdict in report.summary.verdicts.values())


@pytest.mark.parametrize("exercise", list(EXERCISES.values()), ids=lambda e: e.name)
def test_the_rows_of_a_protocol_are_complete(exercise: Exercise) -> None:
    checks = exercise.checks
    assert len({check.name for check in checks}) == len(checks)
    for check in checks:
        assert check.planes <= set(Plane) - {Plane.UNKNOWN}
        assert check.planes
        assert check.cue.endswith(".")
        assert check.cannot_see
        assert 0 <= check.from_depth <= 1
        assert check.scope is not Scope.LEAD_LEG or exercise.lead_side is not None
