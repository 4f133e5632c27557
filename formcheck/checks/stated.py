"""What may be stated of a recording: the words that the analysis, the command line and the server take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from formcheck.body.view import Plane
from formcheck.checks.exercises import EXERCISES
from formcheck.checks.profiles import PROFILE_NAMES
from formcheck.errors import InputError
from formcheck.measures.stature import LEAST_CM, MOST_CM

#: What may be stated of the view; ``auto`` has it measured.
VIEWS: tuple[str, ...] = ("auto", *(plane for plane in Plane if plane is not Plane.UNKNOWN))

#: Whose landmarks a table may hold: ``other`` ones lie where the joints are; ``auto`` takes what the table says.
LANDMARK_SOURCES = ("auto", "mediapipe", "other")


def exercises() -> tuple[str, ...]:
    """What may be stated of the exercise; ``auto`` has it recognised."""
    return ("auto", *EXERCISES)


if TYPE_CHECKING:
    ExerciseWord = str
    ViewWord = str
    ProfileName = str
    LandmarkSource = str
else:  # for Typer and FastAPI, which tell the words to who gives another
    ExerciseWord = Literal[exercises()]
    ViewWord = Literal[tuple(str(view) for view in VIEWS)]
    ProfileName = Literal[PROFILE_NAMES]
    LandmarkSource = Literal[LANDMARK_SOURCES]


def check_stated(exercise: str, view: str, landmarks_from: str = "auto", *, height_cm: float | None = None) -> None:
    """Refuse an exercise, a view or a source of landmarks that there is not, and a height that nobody has, before
    minutes of landmarking.

    Raises:
        InputError: In one line, what was expected and what came.
    """
    words = (
        ("exercise", exercise, exercises()),
        ("view", view, VIEWS),
        ("source of the landmarks", landmarks_from, LANDMARK_SOURCES),
    )
    for name, stated, known in words:
        if stated not in known:
            raise InputError(f"expected {', '.join(known)} as the {name}, got {stated}: choose one of them")
    if height_cm is not None and not LEAST_CM <= height_cm <= MOST_CM:
        raise InputError(
            f"expected a height of {LEAST_CM:.0f} to {MOST_CM:.0f} centimetres, got {height_cm:g}: give it "
            "as 178, or leave it out"
        )
