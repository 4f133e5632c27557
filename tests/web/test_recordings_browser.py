"""The page of recordings in a real browser: two tabs, more files than the queue takes, a list that stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from serving import CHROMIUM

pytest.importorskip("playwright.sync_api", reason="needs Playwright, of the extra dev")

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).is_file(), reason="needs Chromium: apt-get install chromium")


def no_video(count: int) -> list[dict[str, Any]]:
    """Files that the server takes for videos by their first bytes, and whose analysis fails at once."""
    content = b"\x00\x00\x00\x20ftypisom" + bytes(500)
    return [{"name": f"clip {number}.mp4", "mimeType": "video/mp4", "buffer": content} for number in range(count)]


def ready(context: Any, address: str) -> Any:
    page = context.new_page()
    page.goto(address)
    page.locator("#here[data-known]").wait_for(state="attached")
    if page.locator("#here").is_enabled():
        page.locator("#here").uncheck()
    page.locator("#together").uncheck()
    return page


def test_a_second_tab_does_not_lose_what_the_first_one_sent(browser: Any, address: str) -> None:
    context = browser.new_context()
    first, second = ready(context, address), ready(context, address)
    first.set_input_files("#file", no_video(1))
    first.locator("#jobs .failed").wait_for(timeout=60_000)
    second.set_input_files("#file", [{**no_video(1)[0], "name": "other.mp4"}])
    second.locator("#jobs .failed").nth(1).wait_for(timeout=60_000)
    third = ready(context, address)
    third.locator("#jobs .failed").nth(1).wait_for(timeout=60_000)
    assert {name.inner_text() for name in third.locator("#jobs .name").all()} == {"clip 0.mp4", "other.mp4"}
    context.close()


def test_more_recordings_than_the_queue_takes_wait_in_the_page_and_are_all_sent(browser: Any, address: str) -> None:
    context = browser.new_context()
    page = ready(context, address)
    tries: dict[str, int] = {}

    def full_once(route: Any) -> None:
        """The queue is full when a recording comes for the first time."""
        if route.request.method != "POST":
            return route.continue_()
        tries[route.request.url] = tries.get(route.request.url, 0) + 1
        status, words = (503, "20 recordings are waiting") if tries[route.request.url] == 1 else (415, "came in")
        return route.fulfill(status=status, json={"detail": words})

    page.route("**/api/sessions?*", full_once)
    page.set_input_files("#file", no_video(24))
    page.get_by_text("Waiting for room in the server's queue").first.wait_for()
    page.get_by_text("came in").nth(23).wait_for(timeout=110_000)
    assert set(tries.values()) == {2}
    assert len(tries) == 24
    context.close()


def test_the_page_says_that_sessions_are_temporary_where_nothing_keeps_them(browser: Any, address: str) -> None:
    context = browser.new_context()
    page = ready(context, address)
    page.get_by_text("Sessions are temporary").wait_for()
    assert not page.locator("#library").is_visible()
    context.close()
