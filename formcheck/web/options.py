"""How a server is run; every limit has its unit in its name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

#: Names by which a browser on this machine reaches the server.
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """Where files are kept and what is refused. ``token`` None lets everybody in who reaches the port."""

    #: The server's own; the place of one where it makes it itself.
    folder: Path = Path()
    token: str | None = None
    #: Names and addresses that a Host header may have; empty takes any, which only a token makes safe.
    host_names: frozenset[str] = LOCAL_NAMES
    model: str = "full"
    max_bytes: int = 1_000_000_000
    #: An upload of which nothing came for so long is given up.
    max_silence_s: float = 60.0
    max_pixels: int = 3840 * 2160
    max_duration_s: float = 1800.0
    max_processing_s: float = 3600.0
    max_queue: int = 20
    max_live: int = 1
    max_live_s: float = 3600.0
    #: Files are removed this long after their analysis ended.
    keep_s: float = 86_400.0
