"""``formcheck serve``: upload videos and train live in a browser."""

from __future__ import annotations

import ipaddress
import secrets
import socket
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from formcheck.cli.choices import ModelOption
from formcheck.errors import InputError, OutputError

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(short_help="Upload videos and train live in a browser.")(serve)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; others than this machine need a token.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
    *,
    token: Annotated[str | None, typer.Option(help="Ask everybody for this; made up where --host needs one.")] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Where uploads and results are kept meanwhile; a temporary folder otherwise.")
    ] = None,
    keep_hours: Annotated[float, typer.Option(min=0.01, help="Results are removed after so many hours.")] = 24.0,
    max_mb: Annotated[int, typer.Option(min=1, help="Largest upload.")] = 1000,
    max_minutes: Annotated[float, typer.Option(min=0.1, help="Longest recording.")] = 30.0,
    max_processing_minutes: Annotated[float, typer.Option(min=0.1, help="Longest analysis.")] = 60.0,
    max_live: Annotated[int, typer.Option(min=0, help="So many may train live at once.")] = 1,
    model: ModelOption = "full",
) -> None:
    """Serve the upload page, the live page and the API until Ctrl-C."""
    try:
        import uvicorn  # noqa: PLC0415 - of an extra, and --help must not wait for it

        from formcheck.web.app import create_app  # noqa: PLC0415 - as above
    except ModuleNotFoundError as error:
        raise InputError(f"expected the extra web ({error.name} is missing): pip install 'formcheck[web]'") from error
    from formcheck.io.models import resolve_model  # noqa: PLC0415 - as above
    from formcheck.web.folder import server_folder  # noqa: PLC0415 - as above
    from formcheck.web.options import LOCAL_NAMES, ServerOptions  # noqa: PLC0415 - as above

    resolve_model(model)  # a misspelt name is said at once
    is_local = host in _LOOPBACK
    secret = token if token or is_local else secrets.token_urlsafe(16)
    with _listening(host, port) as listener, server_folder(folder) as own:
        options = ServerOptions(
            folder=own,
            token=secret or None,
            host_names=LOCAL_NAMES if is_local else frozenset(),
            model=model,
            max_bytes=max_mb * 1_000_000,
            max_duration_s=max_minutes * 60,
            max_processing_s=max_processing_minutes * 60,
            max_live=max_live,
            keep_s=keep_hours * 3600,
        )
        _announce(host, listener.getsockname()[1], secret, is_local=is_local)
        config = uvicorn.Config(
            create_app(options), log_level="warning", ws_max_size=4_000_000, timeout_graceful_shutdown=2
        )
        uvicorn.Server(config).run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    """A bound socket, so that a port that is taken is said in one line.

    Raises:
        OutputError: The address is not this machine's, or the port is taken or not permitted.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(
            f"cannot listen on {host} port {port}: {reason}; choose others with --host, --port"
        ) from error
    return listener


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
