"""Every clip of known truth through formcheck: repetitions, verdicts, and the knee against the line of its foot.

    python benchmarks/reference_clips.py [--cache DIR] [--model full] [--only TEXT] > table.md

Prints Markdown. Pose estimation takes minutes; ``--cache`` keeps the landmarks, so that a second run takes seconds.
Clips of ``shared`` are left out where that folder is absent.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reference_truth import Clip, TrueRep, clips

from formcheck.checks import Finding, Verdict
from formcheck.io.estimator import MediaPipeEstimator
from formcheck.io.models import Model, resolve_model
from formcheck.io.sources import VideoFile
from formcheck.io.tables import read_landmarks, rounded, write_landmarks
from formcheck.pose import Pose
from formcheck.report import RepReport, SessionReport
from formcheck.session import analyze_poses

#: Found and true bottom this close are the same repetition.
SAME_REP_S = 0.5
#: By exercise: from the first on a knee must be warned about, up to the second it must not; shank lengths.
VALGUS_TARGETS = {"squat": (0.13, 0.05), "lunge": (0.065, 0.03)}
_FAULTY = {Verdict.WARN, Verdict.FAIL}
_LETTER = {Verdict.PASS: "·", Verdict.WARN: "w", Verdict.FAIL: "F", Verdict.UNSEEN: "?"}


@dataclass(frozen=True, slots=True)
class Analysed:
    """A clip with what formcheck says about it."""

    clip: Clip
    report: SessionReport

    def pairs(self) -> Iterator[tuple[TrueRep, RepReport | None]]:
        """Every true repetition with the one that was found at its time."""
        for true in self.clip.reps:
            near = [rep for rep in self.report.reps if abs(rep.rep.bottom_s - true.bottom_s) <= SAME_REP_S]
            yield true, min(near, key=lambda rep: abs(rep.rep.bottom_s - true.bottom_s), default=None)


def landmarks(clip: Clip, model: Model, cache: Path) -> Pose:
    """The clip's poses, from the cache where they are there for these bytes of the model."""
    path = cache / f"{clip.kind}_{clip.path.stem}_{clip.path.stat().st_size}_{model.sha256[:8]}.parquet"
    if path.is_file():
        return read_landmarks(path)[0]
    print(f"landmarks of {clip.path.name}", file=sys.stderr)
    with MediaPipeEstimator(model) as estimator, VideoFile(clip.path) as source:
        pose = rounded(Pose.stack([estimator.estimate(frame) for frame in source]))
    write_landmarks(path, pose, model_name=model.name, model_sha256=model.sha256)
    return pose


def repetition_rows(analysed: list[Analysed]) -> Iterator[list[str]]:
    yield [
        "clip",
        "kind",
        "plane",
        "yaw °",
        "exercise",
        "reps found / true",
        "bottom − truth, s",
        "lead",
        "score",
        "ok",
    ]
    for item in analysed:
        clip, report = item.clip, item.report
        pairs = list(item.pairs())
        offsets = [found.rep.bottom_s - true.bottom_s for true, found in pairs if found]
        leads_ok = all(found is None or found.rep.lead_side == true.lead_side for true, found in pairs)
        ok = len(report.reps) == clip.rep_count and leads_ok and clip.exercise in {None, report.exercise}
        score = report.summary.form_score
        yield [
            clip.path.stem,
            clip.kind,
            str(report.view.plane),
            f"{report.view.yaw_deg:+.0f}",
            report.exercise,
            f"{len(report.reps)} / {clip.rep_count}",
            " ".join(f"{offset:+.3f}" for offset in offsets),
            "".join((rep.rep.lead_side or "-")[0] for rep in report.reps),
            "–" if score is None else f"{score:.0f}",
            "yes" if ok else "**no**",
        ]


def verdict_rows(analysed: list[Analysed]) -> Iterator[list[str]]:
    yield ["clip", "check", "side", "verdict of each rep", "value of each rep", "unit", "warn", "fail"]
    for item in analysed:
        rows: dict[tuple[str, str], list[Finding]] = {}
        for rep in item.report.reps:
            for finding in rep.findings:
                rows.setdefault((finding.check, finding.side or ""), []).append(finding)
        for (check, side), findings in rows.items():
            if all(finding.verdict is Verdict.UNSEEN for finding in findings):
                continue
            yield [
                item.clip.path.stem,
                check,
                side,
                "".join(_LETTER[finding.verdict] for finding in findings),
                " ".join("–" if finding.value is None else f"{finding.value:.3g}" for finding in findings),
                findings[0].unit,
                str(findings[0].limit_warn),
                str(findings[0].limit_fail),
            ]


