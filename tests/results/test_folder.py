from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bodies import squats

from formcheck.analysis import Settings, analyze_to_folder
from formcheck.landmarks.recording import Recording
from formcheck.results.folder import folder_name, result_folder
from formcheck.results.report_json import read_report


def landmarks(folder: Path, *, reps: int, video_name: str = "squat.mp4") -> Path:
    """A landmark table of a video with that many repetitions."""
    pose = squats(reps)
    video: dict[str, Any] = {"name": video_name, "frames": len(pose), "duration_s": len(pose) / 30, "rotation": 0}
    video |= {"width": pose.width_px, "height": pose.height_px, "complete": True, "reason": None}
    folder.mkdir()
    Recording(pose, video, {"name": "full", "sha256": "0" * 64}).save(folder / "landmarks.parquet")
    return folder / "landmarks.parquet"


@pytest.mark.parametrize(
    ("video", "folder"),
    [("squat.mp4", "squat"), ("a.b.mp4", "a.b"), (".mp4", ".mp4"), ("..mp4", "..mp4"), ("...mp4", "...mp4")],
)
def test_no_name_of_a_video_leads_out_of_the_output_folder(video: str, folder: str) -> None:
    assert folder_name(video) == folder


def test_results_of_another_recording_of_the_same_name_stay(tmp_path: Path) -> None:
    ann, bob, out = landmarks(tmp_path / "ann", reps=1), landmarks(tmp_path / "bob", reps=2), tmp_path / "out"
    folders = [analyze_to_folder(path, out).folder for path in (ann, bob, ann, bob)]
    assert folders == [out / "squat", out / "squat-2", out / "squat", out / "squat-2"]
    counts = [read_report(out / name / "report.json")["summary"]["rep_count"] for name in ("squat", "squat-2")]
    assert counts == [1, 2]


def test_the_same_recording_with_other_settings_replaces_its_own_files(tmp_path: Path) -> None:
    path, out = landmarks(tmp_path / "ann", reps=1), tmp_path / "out"
    for profile in ("standard", "strict"):
        assert analyze_to_folder(path, out, settings=Settings(profile=profile)).folder == out / "squat"
    assert read_report(out / "squat" / "report.json")["profile"] == "strict"


@pytest.mark.parametrize("content", ["", "{}", '{"video": {"frames": 1}}'])
def test_what_cannot_be_read_is_not_written_over(content: str, tmp_path: Path) -> None:
    (tmp_path / "squat").mkdir()
    (tmp_path / "squat" / "report.json").write_text(content, encoding="utf-8")
    video = {"name": "squat.mp4", "frames": 2, "duration_s": 1.0, "width": 10, "height": 10}
    assert result_folder(tmp_path, video) == tmp_path / "squat-2"
