"""What the row of a check says of the body: what is ringed, what is drawn, and which joint is named in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from bodies import lunges, squats
from recordings import SUBJECTS, Subject, clean_squats, trunk_moved

from formcheck.body.pose import Landmark, Pose, Side
from formcheck.checks.check import FAULTY, Finding
from formcheck.checks.exercises import EXERCISES, check_row
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.session_report import SessionReport
from formcheck.coach import Cue, LiveSession
from formcheck.draw.lines import measured_lines
from formcheck.measures.correction import UNCALIBRATED
from formcheck.words.findings import reading_words

#: What a cue is about, by check. Nothing here is taken from the rows: a heel cue that rings the knees is wrong.
RINGED = {
    "knee_valgus": "KNEE",
    "knee_past_toes": "KNEE",
    "pelvic_tilt": "HIP",
    "pelvic_shift": "HIP",
    "body_shift": "SHOULDER",
    "knee_height": "KNEE",
    "depth": "HIP",
    "trunk_lean": "SHOULDER",
    "side_lean": "SHOULDER",
    "limb_symmetry": "HIP",
    "heel_rise": "HEEL",
    "stance": "ANKLE",
    "lockout": "KNEE",
    "frontal_angle": "KNEE",
    "pelvic_drop": "HIP",
    "stance_lean": "SHOULDER",
    "knee_bend": "KNEE",
    "knee_steadiness": "KNEE",
    "step_down_score": "KNEE",
    "knee_outward": "KNEE",
    "reach": "HIP",
    "trunk_tilt": "SHOULDER",
}
#: Which joints the drawn line of what is measured ends at, or goes through: of the finding's side, of both, or the
#: middle between both.
DRAWN = {
    "knee_valgus": ("own KNEE",),
    "knee_past_toes": ("own KNEE",),
    "pelvic_tilt": ("left HIP", "right HIP"),
    "pelvic_shift": ("middle HIP",),
    "body_shift": ("middle SHOULDER",),
    "knee_height": ("left KNEE", "right KNEE"),
    "depth": ("own KNEE", "own HIP"),
    "trunk_lean": ("middle HIP", "middle SHOULDER"),
    "side_lean": ("middle HIP", "middle SHOULDER"),
    "heel_rise": ("own HEEL",),
    "stance": ("left ANKLE", "right ANKLE"),
    "frontal_angle": ("own KNEE", "own ANKLE"),
    "pelvic_drop": ("left HIP", "right HIP"),
    "stance_lean": ("middle HIP", "middle SHOULDER"),
    "knee_bend": ("own KNEE", "own ANKLE"),
    "knee_outward": ("own KNEE",),
    "trunk_tilt": ("middle HIP", "middle SHOULDER"),
}
#: The joint beside which the number stands; of two that should be level it is the lower one.
BESIDE = {
    "knee_valgus": "own KNEE",
    "knee_past_toes": "own KNEE",
    "pelvic_tilt": "lower HIP",
    "pelvic_shift": "middle HIP",
    "body_shift": "middle SHOULDER",
    "knee_height": "lower KNEE",
    "depth": "own KNEE",
    "trunk_lean": "middle SHOULDER",
    "side_lean": "middle SHOULDER",
    "heel_rise": "own HEEL",
    "stance": "left ANKLE",
    "frontal_angle": "own KNEE",
    "pelvic_drop": "lower HIP",
    "stance_lean": "middle SHOULDER",
    "knee_bend": "own KNEE",
    "knee_outward": "own KNEE",
    "trunk_tilt": "middle SHOULDER",
}


def pair(name: str) -> tuple[Landmark, Landmark]:
    joint = "FOOT_INDEX" if name == "TOE" else name
    return Landmark[f"LEFT_{joint}"], Landmark[f"RIGHT_{joint}"]


def place(pose: Pose, told: str, side: Side) -> np.ndarray:
    which, _, name = told.partition(" ")
    left, right = pose.pair_px(pair(name))
    own = left if side is Side.LEFT else right
    lower = left if left[1] > right[1] else right
    return {"own": own, "left": left, "right": right, "lower": lower, "middle": (left + right) / 2}[which]


def from_line_px(point: np.ndarray, line: tuple[tuple[float, float], tuple[float, float]]) -> float:
    start, end = np.array(line)
    along = end - start
    share = np.clip((point - start) @ along / max(along @ along, 1e-9), 0, 1)
    return float(np.linalg.norm(point - start - share * along))


def faults(report: SessionReport) -> list[Finding]:
    return [finding for rep in report.reps for finding in rep.findings if finding.verdict in FAULTY]


def named(subject: Subject) -> str:
    return f"{subject.exercise}-{subject.check}-{subject.side or 'body'}"


def shown_cues(film: Pose) -> list[Cue]:
    live = LiveSession(calibration=UNCALIBRATED)
    states = [live.update(film.at(index)) for index in range(len(film))]
    return [state.cue for state in states if state.cue is not None]


def test_every_check_has_its_place_in_these_tables() -> None:
    checks = {check.name for exercise in EXERCISES.values() for check in exercise.checks}
    assert RINGED.keys() == checks
    assert DRAWN.keys() == BESIDE.keys() == {name for name in checks if check_row(name).lines is not None}


@pytest.mark.parametrize("check", list(RINGED))
def test_a_cue_rings_the_joints_that_it_is_about(check: str) -> None:
    for exercise in EXERCISES.values():
        for row in exercise.checks:
            if row.name == check:
                assert row.joints == pair(RINGED[check])


@pytest.mark.parametrize("subject", [s for s in SUBJECTS if s.check == "heel_rise"], ids=named)
def test_the_live_cue_of_a_heel_rings_the_heel(subject: Subject) -> None:
    heels = [cue for cue in shown_cues(subject.film()) if "heel" in cue.text]
    assert heels
    assert {joint for cue in heels for joint in cue.joints} <= set(pair("HEEL"))


@pytest.mark.parametrize("subject", [s for s in SUBJECTS if s.check in DRAWN], ids=named)
def test_the_line_of_a_measure_is_drawn_at_the_joints_that_are_measured(subject: Subject) -> None:
    report = analyze_poses(subject.film(), calibration=UNCALIBRATED)
    found = [f for rep in report.reps for f in rep.findings if f.check == subject.check and f.at_s is not None]
    assert found
    for finding in found:
        frame = int(np.argmin(np.abs(report.timeseries.time_s - (finding.at_s or 0.0))))
        instant = report.pose.at(frame)
        near = report.reps[0].view.near_side
        side = finding.side or near or Side.LEFT
        lines = measured_lines(finding, instant, near)
        assert lines is not None
        for told in DRAWN[subject.check]:
            assert from_line_px(place(instant, told, side), lines.measured) < 1e-6, told
        assert lines.anchor == pytest.approx(tuple(place(instant, BESIDE[subject.check], side)))
        middle_x = place(instant, "middle HIP", side)[0]
        assert lines.outward == (-1 if lines.anchor[0] < middle_x else 1)


def test_no_line_is_drawn_to_a_joint_that_is_unseen() -> None:
    report = analyze_poses(clean_squats(pelvis_drop_deg=12), calibration=UNCALIBRATED)
    tilt = next(f for f in report.reps[0].findings if f.check == "pelvic_tilt")
    instant = report.pose.at(report.reps[0].rep.bottom)
    assert measured_lines(tilt, instant, None) is not None
    hipless = instant.image_px.copy()
    hipless[Landmark.LEFT_HIP] = np.nan
    assert measured_lines(tilt, replace(instant, image_px=hipless), None) is None


#: What was done to the body, and what must be said of it: (film, check, the words that name a side).
SAID: tuple[tuple[str, Callable[[], Pose], str, str], ...] = (
    ("right hip lower", lambda: clean_squats(pelvis_drop_deg=12), "pelvic_tilt", "right hip"),
    ("left hip lower", lambda: clean_squats(pelvis_drop_deg=-12), "pelvic_tilt", "left hip"),
    ("hips to the right", lambda: clean_squats(pelvis_shift_m=0.08), "pelvic_shift", "to the right"),
    ("hips to the left", lambda: clean_squats(pelvis_shift_m=-0.08), "pelvic_shift", "to the left"),
    ("shoulders right", lambda: trunk_moved(clean_squats(), 0.08), "body_shift", "to the right"),
    ("shoulders left", lambda: trunk_moved(clean_squats(), -0.08), "body_shift", "to the left"),
    ("trunk right", lambda: trunk_moved(lunges(1, yaw_deg=0), 0.2), "side_lean", "to the right"),
    ("trunk left", lambda: trunk_moved(lunges(1, yaw_deg=0), -0.2), "side_lean", "to the left"),
    ("left knee in", lambda: squats(1, knee_inward_m=(0.08, 0)), "knee_valgus", "left knee"),
    ("right knee in", lambda: squats(1, knee_inward_m=(0, 0.08)), "knee_valgus", "right knee"),
)


@pytest.mark.parametrize(("film", "check", "words"), [row[1:] for row in SAID], ids=[row[0] for row in SAID])
def test_words_name_the_side_to_which_the_body_was_moved(film: Callable[[], Pose], check: str, words: str) -> None:
    report = analyze_poses(film(), calibration=UNCALIBRATED)
    found = [f for f in report.reps[0].findings if f.check == check and f.value is not None]
    worst = max(found, key=lambda finding: abs(finding.value or 0.0))
    said = reading_words(worst)
    assert words in said
    assert ("left" in said) is ("left" in words)
    assert ("right" in said) is ("right" in words)


@pytest.mark.parametrize("deeper", [Side.LEFT, Side.RIGHT])
def test_words_name_the_knee_that_is_higher_in_the_picture(deeper: Side) -> None:
    depth_deg = (112, 124) if deeper is Side.LEFT else (124, 112)
    report = analyze_poses(squats(1, depth_deg=depth_deg, shank_deg=(20, 42)[:: 1 if deeper is Side.LEFT else -1]))
    knees_y = report.pose.at(report.reps[0].rep.bottom).pair_px(pair("KNEE"))[:, 1]
    higher = Side.LEFT if knees_y[0] < knees_y[1] else Side.RIGHT
    finding = next(f for f in report.reps[0].findings if f.check == "knee_height")
    assert reading_words(finding).startswith(f"{higher} knee")