def unseen_rows(analysed: list[Analysed]) -> Iterator[list[str]]:
    yield ["clip", "reason", "checks"]
    for item in analysed:
        reasons: dict[str, set[str]] = {}
        for rep in item.report.reps:
            for finding in rep.findings:
                if finding.verdict is Verdict.UNSEEN:
                    reasons.setdefault(finding.reason or "", set()).add(finding.check)
        for reason, checks in reasons.items():
            yield [item.clip.path.stem, reason, ", ".join(sorted(checks))]


def valgus_rows(analysed: list[Analysed]) -> Iterator[list[str]]:
    """Front views only: the true displacement of each judged knee against its finding."""
    yield ["clip", "rep", "leg", "true", "reads", "verdict", "wanted", "ok"]
    for item in analysed:
        if item.clip.view != "front" or item.clip.exercise is None:
            continue
        must, must_not = VALGUS_TARGETS[item.clip.exercise]
        for number, (true, found) in enumerate(item.pairs(), 1):
            for side in [true.lead_side] if true.lead_side else ["left", "right"]:
                truth = true.medial[side]
                wanted = "warned" if truth >= must else "not warned" if truth <= must_not else "either"
                finding = _finding(found, "knee_valgus", side)
                verdict = "no such rep" if finding is None else str(finding.verdict)
                reads = "–" if finding is None or finding.value is None else f"{finding.value:+.3f}"
                met = (
                    wanted == "either"
                    or {"warn": "warned", "fail": "warned", "pass": "not warned"}.get(verdict) == wanted
                )
                yield [item.clip.path.stem, str(number), side, f"{truth:+.3f}", reads, verdict, wanted, _yes(met)]


def label_rows(analysed: list[Analysed]) -> Iterator[list[str]]:
    """Where labels and verdicts differ: a fault that is not warned about, or a warning without a fault."""
    yield ["clip", "rep", "fault", "side", "label", "verdict", "value", "warn from", "reason"]
    for item in analysed:
        for number, (true, found) in enumerate(item.pairs(), 1):
            if true.labels is None or true.borderline is None:
                continue
            for fault, side in sorted(true.labels, key=str):
                if not any(f.fault == fault and _same_side(f, side) and f.verdict in _FAULTY for f in _all(found)):
                    for finding in (f for f in _all(found) if f.fault == fault and _same_side(f, side)):
                        yield _difference(item, number, "fault", finding)
            excused = {fault for fault, _ in true.labels if fault == "asymmetry"} | true.borderline
            for finding in _all(found):
                labelled = any(finding.fault == fault and _same_side(finding, side) for fault, side in true.labels)
                if finding.verdict in _FAULTY and not labelled and finding.fault not in excused:
                    yield _difference(item, number, "clean", finding)


def _difference(item: Analysed, number: int, label: str, finding: Finding) -> list[str]:
    return [
        item.clip.path.stem,
        str(number),
        f"{finding.fault} ({finding.check})",
        finding.side or "",
        label,
        str(finding.verdict),
        "–" if finding.value is None else f"{finding.value:.3f}",
        str(finding.limit_warn),
        finding.reason or "",
    ]


def _all(rep: RepReport | None) -> tuple[Finding, ...]:
    return rep.findings if rep else ()


def _same_side(finding: Finding, side: str | None) -> bool:
    return side is None or finding.side in {None, side}


def _finding(rep: RepReport | None, check: str, side: str) -> Finding | None:
    return next((f for f in _all(rep) if f.check == check and f.side == side), None)


def _yes(met: bool) -> str:
    return "yes" if met else "**no**"


def _print_table(title: str, rows: Iterator[list[str]]) -> None:
    head, *body = rows
    print(f"\n## {title}\n")
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in body:
        print("| " + " | ".join(row) + " |")
    if not body:
        print("\nnone")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, help="folder that keeps landmarks (default: a temporary one)")
    parser.add_argument("--model", default="full", help="lite, full, heavy or the path of a .task file")
    parser.add_argument("--only", default="", help="clips whose name contains this")
    options = parser.parse_args()
    model = resolve_model(options.model)
    with tempfile.TemporaryDirectory() as temporary:
        cache = options.cache or Path(temporary)
        cache.mkdir(parents=True, exist_ok=True)
        analysed = [
            Analysed(clip, analyze_poses(landmarks(clip, model, cache)))
            for clip in clips()
            if options.only in clip.path.stem
        ]
    print(f"# Reference clips, model {model.name}")
    _print_table("Repetitions", repetition_rows(analysed))
    _print_table("Knee valgus against the joints in space (front views, shank lengths)", valgus_rows(analysed))
    _print_table("Labels and verdicts that differ (sample clips)", label_rows(analysed))
    _print_table("Verdicts (· pass, w warn, F fail, ? unseen)", verdict_rows(analysed))
    _print_table("Not judged", unseen_rows(analysed))


if __name__ == "__main__":
    main()
