"""`formcheck compare` and `formcheck history`: sessions beside sessions."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from formcheck.cli.overview import command
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
    command(app, "compare")(compare)
    command(app, "history")(history)


def compare(
    before: Annotated[str, typer.Argument(help=_SESSION)],
    after: Annotated[str, typer.Argument(help="The same.")],
    *,
    as_json: AsJson = False,
    html: HtmlFile = None,
) -> None:
    """Compare two sessions of one exercise: what has changed by more than the instrument's own error."""
    from formcheck.pages.comparison import comparison_view
    from formcheck.results.comparison_json import comparison_dict
    from formcheck.results.past import open_past_session

    both = open_past_session(before), open_past_session(after)
    put_out(comparison_view(*both), comparison_dict(*both), as_json=as_json, html=html)


def history(
    batch: Annotated[str, typer.Argument(metavar="DIR", help="Folder, or URL, that formcheck batch wrote.")],
    *,
    athlete: Annotated[
        str | None, typer.Option(metavar="NAME", help="As in the manifest's column athlete; lists all without it.")
    ] = None,
    as_json: AsJson = False,
    html: HtmlFile = None,
) -> None:
    """Show the sessions of one athlete over time: what has changed by more than the instrument's own error."""
    from formcheck.pages.comparison import history_view
    from formcheck.results.comparison_json import history_dict
    from formcheck.results.past import athlete_sessions, athletes

    if athlete is None:
        if html is not None:
            raise typer.BadParameter("a page shows one athlete: add --athlete NAME", param_hint="--html")
        _list(batch, athletes(batch), as_json=as_json)
        return
    sessions = athlete_sessions(batch, athlete)
    name = sessions[0].athlete or athlete
    put_out(history_view(name, sessions), history_dict(name, sessions), as_json=as_json, html=html)


def _list(batch: str, names: Mapping[str, int], *, as_json: bool) -> None:
    """The athletes of a batch, with how many sessions each has, and how to go on."""
    if as_json:
        typer.echo(json.dumps({"athletes": [{"name": name, "sessions": names[name]} for name in names]}, indent=2))
        return
    for name, count in names.items():
        typer.echo(f"{printable(name)}: {count} session{'' if count == 1 else 's'}")
    example = shlex.join(["formcheck", "history", batch, "--athlete", max(names, key=lambda name: names[name])])
    typer.echo(f"one of them over time: {printable(example)}")


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
        from formcheck.machine.atomic import write_text_atomic  # only a page needs these
        from formcheck.pages.comparison import render_progress

        write_text_atomic(html, render_progress(view))
    if as_json:
        typer.echo(json.dumps(plain, indent=2, ensure_ascii=False, allow_nan=False))
        return
    console = Console(highlight=False)
    console.print(Text(printable(view.title), style="bold"))
    console.print(Text(printable(view.facts)))
    several = len(view.parts) > 1
    for part in view.parts:
        console.print(Group(*_said(part, with_name=several)))
    for part in view.parts:
        console.print(Group(*_tables(part, with_name=several)))
    if html is not None:
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"page in {printable(str(html))}", markup=False)


def _said(part: ExercisePart, *, with_name: bool) -> Iterator[RenderableType]:
    """What came out, and what limits it: all that most people read."""
    yield Text(f"\n{part.exercise.capitalize()}" if with_name else "", style="bold")
    yield from (Text(line, style="bold") for line in part.lines)
    yield from (Text(f"Note: {printable(line)}") for line in (*part.load_lines, *part.caveats))


def _tables(part: ExercisePart, *, with_name: bool) -> Iterator[RenderableType]:
    for table in part.tables:
        title = f"{part.exercise.capitalize()}: {table.title.lower()}" if with_name else table.title
        yield Text(f"\n{title}", style="bold")
        yield _table(table)
        if table.note:
            yield Text(table.note, style="dim")


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
    return (
        Text("\n".join(map(printable, cell.split("\n"))), style=style)
        for cell, style in zip(line.cells, styles, strict=True)
    )
