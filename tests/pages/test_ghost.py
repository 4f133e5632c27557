"""The worst repetition with the best one behind it: which two they are, in step, and on one spot."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from bodies import concatenate, squats

from formcheck.body.pose import ANKLES, FloatArray, Landmark
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.scoring import rep_score
from formcheck.checks.session_report import SessionReport
from formcheck.pages.ghost import PHASES, POINTS, drawing, frames_of, ghost_of, worst_and_best
from formcheck.pages.report import PageFacts, render_report

VIDEO = {"name": "a.mp4", "frames": 1, "duration_s": 1.0, "rotation": 0, "width": 64, "height": 48}
FACTS = PageFacts(VIDEO | {"complete": True, "reason": None}, {"name": "full", "sha256": ""})


@pytest.fixture(scope="module")
def report() -> SessionReport:
    return judged(0.08, 0.0)


def judged(*knee_inward_m: float) -> SessionReport:
    return analyze_poses(concatenate(*(squats(1, knee_inward_m=inward_m) for inward_m in knee_inward_m)))


def feet(frames_px: FloatArray) -> FloatArray:
    middle: FloatArray = frames_px[:, [POINTS.index(ankle) for ankle in ANKLES]].mean(axis=1)
    return middle


def test_the_pair_is_the_repetition_of_the_lowest_and_that_of_the_highest_score(report: SessionReport) -> None:
    pair = worst_and_best(report)
    assert pair is not None
    assert [one.rep.number for one in pair] == [1, 2]
    low, high = (rep_score(one.findings) for one in pair)
    assert low is not None
    assert high is not None
    assert low < high


def test_repetitions_of_one_score_have_no_worst_one() -> None:
    even = judged(0.0, 0.0)
    assert len(even.reps) == 2
    assert worst_and_best(even) is None
    assert 'id="in-step' not in render_report(even, FACTS, video_url="a.mp4")


def test_both_are_at_their_bottom_in_the_middle_and_stand_on_one_spot(report: SessionReport) -> None:
    ghost = ghost_of(report)
    assert ghost is not None
    assert len(ghost.worst_px) == len(ghost.best_px) == 2 * PHASES + 1
    for px in (ghost.worst_px, ghost.best_px):
        hips = px[:, POINTS.index(Landmark.LEFT_HIP), 1]
        assert abs(int(np.argmax(hips)) - PHASES) <= 1
    apart_px = np.abs(feet(ghost.worst_px) - feet(ghost.best_px))
    assert apart_px.max() < 1.0


def test_a_best_repetition_somewhere_else_in_the_picture_is_brought_to_the_feet_of_the_worst(
    report: SessionReport,
) -> None:
    best = report.reps[1].rep
    moved_px = report.pose.image_px.copy()
    moved_px[report.pose.time_s >= best.start_s] += (150.0, -40.0)
    moved = replace(report, pose=replace(report.pose, image_px=moved_px))
    there, here = ghost_of(moved), ghost_of(report)
    assert there is not None
    assert here is not None
    assert np.nanmax(np.abs(there.best_px - here.best_px)) < 1.0


def test_what_was_not_seen_is_not_drawn(report: SessionReport) -> None:
    blind_px = report.pose.image_px.copy()
    blind_px[:, Landmark.LEFT_WRIST] = np.nan
    blind = replace(report, pose=replace(report.pose, image_px=blind_px))
    ghost = ghost_of(blind)
    assert ghost is not None
    at = POINTS.index(Landmark.LEFT_WRIST)
    frames = frames_of(ghost)["worst"]["frames"]
    assert {tuple(frame[2 * at : 2 * at + 2]) for frame in frames} == {(None, None)}
    [line] = [part for part in re.findall("<line[^>]*>", drawing(ghost)) if f'to="{at}"' in part][:1]
    assert 'visibility="hidden"' in line
    assert "nan" not in drawing(ghost)


def test_without_feet_on_the_ground_in_view_there_is_no_ghost(report: SessionReport) -> None:
    blind_px = report.pose.image_px.copy()
    blind_px[:, list(ANKLES)] = np.nan
    assert ghost_of(replace(report, pose=replace(report.pose, image_px=blind_px))) is None


def test_a_page_without_a_video_moves_its_drawing_too(report: SessionReport) -> None:
    page = render_report(report, FACTS)
    told = re.search('id="in-step-frames">(.*?)</script>', page)
    assert told is not None
    assert json.loads(told.group(1))["best"]["number"] == 2
    assert "script-src" in page
