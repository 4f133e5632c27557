"""What can go stale in the documentation is compared with the code."""

from __future__ import annotations

import os
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import typer
from bodies import squats
from PIL import Image
from test_architecture import LAYERS

import formcheck
from formcheck.checks.exercises import EXERCISES
from formcheck.checks.judge_recording import analyze_poses
from formcheck.cli.app import app
from formcheck.cli.catalogue import check_rows
from formcheck.results.batch_schema import TABLES
from formcheck.results.timeseries import timeseries_columns
from tools import wrap_prose

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MEASURES = (ROOT / "docs" / "measures.md").read_text(encoding="utf-8")
FILES = (ROOT / "docs" / "files.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


def test_the_readme_names_every_command() -> None:
    for command in app.registered_commands:
        assert command.callback is not None
        assert f"formcheck {command.callback.__name__}" in README or f"`{command.callback.__name__}`" in README


def test_the_commands_page_names_every_command_and_every_option() -> None:
    known = set()
    for name, command in typer.main.get_command(app).commands.items():
        assert f"`formcheck {name}" in COMMANDS
        options = {option for told in command.params for option in (*told.opts, *told.secondary_opts)}
        known |= {option for option in options if option.startswith("--")}
    assert {option for option in known if not re.search(rf"`[^`]*{option}\b", COMMANDS)} == set()
    assert set(re.findall(r"^\| `(--[a-z-]+)", COMMANDS, re.MULTILINE)) <= known


def test_the_commands_page_shows_every_check_with_the_limits_in_force() -> None:
    shown = [line.strip("| ").replace("`", "").split(" | ") for line in COMMANDS.splitlines()]
    keys = ("exercise", "check", "fault", "measure", "unit", "planes", "warn", "fail")
    wanted = [["–" if row[key] is None else str(row[key]) for key in keys] for row in check_rows("standard")]
    assert [cells for cells in shown if cells[0] in EXERCISES] == wanted


def test_the_pages_name_every_file_of_an_analysis() -> None:
    for name in ("report.json", "landmarks.parquet", "timeseries.parquet", "annotated.mp4", "report.html"):
        assert f"`{name}`" in README
        assert f"## {name}" in FILES


def test_the_measures_page_defines_every_variable_of_the_time_series() -> None:
    names = {re.sub("^(left|right)_", "", name) for name in analyze_poses(squats(1)).timeseries.variables}
    missing = {
        name for name in names if f"`{name}`" not in MEASURES and not name.endswith(("change_deg", "change_ratio"))
    }
    assert missing == set()
    assert "`…_change_deg`" in MEASURES
    assert "`…_change_ratio`" in MEASURES


def test_the_files_page_names_the_columns_that_every_time_series_has() -> None:
    report = analyze_poses(squats(1))
    columns = timeseries_columns(report)
    for name in ("frame", "time_s", "phase", "rep_number"):
        assert name in columns
        assert f"`{name}`" in FILES
    assert all(np.shape(values) == (len(report.pose),) for values in columns.values())


def test_every_link_of_the_documentation_leads_to_a_file() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_gate_runs_the_commands_that_the_readme_shows() -> None:
    for who in ("users", "developers"):
        assert re.search(rf"^# {who}\n\S.*$", README, re.MULTILINE)


def test_the_batch_page_shows_every_column_with_its_unit() -> None:
    page = (ROOT / "docs" / "batch.md").read_text(encoding="utf-8")
    for table, columns in TABLES.items():
        [shown] = re.findall(rf"^### {table}\n\n\|.*\n\|.*\n((?:\|.*\n)+)", page, re.MULTILINE)
        rows = [re.split(r"(?<!\\) \| ", line.strip("|").strip(" ")) for line in shown.splitlines()]
        wanted = [
            [f"`{column.name}`", column.kind, column.unit, column.meaning.replace("|", r"\|")] for column in columns
        ]
        assert [[cell.strip() for cell in row] for row in rows] == wanted


def test_the_architecture_page_names_every_folder_in_order() -> None:
    [table] = re.findall(r"^## The folders, in order\n\n\|.*\n\|.*\n((?:\|.*\n)+)", ARCHITECTURE, re.MULTILINE)
    named = re.findall(r"^\| `([a-z_]+)(?:/|\.py)` \|", table, re.MULTILINE)
    assert named == [name for name in LAYERS if name != "__main__"]
    assert all((ROOT / "formcheck" / name).is_dir() or (ROOT / f"formcheck/{name}.py").is_file() for name in named)


def test_every_function_that_the_architecture_page_names_is_there() -> None:
    names = set(re.findall(rf"`((?:{'|'.join(LAYERS)})\.[A-Za-z_.]+)`", ARCHITECTURE)) - {
        "errors.py",
        "analysis.py",
        "session.py",
    }
    assert {"checks.judging.judge", "results.report_json.write_report"} <= names
    assert {name for name in names if not is_there(f"formcheck.{name}")} == set()


def is_there(name: str) -> bool:
    """Whether a dotted name leads to a module, a function, a class or what a class has."""
    try:
        pkgutil.resolve_name(name)
    except (ImportError, AttributeError):
        module, _, last = name.rpartition(".")
        return last in getattr(pkgutil.resolve_name(module), "__annotations__", {})
    return True


def test_a_function_that_is_gone_is_found() -> None:
    assert is_there("formcheck.checks.exercise.Exercise.explains")
    assert not is_there("formcheck.checks.judging.no_such_judge")


def test_every_path_that_the_documentation_names_is_there() -> None:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir()} - {"tests"}
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for path in re.findall(rf"`((?:tests|{'|'.join(folders)})/[\w./*-]*)`", text):
            assert any(ROOT.glob(path.rstrip("/"))), f"{page.name}: {path}"


