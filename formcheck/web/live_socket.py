"""``/api/live``: pictures of the browser's camera, or the landmarks that it found in them, come over a WebSocket; what
to show goes back.

``?sends=landmarks`` says that landmarks will come, ``?over=ID`` that the set ID of the same browser is to end for this
one. The browser sends a first text message with the settings and gets ``{"ready", "id"}``, the id of the session in
which the set will end. It then sends binary messages: the time in seconds, little-endian double, then a JPEG; or a few
rows as :mod:`formcheck.web.landmark_rows` has them, which begin with the time too. The newest picture wins: one that
comes while another is looked at replaces the one that waits. Rows wait for each other, since no judgement can do
without them. Both may come in one set, of one size. ``{"do": "baseline"}`` or ``{"do": "end"}`` may come at any time.
Times may begin anywhere, but run no further than a set may last; a message with another time is answered by
``{"error"}`` and goes no further.
"""

from __future__ import annotations

import asyncio
import json
import struct
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Query, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ValidationError

from formcheck.checks.stated import ExerciseWord, ProfileName, ViewWord
from formcheck.frames.jpeg import MAX_PIXELS
from formcheck.machine.pipes import Connection
from formcheck.web.child import Child
from formcheck.web.jobs import PAGE, JobBoard, State, UploadJob
from formcheck.web.landmark_rows import ROW
from formcheck.web.live_analysis import analyse_live
from formcheck.web.live_places import LivePlaces, Place, Sends
from formcheck.web.options import MOST_PICTURES_A_SECOND

_TIME = struct.Struct("<d")
_MAX_PICTURE_BYTES = 2_000_000
#: Begins every JPEG; no row has it behind its time, for no picture is 55,551 pixels wide.
_JPEG = b"\xff\xd8"
#: Messages of rows that wait, and rows in one of them.
_MOST_ROWS, _MOST_TOGETHER = 180, 12
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


class _EndedError(Exception):
    """The set is over before its time; the text says why."""


routes = APIRouter()


@routes.websocket("/api/live")
async def live(
    socket: WebSocket, sends: Sends = Sends.PICTURES, over: Annotated[str | None, Query(max_length=64)] = None
) -> None:
    """One live set, from the settings to the report."""
    await socket.accept()
    board: JobBoard = socket.app.state.board
    places: LivePlaces = socket.app.state.live_places
    if over is not None:
        await places.take_over(over)
    place = places.take(socket, sends)  # nothing is awaited until it is taken: who connects meanwhile finds it so
    if place is None:
        await socket.close(BUSY, "somebody else is live: try again when they have ended")
        return
    try:
        await _take_part(socket, board, places, place)
    finally:
        places.leave(socket)


async def _take_part(socket: WebSocket, board: JobBoard, places: LivePlaces, place: Place) -> None:
    try:
        first = await asyncio.wait_for(socket.receive_text(), _SETTINGS_WITHIN_S)
        told = LiveSettings.model_validate_json(first)
    except (ValidationError, KeyError, WebSocketDisconnect, TimeoutError):
        await _close(socket, WRONG, "expected the settings first, as JSON")
        return
    job = board.new("live set", {**told.model_dump(), "model": board.options.model})
    place.identity = job.id
    most = board.options.memory_bytes(MAX_PIXELS, int(board.options.max_live_s * MOST_PICTURES_A_SECOND))
    try:
        with Child(analyse_live, job.files, job.folder / PAGE, job.settings, memory_bytes=most) as child:
            await _train(_Set(socket, child.connection, board, job, lambda: places.may_send_pictures(place)), place)
    except (EOFError, OSError):
        await _close(socket, WRONG, "the analysis ended: begin another set")
    except WebSocketDisconnect:
        pass  # the page was closed before anything was counted: nothing is kept
    finally:
        if job.id not in board.jobs:
            board.discard(job)


async def _train(live_set: _Set, place: Place) -> None:
    """Until the set is ended; one that is too long, falls silent, lost its connection or goes on in another tab ends in
    its report too, and so does one that was left with repetitions counted.
    """
    try:
        await live_set.run(place.taken_over)
        await live_set.end()
    except _EndedError as ended:
        await live_set.end(str(ended))
    except WebSocketDisconnect as gone:
        if gone.code not in _LEFT:
            await live_set.write("the connection was lost")
        elif live_set.has_counted:
            await live_set.write("the page was left")
        else:
            raise


async def _close(socket: WebSocket, code: int, reason: str) -> None:
    try:
        await socket.close(code, reason)
    except RuntimeError:  # the other side has closed already
        return


