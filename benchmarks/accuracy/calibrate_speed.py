"""Fits ``formcheck/measures/speed.toml``: how the height of the hips is made of what is seen, and how far a velocity
may be off.

    python -m benchmarks.accuracy.calibrate_speed CLIPS... [--work DIR]

Weights of the hips' height and the shoulders' are least squares over the frames of all repetitions of the
development bodies (each repetition weighing the same, a little ridge), then scaled so that the median of read over true
mean velocity is 1. Errors are root mean squares, as shares of the velocity, each body in turn left out of the fit; of
fewer than MIN_BODIES those of all rows together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.accuracy.readings import all_readings, readings_of
from benchmarks.accuracy.rendered_clips import REPOSITORY, calibration_parser, load_clips
from benchmarks.accuracy.true_landmarks import true_pose
from benchmarks.accuracy.true_tempo import TempoReading, with_true_tempo
from formcheck.landmarks.models import resolve_model
from formcheck.measures.speed import AS_SEEN, BAR_AS_SEEN, Speed
from formcheck.measures.tempo import Tempo, tempo_of

TARGET = REPOSITORY / "formcheck" / "measures" / "speed.toml"
#: A square of the height would lower the error by a tenth on these bodies, and multiply it on deeper squats of others.
RIDGE = 0.1
MIN_BODIES = 4
#: Planes that share a row; the back is corrected as the front is, as in ``calibrate_models``.
GROUPS = {"front": ("front", "back"), "oblique": ("oblique",), "side": ("side",)}


@dataclass(frozen=True, slots=True)
class Off:
    """How far one repetition is off, as shares of its true velocities."""

    clip: str
    mean: float
    peak: float


def fit(readings: Sequence[TempoReading]) -> Speed:
    """The weights of these repetitions; their errors are not known yet."""
    terms, true, share = [], [], []
    for one in readings:
        heights = one.reading.stretch.heights
        columns = np.column_stack([heights.hips, heights.shoulders])
        wanted = one.true_fall()
        rep = one.reading.stretch.rep
        use = np.isfinite(columns).all(axis=1) & (heights.time_s >= rep.start_s) & (heights.time_s <= rep.end_s)
        terms.append(columns[use])
        true.append(wanted[use])
        share.append(np.full(int(use.sum()), 1 / max(int(use.sum()), 1)))
    a, b, weight = np.vstack(terms), np.concatenate(true), np.concatenate(share)
    scale = np.sqrt(np.average(a**2, axis=0, weights=weight))
    unit = a / scale
    ridge = RIDGE * len(readings) * np.eye(a.shape[1])
    solved = np.linalg.solve((unit * weight[:, None]).T @ unit + ridge, (unit * weight[:, None]).T @ b) / scale
    first = replace(AS_SEEN, hips=solved[0], shoulders=solved[1])
    gain = float(np.nanmedian([one.true.mean_velocity / read(one, first).mean_velocity for one in readings]))
    return replace(first, hips=gain * first.hips, shoulders=gain * first.shoulders)


def read(one: TempoReading, speed: Speed) -> Tempo:
    """The tempo of a repetition as formcheck reads it."""
    stretch = one.reading.stretch
    return tempo_of(stretch.heights.time_s, speed.height(stretch.heights), stretch.rep)


def left_out(readings: Sequence[TempoReading], make: Callable[[Sequence[TempoReading]], Speed]) -> list[Off]:
    """The errors of every repetition, by weights made of the other bodies."""
    found = []
    for body in sorted({one.body for one in readings}):
        others = [one for one in readings if one.body != body]
        if not others:
            continue
        speed = make(others)
        for one in (one for one in readings if one.body == body):
            tempo = read(one, speed)
            mean, peak = (
                seen / true - 1
                for seen, true in (
                    (tempo.mean_velocity, one.true.mean_velocity),
                    (tempo.peak_velocity, one.true.peak_velocity),
                )
            )
            if np.isfinite(mean):
                found.append(Off(one.reading.clip.name, mean, peak))
    return found


def errors_of(off: Sequence[Off]) -> tuple[float, float, float]:
    """Root mean squares of the errors of mean and peak, and of the mean's within clips."""
    mean, peak = (np.array([getattr(one, name) for one in off]) for name in ("mean", "peak"))
    clips: dict[str, list[float]] = {}
    for one in off:
        clips.setdefault(one.clip, []).append(one.mean)
    inner = [np.var(values, ddof=1) for values in clips.values() if len(values) > 1]
    return float(np.sqrt(np.mean(mean**2))), float(np.sqrt(np.mean(peak**2))), float(np.sqrt(np.mean(inner)))


