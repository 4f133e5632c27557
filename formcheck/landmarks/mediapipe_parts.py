"""The parts of MediaPipe that find a pose, without the rest of it. The only file that imports mediapipe.

``import mediapipe`` loads its tools for sound, text and drawing, and with them Matplotlib and a sound library: 0.5 of
0.7 s. The few modules that are needed here load in 0.1 s if their packages are not run, only found. Packages that were
not there before are forgotten afterwards, so that ``import mediapipe`` elsewhere in the program does what it always
does.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

_VISION = "mediapipe.tasks.python.vision"
#: Outermost first.
_PACKAGES = ("mediapipe", "mediapipe.tasks", "mediapipe.tasks.python", _VISION)

_loading = threading.Lock()
_loaded: list[Parts] = []


class Parts(NamedTuple):
    """Classes of MediaPipe, by their own names."""

    BaseOptions: Any
    Image: Any
    ImageFormat: Any
    PoseLandmarker: Any
    PoseLandmarkerOptions: Any
    RunningMode: Any
    load_raw_library: Any


def load_parts() -> Parts:
    """Load them, the first time; any thread may ask.

    Raises:
        ImportError: MediaPipe, or a library that it needs, is missing.
    """
    with _loading:
        if not _loaded:
            _loaded.append(_load())
        return _loaded[0]


def load_library() -> None:
    """Load MediaPipe's own library, the first time, in this thread: its threads will be those of who asks first."""
    parts = load_parts()
    with _loading, _packages_found():  # it looks for its file by the name of a package
        parts.load_raw_library()


def _load() -> Parts:
    try:
        with _packages_found():
            return _parts()
    except (ImportError, AttributeError):  # another version, laid out otherwise
        import_module("mediapipe")
        return _parts()


def _parts() -> Parts:
    base, image = import_module("mediapipe.tasks.python.core.base_options"), import_module(f"{_VISION}.core.image")
    bindings = import_module("mediapipe.tasks.python.core.mediapipe_c_bindings")
    pose, mode = import_module(f"{_VISION}.pose_landmarker"), import_module(f"{_VISION}.core.vision_task_running_mode")
    return Parts(
        base.BaseOptions,
        image.Image,
        image.ImageFormat,
        pose.PoseLandmarker,
        pose.PoseLandmarkerOptions,
        mode.VisionTaskRunningMode,
        bindings.load_raw_library,
    )


@contextmanager
def _packages_found() -> Iterator[None]:
    """Within the block the packages can be imported from, though they were never run."""
    found, before = find_spec("mediapipe"), set(sys.modules)
    folder = Path(found.origin).parent if found is not None and found.origin is not None else Path()
    for name in _PACKAGES:
        if name not in before:
            package = ModuleType(name)
            package.__path__ = [str(folder.joinpath(*name.split(".")[1:]))]
            sys.modules[name] = package
    try:
        yield
    finally:
        for name in [name for name in sys.modules if name.split(".")[0] == "mediapipe" and name not in before]:
            del sys.modules[name]
