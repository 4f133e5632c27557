"""The live overlay: what it adds is where it should be, mirrored or not, and words are never mirrored."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from bodies import Camera, concatenate, hidden, standing
from recordings import clean_squats

from formcheck.body.pose import HEELS, Landmark
from formcheck.coach import LiveSession, LiveState, Stage
from formcheck.draw.live_overlay import LEGEND, Extras, LiveOverlay, advice_texts
from formcheck.frames.frame import ImageBGR
from formcheck.measures.correction import UNCALIBRATED

WIDTH, HEIGHT = 640, 480
CAMERA = Camera(width_px=WIDTH, height_px=HEIGHT)


@pytest.fixture(scope="module")
def states() -> list[LiveState]:
    """A set with one squat, the left knee inward."""
    live = LiveSession(calibration=UNCALIBRATED)
    film = concatenate(
        standing(2.5, camera=CAMERA),
        clean_squats(1, camera=CAMERA, knee_inward_m=(0.06, 0.0)),
        standing(3, camera=CAMERA),
    )
    return [live.update(film.at(index)) for index in range(len(film))]


def drawn(state: LiveState, extras: Extras | None = None, *, is_mirrored: bool = False) -> ImageBGR:
    picture = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    LiveOverlay(WIDTH, HEIGHT).draw(picture, state, extras or Extras(), is_mirrored=is_mirrored)
    return picture


def bare(state: LiveState, **changes: object) -> LiveState:
    """The state with nobody to draw, so that only words and gauges are on the picture."""
    nobody = replace(state.pose, image_px=np.full((33, 2), np.nan))
    return replace(state, pose=nobody, cue=None, **changes)  # type: ignore[arg-type]


def changed_rows_columns(a: ImageBGR, b: ImageBGR) -> tuple[np.ndarray, np.ndarray]:
    changed = (a != b).any(axis=-1)
    return np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))


def test_the_cue_highlights_its_joint_where_it_is_seen(states: list[LiveState]) -> None:
    state = next(state for state in states if state.cue is not None)
    assert state.cue is not None
    quiet = replace(state, cue=replace(state.cue, joints=()))
    x, y = state.pose.px(Landmark.LEFT_KNEE)
    for is_mirrored, wanted_x in ((False, x), (True, WIDTH - 1 - x)):
        rows, columns = changed_rows_columns(
            drawn(state, is_mirrored=is_mirrored), drawn(quiet, is_mirrored=is_mirrored)
        )
        assert (rows.min() + rows.max()) / 2 == pytest.approx(y, abs=1.5)
        assert (columns.min() + columns.max()) / 2 == pytest.approx(wanted_x, abs=1.5)


def test_words_are_not_mirrored(states: list[LiveState]) -> None:
    state = bare(states[-1])
    np.testing.assert_array_equal(drawn(state, is_mirrored=True), drawn(state, is_mirrored=False))


def test_a_mirrored_body_is_where_the_mirrored_picture_has_it(states: list[LiveState]) -> None:
    """Between repetitions nothing on the body depends on a side: drawn mirrored, it is the mirror image."""
    state = replace(states[-1], stage=Stage.SETUP, advice="", judged_here="", depth=None)
    words = drawn(bare(state))
    plain, mirrored = drawn(state), drawn(state, is_mirrored=True)
    body = (plain != words).any(axis=-1)
    seen = (cv2.flip(mirrored, 1) != cv2.flip(words, 1)).any(axis=-1)
    assert (body & seen).sum() > 0.9 * body.sum()


def test_the_gauge_fills_as_the_body_goes_down(states: list[LiveState]) -> None:
    state = bare(states[-1], depth=0.0)
    filled = [
        changed_rows_columns(drawn(replace(state, depth=depth)), drawn(state))[0].size for depth in (0.25, 0.5, 1)
    ]
    assert filled[0] == pytest.approx(filled[1] / 2, abs=2)
    assert filled[1] == pytest.approx(filled[2] / 2, abs=4)
    _, columns = changed_rows_columns(drawn(replace(state, depth=0.5)), drawn(state))
    assert columns.min() > 0.9 * WIDTH


def test_the_count_is_large_and_only_shown_in_the_set(states: list[LiveState]) -> None:
    state = bare(states[-1], depth=None)
    rows, _ = changed_rows_columns(drawn(state), drawn(replace(state, rep_count=8)))
    assert rows.max() - rows.min() > 0.05 * HEIGHT
    setup = replace(state, stage=Stage.SETUP, advice="", judged_here="")
    corner = np.s_[HEIGHT - 60 :, :40]
    assert (drawn(setup)[corner] == 90).all()
    assert (drawn(state)[corner] != 90).any()


def test_keys_note_and_recording_are_at_the_lower_edge(states: list[LiveState]) -> None:
    state = bare(states[-1])
    for extras in (Extras(legend=LEGEND), Extras(note="31 ms"), Extras(is_recording=True)):
        assert (drawn(state, extras)[-10:] != drawn(state)[-10:]).any()


def test_advice_is_given_in_the_set_up_and_between_repetitions_never_during_one(states: list[LiveState]) -> None:
    standing_by = replace(states[-1], advice="Feet not in view: step back or tilt the camera down.")
    assert advice_texts(standing_by) == (standing_by.advice, "")
    assert advice_texts(replace(standing_by, is_in_rep=True)) == ("", "")
    taking = replace(standing_by, stage=Stage.BASELINE, baseline=0.5, advice="")
    assert advice_texts(taking) == ("Stand still, upright: 50 %", states[-1].judged_here)
    assert (drawn(bare(standing_by)) != drawn(bare(states[-1]))).any()


def test_feet_out_of_view_are_said_in_the_set_up() -> None:
    live = LiveSession(calibration=UNCALIBRATED)
    film = hidden(standing(1.0, camera=CAMERA), HEELS)
    last = [live.update(film.at(index)) for index in range(len(film))][-1]
    assert "Feet" in advice_texts(last)[0]


@pytest.mark.parametrize(("width", "height"), [(160, 120), (480, 854), (1920, 1080)])
def test_every_size_of_picture_can_be_drawn_on(width: int, height: int, states: list[LiveState]) -> None:
    overlay, picture = LiveOverlay(width, height), np.full((height, width, 3), 90, np.uint8)
    for state in states[::40]:
        overlay.draw(picture, state, Extras(LEGEND, "31 ms", is_recording=True))
    overlay.draw_paused(picture)
    assert (picture != 90).any()
