"""``/api/sessions``: a video or its landmarks come in, a report comes out."""

from __future__ import annotations

import asyncio
import math
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import FileResponse, HTMLResponse
from pydantic import BaseModel, Field

from formcheck.checks.stated import ExerciseWord, ProfileName, ViewWord
from formcheck.machine.paths import data_path, printable
from formcheck.measures.stature import LEAST_CM, MOST_CM
from formcheck.results.folder import ANNOTATED, OURS, is_of_recording
from formcheck.session import session_name
from formcheck.web.jobs import PAGE, JobBoard, State, UploadJob
from formcheck.web.receiving import refuse_no_rows, refuse_no_video, store_body
from formcheck.web.report_page import NONCE_MARK
from formcheck.web.security import client_of, new_nonce, page_policy

_NAME_LENGTH = 200
#: The clip that shows what a report is.
SAMPLE = "squat_front_knees_in_m_avg.mp4"
_ROWS_BODY = {
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    "required": True,
}
_VIDEO_BODY = {"content": {"video/*": {"schema": {"type": "string", "format": "binary"}}}, "required": True}


class SessionState(BaseModel):
    """How far a session is."""

    id: str = Field(description="Unguessable; whoever knows it may read and delete the session.")
    name: str = Field(description="The name that came with the video.")
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    position: int | None = Field(description="1 for the next one in the queue; null if it is not waiting.")
    stage: str = Field(description="decoding, landmarks, people, athlete, drawing or report; empty before.")
    progress: float = Field(description="0 to 1, of the whole analysis.")
    seconds_left: float | None = Field(description="At the pace so far; null where that cannot be told yet.")
    error: str | None = Field(description="One line: what was expected, what came, what to do.")
    files: list[str] = Field(description="Names for /files/{name}.")
    joins: list[str] = Field(description="Ids of the recordings that it is the one report of; empty of a recording.")
    removed_in_s: float | None = Field(
        description="Seconds until everything of it is removed; null while it runs, or if never."
    )


class Joining(BaseModel):
    """Which recordings are one session."""

    sessions: Annotated[list[str], Field(min_length=2, max_length=2, description="Ids, of front and side.")]
    name: Annotated[str, Field(max_length=_NAME_LENGTH, description="What to call it; made of theirs if empty.")] = ""


Exercise = Annotated[ExerciseWord, Query(description="What is done; auto recognises it.")]
View = Annotated[ViewWord, Query(description="Where the camera stands; auto recognises it.")]
Profile = Annotated[ProfileName, Query(description="Which limits judge.")]
Height = Annotated[float | None, Query(ge=LEAST_CM, le=MOST_CM, description="How tall the person is.")]
Name = Annotated[str, Query(description="What to call the recording.", max_length=_NAME_LENGTH)]

#: What an answer other than the wanted one means; each says so in one line, ``detail``.
_NOT_THERE: dict[int | str, dict[str, Any]] = {404: {"description": "No such session or file"}}
_NOT_DONE = _NOT_THERE | {409: {"description": "The session has no report, or none yet"}}
_NOT_TAKEN: dict[int | str, dict[str, Any]] = {
    400: {"description": "The upload was broken off"},
    408: {"description": "Nothing came any more, or too slowly"},
    413: {"description": "Too many bytes"},
    415: {"description": "No video, or no landmarks"},
    503: {"description": "Too many recordings are waiting, or on their way"},
    507: {"description": "The server's disk is full"},
}

_NOT_UNDERSTOOD: dict[int | str, dict[str, Any]] = {422: {"description": "A parameter is not one of those described"}}

routes = APIRouter(prefix="/api/sessions", tags=["sessions"], responses=_NOT_UNDERSTOOD)


async def _board(request: Request) -> JobBoard:
    board: JobBoard = request.app.state.board
    return board


Board = Annotated[JobBoard, Depends(_board)]


async def _found(identity: str, board: Board) -> UploadJob:
    job = board.jobs.get(identity)
    if job is None:
        raise HTTPException(404, "no such session: it was removed, or never there")
    return job


Found = Annotated[UploadJob, Depends(_found)]


async def _finished(job: Found) -> UploadJob:
    if job.state is not State.DONE:
        raise HTTPException(409, f"the session is {job.state}: there is no report")
    return job


Finished = Annotated[UploadJob, Depends(_finished)]


@routes.post("", status_code=201, responses=_NOT_TAKEN, openapi_extra={"requestBody": _VIDEO_BODY})
async def upload(
    request: Request,
    board: Board,
    *,
    name: Name = "recording",
    exercise: Exercise = "auto",
    view: View = "auto",
    profile: Profile = "standard",
    mirrored: Annotated[bool, Query(description="The pictures are mirror images, to be flipped back.")] = False,
    height_cm: Height = None,
) -> SessionState:
    """Upload a video as the body of the request and queue it."""
    settings = {"exercise": exercise, "view": view, "profile": profile, "mirrored": mirrored, "height_cm": height_cm}
    return await _received(request, board, name, settings, refuse_no_video)


@routes.post("/landmarks", status_code=201, responses=_NOT_TAKEN, openapi_extra={"requestBody": _ROWS_BODY})
async def landmarks(
    request: Request,
    board: Board,
    *,
    name: Name = "recording",
    exercise: Exercise = "auto",
    view: View = "auto",
    profile: Profile = "standard",
    mirrored: Annotated[bool, Query(description="The pictures were mirror images and were flipped back.")] = False,
    height_cm: Height = None,
) -> SessionState:
    """Queue the landmarks of a recording that stays with who has it: rows of 804 bytes, one a picture, as
    `formcheck/web/landmark_rows.py` describes them, found with the model of `/api/vision`.
    """
    settings = {"exercise": exercise, "view": view, "profile": profile, "mirrored": mirrored, "height_cm": height_cm}
    return await _received(request, board, name, settings, refuse_no_rows)


