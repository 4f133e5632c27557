"""What makes a phone in the same network a camera: https on this machine's address, and how to get there.

The page ``/phone`` offers the authority for installation and says how.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import segno
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

routes = APIRouter()


@dataclass(frozen=True, slots=True)
class Tls:
    """The files of the certificate and its key, its fingerprint, and the authority as phones install it."""

    certificate: Path
    key: Path
    fingerprint: str
    authority_der: bytes


@routes.get("/authority.crt", include_in_schema=False)
async def authority(request: Request) -> Response:
    """The authority's certificate, for installation; there is one with ``--phone`` only."""
    der: bytes | None = request.app.state.authority_der
    if der is None:
        raise HTTPException(404, "there is an authority with formcheck serve --phone only")
    return Response(der, media_type="application/x-x509-ca-cert")


def screen(address: str, token: str, fingerprint: str) -> str:
    """What the terminal shows: the code to scan, and what the phone's browser will say."""
    live = f"{address}/live?token={token}"
    drawn = io.StringIO()
    segno.make(live, error="l").terminal(out=drawn, border=2, compact=True)
    return f"""{drawn.getvalue()}
formcheck serves {live}  (Ctrl-C ends it)

1. The phone is in the same network as this machine. Scan the code with its camera and open the address.
2. The phone warns that the connection is not private: the certificate was made on this machine, and no company vouches
   for it. You may go on if its fingerprint (SHA-256) is
   {fingerprint}
   Chrome: Advanced, Proceed. Safari: Show Details, visit this website. Firefox: Advanced, Accept.
3. To be warned no more, and to have the page offline, open {address}/phone on the phone.
   It offers formcheck's own authority, which can vouch for home networks only, and says how to install and remove it.
"""
