"""`formcheck history`: whose sessions, in which order, and what is said of load and sides."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from batches import run as run_batch
from bodies import standing
from past_batches import ROWS, write_batch, write_recording
from typer.testing import CliRunner

from formcheck.cli.app import app
from formcheck.errors import InputError
from formcheck.results.batch_tables import read_table
from formcheck.results.past import athlete_sessions, athletes


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_batch(tmp_path_factory.mktemp("videos"))


def told(batch: Path, athlete: str, *options: str | Path) -> str:
    arguments = ["history", str(batch), "--athlete", athlete, *map(str, options)]
    run = CliRunner().invoke(app, arguments, env={"COLUMNS": "80"}, catch_exceptions=False)
    assert run.exit_code == 0, run.stderr
    return run.stdout


def test_sessions_are_told_by_date_and_of_one_athlete_only(batch: Path) -> None:
    plain = json.loads(told(batch, "zoë", "--json"))
    assert plain["athlete"] == "Zoë"
    squats, lunges = plain["exercises"]["squat"], plain["exercises"]["lunge"]
    assert [one["at"][:10] for one in squats["sessions"]] == ["2026-01-05", "2026-02-02", "2026-03-01"]
    assert [one["name"] for one in lunges["sessions"]] == ["lunge_january", "lunge_march"]
    assert squats["caveats"] == []


def test_the_last_session_is_compared_with_the_first_and_with_the_one_before(batch: Path) -> None:
    squats = json.loads(told(batch, "Zoë", "--json"))["exercises"]["squat"]
    [left] = [one for one in squats["measures"] if (one["key"]["check"], one["key"]["side"]) == ("knee_valgus", "left")]
    assert left["sessions"] == [0, 1, 2]
    assert [level["is_faulty"] for level in left["levels"]] == [False, False, True]
    assert (left["since_first"]["outcome"], left["since_previous"]["outcome"]) == ("worse", "worse")
    [valgus] = [one for one in squats["faults"] if one["key"]["fault"] == "knee_valgus"]
    assert [(rate["faulty"], rate["judged"]) for rate in valgus["rates"]] == [(0, 4), (0, 4), (4, 4)]
    assert valgus["since_first"] == "worse"


def test_a_rise_of_faults_beside_a_rise_of_load_is_said_in_one_sentence(batch: Path) -> None:
    text = " ".join(told(batch, "Zoë").split())
    assert (
        "Load grew faster than form held in the squat seen from the front: from 2026-02-02 to 2026-03-01 load rose "
        "from 60 to 80 kg; knees caving inward went from 0 of 4 repetitions to 4 of 4" in text
    )


def test_left_led_lunges_stand_beside_right_led_ones_in_every_session(batch: Path) -> None:
    text = told(batch, "Zoë")
    _, _, lunges = text.partition("left-led against right-led")
    assert re.findall(r"^Depth +(\S+) .* within", lunges, re.MULTILINE) == ["2026-01-06", "2026-03-02"]
    assert re.search(r"^Depth, left", text, re.MULTILINE)
    assert re.search(r"^Depth, right", text, re.MULTILINE)
    assert max(map(len, text.splitlines())) <= 80


def test_one_session_is_shown_without_a_comparison(batch: Path) -> None:
    text = told(batch, "Max")
    assert "One session: there is nothing to compare it with yet." in text
    assert "100 kg" in text


def test_an_athlete_who_is_not_there_is_told_who_is(batch: Path) -> None:
    with pytest.raises(InputError, match=r"got Moritz; there are Max, Zoë$"):
        athlete_sessions(str(batch), "Moritz")


def test_without_a_date_the_time_of_the_analysis_orders_and_load_is_not_judged(tmp_path: Path) -> None:
    rows = tuple(re.sub(r"2026-0[1-3]", "last week", row) for row in ROWS)
    undated = write_batch(tmp_path, rows)
    squats = json.loads(told(undated, "Zoë", "--json"))["exercises"]["squat"]
    assert squats["caveats"][0].startswith("No session has a date such as 2026-01-31")
    assert squats["load"] == []
    analysed = {row["path"]: row["analysed_at"].isoformat() for row in read_table(str(undated), "sessions")}
    assert [one["at"] for one in squats["sessions"]] == sorted(at for path, at in analysed.items() if "squat" in path)


def test_a_manifest_without_load_gives_a_history_without_load(tmp_path: Path) -> None:
    rows = tuple(row.rpartition(",")[0] for row in ROWS)
    text = told(write_batch(tmp_path, rows), "Zoë")
    assert "Load" not in text
    assert "Since the first, worse: knee valgus, left." in text


def test_what_came_and_went_is_told_since_last_time(tmp_path: Path) -> None:
    rows = tuple(row.replace("2026-03-01", "2026-01-20") for row in ROWS)
    squats, _, lunges = told(write_batch(tmp_path, rows), "Zoë").partition("\nLunge")
    assert "Since the first, no measure has changed by more than formcheck's own error." in squats
    assert "Since last time, better: knee valgus, left." in squats
    assert "\nNo measure has changed by more than formcheck's own error." in lunges, "two sessions have one comparison"


def test_recordings_that_hold_no_exercise_are_left_out(tmp_path: Path) -> None:
    write_recording(tmp_path / "standing.parquet", standing(3.0))
    mixed = write_batch(tmp_path, (*ROWS, "standing.parquet,Zoë,2026-04-01,90"))
    assert set(json.loads(told(mixed, "Zoë", "--json"))["exercises"]) == {"squat", "lunge"}


def test_an_athlete_of_other_movements_only_is_told_so(tmp_path: Path) -> None:
    write_recording(tmp_path / "standing.parquet", standing(3.0))
    found = write_batch(tmp_path, (ROWS[0], "standing.parquet,Zoë,2026-04-01,90"))
    with pytest.raises(InputError, match=r"expected squats or lunges of Zoë .* got 1 of other movements only"):
        athlete_sessions(str(found), "Zoë")
    (row,) = [row for row in read_table(str(found), "sessions") if "standing" in row["path"]]
    assert (row["exercise"], row["rep_count"], row["form_score"]) == ("none", 0, None)
    assert row["reason"]


def test_a_batch_without_athletes_says_what_to_give_it(batch: Path, tmp_path: Path) -> None:
    run_batch(tmp_path / "out", batch.parent / "other.parquet")
    with pytest.raises(InputError, match="give formcheck batch a manifest with the columns path, athlete and date"):
        athlete_sessions(str(tmp_path / "out"), "Zoë")


def test_the_page_plots_load_and_measures_over_the_sessions(batch: Path, tmp_path: Path) -> None:
    told(batch, "Zoë", "--html", tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Load over the sessions: 2026-01-05 40 kg, 2026-02-02 60 kg, 2026-03-01 80 kg." in page
    assert re.search(r'aria-label="Knee valgus, seen from the front, over 3 sessions; left: [^"]*; right: ', page)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert "style=" not in page


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium: apt-get install chromium")
def test_the_page_fits_a_phone_and_asks_for_nothing(batch: Path, tmp_path: Path) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="the page is opened by Playwright")
    page_file = tmp_path / "page.html"
    told(batch, "Zoë", "--html", page_file)
    asked, complaints = [], []
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 390, "height": 800})
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(page_file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert page.evaluate("getComputedStyle(document.querySelector('.worse')).fontWeight") == "600"
        browser.close()
    assert asked == [page_file.as_uri()]
    assert complaints == []


def test_an_athlete_spelled_in_two_cases_is_one(tmp_path: Path) -> None:
    rows = tuple(row.replace("february.parquet,Zoë", "february.parquet,ZOË") for row in ROWS)
    squats = json.loads(told(write_batch(tmp_path, rows), "zoë", "--json"))["exercises"]["squat"]
    assert len({one["athlete"] for one in squats["sessions"]}) == 1
    assert told(tmp_path / "out", "Zoe\N{COMBINING DIAERESIS}", "--json") == told(tmp_path / "out", "zoë", "--json")
    assert len(squats["load"]) == 1
    assert squats["caveats"] == []


def test_what_came_out_stands_before_every_table(batch: Path) -> None:
    text = told(batch, "Zoë")
    verdicts, first_table = text.index("Since last time, worse"), text.index("─")
    assert verdicts < text.index("No measure has changed") < first_table
    one = told(batch, "Max")
    assert one.index("One session:") < one.index("─")


def test_no_number_has_a_minus_sign_and_directions_are_words(batch: Path) -> None:
    text = told(batch, "Zoë")
    assert not re.search(r"[−+-]\d", re.sub(r"\d{4}-\d\d-\d\d", "", text))
    assert re.search(r"^Pelvic tilt +\d° ± \d° .*\n +left lower +left lower", text, re.MULTILINE)
    assert re.search(r"^Knee +(0\.\d\d ± 0\.\d\d +){2}0\.\d\d .*\n.*valgus.* more", text, re.MULTILINE)


def test_without_a_name_the_athletes_are_listed_with_the_way_on(batch: Path, tmp_path: Path) -> None:
    run = CliRunner().invoke(app, ["history", str(batch)], catch_exceptions=False)
    assert run.exit_code == 0
    listed = run.stdout.splitlines()
    assert listed[:2] == ["Max: 1 session", "Zoë: 5 sessions"]
    assert listed[2].endswith(shlex.join(["formcheck", "history", str(batch), "--athlete", "Zoë"]))
    plain = json.loads(CliRunner().invoke(app, ["history", str(batch), "--json"]).stdout)
    assert plain == {"athletes": [{"name": "Max", "sessions": 1}, {"name": "Zoë", "sessions": 5}]}
    page = CliRunner().invoke(app, ["history", str(batch), "--html", str(tmp_path / "page.html")])
    assert page.exit_code == 2
    assert "--athlete" in page.stderr


def test_one_name_in_two_spellings_is_one_athlete(tmp_path: Path) -> None:
    rows = tuple(row.replace("squat_march.parquet,Zoë", "squat_march.parquet,zoë") for row in ROWS)
    assert sorted(athletes(str(write_batch(tmp_path, rows))).values()) == [1, 5]
