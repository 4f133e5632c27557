"""The application: pages, the API under ``/api`` and its description at ``/docs``."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import resources
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI, Request, WebSocket
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from formcheck.web import live_socket as live
from formcheck.web import sessions
from formcheck.web.jobs import JobBoard
from formcheck.web.options import ServerOptions
from formcheck.web.security import guarded

#: How often it is looked for files that have been kept long enough, in seconds.
_SWEEP_EVERY_S = 30.0
STATIC = Path(str(resources.files("formcheck.web") / "static"))


def create_app(options: ServerOptions) -> ASGIApp:
    """The guarded application. ``options.folder`` must exist and belong to this server alone."""
    board = JobBoard(options)

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

    app = FastAPI(
        title="formcheck",
        version=version("formcheck"),
        description="Squat and lunge form in video, with numbers.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        lifespan=running,
    )
    app.state.board, app.state.live_sets = board, set[WebSocket]()
    app.add_exception_handler(RequestValidationError, _in_one_line)
    app.include_router(sessions.routes)
    app.include_router(live.routes)
    for address, page in (("/", "index.html"), ("/live", "live.html"), ("/docs", "docs.html")):
        app.add_api_route(address, _page(page), include_in_schema=False, response_class=FileResponse)
    app.mount("/static", StaticFiles(directory=STATIC))
    return guarded(with_head(app), options)


async def _in_one_line(_: Request, error: Exception) -> JSONResponse:
    """What is wrong with the parameters of a request, as every other refusal is told."""
    wrong = error.errors() if isinstance(error, RequestValidationError) else []
    told = "; ".join(f"{one['loc'][-1]}: {one['msg']}, got {one['input']!r}" for one in wrong)
    return JSONResponse({"detail": told}, 422)


def _page(name: str):  # type: ignore[no-untyped-def]  # FastAPI reads the inner function's own types
    async def page() -> FileResponse:
        return FileResponse(STATIC / name)

    return page


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
