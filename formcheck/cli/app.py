"""The commands."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from formcheck.checks.stated import ExerciseWord
from formcheck.cli import batching, comparing, exporting, joining, reporting, serving
from formcheck.cli.choices import (
    ExerciseOption,
    FailOn,
    FullSizeOption,
    HeightOption,
    LandmarkSourceOption,
    MirroredOption,
    ModelOption,
    Out,
    PersonOption,
    ProfileOption,
    RecordOption,
    ViewOption,
    person_number,
)
from formcheck.cli.ending import (
    EXIT_FAULT_FOUND,
    EXIT_USER_ERROR,
    end_when_told,
    heed_lost_errors,
    in_one_line,
)
from formcheck.cli.overview import command, new_app
from formcheck.cli.plain_text import allow_any_text
from formcheck.errors import InputError

app = new_app()


def main() -> None:
    """Run the command line: every error of a user is one line on stderr."""
    allow_any_text(sys.stdout, sys.stderr)
    heed_lost_errors()
    with in_one_line():
        end_when_told()
        app()


@command(app, "analyze")
def analyze(
    recording: Annotated[
        list[Path],
        typer.Argument(metavar="RECORDING", readable=False, help="A video, or a landmarks.parquet made from one."),
    ],
    out: Out = Path("formcheck-out"),
    *,
    exercise: ExerciseOption = "auto",
    view: ViewOption = "auto",
    profile: ProfileOption = "standard",
    model: ModelOption = "full",
    person: PersonOption = "auto",
    mirrored: MirroredOption = False,
    landmarks_from: LandmarkSourceOption = "auto",
    height_cm: HeightOption = None,
    no_video: Annotated[bool, typer.Option("--no-video", help="Do not draw annotated.mp4.")] = False,
    full_size: FullSizeOption = False,
    fail_on: Annotated[FailOn | None, typer.Option(help="Exit with code 3 if a finding is at least this bad.")] = None,
    open_report: Annotated[bool, typer.Option("--open", help="Open the report in the browser.")] = False,
) -> None:
    """Analyse one recording: a table here, report, tables and annotated video in OUT/<name>/."""
    from formcheck.analysis import Settings
    from formcheck.cli.analyzing import analyze_and_show, one_recording, open_page

    settings = Settings(
        exercise,
        view,
        profile,
        model,
        draw_video=not no_video,
        full_size=full_size,
        person=person_number(person),
        mirrored=mirrored,
        landmarks_from=landmarks_from,
        height_cm=height_cm,
    )
    analysis = analyze_and_show(one_recording(recording), out, settings)
    if open_report:
        open_page(analysis)
    if fail_on is not None and set(analysis.report.summary.verdicts.values()) & fail_on.verdicts:
        raise typer.Exit(EXIT_FAULT_FOUND)


@command(app, "live")
def live(
    source: Annotated[
        str, typer.Option(help="A camera's number, an address such as rtsp://..., or a video file played as if live.")
    ] = "0",
    camera: Annotated[int | None, typer.Option(min=0, help="A camera's number; the same as --source.")] = None,
    out: Annotated[Path, typer.Option(readable=False, help="Folder for snapshots and sets recorded by key.")] = Path(
        "formcheck-out"
    ),
    *,
    list_cameras: Annotated[bool, typer.Option("--list", help="List the cameras of this machine and exit.")] = False,
    exercise: ExerciseOption = "auto",
    view: ViewOption = "auto",
    profile: ProfileOption = "standard",
    model: ModelOption = "full",
    mirrored: MirroredOption = False,
    height_cm: HeightOption = None,
    mirror: Annotated[bool, typer.Option(help="Show the picture as a mirror would; sides stay yours.")] = True,
    speak: Annotated[bool, typer.Option("--speak", help="Say cues and counts aloud.")] = False,
    record: RecordOption = None,
    show_delay: Annotated[bool, typer.Option("--show-delay", help="Show how old the picture is.")] = False,
    headless: Annotated[
        bool, typer.Option("--headless", help="No window: set-up, reps and cues as JSON lines.")
    ] = False,
) -> None:
    """Count and judge repetitions while they happen; keys are shown in the window."""
    from formcheck.analysis import Settings
    from formcheck.cli import living

    if list_cameras:
        living.show_cameras()
        return
    chosen = source if camera is None else str(camera)
    options = living.LiveOptions(chosen, headless, mirror, speak, show_delay, record, out)
    living.live(options, Settings(exercise, view, profile, model, mirrored=mirrored, height_cm=height_cm))


@command(app, "demo")
def demo(
    out: Out = Path("formcheck-demo"),
    *,
    no_video: Annotated[bool, typer.Option("--no-video", help="Do not draw annotated.mp4.")] = False,
) -> None:
    """Analyse three sample clips that came with formcheck."""
    from formcheck.analysis import Settings
    from formcheck.cli.analyzing import analyze_and_show
    from formcheck.machine.paths import data_path

    names = ("squat_front_knees_in_m_avg", "squat_side_knees_past_toes_f_heavy", "lunge_front_knee_in_f_avg")
    clips = [data_path("sample_videos", f"{name}.mp4") for name in names]
    missing = [clip.name for clip in clips if not clip.is_file()]
    if missing:
        raise InputError(f"expected the sample clips {', '.join(missing)} with the package: install formcheck again")
    for clip in clips:
        if clip is not clips[0]:
            typer.echo()
        analyze_and_show(clip, out, Settings(draw_video=not no_video))


@command(app, "checks")
def checks(
    *,
    exercise: Annotated[ExerciseWord, typer.Option(help="Only those of one exercise.")] = "auto",
    profile: ProfileOption = "standard",
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    explain: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="One check in full: limits and sources, how sure it is, what it misses."),
    ] = None,
) -> None:
    """List every check: measure, views, limits with their source, and what it cannot see."""
    from rich.console import Console

    from formcheck.cli import catalogue

    if explain is not None:
        if explain not in catalogue.check_names():
            known = ", ".join(catalogue.check_names())
            raise typer.BadParameter(f"expected one of {known}; got {explain}", param_hint="--explain")
        if as_json or exercise != "auto":
            raise typer.BadParameter(
                "it tells one check in every exercise, as text: leave the others out", param_hint="--explain"
            )
        catalogue.explain(Console(), explain)
        return
    wanted = None if exercise == "auto" else exercise
    catalogue.show(Console(), profile, wanted, as_json=as_json)


@command(app, "doctor")
def doctor() -> None:
    """Examine this machine: versions, system libraries, models, codecs, cameras."""
    from rich.console import Console

    from formcheck.cli.doctor import examine

    console, is_fit = Console(highlight=False, soft_wrap=True), True
    for found in examine():
        mark = "ok  " if found.is_well else ("FAIL" if found.needed else "none")
        console.print(f"{mark} {found.subject}: {found.detail}", markup=False)
        is_fit = is_fit and (found.is_well or not found.needed)
    if not is_fit:
        raise typer.Exit(EXIT_USER_ERROR)


for module in (joining, batching, comparing, exporting, reporting, serving):
    module.register(app)
