"""Wraps the prose of the documentation into lines that people can edit: python tools/wrap_prose.py [PAGE.md ...].

Only paragraphs with a line over WIDTH are touched. Tables, code, headings, pictures, what is indented and generated
sections stay, and so does the CHANGELOG, in which a line is written once.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = (
    *(page for page in sorted(ROOT.glob("*.md")) if page.stem != "CHANGELOG"),
    *sorted((ROOT / "docs").glob("*.md")),
)
WIDTH = 120
_ITEM = re.compile(r"^(\s*)((?:[-*]|\d+\.) +)?")
_NO_PROSE = re.compile(r"^\s*(\||#|<|!|\?\?\?|--8<--|    )|^\s*$")
#: What must not begin a line, where it would begin a list, a heading or a table.
_SIGNS = re.compile(r" (?=(?:[-+*#>|]|\d+\.)(?: |$))")
#: What stays on one line: code, and the text of a link.
_WHOLE = re.compile(r"`[^`]+`|\[[^\]]+\]\([^)]+\)")


def wrapped(page: str) -> str:
    """The same page with its long paragraphs wrapped."""
    parts: list[str] = []
    is_fenced = is_made = False
    for line in page.splitlines():
        is_fence = line.lstrip().startswith("```")
        is_made = (is_made or line.startswith("<!-- begin")) and not line.startswith("<!-- end")
        stays = is_fenced or is_fence or is_made or _NO_PROSE.match(line)
        is_fenced ^= is_fence
        parts.append(f"={line}" if stays else f" {line}")
    lines: list[str] = []
    for stays, group in groupby(parts, key=lambda part: part[0] == "="):
        kept = [part[1:] for part in group]
        lines += kept if stays else [line for item in _items(kept) for line in _fitted(item)]
    return "\n".join(lines) + "\n"


def _items(lines: list[str]) -> Iterator[list[str]]:
    """Paragraphs and list items, as the lines that they have."""
    item: list[str] = []
    for line in lines:
        if item and (marked := _ITEM.match(line)) and marked[2]:
            yield item
            item = []
        item.append(line)
    yield item


def _fitted(item: list[str]) -> list[str]:
    if max(map(len, item)) <= WIDTH:
        return item
    marked = _ITEM.match(item[0])
    first = marked[0] if marked else ""
    text = " ".join(line.strip() for line in item)[len(first.strip()) :].strip()
    whole = _WHOLE.sub(lambda found: found[0].replace(" ", "\0"), text)
    whole = _SIGNS.sub("\0", whole)
    later = " " * len(first)
    fitted = textwrap.wrap(
        whole, WIDTH, initial_indent=first, subsequent_indent=later, break_long_words=False, break_on_hyphens=False
    )
    return [line.replace("\0", " ") for line in fitted]


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:] or PAGES):
        path.write_text(wrapped(path.read_text(encoding="utf-8")), encoding="utf-8")
