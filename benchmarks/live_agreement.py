"""Does the live check say what the analysis of the recording says?

    python benchmarks/live_agreement.py LANDMARKS.parquet...

Takes landmark tables, as `formcheck analyze` writes them, gives their poses to a `LiveSession` one by one and compares
repetitions and verdicts with `analyze_poses` of the same table. Also told: of the cues that came during a repetition,
how many the recording's verdicts bear out (`warn`, `fail`), leave open (`unsure`, `unseen`) or deny (`pass`, or no such
repetition), and the processor time of one pose.
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
#: What the recording says to a cue.
BORNE_OUT, LEFT_OPEN, DENIED = "borne out", "left open", "denied"


@dataclass(slots=True)
class Tally:
    """What was compared so far. ``verdicts`` counts (check, recorded, live)."""

    clips: int = 0
    same_count: int = 0
    recorded_reps: int = 0
    live_reps: int = 0
    verdicts: Counter[tuple[str, Verdict, Verdict]] = field(default_factory=Counter)
    cues: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)
    gauge: Counter[bool] = field(default_factory=Counter)
    cpu_s: list[float] = field(default_factory=list)


def compare(name: str, pose: Pose, tally: Tally) -> None:
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
    if len(live) != len(recorded):
        tally.differences.append(f"{name}: {len(recorded)} repetitions recorded, {len(live)} live")
    for report in live:
        during = [state for state in states if report.rep.start_s <= state.time_s <= report.rep.end_s]
        same = [r for r in recorded if abs(r.rep.bottom_s - report.rep.bottom_s) < SAME_REP_S]
        compare_cues(name, same[0] if same else None, during, tally)
        if same:
            compare_reps(same[0], report, during, tally)


def compare_cues(name: str, recorded: RepReport | None, during: list[LiveState], tally: Tally) -> None:
    """Every cue that began during a live repetition against the verdicts of the recorded one, None if there is none."""
    for state in during:
        if state.cue is None or state.cue.since_s != state.time_s:
            continue
        check = state.cue.finding.check
        said = {f.verdict for f in recorded.findings if f.check == check} if recorded else set()
        answer = BORNE_OUT if said & FAULTY else LEFT_OPEN if said & {Verdict.UNSURE, Verdict.UNSEEN} else DENIED
        tally.cues[answer] += 1
        if answer == DENIED:
            tally.differences.append(f"{name}: the cue on {check} at {state.time_s:.1f} s is denied")


def compare_reps(recorded: RepReport, live: RepReport, during: list[LiveState], tally: Tally) -> None:
    """The verdicts of one repetition both ways, and the depth gauge while it was live."""
    theirs, ours = by_check(recorded), by_check(live)
    for key in theirs.keys() & ours.keys():
        tally.verdicts[key[0], theirs[key].verdict, ours[key].verdict] += 1
    depths = [state.depth for state in during if state.depth is not None]
    judged = (finding.verdict for (check, _), finding in ours.items() if check == "depth")
    verdict = next(judged, Verdict.UNSEEN)  # not every exercise asks for depth
    if depths and during[0].depth is not None and verdict is not Verdict.UNSEEN:
        tally.gauge[(max(depths) >= FULL) == (verdict is Verdict.PASS)] += 1


def by_check(report: RepReport) -> dict[tuple[str, Side | None], Finding]:
    return {(finding.check, finding.side): finding for finding in report.findings}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="+", type=Path)
    tally = Tally()
    for path in parser.parse_args().tables:
        compare(path.stem, read_landmarks(path)[0], tally)
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
    answers = ", ".join(f"{answer} {tally.cues[answer]}" for answer in (BORNE_OUT, LEFT_OPEN, DENIED))
    print(f"\ncues during a repetition: {tally.cues.total()}; by the recording {answers}")
    print("\n".join(tally.differences))
    print(f"gauge full where the depth check passes, and only there: {tally.gauge[True]} of {tally.gauge.total()}")
    cpu_ms = 1000 * np.array(tally.cpu_s)
    told = (np.median(cpu_ms), np.mean(cpu_ms), np.percentile(cpu_ms, 95), np.percentile(cpu_ms, 99.9))
    print("processor time a pose: median {:.2f} ms, mean {:.2f}, 95 % {:.2f}, 99.9 % {:.1f}".format(*told))


if __name__ == "__main__":
    main()
