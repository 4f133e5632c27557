"""The page of recordings in a real browser: two tabs, more files than the queue takes, a list that stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from serving import CHROMIUM, CHROMIUM_ARGUMENTS, served

playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright, of the extra dev")

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).is_file(), reason="needs Chromium: apt-get install chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=CHROMIUM, args=[*CHROMIUM_ARGUMENTS])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served("--model", "lite") as found:
        yield found


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


def test_more_recordings_than_the_queue_takes_wait_in_the_page_and_are_all_taken(browser: Any, address: str) -> None:
    context = browser.new_context()
    page = ready(context, address)
    refused: list[int] = []
    page.on("response", lambda answer: refused.append(answer.status) if answer.status == 503 else None)
    page.set_input_files("#file", no_video(26))
    page.locator("#jobs .failed").nth(25).wait_for(timeout=110_000)
    told = {row.inner_text() for row in page.locator("#jobs .failed").all()}
    assert all("waiting: try again" not in line for line in told)
    context.close()


def test_the_page_says_that_sessions_are_temporary_where_nothing_keeps_them(browser: Any, address: str) -> None:
    context = browser.new_context()
    page = ready(context, address)
    page.get_by_text("Sessions are temporary").wait_for()
    assert not page.locator("#library").is_visible()
    context.close()
