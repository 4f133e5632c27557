"""The panels at the edges of the picture: what is going on, the cue, and the caption.

Each function draws in place and returns where its panel ends, so that the next can be laid below. What does not fit is
left out, least important first, and never cut; the repetition and the cue are kept longest.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2

from formcheck.body.view import Plane
from formcheck.checks.check import Finding, Verdict
from formcheck.checks.session_report import FrameState
from formcheck.draw.fonts import BOLD, REGULAR
from formcheck.draw.style import INK, LOOKS, PALE, WHITE, Colour, Sizes, marker
from formcheck.draw.text import (
    TextBlock,
    darken,
    drawable,
    fit,
    line_height_px,
    text_width_px,
    write,
    write_block,
)
from formcheck.frames.frame import ImageBGR
from formcheck.measures.reps import Phase

_PHASE_WORDS = {Phase.STANDING: "standing", Phase.ECCENTRIC: "descent", Phase.CONCENTRIC: "ascent"}

#: Share of the picture's height or width that a panel may take.
_BANNER_HEIGHT, _CAPTION_WIDTH, _CAPTION_HEIGHT = 0.3, 0.55, 0.2
#: Shorter side from which a picture has room for a caption.
_CAPTION_FROM_PX = 200


@dataclass(frozen=True, slots=True)
class _Run:
    """A piece of a line in one colour and weight."""

    text: str
    colour: Colour
    weight: int


def rep_words(state: FrameState) -> str:
    """As in "rep 2/5" during a repetition, "2/5 reps" between them; no total where it is not ahead of the count."""
    if state.rep_number > 0:
        known = state.reps_total >= state.rep_number
        return f"rep {state.rep_number}/{state.reps_total}" if known else f"rep {state.rep_number}"
    if state.reps_total > state.reps_done:
        return f"{state.reps_done}/{state.reps_total} reps"
    return f"{state.reps_done} reps"


def view_caption(state: FrameState) -> str:
    """As in "front view   left leg leads"; the second part for lunges only."""
    view = "view unknown" if state.view.plane is Plane.UNKNOWN else f"{state.view.plane.value} view"
    return view if state.lead_side is None else f"{view}   {state.lead_side.value} leg leads"


def _line_px(runs: tuple[_Run, ...], size_px: int) -> int:
    gaps_px = (len(runs) - 1) * _gap_px(size_px)
    return sum(text_width_px(run.text, size_px, run.weight) for run in runs) + gaps_px


def _gap_px(size_px: int) -> int:
    return round(0.6 * size_px)


def draw_status(image_bgr: ImageBGR, sizes: Sizes, state: FrameState) -> tuple[int, int]:
    """Exercise, repetition and phase; below them, view and leading leg. Returns the (right, bottom) of the panel.

    The panel is wide enough for the longest phase, so that its edge stays in place from phase to phase.
    """
    exercise = _Run(drawable(state.exercise.replace("_", " ")), PALE, REGULAR)
    rep = _Run(rep_words(state), WHITE, BOLD)
    phase = _Run(_PHASE_WORDS[state.phase], WHITE, REGULAR)
    longest = _Run(_PHASE_WORDS[Phase.STANDING], WHITE, REGULAR)
    second = view_caption(state)
    pad_px, size_px, small_px = sizes.pad_px, sizes.text_px, sizes.smallest_text_px
    room_px = sizes.width_px - 2 * pad_px
    choices = (((exercise, rep, phase), (exercise, rep, longest)), ((rep, phase), (rep, longest)), ((rep,), (rep,)))
    runs, widest = next((choice for choice in choices if _line_px(choice[1], size_px) <= room_px), ((), ()))
    if not runs:
        return 0, 0
    second_px = text_width_px(second, small_px)
    two_lines = len(runs) == 3 and second_px <= room_px
    right = max(_line_px(widest, size_px), second_px if two_lines else 0) + 2 * pad_px
    bottom = line_height_px(size_px) + (line_height_px(small_px) if two_lines else 0) + pad_px
    darken(image_bgr, 0, 0, right, bottom)
    left = pad_px
    for run in runs:
        write(image_bgr, run.text, (left, pad_px // 2), size_px, run.colour, weight=run.weight)
        left += text_width_px(run.text, size_px, run.weight) + _gap_px(size_px)
    if two_lines:
        write(image_bgr, second, (pad_px, pad_px // 2 + line_height_px(size_px)), small_px, PALE)
    return right, bottom


def banner_room_px(sizes: Sizes) -> int:
    """Height kept free below the status line in upright pictures, so that nothing moves when a banner comes."""
    return 0 if sizes.is_wide else 2 * line_height_px(round(1.2 * sizes.text_px)) + sizes.pad_px


def draw_banner(image_bgr: ImageBGR, sizes: Sizes, finding: Finding, status: tuple[int, int]) -> int:
    """The cue of one finding in large type, across the picture. Returns the bottom of the banner.

    In a wide picture it continues the status line to the right edge; in an upright one, or where the cue is too long
    for that, it lies below. ``status`` is the (right, bottom) of the status panel.
    """
    cue = drawable(finding.cue) or finding.fault.replace("_", " ")
    pad_px, text_px = sizes.pad_px, sizes.text_px
    right, bottom = status
    if sizes.is_wide:
        sign_px = round(0.6 * (bottom - pad_px))
        room_px = sizes.width_px - right - sign_px - 5 * pad_px
        block = fit(
            cue, room_px, bottom - pad_px // 2, largest_px=round(1.5 * text_px), smallest_px=text_px, weight=BOLD
        )
        if block is not None:
            _fill_banner(image_bgr, (right, 0, sizes.width_px, bottom), finding.verdict, block, sign_px)
            return bottom
    block = _banner_below(sizes, cue)
    if block is None:
        return bottom
    end = bottom + block.height_px + pad_px
    _fill_banner(image_bgr, (0, bottom, sizes.width_px, end), finding.verdict, block, _sign_px(sizes))
    return end


def _sign_px(sizes: Sizes) -> int:
    return round(1.3 * sizes.text_px)


def _banner_below(sizes: Sizes, cue: str) -> TextBlock | None:
    """One line of large type; else two of less; else as many of the smallest as may cover a part of the picture."""
    text_px, small_px = sizes.text_px, sizes.smallest_text_px
    room_px = sizes.width_px - _sign_px(sizes) - 3 * sizes.pad_px
    tall_px = round(_BANNER_HEIGHT * sizes.height_px) - sizes.pad_px
    large_px, middle_px = round(1.5 * text_px), round(1.2 * text_px)
    choices = (
        (line_height_px(large_px), large_px, text_px),
        (2 * line_height_px(middle_px), middle_px, small_px),
        (tall_px, small_px, small_px),
    )
    blocks = (
        fit(cue, room_px, height_px, largest_px=largest, smallest_px=smallest, weight=BOLD)
        for height_px, largest, smallest in choices
    )
    return next((block for block in blocks if block is not None), None)


def _fill_banner(
    image_bgr: ImageBGR, box: tuple[int, int, int, int], verdict: Verdict, block: TextBlock, sign_px: int
) -> None:
    """Colour the ``box`` (left, top, right, bottom); sign and cue go to its middle."""
    left, top, right, bottom = box
    colour = LOOKS[verdict].colour
    cv2.rectangle(image_bgr, (left, top), (right - 1, bottom - 1), colour, cv2.FILLED)
    gap_px = round(0.4 * sign_px)
    start = left + (right - left - sign_px - gap_px - block.width_px) // 2
    middle = (top + bottom) / 2
    marker(image_bgr, verdict, (start + sign_px / 2, middle), 0.4 * sign_px, fill=INK, ink=colour)
    write_block(image_bgr, block, start + sign_px + gap_px, round(middle - block.height_px / 2), INK)


def draw_caption(image_bgr: ImageBGR, sizes: Sizes, caption: str) -> None:
    """Small writing at the bottom right; nothing where it would take too much of the picture."""
    size_px = sizes.smallest_text_px
    room_px = round(_CAPTION_WIDTH * sizes.width_px), round(_CAPTION_HEIGHT * sizes.height_px)
    block = fit(caption, *room_px, largest_px=size_px, smallest_px=size_px)
    if block is None or sizes.short_px < _CAPTION_FROM_PX:
        return
    left = sizes.width_px - block.width_px - 2 * sizes.pad_px
    top = sizes.height_px - block.height_px - sizes.pad_px
    darken(image_bgr, left, top, sizes.width_px, sizes.height_px)
    write_block(image_bgr, block, left + sizes.pad_px, top + sizes.pad_px // 2, PALE)
