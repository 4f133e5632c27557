"""Joints found in a real browser: no picture leaves it; where it cannot, pictures go to the server and it says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import CLIP, PATIENCE_MS, clean_page, until
from serving import CHROMIUM, served

from formcheck.web.browser_code import missing
from formcheck.web.landmark_rows import ROW

pytest.importorskip("playwright.sync_api", reason="needs Playwright, of the extra dev")
pytestmark = [
    pytest.mark.skipif(not Path(CHROMIUM).is_file(), reason="needs Chromium: apt-get install chromium"),
    pytest.mark.skipif(bool(missing()), reason="needs what finds joints in the browser: python tools/browser.py"),
]
COUNTED = "Number(document.getElementById('count').textContent) >= {}"
WAY = "document.getElementById('way').dataset.way === '{}'"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    # Places enough: that of a page that was closed is free only once its report is written.
    with served("--model", "lite", "--max-live", "4") as found:
        yield found


def messages_of(page: Any) -> list[bytes]:
    """What the page's WebSockets send from now on, texts left out."""
    sent: list[bytes] = []

    def note(message: bytes | str) -> None:
        if isinstance(message, bytes):
            sent.append(message)

    page.on("websocket", lambda socket: socket.on("framesent", note))
    return sent


def begin(page: Any, address: str, way: str) -> None:
    page.goto(f"{address}/live")
    page.get_by_label("Find joints").select_option(way)
    page.get_by_role("button", name="Start").click()


def end(page: Any) -> None:
    page.get_by_role("button", name="End the set").click()
    page.get_by_role("link", name="Open the report").wait_for(timeout=PATIENCE_MS)


def test_live_only_landmarks_leave_the_browser_and_the_server_counts_on_them(page: Any, address: str) -> None:
    sent = messages_of(page)
    begin(page, address, "here")
    until(page, COUNTED.format(2))
    assert page.locator("#way").inner_text() == "Joints are found on this device: no picture leaves it."
    end(page)
    assert len(sent) > 20
    assert {len(message) % ROW.itemsize for message in sent} == {0}
    assert {message[8:10] for message in sent}.isdisjoint({b"\xff\xd8"})  # with which a JPEG begins
    page.get_by_role("link", name="Open the report").click()
    page.wait_for_url("**/report")
    assert "Squat" in page.get_by_role("heading", level=1).inner_text()


def test_an_uploaded_video_stays_on_the_device_and_is_played_beside_its_report(
    page: Any, address: str, tmp_path: Path
) -> None:
    bodies: list[bytes | None] = []
    page.on("request", lambda request: bodies.append(request.post_data_buffer))
    page.goto(address)
    until(page, "document.getElementById('here').dataset.known === 'yes'")
    assert page.get_by_label("Keep the video on this device").is_checked()
    page.get_by_label("Drop a video here").set_input_files(CLIP)
    link = page.get_by_role("link", name=f"Report of {CLIP.name}")
    link.wait_for(timeout=PATIENCE_MS)
    [sent] = filter(None, bodies)
    assert len(sent) == 240 * ROW.itemsize  # the clip has so many pictures

    link.click()
    page.wait_for_url("**/report")
    assert "Squat, 3 repetitions" in page.get_by_role("heading", level=1).inner_text()
    until(page, "document.body.classList.contains('can-jump')")
    assert page.locator("#video").get_attribute("src").startswith("blob:")
    row = page.locator("tr[data-at-s]").nth(1)
    start_s = float(row.get_attribute("data-at-s"))
    row.click()
    until(page, f"Math.abs(document.getElementById('video').currentTime - {start_s}) < 0.1")
    drawn = "document.querySelector('.film canvas').getContext('2d').getImageData(0, 0, 480, 640).data.some((x) => x)"
    until(page, drawn)

    page.goto(address)
    page.get_by_role("button", name=f"Remove {CLIP.name}").click()
    page.get_by_text("None yet.").wait_for()
    kept = "import('/static/kept.js').then((kept) => kept.ids('videos'))"
    assert page.evaluate(kept) == []


def test_a_file_that_the_browser_cannot_open_is_sent_only_when_the_person_says_so(
    page: Any, address: str, tmp_path: Path
) -> None:
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    path = tmp_path / "old.avi"
    path.write_bytes(b"RIFF\0\0\0\0AVI " + bytes(2000))
    page.goto(address)
    until(page, "document.getElementById('here').dataset.known === 'yes'")
    page.get_by_label("Drop a video here").set_input_files(path)
    send = page.get_by_role("button", name="Send the video to the server")
    send.wait_for(timeout=PATIENCE_MS)
    assert posted == []
    with page.expect_request(lambda request: request.method == "POST"):
        send.click()


def test_the_heavy_files_come_once_and_are_kept_by_the_browser(page: Any, address: str) -> None:
    heavy: list[Any] = []
    page.context.on("response", lambda answer: heavy.append(answer) if "/heavy/" in answer.url else None)
    begin(page, address, "here")
    until(page, WAY.format("landmarks"))
    assert {answer.headers["cache-control"] for answer in heavy} == {"private, max-age=31536000, immutable"}
    assert any(answer.url.endswith(".wasm") for answer in heavy)
    assert any(answer.url.endswith("model.task") for answer in heavy)


def test_on_a_slow_processor_pictures_are_sent_and_the_page_says_why(page: Any, address: str) -> None:
    sent = messages_of(page)
    page.goto(f"{address}/live")
    # Only the page's own thread is slowed by this, so the worker's answers are held up on their way as well.
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 40})
    page.get_by_role("button", name="Start").click()
    until(page, WAY.format("pictures"))
    assert "this device looks at" in page.locator("#way").inner_text()
    while not any(message[8:10] == b"\xff\xd8" for message in sent):
        page.wait_for_timeout(50)


def test_a_server_without_the_code_gets_pictures_and_the_page_says_so(page: Any, address: str) -> None:
    page.route("**/api/vision", lambda route: route.fulfill(json={"addresses": {}, "bytes": {}}))
    begin(page, address, "auto")
    until(page, WAY.format("pictures"))
    assert page.locator("#way").inner_text() == "Pictures go to the server: this server came without the code for it."
    until(page, "Number(document.getElementById('speed').dataset.rate) > 0")


OPENED_AND_CLOSED = """async () => {
  const { addresses, bytes } = await (await fetch("/api/vision")).json();
  const worker = new Worker("/static/landmarker.js", { type: "module" });
  const did = (message) => new Promise((done) => {
    worker.onmessage = ({ data }) => { if (data.did) done(data.error ?? data.did); };
    worker.postMessage(message);
  });
  return [await did({ do: "open", files: addresses, bytes }), await did({ do: "close" })];
}"""
TRIED_ELSEWHERE = """() => new Promise((done) => {
  self.addEventListener("securitypolicyviolation", (event) => done(event.effectiveDirective));
  fetch("http://192.0.2.1/").catch(() => null);
})"""


def test_the_worker_reaches_nobody_but_the_server_also_when_mediapipe_is_closed(browser: Any, address: str) -> None:
    # MediaPipe's code tries to send its maker a log when a landmarker is closed.
    with clean_page(browser, address, ignored=("Content Security Policy",)) as page:
        page.goto(f"{address}/live")
        assert page.evaluate(OPENED_AND_CLOSED) == ["open", "close"]
        [worker] = page.workers
        assert worker.evaluate(TRIED_ELSEWHERE) == "connect-src"
