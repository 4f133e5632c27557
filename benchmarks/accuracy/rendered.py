"""The section on rendered clips: what is reported on the six bodies that nothing was chosen on, and on the others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.accuracy import one_leg
from benchmarks.accuracy.analysed import analyse_clips
from benchmarks.accuracy.rendered_checks import BANDS, cases_of, check_table, facts_toml, rival_table
from benchmarks.accuracy.rendered_clips import RenderedClip
from benchmarks.accuracy.rendered_measures import measure_table, yaw_table
from benchmarks.accuracy.rendered_reps import counter_table, rep_table
from benchmarks.accuracy.stored import FACTS
from benchmarks.accuracy.tables import Table
from formcheck.checks.accuracy import CheckAccuracy, measured_accuracy
from formcheck.landmarks.models import Model


def _of_one_leg() -> list[CheckAccuracy]:
    return [fact for fact in measured_accuracy() if fact.exercise in one_leg.EXERCISES]


def tables(clips: Sequence[RenderedClip], model: Model, cache: Path) -> list[Table]:
    """Every table, first of the reported bodies, then of the others; the former also become the program's own facts."""
    makers = (check_table, rival_table, measure_table, yaw_table, rep_table, counter_table)
    found = []
    for who, wanted in (("reported bodies", False), ("development bodies", True)):
        analysed = analyse_clips([clip for clip in clips if clip.is_development is wanted], model, cache)
        if not wanted:
            FACTS.write_text(
                facts_toml({band: cases_of(band, analysed) for band in BANDS}, _of_one_leg()), encoding="utf-8"
            )
        found += [make(analysed, who) for make in makers]
    return found
