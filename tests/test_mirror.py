"""A recording and its mirror image: every sentence, every drawn letter and colour, every cell of the page swaps sides.

Nothing is corrected here: what MediaPipe does to left and right does not mirror, what formcheck says must.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import cv2
import numpy as np
import pytest
from bodies import mirrored, squats
from recordings import SUBJECTS, Subject, lunges_deeper_on_the_left

from formcheck.body.pose import KNEES, Side
from formcheck.checks.check import Finding, Verdict
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.session_report import SessionReport
from formcheck.draw import readings as readings_table
from formcheck.draw.lines import measured_lines
from formcheck.draw.skeleton import BodyPainter
from formcheck.draw.style import Sizes
from formcheck.frames.frame import ImageBGR
from formcheck.measures.correction import UNCALIBRATED
from formcheck.pages.report_plots import plots
from formcheck.pages.report_tables import lean_lines, rep_rows, side_rows
from formcheck.words.findings import direction_words, headline, points, reading_words

FILMS = {f"{one.exercise} {one.check} {one.side or index}": one for index, one in enumerate(SUBJECTS)}
# MediaPipe's bias of yaw is taken off before anything else: at 45 degrees the mirror image is another view.
del FILMS["squat depth 13"]
FILMS["both knees, one more"] = Subject("squat", "", None, lambda: squats(2, knee_inward_m=(0.08, 0.03)))
FILMS["lunges led by both"] = Subject("lunge", "", None, lunges_deeper_on_the_left)
OTHER = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT, None: None}
#: A value that is shown as 0 is to neither side.
NOTHING = re.compile(r" 0(\.00)?\b(?![.\d])")
Reports = tuple[SessionReport, SessionReport]


@cache
def both(name: str) -> Reports:
    """The reports of a film and of its mirror image."""
    pose = FILMS[name].film()
    plain, turned = (analyze_poses(one, calibration=UNCALIBRATED) for one in (pose, mirrored(pose)))
    return plain, turned


@pytest.fixture(params=list(FILMS))
def reports(request: pytest.FixtureRequest) -> Reports:
    return both(request.param)


def swapped(text: str) -> str:
    """The text with left and right, L and R exchanged wherever they stand as words; a fault's own name stays."""
    pairs = [("left", "right"), ("Left", "Right"), ("L", "R")]
    other = {a: b for one, two in pairs for a, b in ((one, two), (two, one))}
    return re.sub(
        r"\b(?!left-right|Left-right)(left|right|Left|Right|L|R)\b(?<!-right)", lambda found: other[found.group()], text
    )


def findings(report: SessionReport) -> dict[tuple[int, str, Side | None], Finding]:
    return {(rep.rep.number, f.check, f.side): f for rep in report.reps for f in rep.findings}


def pairs(reports: Reports) -> Iterator[tuple[Finding, Finding]]:
    """Each finding with that of the mirror image's other side."""
    plain, turned = map(findings, reports)
    assert turned.keys() == {(number, check, OTHER[side]) for number, check, side in plain}
    return ((f, turned[number, check, OTHER[side]]) for (number, check, side), f in plain.items())


def drawn_body(report: SessionReport, index: int) -> ImageBGR:
    pose = report.pose
    picture = np.full((pose.height_px, pose.width_px, 3), 128, np.uint8)
    BodyPainter(Sizes(pose.width_px, pose.height_px)).draw(picture, pose.at(index), report.frame_state(index))
    return picture


