from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from bodies import lunges, nobody, squats
from rich.console import Console

from formcheck.analysis import Analysis
from formcheck.body.pose import Pose
from formcheck.checks.check import Verdict
from formcheck.checks.judge_recording import analyze_poses
from formcheck.cli import verdict_table
from formcheck.cli.findings_table import _cell, print_analysis
from formcheck.cli.verdict_table import print_verdicts
from formcheck.landmarks.recording import Recording


def printed(
    pose: Pose,
    *,
    colour: bool = False,
    width: int = 80,
    files: tuple[str, ...] = (),
    folder: Path = Path("out/clip"),
    view: str = "auto",
    name: str = "clip.mp4",
) -> str:
    video = {"name": name, "complete": True, "reason": None}
    recording = Recording(pose, video, {"name": "full", "sha256": ""})
    analysis = Analysis(analyze_poses(pose, view=view), recording, folder if files else None, files)
    out = io.StringIO()
    print_analysis(Console(file=out, width=width, force_terminal=colour, highlight=False), analysis)
    return out.getvalue()


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("yaw_deg", [0.0, 45.0, 90.0])
@pytest.mark.parametrize("exercise", [squats, lunges])
def test_the_summary_fits_80_columns(exercise: object, yaw_deg: float) -> None:
    text = printed(exercise(2, yaw_deg=yaw_deg))  # type: ignore[operator]
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "2 repetitions" in text


def test_a_fault_shows_its_value_its_side_and_its_cue() -> None:
    text = printed(squats(2, yaw_deg=0.0, knee_inward_m=(0.14, 0.0)))
    assert "✗" in text or "!" in text
    assert re.search(r"[✗!] 0\.\d\d L", text)
    assert "→ Push your knees out" in text


def test_the_worse_leg_is_shown_not_the_larger_number() -> None:
    text = printed(squats(1, yaw_deg=0.0, knee_inward_m=(-0.14, 0.0)))
    assert re.search(r"✓ 0\.\d\d R", text)
    assert not re.search(r"-0\.\d\d L", text)


def test_units_are_words_that_the_lines_below_the_table_explain() -> None:
    from_the_side, from_the_front = (printed(squats(1, yaw_deg=yaw_deg)) for yaw_deg in (90.0, 0.0))
    for unit in ("(shank", "lengths)", "(foot", "(above", "parallel)"):
        assert unit in from_the_side
    assert "shank: from knee to ankle" in from_the_side
    assert "ankle gap: from ankle to ankle" in from_the_front
    assert "ankle gap" not in from_the_side


def test_the_longest_table_a_lunge_with_all_its_checks_keeps_every_value_whole_in_80_columns() -> None:
    text = printed(lunges(12, lead="alternate", yaw_deg=60.0), view="side") + printed(
        lunges(12, lead="alternate", yaw_deg=0.0)
    )
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "…" not in text
    assert {"left", "right"} <= set(text.split())


def test_a_video_of_an_earlier_analysis_is_not_taken_for_this_one(tmp_path: Path) -> None:
    (tmp_path / "annotated.mp4").write_bytes(b"drawn before")
    made = ("report.json", "timeseries.parquet", "landmarks.parquet")
    assert "is of an earlier analysis" in words(printed(squats(1, yaw_deg=90.0), files=made, folder=tmp_path))
    drawn = (*made, "annotated.mp4")
    assert "earlier analysis" not in words(printed(squats(1, yaw_deg=90.0), files=drawn, folder=tmp_path))


def test_what_was_not_judged_is_said_with_the_reason() -> None:
    assert "unseen: knee valgus, stance: needs a front or back view; the camera sees the side" in words(
        printed(squats(1, yaw_deg=90.0))
    )


def test_the_uncertainty_of_each_check_is_told() -> None:
    text = words(printed(squats(1, yaw_deg=90.0)))
    assert "± (standard error): knee past toes 0.0" in text
    assert "trunk lean 3°" in text


def test_the_score_is_explained() -> None:
    assert "Form score" in printed(squats(1, yaw_deg=90.0))
    assert "100, mean of 1 repetition;" in words(printed(squats(1, yaw_deg=90.0)))


def test_a_lunge_names_the_leg_that_leads() -> None:
    assert "right" in printed(lunges(1, lead="right", yaw_deg=-90.0))


