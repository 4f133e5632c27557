"""The tables of clips of people, on a made-up truth about rendered stick figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from bodies import lunges, squats, standing

from benchmarks.accuracy.clips import conditions_of, tables
from formcheck.body.pose import Pose
from formcheck.landmarks.landmark_table import write_landmarks


def truth(view: str, reps: list[int], accept: list[str], **more: Any) -> dict[str, Any]:
    return {"view": view, "reps": reps, "accept": accept, "must": [], "must_not": [], "note": "", **more}


def told(folder: Path, clips: dict[str, tuple[Pose, dict[str, Any]]]) -> list[dict[str, list[str]]]:
    """The rows of every table by their first column."""
    (folder / "landmarks").mkdir()
    for name, (pose, _) in clips.items():
        write_landmarks(folder / "landmarks" / f"{name}.parquet", pose, model_name="full", model_sha256="0" * 64)
    known = {f"{name}.mp4": described for name, (_, described) in clips.items()}
    (folder / "truth.json").write_text(json.dumps(known))
    return [{row[0]: list(row[1:]) for row in table.rows} for table in tables(folder)]


def test_every_clip_counts_once_in_each_condition_that_its_truth_names(tmp_path: Path) -> None:
    clean, caved = squats(2, depth_deg=110.0), squats(2, depth_deg=110.0, knee_inward_m=0.12)
    clips = {
        "clean": (clean, truth("front", [2, 2], ["squat"], must_not=["knee_valgus"], note="barbell, a mirror")),
        "caved": (caved, truth("front", [2, 2], ["squat"], must=["knee_valgus"], note="head cut at the top")),
        "missed": (clean, truth("side then front", [3, 4], ["squat"], must=["knee_valgus"])),
        "waving": (standing(), truth("front", [0, 0], [], note="waving")),
    }
    by_condition, negatives, misses = told(tmp_path, clips)
    assert by_condition["all"] == ["4", "2/3", "1/1", "–", "1/2", "0/1"]
    assert by_condition["front"] == ["3", "2/2", "1/1", "–", "1/1", "0/1"]
    assert by_condition["bar, plates or a rack"] == by_condition["company: other people, a mirror"]
    assert by_condition["part of the body cut off"] == ["1", "1/1", "–", "–", "1/1", "–"]
    assert by_condition["several views"] == ["1", "0/1", "–", "–", "0/1", "–"]
    assert negatives["all"] == ["1/1 = 100 % (21–100)"]
    assert misses == {"`missed`": ["2 of squat, true are 3 to 4 of squat; knee_valgus not found"]}


def test_a_squat_among_other_movements_is_not_left_alone(tmp_path: Path) -> None:
    clips = {"hinge": (squats(1), truth("side", [0, 0], [], kind="deadlift"))}
    by_condition, negatives, misses = told(tmp_path, clips)
    assert by_condition["side"] == ["1", "–", "0/1", "–", "–", "–"]
    assert negatives["hinges: deadlifts, good mornings"] == ["0/1 = 0 % (0–79)"]
    assert misses["`hinge`"] == ["1 of squat, nothing was to be judged"]


def test_leading_legs_are_compared_where_their_number_is_right(tmp_path: Path) -> None:
    walk = lunges(2, lead="alternate")
    clips = {
        "one_wrong": (walk, truth("side", [2, 2], ["lunge"], lead=["left", "left"])),
        "too_many": (walk, truth("side", [3, 3], ["lunge"], lead=["left", "right", "left"])),
    }
    by_condition, _, misses = told(tmp_path, clips)
    assert by_condition["all"][3] == "1/2"
    assert misses["`one_wrong`"] == ["leading legs right in 1 of 2"]


@pytest.mark.parametrize(
    ("view", "short_side_px", "expected"),
    [
        ("oblique-side, moving camera", 200, {"oblique", "camera in somebody's hand", "picture under 240 pixels"}),
        ("back", 480, {"back", "picture 480 to 719 pixels"}),
        ("front/side", 719, {"several views", "picture 480 to 719 pixels"}),
        ("sitting", 720, {"other view", "picture of 720 pixels or more"}),
    ],
)
def test_the_view_and_the_size_are_conditions(view: str, short_side_px: int, expected: set[str]) -> None:
    assert set(conditions_of({"view": view, "note": ""}, short_side_px)) == expected


def test_where_there_are_no_clips_there_is_no_table(tmp_path: Path) -> None:
    assert tables(tmp_path) == []
