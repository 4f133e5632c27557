"""The section on clips of people: repetitions, leading legs and plain faults against a truth made by eye, by condition.

The folder holds ``truth.json`` and ``landmarks/``; none of it is part of the project. A clip whose truth accepts
neither a squat nor a lunge is another movement, of which nothing is to be said. Conditions are read from the words of
its truth, the size from its landmarks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.accuracy.rendered_clips import SHARED
from benchmarks.accuracy.statistics import rate
from benchmarks.accuracy.tables import Table
from formcheck.body.pose import Pose
from formcheck.checks.check import FAULTY
from formcheck.checks.exercises import EXERCISES
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.session_report import SessionReport
from formcheck.landmarks.landmark_table import read_landmarks

CLIPS = SHARED / "data" / "clips"
#: A plain fault is found if this share of the repetitions is told of it, and falsely told above the other.
FOUND_FROM, TOLD_ABOVE = 0.5, 0.34


@dataclass(frozen=True, slots=True)
class ScoredClip:
    """One clip held against its truth; every flag is right or wrong once. ``is_right`` is of the repetitions, None for
    another movement, ``left_alone`` the other way round. ``misses`` says in words what is wrong.
    """

    name: str
    conditions: frozenset[str]
    movement: str
    is_right: bool | None
    left_alone: bool | None
    leads: tuple[bool, ...]
    found: tuple[bool, ...]
    falsely_told: tuple[bool, ...]
    misses: tuple[str, ...]


def tables(folder: Path = CLIPS) -> list[Table]:
    """By condition, other movements by kind, and every miss; nothing where the clips are not on this machine."""
    if not (folder / "truth.json").is_file():
        return []
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    scored = []
    for file, known in truth.items():
        pose = read_landmarks(folder / "landmarks" / f"{Path(file).stem}.parquet")[0]
        scored.append(score(Path(file).stem, known, pose, analyze_poses(pose)))
    return [_condition_table(scored), _negative_table(scored), _miss_table(scored)]


def score(name: str, truth: Mapping[str, Any], pose: Pose, report: SessionReport) -> ScoredClip:
    """Hold the report of one clip against its truth."""
    accepted = set(truth.get("accept", ())) & {*EXERCISES}
    conditions = frozenset(conditions_of(truth, min(pose.width_px, pose.height_px)))
    count, said = len(report.reps), f"{len(report.reps)} of {report.exercise}"
    if not accepted:
        misses = (f"{said}, nothing was to be judged",) if count else ()
        return ScoredClip(name, conditions, _movement_of(truth), None, not count, (), (), (), misses)
    fewest, most = truth["reps"]
    is_right = fewest <= count <= most and (not count or report.exercise in accepted)
    lead = truth.get("lead", [])
    leads = tuple(r.rep.lead_side == side for r, side in zip(report.reps, lead, strict=False) if len(lead) == count)
    shares = {fault: _share(report, fault) for fault in (*truth["must"], *truth["must_not"])}
    found = tuple(shares[fault] >= FOUND_FROM for fault in truth["must"])
    told = tuple(shares[fault] > TOLD_ABOVE for fault in truth["must_not"])
    misses = [f"{said}, true are {fewest} to {most} of {' or '.join(sorted(accepted))}"] * (not is_right)
    misses += [f"leading legs right in {sum(leads)} of {len(leads)}"] * (not all(leads))
    misses += [f"{fault} not found" for fault, ok in zip(truth["must"], found, strict=True) if not ok]
    misses += [f"{fault} falsely told" for fault, wrong in zip(truth["must_not"], told, strict=True) if wrong]
    return ScoredClip(name, conditions, "", is_right, None, leads, found, told, tuple(misses))


def _share(report: SessionReport, fault: str) -> float:
    told = [any(f.fault == fault and f.verdict in FAULTY for f in rep.findings) for rep in report.reps]
    return sum(told) / max(len(told), 1)


#: Conditions by the words of a truth's kind, view and note, in the order of the table.
_WORDS = {
    "camera in somebody's hand": r"moving camera|hand-?held",
    "bar, plates or a rack": r"barbell|\bplate hides|\brack\b|powerlifting",
    "weights in the hands": r"dumbbell|kettlebell|goblet",
    "company: other people, a mirror": r"second person|other person|spotter|crowd|mirror",
    "part of the body cut off": r"out of (the )?picture|lower edge|head (cut|out)|without feet|legs only",
    "cuts in the film": r"\(cut|\bcuts\b",
    "drawn over, or a picture of a screen": r"skeleton|text overlay|screen|letterbox",
    "generated": r"generated|AI video",
}
_VIEWS = ("front", "side", "oblique", "back", "several views", "other view")
_SIZES = {240: "picture under 240 pixels", 480: "picture 240 to 479 pixels", 720: "picture 480 to 719 pixels"}
_LARGE = "picture of 720 pixels or more"
_OTHERS = {
    "on the floor: push-ups, climbers, prone": r"push-up|climber|prone",
    "hinges: deadlifts, good mornings": r"deadlift|good morning",
    "jumps, runs and low gaits": r"jack|high knees|butt kick|shuffle|slides|duck walk|burpee",
    "one-legged squats, steps, side lunges": r"step-(up|down)|shrimp|side lunge",
}
_UPRIGHT = "upright or seated: waving, bends, raises, swings"


def conditions_of(truth: Mapping[str, Any], short_side_px: int) -> Iterator[str]:
    """Its view, its size by the picture's shorter side, and what else its truth says of how it was filmed."""
    words = " ".join(str(truth.get(key) or "") for key in ("kind", "view", "note"))
    yield _view_of(re.sub(r",? moving camera", "", truth["view"]))
    yield from (name for name, pattern in _WORDS.items() if re.search(pattern, words))
    yield next((name for below, name in _SIZES.items() if short_side_px < below), _LARGE)


