"""Which font writes which letter: DejaVu Sans, which Matplotlib ships, then the fonts of the machine.

DejaVu Sans has Latin, Greek, Cyrillic, Hebrew and Arabic, and is found without importing Matplotlib (0.7 ms instead of
0.25 s). The machine's fonts are looked up only once a letter is met that it lacks. Nothing is read from the network.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PIL import ImageFont, features

REGULAR, BOLD = 400, 600
#: Names of fonts that are taken only where no plain one has the letter.
_DECORATED = re.compile("italic|oblique|mono|serif|condensed|narrow|thin|light|black", re.IGNORECASE)
#: Names of fonts that have a box, or nothing, for every letter.
_FILLERS = re.compile("last.?resort|blank", re.IGNORECASE)
#: Type size in which two shapes are told apart, and a code point that is no character, so that no font has it.
_PROBE_PX, _NO_CHARACTER = 32, "\U0010ffff"


@dataclass(frozen=True, slots=True)
class FontRun:
    """A piece of a line that one font writes."""

    text: str
    path: Path
    is_shaped: bool  # letters join, stack or run from right to left

    def font(self, size_px: int) -> ImageFont.FreeTypeFont:
        """The font in that size. Threads share it: Pillow holds Python's lock while it draws, and nothing is set."""
        return _font(self.path, size_px, self.is_shaped)

    @property
    def direction(self) -> str | None:
        """What Pillow is told: a file name reads from left to right, whatever script is in it."""
        return "ltr" if self.is_shaped else None


@lru_cache(maxsize=128)
def _font(path: Path, size_px: int, is_shaped: bool) -> ImageFont.FreeTypeFont:
    layout = ImageFont.Layout.RAQM if is_shaped else ImageFont.Layout.BASIC
    return ImageFont.truetype(path, size_px, layout_engine=layout)


@lru_cache(maxsize=1024)
def font_runs(text: str, weight: int = REGULAR) -> tuple[FontRun, ...] | None:
    """Split one line by fonts; None where some letter of it cannot be written as it should be.

    Marks stay with the letter before them. Letters that join, stack or run from right to left need FriBidi, which
    Pillow takes from the machine; without it they are not written, rather than apart or backwards.
    """
    is_shaped = any(_needs_shaping(char) for char in text)
    if is_shaped and not features.check("raqm"):
        return None
    pieces: list[tuple[Path, str]] = []
    for char in text:
        path = _font_of(char, pieces[-1][0] if pieces else None, weight)
        if path is None:
            return None
        if pieces and pieces[-1][0] == path:
            path, before = pieces.pop()
            char = before + char  # noqa: PLW2901 - the piece grows by the letter
        pieces.append((path, char))
    return tuple(FontRun(piece, path, is_shaped) for path, piece in pieces)


def _needs_shaping(char: str) -> bool:
    return unicodedata.category(char)[0] == "M" or unicodedata.bidirectional(char) in {"R", "AL", "AN"}


def _font_of(char: str, before: Path | None, weight: int) -> Path | None:
    """The font for a letter after one that ``before`` wrote."""
    if before is not None and unicodedata.category(char)[0] == "M":
        return before if _has(before, char) else None
    for path in (_shipped(weight), before, _shipped(REGULAR)):  # the bold one lacks some letters of the plain one
        if path is not None and _has(path, char):
            return path
    return _machine_font(char, weight)


@lru_cache(maxsize=4)
def _shipped(weight: int) -> Path:
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("formcheck needs Matplotlib, whose font it writes with: install formcheck again")
    name = "DejaVuSans-Bold.ttf" if weight >= BOLD else "DejaVuSans.ttf"
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf" / name


@lru_cache(maxsize=1024)
def _machine_font(char: str, weight: int) -> Path | None:
    return next((path for path in _machine_fonts(weight) if _has(path, char)), None)


@lru_cache(maxsize=2)
def _machine_fonts(weight: int) -> tuple[Path, ...]:
    """Plain ones of that weight first."""

    def rank(path: Path) -> tuple[bool, bool, str]:
        return bool(_DECORATED.search(path.name)), ("bold" in path.name.lower()) != (weight >= BOLD), str(path)

    return tuple(sorted(_installed(), key=rank))


def _installed() -> list[Path]:
    import logging

    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it tells of its folder for settings
    from matplotlib.font_manager import findSystemFonts  # takes a quarter of a second, seldom needed

    return [Path(path) for path in findSystemFonts() if not _FILLERS.search(Path(path).name)]


@lru_cache(maxsize=16384)
def _has(path: Path, char: str) -> bool:
    """Whether the font draws something else for the letter than for one that it lacks. Every font has a space."""
    if char == " ":
        return True
    shape = _shape(path, char)
    return shape is not None and shape != _shape(path, _NO_CHARACTER)


def _shape(path: Path, char: str) -> tuple[tuple[int, int], bytes] | None:
    """None where the font cannot be used, as one of coloured pictures."""
    try:
        mask = _font(path, _PROBE_PX, False).getmask(char)
    except OSError:
        return None
    return mask.size, bytes(mask)
