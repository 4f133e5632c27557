"""Writing goes where it is told, touches the picture only where its letters are, and readings fit beside it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from test_overlay import FAULTY, VALGUS, changed, drawn, person

from formcheck.checks.check import Verdict
from formcheck.draw.moments import body_box
from formcheck.draw.style import LOOKS, marker
from formcheck.draw.text import darken, line_height_px, text_width_px, write


def test_letters_are_written_in_their_colour_and_leave_what_is_between_them() -> None:
    picture = np.full((60, 200, 3), 90, np.uint8)
    write(picture, "l l", (20, 10), 30, (250, 240, 230))
    touched = (picture != 90).any(axis=-1)
    columns, rows = np.flatnonzero(touched.any(axis=0)), np.flatnonzero(touched.any(axis=1))
    assert (picture == (250, 240, 230)).all(axis=-1).any()
    assert touched[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].mean() < 0.6
    assert picture.min() == 90, "light letters darken nothing"
    assert 20 <= columns[0] < 28
    assert columns[-1] < 20 + text_width_px("l l", 30)
    assert 10 <= rows[0] < rows[-1] < 10 + line_height_px(30)


def test_writing_that_begins_outside_shows_the_part_within() -> None:
    whole, part = (np.zeros((60, 200, 3), np.uint8) for _ in range(2))
    write(whole, "depth", (40, 10), 30, (255, 255, 255))
    write(part, "depth", (-10, -5), 30, (255, 255, 255))
    np.testing.assert_array_equal(part[:40, :100], whole[15:55, 50:150])


def test_a_panel_darkens_its_own_rectangle_to_a_third() -> None:
    picture = np.full((40, 40, 3), 200, np.uint8)
    darken(picture, 10, 5, 30, 25)
    assert (picture[5:25, 10:30] == 70).all()
    picture[5:25, 10:30] = 200
    assert (picture == 200).all()


def test_the_banner_shows_the_cue_and_not_the_name_of_the_fault() -> None:
    one, other = (drawn(replace(FAULTY, active=(replace(VALGUS, cue=cue),))) for cue in ("Knees out.", "Chest up now."))
    assert changed(one, other).any()
    renamed = drawn(replace(FAULTY, active=(replace(VALGUS, cue="Knees out.", fault="depth"),)))
    assert not changed(one, renamed).any()


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_sign_is_about_as_large_as_its_radius_says_and_in_the_middle(verdict: Verdict) -> None:
    picture = np.full((100, 100, 3), 128, np.uint8)
    marker(picture, verdict, (50.0, 50.0), 12.0)
    touched = (picture != 128).any(axis=-1)
    for axis in (0, 1):
        line = np.flatnonzero(touched.any(axis=axis))
        assert line[0] + line[-1] == pytest.approx(100, abs=4)
        assert 22 <= line[-1] - line[0] <= 40
    assert (picture == LOOKS[verdict].colour).all(axis=-1).sum() > 60


def test_the_box_of_a_moment_has_the_body_in_its_middle() -> None:
    pose = person(1280, 960)
    left, top, right, bottom = body_box(pose) or (0, 0, 0, 0)
    seen = pose.image_px[np.isfinite(pose.image_px).all(axis=-1)]
    assert (left + right) / 2 == pytest.approx((seen[:, 0].min() + seen[:, 0].max()) / 2, abs=1)
    assert (right - left) / (bottom - top) == pytest.approx(0.75, abs=0.02)
    moved = replace(pose, image_px=pose.image_px + np.array([100.0, 0.0]))
    assert body_box(moved) == (left + 100, top, right + 100, bottom)