def test_the_readme_is_a_front_door_with_a_picture_that_moves() -> None:
    assert len(README.splitlines()) < 120
    [shown] = re.findall(r"^!\[[^]]+\]\((docs/\S+)\)$", README, re.MULTILINE)
    assert (ROOT / shown).stat().st_size < 2_000_000
    with Image.open(ROOT / shown) as picture:
        moments = []
        for frame in (0, picture.n_frames // 3):
            picture.seek(frame)
            moments.append(np.asarray(picture.convert("L"), dtype=np.int16))
    assert np.abs(moments[1] - moments[0]).max() > 100


def test_the_guide_of_a_coach_is_one_page() -> None:
    assert len((ROOT / "docs" / "coach.md").read_text(encoding="utf-8").split()) < 400


def test_every_page_of_the_documentation_is_on_the_site() -> None:
    listed = re.findall(r": (\S+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(path.name for path in (ROOT / "docs").glob("*.md"))


def test_the_site_is_built_without_a_warning_or_a_network_and_its_pages_load_nothing_from_elsewhere(
    tmp_path: Path,
) -> None:
    nobody = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)]
    run = subprocess.run(build, cwd=ROOT, env=os.environ | nobody, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "WARNING -" not in run.stderr
    loads = r'<(?:script|link|img|iframe|source|video)\b[^>]*\b(?:src|href)="(?:https?:)?//[^"]+"'
    for page in tmp_path.rglob("*.html"):
        assert re.findall(loads, page.read_text(encoding="utf-8")) == [], page.name
    reference = (tmp_path / "api.html").read_text(encoding="utf-8")
    assert not re.search(r":(func|class|meth|mod|data):", reference)


def test_the_reference_shows_every_public_name() -> None:
    shown = set(
        re.findall(r"^::: formcheck\.(\w+)$", (ROOT / "docs" / "api.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert shown == set(formcheck.__all__)


@pytest.mark.parametrize("page", wrap_prose.PAGES, ids=lambda page: page.stem)
def test_prose_stands_in_lines_that_people_can_edit(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert wrap_prose.wrapped(text) == text, "python tools/wrap_prose.py wraps it"


def test_wrapping_keeps_every_word_and_leaves_tables_code_and_generated_lines_alone() -> None:
    long = "a `piece of code` and " * 12
    kept = f"| {long} |\n\n```text\n{long}\n```\n\n<!-- begin made -->\n{long}\n<!-- end made -->\n"
    page = f"{long}\n\n- one {long}\n  - two {long}\n1. {long}- 3 # 4\n\n{kept}"
    found = wrap_prose.wrapped(page)
    assert found.split() == page.split()
    assert found.endswith(kept)
    prose = found.removesuffix(kept)
    assert max(map(len, prose.splitlines())) <= 120
    assert prose.count("`piece of code`") == page.removesuffix(kept).count("`piece of code`")
    assert len(re.findall(r"^ *(?:[-+*#]|\d+\.) ", prose, re.MULTILINE)) == 3
    assert wrap_prose.wrapped(found) == found
