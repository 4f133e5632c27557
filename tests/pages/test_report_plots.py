from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from bodies import lunges, nobody, squats
from recordings import clean_squats, lunges_deeper_on_the_left

from formcheck.body.pose import Side
from formcheck.checks.judge_recording import analyze_poses
from formcheck.pages.plot import HEIGHT, WIDTH, Ink
from formcheck.pages.report_plots import Plot, plots

TESTS = Path(__file__).resolve().parents[1]
LIMIT_AREAS = (Ink.WARN_AREA.variable, Ink.FAIL_AREA.variable)


@pytest.fixture(scope="module")
def front() -> Mapping[str, Plot]:
    return {plot.name: plot for plot in plots(analyze_poses(squats(2, knee_inward_m=(0.08, 0.0))))}


def texts(plot: Plot) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", plot.svg)


def test_every_judged_check_has_a_plot_and_unseen_ones_have_none(front: Mapping[str, Plot]) -> None:
    wanted = ["knee_valgus", "pelvic_tilt", "pelvic_shift", "body_shift", "knee_height", "depth", "stance"]
    assert list(front) == wanted


def test_knee_flexion_is_plotted_where_the_camera_sees_it() -> None:
    for yaw_deg, is_seen in ((0.0, False), (180.0, False), (90.0, True), (45.0, True)):
        drawn = {plot.name: plot for plot in plots(analyze_poses(squats(2, yaw_deg=yaw_deg)))}
        assert ("knee_flexion" in drawn) is is_seen
        if is_seen:
            assert "2 repetitions" in drawn["knee_flexion"].alt
            assert not any(area in drawn["knee_flexion"].svg for area in LIMIT_AREAS)


def test_limits_are_shaded_and_named_with_their_numbers(front: Mapping[str, Plot]) -> None:
    valgus = front["knee_valgus"]
    assert all(area in valgus.svg for area in LIMIT_AREAS)
    assert {"warn 0.1", "fail 0.16"} <= set(texts(valgus))
    assert {"warn 5", "warn −5"} <= set(texts(front["pelvic_tilt"])), "either side of level is a fault"


def test_repetitions_are_numbered_and_descent_differs_from_ascent(front: Mapping[str, Plot]) -> None:
    assert {"1", "2"} <= set(texts(front["knee_valgus"]))
    for ink in (Ink.DESCENT, Ink.ASCENT):
        assert front["knee_valgus"].svg.count(ink.variable) == 2


def test_left_and_right_differ_in_dashes_as_well_as_in_colour(front: Mapping[str, Plot]) -> None:
    lines = re.findall(r"<path [^>]*>", front["knee_valgus"].svg)
    left, right = ([line for line in lines if ink.variable in line] for ink in (Ink.LEFT, Ink.RIGHT))
    assert left
    assert right
    assert not any("stroke-dasharray" in line for line in left)
    assert all("stroke-dasharray" in line for line in right)
    assert front["knee_valgus"].sides == (Side.LEFT, Side.RIGHT)
    assert front["depth"].sides == ()


def test_a_leg_alone_in_its_plot_is_a_whole_line() -> None:
    told = {plot.name: plot for plot in plots(analyze_poses(clean_squats(yaw_deg=-90)))}
    assert told["knee_past_toes"].sides == (Side.RIGHT,)
    lines = [path for path in re.findall(r"<path [^>]*>", told["knee_past_toes"].svg) if Ink.RIGHT.variable in path]
    assert lines
    assert not any("stroke-dasharray" in line for line in lines)


def test_verdicts_are_marked_by_their_shape_as_well_as_by_their_colour(front: Mapping[str, Plot]) -> None:
    svg = front["knee_valgus"].svg
    assert Ink.FAIL.variable in svg
    assert Ink.PASS.variable in svg
    shapes = {re.sub(r"[\d.-]+", "", path) for path in re.findall(r'<path id="[^"]*" d="([^"]*)"', svg)}
    assert len(shapes) >= 2


