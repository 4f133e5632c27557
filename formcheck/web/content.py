"""What an upload is, by its first bytes: the name and the type that come with it are not believed.

Only containers that hold pictures themselves are let through to the decoder. Playlists and scripts (HLS, concat) would
make it open other files or addresses.
"""

from __future__ import annotations

from collections.abc import Callable

#: So many bytes are looked at.
HEAD_BYTES = 400

_TS_PACKET_BYTES = 188


def _is_transport_stream(head: bytes) -> bool:
    return head[:1] == b"G" and head[_TS_PACKET_BYTES : _TS_PACKET_BYTES + 1] == b"G"


_CONTAINERS: dict[str, Callable[[bytes], bool]] = {
    "MP4 or MOV": lambda head: head[4:8] in {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"},
    "Matroska or WebM": lambda head: head.startswith(b"\x1aE\xdf\xa3"),
    "AVI": lambda head: head.startswith(b"RIFF") and head[8:12] == b"AVI ",
    "MPEG transport stream": _is_transport_stream,
    "MPEG program stream": lambda head: head.startswith(b"\x00\x00\x01\xba"),
    "WMV": lambda head: head.startswith(b"0&\xb2u\x8ef\xcf\x11"),
    "animated GIF": lambda head: head[:6] in {b"GIF87a", b"GIF89a"},
}

ACCEPTED = ", ".join(_CONTAINERS)


def container_of(head: bytes) -> str | None:
    """The container whose signature the first bytes of a file carry; None where it is none of those accepted."""
    return next((name for name, matches in _CONTAINERS.items() if matches(head)), None)
