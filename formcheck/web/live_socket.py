"""``/api/live``: pictures of the browser's camera come over a WebSocket, what to show goes back.

The newest picture wins: one that comes while another is looked at replaces the one that waits. The browser sends a
first text message with the settings and gets ``{"ready", "id"}``, the id of the session in which the set will end.
It then sends binary messages (8 bytes: the picture's time in seconds, little-endian
double; then a JPEG), and may send
``{"do": "baseline"}`` or ``{"do": "end"}``. Times may begin anywhere, but run no further than a set may last; a picture
with another time is answered by ``{"error"}`` and goes no further.
"""

from __future__ import annotations

import asyncio
import json
import struct
import threading
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ValidationError

from formcheck.checks.stated import ExerciseWord, ProfileName, ViewWord
from formcheck.frames.jpeg import MAX_PIXELS
from formcheck.machine.pipes import Connection
from formcheck.web.child import Child
from formcheck.web.jobs import PAGE, JobBoard, State, UploadJob
from formcheck.web.live_analysis import analyse_live
from formcheck.web.options import MOST_PICTURES_A_SECOND, ServerOptions

_TIME = struct.Struct("<d")
_MAX_PICTURE_BYTES = 2_000_000
#: Where a set's times may begin: the seconds since 1970 of any day, and far from where doubles no longer tell frames.
_MAX_TIME_S = 1e10
_ANSWERS_WITHIN_S = 60.0
_SETTINGS_WITHIN_S = 10.0
#: Codes of closing, from the range for applications.
BUSY, WRONG = 4001, 4002
#: Codes with which a browser says that the page was left; others mean that the connection was lost (RFC 6455, 7.4.1).
_LEFT = frozenset({1000, 1001})


class LiveSettings(BaseModel):
    """The first message of a live set."""

    exercise: ExerciseWord = "auto"
    view: ViewWord = "auto"
    profile: ProfileName = "standard"


class _SilentError(Exception):
    """Nothing came for so long that the place is somebody else's."""


routes = APIRouter()


@routes.websocket("/api/live")
async def live(socket: WebSocket) -> None:
    """One live set, from the settings to the report."""
    await socket.accept()
    board: JobBoard = socket.app.state.board
    running: set[WebSocket] = socket.app.state.live_sets
    if len(running) >= board.options.max_live:
        await socket.close(BUSY, "somebody else is live: try again when they have ended")
        return
    running.add(socket)  # before anything is awaited: who connects meanwhile must find the place taken
    try:
        await _take_part(socket, board)
    finally:
        running.discard(socket)


async def _take_part(socket: WebSocket, board: JobBoard) -> None:
    try:
        first = await asyncio.wait_for(socket.receive_text(), _SETTINGS_WITHIN_S)
        told = LiveSettings.model_validate_json(first)
    except (ValidationError, KeyError, WebSocketDisconnect, TimeoutError):
        await _close(socket, WRONG, "expected the settings first, as JSON")
        return
    job = board.new("live set", {**told.model_dump(), "model": board.options.model})
    most = board.options.memory_bytes(MAX_PIXELS, int(board.options.max_live_s * MOST_PICTURES_A_SECOND))
    try:
        with Child(analyse_live, job.files, job.folder / PAGE, job.settings, memory_bytes=most) as child:
            await _train(_Set(socket, child.connection, board, job), board.options)
    except (EOFError, OSError):
        await _close(socket, WRONG, "the analysis ended: begin another set")
    except WebSocketDisconnect:
        pass  # the page was closed: nothing is kept
    finally:
        if job.id not in board.jobs:
            board.discard(job)


async def _train(live_set: _Set, options: ServerOptions) -> None:
    """Until the set is ended; one that is too long, or falls silent, or lost its connection, ends in its report too."""
    try:
        await asyncio.wait_for(live_set.run(), options.max_live_s)
    except TimeoutError:
        await live_set.end(f"a live set may last {options.max_live_s / 60:g} minutes")
    except _SilentError:
        await live_set.end(f"nothing came for {options.max_silence_s:g} s")
    except WebSocketDisconnect as gone:
        if gone.code in _LEFT:
            raise
        await live_set.write("the connection was lost")


async def _close(socket: WebSocket, code: int, reason: str) -> None:
    try:
        await socket.close(code, reason)
    except RuntimeError:  # the other side has closed already
        return


