"""Letters on pictures: every one is drawn as itself or the line is left out."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from PIL import features
from test_overlay import STANDING, changed, drawn

from formcheck.draw import fonts
from formcheck.draw import text as overlay_text
from formcheck.draw.text import drawable, fit, text_width_px, write

needs_fribidi = pytest.mark.skipif(
    not features.check("raqm"), reason="FriBidi is missing, which puts letters in order: apt-get install libfribidi0"
)


def make_font(path: Path, letters: str) -> Path:
    """A font in which the n-th letter is a block of its own height, and every other one a narrow box."""
    names = [".notdef", "space", *(f"letter{i}" for i in range(len(letters)))]
    font = FontBuilder(1000)
    font.setupGlyphOrder(names)
    font.setupCharacterMap({0x20: "space", **{ord(c): f"letter{i}" for i, c in enumerate(letters)}})
    glyphs = {}
    for i, name in enumerate(names):
        pen = TTGlyphPen(None)
        if name != "space":
            width, height = (300, 700) if i == 0 else (800, 100 * i)
            for step, corner in enumerate([(50, 0), (50, height), (width, height), (width, 0)]):
                (pen.lineTo if step else pen.moveTo)(corner)
            pen.closePath()
        glyphs[name] = pen.glyph()
    font.setupGlyf(glyphs)
    font.setupHorizontalMetrics(dict.fromkeys(names, (1000, 0)))
    font.setupHorizontalHeader(ascent=900, descent=-100)
    font.setupNameTable({"familyName": path.stem, "styleName": "Regular"})
    font.setupOS2()
    font.setupPost()
    font.save(path)
    return path


def forget() -> None:
    for kept in (fonts.font_runs, fonts._machine_font, fonts._machine_fonts):
        kept.cache_clear()
    for kept in (overlay_text.drawable, overlay_text.text_width_px, overlay_text._stencil, overlay_text.fit):
        kept.cache_clear()


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Path]]:
    """The fonts of the machine: none, until the test adds some."""
    installed: list[Path] = []
    monkeypatch.setattr(fonts, "_installed", lambda: installed)
    forget()
    yield installed
    forget()


def glyph(text: str) -> bytes:
    image = np.zeros((60, 60, 3), dtype=np.uint8)
    write(image, text, (5, 5), 32, (255, 255, 255))
    return image.tobytes()


def shapes(letters: str) -> int:
    """How many different pictures the letters give, apart from the question mark and nothing at all."""
    return len({glyph(letter) for letter in letters} - {glyph("?"), glyph("")})


@pytest.mark.parametrize("letters", ["abcÅé", "абвЖ", "αβΩ", "°±−–"])
def test_latin_greek_cyrillic_and_signs_are_written_on_every_machine(machine: list[Path], letters: str) -> None:
    assert drawable(letters) == letters
    assert shapes(letters) == len(letters)


@pytest.mark.parametrize("letters", ["深蹲", "スク", "쿼트"])
def test_other_letters_are_written_where_the_machine_has_a_font(
    machine: list[Path], letters: str, tmp_path: Path
) -> None:
    machine.append(make_font(tmp_path / "made.ttf", letters))
    assert drawable(f"my squat {letters}.mp4") == f"my squat {letters}.mp4"
    assert shapes(letters) == len(letters)
    assert changed(drawn(STANDING, caption=f"{letters}.mp4"), drawn(STANDING)).any()


def test_text_without_spaces_breaks_between_chinese_letters(machine: list[Path], tmp_path: Path) -> None:
    text = "深蹲膝盖不要内扣"
    machine.append(make_font(tmp_path / "made.ttf", text))
    block = fit(text * 4, 220, 400, largest_px=40, smallest_px=10)
    assert block is not None
    assert "".join(block.lines) == text * 4
    assert max(text_width_px(line, block.size_px) for line in block.lines) == block.width_px <= 220


def test_a_letter_that_only_the_plain_shipped_font_has_is_written_in_bold_lines_too(machine: list[Path]) -> None:
    letter = "\U0001d5a0"
    assert not fonts._has(fonts._shipped(fonts.BOLD), letter)
    assert text_width_px(letter, 20, fonts.BOLD) > 0


def test_captions_differ_as_their_letters_do(machine: list[Path], tmp_path: Path) -> None:
    machine.append(make_font(tmp_path / "made.ttf", "深蹲弓步"))
    captions = ["Приседание.mp4", "Выпад.mp4", "深蹲.mp4", "弓步.mp4", "??.mp4", None]
    pictures = [drawn(STANDING, caption=caption) for caption in captions]
    assert all(changed(a, b).any() for a, b in itertools.combinations(pictures, 2))
    assert not changed(pictures[0], pictures[-1])[: len(pictures[0]) - 60].any()


@pytest.mark.parametrize("caption", ["my squat 深蹲.mp4", "สควอท.mp4", "स्क्वाट.mp4", "squat 🏋.mp4"])
def test_a_caption_without_a_font_is_left_out_rather_than_marked_with_boxes(machine: list[Path], caption: str) -> None:
    assert drawable(caption) == ""
    assert not changed(drawn(STANDING, caption=caption), drawn(STANDING)).any()


def test_a_font_that_has_only_some_of_the_letters_does_not_write_the_others(
    machine: list[Path], tmp_path: Path
) -> None:
    machine.append(make_font(tmp_path / "made.ttf", "深"))
    assert drawable("深") == "深"
    assert drawable("深蹲") == ""
    machine.append(make_font(tmp_path / "another.ttf", "蹲"))
    forget()
    assert drawable("深蹲") == "深蹲"


def test_what_is_not_drawable_is_neither_measured_nor_written(machine: list[Path]) -> None:
    assert text_width_px("深蹲", 20) == 0
    assert glyph("深") == glyph("")


def test_a_file_that_is_no_font_is_passed_over(machine: list[Path], tmp_path: Path) -> None:
    broken = tmp_path / "a.ttf"
    broken.write_bytes(b"no font")
    machine += [broken, make_font(tmp_path / "b.ttf", "深")]
    assert drawable("深") == "深"


def test_a_plain_font_is_taken_before_a_decorated_one_and_a_bold_one_for_bold(
    machine: list[Path], tmp_path: Path
) -> None:
    names = ["A-SerifItalic.ttf", "Some-Bold.ttf", "Some-Regular.ttf"]
    machine += [make_font(tmp_path / name, "深") for name in names]
    runs = [fonts.font_runs("深", weight) for weight in (fonts.REGULAR, fonts.BOLD)]
    assert [run[0].path.name for run in runs if run] == ["Some-Regular.ttf", "Some-Bold.ttf"]


@needs_fribidi
def test_hebrew_and_arabic_run_from_right_to_left_and_the_ending_stays_at_the_end(machine: list[Path]) -> None:
    def ink_columns(text: str) -> int:
        image = np.zeros((60, 300, 3), dtype=np.uint8)
        write(image, text, (5, 5), 32, (255, 255, 255))
        return int(np.flatnonzero(image.any(axis=(0, 2)))[-1])

    assert shapes("אב") == 2
    assert glyph("לא") != glyph("אל")
    joined, apart = text_width_px("بب", 32), 2 * text_width_px("ب", 32)
    assert joined < apart
    with_ending, without = ink_columns("אב.mp4"), ink_columns("אב")
    assert with_ending > without


@pytest.mark.parametrize("name", ["סקוואט.mp4", "سكوات.mp4", "q\u0323\u0307.mp4"])
def test_without_fribidi_no_letter_is_written_backwards_or_apart(
    machine: list[Path], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(features, "check", lambda _: False)
    assert drawable(name) == ""
    assert drawable("squat.mp4") == "squat.mp4"


def test_fonts_of_boxes_for_every_letter_are_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["/fonts/LastResort.otf", "/fonts/AdobeBlank.otf", "/fonts/Some.ttf"]
    monkeypatch.setattr("matplotlib.font_manager.findSystemFonts", lambda: names)
    assert fonts._installed() == [Path("/fonts/Some.ttf")]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep a user's fonts elsewhere")
def test_fonts_that_a_user_installed_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "fonts"
    folder.mkdir()
    letter = "\U00016b40"  # Pahawh Hmong, which few machines can write
    make_font(folder / "mine.ttf", letter)
    code = f"from formcheck.draw.text import drawable; print(len(drawable({letter!r})))"
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "MPLCONFIGDIR": str(tmp_path)}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("1\n", "")


def test_looking_for_latin_letters_loads_no_font_manager() -> None:
    code = (
        "import sys; from formcheck.draw.text import drawable; "
        "print(drawable('Приседание'), 'matplotlib' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "Приседание False\n"


def test_who_is_judged_is_written_even_beside_a_name_that_no_font_can_write(machine: list[Path]) -> None:
    who = "Judged: person 2 of 3"
    only_who = drawn(STANDING, caption="深蹲.mp4", who=who)
    assert changed(only_who, drawn(STANDING)).any()
    assert not changed(only_who, drawn(STANDING, who=who)).any()
    assert changed(only_who, drawn(STANDING, who="Judged: person 1 of 3")).any()
