"""An upload on its way in: stored as it comes, as long as it may be a video, is not too much and goes on coming."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from pathlib import Path

from fastapi import HTTPException, Request
from starlette.requests import ClientDisconnect

from formcheck.web.options import ServerOptions


async def store_body(
    request: Request, target: Path, options: ServerOptions, check_head: Callable[[bytes], None]
) -> None:
    """Write the body of a request into ``target``; ``check_head`` refuses what begins as it should not.

    Raises:
        HTTPException: 400, 408, 413, 415 or 507, with one line.
    """
    _refuse_form(request)
    if int(request.headers.get("content-length", 0)) > options.max_bytes:
        raise _too_much(options)
    try:
        await _store(_steady(request.stream(), options), target, options, check_head)
    except ClientDisconnect as error:  # nobody is left to be answered
        raise HTTPException(400, "the upload was broken off") from error
    except OSError as error:
        raise HTTPException(507, f"the server cannot store the recording: {error.strerror}; try later") from error


def _refuse_form(request: Request) -> None:
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise HTTPException(415, "expected the video itself as the body, got a form: curl --data-binary @FILE, not -F")


def _too_much(options: ServerOptions) -> HTTPException:
    return HTTPException(413, f"expected at most {options.max_bytes / 1e6:.0f} MB: cut the recording")


async def _steady(parts: AsyncGenerator[bytes], options: ServerOptions) -> AsyncIterator[bytes]:
    """The parts, as long as they come at a pace at which they may go on.

    Raises:
        HTTPException: 408, with what was too slow.
    """
    loop, received = asyncio.get_running_loop(), 0
    began = loop.time()
    while True:
        left_s, reason = _patience(options, received, loop.time() - began)
        try:
            part = await asyncio.wait_for(anext(parts), left_s)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            raise HTTPException(408, f"{reason}: upload it again") from error
        received += len(part)
        yield part


def _patience(options: ServerOptions, received: int, elapsed_s: float) -> tuple[float, str]:
    """How long the next part may take, and what is wrong where it takes longer."""
    rate, grace_s = options.min_bytes_per_s, options.slow_start_s
    return min(
        (options.max_silence_s, f"nothing came for {options.max_silence_s:.0f} s"),
        (grace_s + received / rate - elapsed_s, f"expected at least {rate / 1000:.0f} kB a second"),
        (options.max_upload_s - elapsed_s, f"expected an upload of at most {options.max_upload_s / 60:.0f} minutes"),
    )


async def _store(
    parts: AsyncIterator[bytes], target: Path, options: ServerOptions, check_head: Callable[[bytes], None]
) -> None:
    received, head = 0, b""
    with target.open("wb") as stored:
        async for part in parts:
            received += len(part)
            if received > options.max_bytes:
                raise _too_much(options)
            if len(head) < HEAD_BYTES:
                head += part[: HEAD_BYTES - len(head)]
                if len(head) == HEAD_BYTES:
                    check_head(head)
            stored.write(part)
    check_head(head)


def refuse_no_rows(head: bytes) -> None:
    """Refuse what is no landmarks, by its first bytes: a video, or less than a row."""
    if container_of(head) is not None or len(head) < HEAD_BYTES:
        raise HTTPException(415, "expected rows of landmarks, got something else: send videos to /api/sessions")


def refuse_no_video(head: bytes) -> None:
    """Refuse what is no video, by its first bytes."""
    if container_of(head) is None:
        raise HTTPException(415, f"expected a video ({ACCEPTED}), got something else: choose another file")


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