class _Set:
    """One set: what came last from the browser, and the process that looks at it."""

    def __init__(
        self,
        socket: WebSocket,
        connection: Connection,
        board: JobBoard,
        job: UploadJob,
        may_send_pictures: Callable[[], bool],
    ) -> None:
        self._socket, self._connection = socket, connection
        self._board, self._job, self._may_send_pictures = board, job, may_send_pictures
        #: What came and was not looked at, with its number: one picture, or rows.
        self._waiting: deque[tuple[int, bytes]] = deque(maxlen=_MOST_ROWS)
        self._first_s: float | None = None
        self._orders: list[str] = []
        self._came = asyncio.Event()
        self._sending = threading.Lock()  # a picture may still be on its way to the process when the set ends
        self._received = self._looked_at = 0
        #: Whether a repetition was counted, so that there is something to keep.
        self.has_counted = False

    async def run(self, taken_over: asyncio.Event) -> None:
        """Until the browser ends the set.

        Raises:
            WebSocketDisconnect: It went away.
            _EndedError: The set took too long, fell silent, or goes on in another tab.
        """
        await self._socket.send_json({**await self._answer(), "id": self._job.id})
        tasks = [asyncio.create_task(work) for work in (self._receive(), self._look(), taken_over.wait())]
        longest_s = self._board.options.max_live_s
        try:
            done, _ = await asyncio.wait(tasks, timeout=longest_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
        if not tasks[1].cancelled() and tasks[1].exception() is None:
            return  # it was ended, and the page may be gone already
        for error in [task.exception() for task in tasks if not task.cancelled()]:
            if error is not None:
                raise error
        if not done:
            raise _EndedError(f"a live set may last {longest_s / 60:g} minutes")
        if tasks[2] in done:
            raise _EndedError("it went on in another tab")

    async def _receive(self) -> None:
        silence_s = self._board.options.max_silence_s
        while True:
            try:
                message = await asyncio.wait_for(self._socket.receive(), silence_s)
            except TimeoutError as error:
                raise _EndedError(f"nothing came for {silence_s:g} s") from error
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(message.get("code", 1000))
            if (content := message.get("bytes")) is not None:
                self._received += 1
                if not _are_rows(content):
                    self._waiting.clear()
                self._waiting.append((self._received, content))
            elif (order := _order(message.get("text") or "")) is not None:
                self._orders.append(order)
            self._came.set()

    async def _look(self) -> None:
        """Until the browser ends the set."""
        while True:
            await self._came.wait()
            self._came.clear()
            while self._orders or self._waiting:
                while self._orders:
                    if self._orders.pop(0) == "end":
                        return
                    await self._send("baseline")
                if self._waiting:
                    await self._look_at(*self._waiting.popleft())

    async def _look_at(self, number: int, content: bytes) -> None:
        seen = await self._seen(content)
        self._looked_at += 1
        self.has_counted = self.has_counted or seen.get("rep_count", 0) > 0
        await self._socket.send_json({**seen, "picture": number, "dropped": number - self._looked_at})

    async def _seen(self, content: bytes) -> dict[str, Any]:
        """What the process says of a picture or rows, or what is wrong with it already."""
        if not _TIME.size < len(content) <= _MAX_PICTURE_BYTES:
            return {"error": f"expected the time and a JPEG, of at most {_MAX_PICTURE_BYTES / 1e6:g} MB"}
        time_s: float = _TIME.unpack_from(content)[0]
        first_s = time_s if self._first_s is None else self._first_s
        if not (abs(time_s) <= _MAX_TIME_S and 0 <= time_s - first_s <= self._board.options.max_live_s):
            return {"error": "expected the time of the picture in seconds of this set: end it and begin another"}
        if _are_rows(content):
            await self._send("rows", time_s, content)
        elif self._may_send_pictures():
            await self._send("frame", time_s, content[_TIME.size :])
        else:
            return {"error": "other people's pictures are being looked at: try again when they have ended"}
        self._first_s = first_s
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
        with suppress(RuntimeError, WebSocketDisconnect):  # the page is gone; the report is there
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


def _are_rows(content: bytes) -> bool:
    count, rest = divmod(len(content), ROW.itemsize)
    return not rest and 0 < count <= _MOST_TOGETHER and not content.startswith(_JPEG, _TIME.size)


def _order(text: str) -> str | None:
    try:
        order = json.loads(text)
    except ValueError:
        return None
    wanted = order.get("do") if isinstance(order, dict) else None
    return wanted if wanted in {"baseline", "end"} else None
