"""How a server is run; every limit has its unit in its name."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

#: Names by which a browser on this machine reaches the server.
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})

#: Bounds the memory of a process until it has counted the pictures.
MOST_PICTURES_A_SECOND = 60


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """Where files are kept and what is refused. ``token`` None lets everybody in who reaches the port."""

    #: The server's own; the place of one where it makes it itself.
    folder: Path = Path()
    #: Sessions stay in it when the server ends, and are listed for everybody whom the server lets in.
    keeps: bool = False
    token: str | None = None
    #: Names and addresses that a Host header may have; empty takes any, which only a token makes safe.
    host_names: frozenset[str] = LOCAL_NAMES
    model: str = "full"
    max_bytes: int = 1_000_000_000
    #: Connections that are open at once, and how long one may take to send the head of a request.
    max_connections: int = 512
    max_head_s: float = 10.0
    #: An upload is given up of which nothing came for so long, which takes longer altogether, or which after its first
    #: seconds has brought less a second than this.
    max_silence_s: float = 60.0
    max_upload_s: float = 3600.0
    min_bytes_per_s: float = 16_000.0
    slow_start_s: float = 30.0
    #: Uploads on their way at once, from everybody and from one client; a browser sends six.
    max_incoming: int = 24
    max_incoming_each: int = 8
    max_pixels: int = 3840 * 2160
    max_duration_s: float = 1800.0
    max_processing_s: float = 3600.0
    #: The analysis of a small file may work for so long, that of a larger one more by its size: seconds of the
    #: processor, to which a busy machine adds nothing. A sample clip of 0.1 MB takes 7 s.
    processor_s: float = 60.0
    processor_s_per_mb: float = 200.0
    #: Memory of a process: for the libraries, for the threads of each core, for a picture and for what is kept of each.
    #: Measured with two cores: 1.6 GB at 1280 × 720, 2.4 GB at 3840 × 2160, thread stacks included.
    base_memory_bytes: int = 1_600_000_000
    core_memory_bytes: int = 250_000_000
    pixel_memory_bytes: int = 150
    picture_memory_bytes: int = 6_000
    max_queue: int = 20
    max_live: int = 1
    #: Sets whose landmarks the browser finds; docs/serve.md says how many a core judges.
    max_live_landmarks: int = 20
    max_live_s: float = 3600.0
    #: Files are removed this long after their analysis ended.
    keep_s: float = 86_400.0

    def work_s(self, size_bytes: int) -> float:
        """How long the analysis of a file may keep the processor busy: a small one cannot hold up the others long."""
        return self.processor_s + self.processor_s_per_mb * size_bytes / 1e6

    def memory_bytes(self, pixels: int, pictures: int) -> int:
        """What a process may take that looks at so many pictures of a size."""
        cores = (os.cpu_count() or 1) * self.core_memory_bytes
        return self.base_memory_bytes + cores + pixels * self.pixel_memory_bytes + pictures * self.picture_memory_bytes
