"""``formcheck serve``: upload videos and train live in a browser."""

from __future__ import annotations

import ipaddress
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from formcheck.cli.choices import ModelOption
from formcheck.cli.overview import command
from formcheck.errors import InputError

Names = Annotated[
    list[str] | None, typer.Option(help="A name by which a proxy is reached; needs a token. May be repeated.")
]
Folder = Annotated[
    Path | None,
    typer.Option(readable=False, help="Where uploads and results are kept meanwhile; a temporary folder otherwise."),
]

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "serve")(serve)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; others than this machine need a token.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
    *,
    token: Annotated[str | None, typer.Option(help="Ask everybody for this; made up where --host needs one.")] = None,
    name: Names = None,
    folder: Folder = None,
    keep_hours: Annotated[float, typer.Option(min=0.01, help="Results are removed after so many hours.")] = 24.0,
    max_mb: Annotated[int, typer.Option(min=1, help="Largest upload.")] = 1000,
    max_minutes: Annotated[float, typer.Option(min=0.1, help="Longest recording.")] = 30.0,
    max_processing_minutes: Annotated[float, typer.Option(min=0.1, help="Longest analysis.")] = 60.0,
    max_live: Annotated[int, typer.Option(min=0, help="So many may train live at once.")] = 1,
    model: ModelOption = "full",
) -> None:
    """Serve the upload page, the live page and the API until Ctrl-C."""
    try:
        from formcheck.web.running import run  # of an extra, and --help must not wait for it
    except ModuleNotFoundError as error:
        raise InputError(f"expected the extra web ({error.name} is missing): install it, ./setup web") from error
    from formcheck.landmarks.models import resolve_model
    from formcheck.web.options import LOCAL_NAMES, ServerOptions

    resolve_model(model)  # a misspelt name is said at once
    is_local = host in _LOOPBACK
    is_private = is_local and not name
    secret = token if token or is_private else secrets.token_urlsafe(16)
    options = ServerOptions(
        token=secret or None,
        host_names=LOCAL_NAMES | set(name or ()) if is_local else frozenset(name or ()),
        model=model,
        max_bytes=max_mb * 1_000_000,
        max_duration_s=max_minutes * 60,
        max_processing_s=max_processing_minutes * 60,
        max_live=max_live,
        keep_s=keep_hours * 3600,
    )
    with suppress(KeyboardInterrupt):  # that is how it is ended
        run(host, port, options, folder, lambda ours: _announce(host, ours, secret, is_local=is_local))


def _announce(host: str, port: int, token: str | None, *, is_local: bool) -> None:
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    shown = f"[{host}]" if ":" in host else host
    query = f"/?token={token}" if token else "/"
    console.print(f"formcheck serves http://{shown}:{port}{query}  (Ctrl-C ends it)", markup=False)
    if not is_local:
        console.print(
            "note: browsers give a page the camera only on https or localhost; for the live page elsewhere put a "
            "server with https in front",
            markup=False,
        )
        if _is_any(host):
            console.print("note: reached under every name and address of this machine", markup=False)


def _is_any(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False
