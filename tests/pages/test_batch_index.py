"""The index page of a batch: what it tells, what it links to, and what it must not let in."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from batches import run, write_table
from bodies import concatenate, lunges, squats
from past_batches import change_column, write_batch, write_recording
from typer.testing import CliRunner

from formcheck.checks.check import Verdict
from formcheck.cli.app import app
from formcheck.errors import InputError
from formcheck.pages.batch_index import render_index
from formcheck.pages.batch_overview import Overview, overview_of, worst_first

HOSTILE = "a<script>alert(1)</script> & \"b\" 'c' ü#?%.parquet"


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_batch(tmp_path_factory.mktemp("batch"))


@pytest.fixture(scope="module")
def overview(batch: Path) -> Overview:
    return overview_of(batch)


def rows_of(page: str) -> list[list[str]]:
    """The cells of the table of sessions."""
    body = page[page.index('<table id="sessions">') :].partition("</table>")[0].partition("<tbody>")[2]
    rows = re.findall(r"<tr>(.*?)</tr>", body)
    return [
        [unescape(re.sub("<.*?>", "", cell)) for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row)] for row in rows
    ]


def test_the_worst_session_comes_first_and_the_manifest_has_its_columns(overview: Overview) -> None:
    scores = [session["form_score"] for session in overview.league.sessions]
    assert scores == sorted(scores)
    assert len(scores) == 6
    assert overview.league.labels == ("athlete", "date", "load_kg")
    assert overview.league.numbers == {"load_kg"}
    rows = rows_of(render_index(overview, "batch"))
    verdicts = [row[1] for row in rows]
    assert verdicts[0] == "to work on"
    assert verdicts == sorted(verdicts, key=["to work on", "to watch", "too close to call", "good", "not seen"].index)
    assert {row[2] for row in rows} == {"Zoë", "Max"}
    assert [row[0] for row in rows] == [session["path"] for session in overview.league.sessions]


def test_faults_are_counted_of_the_repetitions_in_which_they_could_be_judged(overview: Overview) -> None:
    counts = {(count.exercise, count.fault): count for count in overview.fault_counts}
    valgus = counts["squat", "knee_valgus"]
    assert valgus.faulty == 4
    assert valgus.judged + valgus.unseen == 13  # the squat from the side, and what is too close, are not judged
    assert valgus.unseen >= 1
    past_toes = counts["squat", "knee_past_toes"]
    assert (past_toes.judged + past_toes.unseen, past_toes.unseen >= 12) == (13, True)  # seen from the side only
    page = render_index(overview, "batch")
    assert f"4 of {valgus.judged} judged repetitions, {400 / valgus.judged:.0f} % (" in page


def test_what_takes_all_repetitions_together_counts_once_a_session(overview: Overview) -> None:
    counts = {(count.exercise, count.fault): count for count in overview.fault_counts}
    lunge, squat = counts["lunge", "asymmetry"], counts["squat", "asymmetry"]
    assert (lunge.of_sessions, lunge.judged, lunge.unseen) == (True, 2, 0)
    assert (squat.of_sessions, squat.judged) == (False, 12)
    [symmetry] = [spread for spread in overview.spreads if spread.check == "limb_symmetry"]
    assert len(symmetry.values) == 2
    assert "0 of 2 judged sessions" in render_index(overview, "batch")


def test_each_measure_is_shown_by_exercise_and_view_with_its_limits(overview: Overview) -> None:
    spreads = {(spread.exercise, spread.plane, spread.check): spread for spread in overview.spreads}
    valgus = spreads["squat", "front", "knee_valgus"]
    assert len(valgus.values) == 24
    assert np.isfinite(valgus.values).all()
    assert valgus.limit_warn is not None
    assert ("squat", "side", "knee_valgus") not in spreads
    page = render_index(overview, "batch")
    assert page.count("<figure") == len(spreads)
    assert "var(--plot-warn-area)" in page
    middles = re.findall(r"half of them below (.*?);", page)
    assert middles
    assert all(re.fullmatch(r"−?(\d+ ?[°%]|\d+\.\d\d)", middle) for middle in middles), middles


def test_what_was_not_seen_is_never_shown_as_good(overview: Overview) -> None:
    page = render_index(overview, "batch")
    column = [*range(5 + 4, 5 + 4 + len(overview.league.faults))]
    by_path = {Path(row[0]).name: row for row in rows_of(page)}
    from_the_side = by_path["other.parquet"]
    faults = dict(zip(overview.league.faults, (from_the_side[number] for number in column), strict=True))
    assert faults["knee_valgus"] == Verdict.UNSEEN
    assert faults["depth"] != Verdict.UNSEEN


def test_every_session_is_linked_to_its_page_and_names_are_text(tmp_path: Path) -> None:
    write_table(tmp_path / "in" / HOSTILE)
    (tmp_path / "in" / "broken.parquet").write_bytes(b"nothing")
    run(tmp_path / "out", tmp_path / "in" / HOSTILE, tmp_path / "in" / "broken.parquet", write_page=True)
    found = overview_of(tmp_path / "out")
    page = render_index(found, "<b>")
    assert "<script>alert" not in page
    assert "<b>" not in page
    [row] = rows_of(page)
    assert row[0] == found.league.sessions[0]["path"]
    [link] = re.findall(r'<a href="(.*?)"', page)
    target = tmp_path / "out" / "sessions" / found.league.sessions[0]["folder"]
    assert link.startswith("sessions/")
    assert set(link) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/%.-_~")
    assert (target / Path(link).name).is_file()
    assert "broken.parquet" in page[page.index('id="failures"') :]


def test_measures_are_grouped_by_the_view_of_the_repetition(tmp_path: Path) -> None:
    turned = concatenate(squats(2, yaw_deg=0.0), squats(3, yaw_deg=90.0))
    run(tmp_path / "out", write_recording(tmp_path / "turned.parquet", turned))
    depths = {s.plane: len(s.values) for s in overview_of(tmp_path / "out").spreads if s.check == "depth"}
    assert depths == {"front": 2, "side": 3}


def test_checks_that_this_version_does_not_know_are_left_out(tmp_path: Path) -> None:
    run(tmp_path / "out", write_recording(tmp_path / "one.parquet", squats(1)))
    [table] = (tmp_path / "out" / "results" / "findings").iterdir()
    change_column(table, "check", lambda name: name.replace("depth", "knee_wobble"))
    found = overview_of(tmp_path / "out")
    assert "knee_valgus" in {spread.check for spread in found.spreads}
    assert "knee_wobble" not in {spread.check for spread in found.spreads}
    render_index(found, "batch")


def test_a_column_of_a_manifest_may_be_called_page(overview: Overview) -> None:
    league = overview.league
    sessions = tuple({**session, "page": "of the log book"} for session in league.sessions)
    page = render_index(replace(overview, league=replace(league, sessions=sessions, labels=("page",))), "batch")
    assert {row[2] for row in rows_of(page)} == {"of the log book"}
    assert 'href="of the log book"' not in page


def test_the_page_asks_nobody_for_anything(overview: Overview) -> None:
    page = render_index(overview, "batch")
    assert "default-src &#39;none&#39;" in page
    assert not re.findall(r"""(?:src|href)=["'](?!sessions/|#)""", page)
    assert "://" not in re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL)


