"""The section on tempo and velocity: rendered people that nothing was chosen on, by their kept
landmarks, and OpenCap.

True velocities are those of the middle of the hips by the definitions of `formcheck.measures.tempo`. Metres a second
come from the stature and a usual leg's share of it, as a user has them; leg lengths a second are multiplied by the true
leg beside it, to show what the scale alone costs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.accuracy.analysed import SAME_REP_S
from benchmarks.accuracy.opencap import captures
from benchmarks.accuracy.rendered_clips import FloatArray
from benchmarks.accuracy.stored import STORED
from benchmarks.accuracy.tables import Table
from benchmarks.accuracy.ui_prmd_bodies import FRAMES_PER_S, STILL_S, Capture, film
from formcheck.body.pose import ANKLES, HIPS, KNEES
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.session_report import RepReport
from formcheck.landmarks.landmark_table import read_landmarks
from formcheck.measures.correction import joint_calibration
from formcheck.measures.reps import Rep
from formcheck.measures.tempo import Tempo, tempo_of

MEAN, PEAK = "mean_velocity_legs_per_s", "peak_velocity_legs_per_s"


@dataclass(frozen=True, slots=True)
class Case:
    """One repetition: what was read, what is true in leg lengths, and how long the leg is; ``stature_m`` NaN where
    nobody told it.
    """

    group: str
    fps: float
    found: RepReport
    true: Tempo
    leg_m: float
    stature_m: float

    def off_m_per_s(self, measure: str, *, by_stature: bool) -> float:
        """Read less true, metres a second."""
        true = self.true.mean_velocity if "mean" in measure else self.true.peak_velocity
        told = (
            self.found.measures[measure.replace("legs", "m")]
            if by_stature
            else self.found.measures[measure] * self.leg_m
        )
        return told - true * self.leg_m


def tables() -> list[Table]:
    """One table of velocities and one of times."""
    cases = [*stored_cases(), *opencap_cases()]
    groups = {name: [case for case in cases if case.group == name] for name in dict.fromkeys(c.group for c in cases)}
    rendered = [case for case in cases if np.isfinite(case.stature_m)]
    groups["rendered, 30 frames/s, all"] = [case for case in rendered if case.fps == 30.0]
    head = (
        "repetitions",
        "n",
        "true, m/s",
        "mean: bias",
        "MAE",
        "MAE with the leg known",
        "peak: MAE",
        "within ±, 2 ±",
    )
    note = (
        "Metres a second, mean and peak on the way up, hips. Rendered: six bodies that nothing was chosen on. OpenCap: "
        "one person; the true leg gives the scale. *Within ±*: how often the mean lies within its stated uncertainty."
    )
    times = [[name, str(len(of)), *_times(of)] for name, of in groups.items()]
    return [
        Table("Velocity on the way up", note, head, [[name, *_velocities(of)] for name, of in groups.items()]),
        Table(
            "Tempo",
            "Read less true, seconds: bias and standard deviation.",
            ("repetitions", "n", "down", "pause", "up"),
            times,
        ),
    ]


def stored_cases() -> Iterator[Case]:
    """Every repetition of the kept clips that was found."""
    for path in sorted(STORED.glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        report = analyze_poses(read_landmarks(path.with_suffix(".parquet"))[0], height_cm=100 * truth["stature_m"])
        for told in truth["reps"]:
            near = [rep for rep in report.reps if abs(rep.rep.bottom_s - told["bottom_s"]) <= SAME_REP_S]
            if near:
                group = f"rendered {truth['exercise']}, {truth['plane']}"
                yield Case(group, truth["fps"], near[0], Tempo(**told["tempo"]), truth["leg_m"], truth["stature_m"])


def opencap_cases() -> Iterator[Case]:
    """Every squat of OpenCap's one person that was found, without noise and with it; none without the data."""
    for has_noise in (False, True):
        for capture in captures():
            report = analyze_poses(film(capture, "front", noise=has_noise), calibration=joint_calibration())
            for found in report.reps:
                group = f"OpenCap squat, front, {'with' if has_noise else 'no'} noise"
                yield Case(group, FRAMES_PER_S, found, _true(capture, found.rep), _leg_m(capture), float("nan"))


def _true(capture: Capture, rep: Rep) -> Tempo:
    height = np.mean([capture.joints_m[hip][:, 2] for hip in HIPS], axis=0) / _leg_m(capture)
    time_s = STILL_S + np.arange(len(height)) / FRAMES_PER_S
    return tempo_of(time_s, height, rep)


def _leg_m(capture: Capture) -> float:
    first = {joint: np.nanmean(points[:10], axis=0) for joint, points in capture.joints_m.items()}
    pairs = [pair for pairs in (zip(HIPS, KNEES, strict=True), zip(KNEES, ANKLES, strict=True)) for pair in pairs]
    return float(sum(np.linalg.norm(first[one] - first[other]) for one, other in pairs)) / 2


def _velocities(cases: Sequence[Case]) -> list[str]:
    by_stature = all(np.isfinite(case.stature_m) for case in cases)
    mean = np.array([case.off_m_per_s(MEAN, by_stature=by_stature) for case in cases])
    known = np.array([case.off_m_per_s(MEAN, by_stature=False) for case in cases])
    peak = np.array([case.off_m_per_s(PEAK, by_stature=by_stature) for case in cases])
    true = np.array([case.true.mean_velocity * case.leg_m for case in cases])
    name = MEAN.replace("legs", "m") if by_stature else MEAN
    scale = np.array([1.0 if by_stature else case.leg_m for case in cases])
    share = np.abs(mean) / (scale * np.array([case.found.uncertainty[name] for case in cases]))
    cells = [f"{np.nanmin(true):.2f}–{np.nanmax(true):.2f}", f"{np.nanmean(mean):+.3f}", f"{_mae(mean):.3f}"]
    within = f"{100 * (share <= 1).mean():.0f} %, {100 * (share <= 2).mean():.0f} %"
    return [str(len(cases)), *cells, f"{_mae(known):.3f}", f"{_mae(peak):.3f}", within]


def _times(cases: Sequence[Case]) -> Iterator[str]:
    for name in ("descent_s", "pause_s", "ascent_s"):
        off = np.array([case.found.measures[name] - getattr(case.true, name) for case in cases])
        yield f"{np.nanmean(off):+.2f}, {np.nanstd(off):.2f}"


def _mae(off: FloatArray) -> float:
    return float(np.nanmean(np.abs(off)))