def written(report: SessionReport, index: int, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The rows of the table on the picture: label, then letter and value of each side."""
    lines: dict[int, list[str]] = {}

    def note(_image: ImageBGR, text: str, left_top: tuple[int, int], *_: object, **__: object) -> None:
        lines.setdefault(left_top[1], []).append(text)

    monkeypatch.setattr(readings_table, "write", note)
    picture = np.zeros((1080, 1920, 3), np.uint8)
    readings_table.draw_readings(picture, Sizes(1920, 1080), report.frame_state(index).readings, 0)
    return [tuple(line) for line in lines.values()]


def at_worst(report: SessionReport) -> int:
    return report.reps[0].rep.bottom


def test_every_finding_is_the_other_sides_and_every_signed_value_turns_its_sign(reports: Reports) -> None:
    for plain, turned in pairs(reports):
        assert turned.verdict is plain.verdict, plain
        # The bias of the world landmarks is taken out of the yaw on one side, so the uncertainty may differ a little.
        assert turned.points == pytest.approx(plain.points, rel=0.1, abs=1e-6)
        if plain.value is None or turned.value is None:
            assert turned.value is plain.value
            continue
        assert abs(turned.value) == pytest.approx(abs(plain.value), abs=1e-6)
        names_a_side = re.search(r"\b(left|right)\b", reading_words(plain)) and plain.side is None
        assert turned.value == pytest.approx(-plain.value if names_a_side else plain.value, abs=1e-6)


def test_every_sentence_swaps_sides(reports: Reports) -> None:
    for plain, turned in pairs(reports):
        if plain.value is not None and turned.value is not None and abs(plain.value) > 0.005:
            assert reading_words(turned) == swapped(reading_words(plain))
            ways = (direction_words(f.check, f.value or 0.0, f.unit) for f in (turned, plain))
            assert next(ways) == swapped(next(ways))
        assert turned.reason == (plain.reason and swapped(plain.reason))
        assert turned.cue == swapped(plain.cue)
    plain_report, turned_report = reports
    assert headline(turned_report) == swapped(headline(plain_report))
    told = {point.fault: (point.verdict, point.text) for point in points(turned_report)}
    for point in points(plain_report):
        assert told[point.fault][0] is point.verdict
        if not NOTHING.search(point.text):
            assert told[point.fault][1] == swapped(point.text)


def test_the_leading_leg_is_the_other_one(reports: Reports) -> None:
    plain, turned = reports
    assert [rep.rep.lead_side for rep in turned.reps] == [OTHER[rep.rep.lead_side] for rep in plain.reps]


def test_the_drawn_body_is_the_mirror_image_colours_and_all(reports: Reports) -> None:
    plain, turned = reports
    for index in (at_worst(plain), len(plain.pose) - 1):
        picture, other = drawn_body(plain, index), cv2.flip(drawn_body(turned, index), 1)
        body = (picture != 128).any(axis=-1) | (other != 128).any(axis=-1)
        # A tick is no mirror image of itself, and the flip is about the middle of a pixel: edges differ, areas do not.
        differs = (np.abs(cv2.blur(picture, (5, 5)).astype(int) - cv2.blur(other, (5, 5))) > 60).any(axis=-1)
        assert body.any()
        assert differs.sum() < 0.07 * body.sum()


def test_measured_lines_are_drawn_at_the_other_side(reports: Reports) -> None:
    plain_report, turned_report = reports
    width_px, index = plain_report.pose.width_px, at_worst(plain_report)
    nears = [report.reps[0].view.near_side for report in reports]
    for plain, turned in pairs(reports):
        lines, other = (
            measured_lines(finding, report.pose.at(index), near)
            for finding, report, near in zip((plain, turned), (plain_report, turned_report), nears, strict=True)
        )
        if lines is not None and other is not None and (plain.side or nears[0]):
            assert other.anchor[0] == pytest.approx(width_px - lines.anchor[0], abs=1e-6)
            assert other.measured[1][0] == pytest.approx(width_px - lines.measured[1][0], abs=1e-6)


def test_letters_on_the_picture_swap_sides(reports: Reports, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, turned = (written(report, at_worst(report), monkeypatch) for report in reports)
    for row, other in zip(plain, turned, strict=True):
        assert row[0] == other[0]
        cells, mirror = ([(r[i], r[i + 1].lstrip("−")) for i in range(1, len(r) - 1, 2)] for r in (row, other))
        assert sorted(mirror) == sorted((swapped(letter), value) for letter, value in cells)


def test_every_cell_of_the_page_swaps_sides(reports: Reports) -> None:
    plain, turned = reports
    for row, other in zip(rep_rows(plain), rep_rows(turned), strict=True):
        assert row.score == (None if other.score is None else pytest.approx(other.score, rel=0.05))
        for cells, mirror in zip(row.cells, other.cells, strict=True):
            told = {(OTHER[cell.side], cell.verdict, cell.text.lstrip("−+")) for cell in cells}
            assert told == {(cell.side, cell.verdict, cell.text.lstrip("−+")) for cell in mirror}
    rows, others = side_rows(plain), side_rows(turned)
    assert [(row.right, row.left) for row in rows] == [(row.left, row.right) for row in others]
    leans, mirror_leans = ([one for one in lean_lines(report) if not NOTHING.search(one[1])] for report in reports)
    assert [(verdict, swapped(line)) for verdict, line in leans] == mirror_leans


# Plots take their time: one film for each kind.
@pytest.mark.parametrize("name", ["both knees, one more", "squat knee_past_toes left", "lunge knee_valgus left"])
def test_lines_of_plots_swap_their_colours_and_dashes(name: str) -> None:
    plain, turned = ({plot.name: plot for plot in plots(report)} for report in both(name))
    assert plain.keys() == turned.keys()
    for check, plot in plain.items():
        assert turned[check].alt == swapped(plot.alt) or len(plot.sides) != 1
        assert set(turned[check].sides) == {OTHER[side] for side in plot.sides}
        assert curves(turned[check].svg, "left") == curves(plot.svg, "right")
        assert curves(turned[check].svg, "right") == curves(plot.svg, "left")


def curves(svg: str, side: str) -> int:
    """How many lines have the colour of a side."""
    return len(re.findall(rf"var\(--plot-{side}\)", svg))


def test_a_letter_stands_before_the_value_of_its_own_side(monkeypatch: pytest.MonkeyPatch) -> None:
    report = analyze_poses(squats(1, knee_inward_m=(0.08, 0.0)), calibration=UNCALIBRATED)
    index = at_worst(report)
    [row] = [row for row in written(report, index, monkeypatch) if row[0] == "knee valgus"]
    values = {row[i]: float(row[i + 1].replace("−", "-")) for i in (1, 3)}
    assert values["L"] > 0.1 > values["R"]


def test_the_knee_that_caves_in_has_the_colour_of_its_verdict_and_the_other_has_not() -> None:
    report = analyze_poses(squats(1, knee_inward_m=(0.12, 0.0)), calibration=UNCALIBRATED)
    index = at_worst(report)
    picture = drawn_body(report, index)
    of_side = {finding.side: finding.verdict for finding in report.reps[0].findings if finding.check == "knee_valgus"}
    assert (of_side[Side.LEFT], of_side[Side.RIGHT]) == (Verdict.FAIL, Verdict.PASS)
    faulty = np.array([0, 94, 213])  # vermilion, as blue, green, red
    knees_x = dict(zip((Side.LEFT, Side.RIGHT), report.pose.at(index).pair_px(KNEES)[:, 0], strict=True))
    columns = np.flatnonzero((picture == faulty).all(axis=-1).any(axis=0))
    assert columns.size
    assert np.abs(columns - knees_x[Side.LEFT]).min() < 10 < np.abs(columns - knees_x[Side.RIGHT]).min()
