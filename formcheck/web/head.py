"""HEAD is answered wherever GET is, as HTTP wants it and FastAPI does not by itself."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send


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
