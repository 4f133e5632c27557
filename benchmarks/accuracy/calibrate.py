"""Fits the corrections of ``formcheck/measures/calibration.toml``, or with --joints those of
``calibration_joints.toml``, on the development bodies.

    python -m benchmarks.accuracy.calibrate CLIPS... [--work DIR] [--joints] [--exercises NAME...]

Each row of ``calibrate_models.MODELS`` names a measure and the terms that its correction may use. Weights are least
squares over the frames of all repetitions (each repetition and leg weighing the same, a little ridge), then scaled so
that the slope of read on true is 1: least squares alone would shrink large faults. The uncertainty is the root mean
square error of a repetition's value, each body in turn left out of the fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.calibrate_models import FRONTAL, JOINT_MODELS, MODELS, Model
from benchmarks.accuracy.readings import RepReading, all_readings, readings_of
from benchmarks.accuracy.rendered_clips import REPOSITORY, FloatArray, calibration_parser, load_clips
from benchmarks.accuracy.true_landmarks import true_pose
from benchmarks.accuracy.true_measures import SIDES
from formcheck.body.kinematics import limb_symmetry_index_pct
from formcheck.landmarks.models import resolve_model
from formcheck.measures.correction import OFFSET

TARGET = REPOSITORY / "formcheck" / "measures" / "calibration.toml"
JOINTS_TARGET = REPOSITORY / "formcheck" / "measures" / "calibration_joints.toml"
RIDGE = 0.003
GROSS = 4.5
FEW = 20
BOTTOM_FROM_DEPTH = 0.9


@dataclass(frozen=True, slots=True)
class Fit:
    """What was found for a model in one exercise; ``errors`` are those of left-out values, one a repetition and leg."""

    model: Model
    exercise: str
    weights: dict[str, float]
    errors: FloatArray
    bodies: int

    @property
    def uncertainty(self) -> float:
        """Root mean square of the errors, gross ones left out: those are another matter than the spread."""
        return float(np.sqrt(np.mean(self.errors[~gross(self.errors)] ** 2)))


def fit(model: Model, readings: Sequence[RepReading]) -> list[Fit]:
    """Fit one model on the repetitions of its exercises and planes; one result an exercise."""
    parts = [
        part
        for reading in readings
        if reading.clip.exercise in model.exercises.split() and reading.stretch.view.plane in model.planes
        for part in _parts(model, reading)
    ]
    bodies = sorted({part.body for part in parts})
    without = {body: _solve(model, [part for part in parts if part.body != body]) for body in bodies}
    weights = dict(zip((OFFSET, *model.names), _solve(model, parts).tolist(), strict=True)) | dict(model.fixed)
    fits = []
    for exercise in model.exercises.split():
        errors = [p.error(without[p.body]) for p in parts if p.exercise == exercise and p.deep.any()]
        fits.append(Fit(model, exercise, weights, np.array(errors), len(bodies)))
    return fits


@dataclass(frozen=True, slots=True)
class _Part:
    """The frames of one repetition and leg: terms (n, 1 + k), truth (n,), which are the bottom."""

    exercise: str
    body: str
    terms: FloatArray
    true: FloatArray
    deep: NDArray[np.bool_]

    def error(self, weights: FloatArray) -> float:
        """Read less true at the bottom, medians."""
        return float(np.median(self.terms[self.deep] @ weights) - np.median(self.true[self.deep]))


def _parts(model: Model, reading: RepReading) -> list[_Part]:
    known, true = reading.known, reading.true[model.measure]
    columns = reading.columns(model.legs) if true.ndim == 2 else [None]
    parts = []
    for column in columns:
        series = [known[name] for name in model.names]
        picked = [values if values.ndim == 1 else values[:, column] for values in series]
        wanted = true if column is None else true[:, column]
        for name, weight in model.fixed.items():
            wanted = wanted - weight * (known[name] if known[name].ndim == 1 else known[name][:, column])
        terms = np.column_stack([np.ones(len(wanted)), *picked])
        depth = reading.stretch.depth
        use = np.isfinite(terms).all(axis=1) & (depth >= model.from_depth) & (np.abs(wanted) <= model.within)
        if use.any():
            parts.append(
                _Part(
                    reading.clip.exercise, reading.clip.body, terms[use], wanted[use], depth[use] >= BOTTOM_FROM_DEPTH
                )
            )
    return parts


def _solve(model: Model, parts: Sequence[_Part]) -> FloatArray:
    """Weights of the parts, less those in which the landmarks were on something else: they would bend the rest."""
    first = _least_squares(model, parts)
    errors = np.array([part.error(first) for part in parts if part.deep.any()])
    kept = [part for part in parts if part.deep.any()]
    return _least_squares(model, [part for part, is_gross in zip(kept, gross(errors), strict=True) if not is_gross])


def gross(errors: FloatArray) -> NDArray[np.bool_]:
    """Which errors are far outside the others: more than GROSS times their robust spread from the median.

    Of fewer than FEW none is: what is far outside cannot be told from what is rare.
    """
    if len(errors) < FEW:
        return np.zeros(len(errors), dtype=bool)
    off = np.abs(errors - np.median(errors))
    return np.asarray(off > GROSS * 1.4826 * np.median(off))


def _least_squares(model: Model, parts: Sequence[_Part]) -> FloatArray:
    """Weights of all parts alike, slope of read on true 1."""
    terms, true = np.vstack([p.terms for p in parts]), np.concatenate([p.true for p in parts])
    share = np.concatenate([np.full(len(p.true), 1 / len(p.true)) for p in parts])
    if not model.terms:
        return np.array([np.average(true - terms[:, 1], weights=share), 1.0])
    centre = np.average(terms[:, 1:], axis=0, weights=share)
    scale = np.sqrt(np.average((terms[:, 1:] - centre) ** 2, axis=0, weights=share))
    unit = np.column_stack([terms[:, 0], (terms[:, 1:] - centre) / scale])
    ridge = np.diag([0.0, *[RIDGE * share.sum()] * len(scale)])
    solved = np.linalg.solve((unit * share[:, None]).T @ unit + ridge, (unit * share[:, None]).T @ true)
    slope, offset = np.polyfit(true, unit @ solved, 1, w=np.sqrt(share))
    solved = solved / slope
    solved[0] -= offset / slope
    weights = np.concatenate([solved[:1], solved[1:] / scale])
    weights[0] -= float(weights[1:] @ centre)
    return np.asarray(weights)


def limb_symmetry_errors(readings: Sequence[RepReading]) -> tuple[FloatArray, int]:
    """Index read less true, %, of every lunge clip in a frontal view that was led by both legs; and how many bodies."""
    clips: dict[str, list[RepReading]] = {}
    for reading in readings:
        if reading.clip.exercise == "lunge" and reading.stretch.view.plane in FRONTAL:
            clips.setdefault(reading.clip.name, []).append(reading)
    errors, bodies = [], set()
    for group in clips.values():
        falls = {side: [r for r in group if r.stretch.rep.lead_side == side] for side in SIDES}
        if all(falls.values()):
            read, true = (
                float(limb_symmetry_index_pct(*(np.mean([of(r) for r in falls[side]]) for side in SIDES)))
                for of in (lambda r: r.stretch.hip_drop_ratio, _true_fall)
            )
            errors.append(read - true)
            bodies.add(group[0].clip.body)
    return np.array(errors), len(bodies)


def _true_fall(reading: RepReading) -> float:
    """How far the middle of the hips fell, metres."""
    joints = reading.clip.joints_m
    height = (joints["left_hip"] + joints["right_hip"])[reading.stretch.rep.frames, 2] / 2
    return float(np.mean(height[[0, -1]]) - height.min())


def as_toml(fits: Sequence[Fit], before: str = "") -> str:
    """The file's text; exercises of which nothing was fitted keep their rows of the text ``before``."""
    lines = [
        "# Written by `python -m benchmarks.accuracy.calibrate`; do not edit by hand.",
        "# Fitted on rendered clips of six bodies (suites reference, samples, accuracy, cameras and one_leg of",
        "# formcheck_render).",
    ]
    fitted = {f'exercise = "{found.exercise}"' for found in fits}
    for row in before.split("[[correction]]")[1:]:
        if row.strip().splitlines()[0] not in fitted:
            lines += ["", "[[correction]]", row.strip()]
    for found in fits:
        weights = ", ".join(f"{name} = {value:.5g}" for name, value in found.weights.items())
        planes = ", ".join(f'"{plane}"' for plane in found.model.planes)
        lines += [
            "",
            "[[correction]]",
            f'exercise = "{found.exercise}"',
            f'measure = "{found.model.measure}"',
            f"planes = [{planes}]",
            f"weights = {{ {weights} }}",
            f"uncertainty = {found.uncertainty:.3g}",
            f'basis = "{len(found.errors)} values of {found.bodies} bodies, each left out in turn; '
            f'{gross(found.errors).sum()} grossly wrong"',
        ]
    return "\n".join(lines) + "\n"


