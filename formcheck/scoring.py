"""From findings to a summary: the verdict on each fault, a score that can be explained, and the cues that matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from formcheck.checks import Finding, Verdict, worst
from formcheck.report import RepReport, Summary

#: Points taken off a repetition for each fault; weights chosen by us, so that two failed faults halve it.
POINTS_OFF = {Verdict.FAIL: 25.0, Verdict.WARN: 10.0}
MAX_CUES = 3


def summarise(reps: Sequence[RepReport], faults: Sequence[str]) -> Summary:
    """The summary of a session over all of ``faults``, in that order."""
    verdicts = {fault: worst([f.verdict for rep in reps for f in rep.findings if f.fault == fault]) for fault in faults}
    scores = [score for rep in reps if (score := rep_score(rep.findings)) is not None]
    return Summary(
        rep_count=len(reps),
        verdicts=verdicts,
        form_score=sum(scores) / len(scores) if scores else None,
        form_score_explanation=_explanation(len(scores), verdicts),
        cues=_cues(reps),
    )


def rep_score(findings: Sequence[Finding]) -> float | None:
    """100 less the points of each fault's worst verdict, not below 0; None where every finding is unseen."""
    by_fault = [worst([f.verdict for f in findings if f.fault == fault]) for fault in {f.fault for f in findings}]
    if all(verdict is Verdict.UNSEEN for verdict in by_fault):
        return None
    return max(0.0, 100.0 - sum(POINTS_OFF.get(verdict, 0.0) for verdict in by_fault))


def _explanation(judged: int, verdicts: dict[str, Verdict]) -> str:
    if not judged:
        return "no repetition could be judged"
    unseen = [fault for fault, verdict in verdicts.items() if verdict is Verdict.UNSEEN]
    taken = f"100 per repetition, less {POINTS_OFF[Verdict.WARN]:.0f} for each fault warned about and "
    taken += f"{POINTS_OFF[Verdict.FAIL]:.0f} for each failed, averaged over {judged} repetition{'s' * (judged != 1)}"
    return taken + (f"; not judged: {', '.join(unseen)}" if unseen else "")


def _cues(reps: Sequence[RepReport]) -> tuple[str, ...]:
    weight: Counter[str] = Counter()
    for rep in reps:
        for finding in rep.findings:
            weight[finding.cue] += int(POINTS_OFF.get(finding.verdict, 0.0))
    return tuple(cue for cue, points in weight.most_common(MAX_CUES) if points)