def test_the_command_writes_the_page_and_says_where(batch: Path, tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["report", str(batch)])
    assert told.exit_code == 0, told.output
    assert told.stdout.strip() == str(batch / "index.html")
    assert "6 sessions" in (batch / "index.html").read_text(encoding="utf-8")
    with pytest.raises(InputError, match="formcheck batch"):
        overview_of(tmp_path)


def test_a_batch_in_which_all_failed_has_a_page_too(tmp_path: Path) -> None:
    (tmp_path / "broken.parquet").write_bytes(b"nothing")
    run(tmp_path / "out", tmp_path / "broken.parquet")
    page = render_index(overview_of(tmp_path / "out"), "batch")
    assert "0 sessions" in page
    assert "1 failed" in page


def test_one_value_alone_and_values_that_are_all_the_same_can_be_drawn(tmp_path: Path) -> None:
    write_recording(tmp_path / "a.parquet", squats(1))
    write_recording(tmp_path / "b.parquet", lunges(1, yaw_deg=90.0))
    run(tmp_path / "out", tmp_path / "a.parquet", tmp_path / "b.parquet")
    assert render_index(overview_of(tmp_path / "out"), "batch").count("<figure") > 5


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium: apt-get install chromium")
def test_on_paper_every_column_has_its_name_and_none_leaves_the_page(overview: Overview, tmp_path: Path) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="the page is opened by Playwright")
    labels = {
        "notes": "knee pain last week, stopped after the third set",
        "therapist": "Maximiliane Mustermann-Beispiel",
    }
    sessions = tuple({**session, **labels} for session in overview.league.sessions)
    league = replace(overview.league, sessions=sessions, labels=(*overview.league.labels, *labels))
    (tmp_path / "index.html").write_text(render_index(replace(overview, league=league), "batch"), encoding="utf-8")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1000, "height": 700})  # A4 across, at 96 dots an inch
        page.goto((tmp_path / "index.html").as_uri())
        page.emulate_media(media="print")
        assert page.evaluate("document.documentElement.scrollWidth") <= 1000
        heads = (
            "[...document.querySelectorAll('#sessions thead th')].map(th => getComputedStyle(th, '::before').content)"
        )
        told = page.evaluate(heads)
        assert {"Session", "load kg", "therapist"} <= {words.strip('"') for words in told}
        assert page.locator("#sessions button:visible").count() == 0, "buttons are not repeated on the next page"
        browser.close()


