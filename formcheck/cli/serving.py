"""``formcheck serve``: upload videos and train live in a browser."""

from __future__ import annotations

import ipaddress
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from formcheck.cli.choices import ModelOption
from formcheck.cli.overview import command
from formcheck.errors import InputError

if TYPE_CHECKING:
    from formcheck.web.options import ServerOptions

Host = Annotated[
    str | None, typer.Option(help="Address to listen on, this machine alone by default; others need a token.")
]
Phone = Annotated[
    bool, typer.Option("--phone", help="For a phone in the same network: https, a token, and a code to scan.")
]
Names = Annotated[
    list[str] | None, typer.Option(help="A name by which a proxy is reached; needs a token. May be repeated.")
]
Folder = Annotated[
    Path | None,
    typer.Option(readable=False, help="Where sessions stay, also when the server ends; without it they are temporary."),
]

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "serve")(serve)


def serve(
    host: Host = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
    *,
    phone: Phone = False,
    token: Annotated[str | None, typer.Option(help="Ask everybody for this; made up where --host needs one.")] = None,
    name: Names = None,
    folder: Folder = None,
    keep_hours: Annotated[
        float | None,
        typer.Option(min=0.01, help="Results are removed after so many hours; 24 unless told, with --folder never."),
    ] = None,
    max_mb: Annotated[int, typer.Option(min=1, help="Largest upload.")] = 1000,
    max_minutes: Annotated[float, typer.Option(min=0.1, help="Longest recording.")] = 30.0,
    max_processing_minutes: Annotated[float, typer.Option(min=0.1, help="Longest analysis.")] = 60.0,
    max_live: Annotated[int, typer.Option(min=0, help="So many may train live at once who send pictures.")] = 1,
    max_live_landmarks: Annotated[int, typer.Option(min=0, help="So many who send landmarks.")] = 20,
    model: ModelOption = "full",
) -> None:
    """Serve the upload page, the live page and the API until Ctrl-C."""
    _check_extra()
    from formcheck.landmarks.models import resolve_model
    from formcheck.web.options import LOCAL_NAMES, ServerOptions

    resolve_model(model)  # a misspelt name is said at once
    where = _where(host, name or [], is_for_phone=phone)
    secret = token if token or where.is_private else secrets.token_urlsafe(16)
    options = ServerOptions(
        token=secret or None,
        host_names=LOCAL_NAMES | where.names if where.is_local else where.names,
        model=model,
        max_bytes=max_mb * 1_000_000,
        max_duration_s=max_minutes * 60,
        max_processing_s=max_processing_minutes * 60,
        max_live=max_live,
        max_live_landmarks=max_live_landmarks,
        keep_s=_keep_s(keep_hours, stays=folder is not None),
    )
    _run(where, port, options, folder, is_for_phone=phone)


def _check_extra() -> None:
    try:
        import formcheck.web.running  # noqa: F401 - of an extra, and --help must not wait for it
    except ModuleNotFoundError as error:
        raise InputError(f"expected the extra web ({error.name} is missing): install it, ./setup web") from error


def _run(where: _Where, port: int, options: ServerOptions, folder: Path | None, *, is_for_phone: bool) -> None:
    from formcheck.web.running import run

    with suppress(KeyboardInterrupt):  # that is how it is ended
        if not is_for_phone:
            run(where.host, port, options, folder, lambda ours, _: _announce(where, ours, options.token))
            return
        from formcheck.machine.faults import trace_folder
        from formcheck.web.certificates import own_authority

        authority = own_authority(trace_folder() / "authority")
        token = options.token or ""
        run(where.host, port, options, folder, lambda *ours: _show_code(where, token, *ours), authority=authority)


def _keep_s(hours: float | None, *, stays: bool) -> float:
    """For how long a session is kept, seconds."""
    if hours is None:
        return float("inf") if stays else 24.0 * 3600
    return hours * 3600


@dataclass(frozen=True, slots=True)
class _Where:
    """The address to listen on, the names under which others reach it, and the one that people are told."""

    host: str
    names: frozenset[str]
    shown: str
    is_local: bool
    is_private: bool


def _where(host: str | None, names: list[str], *, is_for_phone: bool) -> _Where:
    """Where to listen; for a phone in every network, under this machine's own names, if no address was told."""
    if not is_for_phone:
        told = host or "127.0.0.1"
        is_local = told in _LOOPBACK
        return _Where(told, frozenset(names), told, is_local, is_local and not names)
    from formcheck.web.running import own_names

    found = own_names() if host is None else [host]
    if host is None and not _is_address(found[0]):
        raise InputError("expected this machine in a local network, found none: connect it, or give --host")
    return _Where(host or "0.0.0.0", frozenset([*found, *names]), found[0], is_local=False, is_private=False)  # noqa: S104 - that is what it is for


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _show_code(where: _Where, token: str, port: int, fingerprint: str) -> None:
    """The one screen that brings a phone here, on stderr as every talk."""
    from formcheck.web.phone import screen

    typer.echo(screen(f"https://{_in_address(where.shown)}:{port}", token, fingerprint), err=True)


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _announce(where: _Where, port: int, token: str | None) -> None:
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    query = f"/?token={token}" if token else "/"
    console.print(f"formcheck serves http://{_in_address(where.shown)}:{port}{query}  (Ctrl-C ends it)", markup=False)
    if not where.is_local:
        console.print(
            "note: browsers give a page the camera only on https or localhost; for a phone take --phone, or put a "
            "server with https in front",
            markup=False,
        )
        if _is_any(where.host):
            console.print("note: reached under every name and address of this machine", markup=False)


def _is_any(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False
