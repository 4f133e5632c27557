"""The pages in a real browser: Chromium uploads a clip, reads its report, and trains before a camera."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from browsing import CLIP, PATIENCE_MS, until
from serving import CHROMIUM

pytest.importorskip("playwright.sync_api", reason="needs Playwright, of the extra dev")

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).is_file(), reason="needs Chromium: apt-get install chromium")


def tab_to(page: Any, field: Any) -> None:
    for _ in range(10):
        page.keyboard.press("Tab")
        if field.evaluate("field => field === document.activeElement"):
            return
    pytest.fail("ten presses of Tab did not reach the field")


def uploaded(page: Any, address: str) -> None:
    """Upload the clip and open its report by the keyboard alone."""
    # Playwright catches the chooser only once the browser has heard of it, which it does before the
    # page is loaded; asked for just before the key is pressed, one in sixty was missed on busy cores.
    with page.expect_file_chooser(timeout=PATIENCE_MS) as chooser:
        page.goto(address)
        page.get_by_label("Keep the video on this device").uncheck()
        page.get_by_role("link", name="formcheck").focus()
        tab_to(page, page.get_by_label("Drop a video here"))
        page.keyboard.press("Space")
    chooser.value.set_files(CLIP)
    progress = page.get_by_role("progressbar", name=f"Progress of {CLIP.name}")
    progress.wait_for()
    link = page.get_by_role("link", name=f"Report of {CLIP.name}")
    link.wait_for(timeout=PATIENCE_MS)
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/report")


def test_a_clip_is_uploaded_and_its_report_jumps_to_the_moment_that_is_clicked(
    page: Any, address: str, tmp_path: Path
) -> None:
    uploaded(page, address)
    assert "Squat, 3 repetitions" in page.get_by_role("heading", level=1).inner_text()
    until(page, "document.body.classList.contains('can-jump')")  # the page hears of the video a moment later
    row = page.locator("tr[data-at-s]").nth(1)
    start_s = float(row.get_attribute("data-at-s"))
    row.click()
    until(page, f"Math.abs(document.getElementById('video').currentTime - {start_s}) < 0.1")
    page.evaluate("document.getElementById('video').muted = true; document.getElementById('video').play()")
    until(page, f"document.getElementById('video').currentTime > {start_s} + 0.3")

    with page.expect_download() as download:
        page.get_by_role("link", name="JSON").click()
    download.value.save_as(tmp_path / "report.json")
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["summary"]["rep_count"] == 3
    assert report["video"]["path"] == CLIP.name

    page.goto(address)
    page.get_by_role("button", name=f"Remove {CLIP.name}").click()
    page.get_by_text("None yet.").wait_for()


def test_repetitions_before_the_camera_are_counted_and_end_in_a_report(page: Any, address: str) -> None:
    page.goto(f"{address}/live")
    page.get_by_label("Find joints").select_option("server")
    page.get_by_role("button", name="Start").click()
    until(page, "Number(document.getElementById('count').textContent) >= 3")
    assert float(page.locator("#speed").get_attribute("data-rate")) > 0
    page.get_by_role("button", name="End the set").click()
    link = page.get_by_role("link", name="Open the report")
    link.wait_for(timeout=PATIENCE_MS)
    assert page.get_by_role("list", name="Repetitions").get_by_role("listitem").count() >= 3
    link.click()
    page.wait_for_url("**/report")
    assert "repetitions" in page.get_by_role("heading", level=1).inner_text()


@pytest.mark.parametrize("path", ["/", "/live", "/docs"])
@pytest.mark.parametrize("width", [390, 1100])
def test_every_control_has_a_name_and_nothing_sticks_out(page: Any, address: str, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address + path)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    tree = page.locator("body").aria_snapshot()
    assert '- navigation "formcheck"' in tree
    assert re.findall(r"- (?:button|combobox|heading|link|meter|progressbar)(?! \")", tree) == []
