"""The command as people start, kill and start it again."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import av
import pytest
from batches import assert_sound, query, write_table
from bodies import squats
from commands import assert_one_error_line, formcheck, needs_posix
from past_batches import write_recording

ROOT = Path(__file__).resolve().parents[2]
CLIP = ROOT / "sample_videos" / "squat_side_clean_m_dark.mp4"
MANY = 40


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_table(tmp_path_factory.mktemp("template") / "squat.parquet", reps=8)


@pytest.fixture
def manifest(tmp_path: Path, template: Path) -> Path:
    """A list of many recordings, which take a few seconds."""
    lines = ["path,athlete,load_kg"]
    for number in range(MANY):
        shutil.copy(template, tmp_path / f"{number:02d}.parquet")
        lines.append(f"{number:02d}.parquet,Zoë,{60 + number}")
    path = tmp_path / "manifest.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def started(manifest: Path, *arguments: str) -> subprocess.Popen[str]:
    """A run in a process of its own; returns when some of its videos are done."""
    command = [sys.executable, "-m", "formcheck", "batch", manifest.name, "--out", "out", "--workers", "1", *arguments]
    process = subprocess.Popen(
        command, cwd=manifest.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    journal = manifest.parent / "out" / ".batch" / "done"
    while not journal.exists() or len(list(journal.glob("[!.]*.json"))) < 3:
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    return process


def test_a_run_that_is_killed_is_completed_by_the_same_command(manifest: Path) -> None:
    out = manifest.parent / "out"
    process = started(manifest)
    process.kill()
    process.communicate()
    run = formcheck("batch", manifest.name, "--out", "out", cwd=manifest.parent)
    assert run.returncode == 0, run.stderr
    done, before = (int(part.split()[0]) for part in run.stdout.removeprefix("videos: ").split(", ")[:2])
    assert done + before == MANY
    assert before >= 3
    assert query(out, "select count(*), count(distinct athlete), sum(load_kg) from {sessions}") == [
        (MANY, 1, sum(range(60, 60 + MANY)))
    ]
    assert_sound(out)


@needs_posix
def test_ctrl_c_ends_in_one_line_with_what_is_done_in_the_tables(manifest: Path) -> None:
    process = started(manifest)
    os.killpg(process.pid, signal.SIGINT)
    told, talk = process.communicate(timeout=60)
    assert process.returncode == 130, told + talk
    assert talk.splitlines()[-1].startswith("error: interrupted")
    assert "Traceback" not in talk
    [[count]] = query(manifest.parent / "out", "select count(*) from {sessions}")
    assert 3 <= count < MANY
    assert_sound(manifest.parent / "out")


def test_a_second_run_at_the_same_time_ends_in_one_line(manifest: Path) -> None:
    process = started(manifest)
    try:
        run = formcheck("batch", manifest.name, "--out", "out", cwd=manifest.parent)
        assert_one_error_line(run)
        assert f"process {process.pid}" in run.stderr
    finally:
        process.terminate()
        process.communicate()
    assert process.returncode == 143
    assert_sound(manifest.parent / "out")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of a sample clip, in small pictures."""
    path = tmp_path_factory.mktemp("clip") / "v" / "short clip.mp4"
    path.parent.mkdir()
    with av.open(str(CLIP)) as source, av.open(str(path), "w") as target:
        stream = target.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for index, frame in zip(range(30), source.decode(video=0), strict=False):
            small = frame.reformat(width=320, height=240, format="yuv420p")
            small.pts, small.time_base = index, Fraction(1, 30)
            target.mux(stream.encode(small))
        target.mux(stream.encode(None))
    return path


def test_videos_of_a_folder_are_analysed_and_the_broken_one_is_a_row(clip: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(clip.parent, tmp_path / "v")
    (folder / "broken.mov").write_bytes(clip.read_bytes()[:3000])
    (folder / "notes.txt").write_text("no video", encoding="utf-8")
    arguments = ("batch", "v", "--out", "out", "--model", "lite", "--keep", "report,landmarks,video")
    run = formcheck(*arguments, cwd=tmp_path)
    assert run.returncode == 3
    assert run.stdout.splitlines()[0] == "videos: 1 done, 0 done before, 1 failed"
    assert "error: v/broken.mov: " in run.stdout
    assert "1 .txt" in run.stderr
    [[folder_name, model, frames]] = query(tmp_path / "out", "select folder, model, frames from {sessions}")
    assert (model, frames) == ("lite", 30)
    files = {path.name for path in (tmp_path / "out" / "sessions" / folder_name).iterdir()}
    assert {"report.json", "landmarks.parquet", "annotated.mp4"} <= files
    mark = json.loads((tmp_path / "out" / "batch.json").read_text(encoding="utf-8"))
    assert (mark["layout_version"], mark["settings"]["model"]) == (1, "lite")
    (folder / "broken.mov").unlink()
    again = formcheck(*arguments, cwd=tmp_path)
    assert again.returncode == 0
    assert again.stdout.splitlines()[0] == "videos: 0 done, 1 done before, 0 failed"
    rescored = formcheck("batch", "--out", "out", "--rescore", "--profile", "strict", cwd=tmp_path)
    assert rescored.returncode == 0
    assert query(tmp_path / "out", "select profile, kept from {sessions}") == [("strict", "landmarks,report")]


@pytest.mark.parametrize(
    "arguments",
    [
        ["batch"],
        ["batch", "nowhere"],
        ["batch", "empty"],
        ["batch", "notes.csv"],
        ["batch", "empty", "--profile", "unheard-of"],
        ["batch", "s3-is-no-folder://x/y"],
    ],
)
def test_what_cannot_be_done_is_one_line(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.csv").write_text("file\nx.mp4\n", encoding="utf-8")
    assert_one_error_line(formcheck(*arguments, cwd=tmp_path))
    assert not (tmp_path / "formcheck-batch").exists()


@pytest.mark.parametrize("option", [["--keep", "everything"], ["--workers", "0"], ["--person", "0"]])
def test_wrong_options_are_wrong_usage(option: list[str], tmp_path: Path) -> None:
    assert formcheck("batch", "x", *option, cwd=tmp_path).returncode == 2


def test_a_run_ends_with_the_verdicts_worst_first_and_the_report_to_open(tmp_path: Path) -> None:
    write_recording(tmp_path / "a good one.parquet", squats(2))
    write_recording(tmp_path / "knees in.parquet", squats(2, knee_inward_m=(0.12, 0.0)))
    run = formcheck("batch", "a good one.parquet", "knees in.parquet", "--out", "out", cwd=tmp_path, COLUMNS="150")
    assert run.returncode == 0, run.stderr
    *_, head, _, worst, best, whole, to_open = run.stdout.splitlines()
    assert head.split() == ["Session", "Repetitions", "Form", "score", "Verdict"]
    assert re.search(r"knees in.parquet +2 +\d+ +✗ knees caving inward", worst)
    assert re.search(r"a good one.parquet +2 +\d+ +(✓ good|≈ too close to call)$", best.rstrip())
    assert whole.endswith("formcheck report out")
    page = tmp_path / to_open.removeprefix("open ")
    assert page.parent.name.startswith("knees in")
    assert page.is_file()