async def _received(
    request: Request, board: JobBoard, name: str, settings: dict[str, Any], check_head: Callable[[bytes], None]
) -> SessionState:
    client = client_of(request)
    _refuse_without_room(board, client)
    if not board.may_send(client):
        raise HTTPException(503, "too many uploads are on their way: try again when some have ended")
    job = board.new(_own_name(name), settings | {"model": board.options.model}, client)
    job.holds_rows = check_head is refuse_no_rows
    board.incoming[job.id] = client
    try:
        await store_body(request, job.upload, board.options, check_head)
        _refuse_without_room(board, client)  # who was quicker may have taken the last place
    except BaseException:
        board.discard(job)
        raise
    finally:
        del board.incoming[job.id]
    board.add(job)
    return _told(board, job)


def _refuse_without_room(board: JobBoard, client: str) -> None:
    if not board.has_room(client):
        raise HTTPException(503, f"{len(board.waiting())} recordings are waiting: try again later")


@routes.post("/sample", status_code=201, responses=_NOT_THERE | _NOT_TAKEN)
async def sample(request: Request, board: Board) -> SessionState:
    """Queue a clip that came with formcheck, to see what a report is."""
    clip = data_path("sample_videos", SAMPLE)
    if not clip.is_file():
        raise HTTPException(404, "the sample clips are not here: install formcheck again")
    client = client_of(request)
    _refuse_without_room(board, client)
    settings = {"exercise": "auto", "view": "auto", "profile": "standard", "mirrored": False}
    job = board.new(SAMPLE, settings | {"model": board.options.model}, client)
    await asyncio.to_thread(shutil.copyfile, clip, job.upload)
    board.add(job)
    return _told(board, job)


@routes.post("/joined", status_code=201, responses=_NOT_THERE | _NOT_TAKEN)
async def joined(request: Request, board: Board, wanted: Joining) -> SessionState:
    """Queue one report of two recordings that were uploaded, the front and the side of a session; they may still
    be waiting for their own.
    """
    parts = [await _found(identity, board) for identity in wanted.sessions]
    client = client_of(request)
    _refuse_without_room(board, client)
    names = [part.name for part in parts]
    job = board.new(_own_name(wanted.name or session_name(names)), parts[0].settings, client)
    job.joins = tuple(wanted.sessions)
    board.add(job)
    return _told(board, job)


@routes.get("/{identity}", responses=_NOT_THERE)
async def state(board: Board, job: Found) -> SessionState:
    """How far the analysis is."""
    return _told(board, job)


@routes.delete("/{identity}", status_code=204, responses=_NOT_THERE)
async def delete(board: Board, job: Found) -> None:
    """Stop the analysis and remove everything of it at once."""
    board.discard(job)


@routes.get("/{identity}/report", response_class=HTMLResponse, responses=_NOT_DONE)
async def report(job: Finished) -> HTMLResponse:
    """The report as a page."""
    nonce = new_nonce()
    text = (job.folder / PAGE).read_text(encoding="utf-8").replace(NONCE_MARK, nonce)
    return HTMLResponse(text, headers={"Content-Security-Policy": page_policy(nonce)})


@routes.get("/{identity}/video", response_class=FileResponse, responses=_NOT_DONE)
async def video(job: Finished) -> FileResponse:
    """The annotated video; parts of it by Range."""
    return _file(job, ANNOTATED)


@routes.get("/{identity}/files/{name}", response_class=FileResponse, responses=_NOT_DONE)
async def file(name: str, job: Finished) -> FileResponse:
    """One of the files that ``formcheck analyze`` writes."""
    return _file(job, name, as_download=True)


@routes.get("/{identity}/files/{part}/{name}", response_class=FileResponse, responses=_NOT_DONE)
async def part_file(part: str, name: str, job: Finished) -> FileResponse:
    """One of the files of a recording of a session, such as ``side/annotated.mp4``."""
    path = job.files / part / name
    if not is_of_recording(part) or name not in OURS or not path.is_file():
        raise HTTPException(404, "no such file of this session")
    return FileResponse(path)


def _own_name(name: str) -> str:
    """The name without the folders that some programs send with it, by the separators of every system."""
    return printable(re.split(r"[/\\]", name)[-1]) or "recording"


def _told(board: JobBoard, job: UploadJob) -> SessionState:
    now, waiting = time.monotonic(), board.waiting()
    return SessionState(
        id=job.id,
        name=job.name,
        state=job.state.value,
        position=waiting.index(job) + 1 if job in waiting else None,
        stage=job.stage,
        progress=1.0 if job.state is State.DONE else job.progress,
        seconds_left=job.seconds_left(now),
        error=job.error,
        files=[name for name in OURS if (job.files / name).is_file()] if job.state is State.DONE else [],
        joins=list(job.joins),
        removed_in_s=_removed_in_s(board, job, now),
    )


def _removed_in_s(board: JobBoard, job: UploadJob, now: float) -> float | None:
    keep_s = board.options.keep_s
    return None if job.ended_at is None or math.isinf(keep_s) else max(keep_s - (now - job.ended_at), 0.0)


def _file(job: UploadJob, name: str, *, as_download: bool = False) -> FileResponse:
    if name not in OURS or not (job.files / name).is_file():
        raise HTTPException(404, f"expected one of {', '.join(n for n in OURS if (job.files / n).is_file())}")
    how: dict[str, Any] = {"filename": f"{Path(job.name).stem}-{name}"} if as_download else {}
    return FileResponse(job.files / name, **how)
