"""`formcheck batch`: its options, its progress on stderr, and what it says at the end."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Self

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from formcheck.cli.choices import (
    ExerciseOption,
    HeightOption,
    MirroredOption,
    ModelOption,
    PersonOption,
    ProfileOption,
    ViewOption,
    person_number,
)
from formcheck.cli.overview import command
from formcheck.machine.cores import usable_cores
from formcheck.machine.paths import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.batch.job import JobOutcome, Keep, VideoJob
    from formcheck.batch.run import Executor, Tally

EXIT_SOME_FAILED = 3
#: Where stderr is no terminal, one line so often.
_LINE_EVERY_S = 30.0
#: So many failures are printed; all of them are in the results.
_FAILURES_SHOWN = 20


_Paths = Annotated[
    list[str] | None,
    typer.Argument(help="Videos, folders, patterns, a CSV or Parquet manifest with a column path, or URLs."),
]
_Out = Annotated[str, typer.Option(metavar="DIR", help="Folder, or URL, for all results.")]
_Workers = Annotated[int | None, typer.Option(min=1, help="Worker processes; one a core unless told.")]
_Timeout = Annotated[float | None, typer.Option(min=1, help="Seconds a video may take; by its length unless told.")]
_Keep = Annotated[str, typer.Option(help="Files kept of each video: report, landmarks, timeseries, video; or none.")]
_Pages = Annotated[
    bool | None, typer.Option("--pages/--no-pages", help="Write report.html or not; with --rescore not, unless told.")
]
_Rescore = Annotated[bool, typer.Option("--rescore", help="Judge again from the landmarks that are kept.")]
_Cluster = Annotated[str | None, typer.Option(metavar="ADDRESS", help="Work on a Ray cluster; local starts Ray here.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "batch")(batch)


def batch(
    paths: _Paths = None,
    out: _Out = "formcheck-batch",
    *,
    workers: _Workers = None,
    timeout: _Timeout = None,
    keep: _Keep = "report,landmarks",
    pages: _Pages = None,
    rescore: _Rescore = False,
    cluster: _Cluster = None,
    exercise: ExerciseOption = "auto",
    view: ViewOption = "auto",
    profile: ProfileOption = "standard",
    model: ModelOption = "full",
    person: PersonOption = "auto",
    mirrored: MirroredOption = False,
    height_cm: HeightOption = None,
) -> None:
    """Analyse many videos: tables in DIR/results, a row for every video that failed. Run it again to go on."""
    from formcheck.analysis import Settings
    from formcheck.batch.plan import Wish
    from formcheck.batch.run import run_batch

    settings = Settings(
        exercise,
        view,
        _full_path(profile),
        _full_path(model),
        write_page=not rescore if pages is None else pages,
        person=person_number(person),
        mirrored=mirrored,
        height_cm=height_cm,
    )
    with _Display() as display:
        execute = _executor(cluster, workers, rescore=rescore)
        tally = run_batch(paths or [], Wish(settings, _kept(keep), out, timeout), execute, display, rescore=rescore)
    _tell(Console(highlight=False, soft_wrap=True), tally, out)
    if tally.failures:
        raise typer.Exit(EXIT_SOME_FAILED)


def _executor(cluster: str | None, workers: int | None, *, rescore: bool) -> Executor:
    if cluster is not None:
        from formcheck.batch.cluster import on_cluster  # Ray is an extra, and takes long to load

        return on_cluster(cluster, workers)
    from formcheck.batch.run import on_this_machine

    return on_this_machine(workers or usable_cores(), rescore=rescore)


def _kept(text: str) -> frozenset[Keep]:
    """What ``--keep`` says."""
    from formcheck.batch.job import Keep

    words = [word.strip() for word in text.split(",") if word.strip()]
    if words == ["none"]:
        return frozenset()
    try:
        return frozenset(Keep(word) for word in words)
    except ValueError:
        expected = ", ".join(Keep)
        raise typer.BadParameter(f"expected some of {expected}, or none; got {text}", param_hint="--keep") from None


def _full_path(name: str) -> str:
    """The full path of a file that is named: workers elsewhere have other current folders. Other names stay."""
    path = Path(name)
    return str(path.absolute()) if path.suffix and path.is_file() else name


def _tell(console: Console, tally: Tally, out: str) -> None:
    """The end of a run, on stdout."""
    from formcheck.cli.verdict_table import print_verdicts

    counts = f"{tally.ok} done, {tally.before} done before, {len(tally.failures)} failed"
    console.print(f"videos: {counts}", markup=False)
    if tally.incomplete:
        console.print(f"  {tally.incomplete} of them could not be read to the end, see incomplete_reason in sessions")
    for outcome in tally.lacking[:_FAILURES_SHOWN]:
        console.print(f"  {outcome.path}: {printable(outcome.missing or '')}", markup=False)
    for failure in tally.failures[:_FAILURES_SHOWN]:
        console.print(f"  {failure.status}: {failure.path}: {printable(failure.error or '')}", markup=False)
    if len(tally.failures) > _FAILURES_SHOWN:
        console.print(f"  and {len(tally.failures) - _FAILURES_SHOWN} more, see failures in the results", markup=False)
    if tally.failures:
        console.print("the same command tries the failed ones again", markup=False)
    folder = out.rstrip("/")
    console.print(f"tables in {folder}/results, one row a video in {folder}/summary.csv", markup=False)
    print_verdicts(Console(highlight=False), out)


class _Display:
    """How far a run is, on stderr: a bar in a terminal, a line now and then elsewhere."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._bar = Progress(
            TextColumn("videos"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pace]}"),
            console=self._console,
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._weights: dict[str, int] = {}
        self._todo = self._done = self._failed = self._weight_done = 0
        self._video_s, self._began_at, self._told_at = 0.0, 0.0, 0.0

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def note(self, text: str) -> None:
        """A line of talk."""
        self._bar.console.print(f"note: {text}", markup=False)

    def begin(self, jobs: Sequence[VideoJob], done: int) -> None:
        """The plan; time left is told by the size of the files."""
        self._weights = {job.source.path: max(job.source.size_bytes, 1) for job in jobs}
        self._todo, self._began_at = len(jobs), time.monotonic()
        self._told_at = self._began_at
        self._task = self._bar.add_task("", total=len(jobs), pace="")
        if done:
            self.note(f"videos: {done} done already, {len(jobs)} to do")

    def tick(self, outcome: JobOutcome | None) -> None:
        """One more is done, or time has passed."""
        if outcome is not None:
            self._done += 1
            self._failed += outcome.error is not None
            self._video_s += outcome.video_s
            self._weight_done += self._weights.get(outcome.path, 0)
        self._bar.update(self._task, completed=self._done, pace=self._pace())
        if self._bar.disable and time.monotonic() - self._told_at >= _LINE_EVERY_S:
            self._told_at = time.monotonic()
            self._console.print(f"{self._done} of {self._todo} videos done, {self._pace()}", markup=False)

    def _pace(self) -> str:
        elapsed_s = time.monotonic() - self._began_at
        parts = [f"{self._failed} failed"]
        if self._done and elapsed_s > 0:
            parts.append(f"{self._done / elapsed_s * 60:.1f} videos/min")
            if self._video_s:
                parts.append(f"{self._video_s / elapsed_s:.1f} s of video a second")
        if self._weight_done:
            left_s = elapsed_s * (sum(self._weights.values()) / self._weight_done - 1)
            parts.append(f"{_duration(left_s)} left")
        return ", ".join(parts)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"
