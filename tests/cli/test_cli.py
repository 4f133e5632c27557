from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import av
import media
import pytest
from bodies import squats
from commands import IS_ROOT, assert_one_error_line, formcheck, needs_posix
from typer.testing import CliRunner

from formcheck.checks.exercises import EXERCISES
from formcheck.checks.profiles import load_profile
from formcheck.cli import analyzing, overview
from formcheck.cli.app import app
from formcheck.landmarks.recording import Recording
from formcheck.results.report_json import read_report

ROOT = Path(__file__).resolve().parents[2]
CLIP = ROOT / "sample_videos" / "squat_side_clean_m_dark.mp4"


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if ".part" in path.name)


@pytest.fixture(scope="module")
def short_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first 2.6 seconds of a sample clip: one repetition, under a name with a space and other scripts."""
    path = tmp_path_factory.mktemp("clips") / "Kniebeuge 深蹲 ä.b.mp4"
    with av.open(str(CLIP)) as source, av.open(str(path), "w", options={"movflags": "faststart"}) as target:
        stream = target.add_stream("libx264", rate=30)
        [video] = source.streams.video
        stream.width, stream.height, stream.pix_fmt = video.width, video.height, "yuv420p"
        for index, frame in enumerate(source.decode(video)):
            if index == 90:
                break
            frame.pts, frame.time_base = index, Fraction(1, 30)
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def analysed(
    short_clip: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("analysed")
    run = formcheck("analyze", short_clip, "--model", "lite", "--out", "out", cwd=folder)
    assert run.returncode == 0, run.stderr
    return folder / "out" / short_clip.stem, run


@pytest.fixture
def landmarks(tmp_path: Path) -> Path:
    pose = squats(2, yaw_deg=90.0, fps=30)
    video = {"name": "stick figure.mp4", "frames": len(pose), "duration_s": 6.0, "width": pose.width_px}
    video |= {"height": pose.height_px, "rotation": 0, "complete": True, "reason": None}
    path = tmp_path / "landmarks.parquet"
    Recording(pose, video, {"name": "stick", "sha256": "0" * 64}).save(path)
    return path


def test_analyze_writes_the_five_files_and_nothing_else(
    analysed: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, _ = analysed
    assert sorted(path.name for path in folder.iterdir()) == [
        "annotated.mp4",
        "landmarks.parquet",
        "report.html",
        "report.json",
        "timeseries.parquet",
    ]


def test_the_table_is_plain_text_of_80_columns_and_stderr_is_silent_without_a_terminal(
    analysed: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    _, run = analysed
    assert run.stderr == ""
    assert "\x1b" not in run.stdout
    assert max(map(len, run.stdout.splitlines())) <= 80
    assert "knee past toes" in run.stdout
    assert "needs a front or back view; the camera sees the side" in " ".join(run.stdout.split())


def test_the_annotated_video_plays_in_a_browser_and_keeps_every_frame_and_its_time(
    analysed: tuple[Path, subprocess.CompletedProcess[str]], short_clip: Path
) -> None:
    folder, _ = analysed
    path = folder / "annotated.mp4"
    with av.open(str(path)) as video, av.open(str(short_clip)) as source:
        [stream] = video.streams.video
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert stream.width % 2 == stream.height % 2 == 0
        times = [frame.time for frame in video.decode(stream)]
        wanted = [frame.time for frame in source.decode(video=0)]
    assert times == pytest.approx(wanted, abs=1e-3)
    head = path.read_bytes()
    assert head.index(b"moov") < head.index(b"mdat")


def test_a_landmark_table_gives_the_same_report_as_its_video(
    analysed: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    folder, _ = analysed
    run = formcheck("analyze", folder / "landmarks.parquet", "--out", tmp_path, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    [again] = tmp_path.rglob("report.json")
    assert again.read_bytes() == (folder / "report.json").read_bytes()
    assert not list(tmp_path.rglob("*.mp4"))


def test_the_landmark_columns_are_the_documented_ones(
    analysed: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    from pyarrow import parquet

    folder, _ = analysed
    table = parquet.read_table(folder / "landmarks.parquet")
    assert table.column_names[:8] == [
        "frame", "time_s", "nose_x_px", "nose_y_px", "nose_x_m", "nose_y_m", "nose_z_m", "nose_visibility",
    ]  # fmt: skip
    assert table.num_columns == 2 + 33 * 6
    series = parquet.read_table(folder / "timeseries.parquet")
    assert {"frame", "time_s", "phase", "rep_number", "left_knee_flexion_deg", "knee_valgus"} <= set(
        series.column_names
    )
    assert series.num_rows == table.num_rows == 90


@pytest.mark.parametrize("kind", ["missing", "folder", "text", "audio", "empty", "foreign parquet"])
def test_what_is_no_video_gives_one_line_and_leaves_nothing(kind: str, tmp_path: Path) -> None:
    path = tmp_path / ("x.parquet" if kind == "foreign parquet" else "x.mp4")
    if kind == "folder":
        path.mkdir()
    elif kind == "text":
        path.write_text("this is no video")
    elif kind == "audio":
        media.write_audio(path.with_suffix(".wav"))
        path = path.with_suffix(".wav")
    elif kind in {"empty", "foreign parquet"}:
        path.write_bytes(b"")
    out = tmp_path / "out"
    assert_one_error_line(formcheck("analyze", path, "--out", out, cwd=tmp_path))
    assert not out.exists()


def test_unknown_profiles_models_and_corrupt_models_give_one_line(landmarks: Path, tmp_path: Path) -> None:
    corrupt = tmp_path / "broken.task"
    corrupt.write_bytes(b"not a model")
    assert_one_error_line(formcheck("analyze", landmarks, "--profile", "gentle", cwd=tmp_path))
    assert_one_error_line(formcheck("analyze", CLIP, "--model", "enormous", cwd=tmp_path))
    assert_one_error_line(formcheck("analyze", CLIP, "--model", corrupt, cwd=tmp_path))


def test_an_output_that_cannot_be_written_gives_one_line(landmarks: Path, tmp_path: Path) -> None:
    in_the_way = tmp_path / "out"
    in_the_way.write_text("a file")
    assert_one_error_line(formcheck("analyze", landmarks, "--out", in_the_way, cwd=tmp_path))


@pytest.mark.skipif(not IS_ROOT, reason="mounting a small disk needs root")
def test_a_full_disk_gives_one_line_and_leaves_no_half_file(landmarks: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", disk], check=False).returncode:
        pytest.skip("this machine does not let a test mount a small disk")
    try:
        assert_one_error_line(formcheck("analyze", landmarks, "--out", disk, cwd=tmp_path))
        assert leftovers(disk) == []
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.skipif(not IS_ROOT, reason="mounting a small disk needs root")
def test_a_disk_that_fills_up_while_drawing_costs_the_video_and_one_line(short_clip: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk], check=False).returncode:
        pytest.skip("this machine does not let a test mount a small disk")
    try:
        run = formcheck("analyze", short_clip, "--model", "lite", "--out", disk, cwd=tmp_path)
        assert run.returncode == 0, run.stderr
        [line] = run.stderr.splitlines()
        assert line.startswith("warning: annotated.mp4 is missing: cannot write annotated.mp4: the disk is full")
        [folder] = disk.iterdir()
        wanted = ["landmarks.parquet", "report.html", "report.json", "timeseries.parquet"]
        assert sorted(path.name for path in folder.iterdir()) == wanted
        assert read_report(folder / "report.json")["missing"][0]["file"] == "annotated.mp4"
    finally:
        subprocess.run(["umount", disk], check=True)


@needs_posix
@pytest.mark.parametrize("arguments", ["analyze landmarks.parquet", "checks", "--help"])
def test_results_that_cannot_be_printed_give_one_line(arguments: str, landmarks: Path) -> None:
    command = f"{sys.executable} -m formcheck {arguments} > /dev/full"
    run = subprocess.run(["bash", "-c", command], cwd=landmarks.parent, capture_output=True, text=True, check=False)
    assert_one_error_line(run)


def test_a_misspelt_profile_and_a_bad_folder_are_told_before_the_work(tmp_path: Path) -> None:
    """The clip is no video: whoever is told of the profile or the folder did not wait for it to be read."""
    clip = tmp_path / "clip.mp4"
    clip.write_text("no video")
    run = formcheck("analyze", clip, "--profile", "gentle", cwd=tmp_path)
    assert_one_error_line(run)
    assert "expected a profile" in run.stderr
    run = formcheck("analyze", clip, "--out", clip, cwd=tmp_path)
    assert_one_error_line(run)
    assert "a file is where the folder should be" in run.stderr


def test_wrong_usage_exits_with_2(tmp_path: Path) -> None:
    assert formcheck("analyze", "--exercise", "deadlift", "x.mp4", cwd=tmp_path).returncode == 2
    assert formcheck("frobnicate", cwd=tmp_path).returncode == 2


def test_findings_are_an_error_only_where_asked(landmarks: Path, tmp_path: Path) -> None:
    strict = tmp_path / "hard.toml"
    strict.write_text('base = "standard"\n[squat.trunk_lean]\nwarn = 1.0\nfail = 2.0\nsource = "a test"\n')
    told = ("analyze", landmarks, "--profile", strict)
    assert formcheck(*told, cwd=tmp_path).returncode == 0
    assert formcheck(*told, "--fail-on", "warn", cwd=tmp_path).returncode == 3
    assert formcheck(*told, "--fail-on", "fail", cwd=tmp_path).returncode == 3
    lenient = tmp_path / "soft.toml"
    lenient.write_text('base = "performance"\n[squat.trunk_lean]\nwarn = 1.0\nfail = 179.0\nsource = "a test"\n')
    told = ("analyze", landmarks, "--profile", lenient)
    assert formcheck(*told, "--fail-on", "warn", cwd=tmp_path).returncode == 3
    assert formcheck(*told, "--fail-on", "fail", cwd=tmp_path).returncode == 0


@needs_posix
@pytest.mark.parametrize(
    ("file_that_tells", "told", "word"),
    [
        (None, signal.SIGINT, "interrupted"),
        ("landmarks.parquet", signal.SIGINT, "interrupted"),
        ("timeseries.parquet", signal.SIGTERM, "terminated"),
    ],
)
def test_ctrl_c_and_kill_give_one_line_and_leave_no_half_file(
    file_that_tells: str | None, told: signal.Signals, word: str, tmp_path: Path
) -> None:
    """Interrupted while landmarking (no file yet) and while drawing (the landmarks are there)."""
    out = tmp_path / "out"
    command = [sys.executable, "-m", "formcheck", "analyze", str(CLIP), "--model", "lite", "--out", str(out)]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        if file_that_tells is None:
            time.sleep(2.0)
            break
        if list(out.rglob(file_that_tells)):
            break
        time.sleep(0.01)
    process.send_signal(told)
    stdout, stderr = process.communicate(timeout=60)
    # Python ends by the signal itself, which a shell shows as 130 too, if it came while a module was being imported.
    assert process.returncode in {128 + told, -signal.SIGINT}, stderr
    assert stdout == ""
    [line] = stderr.splitlines()
    assert line.startswith(f"error: {word}")
    assert leftovers(tmp_path) == []
    assert not list(out.rglob("report.json"))


@needs_posix
@pytest.mark.parametrize(("told", "code", "word"), [("SIGINT", 130, "interrupted"), ("SIGTERM", 143, "terminated")])
def test_a_signal_that_comes_while_python_cleans_up_is_not_lost(
    told: str, code: int, word: str, tmp_path: Path
) -> None:
    """The signal comes within a finaliser, out of which Python lets no exception."""
    program = (
        "import signal, time\n"
        "from formcheck.cli.app import app, main\n"
        "class Last:\n"
        "    def __del__(self):\n"
        f"        signal.raise_signal(signal.{told})\n"
        "@app.command()\n"
        "def nap():\n"
        "    Last()\n"
        "    time.sleep(60)\n"
        "main()\n"
    )
    command = [sys.executable, "-c", program, "nap"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert (run.returncode, run.stdout) == (code, ""), run.stderr
    assert run.stderr == f"error: {word}; nothing half-written was left behind\n"


@needs_posix
def test_ctrl_c_while_the_commands_are_prepared_is_one_line(tmp_path: Path) -> None:
    program = (
        "import signal, typer.main\n"
        "from formcheck.cli.app import main\n"
        "typer.main.get_command = lambda _: signal.raise_signal(signal.SIGINT)\n"
        "main()\n"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (130, "")
    assert run.stderr == "error: interrupted; nothing half-written was left behind\n"


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_the_list_of_commands_is_that_of_the_program(arguments: list[str]) -> None:
    listed, whole = (CliRunner().invoke(one, arguments) for one in (overview.listing_app(), app))
    assert (listed.exit_code, listed.output) == (whole.exit_code, whole.output)
    assert "analyze" in listed.output


def test_the_list_of_commands_loads_nothing_to_compute_with(tmp_path: Path) -> None:
    program = (
        "import atexit, sys\n"
        "atexit.register(lambda: print([n for n in ('numpy', 'rich.console', 'cv2') if n in sys.modules]))\n"
        "sys.argv = ['formcheck', '--help']\n"
        "from formcheck.cli import main\n"
        "main()\n"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "[]"


def test_an_incomplete_video_is_analysed_and_said_to_be_incomplete(short_clip: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.mp4"
    path.write_bytes(short_clip.read_bytes())
    media.cut(path, 0.7)
    run = formcheck("analyze", path, "--model", "lite", "--no-video", "--out", tmp_path / "out", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    [line] = run.stderr.splitlines()
    assert line.startswith("warning: cut.mp4 is incomplete: ")
    report = json.loads((tmp_path / "out" / "cut" / "report.json").read_text())
    assert report["video"]["complete"] is False
    assert report["video"]["reason"]
    assert 0 < report["video"]["frames"] < 90


@needs_posix
def test_a_terminal_on_stderr_gets_a_progress_bar(short_clip: Path, tmp_path: Path) -> None:
    import pty

    screen, terminal = pty.openpty()
    command = [sys.executable, "-m", "formcheck", "analyze", str(short_clip), "--model", "lite", "--no-video"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=terminal)
    os.close(terminal)
    shown = b""
    while True:
        try:
            piece = os.read(screen, 4096)
        except OSError:  # the terminal closes when the program ends
            break
        if not piece:
            break
        shown += piece
    os.close(screen)
    assert process.wait(timeout=60) == 0
    assert b"landmarks" in shown
    assert b"frames/s" in shown


@needs_posix
def test_a_reader_that_goes_away_is_no_traceback(tmp_path: Path) -> None:
    command = f"{sys.executable} -m formcheck checks | head -n 1"
    run = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    assert run.stdout == "profile standard\n"
    assert "Traceback" not in run.stderr


def test_a_terminal_without_the_signs_still_tells_the_verdicts_apart(landmarks: Path, tmp_path: Path) -> None:
    run = formcheck("analyze", landmarks, cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert run.returncode == 0, run.stderr
    assert "+ pass  ~ too close to call  ! warn  x fail  - unseen" in run.stdout
    assert re.search(r"\+ -?\d+d", run.stdout)
    assert "?" not in run.stdout


@needs_posix
@pytest.mark.parametrize("suffix", [b"mp4", b"parquet"])
def test_a_file_name_that_is_no_text_gives_one_line(suffix: bytes, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"gone \xff." + suffix)
    assert_one_error_line(formcheck("analyze", path, cwd=tmp_path))
    path.touch()
    assert_one_error_line(formcheck("analyze", path, cwd=tmp_path))


@needs_posix
def test_a_pipe_in_place_of_a_recording_gives_one_line(tmp_path: Path) -> None:
    for name in ("pipe.mp4", "pipe.parquet"):
        os.mkfifo(tmp_path / name)
        assert_one_error_line(formcheck("analyze", name, cwd=tmp_path))


def test_checks_lists_every_check_of_every_exercise_with_limits_and_source(tmp_path: Path) -> None:
    run = formcheck("checks", "--json", cwd=tmp_path)
    rows = {(row["exercise"], row["check"]): row for row in json.loads(run.stdout)}
    assert set(rows) == {(name, check.name) for name, exercise in EXERCISES.items() for check in exercise.checks}
    limits = load_profile("standard")
    for (exercise, check), row in rows.items():
        limit = limits.limit(exercise, check)
        assert limit is not None
        assert (row["warn"], row["fail"], row["source"]) == (limit.warn, limit.fail, limit.source)
    text = formcheck("checks", "--exercise", "lunge", cwd=tmp_path).stdout
    assert "lunge: limb_symmetry" in text
    assert "squat:" not in text
    assert all(line == line.rstrip() and len(line) <= 80 for line in text.splitlines())


def test_a_missing_system_library_is_one_line_with_the_command_that_installs_it(tmp_path: Path) -> None:
    (tmp_path / "cv2.py").write_text(
        'raise ImportError("libGL.so.1: cannot open shared object file: No such file or directory")\n'
    )
    run = formcheck("analyze", CLIP, cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert_one_error_line(run)
    assert "apt-get install libgl1" in run.stderr


def test_doctor_still_works_where_opencv_cannot_be_imported(tmp_path: Path) -> None:
    (tmp_path / "cv2.py").write_text(
        'raise ImportError("libGL.so.1: cannot open shared object file: No such file or directory")\n'
    )
    run = formcheck("doctor", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert run.returncode == 1
    assert "FAIL H.264: not tried, for libGL.so.1 is missing" in run.stdout  # the loader itself would find it
    assert "Traceback" not in run.stderr


def test_doctor_finds_a_healthy_machine_healthy(tmp_path: Path) -> None:
    run = formcheck("doctor", cwd=tmp_path)
    assert run.returncode == 0, run.stdout
    for subject in ("mediapipe", "opencv-contrib-python", "system libraries", "model full", "H.264", "cameras"):
        assert subject in run.stdout


def test_the_version_is_the_installed_one(tmp_path: Path) -> None:
    from importlib.metadata import version

    assert formcheck("--version", cwd=tmp_path).stdout == f"formcheck {version('formcheck')}\n"


def test_importing_the_package_loads_no_heavy_library(tmp_path: Path) -> None:
    code = (
        "import sys, formcheck; print([m for m in ('cv2', 'mediapipe', 'pyarrow', 'scipy', 'av') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


@pytest.mark.parametrize("person", ["0", "left", "1.5"])
def test_a_person_is_auto_or_a_number_from_1_on(landmarks: Path, person: str) -> None:
    run = formcheck("analyze", landmarks, f"--person={person}", cwd=landmarks.parent)
    assert run.returncode == 2
    assert "expected auto, 1, 2, 3" in " ".join(run.stderr.split())


def test_nobody_can_be_chosen_in_landmarks(landmarks: Path) -> None:
    assert_one_error_line(formcheck("analyze", landmarks, "--person", "2", cwd=landmarks.parent))
    assert formcheck("analyze", landmarks, "--person", "auto", cwd=landmarks.parent).returncode == 0


def test_the_command_line_takes_landmarks_that_are_not_mediapipes(landmarks: Path, tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["analyze", str(landmarks), "--out", str(tmp_path), "--landmarks-from", "other"])
    assert told.exit_code == 0, told.output
    [report] = tmp_path.glob("*/report.json")
    assert read_report(report)["model"]["landmarks_from"] == "other"


def test_who_was_chosen_of_several_people_is_told_on_stderr(tmp_path: Path) -> None:
    pose = squats(1, yaw_deg=90.0, fps=30)
    video = {"name": "gym.mp4", "frames": len(pose), "duration_s": 3.0, "width": pose.width_px, "people": 3}
    video |= {"height": pose.height_px, "rotation": 0, "complete": True, "reason": None, "person": 2}
    Recording(pose, video, {"name": "stick", "sha256": "0" * 64}).save(tmp_path / "landmarks.parquet")
    run = formcheck("analyze", "landmarks.parquet", cwd=tmp_path)
    assert run.returncode == 0
    assert run.stderr == "note: 3 people were seen; person 2 from the left is analysed\n"
    assert "\nJudged: person 2 of 3, counted from the left at the start.\n" in run.stdout
    written = json.loads((tmp_path / "formcheck-out" / "gym" / "report.json").read_text(encoding="utf-8"))
    assert (written["video"]["people"], written["video"]["person"]) == (3, 2)


def test_one_check_is_explained_in_full_in_every_exercise(tmp_path: Path) -> None:
    text = formcheck("checks", "--explain", "body_shift", cwd=tmp_path).stdout
    for part in ("squat: body_shift", "limits, strict: ", "uncertainty, front view: ± ", "cannot see: ", "cue: "):
        assert part in text, part
    assert "counted together with pelvic_shift" in text
    both = formcheck("checks", "--explain", "knee_valgus", cwd=tmp_path).stdout
    assert "squat: knee_valgus" in both
    assert "lunge: knee_valgus" in both


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["knee_wobble"], "expected one of knee_valgus"), (["depth", "--json"], "leave the others out")],
)
def test_what_cannot_be_explained_is_wrong_usage(arguments: list[str], said: str, tmp_path: Path) -> None:
    run = formcheck("checks", "--explain", *arguments, cwd=tmp_path)
    assert run.returncode == 2
    assert said in " ".join(run.stderr.split())


@pytest.mark.parametrize("names", [["a folder"], ["one.mp4", "two.mp4"]], ids=["a folder", "two"])
def test_for_more_than_one_recording_analyze_points_to_batch(names: list[str], tmp_path: Path) -> None:
    (tmp_path / "a folder").mkdir()
    run = formcheck("analyze", *names, cwd=tmp_path)
    assert_one_error_line(run)
    assert run.stderr.rstrip().endswith(shlex.join(["formcheck", "batch", *names]))


def test_the_last_line_says_which_file_to_open(landmarks: Path, tmp_path: Path) -> None:
    run = formcheck(
        "analyze", landmarks, "--out", "a long way/to the results of this recording, in a folder", cwd=tmp_path
    )
    assert run.returncode == 0
    page = tmp_path / run.stdout.splitlines()[-1].removeprefix("Open ")
    assert page.name == "report.html"
    assert page.is_file()


@pytest.mark.parametrize("has_browser", [True, False])
def test_the_report_is_opened_where_there_is_a_browser(
    landmarks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_browser: bool
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(analyzing.webbrowser, "open", lambda url: opened.append(url) or has_browser)
    run = CliRunner().invoke(app, ["analyze", str(landmarks), "--out", str(tmp_path / "out"), "--open"])
    assert run.exit_code == 0, run.output
    [url] = opened
    assert url.startswith("file:///")
    assert url.endswith("/report.html")
    assert ("found no browser" in run.stderr) is not has_browser
