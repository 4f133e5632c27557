"""What the comparison of live with recorded calls a cue that is borne out, left open or denied."""

from __future__ import annotations

from dataclasses import replace

from bodies import squats

from benchmarks.live_agreement import BORNE_OUT, DENIED, LEFT_OPEN, Tally, compare, compare_cues
from formcheck.checks.check import Verdict
from formcheck.checks.judge_recording import analyze_poses
from formcheck.coach import LiveSession

CAVED = squats(2, knee_inward_m=0.12)


def test_a_plain_fault_is_counted_and_told_alike_live_and_recorded() -> None:
    tally = Tally()
    compare("caved", CAVED, tally)
    assert (tally.clips, tally.same_count, tally.recorded_reps, tally.live_reps) == (1, 1, 2, 2)
    assert tally.cues[BORNE_OUT] >= 1
    assert tally.cues[DENIED] == 0
    assert tally.differences == []


def test_a_cue_is_answered_by_the_recorded_verdict_and_denied_where_there_is_no_repetition() -> None:
    session = LiveSession()
    states = [session.update(CAVED.at(index)) for index in range(len(CAVED))]
    cued = next(state for state in states if state.cue and state.cue.since_s == state.time_s)
    recorded = analyze_poses(CAVED).reps[0]
    answers = []
    for verdict in (Verdict.FAIL, Verdict.WARN, Verdict.UNSURE, Verdict.UNSEEN, Verdict.PASS):
        tally = Tally()
        findings = tuple(replace(finding, verdict=verdict) for finding in recorded.findings)
        compare_cues("caved", replace(recorded, findings=findings), [cued], tally)
        answers += tally.cues.elements()
    assert answers == [BORNE_OUT, BORNE_OUT, LEFT_OPEN, LEFT_OPEN, DENIED]
    tally = Tally()
    compare_cues("caved", None, [cued], tally)
    assert tally.cues == {DENIED: 1}
    assert tally.differences[0].startswith("caved: the cue on ")
