"""`formcheck compare`: two sessions side by side."""

from __future__ import annotations

from typing import Annotated

import typer

from formcheck.cli.progress_output import AsJson, HtmlFile, put_out

_SESSION = "The folder of an analysis, its report.json, or BATCH:SESSION."


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(short_help="Compare two sessions.")(compare)


def compare(
    before: Annotated[str, typer.Argument(help=_SESSION)],
    after: Annotated[str, typer.Argument(help="The same.")],
    *,
    as_json: AsJson = False,
    html: HtmlFile = None,
) -> None:
    """Compare two sessions of one exercise: what has changed by more than the instrument's own error."""
    from formcheck.io.past_sessions import open_session  # noqa: PLC0415 - --help must not wait for heavy imports
    from formcheck.io.progress_json import comparison_dict  # noqa: PLC0415 - as above
    from formcheck.io.progress_view import comparison_view  # noqa: PLC0415 - as above

    both = open_session(before), open_session(after)
    put_out(comparison_view(*both), comparison_dict(*both), as_json=as_json, html=html)