def test_what_is_too_close_to_call_counts_neither_as_a_fault_nor_as_none(batch: Path, tmp_path: Path) -> None:
    before = {(count.exercise, count.fault): count for count in overview_of(batch).fault_counts}["squat", "knee_valgus"]
    shutil.copytree(batch, tmp_path / "batch")
    for table in (tmp_path / "batch/results/findings").glob("*.parquet"):
        change_column(table, "verdict", lambda _: Verdict.UNSURE)
    after = {(count.exercise, count.fault): count for count in overview_of(tmp_path / "batch").fault_counts}
    assert before.judged > 0
    assert (after["squat", "knee_valgus"].faulty, after["squat", "knee_valgus"].judged) == (0, 0)


def test_a_failure_comes_before_a_warning_whatever_the_scores_and_what_was_not_judged_comes_last() -> None:
    def session(path: str, valgus: str | None, score: float | None) -> dict[str, object]:
        return {"path": path, "form_score": score, "verdict_knee_valgus": valgus, "verdict_depth": "pass"}

    unseen = {"path": "0", "form_score": None, "verdict_knee_valgus": "unseen", "verdict_depth": None}
    given = [session("a", "pass", 100.0), unseen, session("b", "warn", 70.0), session("c", "fail", 97.0)]
    assert [row["path"] for row in worst_first(given)] == ["c", "b", "a", "0"]


@pytest.mark.parametrize("width", [500, 1400])
def test_the_verdict_stays_in_sight_while_the_table_is_scrolled(overview: Overview, tmp_path: Path, width: int) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="the page is opened by Playwright")
    labels = {f"label {number}": "something that is long" for number in range(8)}
    sessions = tuple({**session, **labels} for session in overview.league.sessions)
    league = replace(overview.league, sessions=sessions, labels=tuple(labels))
    (tmp_path / "index.html").write_text(render_index(replace(overview, league=league), "batch"), encoding="utf-8")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": 700})
        page.goto((tmp_path / "index.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("#sessions th[aria-sort=descending]").inner_text().startswith("Verdict")
        scrolled = page.evaluate("""() => {
            const region = document.querySelector(".league .scroll");
            region.scrollIntoView();
            region.scrollLeft = 1e6;
            const row = document.querySelector("#sessions tbody tr"), seen = region.getBoundingClientRect();
            const [name, verdict] = [...row.cells].map((cell) => cell.getBoundingClientRect());
            const over = document.elementFromPoint(verdict.left + 40, verdict.top + verdict.height / 2);
            return { left: region.scrollLeft, name: name.left - seen.left, gap: verdict.left - name.right,
                     right: seen.right - verdict.right, over: over && row.cells[1].contains(over) };
        }""")
        browser.close()
    assert scrolled["left"] > 100
    assert abs(scrolled["name"]) < 1
    assert abs(scrolled["gap"]) < 1
    assert scrolled["right"] > 100
    assert scrolled["over"]
