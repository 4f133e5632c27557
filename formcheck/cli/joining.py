"""``formcheck session``: recordings of one session from several sides, in one report."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli.choices import (
    ExerciseOption,
    HeightOption,
    MirroredOption,
    ModelOption,
    Out,
    PersonOption,
    ProfileOption,
    person_number,
)
from formcheck.cli.overview import command


class Together(StrEnum):
    """What ``--together`` takes."""

    AUTO = "auto"
    YES = "yes"
    NO = "no"


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "session")(session)


def session(
    recordings: Annotated[
        list[Path],
        typer.Argument(
            metavar="FRONT [SIDE]",
            readable=False,
            help="Videos, landmark tables or folders of analyze, in either order; one recording in which the person "
            "turns will do.",
        ),
    ],
    out: Out = Path("formcheck-out"),
    *,
    exercise: ExerciseOption = "auto",
    profile: ProfileOption = "standard",
    model: ModelOption = "full",
    person: PersonOption = "auto",
    mirrored: MirroredOption = False,
    height_cm: HeightOption = None,
    together: Annotated[
        Together, typer.Option(help="Whether both cameras filmed one set at once; told by the movement unless told.")
    ] = Together.AUTO,
    name: Annotated[
        str | None, typer.Option(help="What the session is called; the recordings' names tell unless told.")
    ] = None,
    no_video: Annotated[bool, typer.Option("--no-video", help="Do not draw the annotated videos.")] = False,
) -> None:
    """Join recordings of one session: every check by the view that can judge it, in one report in OUT/<name>/."""
    from formcheck.analysis import Settings
    from formcheck.cli.analyzing import join_and_show

    settings = Settings(
        exercise,
        profile=profile,
        model=model,
        draw_video=not no_video,
        person=person_number(person),
        mirrored=mirrored,
        height_cm=height_cm,
    )
    is_one_set = {Together.AUTO: None, Together.YES: True, Together.NO: False}[together]
    join_and_show(recordings, out, settings, together=is_one_set, name=name)
