"""What a browser needs to find joints itself: the worker, the code of others and the pose model.

The heavy files have their digest in their address, so that a browser keeps them for good.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse

from formcheck.landmarks.models import Model, resolve_model
from formcheck.web.browser_code import PACKAGES, Taken, missing, place_of
from formcheck.web.security import WORKER_POLICY

_FOR_GOOD = {"Cache-Control": "private, max-age=31536000, immutable"}
_TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm"}
_WORKER = "landmarker.js"

routes = APIRouter()


class Vision:
    """The files of a server, by the addresses at which browsers find them; none where the code of others is missing."""

    def __init__(self, model_name: str) -> None:
        self.addresses: dict[str, str] = {}
        self.sizes: dict[str, int] = {}
        self._files: dict[tuple[str, str], Path] = {}
        if missing():
            return
        for package in PACKAGES:
            for file in package.files:
                self._add(file, place_of(file))
        model: Model = resolve_model(model_name)
        self._add(Taken("model.task", model.sha256, model.path.stat().st_size), model.path)

    def _add(self, file: Taken, path: Path) -> None:
        name = Path(file.member).name
        self.addresses[name] = f"/static/heavy/{file.sha256[:16]}/{name}"
        self.sizes[name] = file.size
        self._files[file.sha256[:16], name] = path

    def path(self, digest: str, name: str) -> Path:
        """Where a file lies.

        Raises:
            HTTPException: 404, there is no such file.
        """
        if (digest, name) not in self._files:
            raise HTTPException(404, "no such file")
        return self._files[digest, name]


@routes.get("/api/vision")
async def vision(request: Request) -> dict[str, Any]:
    """Addresses and bytes of what finds joints in the browser, by file; both empty where the server has none of it."""
    found: Vision = request.app.state.vision
    return {"addresses": found.addresses, "bytes": found.sizes}


@routes.get("/static/heavy/{digest}/{name}", include_in_schema=False)
async def heavy(digest: str, name: str, request: Request) -> FileResponse:
    """One of the heavy files; scripts among them may run WebAssembly and ask nobody else for anything."""
    path: Path = request.app.state.vision.path(digest, name)
    return FileResponse(path, media_type=_TYPES.get(Path(name).suffix), headers=_FOR_GOOD)


@routes.get(f"/static/{_WORKER}", include_in_schema=False)
async def worker() -> FileResponse:
    """The worker, in which alone WebAssembly may run."""
    path = Path(__file__).parent / "static" / _WORKER
    return FileResponse(path, media_type="text/javascript", headers={"Content-Security-Policy": WORKER_POLICY})
