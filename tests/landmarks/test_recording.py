from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bodies import squats
from pyarrow import parquet

from formcheck.body.pose import Pose
from formcheck.errors import InputError, LandmarkFileError
from formcheck.landmarks.recording import Recording, read_recording

FACTS = {"name": "squat.mp4", "frames": 90, "duration_s": 3.0, "width": 960, "height": 960}
FACTS |= {"rotation": 0, "complete": False, "reason": "the end is missing"}
MODEL = {"name": "full", "sha256": "0" * 64}


@pytest.fixture(scope="module")
def pose() -> Pose:
    return squats(1, yaw_deg=90.0)


@pytest.fixture
def table(pose: Pose, tmp_path: Path) -> Path:
    path = tmp_path / "landmarks.parquet"
    Recording(pose, FACTS, MODEL).save(path)
    return path


def say_of_its_video(path: Path, text: str | None) -> None:
    """Replace what a landmark table says of its video; None removes it."""
    table = parquet.read_table(path)
    metadata = dict(table.schema.metadata)
    metadata.pop(b"video")
    if text is not None:
        metadata[b"video"] = text.encode()
    parquet.write_table(table.replace_schema_metadata(metadata), path)


def test_a_recording_reads_back_as_it_was_saved(table: Path, pose: Pose) -> None:
    again = read_recording(table)
    assert (dict(again.video), dict(again.model)) == (FACTS, MODEL)
    assert np.array_equal(again.pose.time_s, pose.time_s)
    assert np.allclose(again.pose.image_px, pose.image_px, atol=0.01, equal_nan=True)


def test_a_table_of_one_among_several_people_tells_so_again(table: Path) -> None:
    told = FACTS | {"people": 3, "person": 2}
    say_of_its_video(table, json.dumps(told))
    assert read_recording(table).video == told


def test_in_landmarks_nobody_can_be_chosen(table: Path) -> None:
    with pytest.raises(InputError, match="expected a video to choose person 2 in") as caught:
        read_recording(table, person=2)
    assert "\n" not in str(caught.value)


def test_landmarks_are_not_taken_for_a_mirror_image(table: Path) -> None:
    with pytest.raises(InputError, match="expected a video with --mirrored, got the landmarks") as caught:
        read_recording(table, mirrored=True)
    assert "\n" not in str(caught.value)


def test_a_table_that_says_nothing_of_a_video_goes_by_its_own_name(table: Path, pose: Pose) -> None:
    say_of_its_video(table, None)
    video = read_recording(table).video
    assert video.keys() == FACTS.keys()
    assert (video["name"], video["frames"], video["complete"]) == ("landmarks.parquet", len(pose), True)


@pytest.mark.parametrize(
    "facts",
    [
        "{half",
        "[1]",
        '"text"',
        "{}",
        FACTS | {"more": 1},
        FACTS | {"people": 2},
        FACTS | {"people": "two", "person": 1},
        FACTS | {"frames": "many"},
        FACTS | {"complete": "yes"},
        FACTS | {"duration_s": float("nan")},
        *(FACTS | {"name": name} for name in (5, "", ".", "..", "../squat.mp4", "/squat.mp4", "a\0b.mp4")),
    ],
)
def test_facts_that_formcheck_did_not_write_are_refused_in_one_line(table: Path, facts: str | dict[str, Any]) -> None:
    say_of_its_video(table, facts if isinstance(facts, str) else json.dumps(facts))
    with pytest.raises(LandmarkFileError, match="expected the facts of its video") as caught:
        read_recording(table)
    assert "\n" not in str(caught.value)
