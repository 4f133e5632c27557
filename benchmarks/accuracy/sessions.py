"""The section on front and side together: what a session of two views adds to each of them alone.

Rendered pairs (suite `pairs`) are one movement before two cameras, whose beginning is cut off in the recording from the
side, so that there is an offset to find; UI-PRMD's captures are filmed from both sides, as in its own section.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.accuracy.analysed import SAME_REP_S, AnalysedClip, analyse
from benchmarks.accuracy.clips import CLIPS
from benchmarks.accuracy.rendered_checks import BANDS, Band
from benchmarks.accuracy.statistics import rate
from benchmarks.accuracy.tables import Table
from benchmarks.accuracy.ui_prmd import Seen, areas, of, see_all
from benchmarks.accuracy.ui_prmd_bodies import captures
from formcheck.body.pose import SIDES, Pose
from formcheck.checks.check import FAULTY, Finding, Verdict
from formcheck.checks.joining import join
from formcheck.checks.profiles import load_profile
from formcheck.checks.session_report import SessionReport, Way

#: So much of the beginning of each recording from the side is cut off: the person still stands.
CUT_S = 0.4


@dataclass(frozen=True, slots=True)
class Pair:
    """A movement as either camera saw it, alone and together."""

    front: AnalysedClip
    side: AnalysedClip
    together: SessionReport

    def reports(self) -> dict[str, SessionReport]:
        """What is said of it, by who says it."""
        return {"front": self.front.report, "side": self.side.report, "together": self.together}


def paired(clips: Sequence[AnalysedClip]) -> list[Pair]:
    """The pairs among analysed clips of the suite, by name."""
    by_name = {clip.clip.name: clip for clip in clips}
    found = []
    for name, front in sorted(by_name.items()):
        side = by_name.get(name.replace("_front", "_side"))
        if name.endswith("_front") and side is not None:
            late = analyse(side.clip, without_beginning(side.pose))
            found.append(Pair(front, late, join([front.report, late.report])))
    return found


def without_beginning(pose: Pose) -> Pose:
    """The recording from CUT_S on, its time from 0."""
    rest = pose.at(pose.time_s >= CUT_S)
    return replace(rest, time_s=rest.time_s - rest.time_s[0])


def pair_tables(pairs: Sequence[Pair], who: str) -> list[Table]:
    """What is seen, how right it is, and whether one set is told from two."""
    return [_unseen_table(pairs, who), _verdict_table(pairs, who), _clock_table(pairs, who)]


def _unseen_table(pairs: Sequence[Pair], who: str) -> Table:
    rows = []
    for name in ("front", "side", "together"):
        found = [f for pair in pairs for rep in pair.reports()[name].reps for f in rep.findings]
        faults = [v for pair in pairs for v in pair.reports()[name].summary.verdicts.values()]
        scored = [pair.reports()[name].summary.form_score is not None for pair in pairs]
        rows.append(
            [
                name,
                str(sum(len(pair.reports()[name].reps) for pair in pairs)),
                rate([f.verdict is Verdict.UNSEEN for f in found]).text(),
                rate([verdict is Verdict.UNSEEN for verdict in faults]).text(),
                f"{sum(scored)} of {len(pairs)}",
            ]
        )
    note = "Findings of every check in every repetition, and faults of a session, of which nothing could be said."
    head = ("view", "repetitions", "findings unseen", "faults unseen", "with a score")
    return Table(f"Seen by one view and by two, {who}", note, head, rows)


def _verdict_table(pairs: Sequence[Pair], who: str) -> Table:
    """Found and false alarms by fault, whichever view is asked."""
    rows = []
    for band in dict.fromkeys(replace(band, name=band.name.split(",")[0], plane="") for band in BANDS):
        of_band = [pair for pair in pairs if pair.front.clip.exercise == band.exercise]
        if not of_band:
            continue
        for name in ("front", "side", "together"):
            cases = [case for pair in of_band for case in _cases(band, pair, name)]
            faulty = [verdicts for size, verdicts in cases if size >= band.fault_from]
            clean = [verdicts for size, verdicts in cases if size <= band.clean_to]
            told = [rate([bool(v & FAULTY) for v in group]).text() for group in (faulty, clean)]
            unseen = sum(v <= {Verdict.UNSEEN} for v in (*faulty, *clean))
            rows.append([f"{band.name} ({band.exercise})", name, *told, f"{unseen} of {len(faulty) + len(clean)}"])
    note = "Cases beyond doubt by the truth, as in the tables of single views; what is unseen counts as not told."
    return Table(
        f"Faults found by one view and by two, {who}",
        note,
        ("fault", "view", "found", "false alarms", "unseen"),
        rows,
    )


def _cases(band: Band, pair: Pair, name: str) -> Iterator[tuple[float, frozenset[Verdict]]]:
    report = pair.reports()[name]
    late_s = CUT_S if name == "side" else 0.0
    for rep in pair.front.reps:
        near = [one for one in report.reps if abs(one.rep.bottom_s + late_s - rep.true.bottom_s) <= SAME_REP_S]
        findings = [f for one in near[:1] for f in one.findings if f.check in band.checks]
        for side in _sides(band, rep.true.lead_side, pair):
            size = rep.truth_of(band.measure, side)
            its = frozenset(f.verdict for f in findings if side is None or f.side in {side, None})
            yield abs(size) if band.magnitude else size, its or frozenset({Verdict.UNSEEN})


def _sides(band: Band, lead: str | None, pair: Pair) -> tuple[str | None, ...]:
    """The legs that are cases: the leading one, the one nearer to the camera at the side, else both or none."""
    if not band.each_leg:
        return (None,)
    if lead:
        return (lead,)
    nearer = "left" if pair.side.report.view.yaw_deg > 0 else "right"
    return (nearer,) if band.measure.startswith("anterior") else tuple(SIDES)


def _clock_table(pairs: Sequence[Pair], who: str) -> Table:
    """Whether one set is told from two, and how far off the clock is."""
    clocks = [pair.together.joined.clock for pair in pairs if pair.together.joined]
    off_s = np.array([clock.offset_s + CUT_S for clock in clocks if clock])
    errors_s = np.array([clock.error_s for clock in clocks if clock])
    same = [_way(pair.together) is Way.SAME_SET for pair in pairs]
    others = [
        _way(join([one.front.report, other.side.report])) is Way.IN_TURN
        for one in pairs
        for other in pairs
        if one is not other and one.front.clip.exercise == other.front.clip.exercise
    ]
    rows = [
        ["one set, taken for one", rate(same).text()],
        ["two sets of one exercise, taken for two", rate(others).text()],
        [
            "offset found less the true one, s",
            f"{off_s.mean():+.3f} ± {off_s.std():.3f}, at most {abs(off_s).max():.3f}",
        ],
        ["its stated standard error, s", f"{errors_s.min():.3f} to {errors_s.max():.3f}"],
        ["of the offsets, within 2 standard errors", rate((abs(off_s) <= 2 * errors_s).tolist()).text()],
    ]
    note = "Recordings from the side begin 0.4 s later; two sets are the front of one pair and the side of another."
    return Table(f"One clock, {who}", note, ("what", "measured"), rows)


def _way(report: SessionReport) -> Way | None:
    return report.joined and report.joined.way


def ui_prmd_table() -> Table:
    """The score of either view, of their mean and of both as one session; correct against non-optimal."""
    found = captures()
    if not found:
        return Table("UI-PRMD as sessions", "The data are not on this machine.", ("exercise",), [])
    seen = [*see_all(found, load_profile("standard"))]
    rows = []
    for exercise in ("squat", "lunge"):
        for noise in (False, True):
            front, side = (of(seen, exercise, view, noise=noise) for view in ("front", "side"))
            scores = {"front": _scores(front), "side": _scores(side)}
            scores["mean of both scores"] = (scores["front"] + scores["side"]) / 2
            both = [_one_session(*views) for views in zip(front, side, strict=True)]
            scores["one session"] = -np.array(
                [100.0 if one is None else one.summary.form_score or 100.0 for one in both]
            )
            same = [one is not None and _way(one) is Way.SAME_SET for one in both]
            for view, score in scores.items():
                told = rate(same).text() if view == "one session" else ""
                rows.append([exercise, "yes" if noise else "no", view, *areas(score, front), told])
    note = (
        "As shipped, in the manner of the section on UI-PRMD. *One set*: how many pairs the movement tells to be one."
    )
    return Table(
        "UI-PRMD as sessions",
        note,
        ("exercise", "noise", "view", "AUC of the form score", "within subjects", "one set"),
        rows,
    )


def _scores(seen: Sequence[Seen]) -> np.ndarray:  # type: ignore[type-arg]
    return -np.array([one.score for one in seen])


def _one_session(front: Seen, side: Seen) -> SessionReport | None:
    """Both views of a capture as one session; the one that has the exercise alone where the other has not."""
    known = [one.report for one in (front, side) if one.is_recognised]
    return join(known) if len(known) == 2 else known[0] if known else None


def real_table() -> Table:
    """The real pairs: sets of one person from front and side, filmed one after the other."""
    rows = []
    for path in sorted((CLIPS / "landmarks").glob("pair_*_front.parquet")):
        from formcheck.analysis import Settings, analyze
        from formcheck.session import session_of

        paths = (path, path.with_name(path.name.replace("front", "side")))
        alone = [analyze(one, settings=Settings()) for one in paths]
        session = session_of(alone, settings=Settings())
        for name, report in (*zip(("front", "side"), (a.report for a in alone), strict=True), ("both", session.report)):
            rows.append([path.stem.removesuffix("_front"), name, *_told(report)])
    note = (
        "Two sessions of real people (the sets are filmed one after the other). A trainer says of the first that the "
    )
    note += "knees are unstable and the trunk falls forward, of the second that all is well."
    head = ("session", "view", "findings unseen", "told of", "too close to call", "score")
    return Table("Real pairs", note, head, rows)


def _told(report: SessionReport) -> list[str]:
    findings: list[Finding] = [f for rep in report.reps for f in rep.findings]

    def faults(is_wanted: Callable[[Verdict], bool]) -> str:
        return ", ".join(name for name, verdict in report.summary.verdicts.items() if is_wanted(verdict)) or "–"

    score = report.summary.form_score
    return [
        rate([f.verdict is Verdict.UNSEEN for f in findings]).text(),
        faults(lambda verdict: verdict in FAULTY),
        faults(lambda verdict: verdict is Verdict.UNSURE),
        "–" if score is None else f"{score:.0f}",
    ]


def tables(clips: Sequence[AnalysedClip]) -> list[Table]:
    """Every table; ``clips`` are those of the suite `pairs`."""
    pairs = paired(clips)
    found = []
    for who, wanted in (("reported bodies", False), ("development bodies", True)):
        its = [pair for pair in pairs if pair.front.clip.is_development is wanted]
        found += pair_tables(its, who) if its else []
    return [*found, ui_prmd_table(), *([real_table()] if (CLIPS / "truth.json").is_file() else [])]
