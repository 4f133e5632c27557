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
    from formcheck.checks.check import Finding, Verdict
    from formcheck.checks.judge_recording import analyze_poses
    from formcheck.checks.session_report import RepReport, SessionReport
    from formcheck.coach import LiveSession, LiveState
    from formcheck.errors import FormcheckError

__all__ = [
    "Finding",
    "FormcheckError",
    "Landmark",
    "LiveSession",
    "LiveState",
    "Pose",
    "RepReport",
    "SessionReport",
    "Side",
    "Verdict",
    "analyze",
    "analyze_poses",
]

if not TYPE_CHECKING:  # names are loaded when asked for: the command line must be able to answer Ctrl-C from the start
    _HOMES = {
        "Finding": "checks.check",
        "FormcheckError": "errors",
        "Landmark": "body.pose",
        "LiveSession": "coach",
        "LiveState": "coach",
        "Pose": "body.pose",
        "RepReport": "checks.session_report",
        "SessionReport": "checks.session_report",
        "Side": "body.pose",
        "Verdict": "checks.check",
        "analyze_poses": "checks.judge_recording",
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
) -> SessionReport:
    """Analyse a video, or a ``landmarks.parquet`` made from one. Nothing is written.

    Args:
        path: The recording.
        exercise: ``auto``, ``squat`` or ``lunge``.
        view: ``auto``, ``front``, ``back``, ``side`` or ``oblique``.
        profile: ``standard``, ``strict``, ``performance`` or the path of a TOML file.
        model: ``lite``, ``full``, ``heavy`` or the path of a ``.task`` file.
        person: Which of several people, 1 for the one furthest left at the start; None takes the one who trains.

    Raises:
        FormcheckError: In one line, what was expected, what came and what to do.
    """
    from formcheck import analysis  # noqa: PLC0415 - keeps pyarrow and jsonschema out of `import formcheck`

    settings = analysis.Settings(exercise=exercise, view=view, profile=profile, model=model, person=person)
    return analysis.analyze(path, settings=settings).report
