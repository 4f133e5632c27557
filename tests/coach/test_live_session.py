"""The live check: the same repetitions and verdicts as the recorded analysis, one pose at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from bodies import Camera, concatenate, hidden, lunges, nobody, standing
from recordings import SUBJECTS, Subject, clean_squats, hopping, moved, sitting, squatting_along, walking

from formcheck.body.pose import HEELS, KNEES, SHOULDERS, Landmark, Pose, Side
from formcheck.body.view import Plane, View
from formcheck.checks.check import Finding, Verdict
from formcheck.checks.exercises import EXERCISES
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.session_report import RepReport
from formcheck.coach import LiveSession, LiveState, Stage
from formcheck.coach.cues import CueBoard
from formcheck.coach.pose_window import MAX_FRAMES, WINDOW_S, PoseWindow
from formcheck.coach.setup import what_is_judged
from formcheck.measures.correction import UNCALIBRATED
from formcheck.measures.reps import Phase
from formcheck.results.live_json import live_dict

#: The limits under test, as they are meant to be.
CUE_STAYS_S = 2.0

SQUAT = EXERCISES["squat"]

#: One of each kind: both legs, both planes, both exercises, measures of the body and of a leg.
CHOSEN = [SUBJECTS[index] for index in (0, 2, 5, 7, 11, 14, 15, 16, 19)]


def session() -> LiveSession:
    return LiveSession(calibration=UNCALIBRATED)


def states(pose: Pose, live: LiveSession | None = None) -> Iterator[LiveState]:
    live = live or session()
    return (live.update(pose.at(index)) for index in range(len(pose)))


def reports(pose: Pose) -> list[RepReport]:
    live = session()
    found = [report for state in states(pose, live) for report in state.finished]
    return found + list(live.end())


def verdicts(report: RepReport) -> dict[tuple[str, Side | None], Verdict]:
    return {(finding.check, finding.side): finding.verdict for finding in report.findings}


@pytest.mark.parametrize("subject", CHOSEN, ids=lambda s: f"{s.exercise}-{s.check}-{s.side or 'body'}")
def test_a_finished_repetition_is_judged_as_in_the_recording(subject: Subject) -> None:
    film = subject.film()
    recorded = analyze_poses(film, calibration=UNCALIBRATED).reps
    live = reports(film)
    assert [report.rep.number for report in live] == [report.rep.number for report in recorded]
    for ours, theirs in zip(live, recorded, strict=True):
        assert ours.rep.bottom_s == pytest.approx(theirs.rep.bottom_s, abs=0.05)
        assert ours.view.plane is theirs.view.plane
        assert verdicts(ours) == verdicts(theirs)
        assert verdicts(ours)[subject.check, subject.side] in {Verdict.WARN, Verdict.FAIL}


def test_every_repetition_of_a_set_is_counted_once_and_when_it_is_over() -> None:
    film = clean_squats(4)
    recorded = analyze_poses(film, calibration=UNCALIBRATED).reps
    ended = [(state.time_s, state.finished) for state in states(film) if state.finished]
    assert [report.rep.number for _, found in ended for report in found] == [1, 2, 3, 4]
    for (time_s, _), report in zip(ended, recorded, strict=True):
        assert 0.2 < time_s - report.rep.end_s < 0.7


def test_a_squat_that_stops_on_its_way_up_and_sinks_again_is_one() -> None:
    film = squatting_along(
        (0, 0), (2.5, 0), (3.5, 1), (3.9, 0.65), (4.1, 0.65), (4.6, 0.95), (4.8, 0.95), (5.6, 0), (9, 0)
    )
    assert len(analyze_poses(film, calibration=UNCALIBRATED).reps) == 1
    assert len(reports(film)) == 1


def test_frames_of_a_report_count_all_poses_given_so_far() -> None:
    film = clean_squats(3)
    for report in reports(film):
        rep = report.rep
        assert film.time_s[[rep.start, rep.bottom, rep.end]] == pytest.approx([rep.start_s, rep.bottom_s, rep.end_s])


def test_a_repetition_that_the_recording_ends_with_is_reported_by_end() -> None:
    film = clean_squats(1, rest_s=1.0)
    rep = analyze_poses(film, calibration=UNCALIBRATED).reps[0].rep
    cut = film.at(slice(0, rep.end + 4))
    live = session()
    assert not [report for state in states(cut, live) for report in state.finished]
    assert [report.rep.number for report in live.end()] == [1]


@pytest.mark.parametrize("movement", [walking, hopping, sitting], ids=lambda f: f.__name__)
def test_what_is_no_squat_is_not_counted(movement) -> None:
    assert reports(movement()) == []


def test_dropped_frames_change_neither_count_nor_verdicts() -> None:
    film = clean_squats(2, knee_inward_m=(0.06, 0.0))
    kept = np.flatnonzero(np.random.default_rng(1).random(len(film)) < 0.5)
    assert [verdicts(report) for report in reports(film.at(kept))] == [verdicts(report) for report in reports(film)]


def test_a_pause_is_a_gap_and_the_set_goes_on() -> None:
    before, after = clean_squats(1), clean_squats(1)
    film = concatenate(before, replace(after, time_s=after.time_s + 30.0))
    assert len(reports(film)) == 2


def test_phase_and_depth_follow_the_body() -> None:
    film = concatenate(standing(2.5), clean_squats(1))
    seen = list(states(film))
    changes = [a.phase for a, b in pairwise(seen) if a.phase is not b.phase] + [seen[-1].phase]
    assert changes == [Phase.STANDING, Phase.ECCENTRIC, Phase.CONCENTRIC, Phase.STANDING]
    depth = np.array([np.nan if state.depth is None else state.depth for state in seen])
    assert np.isnan(depth[0])  # nothing to compare with before the baseline
    assert np.nanmax(depth) == 1.0
    assert depth[-1] < 0.1


def test_the_depth_gauge_is_full_where_the_depth_check_passes() -> None:
    for depth_deg, is_full in ((70.0, False), (112.0, True)):
        seen = list(states(concatenate(standing(2.5), clean_squats(1, depth_deg=depth_deg))))
        (report,) = [report for state in seen for report in state.finished]
        (finding,) = [finding for finding in report.findings if finding.check == "depth"]
        assert (finding.verdict is Verdict.PASS) is is_full
        assert (max(state.depth or 0.0 for state in seen) == 1.0) is is_full


def test_the_set_begins_after_two_seconds_of_standing_still() -> None:
    seen = list(states(standing(3.0)))
    stages = [state.stage for state in seen]
    assert stages[5:10] == [Stage.BASELINE] * 5
    began = seen[stages.index(Stage.SET)]
    assert 2.0 <= began.time_s <= 2.3
    shares = [state.baseline for state in seen]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_who_walks_does_not_give_a_baseline() -> None:
    assert Stage.SET not in {state.stage for state in states(walking(4.0, yaw_deg=90))}


def test_a_repetition_before_the_baseline_starts_the_set() -> None:
    seen = list(states(clean_squats(1)))
    assert seen[0].stage is not Stage.SET
    assert seen[-1].stage is Stage.SET
    assert seen[-1].rep_count == 1


@pytest.mark.parametrize(
    ("film", "word"),
    [
        (nobody(1.0), "Step into the picture"),
        (hidden(standing(1.0), HEELS), "Feet"),
        (hidden(standing(1.0), KNEES), "Legs"),
        (hidden(standing(1.0), SHOULDERS), "Shoulders"),
        (moved(standing(1.0), scale=0.1), "come nearer"),
    ],
    ids=["nobody", "feet", "legs", "shoulders", "far"],
)
def test_the_set_up_says_what_to_change(film: Pose, word: str) -> None:
    *_, last = states(film)
    assert last.stage is Stage.SETUP
    assert word in last.advice
    assert "\n" not in last.advice


def test_the_set_up_says_what_the_view_shows_and_how_to_see_the_rest() -> None:
    *_, front = states(standing(1.0))
    assert front.judged_here == "front: knees in, symmetry, depth; turn sideways for knees past toes, trunk lean, heels"
    *_, side = states(standing(1.0, yaw_deg=90))
    assert side.judged_here == "side: knees past toes, depth, trunk lean, heels; face the camera for knees in, symmetry"
    assert what_is_judged(View(45.0, Plane.OBLIQUE, Side.LEFT), SQUAT).startswith("oblique: depth; face the camera")
    assert what_is_judged(View(float("nan"), Plane.UNKNOWN, None), SQUAT) == ""


def test_unseen_stays_unseen_during_and_after_a_repetition() -> None:
    film = clean_squats(1, yaw_deg=90, knee_inward_m=(0.06, 0.06))
    for state in states(film):
        found = [*state.findings, *(f for report in state.finished for f in report.findings)]
        assert all(f.verdict is Verdict.UNSEEN for f in found if f.check == "knee_valgus")
        assert state.cue is None or state.cue.finding.check != "knee_valgus"


def test_depth_is_not_asked_for_on_the_way_down() -> None:
    for state in states(clean_squats(1, depth_deg=70)):
        if state.phase is Phase.ECCENTRIC:
            assert "depth" not in {finding.check for finding in state.findings}
            assert state.cue is None


def test_a_bounce_on_the_way_down_does_not_ask_for_depth() -> None:
    film = squatting_along((0, 0), (2.5, 0), (3.3, 0.75), (3.7, 0.62), (4.4, 1), (4.6, 1), (5.5, 0), (8, 0))
    for state in states(film):
        if state.time_s < 4.6:
            assert "depth" not in {finding.check for finding in state.findings}
            assert state.cue is None


def test_nothing_is_said_of_a_leg_whose_foot_still_steps() -> None:
    told = [
        state.time_s
        for state in states(concatenate(standing(2.5, yaw_deg=90), lunges(1, rep_s=3.0, pause_s=1.0)))
        if any(finding.check == "knee_past_toes" for finding in state.findings)
    ]
    assert told
    assert all(4.5 < time_s < 6.0 for time_s in told)  # the foot goes from 3.5 on, stands from 4.5 and goes back at 5.5


def test_a_cue_comes_during_the_fault_names_its_joint_and_stays_to_be_read() -> None:
    film = concatenate(standing(2.5), clean_squats(1, knee_inward_m=(0.06, 0.0)), standing(4.0))
    seen = list(states(film))
    shown = [state for state in seen if state.cue is not None]
    assert {state.cue.since_s for state in shown if state.cue} == {shown[0].time_s}
    cue = shown[0].cue
    assert cue is not None
    assert (cue.finding.check, cue.side, cue.joints) == ("knee_valgus", Side.LEFT, (Landmark.LEFT_KNEE,))
    assert shown[0].is_in_rep
    assert shown[-1].time_s - shown[0].time_s >= CUE_STAYS_S
    assert seen[-1].cue is None


def test_clean_squats_get_no_cue() -> None:
    assert all(state.cue is None for state in states(clean_squats(2)))


def fault(check: str, verdict: Verdict, excess: float) -> Finding:
    return Finding(check, check, None, 1.0, None, "", 0.0, 1.0, excess, verdict, None, None, f"mind {check}", "")


def test_two_faults_that_take_turns_do_not_make_the_cue_flicker() -> None:
    board, texts = CueBoard(), []
    for tick in range(100):
        now = fault("depth" if tick % 2 else "trunk_lean", Verdict.WARN, 0.5)
        board.consider(tick / 10, [now, fault("heel_rise", Verdict.WARN, 0.1)])
        cue = board.showing(tick / 10)
        texts.append(cue.text if cue else None)
    changes = sum(a != b for a, b in pairwise(texts))
    assert changes <= 1 + 10 / CUE_STAYS_S


def test_a_plain_fault_takes_over_from_a_warning_after_it_was_read() -> None:
    board = CueBoard()
    warning, plain = fault("depth", Verdict.WARN, 0.1), fault("trunk_lean", Verdict.FAIL, 1.5)
    board.consider(0.0, [warning], are_final=True)
    board.consider(0.5, [warning, plain], are_final=True)
    assert board.showing(0.5).finding is warning
    board.consider(3.0, [warning, plain], are_final=True)
    assert board.showing(3.0).finding is plain


def test_what_is_too_close_to_call_gets_no_cue() -> None:
    board = CueBoard()
    board.consider(0.0, [fault("depth", Verdict.UNSURE, 0.1)], are_final=True)
    assert board.showing(0.0) is None


def test_a_new_baseline_begins_with_the_set_up_and_keeps_the_count() -> None:
    live = session()
    film = clean_squats(1)
    *_, before = states(film, live)
    live.new_baseline()
    later = standing(1.0, yaw_deg=90)
    *_, after = states(replace(later, time_s=later.time_s + film.time_s[-1] + 1), live)
    assert (before.stage, after.stage) == (Stage.SET, Stage.BASELINE)
    assert after.rep_count == before.rep_count == 1
    assert after.view.plane is Plane.SIDE


def test_lunges_are_recognised_and_their_front_leg_told() -> None:
    seen = list(states(concatenate(standing(2.5, yaw_deg=90), lunges(1))))
    assert {(s.exercise, s.lead_side) for s in seen if s.is_in_rep and s.depth == 1.0} == {("lunge", Side.LEFT)}
    assert seen[-1].exercise == "lunge"


def test_what_the_user_tells_is_taken_for_granted() -> None:
    live = LiveSession("lunge", "side", calibration=UNCALIBRATED)
    *_, last = states(clean_squats(1), live)
    assert (last.exercise, last.view.plane) == ("lunge", Plane.SIDE)


def test_the_overlay_gets_the_count_the_phase_and_the_one_cue() -> None:
    film = concatenate(standing(2.5), clean_squats(1, knee_inward_m=(0.06, 0.0)))
    drawn = [(state, state.frame_state) for state in states(film)]
    assert {d.rep_number for s, d in drawn if s.is_in_rep} == {1}
    assert {d.reps_done for s, d in drawn if not s.is_in_rep} == {0, 1}
    assert all(d.active == ((s.cue.finding,) if s.cue else ()) for s, d in drawn)


def test_time_must_increase() -> None:
    live = session()
    live.update(standing(1.0).at(1))
    with pytest.raises(ValueError, match="time must increase"):
        live.update(standing(1.0).at(0))


def test_a_picture_of_another_size_starts_afresh() -> None:
    live = session()
    *_, before = states(standing(3.0), live)
    turned = standing(1.0, camera=Camera(width_px=720, height_px=1280))
    *_, after = states(replace(turned, time_s=turned.time_s + 5.0), live)
    assert before.stage is Stage.SET
    assert (after.pose.width_px, after.pose.height_px) == (720, 1280)
    assert after.stage is not Stage.SET  # the stance was in pixels of the other picture
    assert after.depth is None


def test_the_window_holds_the_last_seconds_and_never_more() -> None:
    window, instant = PoseWindow(), standing(0.1).at(0)
    for index in range(3 * MAX_FRAMES):
        window.append(replace(instant, time_s=np.asarray(index / 240)))
        assert len(window) <= MAX_FRAMES
    assert window.first + len(window) == 3 * MAX_FRAMES
    assert window.time_s[-1] == pytest.approx((3 * MAX_FRAMES - 1) / 240)
    window.append(replace(instant, time_s=np.asarray(1000.0)))
    assert len(window) == 1
    for index in range(100):
        window.append(replace(instant, time_s=np.asarray(1001.0 + index)))
    assert window.time_s[-1] - window.time_s[0] <= WINDOW_S


def test_a_state_is_json_without_nan() -> None:
    film = concatenate(nobody(0.5), clean_squats(1, knee_inward_m=(0.06, 0.0)))
    for state in states(film):
        text = json.dumps(live_dict(state), allow_nan=False)
    content = json.loads(text)
    assert content["rep_count"] == 1
    assert content["cue"]["joints"] == [int(Landmark.LEFT_KNEE)]
    assert len(content["landmarks"]) == 33
    x, y = content["landmarks"][Landmark.NOSE]
    assert 0 < x < 1
    assert 0 < y < 1
