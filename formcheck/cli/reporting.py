"""``formcheck report``: the index page of a batch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli.overview import command


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "report")(report)


def report(
    batch: Annotated[Path, typer.Argument(metavar="DIR", readable=False, help="Folder that formcheck batch wrote.")],
) -> None:
    """Write DIR/index.html: all sessions in a table, how often each fault was there, how measures spread, failures."""
    from formcheck.machine.atomic import write_text_atomic
    from formcheck.pages.batch_index import render_index
    from formcheck.pages.batch_overview import overview_of
    from formcheck.results.folder import INDEX

    page = batch / INDEX
    write_text_atomic(page, render_index(overview_of(batch), batch.resolve().name))
    typer.echo(page)
