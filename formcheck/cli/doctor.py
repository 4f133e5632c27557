"""What this machine has of what formcheck needs. Works where everything else cannot be imported."""

from __future__ import annotations

import importlib
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from formcheck.errors import FormcheckError
from formcheck.landmarks.models import MODELS, resolve_model
from formcheck.machine.confine import ConfinementError, run_confined
from formcheck.machine.system import INSTALL_COMMAND, missing_libraries, missing_soname
from formcheck.web.browser_code import PACKAGES, missing

_PACKAGES = ("mediapipe", "opencv-contrib-python", "numpy", "av", "pyarrow", "rich", "typer")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One line of the examination. ``needed``: without it no video can be analysed."""

    subject: str
    is_well: bool
    detail: str
    needed: bool = True


def examine() -> Iterator[Diagnosis]:
    """Examine versions, system libraries, models, what browsers get, codecs, cameras and display, in this order."""
    yield Diagnosis("python", sys.version_info >= (3, 11), platform.python_version())
    yield from _packages()
    yield _ffmpeg()
    yield _libraries()
    yield _usage_metrics()
    yield from _models()
    yield _browser()
    yield from _codecs()
    yield _cameras()
    yield _display()


def _packages() -> Iterator[Diagnosis]:
    for name in ("formcheck", *_PACKAGES):
        try:
            yield Diagnosis(name, True, metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Diagnosis(name, False, "not installed: ./setup installs it")
    others = [name for name in _other_opencvs() if name != "opencv-contrib-python"]
    if others:
        detail = f"{', '.join(others)} writes into the same folder as opencv-contrib-python: pip uninstall it"
        yield Diagnosis("one OpenCV", False, detail, needed=False)


def _other_opencvs() -> list[str]:
    names = {distribution.metadata["Name"] or "" for distribution in metadata.distributions()}
    return sorted(name for name in names if name.lower().startswith("opencv-"))


def _ffmpeg() -> Diagnosis:
    """The libraries that PyAV brings along: they survey a recording and write H.264."""
    try:
        versions = importlib.import_module("av").library_versions
    except (ImportError, OSError) as error:
        return Diagnosis("ffmpeg", False, str(error))
    shown = (f"{name} {'.'.join(map(str, versions[name]))}" for name in ("libavformat", "libavcodec"))
    return Diagnosis("ffmpeg", True, ", ".join(shown))


def _libraries() -> Diagnosis:
    missing = ", ".join(library.soname for library in missing_libraries())
    detail = f"{missing} missing; install with: {INSTALL_COMMAND}" if missing else "all found"
    return Diagnosis("system libraries", not missing, detail)


def _usage_metrics() -> Diagnosis:
    """Whether MediaPipe can send its maker anything from here."""
    try:
        run_confined(bool, deny_sockets=True, deny_stderr=False)
    except ConfinementError:
        fault: str | None
        try:
            fault = importlib.import_module("formcheck.landmarks.estimator").sends_unconfined()
        except ImportError as error:
            fault = str(error)
        return Diagnosis("usage metrics", fault is None, fault or "none: this MediaPipe sends nothing")
    return Diagnosis("usage metrics", True, "kept in: MediaPipe's threads cannot open sockets")


def _models() -> Iterator[Diagnosis]:
    for name in MODELS:
        try:
            model = resolve_model(name)
        except FormcheckError as error:
            yield Diagnosis(f"model {name}", False, str(error), needed=name == "full")
        else:
            yield Diagnosis(f"model {name}", True, f"sha256 {model.sha256[:12]}… as published")


def _browser() -> Diagnosis:
    """Whether `formcheck serve` lets browsers find joints themselves."""
    wanted = ", ".join(f"{package.name} {package.version}" for package in PACKAGES)
    if lacking := missing():
        detail = (
            f"pictures go to the server: {', '.join(lacking)} missing; with npm, python tools/browser.py takes them"
        )
        return Diagnosis("joints in the browser", False, detail, needed=False)
    return Diagnosis("joints in the browser", True, wanted)


def _codecs() -> Iterator[Diagnosis]:
    """Write a few pictures as H.264 and read them back, the way an analysis does."""
    try:
        np = importlib.import_module("numpy")
        frame = importlib.import_module("formcheck.frames.frame").Frame
        writer = importlib.import_module("formcheck.frames.writer").VideoWriter
        reader = importlib.import_module("formcheck.frames.video").VideoFile
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "test.mp4"
            with writer(path, 64, 64) as sink:
                for index in range(5):
                    sink.write(frame(index, index / 30, np.full((64, 64, 3), 40 * index, np.uint8)))
            with reader(path) as source:
                count = sum(1 for _ in source)
        yield Diagnosis("H.264", count == 5, f"{count} of 5 pictures written and read back")
    except (FormcheckError, ImportError, OSError) as error:
        soname = missing_soname(error.__cause__ or error)
        if soname is None:
            yield Diagnosis("H.264", False, str(error))
        else:  # no fault of the codec; if it was told of before, then with the command that helps
            is_told = soname in {library.soname for library in missing_libraries()}
            yield Diagnosis("H.264", False, f"not tried, for {soname} is missing", needed=not is_told)


def _cameras() -> Diagnosis:
    try:
        cameras = importlib.import_module("formcheck.frames.camera").list_cameras()
    except (ImportError, OSError):
        return Diagnosis("cameras", False, "not looked for: OpenCV cannot be loaded", needed=False)
    shown = ", ".join(f"{number} {name}" for number, name in cameras)
    return Diagnosis("cameras", bool(cameras), shown or "none", needed=False)


def _display() -> Diagnosis:
    """A screen for the live window; on systems other than Linux there always is one."""
    shown = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform != "linux":
        shown = platform.system()
    return Diagnosis("display", bool(shown), shown or "none (only a live window would need one)", needed=False)