def all_fits(models: Sequence[Model], readings: Sequence[RepReading]) -> list[Fit]:
    """The fits of all models, and what is known of limb symmetry where lunges are among them."""
    fits = [found for model in models for found in fit(model, readings)]
    if not any("lunge" in model.exercises.split() for model in models):
        return fits
    index = "limb_symmetry_index_pct"
    off, bodies = limb_symmetry_errors(readings)
    return [*fits, Fit(Model("lunge", index, FRONTAL, ""), "lunge", {OFFSET: 0.0, index: 1.0}, off, bodies)]


def main() -> None:
    parser = calibration_parser(__doc__)
    every = sorted({name for model in MODELS for name in model.exercises.split()})
    parser.add_argument("--exercises", nargs="+", choices=every, default=every, help="the others keep what they have")
    parser.add_argument("--joints", action="store_true", help="fit on the true joints, for landmarks not MediaPipe's")
    options = parser.parse_args()
    clips = [c for c in load_clips(options.folders) if c.is_development and c.exercise in options.exercises]
    if options.joints:
        readings = [reading for clip in clips for reading in readings_of(clip, true_pose(clip))]
    else:
        readings = all_readings(clips, resolve_model("full"), options.work / "landmarks")
    models, target = (JOINT_MODELS, JOINTS_TARGET) if options.joints else (MODELS, TARGET)
    chosen = [model for model in models if set(model.exercises.split()) <= set(options.exercises)]
    fits = all_fits(chosen, readings)
    target.write_text(as_toml(fits, target.read_text(encoding="utf-8")), encoding="utf-8")
    for found in fits:
        e = found.errors
        print(
            f"{found.exercise:6s} {found.model.measure:36s} {found.model.planes[0]:8s} n {len(e):3d} "
            f"bias {e.mean():+.4f} sd {e.std():.4f} largest {np.abs(e).max():.3f} gross {gross(e).sum()} "
            f"± {found.uncertainty:.4f}"
        )


if __name__ == "__main__":
    main()
