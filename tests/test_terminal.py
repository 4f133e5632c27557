from __future__ import annotations

import io

import pytest
from bodies import lunges, nobody, squats
from rich.console import Console

from formcheck.io.analysis import Analysis
from formcheck.io.recording import Recording
from formcheck.io.terminal import print_analysis
from formcheck.pose import Pose
from formcheck.session import analyze_poses


def printed(pose: Pose, *, colour: bool = False) -> str:
    video = {"name": "clip.mp4", "complete": True, "reason": None}
    analysis = Analysis(analyze_poses(pose), Recording(pose, video, {"name": "full", "sha256": ""}))
    out = io.StringIO()
    print_analysis(Console(file=out, width=80, force_terminal=colour, highlight=False), analysis)
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
    assert "sh L" in text
    assert "→ Push your knees out" in text


def test_what_was_not_judged_is_said_with_the_reason() -> None:
    assert "unseen: knee valgus: needs a front or back view; the camera sees the side" in words(
        printed(squats(1, yaw_deg=90.0))
    )


def test_the_score_is_explained() -> None:
    assert "Form score" in printed(squats(1, yaw_deg=90.0))
    assert "100 per repetition, less 10" in words(printed(squats(1, yaw_deg=90.0)))


def test_a_lunge_names_the_leg_that_leads() -> None:
    assert "right" in printed(lunges(1, lead="right", yaw_deg=-90.0))


def test_no_repetition_is_said_with_what_to_do() -> None:
    assert "No complete repetition was found: show the whole body" in words(printed(nobody(1.0)))


def test_colours_only_add_to_what_the_text_says() -> None:
    assert "\x1b[" in printed(squats(1, yaw_deg=90.0), colour=True)
    assert "\x1b[" not in printed(squats(1, yaw_deg=90.0))
