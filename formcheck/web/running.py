"""The server as it runs: its socket, its folder, its end."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TextIO

import uvicorn

from formcheck.errors import OutputError
from formcheck.machine.atomic import output_error
from formcheck.machine.locks import try_lock
from formcheck.web.app import create_app
from formcheck.web.certificates import Authority, fingerprint
from formcheck.web.connections import connection_class
from formcheck.web.options import ServerOptions
from formcheck.web.phone import Tls

#: Connections that are open when the server is to end get so long, in seconds.
_ENDS_WITHIN_S = 2
#: This machine to itself, as certificates name it.
_TO_ITSELF = ("127.0.0.1", "localhost")
_MAX_MESSAGE_BYTES, _MAX_HEAD_BYTES = 4_000_000, 32_768


def run(
    host: str,
    port: int,
    options: ServerOptions,
    kept: Path | None,
    on_ready: Callable[[int, str], None],
    *,
    authority: Authority | None = None,
) -> None:
    """Serve until Ctrl-C: with a temporary folder of its own, or with ``kept``, in which sessions stay.

    ``on_ready`` is told the port once it is ours, and the fingerprint of the certificate: where there is an authority,
    it vouches for ``options.host_names``, and the server speaks https only.

    Raises:
        OutputError: The address is not this machine's, the port is taken or not permitted, or there is no folder.
    """
    with _listening(host, port) as listener, server_folder() if kept is None else kept_folder(kept) as own:
        tls = None if authority is None else _certified(authority, options, own)
        on_ready(listener.getsockname()[1], tls.fingerprint if tls else "")
        server_of(replace(options, folder=own, keeps=kept is not None), tls).run(sockets=[listener])


def _certified(authority: Authority, options: ServerOptions, folder: Path) -> Tls:
    certificate, key = authority.certify(sorted(options.host_names), folder)
    return Tls(certificate, key, fingerprint(certificate), authority.der)


def own_names() -> list[str]:
    """This machine's address in the local network, where it has one, then its names."""
    found = list[str]()
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        asked.connect(("192.0.2.1", 9))  # of a datagram socket that sends nothing: it only chooses the way
        found = [name for name in [asked.getsockname()[0]] if ipaddress.ip_address(name).is_private]
    return [*found, f"{socket.gethostname().removesuffix('.local')}.local", *_TO_ITSELF]


def server_of(options: ServerOptions, tls: Tls | None = None) -> uvicorn.Server:
    """The server of the application, with limits on connections, heads of requests and messages."""
    config = uvicorn.Config(
        create_app(options, None if tls is None else tls.authority_der),
        ssl_certfile=None if tls is None else tls.certificate,
        ssl_keyfile=None if tls is None else tls.key,
        log_level="warning",
        http=connection_class(options.max_connections, options.max_head_s),
        h11_max_incomplete_event_size=_MAX_HEAD_BYTES,
        ws_max_size=_MAX_MESSAGE_BYTES,
        timeout_graceful_shutdown=_ENDS_WITHIN_S,
    )
    return uvicorn.Server(config)


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens, so that a port that is taken is said in one line and no address is told too early."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":  # where it would take a port that is in use
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        raise OutputError(
            f"cannot listen on {host} port {port}: {reason}; choose others with --host, --port"
        ) from error
    return listener


_PREFIX = "formcheck-serve-"
_LOCK = "lock"


@contextmanager
def kept_folder(folder: Path) -> Iterator[Path]:
    """The folder in which sessions stay, made if it is not there, held by this server alone.

    Raises:
        OutputError: It cannot be written to, or another server holds it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (folder / _LOCK).open("a", encoding="utf-8")
    except OSError as error:
        raise output_error(folder, error) from error
    with lock:
        if not try_lock(lock):
            raise OutputError(f"another server keeps its sessions in {folder}: end it, or choose another folder")
        yield folder


@contextmanager
def server_folder(parent: Path | None = None) -> Iterator[Path]:
    """A new folder in ``parent`` (the system's place for temporary files if None), readable by this user only.

    Raises:
        OutputError: ``parent`` cannot be written to.
    """
    place = Path(tempfile.gettempdir()) if parent is None else parent
    try:
        place.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
        lock = _locked(folder)
    except OSError as error:
        raise output_error(place, error) from error
    try:
        _remove_abandoned(place)
        yield folder
    finally:
        lock.close()
        shutil.rmtree(folder, ignore_errors=True)


def _locked(folder: Path) -> TextIO:
    """The lock of a folder, held before it says by whom: an empty one is of a server that just starts."""
    lock = (folder / _LOCK).open("w", encoding="utf-8")
    while not try_lock(lock):
        time.sleep(0.01)  # another server looks whether we are gone
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def _remove_abandoned(place: Path) -> None:
    """Remove folders of servers that no longer run: theirs would be locked."""
    for folder in place.glob(f"{_PREFIX}*"):
        try:
            # What others put there is not opened: a pipe would never answer. On Windows nobody else can put it there.
            if sys.platform != "win32" and folder.lstat().st_uid != os.getuid():
                continue
            with (folder / _LOCK).open("r+") as lock:
                is_abandoned = try_lock(lock) and lock.read() != ""
            if is_abandoned:
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:  # in use, or another user's
            continue