def test_a_plot_maps_its_axis_to_the_time_of_the_recording(front: Mapping[str, Plot]) -> None:
    report = analyze_poses(squats(2, knee_inward_m=(0.08, 0.0)))
    for plot in front.values():
        assert (plot.start_s, plot.end_s) == (report.timeseries.time_s[0], report.timeseries.time_s[-1])
        assert 0 < plot.left < plot.right < WIDTH
        assert f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}"' in plot.svg
    zero = re.search(r'x="([\d.]+)"[^>]*>0</text>', front["depth"].svg)
    assert zero is not None
    assert float(zero[1]) == pytest.approx(front["depth"].left, abs=0.1)


def test_a_drawing_obeys_the_page_and_its_policy(front: Mapping[str, Plot]) -> None:
    for plot in front.values():
        assert "style" not in plot.svg
        assert "http" not in plot.svg
        assert "xmlns" not in plot.svg
        assert "font-family" not in plot.svg
        assert re.findall("#[0-9a-f]{6}", re.sub(r"(href|clip-path)=\"[^\"]*\"", "", plot.svg)) == []


def test_the_ids_of_different_plots_differ_and_every_reference_is_met(front: Mapping[str, Plot]) -> None:
    ids = [found for plot in front.values() for found in re.findall(r' id="([^"]*)"', plot.svg)]
    assert len(ids) == len(set(ids))
    for plot in front.values():
        assert set(re.findall(r"(?:href=\"#|url\(#)([^\")]*)", plot.svg)) <= set(ids)


def test_plots_stay_small(front: Mapping[str, Plot]) -> None:
    assert sum(len(plot.svg) for plot in front.values()) < 100_000


def test_the_values_are_told_in_words_for_those_who_do_not_see_the_plot(front: Mapping[str, Plot]) -> None:
    assert re.search(r"left 0\.\d\d shank lengths fail; right -?0\.\d\d shank lengths pass", front["knee_valgus"].alt)


def test_information_without_a_limit_has_no_shade_and_says_so() -> None:
    told = {plot.name: plot for plot in plots(analyze_poses(clean_squats(yaw_deg=90), profile="performance"))}
    assert not any(area in told["knee_past_toes"].svg for area in LIMIT_AREAS)
    assert "no limit" in told["knee_past_toes"].note


def test_a_measure_of_the_whole_session_has_no_plot() -> None:
    assert "limb_symmetry" not in {plot.name for plot in plots(analyze_poses(lunges_deeper_on_the_left()))}


def test_a_lunge_shows_the_leading_leg_of_each_repetition() -> None:
    told = {plot.name: plot for plot in plots(analyze_poses(lunges(2, lead="alternate", yaw_deg=0)))}
    assert told["knee_valgus"].sides == (Side.LEFT, Side.RIGHT)


def test_where_nobody_was_seen_there_is_nothing_to_plot() -> None:
    assert list(plots(analyze_poses(nobody(1.0)))) == []


def test_many_repetitions_are_not_all_numbered_nor_told_one_by_one() -> None:
    [flexion, *others] = plots(analyze_poses(squats(30, rep_s=1.0, rest_s=0.6, fps=15)))
    assert all(re.search(r"from .* to .*; \d+ times (pass|unsure|warn|fail)", plot.alt) for plot in others)
    numbers = [text for text in texts(flexion) if text in {"1", "2", "3", "5", "29"}]
    assert "1" in numbers
    assert "2" not in numbers


def test_a_plot_is_drawn_without_matplotlib() -> None:
    code = """
import sys
from bodies import squats
from formcheck.checks.judge_recording import analyze_poses
from formcheck.pages.report_plots import plots
print(len([*plots(analyze_poses(squats(1)))]) > 3, "matplotlib" in sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=TESTS, capture_output=True, text=True, check=True)
    assert run.stdout == "True False\n"
