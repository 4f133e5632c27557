"""Connections that cost nothing while nobody asks for anything: only so many, and none that keeps us waiting."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol


def connection_class(most: int, head_s: float) -> type[H11Protocol]:
    """What uvicorn makes of a connection, with these limits."""
    return type("Connection", (_Connection,), {"most": most, "head_s": head_s})


class _Connection(H11Protocol):
    """A connection that is closed where no whole head of a request came for ``head_s`` seconds, or ``most`` are open.

    uvicorn has a time for a connection that is idle, and none for one that sends its head byte by byte.
    """

    most: ClassVar[int]
    head_s: ClassVar[float]
    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        super().connection_made(transport)
        if len(self.connections) > self.most:
            transport.abort()
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def handle_websocket_upgrade(self, event: Any) -> None:
        self._stop()
        super().handle_websocket_upgrade(event)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def _watch(self) -> None:
        """Wait for a head where no request is being answered; what came of it so far gives no further time."""
        if (self.cycle is not None and not self.cycle.response_complete) or self.transport.is_closing():
            self._stop()
        elif self._waiting is None and self.transport.get_protocol() is self:
            self._waiting = self.loop.call_later(self.head_s, self.transport.abort)

    def _stop(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
