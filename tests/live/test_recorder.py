"""A recorded set gives what ``analyze`` gives, and nothing half-written is left behind."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bodies import Camera, concatenate, nobody, standing
from recordings import clean_squats

from formcheck.analysis import Settings, analyze_to_folder
from formcheck.body.pose import Pose
from formcheck.coach import LiveSession
from formcheck.errors import OutputError
from formcheck.frames.frame import Frame
from formcheck.frames.video import VideoFile
from formcheck.landmarks.landmark_table import rounded
from formcheck.landmarks.models import resolve_model
from formcheck.landmarks.spool import PoseSpool
from formcheck.live.recorder import SetRecording
from formcheck.results.report_json import read_report

SMALL = Camera(width_px=240, height_px=240)


@pytest.fixture(scope="module")
def film() -> Pose:
    return clean_squats(1, camera=SMALL, knee_inward_m=(0.06, 0.0))


def recording() -> SetRecording:
    return SetRecording(resolve_model("full"), Settings())


def write_all(kept: SetRecording, film: Pose, begin_s: float = 0.0) -> None:
    session = LiveSession()
    for index in range(len(film)):
        pose = replace(film.at(index), time_s=np.asarray(film.time_s[index] + begin_s))
        picture = np.full((film.height_px, film.width_px, 3), 90, np.uint8)
        kept.write(Frame(index, float(pose.time_s), picture), pose, session.update(pose))
        assert picture.min() == picture.max() == 90  # drawn on a copy


def test_the_files_of_a_set_are_those_of_analyze(film: Pose, tmp_path: Path) -> None:
    with recording() as kept:
        kept.start(tmp_path / "sets" / "monday.mp4")
        write_all(kept, film, begin_s=100.0)
        analysis = kept.stop()
    folder = tmp_path / "sets" / "monday"
    assert analysis is not None
    assert analysis.folder == folder
    assert {path.name for path in folder.iterdir()} == {
        "landmarks.parquet",
        "report.html",
        "report.json",
        "timeseries.parquet",
    }
    assert 'src="../monday.mp4"' in (folder / "report.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in folder.parent.iterdir()) == ["monday", "monday.mp4"]
    again = analyze_to_folder(folder / "landmarks.parquet", tmp_path / "again")
    assert again.folder is not None
    assert read_report(again.folder / "report.json") == read_report(folder / "report.json")
    assert (again.folder / "timeseries.parquet").read_bytes() == (folder / "timeseries.parquet").read_bytes()


def test_the_video_has_every_frame_at_its_time_from_zero(film: Pose, tmp_path: Path) -> None:
    with recording() as kept:
        kept.start(tmp_path / "set.mp4")
        write_all(kept, film, begin_s=100.0)
        kept.stop()
    with VideoFile(tmp_path / "set.mp4") as video:
        times_s = [frame.time_s for frame in video]
    assert times_s == pytest.approx(film.time_s - film.time_s[0], abs=1e-3)
    told = json.loads((tmp_path / "set" / "report.json").read_text())["video"]
    assert (told["path"], told["frames"], told["width"], told["complete"]) == ("set.mp4", len(film), 240, True)
    assert told["duration_s"] == pytest.approx(len(film) / 30, abs=1e-3)


def test_several_sets_can_be_recorded_and_frames_between_them_are_not_kept(film: Pose, tmp_path: Path) -> None:
    with recording() as kept:
        kept.start(tmp_path / "a.mp4")
        write_all(kept, film)
        kept.stop()
        assert not kept.is_on
        write_all(kept, film, begin_s=50.0)
        kept.start(tmp_path / "b.mp4")
        assert kept.is_on
        write_all(kept, film, begin_s=100.0)
        kept.stop()
    assert [analysis.recording.video["frames"] for analysis in kept.analyses] == [len(film), len(film)]


def test_an_error_leaves_nothing_half_written(film: Pose, tmp_path: Path) -> None:
    def fail(kept: SetRecording) -> None:
        with kept:
            kept.start(tmp_path / "set.mp4")
            write_all(kept, film)
            raise KeyError

    with pytest.raises(KeyError):
        fail(recording())
    assert list(tmp_path.iterdir()) == []


def test_a_set_without_a_frame_leaves_nothing(tmp_path: Path) -> None:
    with recording() as kept:
        kept.start(tmp_path / "set.mp4")
        assert kept.stop() is None
    assert list(tmp_path.iterdir()) == []


def test_frames_of_another_size_are_left_out(film: Pose, tmp_path: Path) -> None:
    with recording() as kept:
        kept.start(tmp_path / "set.mp4")
        write_all(kept, film)
        write_all(kept, standing(0.2, camera=Camera(width_px=320, height_px=240)), begin_s=60.0)
        analysis = kept.stop()
    assert analysis is not None
    assert analysis.recording.video["frames"] == len(film)


def test_a_set_that_was_recorded_before_is_not_written_over(tmp_path: Path) -> None:
    before = tmp_path / "set.mp4"
    before.write_bytes(b"an earlier set")
    with recording() as kept, pytest.raises(OutputError, match=r"set\.mp4 exists: give another"):
        kept.start(before)
    assert before.read_bytes() == b"an earlier set"


def test_only_mp4_can_be_recorded_and_only_where_one_may_write(tmp_path: Path) -> None:
    with recording() as kept:
        with pytest.raises(OutputError, match=r"expected the name of an \.mp4 file"):
            kept.start(tmp_path / "set.avi")
        (tmp_path / "file").touch()
        with pytest.raises(OutputError, match="a file is where the folder should be"):
            kept.start(tmp_path / "file" / "set.mp4")
        assert not kept.is_on


def test_the_spool_gives_back_what_a_landmark_table_would(tmp_path: Path) -> None:
    film = concatenate(nobody(0.2), standing(0.2))
    memory, later = PoseSpool(), PoseSpool()
    with PoseSpool(tmp_path) as disk:
        for index in range(len(film)):
            disk.add(film.at(index))
            (memory if index < 8 else later).add(film.at(index))
        memory.extend(later)
        memory.extend(PoseSpool())
        for spool in (disk, memory):
            back = spool.pose()
            assert len(spool) == len(back) == len(film)
            assert (back.width_px, back.height_px) == (film.width_px, film.height_px)
            for name in ("time_s", "image_px", "world_m", "visibility"):
                np.testing.assert_array_equal(getattr(back, name), getattr(rounded(film), name))
    assert list(tmp_path.iterdir()) == []
