"""From findings to a summary: the verdict on each fault, a score that can be explained, and the cues that matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from formcheck.checks.check import FAULTY, Finding, Verdict, worst_verdict
from formcheck.checks.session_report import Deduction, RepReport, Summary

#: A repetition of which fewer faults were judged has no score: one check alone does not tell good form.
MIN_FAULTS = 2
#: A session of which a smaller share of the repetitions has a score has none.
MIN_REPS_SHARE = 0.5
MAX_CUES = 3


def summarise(reps: Sequence[RepReport], faults: Sequence[str]) -> Summary:
    """The summary of a session over all of ``faults``, in that order."""
    verdicts = fault_verdicts(reps, faults)
    scored = [(rep, score) for rep in reps if (score := rep_score(rep.findings)) is not None]
    if len(scored) < MIN_REPS_SHARE * len(reps):
        scored = []
    scores = [score for _, score in scored]
    deductions = _deductions([rep for rep, _ in scored], faults)
    return Summary(
        rep_count=len(reps),
        verdicts=verdicts,
        form_score=sum(scores) / len(scores) if scores else None,
        form_score_explanation=_explanation(len(scores), len(reps), verdicts, deductions),
        deductions=deductions,
        cues=_cues(reps),
    )


def summarise_apart(reps: Sequence[RepReport], faults: Sequence[str]) -> Summary:
    """The summary of a session whose repetitions were filmed from one side after the other: what a fault takes off is
    the mean over the repetitions that it was judged in, since no repetition shows all.
    """
    verdicts, deductions, judged = fault_verdicts(reps, faults), list[Deduction](), 0
    for fault in faults:
        points = {rep.rep.number: _fault_points(rep.findings)[fault] for rep in reps if _judges(rep, fault)}
        asked = sum(any(f.fault == fault for f in rep.findings) for rep in reps)
        if not points or len(points) < MIN_REPS_SHARE * asked:
            continue
        judged += 1
        costly = tuple(number for number, cost in points.items() if cost > 0)
        deductions += [Deduction(fault, sum(points.values()) / len(points), costly)] if costly else []
    share = 100.0 / max(100.0, sum(one.points for one in deductions))
    taken = tuple(sorted((replace(one, points=share * one.points) for one in deductions), key=lambda one: -one.points))
    has_score = judged >= MIN_FAULTS
    return Summary(
        rep_count=len(reps),
        verdicts=verdicts,
        form_score=100.0 - sum(one.points for one in taken) if has_score else None,
        form_score_explanation=_explanation(len(reps) if has_score else 0, len(reps), verdicts, taken),
        deductions=taken if has_score else (),
        cues=_cues(reps),
    )


def _judges(rep: RepReport, fault: str) -> bool:
    return any(f.fault == fault and f.value is not None and f.limit_warn is not None for f in rep.findings)


def fault_verdicts(reps: Sequence[RepReport], faults: Sequence[str]) -> dict[str, Verdict]:
    """The worst verdict on each fault."""
    return {
        fault: worst_verdict([f.verdict for rep in reps for f in rep.findings if f.fault == fault]) for fault in faults
    }


def rep_score(findings: Sequence[Finding]) -> float | None:
    """100 less the points of each fault's costliest finding, not below 0; None where too little was judged."""
    if len({f.fault for f in findings if f.value is not None and f.limit_warn is not None}) < MIN_FAULTS:
        return None
    return max(0.0, 100.0 - sum(_fault_points(findings).values()))


def _fault_points(findings: Sequence[Finding]) -> dict[str, float]:
    """The points of each fault's costliest finding."""
    points: dict[str, float] = {}
    for finding in findings:
        points[finding.fault] = max(points.get(finding.fault, 0.0), finding.points)
    return points


def _taken_off(findings: Sequence[Finding]) -> dict[str, float]:
    """What each fault took off: its points, in proportion less where all come to more than the 100 there are."""
    points = _fault_points(findings)
    share = 100.0 / max(100.0, sum(points.values()))
    return {fault: share * cost for fault, cost in points.items()}


def _deductions(reps: Sequence[RepReport], faults: Sequence[str]) -> tuple[Deduction, ...]:
    """What each fault took off, the mean over the repetitions (each has a score), largest first; faults that cost
    nothing are left out.
    """
    found, taken_off = [], {rep.rep.number: _taken_off(rep.findings) for rep in reps}
    for fault in faults:
        points = {number: taken.get(fault, 0.0) for number, taken in taken_off.items()}
        costly = tuple(number for number, cost in points.items() if cost > 0)
        if costly:
            found.append(Deduction(fault, sum(points.values()) / len(reps), costly))
    return tuple(sorted(found, key=lambda deduction: -deduction.points))


def _explanation(judged: int, reps: int, verdicts: dict[str, Verdict], deductions: Sequence[Deduction]) -> str:
    if not judged:
        return (
            "not enough seen" if any(v is not Verdict.UNSEEN for v in verdicts.values()) else "nothing could be judged"
        )
    text = f"100, mean of {judged} repetition{'s' * (judged != 1)}" + (f" of {reps}" if judged < reps else "")
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
                weight[finding.cue] += 1 + round(finding.points)
    return tuple(cue for cue, _ in weight.most_common(MAX_CUES))
