"""What every request must have and every answer carries; pure ASGI, so that WebSockets are covered too.

Web pages elsewhere can make a browser send requests to this machine. So a request is refused whose Host header is not
one of ours (a foreign name that was made to point here), and one that changes something or opens a WebSocket if its
Origin is not the host it was sent to. Nothing is ever allowed across origins.
"""

from __future__ import annotations

import hmac
import re
import secrets
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from formcheck.web.options import ServerOptions

COOKIE = "formcheck"
_SAFE = {"GET", "HEAD", "OPTIONS"}
_PORT = re.compile(r":\d+$")

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


class Guard:
    """Wraps an application: refuses what is not for it and adds the headers."""

    def __init__(self, app: ASGIApp, options: ServerOptions) -> None:
        self._app, self._options = app, options

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, WebSocket or the lifespan."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await (_close(send) if scope["type"] == "websocket" else refusal(scope, receive, _with_headers(send)))
            return
        await self._app(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self._options.host_names and _PORT.sub("", host) not in self._options.host_names:
            return PlainTextResponse("expected the name of this server in the Host header", 400)
        origin = headers.get("origin")
        changes = scope["type"] == "websocket" or scope["method"] not in _SAFE
        if changes and origin is not None and origin.partition("://")[2] != host:
            return PlainTextResponse("refused: the request comes from another page", 403)
        return self._without_token(scope, headers)

    def _without_token(self, scope: Scope, headers: Headers) -> Response | None:
        """The answer to who has not shown the token yet; it goes from the address into a cookie at once."""
        token = self._options.token
        if token is None or _same(_cookie(headers), token) or _same(_bearer(headers), token):
            return None
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        if scope["type"] == "http" and scope["method"] in _SAFE and _same(query.pop("token", ""), token):
            rest = f"?{urlencode(query)}" if query else ""
            answer = RedirectResponse(scope["path"] + rest, 303)
            answer.set_cookie(
                COOKIE, token, httponly=True, samesite="strict", secure=scope["scheme"] in {"https", "wss"}
            )
            return answer
        return PlainTextResponse("expected the token: open the address that the server printed, with ?token=...", 401)


def new_nonce() -> str:
    """For the style and script elements of one answer."""
    return secrets.token_urlsafe(16)


def page_policy(nonce: str) -> str:
    """The policy of a page whose own style and script elements carry a nonce."""
    return POLICY.replace("-src 'self';", f"-src 'self' 'nonce-{nonce}';", 2)


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in (*_HEADERS.items(), ("Content-Security-Policy", POLICY)):
                headers.setdefault(name, value)
        await send(message)

    return sending


async def _close(send: Send) -> None:
    await send({"type": "websocket.close", "code": 1008})


def _cookie(headers: Headers) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _bearer(headers: Headers) -> str:
    kind, _, value = headers.get("authorization", "").partition(" ")
    return value if kind.lower() == "bearer" else ""


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode(), token.encode())
