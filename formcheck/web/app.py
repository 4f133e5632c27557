"""The application: pages, the API under ``/api`` and its description at ``/docs``."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import resources
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from formcheck.checks import stated
from formcheck.checks.profiles import PROFILE_NAMES
from formcheck.machine.faults import note_fault, tell_fault
from formcheck.web import library, phone, sessions, vision
from formcheck.web import live_socket as live
from formcheck.web.gone import gone_in_words
from formcheck.web.jobs import JobBoard
from formcheck.web.keeping import kept_board
from formcheck.web.live_places import LivePlaces
from formcheck.web.options import ServerOptions
from formcheck.web.security import guarded
from formcheck.web.store import SessionStore

#: How often it is looked for files that have been kept long enough, in seconds.
_SWEEP_EVERY_S = 30.0
_PAGES = {"/": "index.html", "/live": "live.html", "/docs": "docs.html", "/phone": "phone.html"}
STATIC = Path(str(resources.files("formcheck.web") / "static"))


def create_app(options: ServerOptions, authority_der: bytes | None = None) -> ASGIApp:
    """The guarded application. ``options.folder`` must exist and belong to this server alone; ``authority_der`` is what
    phones may install, where the server has an authority of its own.
    """
    store = SessionStore(options.folder) if options.keeps else None
    board = kept_board(options, store) if store else JobBoard(options)

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(board.work()), asyncio.create_task(_sweep(board))]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task
            if store is not None:
                store.close()

    app = FastAPI(
        title="formcheck",
        version=version("formcheck"),
        description="Squat and lunge form in video, with numbers.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        lifespan=running,
    )
    app.state.board, app.state.store, app.state.live_places = board, store, LivePlaces(options)
    app.state.authority_der = authority_der
    app.state.vision = vision.Vision(options.model)
    app.add_exception_handler(RequestValidationError, _in_one_line)
    app.add_exception_handler(Exception, _own_fault)
    app.add_exception_handler(HTTPException, gone_in_words)
    app.include_router(library.routes)
    app.include_router(sessions.routes)
    app.include_router(live.routes)
    app.include_router(vision.routes)
    app.include_router(phone.routes)
    _add_pages(app)
    return guarded(with_head(without_traces(app)), options)


def _add_pages(app: FastAPI) -> None:
    for address, page in _PAGES.items():
        app.add_api_route(address, _page(page), include_in_schema=False, response_class=HTMLResponse)
    app.add_api_route("/sw.js", _service_worker, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=STATIC))


async def _in_one_line(_: Request, error: Exception) -> JSONResponse:
    """What is wrong with the parameters of a request, as every other refusal is told."""
    wrong = error.errors() if isinstance(error, RequestValidationError) else []
    told = "; ".join(f"{one['loc'][-1]}: {one['msg']}, got {one['input']!r}" for one in wrong)
    return JSONResponse({"detail": told}, 422)


async def _own_fault(_: Request, error: Exception) -> JSONResponse:
    """An error that nobody expected, for who asked: without a path of this machine."""
    return JSONResponse({"detail": note_fault(error, "answering").summary}, 500)


def without_traces(app: ASGIApp) -> ASGIApp:
    """The application, whose unexpected errors are told to who runs the server in one line each, and go no further."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except Exception as error:
            if scope["type"] == "lifespan":
                raise
            tell_fault(error, "answering")

    return answer


async def _service_worker() -> FileResponse:
    """At the top, for it may answer for no page above its own address."""
    return FileResponse(STATIC / "sw.js", media_type="text/javascript")


def _page(name: str):  # type: ignore[no-untyped-def]  # FastAPI reads the inner function's own types
    async def page() -> HTMLResponse:
        return HTMLResponse(_with_choices((STATIC / name).read_text(encoding="utf-8")))

    return page


def _with_choices(text: str) -> str:
    """A page with the words that may be stated in its lists, where it has any; ``auto`` stands there already."""
    lists = {"exercises": stated.exercises(), "views": stated.VIEWS, "profiles": PROFILE_NAMES}
    for name, words in lists.items():
        options = (f'<option value="{word}">{word.replace("_", " ")}</option>' for word in words if word != "auto")
        text = text.replace(f"<!-- {name} -->", "".join(options))
    return text


async def _sweep(board: JobBoard) -> None:
    while True:
        await asyncio.sleep(_SWEEP_EVERY_S)
        board.remove_old(time.monotonic())


def with_head(app: ASGIApp) -> ASGIApp:
    """The application, asked for HEAD as for GET, and answering without the body then."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_bodiless(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        if scope["type"] == "http" and scope["method"] == "HEAD":
            await app({**scope, "method": "GET"}, receive, send_bodiless)
        else:
            await app(scope, receive, send)

    return answer
