"""What finds joints in the browser is taken by version and SHA-512, and done without where it is not there."""

from __future__ import annotations

import importlib.util
import io
import sys
import tarfile
from pathlib import Path
from types import ModuleType

import pytest
from commands import needs_posix
from hatchling.builders.wheel import WheelBuilder

from formcheck.cli import doctor
from formcheck.web import browser_code

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def taking(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """``tools/browser.py``, with an empty place to take things into and an npm that gives what it is told to."""
    spec = importlib.util.spec_from_file_location("browser", ROOT / "tools" / "browser.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.path.remove(str(ROOT))
    for owner in (module, browser_code):
        monkeypatch.setattr(owner, "FOLDER", tmp_path / "taken")
    return module


def npm_that_gives(archive: bytes, folder: Path) -> str:
    (folder / "archive").write_bytes(archive)
    program = folder / "npm"
    program.write_text(f'#!/bin/sh\ncp "{folder}/archive" package.tgz\n', encoding="utf-8")
    program.chmod(0o755)
    return str(program)


def archive_of(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


@needs_posix
def test_a_package_of_another_content_is_refused_and_leaves_nothing(
    taking: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    npm = npm_that_gives(archive_of({"vision_bundle.mjs": b"something else"}), tmp_path)
    monkeypatch.setattr(taking.shutil, "which", lambda _: npm)
    assert taking.main() == 1
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("error: @mediapipe/tasks-vision@1.1.0 is not what was looked at: expected sha512-")
    assert not (tmp_path / "taken").exists()


@needs_posix
def test_the_package_that_was_looked_at_is_taken_file_by_file(
    taking: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"export const found = 1;"
    archive = archive_of({"dist/a.mjs": content, "dist/b.mjs": b"not asked for"})
    digest = browser_code.hashlib.sha256(content).hexdigest()
    wanted = browser_code.Package(
        "thing", "1.0.0", taking.integrity_of(archive), (browser_code.Taken("dist/a.mjs", digest, len(content)),)
    )
    for owner in (taking, browser_code):
        monkeypatch.setattr(owner, "PACKAGES", (wanted,))
    monkeypatch.setattr(taking.shutil, "which", lambda _: npm_that_gives(archive, tmp_path))
    assert browser_code.missing() == ["a.mjs"]
    assert taking.main() == 0
    assert browser_code.missing() == []
    assert [path.name for path in (tmp_path / "taken").iterdir()] == ["a.mjs"]


def test_without_npm_there_is_one_line(
    taking: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(taking.shutil, "which", lambda _: None)
    assert taking.main() == 1
    assert capsys.readouterr().err == "error: expected npm, found none: install Node.js and type it again\n"


def test_doctor_says_which_versions_there_are_or_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(doctor, "missing", list)
    assert doctor._browser().detail == "@mediapipe/tasks-vision 1.1.0, mediabunny 1.61.0"
    monkeypatch.setattr(doctor, "missing", browser_code.missing)
    monkeypatch.setattr(browser_code, "FOLDER", tmp_path)
    found = doctor._browser()
    assert (found.is_well, found.needed) == (False, False)
    assert found.detail.startswith("pictures go to the server: vision_bundle.mjs, ")


def test_a_damaged_file_counts_as_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(browser_code, "FOLDER", tmp_path)
    [file] = browser_code.PACKAGES[1].files
    browser_code.place_of(file).write_bytes(bytes(file.size))
    assert browser_code.place_of(file).name in browser_code.missing()


def test_the_wheel_holds_it_although_no_commit_does(monkeypatch: pytest.MonkeyPatch) -> None:
    if browser_code.missing():
        pytest.skip("needs what finds joints in the browser: python tools/browser.py")
    held = {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    names = [browser_code.place_of(file).name for package in browser_code.PACKAGES for file in package.files]
    assert {f"formcheck/web/taken/{name}" for name in names} <= held
    assert "/formcheck/web/taken/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
