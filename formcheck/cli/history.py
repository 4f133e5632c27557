"""`formcheck history`: the sessions of one athlete over time."""

from __future__ import annotations

from typing import Annotated

import typer

from formcheck.cli.progress_output import AsJson, HtmlFile, put_out


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(short_help="Show one athlete's sessions over time.")(history)


def history(
    batch: Annotated[str, typer.Argument(metavar="DIR", help="Folder, or URL, that formcheck batch wrote.")],
    *,
    athlete: Annotated[str, typer.Option(metavar="NAME", help="As in the manifest's column athlete.")],
    as_json: AsJson = False,
    html: HtmlFile = None,
) -> None:
    """Show the sessions of one athlete over time: what has changed by more than the instrument's own error."""
    from formcheck.io.past_sessions import athlete_sessions  # noqa: PLC0415 - --help must not wait for heavy imports
    from formcheck.io.progress_json import history_dict  # noqa: PLC0415 - as above
    from formcheck.io.progress_view import history_view  # noqa: PLC0415 - as above

    sessions = athlete_sessions(batch, athlete)
    name = sessions[0].athlete or athlete
    put_out(history_view(name, sessions), history_dict(name, sessions), as_json=as_json, html=html)
