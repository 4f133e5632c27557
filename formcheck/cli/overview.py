"""What ``formcheck`` and ``formcheck --help`` say, without loading the commands: numpy alone takes longer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

import typer

NAME = "formcheck"
HELP = "Measures squat and lunge form in video: knees caving in, knees past the toes, asymmetry."

#: The commands in the order in which they are listed, and what each does.
COMMANDS: Mapping[str, str] = {
    "analyze": "Analyse a video, or the landmarks of one.",
    "live": "Check while you squat, with a camera.",
    "demo": "Analyse three sample clips.",
    "checks": "List every check with its limits and source.",
    "doctor": "Examine this machine.",
    "session": "One report of a session from front and side.",
    "batch": "Analyse many videos into one table.",
    "compare": "Compare two sessions.",
    "history": "Show one athlete's sessions over time.",
    "export": "Write sessions as CSV, OpenSim .trc and .mot, movement datasets.",
    "report": "Write the index page of a batch.",
    "serve": "Upload videos and train live in a browser.",
}


def is_asked(arguments: list[str]) -> bool:
    """Whether the command line asks for the list of commands and for nothing else."""
    return arguments in ([], ["--help"])


def new_app() -> typer.Typer:
    """The program without its commands."""
    app = typer.Typer(
        name=NAME,
        help=HELP,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback(help=HELP)(_options)
    return app


def command(app: typer.Typer, name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Adds a function to the program as one of COMMANDS."""
    return app.command(name, short_help=COMMANDS[name])


def listing_app() -> typer.Typer:
    """A program that lists the commands as the real one does, and has none."""
    app = new_app()
    for name in COMMANDS:
        command(app, name)(_not_loaded)
    return app


def _not_loaded() -> None:
    """Stands for a command, whose name and line of help are all that is asked for."""


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"{NAME} {version(NAME)}")
        raise typer.Exit


def _options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """What stands before a command."""