class _Set:
    """One set: what came last from the browser, and the process that looks at it."""

    def __init__(self, socket: WebSocket, connection: Connection, board: JobBoard, job: UploadJob) -> None:
        self._socket, self._connection = socket, connection
        self._board, self._job = board, job
        self._newest: tuple[int, bytes] | None = None
        self._first_s: float | None = None
        self._orders: list[str] = []
        self._came = asyncio.Event()
        self._sending = threading.Lock()  # a picture may still be on its way to the process when the set ends
        self._received = self._looked_at = 0

    async def run(self) -> None:
        """Until the browser ends the set or goes away."""
        await self._socket.send_json({**await self._answer(), "id": self._job.id})
        receiving = asyncio.create_task(self._receive())
        looking = asyncio.create_task(self._look())
        try:
            done, _ = await asyncio.wait({receiving, looking}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in (receiving, looking):
                task.cancel()
            await asyncio.gather(receiving, looking, return_exceptions=True)

    async def _receive(self) -> None:
        while True:
            try:
                message = await asyncio.wait_for(self._socket.receive(), self._board.options.max_silence_s)
            except TimeoutError as error:
                raise _SilentError from error
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(message.get("code", 1000))
            if (picture := message.get("bytes")) is not None:
                self._received += 1
                self._newest = (self._received, picture)
            elif (order := _order(message.get("text") or "")) is not None:
                self._orders.append(order)
            self._came.set()

    async def _look(self) -> None:
        while True:
            await self._came.wait()
            self._came.clear()
            while self._orders:
                if self._orders.pop(0) == "end":
                    await self.end()
                    return
                await self._send("baseline")
            if self._newest is not None:
                (number, picture), self._newest = self._newest, None
                seen = await self._seen(picture)
                self._looked_at += 1
                dropped = number - self._looked_at
                await self._socket.send_json({**seen, "picture": number, "dropped": dropped})

    async def _seen(self, picture: bytes) -> dict[str, Any]:
        """What the process says of a picture, or what is wrong with it already."""
        if not _TIME.size < len(picture) <= _MAX_PICTURE_BYTES:
            return {"error": f"expected the time and a JPEG, of at most {_MAX_PICTURE_BYTES / 1e6:g} MB"}
        time_s: float = _TIME.unpack_from(picture)[0]
        first_s = time_s if self._first_s is None else self._first_s
        if not (abs(time_s) <= _MAX_TIME_S and 0 <= time_s - first_s <= self._board.options.max_live_s):
            return {"error": "expected the time of the picture in seconds of this set: end it and begin another"}
        self._first_s = first_s
        await self._send("frame", time_s, picture[_TIME.size :])
        return await self._answer()

    async def _send(self, *message: Any) -> None:
        def send() -> None:
            with self._sending:
                self._connection.send(message)

        await asyncio.to_thread(send)

    async def end(self, cut_short: str | None = None) -> None:
        """Write the files, tell the page where the report is and part; ``cut_short`` as in :meth:`write`."""
        error = await self.write(cut_short)
        ending = {"ended": True, "id": None, "report": None, "error": error}
        if self._job.id in self._board.jobs:
            ending |= {"id": self._job.id, "report": f"/api/sessions/{self._job.id}/report"}
        await self._socket.send_json(ending)
        await self._socket.close()

    async def write(self, cut_short: str | None = None) -> str | None:
        """Have the files written, and keep them on the board if there was enough to write; what went wrong, if so.

        ``cut_short`` is why the set ended before its time; the report then calls it incomplete.
        """
        await self._send("end", cut_short)
        answer = await self._answer()
        while "picture_s" in answer:  # of a picture that was being looked at
            answer = await self._answer()
        if answer.get("reps") is not None:
            self._job.end(State.DONE)
            self._board.add(self._job)
        error: str | None = answer.get("error")
        return error

    async def _answer(self) -> dict[str, Any]:
        if not await asyncio.to_thread(self._connection.poll, _ANSWERS_WITHIN_S):
            raise EOFError
        answer: dict[str, Any] = self._connection.recv()
        return answer


def _order(text: str) -> str | None:
    try:
        order = json.loads(text)
    except ValueError:
        return None
    wanted = order.get("do") if isinstance(order, dict) else None
    return wanted if wanted in {"baseline", "end"} else None
