"""A server within the test, whose analysis does as it is told; one beside it and Chromium, before a fake camera."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browsing import CLIP, chromium, clean_page, film_as_camera
from serving import served

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from formcheck.web.options import ServerOptions


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served("--model", "lite") as found:
        yield found


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with chromium(film_as_camera(CLIP, tmp_path_factory.mktemp("camera") / "camera.mjpeg")) as opened:
        yield opened


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    with clean_page(browser, address) as opened:
        yield opened


@pytest.fixture
def options(tmp_path: Path) -> ServerOptions:
    from formcheck.web.options import ServerOptions

    return ServerOptions(tmp_path, max_bytes=2000, max_processing_s=30.0)


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[ServerOptions], TestClient]]:
    """Starts a server whose analysis is :func:`uploads.quick`."""
    from starlette.testclient import TestClient  # of an extra: who lacks it skips the tests, not this file
    from uploads import HOST, quick

    from formcheck.web import jobs
    from formcheck.web.app import create_app

    monkeypatch.setattr(jobs, "analyse_upload", quick)
    opened: list[TestClient] = []

    def start(options: ServerOptions) -> TestClient:
        client = TestClient(create_app(options), base_url=HOST)
        client.__enter__()
        opened.append(client)
        return client

    yield start
    for client in opened:
        client.__exit__(None, None, None)
