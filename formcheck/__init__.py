"""formcheck: measures squat and lunge form in video, and says with numbers what it saw.

``analyze`` takes a video, ``analyze_poses`` landmarks, ``LiveSession`` one pose after the other. Importing this package
loads neither OpenCV nor MediaPipe.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from formcheck.body.pose import Landmark, Pose, Side
    from formcheck.body.view import Plane, View
    from formcheck.checks.check import Finding, Limit, Verdict
    from formcheck.checks.judge_recording import analyze_poses
    from formcheck.checks.profiles import Profile, load_profile
    from formcheck.checks.session_report import RepReport, SessionReport, Summary, TimeSeries
    from formcheck.coach import Cue, LiveSession, LiveState, Stage
    from formcheck.errors import (
        CameraError,
        DisplayError,
        FormcheckError,
        InputError,
        LandmarkFileError,
        ModelError,
        OutputError,
        ProfileError,
        SystemLibraryError,
        VideoError,
    )
    from formcheck.measures.correction import UNCALIBRATED, Calibration, joint_calibration
    from formcheck.measures.reps import Phase, Rep

__version__ = "0.1.0"

__all__ = [
    "UNCALIBRATED",
    "Calibration",
    "CameraError",
    "Cue",
    "DisplayError",
    "Finding",
    "FormcheckError",
    "InputError",
    "Landmark",
    "LandmarkFileError",
    "Limit",
    "LiveSession",
    "LiveState",
    "ModelError",
    "OutputError",
    "Phase",
    "Plane",
    "Pose",
    "Profile",
    "ProfileError",
    "Rep",
    "RepReport",
    "SessionReport",
    "Side",
    "Stage",
    "Summary",
    "SystemLibraryError",
    "TimeSeries",
    "Verdict",
    "VideoError",
    "View",
    "analyze",
    "analyze_poses",
    "joint_calibration",
    "load_profile",
]

if not TYPE_CHECKING:  # names are loaded when asked for: the command line must be able to answer Ctrl-C from the start
    _HOMES = {
        "Calibration": "measures.correction",
        "CameraError": "errors",
        "Cue": "coach",
        "DisplayError": "errors",
        "Finding": "checks.check",
        "FormcheckError": "errors",
        "InputError": "errors",
        "Landmark": "body.pose",
        "LandmarkFileError": "errors",
        "Limit": "checks.check",
        "LiveSession": "coach",
        "LiveState": "coach",
        "ModelError": "errors",
        "OutputError": "errors",
        "Phase": "measures.reps",
        "Plane": "body.view",
        "Pose": "body.pose",
        "Profile": "checks.profiles",
        "ProfileError": "errors",
        "Rep": "measures.reps",
        "RepReport": "checks.session_report",
        "SessionReport": "checks.session_report",
        "Side": "body.pose",
        "Stage": "coach",
        "Summary": "checks.session_report",
        "SystemLibraryError": "errors",
        "TimeSeries": "checks.session_report",
        "UNCALIBRATED": "measures.correction",
        "Verdict": "checks.check",
        "VideoError": "errors",
        "View": "body.view",
        "analyze_poses": "checks.judge_recording",
        "joint_calibration": "measures.correction",
        "load_profile": "checks.profiles",
    }

    def __getattr__(name):
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)

    def __dir__():
        return sorted({*globals(), *__all__})


def analyze(
    path: str | Path,
    *,
    exercise: str = "auto",
    view: str = "auto",
    profile: str = "standard",
    model: str = "full",
    person: int | None = None,
    mirrored: bool = False,
    landmarks_from: str = "auto",
    height_cm: float | None = None,
) -> SessionReport:
    """Analyse a video, or a ``landmarks.parquet`` made from one. Nothing is written.

    Args:
        path: The recording.
        exercise: ``auto``, ``squat`` or ``lunge``.
        view: ``auto``, ``front``, ``back``, ``side`` or ``oblique``.
        profile: ``standard``, ``strict``, ``performance`` or the path of a TOML file.
        model: ``lite``, ``full``, ``heavy`` or the path of a ``.task`` file.
        person: Which of several people, 1 for the one furthest left at the start; None takes the one who trains.
        mirrored: The pictures of a video are mirror images: they are flipped back first.
        landmarks_from: Whose landmarks a table holds: ``mediapipe``, ``other`` for landmarks that lie where the joints
            are, or ``auto`` for what the table says itself.
        height_cm: How tall the person is: gives centimetres and metres a second.

    Returns:
        Every repetition with its measures and findings, the summary, and the time series of the whole recording.

    Raises:
        FormcheckError: In one line, what was expected, what came and what to do.
    """
    from formcheck import analysis  # keeps pyarrow and jsonschema out of `import formcheck`

    settings = analysis.Settings(
        exercise,
        view,
        profile,
        model,
        person=person,
        mirrored=mirrored,
        landmarks_from=landmarks_from,
        height_cm=height_cm,
    )
    return analysis.analyze(path, settings=settings).report
