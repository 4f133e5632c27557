"""The sessions that a server keeps: listed, searched, renamed, and one beside the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import FileResponse, HTMLResponse
from pydantic import BaseModel, Field

from formcheck.checks.exercises import NO_EXERCISE
from formcheck.errors import InputError
from formcheck.machine.paths import printable
from formcheck.pages.comparison import ProgressView, comparison_view, history_view, progress_policy, render_progress
from formcheck.progress.past_session import PastSession
from formcheck.results.past import open_past_session
from formcheck.web.jobs import JobBoard, State
from formcheck.web.report_page import THUMBNAIL
from formcheck.web.store import Kept, SessionStore

_LENGTH = 200
#: So many sessions are listed at most, the newest.
_LISTED = 500

routes = APIRouter(tags=["sessions"])


class Listed(BaseModel):
    """One session that is kept, in short."""

    id: str
    name: str
    athlete: str
    state: str
    at: str = Field(description="When it came, UTC.")
    exercise: str | None
    headline: str | None = Field(description="The verdict in a sentence; null before there is one.")
    verdict: str | None = Field(description="The worst on any fault.")
    score: float | None
    reps: int | None
    has_thumbnail: bool
    joins: list[str]


class Library(BaseModel):
    """All sessions, the newest first; none where the server keeps none."""

    kept: bool = Field(description="Whether sessions stay when the server ends.")
    keep_s: float | None = Field(description="After so many seconds a session is removed; null if never.")
    sessions: list[Listed]


class Change(BaseModel):
    """What to call a session, and whose it is; null leaves it."""

    name: Annotated[str | None, Field(min_length=1, max_length=_LENGTH)] = None
    athlete: Annotated[str | None, Field(max_length=_LENGTH)] = None


async def _store(request: Request) -> SessionStore:
    store: SessionStore | None = request.app.state.store
    if store is None:
        raise HTTPException(404, "this server keeps no sessions: start it with --folder")
    return store


async def _board(request: Request) -> JobBoard:
    board: JobBoard = request.app.state.board
    return board


Store = Annotated[SessionStore, Depends(_store)]
Board = Annotated[JobBoard, Depends(_board)]


@routes.get("/api/sessions")
async def listed(
    request: Request,
    board: Board,
    search: Annotated[str, Query(max_length=_LENGTH, description="Words of name, athlete, exercise or day.")] = "",
) -> Library:
    """The sessions that are kept."""
    store: SessionStore | None = request.app.state.store
    keep_s = board.options.keep_s if board.options.keep_s < float("inf") else None
    found = [kept for kept in store.all() if kept.id in board.jobs and _matches(kept, search)] if store else []
    told = [_told(kept, board) for kept in reversed(found[-_LISTED:])]
    return Library(kept=store is not None, keep_s=keep_s, sessions=told)


def _matches(kept: Kept, search: str) -> bool:
    day = datetime.fromtimestamp(kept.created_at, UTC).date().isoformat()
    words = f"{kept.name} {kept.athlete} {kept.exercise or ''} {day}".casefold()
    return all(word in words for word in search.casefold().split())


def _told(kept: Kept, board: JobBoard) -> Listed:
    job = board.jobs[kept.id]
    return Listed(
        id=kept.id,
        name=kept.name,
        athlete=kept.athlete,
        state=job.state.value,
        at=datetime.fromtimestamp(kept.created_at, UTC).isoformat(timespec="seconds"),
        exercise=kept.exercise,
        headline=kept.headline,
        verdict=kept.verdict,
        score=kept.score,
        reps=kept.reps,
        has_thumbnail=(job.folder / THUMBNAIL).is_file(),
        joins=list(kept.joins),
    )


_NOT_THERE: dict[int | str, dict[str, str]] = {404: {"description": "No such session, or no picture of it"}}


@routes.patch("/api/sessions/{identity}", status_code=204, responses=_NOT_THERE)
async def change(identity: str, board: Board, store: Store, wanted: Change) -> None:
    """Rename a session, or say whose it is."""
    if identity not in board.jobs:
        raise HTTPException(404, "no such session: it was removed, or never there")
    told = {name: printable(text.strip()) for name, text in wanted.model_dump(exclude_none=True).items()}
    if told.get("name") == "":
        raise HTTPException(422, "expected a name, got none")
    if "name" in told:
        board.jobs[identity].name = told["name"]
    if told:
        store.say(identity, **told)


@routes.get("/api/sessions/{identity}/thumbnail", response_class=FileResponse, responses=_NOT_THERE)
async def thumbnail(identity: str, board: Board) -> FileResponse:
    """A small picture of the session."""
    job = board.jobs.get(identity)
    if job is None or not (job.folder / THUMBNAIL).is_file():
        raise HTTPException(404, "no picture of this session")
    return FileResponse(job.folder / THUMBNAIL, media_type="image/jpeg")


@routes.get("/compare", include_in_schema=False)
async def compare(board: Board, store: Store, before: str, after: str) -> HTMLResponse:
    """Two sessions of one exercise as a page."""
    both = [await asyncio.to_thread(_past, board, store, identity) for identity in (before, after)]
    return await _page(lambda: comparison_view(both[0], both[1]))


@routes.get("/history", include_in_schema=False)
async def history(board: Board, store: Store, athlete: str) -> HTMLResponse:
    """All sessions of one athlete as a page."""
    name = athlete.strip()
    wanted = [kept for kept in store.all() if name and kept.athlete.casefold() == name.casefold()]
    done = [kept.id for kept in _without_parts(wanted) if kept.id in board.jobs and _is_done(board, kept.id)]
    sessions = [await asyncio.to_thread(_past, board, store, identity) for identity in done]
    sessions = [one for one in sessions if one.exercise != NO_EXERCISE.name]
    if not sessions:
        raise HTTPException(404, f"no session of {name or 'nobody'} with an exercise that is judged")
    return await _page(lambda: history_view(name, sessions))


def _is_done(board: JobBoard, identity: str) -> bool:
    return board.jobs[identity].state is State.DONE


def _without_parts(sessions: Iterable[Kept]) -> list[Kept]:
    """The sessions without the recordings of which one of them is the joint report."""
    given = list(sessions)
    parts = {part for kept in given for part in kept.joins}
    return [kept for kept in given if kept.id not in parts]


def _past(board: JobBoard, store: SessionStore, identity: str) -> PastSession:
    job, kept = board.jobs.get(identity), store.get(identity)
    if job is None or kept is None or job.state is not State.DONE:
        raise HTTPException(404, "no such session with a report: it was removed, or never there")
    past = open_past_session(str(job.files))
    at = datetime.fromtimestamp(kept.created_at, UTC).replace(tzinfo=None)
    return replace(past, name=job.name, athlete=kept.athlete or None, at=at, is_dated=True)


async def _page(make: Callable[[], ProgressView]) -> HTMLResponse:
    try:
        text = await asyncio.to_thread(lambda: render_progress(make()))
    except InputError as error:
        raise HTTPException(409, str(error)) from error
    return HTMLResponse(text, headers={"Content-Security-Policy": progress_policy()})
