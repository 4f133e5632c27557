"""The player of the report by keys and buttons, in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_report_browser import CHROMIUM, becomes_true, browser, folder, opened, report  # noqa: F401 - fixtures

from formcheck.checks.session_report import SessionReport

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium")

FRAME_S = 1 / 30


@pytest.fixture
def page(browser: Any, folder: Path) -> Iterator[Any]:  # noqa: F811 - pytest's way
    found, _ = opened(browser, folder / "report.html", viewport={"width": 1440, "height": 900})
    found.wait_for_selector("body.can-jump")
    yield found
    found.context.close()


def test_comma_and_point_step_one_picture(page: Any) -> None:
    page.evaluate("video.currentTime = 1")
    assert becomes_true(page, "Math.abs(video.currentTime - 1) < 0.001 && !video.seeking")
    frame_s = float(page.evaluate("video.dataset.frameS"))
    page.keyboard.press(".")
    assert becomes_true(page, f"Math.abs(video.currentTime - {1 + frame_s}) < 0.002")
    page.keyboard.press(",")
    page.keyboard.press(",")
    assert becomes_true(page, f"Math.abs(video.currentTime - {1 - frame_s}) < 0.002")


def test_the_speed_goes_from_a_quarter_to_the_whole(page: Any) -> None:
    for words, rate in (("¼", 0.25), ("½", 0.5), ("1", 1.0)):
        page.get_by_label("speed").select_option(words)
        assert page.evaluate("video.playbackRate") == rate


def test_a_repetition_is_played_over_and_over(page: Any, report: SessionReport) -> None:  # noqa: F811
    second = report.reps[1].rep
    page.keyboard.press("2")
    page.keyboard.press("l")
    assert page.get_by_role("button", name="Repeat this repetition").get_attribute("aria-pressed") == "true"
    page.evaluate(f"video.currentTime = {second.end_s - 0.05}")
    assert becomes_true(page, f"video.currentTime < {second.end_s - 0.3} && video.currentTime > {second.start_s - 0.1}")


def test_n_goes_from_fault_to_fault_and_says_which(page: Any, report: SessionReport) -> None:  # noqa: F811
    faulty = sorted(f.at_s for rep in report.reps for f in rep.findings if f.verdict in {"warn", "fail"} and f.at_s)
    for at_s in faulty[:2]:
        page.keyboard.press("n")
        assert becomes_true(page, f"Math.abs(video.currentTime - {at_s}) < 0.01")
    assert "Fault 2 of" in page.locator(".player [role=status]").inner_text()


def test_a_link_to_a_repetition_opens_there(browser: Any, folder: Path, report: SessionReport) -> None:  # noqa: F811
    page, _ = opened(browser, folder / "report.html")
    page.goto((folder / "report.html").as_uri() + "#rep-2")
    page.wait_for_selector("body.can-jump")
    assert becomes_true(page, f"Math.abs(video.currentTime - {report.reps[1].rep.start_s}) < 0.01")


def test_the_worst_repetition_plays_beside_the_best(page: Any) -> None:
    page.keyboard.press("b")
    assert page.locator(".beside video").count() == 2
    assert becomes_true(page, "[...document.querySelectorAll('.beside video')].every((video) => video.currentTime > 0)")
    page.keyboard.press("b")
    assert page.locator(".beside").count() == 0


def test_values_and_plots_are_reached_by_the_keyboard(page: Any) -> None:
    cell = page.locator("td .cell[data-at-s]").first
    cell.focus()
    page.keyboard.press("Enter")
    at_s = float(cell.get_attribute("data-at-s"))
    assert becomes_true(page, f"Math.abs(video.currentTime - {at_s}) < 0.01")
    plot = page.locator(".plot .scroll[role=slider]").first
    plot.focus()
    page.keyboard.press("Home")
    assert becomes_true(page, "video.currentTime < 0.01")
    page.keyboard.press("ArrowRight")
    assert becomes_true(page, "Math.abs(video.currentTime - 0.1) < 0.02")


def test_letters_do_nothing_once_they_are_turned_off(page: Any) -> None:
    page.evaluate("video.currentTime = 1")
    page.get_by_label("keys").uncheck()
    page.locator("h1").click()
    page.keyboard.press(".")
    page.wait_for_timeout(200)
    assert page.evaluate("Math.abs(video.currentTime - 1) < 0.001")


def test_on_a_phone_the_video_stays_in_view_while_the_table_is_read(browser: Any, folder: Path) -> None:  # noqa: F811
    page, _ = opened(browser, folder / "report.html", viewport={"width": 390, "height": 844})
    page.wait_for_selector("body.can-jump")
    page.locator("#reps").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('score').scrollIntoView()")
    top, bottom = page.evaluate("[video.getBoundingClientRect().top, video.getBoundingClientRect().bottom]")
    assert top >= 0
    assert bottom <= 844 / 2
