"""Fits ``formcheck/measures/within_set.toml``: by how much a value scatters between repetitions of one recording.

    python -m benchmarks.accuracy.calibrate_within_set CLIPS... [--work DIR]

Read less true at the bottom, about its own mean in each rendered clip and leg: most of a measure's error is the same in
all repetitions of a person and a camera, and takes no part in a drift. Development bodies only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from benchmarks.accuracy.calibrate_speed import GROUPS
from benchmarks.accuracy.readings import RepReading, all_readings
from benchmarks.accuracy.rendered_clips import REPOSITORY, calibration_parser, load_clips
from formcheck.body.geometry import median_of_seen
from formcheck.checks.exercises import EXERCISES
from formcheck.landmarks.models import resolve_model
from formcheck.measures.correction import mediapipe_calibration
from formcheck.measures.measured_rep import by_side

TARGET = REPOSITORY / "formcheck" / "measures" / "within_set.toml"
#: Fewer repetitions beside others of their clip tell no scatter.
MIN_FREE = 6


def rows(readings: Sequence[RepReading]) -> Iterator[str]:
    """The rows of the file."""
    for exercise in ("squat", "lunge"):
        for planes in GROUPS.values():
            of = [one for one in readings if one.clip.exercise == exercise and str(one.stretch.view.plane) in planes]
            checks = [check for check in EXERCISES[exercise].checks if set(planes) & set(map(str, check.planes))]
            for measure in dict.fromkeys(check.variable for check in checks):
                squares, free = _scatter(of, measure)
                if free >= MIN_FREE:
                    named = ", ".join(f'"{plane}"' for plane in planes)
                    sd = float(np.sqrt(squares / free))
                    yield (
                        f'  {{ exercise = "{exercise}", measure = "{measure}", planes = [{named}], sd = {sd:.3g} }}, '
                        f"# {free} repetitions beside others"
                    )


def _scatter(readings: Sequence[RepReading], measure: str) -> tuple[float, int]:
    """The sum of squares about the means of clips and legs, and its degrees of freedom."""
    off: dict[tuple[str, str], list[float]] = {}
    for one in readings:
        for name, error in _errors(one, measure):
            off.setdefault((one.clip.name, name), []).append(error)
    groups = [np.array(errors) for errors in off.values() if len(errors) > 1]
    return sum(float(np.sum((g - g.mean()) ** 2)) for g in groups), sum(len(g) - 1 for g in groups)


def _errors(one: RepReading, measure: str) -> Iterator[tuple[str, float]]:
    """Read less true at the bottom of a repetition, of each side that its view shows."""
    if measure not in one.true:
        return
    stretch = one.stretch.corrected(mediapipe_calibration(), one.clip.exercise)
    read, true = stretch.measures(), dict(by_side({measure: one.true[measure]}))
    side = stretch.rep.lead_side or stretch.view.near_side
    for name, values in true.items():
        if side is None or name in {measure, f"{side}_{measure}"}:
            error = read[name] - float(median_of_seen(values[stretch.at_bottom()]))
            if np.isfinite(error):
                yield name, error


def main() -> None:
    parser = calibration_parser(__doc__)
    options = parser.parse_args()
    clips = [clip for clip in load_clips(options.folders) if clip.is_development]
    readings = all_readings(clips, resolve_model("full"), options.work / "landmarks")
    head = "# Written by `python -m benchmarks.accuracy.calibrate_within_set`; do not edit by hand."
    TARGET.write_text("\n".join([head, "noise = [", *rows(readings), "]"]) + "\n", encoding="utf-8")
    print(TARGET.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
