"""What every request must have and every answer carries; pure ASGI, so that WebSockets are covered too.

Web pages elsewhere can make a browser send requests to this machine. So a request is refused whose Host header is not
one of ours (a foreign name that was made to point here; Starlette looks at it), and one that changes something or opens
a WebSocket if its Origin is not the host it was sent to. Nothing is ever allowed across origins.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from formcheck.web.options import ServerOptions

COOKIE = "formcheck"
_SAFE = {"GET", "HEAD", "OPTIONS"}

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
#: Of the worker that finds joints. ``connect-src`` also stops what MediaPipe would send its maker when it is closed.
WORKER_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "connect-src 'self'",
        "img-src 'self'",
        "worker-src 'self'",
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


def guarded(app: ASGIApp, options: ServerOptions) -> ASGIApp:
    """The application, with what is not for it refused and the headers on every answer."""
    names = options.host_names or {"*"}
    return _Headers(TrustedHostMiddleware(_Guard(app, options), sorted(names), www_redirect=False))


class _Headers:
    """Adds the headers to whatever answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, WebSocket or the lifespan."""
        await self._app(scope, receive, _with_headers(send))


class _Guard:
    """Refuses who comes from another page, or has no token."""

    def __init__(self, app: ASGIApp, options: ServerOptions) -> None:
        self._app, self._options = app, options

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, WebSocket or the lifespan."""
        refusal = self._refusal(scope) if scope["type"] in {"http", "websocket"} else None
        if refusal is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await _close(send)
        else:
            await refusal(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        changes = scope["type"] == "websocket" or scope["method"] not in _SAFE
        if changes and origin is not None and origin.partition("://")[2] != headers.get("host", ""):
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
            answer = RedirectResponse("/" + scope["path"].lstrip("/\\") + rest, 303)  # //name would be another host
            answer.set_cookie(
                COOKIE, token, httponly=True, samesite="strict", secure=scope["scheme"] in {"https", "wss"}
            )
            return answer
        return PlainTextResponse("expected the token: open the address that the server printed, with ?token=...", 401)


def client_of(connection: HTTPConnection) -> str:
    """Whose turn it is: the address, of IPv6 its network, in which one client has as many addresses as it likes."""
    host = connection.client.host if connection.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:  # a test's, or a socket without addresses
        return host
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else host


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
