"""Rendered clips: how far each measure is off, by view, and how often the truth lies within its uncertainty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.accuracy.analysed import AnalysedClip, AnalysedRep
from benchmarks.accuracy.rendered_clips import FloatArray
from benchmarks.accuracy.statistics import Rate, errors
from benchmarks.accuracy.tables import Table
from benchmarks.accuracy.true_measures import SIDES, true_measures
from formcheck.body.view import FRONTAL_WITHIN_DEG, SAGITTAL_WITHIN_DEG, body_yaw_deg, view_of

_BOTTOM_FROM_DEPTH = 0.9


@dataclass(frozen=True, slots=True)
class Row:
    """A measure in a plane. ``legs``: ``each``, ``judged`` (lead or near leg) or ``body``; ``digits`` to print.

    ``within`` keeps frames whose true value is at most that far from 0.
    """

    exercise: str
    measure: str
    plane: str
    unit: str
    legs: str
    digits: int
    within: float = float("inf")


ROWS = (
    Row("squat", "medial_knee_displacement_ratio", "front", "shanks", "each", 3),
    Row("lunge", "medial_knee_displacement_ratio", "front", "shanks", "judged", 3),
    Row("squat", "anterior_knee_displacement_ratio", "side", "shanks", "judged", 3),
    Row("lunge", "anterior_knee_displacement_ratio", "side", "shanks", "judged", 3),
    Row("squat", "fppa_deg", "front", "°", "each", 1, within=25.0),
    Row("lunge", "fppa_deg", "front", "°", "judged", 1, within=25.0),
    Row("squat", "knee_flexion_deg", "side", "°", "judged", 1),
    Row("lunge", "knee_flexion_deg", "side", "°", "judged", 1),
    Row("squat", "thigh_inclination_deg", "front", "°", "each", 1),
    Row("squat", "thigh_inclination_deg", "side", "°", "judged", 1),
    Row("squat", "thigh_inclination_deg", "oblique", "°", "judged", 1),
    Row("lunge", "thigh_inclination_deg", "front", "°", "judged", 1),
    Row("lunge", "thigh_inclination_deg", "side", "°", "judged", 1),
    Row("lunge", "thigh_inclination_deg", "oblique", "°", "judged", 1),
    Row("squat", "trunk_inclination_deg", "side", "°", "body", 1),
    Row("lunge", "trunk_inclination_deg", "side", "°", "body", 1),
    Row("squat", "pelvic_obliquity_deg", "front", "°", "body", 1),
    Row("squat", "lateral_pelvic_shift_ratio", "front", "ankle gaps", "body", 3),
    Row("squat", "lateral_trunk_shift_ratio", "front", "ankle gaps", "body", 3),
    Row("squat", "knee_height_difference_change_ratio", "front", "shanks", "body", 3),
)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Read and true: at the bottom (one a repetition and leg), with its uncertainty, and in every frame."""

    read: FloatArray
    true: FloatArray
    uncertainty: FloatArray
    frames_read: FloatArray
    frames_true: FloatArray


def measure_table(clips: Sequence[AnalysedClip], who: str, wanted: Sequence[Row] = ROWS) -> Table:
    """Bias, SD, mean absolute error, slope and r of every measure at the bottom; the error of all frames beside it."""
    rows = []
    for row in wanted:
        pairs = _pairs(row, clips)
        at_bottom, frames = errors(pairs.read, pairs.true), errors(pairs.frames_read, pairs.frames_true)
        d = row.digits
        rows.append(
            [
                f"`{row.measure}` ({row.exercise}, {row.plane})",
                row.unit,
                str(at_bottom.count),
                f"{at_bottom.bias:+.{d}f}",
                f"{at_bottom.sd:.{d}f}",
                f"{at_bottom.mae:.{d}f}",
                f"{at_bottom.slope:.2f}",
                f"{at_bottom.r:.2f}",
                f"{frames.mae:.{d}f}",
                f"{frames.slope:.2f}",
                _coverage(pairs),
            ]
        )
    return Table(
        f"Measures, {who}",
        "Read less true at the bottom, one value a repetition and leg; then over every frame of the "
        "repetitions (lunges: "
        "of the deeper half, when the foot stands). *Within ±*: how often the truth lies within the stated "
        "uncertainty, "
        "and within twice that (68 % and 95 % if errors were normal). `fppa_deg`: where the true angle is at most 25°.",
        ("measure", "unit", "n", "bias", "SD", "MAE", "slope", "r", "MAE, frames", "slope, frames", "within ±, 2 ±"),
        rows,
    )


def _coverage(pairs: Pairs) -> str:
    known = np.isfinite(pairs.uncertainty) & np.isfinite(pairs.read)
    if not known.any():
        return "–"
    off = np.abs(pairs.read - pairs.true)[known] / pairs.uncertainty[known]
    return f"{100 * (off <= 1).mean():.0f} %, {100 * (off <= 2).mean():.0f} %"


