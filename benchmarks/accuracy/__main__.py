"""`python -m benchmarks.accuracy [SECTION...]`: measure, print the tables and put them into docs/accuracy.md."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.accuracy import (
    clips,
    drift,
    exercise_correction,
    mirror,
    one_leg,
    opencap,
    real,
    rendered,
    robustness,
    sessions,
    stored,
    tempo,
    ui_prmd,
)
from benchmarks.accuracy.analysed import AnalysedClip, analyse_clips
from benchmarks.accuracy.rendered_clips import REPOSITORY, SHARED, RenderedClip, load_clips
from benchmarks.accuracy.tables import Table, write_section
from formcheck.landmarks.models import Model, resolve_model

DOCUMENT = REPOSITORY / "docs" / "accuracy.md"
#: Rendered on demand, with `formcheck_render`; about 15 minutes of processor time each.
RENDERED_SUITES = ("accuracy", "cameras", "held_out")
ONE_LEG_SUITES = ("one_leg", "one_leg_held_out")


@dataclass(frozen=True, slots=True)
class Bench:
    """Where things are: the model, and a folder that keeps rendered clips and landmarks."""

    model: Model
    work: Path

    @property
    def landmarks(self) -> Path:
        """Folder of landmarks."""
        return self.work / "landmarks"

    def pairs(self) -> list[AnalysedClip]:
        """The clips of the suite `pairs`, analysed; what is missing is rendered."""
        _render("pairs", self.work / "pairs")
        return analyse_clips([*load_clips([self.work / "pairs"])], self.model, self.landmarks)

    def clips(self) -> list[RenderedClip]:
        """Every rendered clip of squats and lunges; suites that are missing are rendered."""
        found = self._rendered(RENDERED_SUITES, SHARED / "synth" / "out")
        return [clip for clip in found if clip.exercise not in one_leg.EXERCISES]

    def one_leg_clips(self) -> list[RenderedClip]:
        """Every rendered clip of exercises on one leg; suites that are missing are rendered."""
        return [clip for clip in self._rendered(ONE_LEG_SUITES) if clip.exercise in one_leg.EXERCISES]

    def _rendered(self, suites: tuple[str, ...], *folders: Path) -> list[RenderedClip]:
        for suite in suites:
            _render(suite, self.work / suite)
        return list(load_clips([*folders, REPOSITORY / "sample_videos", *(self.work / suite for suite in suites)]))


def _render(suite: str, folder: Path) -> None:
    from formcheck_render.film import render_clip  # needs OpenGL, which a second run does not
    from formcheck_render.suites import SUITES

    for scenario in SUITES[suite]:
        if not (folder / f"{scenario.name}.truth.parquet").is_file():
            render_clip(scenario, folder)


SECTIONS: dict[str, Callable[[Bench], list[Table]]] = {
    "clips": lambda _: clips.tables(),
    "stored": lambda _: stored.tables(),
    "tempo": lambda _: tempo.tables(),
    "drift": lambda _: drift.tables(),
    "rendered": lambda bench: rendered.tables(bench.clips(), bench.model, bench.landmarks),
    "one-leg": lambda bench: one_leg.tables(bench.one_leg_clips(), bench.model, bench.landmarks),
    "mirror": lambda bench: mirror.tables(bench.clips(), bench.model, bench.landmarks),
    "robustness": lambda bench: robustness.tables(bench.clips(), bench.model, bench.work),
    "ui-prmd": lambda _: ui_prmd.tables(),
    "sessions": lambda bench: sessions.tables(bench.pairs()),
    "opencap": lambda _: opencap.tables(),
    "exercise-correction": lambda _: exercise_correction.tables(),
    "real": lambda bench: real.tables(bench.model, bench.landmarks),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"default: all of {', '.join(SECTIONS)}")
    parser.add_argument("--work", type=Path, default=Path("accuracy-work"), help="folder for clips and landmarks")
    parser.add_argument("--model", default="full", help="lite, full, heavy or the path of a .task file")
    parser.add_argument("--print-only", action="store_true", help="leave docs/accuracy.md alone")
    options = parser.parse_args()
    unknown = set(options.sections) - set(SECTIONS)
    if unknown:
        parser.error(f"expected sections among {', '.join(SECTIONS)}; got {', '.join(sorted(unknown))}")
    bench = Bench(resolve_model(options.model), options.work)
    for name in options.sections or SECTIONS:
        found = SECTIONS[name](bench)
        print("\n".join(table.markdown() for table in found), flush=True)
        if not options.print_only:
            write_section(DOCUMENT, name, found)


if __name__ == "__main__":
    main()
