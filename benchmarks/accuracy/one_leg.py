"""The section on rendered exercises of one leg: repetitions, faults and measures of bodies on whom nothing was chosen.

A fault is there from the limit for warning plus the uncertainty of its measure on, and is not there where the body is
plainly well.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.accuracy.analysed import AnalysedClip, analyse, analyse_clips
from benchmarks.accuracy.rendered_checks import Band, cases_of, cases_table, facts_toml
from benchmarks.accuracy.rendered_clips import RenderedClip
from benchmarks.accuracy.rendered_measures import Row, measure_table
from benchmarks.accuracy.rendered_reps import row_of
from benchmarks.accuracy.stored import FACTS
from benchmarks.accuracy.tables import Table
from benchmarks.accuracy.true_landmarks import true_pose
from formcheck.checks.accuracy import measured_accuracy
from formcheck.landmarks.models import Model
from formcheck.measures.correction import joint_calibration

EXERCISES = ("single_leg_squat", "split_squat", "step_down", "side_lunge")
_KNEE, _DROP, _LEAN = "medial_knee_displacement_ratio", "pelvic_drop_change_deg", "lean_over_leg_change_deg"

BANDS = (
    Band("knee in", "single_leg_squat", "front", ("knee_valgus",), _KNEE, 0.17, 0.04, True, fault="knee_valgus"),
    Band("hip drops", "single_leg_squat", "front", ("pelvic_drop",), _DROP, 14.5, 5.0, True, fault="pelvic_drop"),
    Band("trunk over the leg", "single_leg_squat", "front", ("stance_lean",), _LEAN, 10.5, 4.0, True,
         fault="trunk_lean"),
    Band("front knee in", "split_squat", "front", ("knee_valgus",), _KNEE, 0.08, 0.03, True, fault="knee_valgus"),
    Band("front knee past the toes", "split_squat", "side", ("knee_past_toes",), "anterior_knee_displacement_ratio",
         0.16, 0.0, True, fault="knee_past_toes"),
    Band("knee in", "step_down", "front", ("knee_valgus",), _KNEE, 0.17, 0.04, True, fault="knee_valgus"),
    Band("hip drops", "step_down", "front", ("pelvic_drop",), _DROP, 13.5, 5.0, True, fault="pelvic_drop"),
    Band("trunk over the leg", "step_down", "front", ("stance_lean",), _LEAN, 10.5, 4.0, True, fault="trunk_lean"),
    Band("bent knee in", "side_lunge", "front", ("knee_valgus",), _KNEE, 0.23, 0.08, True, fault="knee_valgus"),
)  # fmt: skip

ROWS = (
    *(Row(exercise, _KNEE, "front", "shanks", "judged", 3) for exercise in EXERCISES),
    *(Row(exercise, _DROP, "front", "°", "judged", 1) for exercise in ("single_leg_squat", "step_down")),
    *(Row(exercise, _LEAN, "front", "°", "judged", 1) for exercise in ("single_leg_squat", "step_down")),
    Row("single_leg_squat", "knee_bend_deg", "front", "°", "judged", 1),
    Row("single_leg_squat", "knee_bend_deg", "side", "°", "judged", 1),
    Row("split_squat", "anterior_knee_displacement_ratio", "side", "shanks", "judged", 3),
    Row("split_squat", "thigh_inclination_deg", "side", "°", "judged", 1),
)


def tables(clips: Sequence[RenderedClip], model: Model, cache: Path) -> list[Table]:
    """Every table, first of the reported bodies, then of the others; the former also become the program's own facts."""
    found = []
    for who, wanted in (("reported bodies", False), ("development bodies", True)):
        analysed = analyse_clips([clip for clip in clips if clip.is_development is wanted], model, cache)
        cases = {band: cases_of(band, analysed) for band in BANDS}
        if not wanted:
            FACTS.write_text(facts_toml(cases, measured_accuracy()), encoding="utf-8")
        of = f"exercises on one leg, {who}"
        found += [_rep_table(analysed, of), cases_table(cases, of), measure_table(analysed, of, ROWS)]
    return [*found, *_joint_tables([clip for clip in clips if not clip.is_development])]


def _joint_tables(clips: Sequence[RenderedClip]) -> list[Table]:
    """The same reported bodies by landmarks that lie where the joints are, with noise: what geometry allows."""
    of = "exercises on one leg, reported bodies by their joints"
    analysed = [analyse(clip, true_pose(clip), joint_calibration()) for clip in clips]
    return [_rep_table(analysed, of), cases_table({band: cases_of(band, analysed) for band in BANDS}, of)]


def _rep_table(clips: Sequence[AnalysedClip], who: str) -> Table:
    groups = [(name.replace("_", " "), [c for c in clips if c.clip.exercise == name]) for name in EXERCISES]
    rows = [row_of(name, of) for name, of in [*groups, ("all", list(clips))] if of]
    note = "A clip counts if repetitions, exercise and every leading leg are right, at 15 frames/s (sample clips 30)."
    head = ("clips", "right", "repetitions found / true", "bottom within 1 frame", "off, frames")
    return Table(f"Repetitions, {who}", note, head, rows)
