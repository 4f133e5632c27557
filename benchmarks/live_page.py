"""The live page in Chromium on the same machine: pictures a second, and the server's processor time for each.

    python -m benchmarks.live_page [--seconds 15] [CLIP]

A clip is the camera. A line for each way: joints found in the browser, and pictures sent to the server.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

import cv2

from benchmarks.browser_agreement import CHROMIUM
from benchmarks.live_sets import CLIP, processor_s, served

_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
_FAKE = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")


def camera_of(clip: Path, folder: Path) -> Path:
    """The clip as the pictures of a fake camera."""
    path, film = folder / "camera.mjpeg", cv2.VideoCapture(str(clip))
    with path.open("wb") as pictures:
        while (got := film.read())[0]:
            pictures.write(cv2.imencode(".jpg", got[1])[1].tobytes())
    return path


def measure(way: str, camera: Path, seconds: float) -> str:
    """One line of the table; ``way`` is ``here`` or ``server``."""
    from playwright.sync_api import sync_playwright

    with served(1) as (address, pid), sync_playwright() as running:
        arguments = [*_ARGUMENTS, *_FAKE, f"--use-file-for-fake-video-capture={camera}"]
        browser = running.chromium.launch(executable_path=CHROMIUM, args=arguments)
        page = browser.new_page()
        page.goto(f"http://{address}/live")
        page.get_by_label("Find joints").select_option(way)
        page.get_by_role("button", name="Start").click()
        while not _counted(page):
            page.wait_for_timeout(100)
        page.wait_for_timeout(3000)
        before_s, pictures = processor_s(pid), _counted(page)
        page.wait_for_timeout(1000 * seconds)
        used_s, looked_at = processor_s(pid) - before_s, _counted(page) - pictures
        delay_ms = page.locator("#speed").get_attribute("data-delay-ms")
        browser.close()
    each_ms = 1000 * used_s / looked_at
    return f"| {way} | {looked_at / seconds:.1f} | {delay_ms} ms | {each_ms:.1f} ms | {100 * used_s / seconds:.0f} % |"


def _counted(page: Any) -> int:
    """How many pictures were answered for."""
    return int(page.locator("#speed").get_attribute("data-pictures") or 0)


def main() -> None:
    """Print the table."""
    told = argparse.ArgumentParser(description="The live page in Chromium, both ways.")
    told.add_argument("clip", nargs="?", type=Path, default=CLIP)
    told.add_argument("--seconds", type=float, default=15.0)
    asked = told.parse_args()
    print("| joints found | pictures a second | to the answer | server's processor time a picture | of a core |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        camera = camera_of(asked.clip, Path(folder))
        for way in ("here", "server"):
            print(measure(way, camera, asked.seconds), flush=True)


if __name__ == "__main__":
    main()
