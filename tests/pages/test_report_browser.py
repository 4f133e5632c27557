"""The page in a browser: what it asks for, what a click does, and whether it fits a phone."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bodies import concatenate, squats

from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.session_report import SessionReport
from formcheck.draw.moments import worst_moments
from formcheck.frames.frame import Frame
from formcheck.frames.writer import VideoWriter
from formcheck.pages.plot import LEFT, RIGHT, WIDTH
from formcheck.pages.report import PageFacts, render_report

playwright = pytest.importorskip(
    "playwright.sync_api", reason="the page is opened by Playwright, which is not installed"
)
CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium")


@pytest.fixture(scope="module")
def report() -> SessionReport:
    """Two repetitions with a fault, the first one the worse."""
    return analyze_poses(concatenate(*(squats(1, knee_inward_m=(inward_m, 0.0)) for inward_m in (0.12, 0.08))))


@pytest.fixture(scope="module")
def folder(report: SessionReport, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with its video, and ``alone.html``, the same page that does not find it; ``still.html`` has none."""
    path = tmp_path_factory.mktemp("session")
    video = {"name": "a.mp4", "frames": 1, "duration_s": 1.0, "rotation": 0, "width": 64, "height": 48}
    facts = PageFacts(video | {"complete": True, "reason": None}, {"name": "full", "sha256": ""})
    (path / "report.html").write_text(render_report(report, facts, video_url="annotated.mp4"), encoding="utf-8")
    (path / "alone.html").write_text(render_report(report, facts, video_url="missing.mp4"), encoding="utf-8")
    (path / "still.html").write_text(render_report(report, facts), encoding="utf-8")
    with VideoWriter(path / "annotated.mp4", 64, 48) as writer:
        for index, time_s in enumerate(report.timeseries.time_s):
            writer.write(Frame(index, float(time_s), np.full((48, 64, 3), index % 255, dtype=np.uint8)))
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def opened(browser: Any, path: Path, **context: Any) -> tuple[Any, list[str]]:
    """The page and the addresses that it asks for."""
    page = browser.new_context(**context).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    return page, asked


def becomes_true(page: Any, expression: str, within_s: float = 60.0) -> bool:
    """Playwright's own waiting needs ``eval``, which the policy of the page forbids."""
    until = time.monotonic() + within_s
    while not page.evaluate(expression):
        if time.monotonic() > until:
            return False
        page.wait_for_timeout(50)
    return True


def test_a_click_on_a_repetition_plays_it_and_one_on_a_time_or_a_plot_goes_there(
    browser: Any, folder: Path, report: SessionReport
) -> None:
    page, asked = opened(browser, folder / "report.html", viewport={"width": 1440, "height": 900})
    page.wait_for_selector("body.can-jump")
    second = report.reps[1].rep
    page.click("tbody tr:nth-child(2) th")
    assert becomes_true(page, f"video.currentTime > {second.start_s + 0.1} && !video.paused")
    page.click(".moments figure")
    at_s = worst_moments(report)[0].finding.at_s
    assert becomes_true(page, f"Math.abs(video.currentTime - {at_s}) < 0.01 && video.paused")
    drawing = page.locator(".drawing").first
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    page.mouse.click(box["x"] + box["width"] * (LEFT + RIGHT) / 2 / WIDTH, box["y"] + box["height"] / 2)
    middle_s = float(report.timeseries.time_s[-1]) / 2
    assert becomes_true(page, f"Math.abs(video.currentTime - {middle_s}) < 0.1")
    page.locator(".jump").first.focus()
    page.keyboard.press("Enter")
    assert becomes_true(page, f"Math.abs(video.currentTime - {at_s}) < 0.01")
    assert {url.rpartition("/")[2] for url in asked if not url.startswith("data:")} == {"report.html", "annotated.mp4"}


LINE = "[...document.querySelectorAll('{} line')].map((line) => line.getAttribute('y1')).join()"


def test_the_best_repetition_lies_over_the_worst_in_step_while_it_is_played(
    browser: Any, folder: Path, report: SessionReport
) -> None:
    page, _ = opened(browser, folder / "report.html", viewport={"width": 1440, "height": 900})
    page.wait_for_selector("body.can-jump")
    assert page.locator(".laid").count() == 0
    page.keyboard.press("g")
    assert page.get_by_role("button", name="ghost").get_attribute("aria-pressed") == "true"
    worst = report.reps[0].rep
    assert becomes_true(page, f"video.currentTime > {worst.start_s} && !video.paused")
    film, laid = page.locator(".laid video").bounding_box(), page.locator(".laid svg").bounding_box()
    assert laid == film
    assert page.locator(".laid .worst").count() == 0
    at_start = page.evaluate(LINE.format(".laid"))
    assert becomes_true(page, f"{LINE.format('.laid')} !== '{at_start}'")
    page.keyboard.press("g")
    assert page.locator(".laid svg").count() == 0


def test_the_two_repetitions_move_together_by_the_slider_where_there_is_no_video(browser: Any, folder: Path) -> None:
    page, _ = opened(browser, folder / "still.html")
    slider = page.get_by_role("slider", name="From standing over the bottom to standing")
    before = [page.evaluate(LINE.format(f".in-step .{body}")) for body in ("worst", "best")]
    assert slider.get_attribute("aria-valuetext") == "bottom"
    slider.focus()
    page.keyboard.press("Home")
    after = [page.evaluate(LINE.format(f".in-step .{body}")) for body in ("worst", "best")]
    assert slider.get_attribute("aria-valuetext") == "0 % down"
    assert before[0] != after[0]
    assert before[1] != after[1]
    page.get_by_role("button", name="Play").click()
    assert becomes_true(page, f"{LINE.format('.in-step .best')} !== '{after[1]}'")
    page.get_by_role("button", name="Pause").click()


def test_a_page_that_does_not_find_its_video_does_without_a_player(browser: Any, folder: Path) -> None:
    page, _ = opened(browser, folder / "alone.html")
    page.wait_for_selector("body:not(.with-video)")
    assert not page.locator("video").is_visible()
    assert page.locator("[role=button]").count() == 0


@pytest.mark.parametrize("width", [320, 390, 800, 1440])
def test_the_page_never_scrolls_sideways(browser: Any, folder: Path, width: int) -> None:
    page, _ = opened(browser, folder / "report.html", viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_dark_page_is_dark_and_its_plots_follow(browser: Any, folder: Path) -> None:
    grounds, inks = [], []
    for scheme in ("light", "dark"):
        page, _ = opened(browser, folder / "report.html", color_scheme=scheme)
        grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        inks.append(page.evaluate("getComputedStyle(document.querySelector('.drawing text')).fill"))
    assert grounds == ["rgb(246, 245, 241)", "rgb(20, 24, 27)"]
    assert inks[0] != inks[1]
    assert all(ink.startswith("rgb(") for ink in inks)
