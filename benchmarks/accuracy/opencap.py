"""The section on OpenCap: one person's squats in a laboratory, normal and with the weight to one side, from the front.

Hip centres are in the data; knees and ankles lie inward of their lateral markers by half of their standing width, along
the line of the hips, shoulders 0.05 m below their markers. The camera is that of `ui_prmd_bodies`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from benchmarks.accuracy.rendered_clips import SHARED, FloatArray
from benchmarks.accuracy.statistics import rate
from benchmarks.accuracy.tables import Table
from benchmarks.accuracy.ui_prmd_bodies import Capture, film
from formcheck.body.pose import Landmark
from formcheck.checks.check import FAULTY
from formcheck.checks.judge_recording import analyze_poses
from formcheck.measures.correction import joint_calibration

SOURCE = SHARED / "data" / "opencap" / "p1_squats.npz"
#: Name in the data, and whether the squats are normal.
TRIALS = {"p1_squats": True, "p1_squats_asymmetric": False}
#: The noise shifts a landmark for the whole recording: one draw is one person more, not five repetitions.
DRAWS = 8
_UP = np.array([0.0, 0.0, 1.0])


def captures() -> list[Capture]:
    """Both recordings; none where the data are not on this machine."""
    if not SOURCE.is_file():
        return []
    with np.load(SOURCE, allow_pickle=False) as archive:
        read = {name: _markers(archive, name) for name in (*TRIALS, "p1_static")}
    widths_m = {
        joint: float(np.mean([_gap_m(read["p1_static"], f"{s}_{joint}", f"{s}_m{joint}") for s in ("r", "L")])) / 2
        for joint in ("knee", "ankle")
    }
    return [_capture(name, is_normal, read[name], widths_m) for name, is_normal in TRIALS.items()]


def tables() -> list[Table]:
    """How many repetitions of either kind are told of asymmetry, and of anything."""
    rows = []
    for capture in captures():
        for seeds in ((), range(DRAWS)):
            films = [film(capture, "front", noise=bool(seeds), seed=seed) for seed in seeds or (0,)]
            reports = [analyze_poses(pose, calibration=joint_calibration()) for pose in films]
            told = [{f.fault for f in rep.findings if f.verdict in FAULTY} for report in reports for rep in report.reps]
            rows.append(
                [
                    "normal" if capture.is_correct else "weight to one side",
                    f"{DRAWS} draws" if seeds else "no",
                    ", ".join(dict.fromkeys(report.exercise for report in reports)),
                    rate(["asymmetry" in faults for faults in told]).text(),
                    rate([bool(faults) for faults in told]).text(),
                ]
            )
    note = (
        "One person, five squats of either kind; nothing was fitted on them, but that a tilt needs a shift beside it "
    )
    note += (
        "was looked at here as well. One person says nothing of others. By the markers themselves the knees of two of "
    )
    note += "the normal squats go 0.10 to 0.14 shank inside the line of the foot, those of the others up to 0.08."
    return [
        Table("Asymmetric squats", note, ("squats", "noise", "recognised", "asymmetry told", "anything told"), rows)
    ]


def _markers(archive: Mapping[str, FloatArray], name: str) -> dict[str, FloatArray]:
    names = [str(marker) for marker in archive[f"{name}_markers"]]
    return dict(zip(names, archive[name].astype(float).transpose(1, 0, 2), strict=True))


def _gap_m(m: Mapping[str, FloatArray], one: str, other: str) -> float:
    return float(np.nanmedian(np.linalg.norm(m[one] - m[other], axis=1)))


def _capture(name: str, is_normal: bool, m: Mapping[str, FloatArray], widths_m: Mapping[str, float]) -> Capture:
    to_left = np.nanmean(m["L_HJC"] - m["R_HJC"], axis=0) * [1, 1, 0]
    to_left /= np.linalg.norm(to_left)
    joints: dict[Landmark, FloatArray] = {}
    for side, letter, inward in (("LEFT", "L", -to_left), ("RIGHT", "r", to_left)):
        big = letter.upper()
        joints[Landmark[f"{side}_HIP"]] = m[f"{big}_HJC"]
        joints[Landmark[f"{side}_KNEE"]] = m[f"{letter}_knee"] + widths_m["knee"] * inward
        joints[Landmark[f"{side}_ANKLE"]] = m[f"{letter}_ankle"] + widths_m["ankle"] * inward
        joints[Landmark[f"{side}_HEEL"]] = m[f"{letter}_calc"]
        joints[Landmark[f"{side}_FOOT_INDEX"]] = m[f"{letter}_toe"]
        joints[Landmark[f"{side}_SHOULDER"]] = m[f"{big}_Shoulder"] - 0.05 * _UP
        joints[Landmark[f"{side}_ELBOW"]] = m[f"{big}_elbow_lat"]
        joints[Landmark[f"{side}_WRIST"]] = m[f"{big}_wrist_radius"]
    return Capture(name, "squat", is_normal, joints, np.cross(to_left, _UP))
