"""Tables in Markdown, and the document in which each section of them has its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Table:
    """One table: a title, what must be known to read it, the head, and rows of text."""

    title: str
    note: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def markdown(self) -> str:
        """The table as Markdown, with its title as a heading of the third level."""
        lines = [f"### {self.title}", ""]
        if self.note:
            lines += [self.note, ""]
        lines.append("| " + " | ".join(self.head) + " |")
        lines.append("|" + "---|" * len(self.head))
        lines += ["| " + " | ".join(row) + " |" for row in self.rows]
        return "\n".join(lines) + "\n"


def write_section(document: Path, name: str, tables: Iterable[Table]) -> str:
    """Put tables between `<!-- begin NAME -->` and `<!-- end NAME -->` of a document; gives their Markdown.

    Raises:
        ValueError: The document has no such place.
    """
    text = document.read_text(encoding="utf-8")
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"{document} has no section {name}: expected {begin} and {end}")
    content = "\n".join(table.markdown() for table in tables)
    document.write_text(f"{before}{begin}\n\n{content}\n{end}{after}", encoding="utf-8")
    return content
