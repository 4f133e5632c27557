from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.accuracy import exercise_correction
from benchmarks.accuracy.exercise_correction import Study, hits, limits, load
from benchmarks.accuracy.exercise_correction_frames import (
    KNEE_OVER_TOE,
    aspect_spread,
    facing,
    front_leg_first,
    held_poses,
    read_frames,
)
from benchmarks.accuracy.exercise_correction_readings import read
from benchmarks.accuracy.statistics import auc
from formcheck.body.pose import ANKLES, HEELS, HIPS, KNEES, TOES, Landmark, Pose

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "exercise_correction"
needs_data = pytest.mark.skipif(not (DATA / KNEE_OVER_TOE).is_file(), reason="no Exercise-Correction frames here")

#: A lunge to the right of the picture, in its widths and heights; the front knee is at (x, 0.62).
HIP = (0.50, 0.60)
REAR = {"hip": HIP, "knee": (0.47, 0.80), "ankle": (0.36, 0.84), "heel": (0.34, 0.80), "foot_index": (0.37, 0.86)}
FRONT = {"hip": HIP, "ankle": (0.59, 0.84), "heel": (0.58, 0.86), "foot_index": (0.65, 0.87)}
TRUNK = {"nose": (0.53, 0.25), "left_shoulder": (0.51, 0.35), "right_shoulder": (0.51, 0.35)}


def lunge(knee_x: float, *, higher: float = 0.0, swapped: tuple[str, ...] = ()) -> dict[str, tuple[float, float]]:
    points = dict(TRUNK)
    for name, rear in REAR.items():
        front = FRONT.get(name, (knee_x, 0.62))
        left, right = (rear, front) if name in swapped else (front, rear)
        points[f"left_{name}"], points[f"right_{name}"] = left, right
    return {name: (x, y - higher) for name, (x, y) in points.items()}


def table(path: Path, rows: list[tuple[str, dict[str, tuple[float, float]]]]) -> Path:
    names = list(rows[0][1])
    head = ",".join(["label", *(f"{name}_{axis}" for name in names for axis in "xyzv")])
    lines = [",".join([label, *(f"{x:.6f},{y:.6f},0,0.9" for x, y in points.values())]) for label, points in rows]
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write("\n".join([head, *lines]) + "\n")
    return path


@pytest.fixture
def two_clips(tmp_path: Path) -> Study:
    """Ten frames with the knee over the toe, three in which the person rises, ten with the shin upright."""
    over = [("L", lunge(0.67))] * 10
    rising = [("L", lunge(0.60, higher=0.08 * step)) for step in (1, 2, 3)]
    behind = [("C", lunge(0.59, higher=-0.1))] * 10
    return load(table(tmp_path / "frames.csv.gz", [*over, *rising, *behind]))


@pytest.fixture(scope="module")
def study() -> Study:
    return load(DATA / KNEE_OVER_TOE)


def test_frames_are_read_in_pixels_of_the_stated_shape_and_missing_landmarks_are_nan(tmp_path: Path) -> None:
    frames = read_frames(table(tmp_path / "one.csv.gz", [("L", lunge(0.67))]), aspect_ratio=2.0)
    assert (frames.pose.width_px, frames.pose.height_px) == (1440, 720)
    np.testing.assert_allclose(frames.pose.px(Landmark.LEFT_KNEE)[0], [0.67 * 1440, 0.62 * 720])
    assert np.isnan(frames.pose.px(Landmark.LEFT_WRIST)).all()
    assert frames.is_over.tolist() == [True]


def test_a_held_posture_ends_when_the_trunk_moves_and_its_clip_when_the_next_is_held(two_clips: Study) -> None:
    first, second = two_clips.held
    assert (first.held, first.clip) == (slice(0, 10), slice(0, 13))
    assert (second.held, second.clip) == (slice(13, 23), slice(13, 23))


def test_moving_frames_before_the_first_held_posture_belong_to_it(tmp_path: Path) -> None:
    rows = [("L", lunge(0.67, higher=0.3)), *[("L", lunge(0.67))] * 8]
    (one,) = held_poses(read_frames(table(tmp_path / "late.csv.gz", rows)).pose)
    assert (one.held, one.clip) == (slice(1, 9), slice(0, 9))


@pytest.mark.parametrize("swapped", [(), ("knee",), ("ankle", "heel", "foot_index"), tuple(REAR)])
def test_the_front_leg_is_found_whatever_part_of_the_legs_is_swapped(tmp_path: Path, swapped: tuple[str, ...]) -> None:
    straight, mixed = (
        read_frames(table(tmp_path / f"{len(which)}.csv.gz", [("L", lunge(0.67, swapped=which))])).pose
        for which in ((), swapped)
    )
    front = front_leg_first(mixed, facing(mixed))
    for pair in (KNEES, ANKLES, HEELS, TOES):
        np.testing.assert_array_equal(front.pair_px(pair), straight.pair_px(pair))


