"""Writing on pictures: any script that OpenCV's own fonts have, fitted into a box, never cut off.

OpenCV 5 brings two TrueType fonts inside the wheel: "sans" (variable weight; Latin, Cyrillic) and, for every character
that it lacks, "uni" (Greek, Hebrew, Arabic, Chinese, Japanese, Korean and more). Nothing is read from the machine or
the network. Scripts that neither has, such as Devanagari and Thai, come out as question marks.

A line of text costs 7 µs at 12 px and 55 µs at 54 px, because OpenCV keeps the glyphs; lines are not cached here. Where
signals are not held already, holding them adds 14 µs.
"""

from __future__ import annotations

import threading
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2

from formcheck.draw.style import Colour
from formcheck.frames.frame import ImageBGR
from formcheck.machine.signals import signals_held

REGULAR, BOLD = 400, 600
#: Distance between baselines over type size, and where the baseline lies below the top of the line.
_LINE_HEIGHT, _BASELINE = 1.25, 0.98


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Lines that fit a box at ``size_px``; ``width_px`` and ``height_px`` are those of the lines together."""

    lines: tuple[str, ...]
    size_px: int
    weight: int
    width_px: int
    height_px: int


class _Fonts(threading.local):
    """A font for each thread: drawing sets its weight, and two threads at once would get each other's."""

    def __init__(self) -> None:
        with signals_held():
            self.sans: Any = cv2.FontFace("sans")


_FONTS = _Fonts()


@lru_cache(maxsize=1024)
def drawable(text: str) -> str:
    """One line in composed characters (NFC): control characters become spaces, bytes that are no text become "?"."""
    text = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))
    return " ".join("".join(" " if unicodedata.category(c)[0] == "C" else c for c in text).split())


@lru_cache(maxsize=4096)
def text_width_px(text: str, size_px: int, weight: int = REGULAR) -> int:
    """Width of one line."""
    with signals_held():
        return int(cv2.getTextSize((0, 0), text, (0, 0), _FONTS.sans, size_px, weight)[2])


def line_height_px(size_px: int) -> int:
    """Height of one line, including the space to the next."""
    return round(_LINE_HEIGHT * size_px)


def write(
    image_bgr: ImageBGR, text: str, left_top: tuple[int, int], size_px: int, colour: Colour, *, weight: int = REGULAR
) -> None:
    """Draw one line whose box has that top left corner. Measure first: a line too long for the picture would wrap."""
    left, top = left_top
    with signals_held():
        cv2.putText(image_bgr, text, (left, top + round(_BASELINE * size_px)), colour, _FONTS.sans, size_px, weight)


def _tokens(text: str) -> list[str]:
    """Cut where a line may end: after a space, _, - or /, and beside a Chinese, Japanese or Korean character."""
    tokens, start = [], 0
    for i in range(1, len(text)):
        wide = any(unicodedata.east_asian_width(c) in "WF" for c in text[i - 1 : i + 1])
        if wide or text[i - 1] in "_-/" or (text[i - 1] == " " and text[i] != " "):
            tokens.append(text[start:i])
            start = i
    return [*tokens, text[start:]]


def _wrap(text: str, width_px: int, size_px: int, weight: int, *, anywhere: bool) -> tuple[str, ...] | None:
    """Break into lines of at most ``width_px``; None where a word is longer and may not be broken."""
    lines = [""]
    for token in list(text) if anywhere else _tokens(text):
        longer = (lines[-1] + token).rstrip()
        if lines[-1] and text_width_px(longer, size_px, weight) > width_px:
            lines[-1] = lines[-1].rstrip()
            lines.append(token.lstrip() if anywhere else token)
        else:
            lines[-1] += token
    lines = [entry.rstrip() for entry in lines]
    if any(text_width_px(entry, size_px, weight) > width_px for entry in lines):
        return None
    return tuple(lines)


@lru_cache(maxsize=512)
def fit(
    text: str, width_px: int, height_px: int, *, largest_px: int, smallest_px: int, weight: int = REGULAR
) -> TextBlock | None:
    """Largest type, between the two sizes, in which the whole text fits the box; None where it does not fit at all.

    Lines break between words; only where that does not help in the smallest type do they break inside words.
    """
    step = max(1, (largest_px - smallest_px) // 12)
    sizes = [*range(largest_px, smallest_px, -step), smallest_px]
    for size_px, anywhere in [*((size, False) for size in sizes), (smallest_px, True)]:
        lines = _wrap(text, width_px, size_px, weight, anywhere=anywhere)
        if lines is not None and len(lines) * line_height_px(size_px) <= height_px:
            width = max(text_width_px(entry, size_px, weight) for entry in lines)
            return TextBlock(lines, size_px, weight, width, len(lines) * line_height_px(size_px))
    return None


def write_block(image_bgr: ImageBGR, block: TextBlock, left: int, top: int, colour: Colour) -> None:
    """Draw the lines of a block, left-aligned, from (left, top) down."""
    for i, entry in enumerate(block.lines):
        line_top = top + i * line_height_px(block.size_px)
        write(image_bgr, entry, (left, line_top), block.size_px, colour, weight=block.weight)


def darken(image_bgr: ImageBGR, left: int, top: int, right: int, bottom: int) -> None:
    """Lay a dark, see-through panel over a rectangle, ends exclusive; white writing on it reads on any picture."""
    region = image_bgr[max(top, 0) : bottom, max(left, 0) : right]
    if region.size:
        cv2.convertScaleAbs(region, region, alpha=0.32, beta=6)
