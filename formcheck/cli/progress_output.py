"""What `compare` and `history` print and write."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from formcheck.change import Outcome
from formcheck.io.file_names import printable

if TYPE_CHECKING:
    from formcheck.io.progress_view import Part, ProgressView
    from formcheck.io.progress_words import Line, TextTable

AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
HtmlFile = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write a page with plots, too.")]

#: Colours that differ for the colour-blind as well; the words say the same.
_STYLES = {
    Outcome.BETTER: "blue",
    Outcome.WORSE: "bold red",
    Outcome.CHANGED: "yellow",
    Outcome.WITHIN: "dim",
    Outcome.UNKNOWN: "dim",
}
#: Columns that a verdict on a change may take; longer ones go on below.
_TOLD = 7


def put_out(view: ProgressView, plain: dict[str, Any], *, as_json: bool, html: Path | None) -> None:
    """Write the page, if one is wanted, then print the tables, or JSON."""
    if html is not None:
        from formcheck.io.atomic import write_text_atomic  # noqa: PLC0415 - only a page needs these
        from formcheck.io.progress_html import render_progress  # noqa: PLC0415 - as above

        write_text_atomic(html, render_progress(view))
    if as_json:
        typer.echo(json.dumps(plain, indent=2, ensure_ascii=False, allow_nan=False))
        return
    console = Console(highlight=False)
    console.print(Text(printable(view.title), style="bold"))
    console.print(Text(printable(view.facts)))
    for part in view.parts:
        console.print(Group(*_lines(part, with_name=len(view.parts) > 1)))
    if html is not None:
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"page in {printable(str(html))}", markup=False)


def _lines(part: Part, *, with_name: bool) -> Iterator[RenderableType]:
    if with_name:
        yield Text(f"\n{part.exercise.capitalize()}", style="bold")
    for table in part.tables:
        yield Text(f"\n{table.title}", style="bold")
        yield _table(table)
        if table.note:
            yield Text(table.note, style="dim")
    yield Text("")
    yield from (Text(line) for line in part.lines)
    yield from (Text(f"Note: {printable(line)}") for line in (*part.load_lines, *part.caveats))


def _table(content: TextTable) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    told = max(len(line.outcomes) for line in content.lines)
    for place, name in enumerate(content.head):
        is_told = place >= len(content.head) - told
        table.add_column(name, overflow="fold", no_wrap=place > 0 and not is_told, max_width=_TOLD if is_told else None)
    for line in content.lines:
        table.add_row(*_cells(line))
    return table


def _cells(line: Line) -> Iterator[Text]:
    styles = [""] * (len(line.cells) - len(line.outcomes)) + [_STYLES[outcome] for outcome in line.outcomes]
    return (Text(printable(cell), style=style) for cell, style in zip(line.cells, styles, strict=True))