def rows(readings: Sequence[TempoReading]) -> list[str]:
    """The rows of one source of landmarks as TOML, and what holds where there is none."""
    groups = {
        (exercise, plane): found
        for exercise in ("squat", "lunge")
        for plane, planes in GROUPS.items()
        if (found := _in(readings, exercise, planes))
    }
    off = {key: left_out(found, fit) for key, found in groups.items()}
    together = errors_of([one for found in off.values() for one in found])
    lines = []
    for key, found in groups.items():
        bodies = {one.body for one in found}
        errors = errors_of(off[key]) if len(bodies) >= MIN_BODIES else together
        lines.append(_row(key[0], GROUPS[key[1]], replace(fit(found), **_named(errors)), len(found), len(bodies)))
    lines.append(_bar_row(readings))
    raw = errors_of(left_out(readings, lambda _: AS_SEEN))
    lines.append(_row("any", ("any",), replace(AS_SEEN, **_named(raw)), len(readings), len({o.body for o in readings})))
    return lines


def _bar_row(readings: Sequence[TempoReading]) -> str:
    """What carries a bar: the shoulders, whose true velocity is known."""
    pairs = [
        (one, tempo_of(h.time_s, h.shoulders, one.reading.stretch.rep))
        for one in readings
        if (h := one.reading.stretch.heights)
    ]
    shares = [
        (one, seen.mean_velocity / one.shoulders.mean_velocity, seen.peak_velocity / one.shoulders.peak_velocity)
        for one, seen in pairs
    ]
    gain = 1 / float(np.nanmedian([mean for _, mean, _ in shares]))
    off = [
        Off(one.reading.clip.name, gain * mean - 1, gain * peak - 1) for one, mean, peak in shares if np.isfinite(mean)
    ]
    speed = replace(BAR_AS_SEEN, shoulders=gain, **_named(errors_of(off)))
    return _row("bar", ("any",), speed, len(off), len({one.body for one in readings}))


def _in(readings: Sequence[TempoReading], exercise: str, planes: Sequence[str]) -> list[TempoReading]:
    return [
        one
        for one in readings
        if one.reading.clip.exercise == exercise and str(one.reading.stretch.view.plane) in planes
    ]


def _named(errors: tuple[float, float, float]) -> dict[str, float]:
    return dict(zip(("mean_error", "peak_error", "within_set"), errors, strict=True))


def _row(exercise: str, planes: Sequence[str], speed: Speed, count: int, bodies: int) -> str:
    values: Mapping[str, float] = {name: getattr(speed, name) for name in Speed.__slots__}
    numbers = ", ".join(f"{name} = {value:.3g}" for name, value in values.items())
    named = ", ".join(f'"{plane}"' for plane in planes)
    return f'  {{ exercise = "{exercise}", planes = [{named}], {numbers} }}, # {count} repetitions of {bodies} bodies'


def as_toml(found: Mapping[str, Sequence[TempoReading]]) -> str:
    """The file's text."""
    lines = [
        "# Written by `python -m benchmarks.accuracy.calibrate_speed`; do not edit by hand.",
        "# Fitted on rendered clips of six bodies; errors are shares of the velocity, each body left out in turn.",
    ]
    for landmarks, readings in found.items():
        lines += ["", f"{landmarks} = [", *rows(readings), "]"]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = calibration_parser(__doc__)
    options = parser.parse_args()
    clips = [clip for clip in load_clips(options.folders) if clip.is_development]
    seen = all_readings(clips, resolve_model("full"), options.work / "landmarks")
    joints = [reading for clip in clips for reading in readings_of(clip, true_pose(clip))]
    text = as_toml({"mediapipe": list(with_true_tempo(seen)), "joints": list(with_true_tempo(joints))})
    TARGET.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
