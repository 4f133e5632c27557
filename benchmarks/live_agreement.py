"""Does the live check say what the analysis of the recording says?

    python benchmarks/live_agreement.py LANDMARKS.parquet...

Takes landmark tables, as `formcheck analyze` writes them, gives their poses to a `LiveSession` one by one and compares
repetitions and verdicts with `analyze_poses` of the same table. Also told: of the cues that came during a repetition,
how many the recording's verdicts bear out, and the processor time of one pose.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from formcheck.body.pose import Pose, Side
from formcheck.checks.check import FAULTY, Finding, Verdict
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.session_report import RepReport
from formcheck.coach import LiveSession, LiveState
from formcheck.landmarks.landmark_table import read_landmarks

#: Bottoms this close are those of the same repetition.
SAME_REP_S = 0.2
#: The depth gauge is full from here; it is rounded nowhere, but filtered otherwise than a recording.
FULL = 0.999


@dataclass(slots=True)
class Tally:
    """What was compared so far. ``verdicts`` counts (check, recorded, live)."""

    clips: int = 0
    same_count: int = 0
    recorded_reps: int = 0
    live_reps: int = 0
    verdicts: Counter[tuple[str, Verdict, Verdict]] = field(default_factory=Counter)
    cues: Counter[bool] = field(default_factory=Counter)
    gauge: Counter[bool] = field(default_factory=Counter)
    cpu_s: list[float] = field(default_factory=list)


def compare(pose: Pose, tally: Tally) -> None:
    """One recording, both ways."""
    recorded = analyze_poses(pose).reps
    session, states = LiveSession(), []
    for index in range(len(pose)):
        instant, started_s = pose.at(index), time.thread_time()
        states.append(session.update(instant))
        tally.cpu_s.append(time.thread_time() - started_s)
    live = [report for state in states for report in state.finished] + list(session.end())
    tally.clips += 1
    tally.same_count += len(live) == len(recorded)
    tally.recorded_reps += len(recorded)
    tally.live_reps += len(live)
    for report in live:
        same = [r for r in recorded if abs(r.rep.bottom_s - report.rep.bottom_s) < SAME_REP_S]
        if same:
            compare_reps(same[0], report, states, tally)


def compare_reps(recorded: RepReport, live: RepReport, states: list[LiveState], tally: Tally) -> None:
    theirs, ours = by_check(recorded), by_check(live)
    for key in theirs.keys() & ours.keys():
        tally.verdicts[key[0], theirs[key].verdict, ours[key].verdict] += 1
    during = [state for state in states if live.rep.start_s <= state.time_s <= live.rep.end_s]
    faulty = {check for (check, _), finding in theirs.items() if finding.verdict in FAULTY}
    tally.cues.update(
        state.cue.finding.check in faulty for state in during if state.cue and state.cue.since_s == state.time_s
    )
    depths = [state.depth for state in during if state.depth is not None]
    verdict = next(finding.verdict for (check, _), finding in ours.items() if check == "depth")
    if depths and during[0].depth is not None and verdict is not Verdict.UNSEEN:
        tally.gauge[(max(depths) >= FULL) == (verdict is Verdict.PASS)] += 1


def by_check(report: RepReport) -> dict[tuple[str, Side | None], Finding]:
    return {(finding.check, finding.side): finding for finding in report.findings}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="+", type=Path)
    tally = Tally()
    for path in parser.parse_args().tables:
        compare(read_landmarks(path)[0], tally)
    print(f"{tally.clips} clips; the same number of repetitions in {tally.same_count}")
    print(f"repetitions: recorded {tally.recorded_reps}, live {tally.live_reps}\n")
    print(
        "| check | verdicts | the same | judged live, `unseen` recorded | otherwise different |\n|---|---|---|---|---|"
    )
    for check in dict.fromkeys(check for check, _, _ in tally.verdicts):
        pairs = {(a, b): n for (name, a, b), n in tally.verdicts.items() if name == check}
        same = sum(n for (a, b), n in pairs.items() if a is b)
        only_live = sum(n for (a, b), n in pairs.items() if a is Verdict.UNSEEN is not b)
        other = ", ".join(f"{n} {a} → {b}" for (a, b), n in pairs.items() if a is not b and a is not Verdict.UNSEEN)
        print(f"| `{check}` | {sum(pairs.values())} | {same} | {only_live} | {other or '–'} |")
    print(f"\ncues during a repetition: {tally.cues.total()}, in line with the recording {tally.cues[True]}")
    print(f"gauge full where the depth check passes, and only there: {tally.gauge[True]} of {tally.gauge.total()}")
    cpu_ms = 1000 * np.array(tally.cpu_s)
    told = (np.median(cpu_ms), np.mean(cpu_ms), np.percentile(cpu_ms, 95), np.percentile(cpu_ms, 99.9))
    print("processor time a pose: median {:.2f} ms, mean {:.2f}, 95 % {:.2f}, 99.9 % {:.1f}".format(*told))


if __name__ == "__main__":
    main()
