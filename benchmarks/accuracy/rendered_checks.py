"""Rendered clips: how often each check finds a fault that is there, and one that is not; rivals on the same clips."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TypeVar

import numpy as np

from benchmarks.accuracy.analysed import AnalysedClip, AnalysedRep
from benchmarks.accuracy.rivals import RIVALS, Rival
from benchmarks.accuracy.statistics import Rate, rate, smallest_found
from benchmarks.accuracy.tables import Table
from formcheck.body.pose import SIDES
from formcheck.body.view import Plane
from formcheck.checks.accuracy import CheckAccuracy
from formcheck.checks.check import FAULTY, Verdict
from formcheck.checks.exercises import EXERCISES


@dataclass(frozen=True, slots=True)
class Band:
    """When a fault is there beyond doubt and when it is not, by the true value at the bottom.

    ``checks`` are those that may find it, in ``plane``; ``magnitude`` judges values of either sign. ``each_leg`` makes
    a case of every leg that is judged, otherwise of every repetition.
    """

    name: str
    exercise: str
    plane: str
    checks: tuple[str, ...]
    measure: str
    fault_from: float
    clean_to: float
    each_leg: bool = False
    magnitude: bool = False
    fault: str = ""


BANDS = (
    Band("knees in", "squat", "front", ("knee_valgus",), "medial_knee_displacement_ratio", 0.13, 0.05, True,
         fault="knee_valgus"),
    Band("front knee in", "lunge", "front", ("knee_valgus",), "medial_knee_displacement_ratio", 0.065, 0.03, True,
         fault="knee_valgus"),
    Band("knees past the toes", "squat", "side", ("knee_past_toes",), "anterior_knee_displacement_ratio", 0.15, 0.02,
         True, fault="knee_past_toes"),
    Band("front knee past the toes", "lunge", "side", ("knee_past_toes",), "anterior_knee_displacement_ratio", 0.15,
         0.0, True, fault="knee_past_toes"),
    Band("pelvis tilted", "squat", "front", ("pelvic_tilt",), "pelvic_obliquity_deg", 5.0, 1.0, magnitude=True,
         fault="asymmetry"),
    Band("pelvis shifted", "squat", "front", ("pelvic_shift", "body_shift"), "lateral_pelvic_shift_ratio", 0.05, 0.02,
         magnitude=True, fault="asymmetry"),
    Band("shallow, front", "squat", "front", ("depth",), "thigh_inclination_deg", 20.0, 8.0, fault="depth"),
    Band("shallow, side", "squat", "side", ("depth",), "thigh_inclination_deg", 20.0, 8.0, fault="depth"),
    Band("shallow, oblique", "squat", "oblique", ("depth",), "thigh_inclination_deg", 20.0, 8.0, fault="depth"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """One leg, or one repetition, with its true size and what was said of it."""

    size: float
    verdicts: frozenset[Verdict]

    @property
    def is_warned(self) -> bool:
        """Whether one of the checks warned or failed."""
        return bool(self.verdicts & FAULTY)

    @property
    def is_unseen(self) -> bool:
        """Whether no check could judge."""
        return self.verdicts <= {Verdict.UNSEEN}

    @property
    def is_close(self) -> bool:
        """Whether it was too close to call."""
        return Verdict.UNSURE in self.verdicts and not self.is_warned


@dataclass(frozen=True, slots=True)
class RenderedCase(Case):
    """The same with the repetition and the leg it is of, None for the whole body."""

    rep: AnalysedRep
    side: str | None


_C = TypeVar("_C", bound=Case)


def cases_of(band: Band, clips: Sequence[AnalysedClip]) -> list[RenderedCase]:
    """Every case that the band speaks of, in views in which it can be judged."""
    return [case for clip in clips for rep in clip.reps for case in _cases(band, rep)]


def _cases(band: Band, rep: AnalysedRep) -> Iterator[RenderedCase]:
    if rep.clip.exercise != band.exercise or rep.true_plane != band.plane:
        return
    sides: tuple[str | None, ...] = (None,)
    if band.each_leg:
        near = "left" if rep.true_at_bottom["body_yaw_deg"] > 0 else "right"
        sides = (rep.true.lead_side,) if rep.true.lead_side else tuple(SIDES) if band.plane == "front" else (near,)
    for side in sides:
        size = rep.truth_of(band.measure, side)
        found = [f for check in band.checks for f in rep.findings(check) if side is None or f.side == side]
        yield RenderedCase(abs(size) if band.magnitude else size, frozenset(f.verdict for f in found), rep, side)


def check_table(clips: Sequence[AnalysedClip], who: str) -> Table:
    """Sensitivity, false alarms and the smallest fault found, by band; and subtle valgus besides."""
    table = cases_table({band: cases_of(band, clips) for band in BANDS}, who)
    return replace(table, rows=[*table.rows, _subtle_row(clips)])


def cases_table(cases_by_band: Mapping[Band, Sequence[Case]], who: str) -> Table:
    """Sensitivity, false alarms and the smallest fault found, by band."""
    rows = []
    for band, cases in cases_by_band.items():
        faulty, clean = _split(band, cases)
        smallest = _smallest(cases)
        rows.append(
            [
                f"{band.name} ({band.exercise}, {band.plane})",
                f"≥ {band.fault_from:g}",
                rate([c.is_warned for c in faulty]).text(),
                str(sum(c.is_close for c in faulty)),
                f"≤ {band.clean_to:g}",
                rate([c.is_warned for c in clean]).text(),
                str(sum(c.is_close for c in clean)),
                "–" if np.isnan(smallest) else f"{smallest:.3g}",
                str(sum(c.is_unseen for c in [*faulty, *clean])),
            ]
        )
    return Table(
        f"Faults found, {who}",
        "Found and false alarms: warned or failed, with the 95 % interval; what is unseen or too close to call counts "
        "as not warned. Units as in the check. *Smallest*: from this size on, nine in ten are found.",
        ("fault", "is there", "found", "too close", "is not there", "false alarms", "too close", "smallest", "unseen"),
        rows,
    )


def facts_toml(cases_by_band: Mapping[Band, Sequence[Case]], earlier: Sequence[CheckAccuracy] = ()) -> str:
    """The text of ``formcheck/checks/accuracy.toml``: the same counts for the program to tell.

    A band in which nobody has the fault keeps its row of ``earlier`` facts, marked as such; exercises of no band keep
    theirs as they are.
    """
    units = {(name, check.name): check.unit for name, of in EXERCISES.items() for check in of.checks}
    facts = []
    for band, cases in cases_by_band.items():
        faulty, clean = _split(band, cases)
        smallest = _smallest(cases)
        fact = CheckAccuracy(
            exercise=band.exercise,
            checks=band.checks,
            plane=Plane(band.plane),
            unit=units[band.exercise, band.checks[0]],
            fault_from=band.fault_from,
            found=sum(c.is_warned for c in faulty),
            faulty=len(faulty),
            clean_to=band.clean_to,
            alarms=sum(c.is_warned for c in clean),
            clean=len(clean),
            smallest=None if np.isnan(smallest) else float(f"{smallest:.3g}"),
            close=sum(c.is_close for c in faulty),
        )
        kept = [e for e in earlier if (e.exercise, e.checks, e.plane) == (fact.exercise, fact.checks, fact.plane)]
        facts += [fact] if faulty else [replace(one, is_earlier=True) for one in kept]
    facts += [one for one in earlier if one.exercise not in {band.exercise for band in cases_by_band}]
    ranks = [*EXERCISES]
    facts.sort(key=lambda fact: ranks.index(fact.exercise))
    head = "# Written by `python -m benchmarks.accuracy rendered`, `stored` or `one-leg`; do not edit by hand.\n"
    return "\n".join([head, *map(_fact_toml, facts)])


def _fact_toml(fact: CheckAccuracy) -> str:
    values = {name: value for name, value in asdict(fact).items() if value is not None}
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    return "\n".join(["[[measured]]", *lines]) + "\n"


def _split(band: Band, cases: Sequence[_C]) -> tuple[list[_C], list[_C]]:
    """Those that have the fault beyond doubt, and those that have not."""
    return [c for c in cases if c.size >= band.fault_from], [c for c in cases if c.size <= band.clean_to]


def _smallest(cases: Sequence[Case]) -> float:
    if not cases:
        return float("nan")
    return smallest_found(np.array([c.size for c in cases]), np.array([c.is_warned for c in cases], dtype=bool))


def _subtle_row(clips: Sequence[AnalysedClip]) -> list[str]:
    """Knees inside the toes' line that are still wider apart than the ankles."""
    cases = [c for c in cases_of(BANDS[0], clips) if c.size >= BANDS[0].fault_from and _knees_wider(c.rep)]
    found = rate([c.is_warned for c in cases])
    return ["knees in, yet wider apart than the ankles (squat, front)", "≥ 0.13", found.text(), "", "", "", ""]