def _view_of(view: str) -> str:
    named = [name for name in ("front", "side", "back") if name in view]
    if re.search(r",|then|cuts", view):
        return "several views"
    if "oblique" in view:
        return "oblique"
    return named[0] if len(named) == 1 else "several views" if named else "other view"


def _movement_of(truth: Mapping[str, Any]) -> str:
    words = f"{truth.get('kind') or ''} {truth['note']}"
    return next((name for name, pattern in _OTHERS.items() if re.search(pattern, words)), _UPRIGHT)


def _condition_table(scored: Sequence[ScoredClip]) -> Table:
    names = ["all", *_VIEWS, *_WORDS, *_SIZES.values(), _LARGE]
    rows = []
    for name in names:
        of = [clip for clip in scored if name in {"all", *clip.conditions}]
        if of:
            rows.append([name, str(len(of)), *_counts(of)])
    note = (
        "Truth by eye, before anything was run. *Repetitions right*: clips of squats and lunges with the true exercise "
        "and number; *left alone*: clips of other movements without a repetition. *Found* and *falsely told* are of "
        "faults that are plainly there, or plainly not; a fault is told if half of the repetitions say so, falsely if "
        "more than a third do. The clips were looked at while rules were made: this is no test on people kept apart. A "
        "clip is in every row that its conditions name."
    )
    head = ("condition", "clips", "repetitions right", "left alone", "leading legs", "faults found", "falsely told")
    return Table("Clips of people, by condition", note, head, rows)


def _counts(clips: Sequence[ScoredClip]) -> list[str]:
    def share(flags: list[bool]) -> str:
        return f"{sum(flags)}/{len(flags)}" if flags else "–"

    each: tuple[Callable[[ScoredClip], Sequence[bool]], ...] = (
        lambda clip: () if clip.is_right is None else (clip.is_right,),
        lambda clip: () if clip.left_alone is None else (clip.left_alone,),
        lambda clip: clip.leads,
        lambda clip: clip.found,
        lambda clip: clip.falsely_told,
    )
    return [share([flag for clip in clips for flag in flags(clip)]) for flags in each]


def _negative_table(scored: Sequence[ScoredClip]) -> Table:
    others = [clip for clip in scored if clip.left_alone is not None]
    kinds = [name for name in (*_OTHERS, _UPRIGHT) if any(clip.movement == name for clip in others)]
    groups = [(name, [clip for clip in others if clip.movement == name]) for name in kinds]
    rows = [[name, rate([bool(clip.left_alone) for clip in of]).text()] for name, of in [*groups, ("all", others)]]
    note = f"Clips in which nothing is a {' or a '.join(EXERCISES)}: left alone means no repetition and no verdict."
    return Table("Other movements, left alone", note, ("movement", "left alone"), rows)


def _miss_table(scored: Sequence[ScoredClip]) -> Table:
    rows = [[f"`{clip.name}`", "; ".join(clip.misses)] for clip in scored if clip.misses]
    note = "Everything that is wrong in the tables above." if rows else "Nothing is wrong in the tables above."
    return Table("Clips of people: what is wrong", note, ("clip", "what is wrong"), rows)
