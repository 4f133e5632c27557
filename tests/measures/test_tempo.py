"""How fast a repetition goes, by heights that are known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from bodies import Camera, squats, standing
from recordings import clean_squats

from formcheck.body.pose import SHOULDERS, WRISTS, FloatArray, Pose
from formcheck.checks.judge_recording import analyze_poses
from formcheck.landmarks.landmark_table import read_landmarks
from formcheck.measures.correction import UNCALIBRATED
from formcheck.measures.reps import Rep
from formcheck.measures.tempo import Tempo, tempo_of

STORED = Path(__file__).resolve().parents[1] / "data" / "accuracy"
FPS = 60.0


def a_squat(down_s: float = 1.0, pause_s: float = 0.0, up_s: float = 1.0, fall: float = 0.6) -> tuple[FloatArray, Rep]:
    """Height and repetition of a body that goes down and up along cosines, a second of standing around it."""
    time_s = np.arange(round((down_s + pause_s + up_s + 2) * FPS)) / FPS
    into, back = np.clip((time_s - 1) / down_s, 0, 1), np.clip((time_s - 1 - down_s - pause_s) / up_s, 0, 1)
    height = -fall * (np.cos(np.pi * back) - np.cos(np.pi * into)) / 2
    end_s = 1 + down_s + pause_s + up_s
    return height, Rep(1, 0, 0, 0, 1.0, 1 + down_s + pause_s / 2, end_s)


def tempo(**squat: float) -> Tempo:
    height, rep = a_squat(**squat)
    return tempo_of(np.arange(len(height)) / FPS, height, rep)


def test_descent_pause_and_ascent_are_told_apart() -> None:
    found = tempo(down_s=1.5, pause_s=0.8, up_s=1.0)
    # A cosine is slower than a tenth of its fastest for 6 % of its time, half of it at either end.
    assert found.descent_s == pytest.approx(1.5 * 0.94, abs=0.04)
    assert found.pause_s == pytest.approx(0.8 + 0.03 * 2.5, abs=0.05)
    assert found.ascent_s == pytest.approx(1.0 * 0.94, abs=0.04)


def test_the_mean_velocity_is_the_way_over_its_time_and_the_peak_is_the_fastest() -> None:
    found = tempo(up_s=0.8, fall=0.5)
    assert found.mean_velocity == pytest.approx(0.5 * 0.995 / (0.8 * 0.94), rel=0.03)
    assert found.peak_velocity == pytest.approx(0.5 * np.pi / 2 / 0.8, rel=0.02)


def test_twice_as_slow_is_half_the_velocity() -> None:
    assert tempo(up_s=2.0).mean_velocity == pytest.approx(tempo(up_s=1.0).mean_velocity / 2, rel=0.03)


def test_a_sticking_point_on_the_way_up_belongs_to_the_ascent() -> None:
    height, _ = a_squat(up_s=2.0)
    time_s = np.arange(len(height)) / FPS
    stuck = np.interp(time_s, [0, 3.0, 3.6, 9], [0, 3.0, 3.0, 8.4])  # time stands still on the way up
    found = tempo_of(time_s, np.interp(stuck, time_s, height), Rep(1, 0, 0, 0, 1.0, 2.0, 4.6))
    assert found.ascent_s > 2.2


def test_a_gap_as_long_as_the_filter_bridges_changes_little_and_a_longer_one_is_unseen() -> None:
    height, rep = a_squat(down_s=1.5, up_s=1.5)
    time_s, whole = np.arange(len(height)) / FPS, tempo(down_s=1.5, up_s=1.5)
    short, long = height.copy(), height.copy()
    short[(time_s > 3.0) & (time_s < 3.15)] = np.nan
    long[(time_s > 2.8) & (time_s < 3.5)] = np.nan
    assert tempo_of(time_s, short, rep).mean_velocity == pytest.approx(whole.mean_velocity, rel=0.05)
    assert np.isnan(tempo_of(time_s, long, rep).mean_velocity)
    assert np.isnan(tempo_of(time_s, np.full(len(height), np.nan), rep).ascent_s)


@pytest.mark.parametrize("fps", [15.0, 30.0, 60.0, 120.0])
def test_the_frame_rate_does_not_change_the_velocity(fps: float) -> None:
    [rep] = analyze_poses(squats(1, fps=fps, rep_s=2.4, yaw_deg=90.0), calibration=UNCALIBRATED).reps
    [other] = analyze_poses(squats(1, fps=60.0, rep_s=2.4, yaw_deg=90.0), calibration=UNCALIBRATED).reps
    for name in ("mean_velocity_legs_per_s", "peak_velocity_legs_per_s", "ascent_s"):
        assert rep.measures[name] == pytest.approx(other.measures[name], rel=0.04)


def test_the_size_of_the_picture_does_not_change_the_velocity_in_leg_lengths() -> None:
    found = [
        analyze_poses(squats(1, camera=Camera(90.0, size, size)), calibration=UNCALIBRATED).reps[0].measures
        for size in (480, 1440)
    ]
    assert found[0]["mean_velocity_legs_per_s"] == pytest.approx(found[1]["mean_velocity_legs_per_s"], rel=0.01)


def with_bar(pose: Pose, wide: float) -> Pose:
    """Hands at the height of the shoulders, so many shoulder widths apart."""
    image_px, world_m = pose.image_px.copy(), pose.world_m.copy()
    for space in (image_px, world_m):
        left, right = (space[:, shoulder].copy() for shoulder in SHOULDERS)
        middle, half = (left + right) / 2, (left - right) / 2
        space[:, WRISTS[0]], space[:, WRISTS[1]] = middle + wide * half, middle - wide * half
    return Pose(pose.time_s, image_px, world_m, pose.visibility, pose.width_px, pose.height_px)


def test_hands_that_hold_one_bar_tell_its_velocity_and_others_do_not() -> None:
    film = clean_squats(1)
    [held] = analyze_poses(with_bar(film, 1.8), calibration=UNCALIBRATED).reps
    [near] = analyze_poses(with_bar(film, 0.6), calibration=UNCALIBRATED).reps
    [hanging] = analyze_poses(film, calibration=UNCALIBRATED).reps
    # The shoulders, and the bar with them, fall farther than the hips, for the trunk leans.
    assert held.measures["bar_mean_velocity_legs_per_s"] > 1.05 * held.measures["mean_velocity_legs_per_s"]
    assert "bar_mean_velocity_legs_per_s" not in near.measures.keys() | hanging.measures.keys()


def test_velocities_of_people_that_nothing_was_chosen_on_are_as_right_as_told() -> None:
    """Most of them lie within twice the uncertainty, and the slow are told from the fast."""
    read, true, shares = [], [], []
    for path in sorted(STORED.glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        report = analyze_poses(read_landmarks(path.with_suffix(".parquet"))[0], height_cm=100 * truth["stature_m"])
        for told in truth["reps"]:
            near = [rep for rep in report.reps if abs(rep.rep.bottom_s - told["bottom_s"]) <= 0.5]
            if near:
                name = "mean_velocity_m_per_s"
                read.append(near[0].measures[name])
                true.append(told["tempo"]["mean_velocity"] * truth["leg_m"])
                shares.append(abs(read[-1] - true[-1]) / near[0].uncertainty[name])
    assert len(read) > 40
    assert np.mean(np.array(shares) <= 2) > 0.7
    assert np.corrcoef(read, true)[0, 1] > 0.8


def test_who_stands_has_no_repetition_to_time() -> None:
    assert analyze_poses(standing(3.0)).reps == ()
