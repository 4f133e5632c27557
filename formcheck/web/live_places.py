"""Who is live: so many may send pictures, which take a core each, and many more landmarks, which take little."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum

from fastapi import WebSocket

from formcheck.web.options import ServerOptions

#: A set that another tab takes over is written within this time, or the other one does not get its place.
_PARTS_WITHIN_S = 20.0


class Sends(StrEnum):
    """What a live set sends."""

    PICTURES = "pictures"
    LANDMARKS = "landmarks"


@dataclass(eq=False, slots=True)
class Place:
    """One place; ``identity`` is the session's, once there is one, known to its own browser alone."""

    sends: Sends
    identity: str | None = None
    #: Set when another tab of the same person goes on instead.
    taken_over: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)


class LivePlaces:
    """The places of a server, by their connections."""

    def __init__(self, options: ServerOptions) -> None:
        self._most = {Sends.PICTURES: options.max_live, Sends.LANDMARKS: options.max_live_landmarks}
        self._places: dict[WebSocket, Place] = {}

    def take(self, socket: WebSocket, sends: Sends) -> Place | None:
        """A place for a connection; None where all are taken."""
        if not self._has_room(sends):
            return None
        self._places[socket] = Place(sends)
        return self._places[socket]

    def leave(self, socket: WebSocket) -> None:
        """Give the place back."""
        place = self._places.pop(socket, None)
        if place is not None:
            place.left.set()

    def may_send_pictures(self, place: Place) -> bool:
        """Whether a set may go on with pictures; one that sent landmarks moves, if there is room."""
        if place.sends is Sends.LANDMARKS and self._has_room(Sends.PICTURES):
            place.sends = Sends.PICTURES
        return place.sends is Sends.PICTURES

    async def take_over(self, identity: str) -> None:
        """End the set of this session, if there is one, and wait until it was written."""
        for place in list(self._places.values()):
            if place.identity == identity:
                place.taken_over.set()
                try:
                    await asyncio.wait_for(place.left.wait(), _PARTS_WITHIN_S)
                except TimeoutError:
                    return

    def _has_room(self, sends: Sends) -> bool:
        return sum(place.sends is sends for place in self._places.values()) < self._most[sends]