def _knees_wider(rep: AnalysedRep) -> bool:
    frame = int(np.argmin(np.abs(rep.clip.time_s - rep.true.bottom_s)))
    gaps = [
        abs(rep.clip.joints_m[f"left_{name}"][frame, 0] - rep.clip.joints_m[f"right_{name}"][frame, 0])
        for name in ("knee", "ankle")
    ]
    return bool(gaps[0] > gaps[1])


def rival_table(clips: Sequence[AnalysedClip], who: str) -> Table:
    """Formcheck and its rivals, a repetition being faulty if one of its legs is."""
    rows = []
    for band in BANDS:
        cases = _by_rep(cases_of(band, clips))
        faulty = [group for group in cases if max(c.size for c in group) >= band.fault_from]
        clean = [group for group in cases if max(c.size for c in group) <= band.clean_to]
        where = f"{band.name} ({band.exercise}, {band.plane})"
        rows.append(_rates(where, "formcheck", lambda g: any(c.is_warned for c in g), faulty, clean))
        rows += [
            _rates("", rival.name, _asked(rival, band), faulty, clean)
            for rival in RIVALS
            if band.fault in rival.rules and band.exercise in rival.exercises
        ]
    return Table(
        f"Beside fixed limits of others, {who}",
        "The rivals are written from the numbers that they publish (benchmarks/accuracy/rivals.py). "
        "*Balanced*: mean of "
        "found and not falsely alarmed.",
        ("fault", "checker", "found", "false alarms", "balanced"),
        rows,
    )


def _by_rep(cases: Sequence[RenderedCase]) -> list[list[RenderedCase]]:
    groups: dict[int, list[RenderedCase]] = {}
    for case in cases:
        groups.setdefault(id(case.rep), []).append(case)
    return list(groups.values())


def _asked(rival: Rival, band: Band) -> Callable[[list[RenderedCase]], bool]:
    def says(group: list[RenderedCase]) -> bool:
        rep = group[0].rep
        return rep.found is not None and bool(rival.flags(rep.pose, rep.found.rep, band.exercise)[band.fault])  # type: ignore[index]

    return says


def _rates(
    where: str,
    who: str,
    says: Callable[[list[RenderedCase]], bool],
    faulty: list[list[RenderedCase]],
    clean: list[list[RenderedCase]],
) -> list[str]:
    hits, alarms = rate([says(g) for g in faulty]), rate([says(g) for g in clean])
    return [where, who, hits.text(), alarms.text(), _balanced(hits, alarms)]


def _balanced(hits: Rate, alarms: Rate) -> str:
    if not (hits.count and alarms.count):
        return "–"
    return f"{(hits.hits / hits.count + 1 - alarms.hits / alarms.count) / 2:.2f}"
