"""Plots by repetition, and what the page says of sets."""

from __future__ import annotations

import re

import pytest
from drifting import FIRST, two_sets
from recordings import clean_squats

from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.session_report import SessionReport
from formcheck.pages.plot import Ink
from formcheck.pages.report import PageFacts, render_report
from formcheck.pages.set_plots import rep_plots

VIDEO = {"name": "a.mp4", "frames": 1, "duration_s": 1.0, "rotation": 0, "width": 64, "height": 48}
FACTS = PageFacts(VIDEO | {"complete": True, "reason": None}, {"name": "full", "sha256": ""})


@pytest.fixture(scope="module")
def report() -> SessionReport:
    return analyze_poses(two_sets(), height_cm=178)


def test_there_is_one_plot_for_the_velocity_and_one_for_each_judged_check(report: SessionReport) -> None:
    titles = [plot.title for plot in rep_plots(report)]
    assert titles[0] == "Velocity on the way up, hips"
    assert {"Knee valgus", "Depth", "Pelvic shift"} <= set(titles)
    assert "Stance" not in titles  # information only in this profile
    assert len(titles) == len(set(titles))


def test_a_plot_tells_every_repetition_in_words_and_marks_where_a_set_begins(report: SessionReport) -> None:
    plots = {plot.title: plot for plot in rep_plots(report)}
    knee = plots["Knee valgus"]
    assert f"{FIRST} left fail" in knee.alt
    assert f"{FIRST + 1} left pass" in knee.alt
    assert knee.alt.count("left") == len(report.reps)
    assert Ink.FAIL.variable in knee.svg
    dashes = re.findall(r"stroke-dasharray", knee.svg)
    one_set = analyze_poses(clean_squats(3))
    [other] = [plot for plot in rep_plots(one_set) if plot.title == "Knee valgus"]
    assert len(dashes) == len(re.findall(r"stroke-dasharray", other.svg)) + 1


def test_two_repetitions_make_no_course() -> None:
    assert list(rep_plots(analyze_poses(clean_squats(2)))) == []


def test_the_page_tells_each_set_and_its_velocity(report: SessionReport) -> None:
    page = render_report(report, FACTS)
    for part in ("Set by set", "Set 1: repetitions 1 to 8", "Set 2: repetitions 9 to 12", "held for five repetitions"):
        assert part in page
    assert "Down, pause, up" in page
    assert "m/s" in page
    alone = render_report(analyze_poses(clean_squats(3)), FACTS)
    assert "Over the set" in alone
    assert "leg lengths/s" in alone
