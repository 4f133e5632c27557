"""Chromium for the tests: a page that asks nobody but the server, before a camera that plays a sample clip."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import cv2
from serving import CHROMIUM, CHROMIUM_ARGUMENTS

#: What the camera shows, and what is uploaded.
CLIP = Path(__file__).resolve().parents[1] / "sample_videos" / "squat_front_knees_in_m_avg.mp4"
PATIENCE_MS = 120_000
#: A service worker would answer in place of what a test routes; tests of it allow it.
_PLAIN: dict[str, Any] = {
    "viewport": {"width": 1100, "height": 900},
    "accept_downloads": True,
    "service_workers": "block",
}
FAKE_CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")


def film_as_camera(clip: Path, path: Path) -> Path:
    """A clip as the pictures of a fake camera, which shows them again and again."""
    film = cv2.VideoCapture(str(clip))
    with path.open("wb") as pictures:
        while (found := film.read())[0]:
            pictures.write(cv2.imencode(".jpg", cv2.resize(found[1], None, fx=0.7, fy=0.7))[1].tobytes())
    film.release()
    return path


@contextmanager
def chromium(camera: Path) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        arguments = [*CHROMIUM_ARGUMENTS, *FAKE_CAMERA, f"--use-file-for-fake-video-capture={camera}"]
        opened = running.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield opened
        opened.close()


@contextmanager
def clean_page(browser: Any, address: str, *, ignored: tuple[str, ...] = (), **context: Any) -> Iterator[Any]:
    """A new page that has seen no error and asked nobody but the server.

    ``ignored`` are parts of errors that the test brings about.
    """
    made = browser.new_context(**_PLAIN | context)
    opened = made.new_page()
    asked: list[str] = []
    errors: list[str] = []
    made.on("request", lambda request: asked.append(request.url))
    opened.on("websocket", lambda socket: asked.append(socket.url))
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    yield opened
    made.close()
    host = urlsplit(address).netloc
    assert {urlsplit(url).netloc for url in asked if not url.startswith(("data:", "blob:"))} == {host}
    assert [error for error in errors if not any(part in error for part in ignored)] == []


def until(page: Any, is_so: str) -> None:
    """Wait until an expression is true. The page's policy forbids what Playwright has for that."""
    waited_ms = 0
    while not page.evaluate(is_so):
        assert waited_ms < PATIENCE_MS, f"never became true: {is_so}"
        page.wait_for_timeout(100)
        waited_ms += 100
