"""Options that several commands share, and what they take."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from formcheck.checks.stated import ExerciseWord, LandmarkSource, ViewWord


class FailOn(StrEnum):
    """What ``--fail-on`` takes."""

    WARN = "warn"
    FAIL = "fail"

    @property
    def verdicts(self) -> frozenset[str]:
        """What is at least as bad."""
        return frozenset({"fail"} if self is FailOn.FAIL else {"warn", "fail"})


#: ``readable=False``, here as for every path: a file that may not be read is told in one line, not as wrong usage.
Out = Annotated[
    Path, typer.Option(readable=False, help="Folder for the results; each recording gets one of its own in it.")
]
ExerciseOption = Annotated[ExerciseWord, typer.Option(help="Recognised by itself unless told.")]
ViewOption = Annotated[ViewWord, typer.Option(help="What the camera sees; measured unless told.")]
ProfileOption = Annotated[str, typer.Option(help="Limits: standard, strict, performance, or the path of a TOML file.")]
ModelOption = Annotated[str, typer.Option(help="Pose model: lite, full, heavy, or the path of a .task file.")]

FullSizeOption = Annotated[
    bool,
    typer.Option(
        "--full-size", help="annotated.mp4 as large and as fast as the video, also beyond 1080 pixels and 60 a second."
    ),
]

LandmarkSourceOption = Annotated[
    LandmarkSource,
    typer.Option(help="Whose landmarks a table holds: as it says itself unless told; other: they lie on the joints."),
]
PersonOption = Annotated[
    str,
    typer.Option(
        help="Which of several people: auto (the one who trains), or 1, 2, 3 ..., counted from left to right "
        "in the picture at the start (who comes later, by where they are first seen)."
    ),
]

MirroredOption = Annotated[
    bool,
    typer.Option(
        "--mirrored",
        help="The pictures are mirror images, as some selfie cameras give them: flipped back first, so that left and "
        "right are yours.",
    ),
]


HeightOption = Annotated[
    float | None,
    typer.Option(
        metavar="CM",
        help="How tall the person is: distances are then told in centimetres as well, velocities in metres a second.",
    ),
]

RecordOption = Annotated[
    Path | None,
    typer.Option(readable=False, help="Write the annotated video here, its report and tables into a folder beside it."),
]


def person_number(text: str) -> int | None:
    """What ``--person`` says; None is auto."""
    if text == "auto":
        return None
    if re.fullmatch("[1-9][0-9]{0,2}", text):
        return int(text)
    raise typer.BadParameter(f"expected auto, 1, 2, 3 ..., got {text!r}", param_hint="--person")
