"""The live page in Chromium before a fake camera, with a server that says what the test wants it to say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import PATIENCE_MS, clean_page, until
from serving import CHROMIUM

pytest.importorskip("playwright.sync_api", reason="needs Playwright, of the extra dev")
pytestmark = pytest.mark.skipif(not Path(CHROMIUM).is_file(), reason="needs Chromium: apt-get install chromium")
PHONE, WIDE = {"width": 390, "height": 844}, {"width": 1400, "height": 900}
QUIET: dict[str, Any] = {
    "stage": "set",
    "advice": "",
    "judged_here": "front: knees in",
    "rep_count": 0,
    "depth": 0.5,
    "cue": None,
    "finished": [],
    "landmarks": [None] * 33,
}
CUE = {"text": "Push your knees out, in line with your toes.", "joints": [25, 26], "since_s": 1.0}


class Told:
    """A server that says what it is told to; ``sockets`` are those that the page opened, ``heard`` its words."""

    def __init__(self, page: Any, *, closes_with: int | None = None) -> None:
        self.sockets: list[Any] = []
        self.heard: list[dict[str, Any]] = []
        self._page, self._closes_with, self._pictures = page, closes_with, 0
        page.route_web_socket("**/api/live?*", self._open)

    def _open(self, socket: Any) -> None:
        self.sockets.append(socket)
        socket.on_message(self._hear)
        if self._closes_with is not None:
            socket.close(code=self._closes_with, reason="somebody else is live")

    def _hear(self, message: str | bytes) -> None:
        if isinstance(message, bytes):
            self._pictures += 1
            return
        self.heard.append(json.loads(message))
        if len(self.heard) == 1:
            self.sockets[-1].send(json.dumps({"ready": True, "id": "its-id"}))

    def say(self, **state: Any) -> None:
        """Answer the picture that came last."""
        while not self._pictures:
            self._page.wait_for_timeout(20)
        self.sockets[-1].send(json.dumps(QUIET | state | {"picture": self._pictures}))

    def end(self, report: str | None) -> None:
        self.sockets[-1].send(json.dumps({"ended": True, "id": "its-id", "report": report, "error": None}))


def begin(page: Any, address: str) -> None:
    page.goto(f"{address}/live")
    page.get_by_label("Find joints").select_option("server")
    page.get_by_role("button", name="Start").click()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    with clean_page(browser, address, viewport=PHONE) as opened:
        yield opened


BOXES = """() => Object.fromEntries(["count", "cue", "advice", "camera"].map((id) => {
  const element = document.getElementById(id);
  const { x, y, right, bottom } = element.getBoundingClientRect();
  const fits = element.scrollHeight <= element.clientHeight + 1 && element.scrollWidth <= element.clientWidth + 1;
  return [id, { x, y, right, bottom, fits, letters: parseFloat(getComputedStyle(element).fontSize) }];
}))"""


def apart(one: dict[str, float], other: dict[str, float]) -> bool:
    """Whether two boxes share no pixel."""
    return (
        one["right"] <= other["x"]
        or other["right"] <= one["x"]
        or one["bottom"] <= other["y"]
        or other["bottom"] <= one["y"]
    )


@pytest.mark.parametrize(("viewport", "count_px", "cue_px"), [(PHONE, 90, 28), (WIDE, 250, 60)])
def test_during_a_set_count_and_cue_are_large_beside_the_picture_and_nothing_scrolls(
    page: Any, address: str, viewport: dict[str, int], count_px: float, cue_px: float
) -> None:
    page.set_viewport_size(viewport)
    server = Told(page)
    begin(page, address)
    server.say(rep_count=12, cue=CUE)
    until(page, "document.getElementById('cue').textContent !== ''")
    boxes = page.evaluate(BOXES)
    assert boxes["count"]["letters"] >= count_px
    assert boxes["cue"]["letters"] >= cue_px
    for words in (boxes["count"], boxes["cue"]):
        assert words["fits"]
        assert apart(words, boxes["camera"])
        assert words["bottom"] <= viewport["height"]
    assert page.evaluate("[document.documentElement.scrollHeight, document.documentElement.scrollWidth]") == [
        viewport["height"],
        viewport["width"],
    ]
    before = boxes["count"]["letters"]
    server.say(rep_count=12)
    until(page, "document.getElementById('cue').textContent === ''")
    assert (
        page.evaluate(BOXES)["count"]["letters"] > before
    )  # the room of the words is the count's where there are none


def test_after_a_lost_connection_no_cue_stays(page: Any, address: str) -> None:
    server = Told(page)
    begin(page, address)
    server.say(rep_count=1, cue=CUE)
    until(page, "document.getElementById('cue').textContent !== ''")
    server.sockets[-1].close(code=1011, reason="The connection was lost.")
    until(page, "document.getElementById('advice').textContent === 'The connection was lost.'")
    assert page.locator("#cue").inner_text() == ""
    assert page.locator("#count").inner_text() == "1"


def test_whoever_leaves_during_a_set_is_asked_first(page: Any, address: str) -> None:
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    server = Told(page)
    begin(page, address)
    server.say(rep_count=2)
    until(page, "document.getElementById('count').textContent === '2'")
    page.on("dialog", stay)
    page.close(run_before_unload=True)
    while not asked:
        page.wait_for_timeout(20)
    assert asked == ["beforeunload"]
    assert page.locator("#count").inner_text() == "2"
    server.end(None)
    until(page, "!document.body.classList.contains('training')")


def test_a_second_tab_can_take_over_the_set_of_the_first_and_of_nobody_else(browser: Any, address: str) -> None:
    with clean_page(browser, address) as first:
        running = Told(first)
        begin(first, address)
        running.say(rep_count=1)
        until(first, "document.getElementById('count').textContent === '1'")
        second = first.context.new_page()
        refusing = Told(second, closes_with=4001)
        begin(second, address)
        take_over = second.get_by_role("button", name="Take over from the other tab")
        take_over.wait_for(timeout=PATIENCE_MS)
        take_over.click()
        while len(refusing.sockets) < 2:
            second.wait_for_timeout(20)
        assert "over=its-id" in refusing.sockets[1].url
        running.end(None)
    with clean_page(browser, address) as stranger:
        refusing = Told(stranger, closes_with=4001)
        begin(stranger, address)
        until(stranger, "document.getElementById('advice').textContent === 'somebody else is live'")
        assert stranger.get_by_role("button", name="Take over from the other tab").is_hidden()


@pytest.mark.parametrize("wished", [True, False])
def test_a_set_keeps_its_video_only_if_the_person_says_so(page: Any, address: str, wished: bool) -> None:
    server = Told(page)
    page.goto(f"{address}/live")
    if wished:
        page.get_by_label("Keep a video of the set on this device").check()
    page.get_by_label("Find joints").select_option("server")
    page.get_by_role("button", name="Start").click()
    server.say(rep_count=1)
    until(page, "document.getElementById('count').textContent === '1'")
    until(page, "document.querySelector('video').currentTime > 1")
    page.get_by_role("button", name="End the set").click()
    while {"do": "end"} not in server.heard:
        page.wait_for_timeout(20)
    server.end("/api/sessions/its-id/report")
    page.get_by_role("link", name="Open the report").wait_for(timeout=PATIENCE_MS)
    size = (
        "import('/static/kept.js').then((kept) => kept.kept('videos', 'its-id')).then((one) => one?.video?.size ?? 0)"
    )
    if wished:
        until(page, f"{size}.then((bytes) => bytes > 1000)")
    else:
        assert page.evaluate(size) == 0


def test_the_voice_says_what_to_change_when_to_go_the_count_and_the_cue(page: Any, address: str) -> None:
    page.add_init_script(
        "window.said = [];"
        "window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };"
        "Object.defineProperty(window, 'speechSynthesis',"
        " { value: { speaking: false, speak: (line) => window.said.push(line.text) } });"
    )
    server = Told(page)
    page.goto(f"{address}/live")
    page.get_by_role("button", name="Voice").click()
    page.get_by_label("Find joints").select_option("server")
    page.get_by_role("button", name="Start").click()
    server.say(stage="setup", advice="Feet not in view: step back or tilt the camera down.")
    server.say(stage="baseline")
    server.say(stage="set")
    server.say(rep_count=1, finished=[{"number": 1, "findings": []}], cue=CUE)
    until(page, "window.said.length >= 5")
    assert page.evaluate("window.said") == [
        "Voice on.",
        "Feet not in view: step back or tilt the camera down.",
        "Good. Stand still.",
        "Go.",
        f"1 {CUE['text']}",
    ]
    server.end(None)
    until(page, "!document.body.classList.contains('training')")


def test_at_rest_the_page_shows_where_to_put_the_camera(page: Any, address: str) -> None:
    page.goto(f"{address}/live")
    picture = page.get_by_role("img", name="The phone stands upright at hip height")
    picture.scroll_into_view_if_needed()
    until(page, "document.querySelector('.placing img').naturalWidth > 0")
    assert page.get_by_role("button", name="Start").bounding_box()["y"] < PHONE["height"]
