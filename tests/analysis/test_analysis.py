from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from bodies import squats
from person_clip import person_frames

import formcheck
from formcheck import analysis
from formcheck.analysis import Settings, analyze, analyze_to_folder, draw_video
from formcheck.checks.judge_recording import analyze_poses
from formcheck.errors import InputError, OutputError, ProfileError
from formcheck.frames import stretches
from formcheck.frames.frame import Frame
from formcheck.frames.video import VideoFile
from formcheck.frames.writer import VideoWriter
from formcheck.landmarks.recording import Recording
from formcheck.measures.correction import joint_calibration
from formcheck.results.report_json import read_report

FRAMES = 12
LITE = Settings(model="lite")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody who stands, in few and small pictures."""
    path = tmp_path_factory.mktemp("clip") / "stands.mp4"
    frames = person_frames(FRAMES)
    height, width = frames[0].image_bgr.shape[:2]
    with VideoWriter(path, width, height) as writer:
        for frame in frames:
            writer.write(frame)
    return path


@pytest.fixture
def table(tmp_path: Path) -> Path:
    pose = squats(2, yaw_deg=90.0)
    video: dict[str, Any] = {"name": "two squats.mp4", "frames": len(pose), "duration_s": 7.0, "rotation": 0}
    video |= {"width": pose.width_px, "height": pose.height_px, "complete": False, "reason": "the end is missing"}
    path = tmp_path / "landmarks.parquet"
    Recording(pose, video, {"name": "full", "sha256": "0" * 64}).save(path)
    return path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_analyze_gives_a_report_and_writes_nothing(table: Path) -> None:
    found = analyze(table)
    assert found.report.summary.rep_count == 2
    assert (found.folder, found.files) == (None, ())
    assert names(table.parent) == {"landmarks.parquet"}


def test_a_landmark_table_gives_reports_and_time_series_under_the_name_of_its_video(
    table: Path, tmp_path: Path
) -> None:
    found = analyze_to_folder(table, tmp_path / "out")
    assert found.folder == tmp_path / "out" / "two squats"
    written = {"landmarks.parquet", "report.html", "report.json", "timeseries.parquet"}
    assert names(found.folder) == set(found.files) == written
    before = (found.folder / "landmarks.parquet").stat().st_mtime_ns
    again = analyze_to_folder(found.folder / "landmarks.parquet", tmp_path / "out")
    assert set(again.files) == written - {"landmarks.parquet"}
    assert (found.folder / "landmarks.parquet").stat().st_mtime_ns == before, "it was judged where it lies"


def test_what_a_landmark_table_knows_of_its_video_reaches_the_report(table: Path, tmp_path: Path) -> None:
    folder = analyze_to_folder(table, tmp_path / "out").folder
    assert folder is not None
    written = read_report(folder / "report.json")
    assert written["video"]["path"] == "two squats.mp4"
    assert (written["video"]["complete"], written["video"]["reason"]) == (False, "the end is missing")
    assert written["model"] == {"name": "full", "sha256": "0" * 64}


def test_judging_landmarks_waits_for_neither_opencv_nor_mediapipe(table: Path, tmp_path: Path) -> None:
    code = f"""
import sys
from pathlib import Path
from formcheck.analysis import analyze_to_folder
found = analyze_to_folder(Path({str(table)!r}), Path({str(tmp_path / "out")!r}))
unwanted = ("cv2", "mediapipe", "av", "jsonschema", "matplotlib", "scipy")
print(found.report.summary.rep_count, [m for m in unwanted if m in sys.modules])
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout == "2 []\n"


def test_settings_reach_the_report(table: Path) -> None:
    told = analyze(table, settings=Settings(exercise="lunge", view="front", profile="strict")).report
    assert (told.exercise, told.view.plane, told.profile) == ("lunge", "front", "strict")
    found = formcheck.analyze(table, exercise="lunge", view="front", profile="strict")
    assert found.summary == told.summary


def test_landmarks_that_are_not_mediapipes_are_corrected_as_joints_and_the_results_say_so(
    table: Path, tmp_path: Path
) -> None:
    known = analyze(table).recording
    told = analyze_to_folder(table, tmp_path / "out", settings=Settings(landmarks_from="other"))
    as_joints = analyze_poses(known.pose, calibration=joint_calibration())
    assert told.report.summary == as_joints.summary
    assert told.report.summary != analyze(table).report.summary
    assert read_report(told.folder / "report.json")["model"] == {**known.model, "landmarks_from": "other"}
    assert ", not MediaPipe" in (told.folder / "report.html").read_text(encoding="utf-8")
    again = analyze(told.folder / "landmarks.parquet")
    assert again.report.summary == as_joints.summary, "the table that was written knows it"
    denied = analyze(told.folder / "landmarks.parquet", settings=Settings(landmarks_from="mediapipe"))
    assert denied.recording.model == known.model