def test_a_person_who_faces_left_reads_as_one_who_faces_right(two_clips: Study) -> None:
    pose = two_clips.frames.pose
    mirrored = replace(pose, image_px=np.array([pose.width_px, 0]) + pose.image_px * np.array([-1, 1]))
    assert facing(mirrored) == -facing(pose)
    for name in ("shank_deg", "toe_tip", "corrected", "of_pose"):
        there = getattr(read(mirrored, held_poses(mirrored)), name)
        np.testing.assert_allclose(there, getattr(two_clips.readings, name), atol=1e-9)


def test_every_measure_reads_more_where_the_knee_is_over_the_toe(two_clips: Study) -> None:
    for name in ("alone", "shank_deg", "toe_tip", "corrected", "of_pose"):
        values = getattr(two_clips.readings, name)
        assert values[:10].min() > values[13:].max() + 0.1


def test_a_rising_frame_has_the_value_of_its_posture_only_by_posture(two_clips: Study) -> None:
    readings = two_clips.readings
    assert (readings.of_pose[10:13] == readings.of_pose[0]).all()
    assert (readings.corrected[10:13] < readings.corrected[0] - 0.1).all()


def test_the_ball_of_the_foot_is_behind_the_tip_by_the_length_of_the_toes(two_clips: Study) -> None:
    shank, foot = (
        np.linalg.norm(np.subtract(one, other) * np.array([16 / 9, 1]))
        for one, other in (((0.67, 0.62), FRONT["ankle"]), (FRONT["heel"], FRONT["foot_index"]))
    )
    other_shank = np.linalg.norm(np.subtract((0.59, 0.62), FRONT["ankle"]) * np.array([16 / 9, 1]))
    expected = -0.26 / 0.78 * np.median([foot / shank, foot / other_shank])
    assert two_clips.ball_of_foot == pytest.approx(expected, rel=1e-2)


def test_hits_of_a_rule_that_never_says_a_label_are_zero_for_it() -> None:
    is_over = np.array([True, True, True, False])
    always = hits(np.ones(4, dtype=bool), is_over)
    assert (always.accuracy, always.f1_correct) == (0.75, 0.0)
    assert always.f1_over == pytest.approx(6 / 7)
    assert hits(is_over, is_over).f1_correct == 1.0


def test_there_are_no_tables_without_the_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(exercise_correction, "FOLDER", tmp_path)
    assert exercise_correction.tables() == []


@needs_data
def test_held_postures_of_the_data_have_one_label_each(study: Study) -> None:
    assert len(study.held) == 53
    assert all(len(set(study.frames.is_over[one.held])) == 1 for one in study.held)
    assert np.sum(~study.pose_is_over) == 6


@needs_data
def test_knee_over_toe_is_told_on_people_as_well_as_a_frame_and_its_posture_allow(study: Study) -> None:
    over, readings = study.frames.is_over, study.readings
    assert auc(readings.corrected[over], readings.corrected[~over]) >= 0.983
    assert auc(readings.of_pose[over], readings.of_pose[~over]) >= 0.999
    by_pose = study.of_poses("corrected")
    assert by_pose[study.pose_is_over].min() > by_pose[~study.pose_is_over].max() + 0.1


@needs_data
def test_the_ball_of_the_foot_parts_the_labels_and_the_profiles_do_not_flag_a_correct_posture(study: Study) -> None:
    over, readings = study.frames.is_over, study.readings
    assert hits(readings.of_pose >= study.ball_of_foot, over).f1_correct >= 0.94
    for _, limit in limits(study):
        assert not (study.of_poses("corrected") >= limit)[~study.pose_is_over].any()


@needs_data
def test_sixteen_to_nine_keeps_the_legs_length_better_than_a_square_picture() -> None:
    wide, square = (aspect_spread(DATA / KNEE_OVER_TOE, aspect) for aspect in (16 / 9, 1.0))
    assert wide[0] < square[0]
    assert wide[1] < square[1]


@needs_data
def test_every_table_of_the_section_is_full() -> None:
    found = exercise_correction.tables()
    assert len(found) == 5
    for one in found:
        assert one.rows
        assert all(len(row) == len(one.head) for row in one.rows)
        assert not any("nan" in cell for row in one.rows for cell in row)


def test_a_whole_leg_swap_changes_no_reading_but_the_one_of_the_frame_alone(two_clips: Study) -> None:
    pose: Pose = two_clips.frames.pose
    swapped = pose.image_px.copy()
    for left, right in (HIPS, KNEES, ANKLES, HEELS, TOES):
        swapped[::2, [left, right]] = swapped[::2, [right, left]]
    there = read(replace(pose, image_px=swapped), two_clips.held)
    for name in ("shank_deg", "toe_tip", "corrected"):
        np.testing.assert_allclose(getattr(there, name), getattr(two_clips.readings, name), atol=1e-9)
