from __future__ import annotations

import importlib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from formcheck.cli import doctor
from formcheck.cli.doctor import Diagnosis, examine
from formcheck.landmarks import models
from formcheck.machine import system


def examined() -> dict[str, Diagnosis]:
    return {found.subject: found for found in examine()}


def refuse(monkeypatch: pytest.MonkeyPatch, *modules: str, message: str) -> None:
    """Importing these fails the way it does where a system library is missing."""
    found = importlib.import_module

    def importing(name: str, package: str | None = None) -> Any:
        if name in modules:
            raise ImportError(message)
        return found(name, package)

    monkeypatch.setattr(importlib, "import_module", importing)


def test_a_healthy_machine_has_all_that_is_needed() -> None:
    found = examined()
    assert [subject for subject, finding in found.items() if finding.needed and not finding.is_well] == []
    for subject in ("python", "formcheck", "mediapipe", "opencv-contrib-python", "numpy", "av", "model full"):
        assert found[subject].detail
    assert "libavcodec" in found["ffmpeg"].detail
    assert found["H.264"].detail == "5 of 5 pictures written and read back"


def test_a_missing_system_library_is_named_with_the_one_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(system, "_loads", lambda soname: soname != "libEGL.so.1")
    found = examined()
    assert found["libEGL.so.1"] == Diagnosis(
        "libEGL.so.1", False, f"missing; install it with: {system.INSTALL_COMMAND}"
    )
    assert "system libraries" not in found


def test_the_examination_ends_where_nothing_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    message = "libGL.so.1: cannot open shared object file: No such file or directory"
    refuse(monkeypatch, "av", "formcheck.frames.writer", message=message)
    found = examined()
    assert (found["ffmpeg"].is_well, found["H.264"].is_well) == (False, False)
    assert message in found["H.264"].detail
    assert "display" in found  # the last one


def test_a_corrupt_full_model_is_a_failure_and_a_missing_heavy_one_is_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    full = models.MODELS["full"].file_name
    (tmp_path / full).write_bytes(b"half a download")
    monkeypatch.setattr(models, "data_path", lambda *parts: tmp_path / parts[-1])
    found = examined()
    assert (found["model full"].is_well, found["model full"].needed) == (False, True)
    assert "is not a pose model" in found["model full"].detail
    assert (found["model heavy"].is_well, found["model heavy"].needed) == (False, False)


def test_a_package_that_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    found = metadata.version

    def version(name: str) -> str:
        if name == "av":
            raise metadata.PackageNotFoundError(name)
        return found(name)

    monkeypatch.setattr(metadata, "version", version)
    assert examined()["av"] == Diagnosis("av", False, "not installed: pip install formcheck again")


def test_a_second_opencv_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "one OpenCV" not in examined()
    monkeypatch.setattr(doctor, "_other_opencvs", lambda: ["opencv-contrib-python", "opencv-python-headless"])
    found = examined()["one OpenCV"]
    assert (found.is_well, found.needed) == (False, False)
    assert "opencv-python-headless writes into the same folder" in found.detail


def test_cameras_and_a_display_are_told_but_not_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "glob", lambda *_: iter([Path("/dev/video2"), Path("/dev/video0")]))
    monkeypatch.setenv("DISPLAY", ":7")
    cameras = doctor._cameras()
    assert (cameras.is_well, cameras.needed, cameras.detail) == (True, False, "/dev/video0, /dev/video2")
    monkeypatch.undo()
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    display = examined()["display"]
    assert (display.is_well, display.needed) == (False, False)
    monkeypatch.setenv("DISPLAY", ":7")
    assert examined()["display"].detail == ":7"