def test_a_video_is_landmarked_by_mediapipe_whatever_is_told(clip: Path) -> None:
    with pytest.raises(InputError, match="expected a table where landmarks are not MediaPipe's"):
        analyze(clip, settings=Settings(landmarks_from="other"))


def test_a_source_of_landmarks_that_there_is_not_is_refused(table: Path) -> None:
    with pytest.raises(InputError, match="expected auto, mediapipe, other as the source of the landmarks, got markers"):
        formcheck.analyze(table, landmarks_from="markers")


def test_the_time_series_has_a_row_a_frame_and_a_column_a_fault(table: Path) -> None:
    report = analyze(table).report
    columns = analysis.timeseries_columns(report)
    assert list(columns)[:4] == ["frame", "time_s", "phase", "rep_number"]
    assert {len(values) for values in columns.values()} == {len(report.pose)}
    assert all(columns[fault].dtype == np.bool_ for fault in report.summary.verdicts)


def test_a_video_gives_five_files_and_every_frame_of_it_is_drawn(clip: Path, tmp_path: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    found = analyze_to_folder(clip, tmp_path, settings=LITE, progress=lambda *stage: told.append(stage))
    assert found.folder == tmp_path / "stands"
    wanted = {"report.html", "report.json", "timeseries.parquet", "landmarks.parquet", "annotated.mp4"}
    assert names(found.folder) == set(found.files) == wanted
    for stage in ("landmarks", "drawing"):
        assert [done for name, done, _ in told if name == stage] == list(range(1, FRAMES + 1))
    with VideoFile(clip) as before, VideoFile(found.folder / "annotated.mp4") as after:
        pairs = list(zip(before, after, strict=True))
    assert len(pairs) == FRAMES
    assert all(np.abs(a.image_bgr.astype(int) - b.image_bgr).max() > 100 for a, b in pairs)


def test_the_picture_says_who_of_several_people_was_judged(clip: Path, tmp_path: Path) -> None:
    alone = analyze(clip, settings=LITE)
    company = replace(alone.recording, video={**alone.recording.video, "people": 3, "person": 2})
    last = []
    for name, one in (("alone.mp4", alone), ("company.mp4", replace(alone, recording=company))):
        draw_video(clip, one, tmp_path / name)
        with VideoFile(tmp_path / name) as source:
            last.append(list(source)[-1].image_bgr.astype(int))
    height, width = last[0].shape[:2]
    differs = np.abs(last[0] - last[1]).max(axis=-1) > 60
    assert differs[3 * height // 4 :, width // 4 :].any()
    assert not differs[: height // 2].any()


def test_a_mirror_image_that_is_told_is_measured_and_drawn_as_the_camera_saw_it(clip: Path, tmp_path: Path) -> None:
    selfie = tmp_path / "selfie.mp4"
    with VideoFile(clip) as source, VideoWriter(selfie, *source.size_px) as writer:
        for frame in source:
            writer.write(replace(frame, image_bgr=np.ascontiguousarray(frame.image_bgr[:, ::-1])))
    straight = analyze(clip, settings=LITE).recording
    told = analyze_to_folder(selfie, tmp_path / "out", settings=replace(LITE, mirrored=True))
    assert told.as_dict()["video"]["mirrored"] is True
    assert "mirrored" not in straight.video
    shoulders = [pose.image_px[:, [11, 12], 0] for pose in (told.recording.pose, straight.pose)]
    assert np.nanmax(np.abs(shoulders[0] - shoulders[1])) < 0.02 * straight.pose.width_px
    with VideoFile(clip) as before, VideoFile(tmp_path / "out" / "selfie" / "annotated.mp4") as after:
        first = [next(iter(source)).image_bgr.astype(int) for source in (before, after)]
    apart = [np.median(np.abs(first[1] - one)) for one in (first[0], first[0][:, ::-1])]
    assert apart[0] < apart[1]
    assert "flipped left for right" in (tmp_path / "out" / "selfie" / "report.html").read_text(encoding="utf-8")


def test_a_large_or_fast_video_is_drawn_smaller_and_slower_unless_its_full_size_is_asked_for(tmp_path: Path) -> None:
    clip, frames = tmp_path / "fast.mp4", person_frames(6)
    with VideoWriter(clip, 1200, 1400) as writer:
        for number in range(24):
            image = np.ascontiguousarray(cv2.resize(frames[number // 4].image_bgr, (1200, 1400)))
            writer.write(Frame(number, number / 240, np.asarray(image, dtype=np.uint8)))
    some = [0, 4, 8, 12, 16, 20, 23]  # the last one in any case
    for full_size, size_px, shown in ((False, (1080, 1260), some), (True, (1200, 1400), list(range(24)))):
        found = analyze_to_folder(clip, tmp_path / str(full_size), settings=replace(LITE, full_size=full_size))
        assert found.folder is not None
        assert (found.recording.pose.width_px, len(found.recording.pose)) == (1200, 24)
        with VideoFile(found.folder / "annotated.mp4") as source:
            times_s = [frame.time_s for frame in source]
            assert source.size_px == size_px
        assert times_s == pytest.approx(np.array(shown) / 240, abs=1e-4)


def test_neither_the_report_nor_the_annotated_video_depends_on_the_number_of_cores(tmp_path: Path) -> None:
    clip = Path(__file__).resolve().parents[2] / "sample_videos" / "squat_side_clean_m_dark.mp4"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stretches, "CUT_FROM_S", 2.0)
        one, two = (analyze(clip, settings=replace(LITE, cores=cores)) for cores in (1, 2))
        assert json.dumps(one.as_dict()) == json.dumps(two.as_dict())
        for cores in (1, 2):
            draw_video(clip, one, tmp_path / f"{cores}.mp4", settings=replace(LITE, cores=cores))
    assert (tmp_path / "1.mp4").read_bytes() == (tmp_path / "2.mp4").read_bytes()
    with VideoFile(clip) as before, VideoFile(tmp_path / "2.mp4") as after:
        assert [frame.time_s for frame in after] == pytest.approx([frame.time_s for frame in before], abs=1e-4)
        assert after.info.complete
    assert {path.name for path in tmp_path.iterdir()} == {"1.mp4", "2.mp4"}


def test_without_a_drawing_there_is_no_annotated_video(clip: Path, tmp_path: Path) -> None:
    found = analyze_to_folder(clip, tmp_path, settings=replace(LITE, draw_video=False))
    assert "annotated.mp4" not in found.files
    assert not (tmp_path / "stands" / "annotated.mp4").exists()


def test_landmarks_of_a_video_read_back_as_they_were_judged(clip: Path, tmp_path: Path) -> None:
    first = analyze_to_folder(clip, tmp_path, settings=replace(LITE, draw_video=False))
    again = analyze(tmp_path / "stands" / "landmarks.parquet")
    assert np.array_equal(first.recording.pose.image_px, again.recording.pose.image_px, equal_nan=True)
    assert json.dumps(first.as_dict()) == json.dumps(again.as_dict())


def test_a_page_is_written_only_where_it_is_wanted(table: Path, tmp_path: Path) -> None:
    without = analyze_to_folder(table, tmp_path / "without", settings=Settings(write_page=False))
    assert set(without.files) == {"landmarks.parquet", "report.json", "timeseries.parquet"}


def test_the_page_links_the_video_of_its_own_analysis_and_never_an_older_one(clip: Path, tmp_path: Path) -> None:
    folder = tmp_path / "stands"
    analyze_to_folder(clip, tmp_path, settings=LITE)
    assert 'src="annotated.mp4"' in (folder / "report.html").read_text(encoding="utf-8")
    analyze_to_folder(clip, tmp_path, settings=replace(LITE, draw_video=False))
    assert (folder / "annotated.mp4").exists()
    assert "annotated.mp4" not in (folder / "report.html").read_text(encoding="utf-8")
    assert "<video" not in (folder / "report.html").read_text(encoding="utf-8")


def test_what_the_page_was_made_of_comes_back_so_that_a_server_can_show_it_again(table: Path, tmp_path: Path) -> None:
    found = analyze_to_folder(table, tmp_path / "out", settings=Settings(exercise="squat"))
    assert found.page is not None
    assert found.page.told == {"exercise": "squat", "view": "auto"}
    assert found.page.video["name"] == "two squats.mp4"


def test_a_recording_is_not_replaced_by_its_own_drawing(clip: Path, tmp_path: Path) -> None:
    path = tmp_path / "annotated" / "annotated.mp4"
    path.parent.mkdir()
    path.write_bytes(clip.read_bytes())
    with pytest.raises(OutputError, match="it is the recording itself"):
        analyze_to_folder(path, tmp_path, settings=LITE)
    assert path.read_bytes() == clip.read_bytes()
    assert names(path.parent) == {"annotated.mp4"}


def test_an_unknown_profile_is_told_before_the_recording_is_read(tmp_path: Path) -> None:
    with pytest.raises(ProfileError):
        analyze(tmp_path / "missing.mp4", settings=Settings(profile="gentle"))


def test_a_file_where_the_folder_should_be_is_one_line(table: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(OutputError, match="choose another folder") as caught:
        analyze_to_folder(table, tmp_path / "out")
    assert "\n" not in str(caught.value)
