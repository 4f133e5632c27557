"""What the renderer draws and writes; needs an EGL driver."""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import replace
from pathlib import Path

import av
import cv2
import numpy as np
import pyarrow.parquet as pq
import pytest

from formcheck_render.camera import View
from formcheck_render.cli import main
from formcheck_render.encode import VideoWriter
from formcheck_render.errors import GraphicsError, ScenarioError
from formcheck_render.exercises import Squat, SquatRep, Tempo
from formcheck_render.film import render_clip
from formcheck_render.gpu import open_context
from formcheck_render.looks import LOOKS
from formcheck_render.scenario import Scenario
from formcheck_render.suites import SUITES
from formcheck_render.take import make_take

TINY = Scenario(
    "tiny",
    "m_avg",
    View(20, azimuth_spread_deg=0, distance_m=3.0, roll_deg=2),
    (96, 128),
    Squat((SquatRep(),), tempo=Tempo(down_s=0.4, hold_s=0.2, up_s=0.4, lead_s=0.2)),
    fps=5,
    grain=0.0,
)


def _why_no_graphics() -> str:
    try:
        open_context().release()
    except GraphicsError as error:
        return str(error)
    return ""


NO_GRAPHICS = _why_no_graphics()
needs_graphics = pytest.mark.skipif(bool(NO_GRAPHICS), reason=NO_GRAPHICS)


@needs_graphics
def test_the_same_seed_draws_the_same_pictures() -> None:
    scenario = replace(TINY, grain=2.0)
    first, again = (list(make_take(scenario, seed=4).pictures([0, 3])) for _ in range(2))
    for one, two in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, two)


@needs_graphics
def test_the_subject_is_drawn_where_the_truth_says_it_is() -> None:
    colours = [(0.9, 0.02, 0.02), (0.02, 0.02, 0.9)]
    scenarios = [replace(TINY, look=replace(LOOKS["m_avg"], shirt=shirt)) for shirt in colours]
    red, blue = (next(make_take(s).pictures([0])).astype(int) for s in scenarios)
    changed = np.argwhere(np.abs(red - blue).max(-1) > 60)  # where the shirt is
    row = make_take(TINY).truth_rows()[0]
    middle_x = np.mean([row[f"{side}_{joint}_x_px"] for side in ("left", "right") for joint in ("shoulder", "hip")])
    assert changed[:, 1].mean() == pytest.approx(middle_x, abs=4)
    assert row["left_shoulder_y_px"] - 8 < changed[:, 0].min()
    assert changed[:, 0].max() < row["left_knee_y_px"]


@needs_graphics
def test_a_clip_has_a_video_a_description_and_a_row_for_every_frame(tmp_path: Path) -> None:
    description = render_clip(TINY, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tiny.mp4", "tiny.truth.json", "tiny.truth.parquet"]
    assert json.loads((tmp_path / "tiny.truth.json").read_text(encoding="utf-8"))["reps"][0]["number"] == 1
    table = pq.read_table(tmp_path / "tiny.truth.parquet")
    with av.open(str(tmp_path / "tiny.mp4")) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        times = [float(frame.pts * stream.time_base) for frame in container.decode(stream)]
    assert len(times) == table.num_rows == description["video"]["frames"]
    np.testing.assert_allclose(times, table["time_s"].to_numpy(), atol=1e-3)
    wanted = {"left_knee_x_px", "medial_knee_displacement_ratio_left", "knee_past_toe_shank_ratio_right"}
    assert wanted | {"body_yaw_to_camera_deg", "pelvic_obliquity_deg"} <= set(table.column_names)


@needs_graphics
def test_the_index_comes_first_in_the_file_so_that_browsers_start_at_once(tmp_path: Path) -> None:
    with VideoWriter(tmp_path / "a.mp4", (64, 48), 10, 30) as video:
        for _ in range(3):
            video.write(np.zeros((48, 64, 3), np.uint8))
    content = (tmp_path / "a.mp4").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_an_odd_size_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="even width and height; got 63x48"):
        VideoWriter(tmp_path / "a.mp4", (63, 48), 10, 30)


def test_a_machine_without_a_graphics_driver_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("GLCONTEXT_LINUX_LIBEGL", "libno_such_driver.so")
    assert main(["--only", "lunge_front_clean", "--stills", "--out", str(tmp_path)]) == 1
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "libegl1" in message


def test_without_its_library_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.startswith("formcheck_render.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "moderngl", None)
    assert importlib.import_module("formcheck_render.__main__").run() == 1
    assert "pip install ./formcheck_render" in capsys.readouterr().err


def test_a_failed_clip_leaves_no_file(tmp_path: Path) -> None:
    def fail() -> None:
        with VideoWriter(tmp_path / "a.mp4", (64, 48), 10, 30) as video:
            video.write(np.zeros((48, 64, 3), np.uint8))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert not list(tmp_path.iterdir())


@needs_graphics
def test_stills_are_written_for_each_rep(tmp_path: Path) -> None:
    assert main(["--only", "lunge_front_clean", "--stills", "--out", str(tmp_path)]) == 0
    stills = sorted(tmp_path.glob("*.png"))
    assert [path.stem[-4:] for path in stills] == ["rep1", "rep2"]
    assert np.asarray(cv2.imread(str(stills[0]))).std() > 20


def test_the_list_names_every_clip_of_a_suite(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--suite", "samples", "--list"]) == 0
    assert capsys.readouterr().out.split() == [scenario.name for scenario in SUITES["samples"]]


def test_an_unknown_clip_is_one_line_on_stderr_and_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "no_such_clip"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


SAMPLE_FOLDER = Path(__file__).resolve().parents[2] / "sample_videos"


def test_the_shipped_clips_are_those_of_the_suite_and_small() -> None:
    names = {scenario.name for scenario in SUITES["samples"]}
    for ending in (".mp4", ".truth.json", ".truth.parquet"):
        assert {path.name.removesuffix(ending) for path in SAMPLE_FOLDER.glob(f"*{ending}")} == names
    assert sum(path.stat().st_size for path in SAMPLE_FOLDER.iterdir()) < 8e6


@pytest.mark.parametrize("scenario", SUITES["samples"], ids=lambda scenario: scenario.name)
def test_the_shipped_truth_is_what_the_renderer_says_today(scenario: Scenario) -> None:
    take = make_take(replace(scenario, fps=5))
    shipped = json.loads((SAMPLE_FOLDER / f"{scenario.name}.truth.json").read_text(encoding="utf-8"))
    assert [rep["bottom_s"] for rep in shipped["reps"]] == [rep.bottom_s for rep in take.performance.schedule.reps]
    np.testing.assert_allclose(shipped["camera"]["eye_m"], take.camera.eye, atol=1e-6)
    table = pq.read_table(SAMPLE_FOLDER / f"{scenario.name}.truth.parquet")
    assert table.num_rows == shipped["video"]["frames"]
    for row in take.truth_rows()[::4]:
        frame = round(row["time_s"] * scenario.fps)
        for column in ("left_knee_x_px", "right_ankle_y_px", "knee_flexion_deg_left", "body_yaw_to_camera_deg"):
            assert table[column][frame].as_py() == pytest.approx(row[column], abs=0.2)


def test_the_readme_of_the_samples_names_every_clip() -> None:
    text = (SAMPLE_FOLDER / "README.md").read_text(encoding="utf-8")
    assert all(f"`{scenario.name}`" in text for scenario in SUITES["samples"])
