"""`formcheck compare` and `formcheck history`: sessions beside sessions."""

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

from formcheck.machine.paths import printable
from formcheck.progress.change import Outcome

if TYPE_CHECKING:
    from formcheck.pages.comparison import ExercisePart, ProgressView
    from formcheck.words.comparison import Line
    from formcheck.words.comparison_tables import TextTable

AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
HtmlFile = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", readable=False, help="Write a page with plots, too.")
]

_SESSION = "The folder of an analysis, its report.json, or BATCH:SESSION."


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(short_help="Compare two sessions.")(compare)
    app.command(short_help="Show one athlete's sessions over time.")(history)


def compare(
    before: Annotated[str, typer.Argument(help=_SESSION)],
    after: Annotated[str, typer.Argument(help="The same.")],
    *,
    as_json: AsJson = False,
    html: HtmlFile = None,
) -> None:
    """Compare two sessions of one exercise: what has changed by more than the instrument's own error."""
    from formcheck.pages.comparison import comparison_view  # noqa: PLC0415 - as above
    from formcheck.results.comparison_json import comparison_dict  # noqa: PLC0415 - as above
    from formcheck.results.past import open_past_session  # noqa: PLC0415 - --help must not wait for heavy imports

    both = open_past_session(before), open_past_session(after)
    put_out(comparison_view(*both), comparison_dict(*both), as_json=as_json, html=html)


def history(
    batch: Annotated[str, typer.Argument(metavar="DIR", help="Folder, or URL, that formcheck batch wrote.")],
    *,
    athlete: Annotated[str, typer.Option(metavar="NAME", help="As in the manifest's column athlete.")],
    as_json: AsJson = False,
    html: HtmlFile = None,
) -> None:
    """Show the sessions of one athlete over time: what has changed by more than the instrument's own error."""
    from formcheck.pages.comparison import history_view  # noqa: PLC0415 - as above
    from formcheck.results.comparison_json import history_dict  # noqa: PLC0415 - as above
    from formcheck.results.past import athlete_sessions  # noqa: PLC0415 - --help must not wait for heavy imports

    sessions = athlete_sessions(batch, athlete)
    name = sessions[0].athlete or athlete
    put_out(history_view(name, sessions), history_dict(name, sessions), as_json=as_json, html=html)


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
        from formcheck.machine.atomic import write_text_atomic  # noqa: PLC0415 - only a page needs these
        from formcheck.pages.comparison import render_progress  # noqa: PLC0415 - as above

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


def _lines(part: ExercisePart, *, with_name: bool) -> Iterator[RenderableType]:
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