def test_no_repetition_is_said_with_what_to_do() -> None:
    assert "Nobody was seen in this recording: show the whole body" in words(printed(nobody(1.0)))


def test_colours_only_add_to_what_the_text_says() -> None:
    assert "\x1b[" in printed(squats(1, yaw_deg=90.0), colour=True)
    assert "\x1b[" not in printed(squats(1, yaw_deg=90.0))


def test_a_long_set_stays_one_line_a_repetition() -> None:
    """Twelve squats from the front: times of two digits beside five checks."""
    rows = [line.split() for line in printed(squats(12, yaw_deg=0.0, knee_inward_m=(0.14, 0.0))).splitlines()]
    numbered = [row for row in rows if row and row[0].isdecimal()]
    assert [row[0] for row in numbered] == [str(number) for number in range(1, 13)]
    assert len({len(row) for row in numbered}) == 1


def test_a_narrow_terminal_gets_several_tables_and_every_value_whole() -> None:
    pose = squats(2, yaw_deg=0.0, knee_inward_m=(0.14, 0.0))
    narrow = printed(pose, width=40)
    assert max(len(line) for line in narrow.splitlines()) <= 40
    assert narrow.count("from–to") > 1
    assert "…" not in narrow
    marks = ("✓ ", "✗ ", "! ")
    values = next(line for line in printed(pose).splitlines() if line.split()[:1] == ["1"])
    for value in values.split("  "):
        if value.strip().startswith(marks):
            assert value.strip() in narrow


def test_small_negative_values_are_zero_and_not_minus_zero() -> None:
    [first, *_] = analyze_poses(squats(1, yaw_deg=90.0)).reps[0].findings
    seen = replace(first, verdict=Verdict.PASS, side=None, unit="shank lengths", reason=None)
    assert _cell([replace(seen, value=-0.002)]).plain == "✓ 0.00"
    assert _cell([replace(seen, value=-0.2)]).plain == "✓ −0.20"
    assert _cell([replace(seen, value=-0.4, unit="deg")]).plain == "✓ 0°"


def test_names_cannot_command_the_terminal() -> None:
    text = printed(
        squats(1), files=("report.json",), folder=Path("out/\x1b[31mred\x07\u2028.mp4"), name="\x1b[2Jclip\r.mp4"
    )
    assert "\x1b" not in text
    assert "\\x1b[2Jclip\\r.mp4" in text
    assert "out/\\x1b[31mred\\x07\\u2028.mp4" in words(text)


def test_names_of_any_script_are_printed_as_they_are() -> None:
    name = "Kniebeuge 深蹲 ضغط\u200d\u3000👩\u200d🦰.mp4"
    assert name in printed(squats(1), name=name)


def test_the_files_are_named_and_a_missing_video_is_explained() -> None:
    pose = squats(1, yaw_deg=90.0)
    all_four = ("report.json", "timeseries.parquet", "landmarks.parquet", "annotated.mp4")
    text = words(printed(pose, files=all_four))
    assert "Files in out/clip: report.json, timeseries.parquet, landmarks.parquet, annotated.mp4" in text
    assert "No annotated video" not in text
    assert "No annotated video: a landmark table holds no pictures" in words(printed(pose, files=all_four[:2]))
    assert "No annotated video" not in printed(pose, files=all_four[:3])  # --no-video: the user knows


@pytest.mark.parametrize("worst", list(Verdict))
def test_every_verdict_has_its_words_in_the_table(monkeypatch: pytest.MonkeyPatch, worst: Verdict) -> None:
    session = {"path": "squat.mp4", "folder": "squat-1", "rep_count": 3, "form_score": 90.0, "verdict_depth": worst}
    monkeypatch.setattr(verdict_table, "is_batch", lambda _: True)
    monkeypatch.setattr(verdict_table, "read_table", lambda *_: [session])
    console = Console(file=io.StringIO(), width=100)
    print_verdicts(console, "out")
    told = console.file.getvalue()  # type: ignore[attr-defined]  # a StringIO
    words = {"fail": "✗ too little depth", "warn": "! too little depth", "unsure": "≈ too close to call"}
    words |= {"pass": "✓ good", "unseen": "– nothing could be judged"}
    assert words[worst] in told
