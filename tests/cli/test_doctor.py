from __future__ import annotations

import importlib
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from formcheck.cli import doctor
from formcheck.cli.doctor import Diagnosis, examine
from formcheck.frames import camera
from formcheck.landmarks import estimator, models
from formcheck.machine import system
from formcheck.machine.confine import ConfinementError


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


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the libraries come with the system")
def test_missing_system_libraries_are_told_once_with_the_one_command_and_are_no_fault_of_a_codec(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(system, "_loads", lambda soname: soname not in {"libEGL.so.1", "libGL.so.1"})
    message = "libGL.so.1: cannot open shared object file: No such file or directory"
    refuse(monkeypatch, "formcheck.frames.writer", message=message)
    found = examined()
    libraries = found["system libraries"]
    assert (libraries.is_well, libraries.needed) == (False, True)
    assert libraries.detail == f"libGL.so.1, libEGL.so.1 missing; install with: {system.INSTALL_COMMAND}"
    assert sum(system.INSTALL_COMMAND in finding.detail for finding in found.values()) == 1
    assert found["H.264"] == Diagnosis("H.264", False, "not tried, for libGL.so.1 is missing", needed=False)


@pytest.mark.parametrize("fault", [None, "it sends"])
def test_what_keeps_usage_metrics_in_is_told(monkeypatch: pytest.MonkeyPatch, fault: str | None) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise ConfinementError(0, "not here")

    monkeypatch.setattr(doctor, "run_confined", refused)
    monkeypatch.setattr(estimator, "sends_unconfined", lambda: fault)
    found = examined()["usage metrics"]
    assert (found.is_well, found.detail) == (fault is None, fault or "none: this MediaPipe sends nothing")
    monkeypatch.setattr(doctor, "run_confined", lambda *_, **__: None)
    assert examined()["usage metrics"].is_well


def test_the_examination_ends_where_nothing_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    message = "libGL.so.1: cannot open shared object file: No such file or directory"
    refuse(monkeypatch, "av", "formcheck.frames.writer", message=message)
    found = examined()
    assert (found["ffmpeg"].is_well, found["H.264"].is_well) == (False, False)
    assert "libGL.so.1 is missing" in found["H.264"].detail
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
    assert examined()["av"] == Diagnosis("av", False, "not installed: ./setup installs it")


def test_a_second_opencv_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "one OpenCV" not in examined()
    monkeypatch.setattr(doctor, "_other_opencvs", lambda: ["opencv-contrib-python", "opencv-python-headless"])
    found = examined()["one OpenCV"]
    assert (found.is_well, found.needed) == (False, False)
    assert "opencv-python-headless writes into the same folder" in found.detail


def test_cameras_and_a_display_are_told_but_not_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera, "list_cameras", lambda: [(0, "Laptop camera"), (2, "/dev/video2")])
    monkeypatch.setenv("DISPLAY", ":7")
    cameras = doctor._cameras()
    assert (cameras.is_well, cameras.needed, cameras.detail) == (True, False, "0 Laptop camera, 2 /dev/video2")
    monkeypatch.setattr(camera, "list_cameras", list)
    assert doctor._cameras().detail == "none"
    if sys.platform != "linux":
        assert examined()["display"].is_well  # every Mac and PC has one
        return
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    display = examined()["display"]
    assert (display.is_well, display.needed) == (False, False)
    monkeypatch.setenv("DISPLAY", ":7")
    assert examined()["display"].detail == ":7"
