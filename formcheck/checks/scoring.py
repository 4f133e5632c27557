"""From findings to a summary: the verdict on each fault, a score that can be explained, and the cues that matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from formcheck.checks.check import FAULTY, Finding, Verdict, worst_verdict
from formcheck.checks.session_report import Deduction, RepReport, Summary

#: Points that a fault takes off a repetition, by where its value lies: at the limit for warning, at the limit for
#: failing, and twice as far and beyond. Weights chosen by us, so that two plain faults halve the score.
POINTS_AT_WARN, POINTS_AT_FAIL, POINTS_AT_MOST = 10.0, 25.0, 40.0
MAX_CUES = 3


def summarise(reps: Sequence[RepReport], faults: Sequence[str]) -> Summary:
    """The summary of a session over all of ``faults``, in that order."""
    verdicts = {
        fault: worst_verdict([f.verdict for rep in reps for f in rep.findings if f.fault == fault]) for fault in faults
    }
    scores = [score for rep in reps if (score := rep_score(rep.findings)) is not None]
    deductions = _deductions(reps, faults, len(scores))
    return Summary(
        rep_count=len(reps),
        verdicts=verdicts,
        form_score=sum(scores) / len(scores) if scores else None,
        form_score_explanation=_explanation(len(scores), verdicts, deductions),
        deductions=deductions,
        cues=_cues(reps),
    )


def rep_score(findings: Sequence[Finding]) -> float | None:
    """100 less the points of each fault's worst_verdict finding, not below 0; None where every finding is unseen."""
    if all(finding.verdict is Verdict.UNSEEN for finding in findings):
        return None
    return max(0.0, 100.0 - sum(_fault_points(findings).values()))


def points_off(finding: Finding) -> float:
    """Points that a finding takes off its repetition: 0 where it passes, is unseen or information only.

    In proportion between the limits. Where only the uncertainty of the value makes it a warning, less than
    POINTS_AT_WARN: 0 where the warnings begin.
    """
    if finding.verdict not in FAULTY or finding.excess is None:
        return 0.0
    begins = -_uncertainty_in_excess(finding)
    places, points = [0.0, 1.0, 2.0], [POINTS_AT_WARN, POINTS_AT_FAIL, POINTS_AT_MOST]
    if begins < 0:
        places, points = [begins, *places], [0.0, *points]
    return float(np.interp(finding.excess, places, points))


def _uncertainty_in_excess(finding: Finding) -> float:
    """The uncertainty, where the distance between the limits is 1."""
    if finding.uncertainty is None or finding.limit_warn is None or finding.limit_fail is None:
        return 0.0
    between = abs(finding.limit_fail - finding.limit_warn)
    return finding.uncertainty / between if between else 0.0


def _fault_points(findings: Sequence[Finding]) -> dict[str, float]:
    """The points of each fault's worst_verdict finding."""
    points: dict[str, float] = {}
    for finding in findings:
        points[finding.fault] = max(points.get(finding.fault, 0.0), points_off(finding))
    return points


def _taken_off(findings: Sequence[Finding]) -> dict[str, float]:
    """What each fault took off: its points, in proportion less where all come to more than the 100 there are."""
    points = _fault_points(findings)
    share = 100.0 / max(100.0, sum(points.values()))
    return {fault: share * cost for fault, cost in points.items()}


def _deductions(reps: Sequence[RepReport], faults: Sequence[str], judged: int) -> tuple[Deduction, ...]:
    """What each fault took off, the mean over the judged repetitions, largest first; faults that cost nothing are left
    out.
    """
    found, taken_off = [], {rep.rep.number: _taken_off(rep.findings) for rep in reps}
    for fault in faults:
        points = {number: taken.get(fault, 0.0) for number, taken in taken_off.items()}
        costly = tuple(number for number, cost in points.items() if cost > 0)
        if costly:
            found.append(Deduction(fault, sum(points.values()) / judged, costly))
    return tuple(sorted(found, key=lambda deduction: -deduction.points))


def _explanation(judged: int, verdicts: dict[str, Verdict], deductions: Sequence[Deduction]) -> str:
    if not judged:
        return "no repetition could be judged"
    text = f"100, mean of {judged} repetition{'s' * (judged != 1)}"
    for deduction in deductions:
        which = f"repetition{'s' * (len(deduction.reps) != 1)} {', '.join(map(str, deduction.reps))}"
        text += f"; less {max(deduction.points, 0.1):.1f} for {deduction.fault.replace('_', ' ')} ({which})"
    if not deductions:
        text += "; nothing taken off"
    unseen = [fault.replace("_", " ") for fault, verdict in verdicts.items() if verdict is Verdict.UNSEEN]
    return text + (f"; not judged: {', '.join(unseen)}" if unseen else "")


def _cues(reps: Sequence[RepReport]) -> tuple[str, ...]:
    weight: Counter[str] = Counter()
    for rep in reps:
        for finding in rep.findings:
            if finding.verdict in FAULTY:
                weight[finding.cue] += 1 + round(points_off(finding))
    return tuple(cue for cue, _ in weight.most_common(MAX_CUES))
