"""``formcheck live``: what it prints, how it ends, and that everything it opened is closed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from bodies import Camera, concatenate, standing
from live_fakes import UNPLUGGED, Film
from recordings import clean_squats

from formcheck.analysis import Settings
from formcheck.body.pose import Pose
from formcheck.cli import living
from formcheck.cli.living import LiveOptions
from formcheck.errors import CameraError
from formcheck.frames.frame import FrameSource
from formcheck.machine.paths import data_path

SMALL = Camera(width_px=240, height_px=240)
CLIP = data_path("sample_videos", "squat_front_knees_in_m_avg.mp4")


def headless(**changes: Any) -> LiveOptions:
    usual: dict[str, Any] = {
        "source": "0",
        "headless": True,
        "mirror": True,
        "speak": False,
        "show_delay": False,
        "record": None,
        "out": Path("nowhere"),
    }
    return LiveOptions(**usual | changes)


@pytest.fixture
def film() -> Pose:
    return concatenate(standing(2.5, camera=SMALL), clean_squats(2, camera=SMALL, knee_inward_m=(0.06, 0.0)))


def plug_in(monkeypatch: pytest.MonkeyPatch, film: Film) -> None:
    monkeypatch.setattr(living, "live_source", lambda _, **__: film.camera)
    monkeypatch.setattr(living, "MediaPipeEstimator", lambda _: film.estimator)


def printed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_headless_prints_set_up_reps_cues_and_the_end(
    film: Pose, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake = Film(film)
    plug_in(monkeypatch, fake)
    living.live(headless(), Settings())
    events = printed(capsys)
    assert [event["event"] for event in events if event["event"] != "cue"] == ["setup", "setup", "rep", "rep", "end"]
    assert [event["stage"] for event in events[:2]] == ["baseline", "set"]
    assert events[0]["judged_here"].startswith("front: knees in")
    assert (events[2]["event"], events[2]["check"], events[2]["side"]) == ("cue", "knee_valgus", "left")
    reps = [event for event in events if event["event"] == "rep"]
    assert [rep["number"] for rep in reps] == [1, 2]
    assert reps[0]["findings"][0]["verdict"] == "warn"
    end = events[-1]
    assert (end["rep_count"], end["frames"], end["dropped"], end["reason"]) == (2, len(film), 0, None)
    assert end["delay_median_s"] > 0
    assert not fake.camera.is_open
    assert not fake.estimator.is_open


def test_a_repetition_that_the_source_ends_with_is_still_told(
    film: Pose, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cut = film.at(film.time_s < 9.05)  # the second ends at 9.0
    plug_in(monkeypatch, Film(cut))
    living.live(headless(), Settings())
    events = printed(capsys)
    assert [event["number"] for event in events if event["event"] == "rep"] == [1, 2]
    assert events[-1]["rep_count"] == 2


def test_a_camera_unplugged_in_the_middle_keeps_the_set_and_says_so(
    film: Pose, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    fake = Film(film, unplugged_after=200)
    plug_in(monkeypatch, fake)
    with pytest.raises(CameraError, match=UNPLUGGED):
        living.live(headless(record=tmp_path / "set.mp4"), Settings())
    end = printed(capsys)[-1]
    assert (end["reason"], end["rep_count"]) == (UNPLUGGED, 1)
    report = json.loads((tmp_path / "set" / "report.json").read_text())
    assert (report["video"]["frames"], report["summary"]["rep_count"]) == (200, 1)
    assert (report["video"]["complete"], report["video"]["reason"]) == (False, UNPLUGGED)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["set", "set.mp4"]
    assert not fake.camera.is_open


def test_a_set_of_a_camera_that_mirrors_says_that_it_was_flipped_back(
    film: Pose, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[bool] = []
    fake = Film(film.at(slice(0, 60)))

    def source(_: str, *, mirrored: bool) -> FrameSource:
        asked.append(mirrored)
        return fake.camera

    plug_in(monkeypatch, fake)
    monkeypatch.setattr(living, "live_source", source)
    living.live(headless(record=tmp_path / "set.mp4"), Settings(mirrored=True))
    living.live(headless(record=tmp_path / "plain.mp4"), Settings())
    reports = [json.loads((tmp_path / name / "report.json").read_text())["video"] for name in ("set", "plain")]
    assert asked == [True, False]
    assert [video.get("mirrored") for video in reports] == [True, None]


def test_speech_says_cues_and_counts(film: Pose, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    plug_in(monkeypatch, Film(film))
    monkeypatch.setattr(living, "find_voice", lambda: lambda text, _: said.append(text))
    living.live(headless(speak=True), Settings())
    assert "Push your knees out, in line with your second and third toe." in said
    assert {"1", "2"} & set(said)  # the last one may be cut off by the end


def test_without_speech_one_line_says_why_it_is_silent(
    film: Pose, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plug_in(monkeypatch, Film(film.at(slice(0, 30))))
    monkeypatch.setattr(living, "find_voice", lambda: None)
    living.live(headless(speak=True), Settings())
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "install espeak-ng" in told


def test_cameras_are_listed_one_a_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(living, "list_cameras", lambda: [(0, "Laptop [camera]"), (4, "/dev/video4")])
    living.show_cameras()
    assert capsys.readouterr().out.splitlines() == ["0  Laptop [camera]", "4  /dev/video4"]
    monkeypatch.setattr(living, "list_cameras", list)
    living.show_cameras()
    assert "no camera was found" in capsys.readouterr().err


def formcheck_live(*options: str | Path, display: str | None = None) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    if display is not None:
        environment["DISPLAY"] = display
    command = [sys.executable, "-m", "formcheck", "live", *map(str, options)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment)


@pytest.mark.skipif(sys.platform != "linux", reason="on every Mac and PC there is a screen")
@pytest.mark.parametrize("display", [None, ":9753"])
def test_without_a_screen_one_line_points_to_headless(display: str | None) -> None:
    with formcheck_live("--source", CLIP, display=display) as run:
        out, told = run.communicate(timeout=60)
    assert (run.returncode, out) == (1, "")
    assert told.count("\n") == 1
    assert told.startswith("error: there is no screen")
    assert "--headless" in told


def test_a_missing_camera_is_one_line() -> None:
    with formcheck_live("--headless", "--camera", "97") as run:
        out, told = run.communicate(timeout=60)
    assert (run.returncode, out) == (1, "")
    assert told.startswith("error: there is no camera 97 on this machine")
    assert told.count("\n") == 1


def test_a_file_is_a_camera_and_ctrl_c_ends_the_set(tmp_path: Path) -> None:
    with formcheck_live("--headless", "--source", CLIP, "--record", tmp_path / "set.mp4") as run:
        assert run.stdout is not None
        lines = []
        for line in run.stdout:
            lines.append(json.loads(line))
            if lines[-1]["event"] == "rep":
                run.send_signal(signal.SIGINT)
        _, told = run.communicate(timeout=60)
    assert run.returncode == 0
    assert "Traceback" not in told
    assert lines[-1]["event"] == "end"
    assert lines[-1]["files"] == [str(tmp_path / "set")]
    assert json.loads((tmp_path / "set" / "report.json").read_text())["summary"]["rep_count"] == 1
