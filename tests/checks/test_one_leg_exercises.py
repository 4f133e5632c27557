"""The exercises on one leg: which leg, which variant, what is scored and what is compared."""

from __future__ import annotations

import pytest
from bodies import concatenate, lunges
from one_leg import on_one_leg, step_downs
from recordings import analyze_joints, split_squats

from formcheck.checks.check import FAULTY, Verdict


@pytest.mark.parametrize("free", ["in front", "beside", "behind"])
def test_where_the_free_leg_is_is_told(free: str) -> None:
    (rep,) = analyze_joints(on_one_leg(1, free=free)).reps
    assert rep.rep.variant == f"leg_{free.replace(' ', '_')}"


@pytest.mark.parametrize("stance", ["left", "right"])
def test_a_step_down_is_judged_on_the_leg_on_the_box_and_says_which_way_it_goes(stance: str) -> None:
    (beside,) = analyze_joints(step_downs(1, stance=stance, yaw_deg=90)).reps
    (ahead,) = analyze_joints(step_downs(1, 95.0, stance=stance, ahead_m=0.3, yaw_deg=90)).reps
    assert (beside.rep.lead_side, beside.rep.variant) == (stance, "lateral")
    assert (ahead.rep.lead_side, ahead.rep.variant) == (stance, "forward")


def test_from_the_front_it_is_not_told_which_way_a_step_down_goes() -> None:
    (rep,) = analyze_joints(step_downs(1, 95.0, ahead_m=0.3)).reps
    assert (rep.rep.lead_side, rep.rep.variant) == ("left", None)


@pytest.mark.parametrize(
    ("wrong", "points"),
    [
        ({}, 0),
        ({"arms_m": 0.35}, 1),
        ({"lean_deg": 14}, 1),
        ({"wobble_m": 0.05}, 1),
        ({"pelvis_drop_deg": 14}, 1),
        ({"knee_inward_m": 0.035}, 1),
        ({"knee_inward_m": 0.07}, 2),
        ({"arms_m": 0.35, "lean_deg": 14, "pelvis_drop_deg": 14}, 3),
    ],
)
def test_the_step_down_score_adds_up_what_a_rater_looks_at(wrong: dict[str, float], points: int) -> None:
    (rep,) = analyze_joints(step_downs(1, **wrong)).reps
    assert next(f.value for f in rep.findings if f.check == "step_down_score") == points


def test_a_shallow_squat_on_one_leg_is_told_its_depth_and_nothing_else() -> None:
    (rep,) = analyze_joints(on_one_leg(1, 50.0, knee_inward_m=0.06)).reps
    valgus = next(f for f in rep.findings if f.check == "knee_valgus")
    assert valgus.verdict is Verdict.UNSEEN
    assert "too shallow to judge" in (valgus.reason or "")
    assert next(f for f in rep.findings if f.check == "knee_bend").verdict in FAULTY


def test_two_repetitions_a_side_are_no_symmetry_and_only_one_variant_is_compared() -> None:
    few = concatenate(on_one_leg(2, 95), on_one_leg(2, 72, stance="right"))
    mixed = concatenate(on_one_leg(3, 95), on_one_leg(3, 72, stance="right", free="in front"))
    for film in (few, mixed):
        report = analyze_joints(film)
        told = {f.verdict for rep in report.reps for f in rep.findings if f.check == "limb_symmetry"}
        assert told == {Verdict.UNSEEN}


def test_a_split_squat_with_a_step_between_is_a_lunge() -> None:
    assert analyze_joints(split_squats(3)).exercise == "split_squat"
    assert analyze_joints(lunges(3)).exercise == "lunge"


def test_a_raised_foot_tells_no_roll_of_the_camera() -> None:
    for film in (on_one_leg(2), on_one_leg(2, free="behind"), split_squats(2, yaw_deg=0)):
        report = analyze_joints(film)
        assert report.reps
        errors = [f.uncertainty for rep in report.reps for f in rep.findings if f.check == "knee_valgus"]
        assert all(error is not None and error >= 0.05 for error in errors)  # not known, so less certain
