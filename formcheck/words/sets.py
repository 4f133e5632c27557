"""What happened within a set, in sentences: the pace, the velocity that was lost, what held and then did not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean

import numpy as np

from formcheck.checks.exercises import check_row
from formcheck.checks.in_set import Drift, VelocityLoss
from formcheck.checks.session_report import RepReport, SessionReport, SetReport
from formcheck.words.findings import check_words
from formcheck.words.numbers import count_words, length_words, number_text, score_text, velocity_text


def set_title(one: SetReport) -> str:
    """``Set 2: repetitions 6 to 10``."""
    first, last = one.reps[0], one.reps[-1]
    return f"Set {one.number}: repetition{'s' * (first != last)} {first}" + (f" to {last}" if first != last else "")


def set_lines(report: SessionReport, one: SetReport) -> Iterator[str]:
    """The summary of one set in sentences: score, pace, velocity and what of it was lost, what got worse or better."""
    reps = [rep for rep in report.reps if rep.rep.number in one.reps]
    if one.summary.form_score is not None and len(report.sets) > 1:
        yield f"Form score {score_text(one.summary.form_score)}."
    if pace := pace_words(reps):
        yield pace
    if one.loss is not None:
        yield loss_words(one.loss)
    yield from map(drift_words, one.drifts)


def pace_words(reps: Sequence[RepReport]) -> str:
    """The usual tempo and velocity of repetitions; empty where they were not seen."""
    seen = [rep.measures for rep in reps if np.isfinite(rep.measures.get("ascent_s", float("nan")))]
    if not seen:
        return ""
    down, pause, up = (fmean(one[name] for one in seen) for name in ("descent_s", "pause_s", "ascent_s"))
    return (
        f"Tempo: {down:.1f} s down, {pause:.1f} s pause, {up:.1f} s up; hips {_velocity(seen, '')} on the way up"
        f"{_bar(seen)}."
    )


def _bar(seen: Sequence[Mapping[str, float]]) -> str:
    held = [one for one in seen if "bar_mean_velocity_legs_per_s" in one]
    return f", bar {_velocity(held, 'bar_')}" if held else ""


def _velocity(seen: Sequence[Mapping[str, float]], of: str) -> str:
    """The mean over repetitions of the mean velocity of hips or bar."""
    mean = {unit: [one.get(f"{of}mean_velocity_{unit}_per_s", float("nan")) for one in seen] for unit in ("legs", "m")}
    m_per_s = float(np.nanmean(mean["m"])) if np.isfinite(mean["m"]).any() else None
    return velocity_text(float(np.nanmean(mean["legs"])), m_per_s)


def rep_velocity(rep: RepReport) -> str:
    """The mean velocity of one repetition's hips with its error; a dash where it was not seen."""
    unit = "m" if "mean_velocity_m_per_s" in rep.measures else "legs"
    value, error = (of.get(f"mean_velocity_{unit}_per_s", float("nan")) for of in (rep.measures, rep.uncertainty))
    return f"{value:.2f}" + (f" ± {error:.2f}" if np.isfinite(error) else "") if np.isfinite(value) else "–"


def tempo_text(rep: RepReport) -> str:
    """Seconds down, of pause and up: ``1.2, 0.3, 0.9 s``; a dash where they were not seen."""
    times = [rep.measures.get(name, float("nan")) for name in ("descent_s", "pause_s", "ascent_s")]
    return f"{', '.join(f'{seconds:.1f}' for seconds in times)} s" if np.isfinite(times).all() else "–"


def loss_words(loss: VelocityLoss) -> str:
    """How much slower the last repetition was than the fastest, where that is sure."""
    if not loss.is_sure:
        return "No repetition was slower than another by more than the measurement can tell."
    return (
        f"Velocity loss {loss.loss_pct:.0f} % (± {loss.error_pct:.0f}): repetition {loss.last} was that much slower on "
        f"the way up than repetition {loss.fastest}, the fastest."
    )


def drift_words(drift: Drift) -> str:
    """``Your left knee held for five repetitions, then moved inward: from 0.02 to 0.11 shank lengths.``"""
    check = check_row(drift.check)
    who, up, down = check.moves if check.moves[0] else (f"{check_words(drift.check)} {{side}}", "rose", "fell")
    who = " ".join(who.format(side=drift.side or "").split())
    does = up if drift.difference > 0 else down
    size = length_words(abs(drift.difference), drift.unit, drift.cm_per_unit)
    span = f"from {number_text(drift.first, drift.unit)} to {number_text(drift.last, drift.unit)}"
    if drift.held_for is None:
        return f"{who} {does} from repetition to repetition, by {size} in all: {span}."
    return f"{who} held for {count_words(drift.held_for)} repetitions, then {does} by {size}: {span}."
