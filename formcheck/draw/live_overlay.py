"""What only a live picture shows: the count in large type, how deep, what to change, and the keys."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from formcheck.body.pose import Pose
from formcheck.checks.check import Verdict
from formcheck.coach import LiveState, Stage
from formcheck.draw.fonts import BOLD, REGULAR
from formcheck.draw.overlay import Overlay
from formcheck.draw.style import INK, LOOKS, PALE, WHITE, Colour, Sizes
from formcheck.draw.text import darken, fit, line_height_px, text_width_px, write, write_block
from formcheck.frames.frame import ImageBGR

LEGEND = "space pause   b baseline   m mirror   s snapshot   r record   q quit"

#: Share of the picture's height that the depth gauge takes, and its width in type sizes.
_GAUGE_HEIGHT, _GAUGE_WIDTH = 0.42, 0.9
#: Radius of the ring around a joint over the height of the body in the picture, at most.
_RING = 0.07
_FULL: Colour = LOOKS[Verdict.PASS].colour
_RECORDING: Colour = (60, 60, 235)


@dataclass(frozen=True, slots=True)
class Extras:
    """What the window adds to a state: words at the lower edge, a note, and whether a set is recorded."""

    legend: str = ""
    note: str = ""
    is_recording: bool = False


class LiveOverlay:
    """Draws live states on pictures of one size; keeps nothing between frames."""

    def __init__(self, width: int, height: int) -> None:
        self._sizes = Sizes(width, height)
        self._overlay = Overlay(width, height)
        self.size_px = (width, height)

    def draw(self, image_bgr: ImageBGR, state: LiveState, extras: Extras, *, is_mirrored: bool = False) -> None:
        """Draw in place. ``is_mirrored``: the picture is, so the body is drawn where it is seen; words are not."""
        pose = _mirrored(state.pose) if is_mirrored else state.pose
        self._overlay.draw(image_bgr, pose, state.frame_state)
        self._draw_cue_joints(image_bgr, pose, state)
        bottom = self._draw_legend(image_bgr, extras)
        self._draw_count(image_bgr, state, bottom)
        self._draw_gauge(image_bgr, state, bottom)
        self._draw_advice(image_bgr, state, bottom)

    def draw_paused(self, image_bgr: ImageBGR) -> None:
        """Say across the middle that the picture stands still."""
        sizes = self._sizes
        size_px, text = round(2.5 * sizes.text_px), "paused"
        height, top = line_height_px(size_px), round(0.4 * sizes.height_px)
        darken(image_bgr, 0, top, sizes.width_px, top + height)
        write(
            image_bgr,
            text,
            ((sizes.width_px - text_width_px(text, size_px, BOLD)) // 2, top),
            size_px,
            WHITE,
            weight=BOLD,
        )

    def _draw_cue_joints(self, image_bgr: ImageBGR, pose: Pose, state: LiveState) -> None:
        """A ring around each joint that the cue is about."""
        if state.cue is None:
            return
        scale = np.array([self._sizes.width_px / pose.width_px, self._sizes.height_px / pose.height_px])
        seen_y = pose.image_px[np.isfinite(pose.image_px[:, 1]), 1]
        tall_px = float(np.ptp(seen_y) * scale[1]) if seen_y.size else 0.0
        radius = round(min(1.6 * self._sizes.text_px, _RING * tall_px))
        width = max(2, round(0.12 * radius))
        for joint in state.cue.joints:
            at = pose.px(joint) * scale
            if np.isfinite(at).all():
                centre = (round(float(at[0])), round(float(at[1])))
                cv2.circle(image_bgr, centre, radius, INK, width + 3, cv2.LINE_AA)
                cv2.circle(image_bgr, centre, radius, LOOKS[state.cue.finding.verdict].colour, width, cv2.LINE_AA)

    def _draw_legend(self, image_bgr: ImageBGR, extras: Extras) -> int:
        """Keys to the left and the note to the right, at the lower edge; returns where they begin."""
        sizes = self._sizes
        size_px, top = sizes.smallest_text_px, sizes.height_px - line_height_px(sizes.smallest_text_px)
        if not (extras.legend or extras.note or extras.is_recording):
            return sizes.height_px
        darken(image_bgr, 0, top, sizes.width_px, sizes.height_px)
        right = sizes.width_px - sizes.pad_px
        for text, colour in ((extras.note, WHITE), ("REC" if extras.is_recording else "", _RECORDING)):
            right -= text_width_px(text, size_px, BOLD)
            if text and right >= sizes.pad_px:
                write(image_bgr, text, (right, top), size_px, colour, weight=BOLD)
                right -= size_px
        if text_width_px(extras.legend, size_px) <= right - sizes.pad_px:
            write(image_bgr, extras.legend, (sizes.pad_px, top), size_px, PALE)
        return top

    def _draw_count(self, image_bgr: ImageBGR, state: LiveState, bottom: int) -> None:
        """The number of finished repetitions, to be read from across the room."""
        if state.stage is not Stage.SET:
            return
        sizes, text = self._sizes, str(state.rep_count)
        size_px = round(4 * sizes.text_px)
        width, height = text_width_px(text, size_px, BOLD), line_height_px(size_px)
        darken(image_bgr, 0, bottom - height, width + 3 * sizes.pad_px, bottom)
        write(image_bgr, text, (round(1.5 * sizes.pad_px), bottom - height), size_px, WHITE, weight=BOLD)

    def _draw_gauge(self, image_bgr: ImageBGR, state: LiveState, bottom: int) -> None:
        """A column at the right edge that fills from the top as the body goes down; full is deep enough."""
        if state.depth is None or state.stage is not Stage.SET:
            return
        sizes = self._sizes
        width, height = round(_GAUGE_WIDTH * sizes.text_px), round(_GAUGE_HEIGHT * sizes.height_px)
        right, low = (
            sizes.width_px - 2 * sizes.pad_px,
            bottom - 2 * sizes.pad_px - line_height_px(sizes.smallest_text_px),
        )
        left, top = right - width, low - height
        word_px = text_width_px("depth", sizes.smallest_text_px)
        darken(image_bgr, right - word_px - 2 * sizes.pad_px, top - 2 * sizes.pad_px, sizes.width_px, bottom)
        write(image_bgr, "depth", (right - word_px, low + sizes.pad_px), sizes.smallest_text_px, PALE)
        is_full = state.depth >= 1.0
        filled = top + round(state.depth * height)
        cv2.rectangle(image_bgr, (left, top), (right, filled), _FULL if is_full else WHITE, cv2.FILLED)
        cv2.rectangle(image_bgr, (left, top), (right, low), _FULL if is_full else PALE, max(1, sizes.pad_px // 3))

    def _draw_advice(self, image_bgr: ImageBGR, state: LiveState, bottom: int) -> None:
        """What to change, else to stand still, else nothing; below it what this view shows."""
        texts = advice_texts(state)
        sizes = self._sizes
        small_px = sizes.smallest_text_px
        room_px = (sizes.width_px - 4 * sizes.pad_px, round(0.3 * sizes.height_px))
        for text, size_px, weight, colour in (
            (texts[1], small_px, REGULAR, PALE),
            (texts[0], round(1.3 * sizes.text_px), BOLD, WHITE),
        ):
            block = fit(text, *room_px, largest_px=size_px, smallest_px=small_px, weight=weight)
            if text and block is not None:
                top = bottom - block.height_px - sizes.pad_px
                darken(image_bgr, 0, top, sizes.width_px, bottom)
                write_block(image_bgr, block, (sizes.width_px - block.width_px) // 2, top + sizes.pad_px // 2, colour)
                bottom = top


def advice_texts(state: LiveState) -> tuple[str, str]:
    """The line of advice and a smaller one: while setting up what can be judged from here, in a set that form breaks.
    During a repetition there is the smaller one alone.
    """
    if state.is_in_rep:
        return "", state.breaking
    if state.stage is Stage.SET:
        return state.advice, state.breaking
    taken = f"Stand still, upright: {100 * state.baseline:.0f} %"
    return (taken if state.stage is Stage.BASELINE else state.advice), state.judged_here


def _mirrored(pose: Pose) -> Pose:
    """Where the body is in the mirrored picture; left stays the subject's left."""
    image_px = pose.image_px.copy()
    image_px[..., 0] = pose.width_px - 1 - image_px[..., 0]
    return replace(pose, image_px=image_px)
