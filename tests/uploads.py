"""Uploads to a server within the test: an analysis that does as it is told, browsers that dawdle, time that jumps."""

from __future__ import annotations

import asyncio
import os
import selectors
import signal
import time
from collections.abc import Mapping, MutableMapping
from multiprocessing.connection import Connection
from typing import Any

from recordings import clean_squats
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from formcheck.analysis import Analysis, Settings, write_analysis
from formcheck.checks.judge_recording import analyze_poses
from formcheck.landmarks.recording import Recording, live_facts
from formcheck.web.options import ServerOptions
from formcheck.web.upload_analysis import Upload

MP4 = b"\x00\x00\x00\x20ftypisom" + bytes(500)
HOST = "http://localhost:8000"
LIVE = "ws://localhost:8000/api/live"


def quick(connection: Connection, upload: Upload, settings: Mapping[str, Any], limits: ServerOptions) -> None:
    """Stands in for the analysis; what it does is written in the video."""
    told = upload.video.read_bytes()[12:].strip(b"\x00").decode()
    connection.send({"stage": "landmarks", "progress": 0.5})
    if told == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if told == "fault":
        raise KeyError("never thought of")
    if told == "hang":
        time.sleep(60)
    while told == "work":
        pass
    if told == "wrong":
        connection.send({"error": "expected a video, got something else"})
        return
    upload.files.mkdir()
    (upload.files / "report.json").write_text("{}", encoding="utf-8")
    upload.page.write_text("<style nonce='formcheck-nonce-of-the-answer'></style>", encoding="utf-8")
    connection.send({"done": True})


def squats_by_name(connection: Connection, upload: Upload, settings: Mapping[str, Any], limits: ServerOptions) -> None:
    """Stands in for the analysis: squats from the side, or from the front, as the name says."""
    pose = clean_squats(2, yaw_deg=90.0 if "side" in upload.name else 0.0)
    recording = Recording(pose, live_facts(pose, upload.name, None), {"name": "full", "sha256": ""})
    write_analysis(Analysis(analyze_poses(pose), recording), upload.files, settings=Settings(write_page=False))
    (upload.files / "annotated.mp4").write_bytes(b"a video")
    upload.page.write_text("", encoding="utf-8")
    connection.send({"done": True})


def video(does: str = "") -> bytes:
    return MP4[:12] + does.encode() + bytes(500)


def ended(client: TestClient, identity: str) -> dict[str, Any]:
    """The state of a session once it is over."""
    for _ in range(1200):
        state: dict[str, Any] = client.get(f"/api/sessions/{identity}").json()
        if state["state"] not in {"queued", "running"}:
            return state
        time.sleep(0.05)
    raise AssertionError(f"never ended: {state}")


class Sender:
    """A browser that uploads a part of a video and then waits until it is told to break off, or to go on.

    ``client`` is its address. With ``every_s`` it sends a byte so often and never ends.
    """

    def __init__(
        self, application: ASGIApp, *, client: str = "192.0.2.1", every_s: float | None = None, **headers: str
    ) -> None:
        self._app, self._client, self._every_s = application, client, every_s
        self._headers = [(b"host", b"localhost"), *((k.lower().encode(), v.encode()) for k, v in headers.items())]
        self.body = b""
        self._gone, self._may_end = asyncio.Event(), asyncio.Event()
        self._messages = [{"type": "http.request", "body": MP4[:100], "more_body": True}]
        self.status: int | None = None

    async def upload(self) -> None:
        scope = {"type": "http", "method": "POST", "path": "/api/sessions", "query_string": b"", "scheme": "http"}
        scope["client"] = (self._client, 50_000)
        await self._app({**scope, "headers": self._headers}, self._receive, self._send)

    def break_off(self) -> None:
        self._gone.set()

    def end(self) -> None:
        """Let the rest of the video follow."""
        self._may_end.set()

    async def _receive(self) -> dict[str, Any]:
        if self._messages:
            return self._messages.pop()
        if self._every_s is not None:
            await asyncio.sleep(self._every_s)
            return {"type": "http.request", "body": b"x", "more_body": True}
        waits = {asyncio.create_task(event.wait()) for event in (self._gone, self._may_end)}
        _, others = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for other in others:
            other.cancel()
        if self._may_end.is_set():
            return {"type": "http.request", "body": MP4[100:], "more_body": False}
        return {"type": "http.disconnect"}

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        self.status = message.get("status", self.status)
        self.body += message.get("body", b"")


class JumpingLoop(asyncio.SelectorEventLoop):
    """A loop whose clock jumps to the next timer when everybody waits, so that an hour takes no time.

    Nothing may run in threads meanwhile: it would be overtaken.
    """

    def __init__(self) -> None:
        self._jumped_s = 0.0
        super().__init__(_Jumping(self))

    def time(self) -> float:
        return super().time() + self._jumped_s

    def jump(self, by_s: float) -> None:
        self._jumped_s += by_s


class _Jumping(selectors.DefaultSelector):  # type: ignore[valid-type,misc]  # which class it is, the system says
    def __init__(self, loop: JumpingLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready: list[tuple[selectors.SelectorKey, int]] = super().select(0 if timeout is not None else None)
        if not ready and timeout is not None:
            self._loop.jump(max(timeout, 0.0))
        return ready