def _pairs(row: Row, clips: Sequence[AnalysedClip]) -> Pairs:
    bottoms: list[tuple[float, float, float]] = []
    frames: list[FloatArray] = []
    for clip in clips:
        if clip.clip.exercise != row.exercise:
            continue
        true = true_measures(clip.clip)[row.measure]
        for rep in clip.reps:
            if rep.found is None or rep.true_plane != row.plane or str(rep.found.view.plane) != row.plane:
                continue
            for name, column in _columns(row, rep):
                series = clip.report.timeseries.variables[name][rep.found.rep.frames]
                wanted = (true if column is None else true[:, column])[rep.found.rep.frames]
                frames.append(np.column_stack([series, wanted])[_standing_foot(row, rep, clip)])
                bottom = rep.truth_of(row.measure, None if column is None else SIDES[column])
                uncertainty = rep.found.uncertainty.get(name, float("nan"))
                bottoms.append((rep.found.measures[name], bottom, uncertainty))
    at_bottom = np.array(bottoms).reshape(-1, 3)
    at_bottom = at_bottom[np.abs(at_bottom[:, 1]) <= row.within]
    every = np.concatenate(frames) if frames else np.empty((0, 2))
    every = every[np.abs(every[:, 1]) <= row.within]
    return Pairs(at_bottom[:, 0], at_bottom[:, 1], at_bottom[:, 2], every[:, 0], every[:, 1])


def _standing_foot(row: Row, rep: AnalysedRep, clip: AnalysedClip) -> slice | FloatArray:
    """Frames in which the foot that is measured stands: all of a squat, the deeper half of a lunge."""
    assert rep.found is not None  # noqa: S101 - the caller has looked
    if row.exercise == "squat":
        return slice(None)
    hips = clip.clip.joints_m["left_hip"][rep.found.rep.frames, 2]
    return np.asarray(hips <= (hips.max() + hips.min()) / 2)


def _columns(row: Row, rep: AnalysedRep) -> Iterator[tuple[str, int | None]]:
    """Names of the columns of the report, and which side each is."""
    if row.legs == "body":
        yield row.measure, None
        return
    near = "left" if rep.true_at_bottom["body_yaw_deg"] > 0 else "right"
    sides = SIDES if row.legs == "each" else (rep.true.lead_side or near,)
    for side in sides:
        yield f"{side}_{row.measure}", SIDES.index(side)


def yaw_table(clips: Sequence[AnalysedClip], who: str) -> Table:
    """The body's yaw and the plane, frame by frame and repetition by repetition."""
    frame_errors, rep_errors, planes, rep_planes = [], [], [], []
    for clip in clips:
        true = true_measures(clip.clip)["body_yaw_deg"]
        read = body_yaw_deg(clip.pose)
        frame_errors.append(_turn(read - true))
        away = _away_from_borders(true)
        told = [str(view_of(clip.pose.at(np.array([i]))).plane) for i in np.flatnonzero(away)]
        planes += [a == b for a, b in zip(told, [_plane(y) for y in true[away]], strict=True)]
        for rep in clip.reps:
            if rep.found is not None:
                middle = float(np.median(true[rep.found.rep.frames]))
                rep_errors.append(float(_turn(np.array(rep.found.view.yaw_deg - middle))))
                if _away_from_borders(np.array([middle]))[0]:
                    rep_planes.append(str(rep.found.view.plane) == _plane(middle))
    every = np.concatenate(frame_errors)
    rows = [
        ["every frame", str(len(every)), *_yaw_cells(every), Rate(sum(planes), len(planes)).text()],
        [
            "repetition",
            str(len(rep_errors)),
            *_yaw_cells(np.array(rep_errors)),
            Rate(sum(rep_planes), len(rep_planes)).text(),
        ],
    ]
    note = "Yaw of the trunk to the camera, degrees; the right plane where the true yaw is at least 5° away from a "
    note += "border. Single frames are raw, without the bias in front views taken off; checks use the repetition's."
    return Table(f"Body yaw, {who}", note, ("of", "n", "bias", "SD", "MAE", "right plane"), rows)


def _yaw_cells(off: FloatArray) -> list[str]:
    seen = off[np.isfinite(off)]
    return [f"{seen.mean():+.1f}", f"{seen.std():.1f}", f"{np.abs(seen).mean():.1f}"]


def _turn(degrees: FloatArray) -> FloatArray:
    return np.asarray((degrees + 180) % 360 - 180)


_BORDERS = (FRONTAL_WITHIN_DEG, 90 - SAGITTAL_WITHIN_DEG, 90 + SAGITTAL_WITHIN_DEG, 180 - FRONTAL_WITHIN_DEG)


def _away_from_borders(yaw_deg: FloatArray, by_deg: float = 5.0) -> FloatArray:
    return np.asarray(np.abs(np.abs(yaw_deg)[:, None] - np.array(_BORDERS)).min(axis=1) >= by_deg)


def _plane(yaw_deg: float) -> str:
    names = ("front", "oblique", "side", "oblique", "back")
    return names[int(np.searchsorted(_BORDERS, abs(yaw_deg)))]
