"""What the program tells of its checks is what the ten clips that are kept give now."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmarks.accuracy import stored
from benchmarks.accuracy.rendered_checks import BANDS, Case, facts_toml
from benchmarks.accuracy.statistics import smallest_found
from formcheck.checks.accuracy import measured_accuracy
from formcheck.checks.check import Verdict


def case(size: float, *verdicts: Verdict) -> Case:
    return Case(size, frozenset(verdicts))


def test_the_rates_that_are_told_are_those_of_the_checks_as_they_are() -> None:
    told = stored.FACTS.read_text(encoding="utf-8")
    assert told == stored.facts(), "run: python -m benchmarks.accuracy stored"


def test_what_is_too_close_to_call_is_neither_found_nor_a_false_alarm() -> None:
    faulty = [case(0.2, Verdict.UNSURE), case(0.3, Verdict.FAIL), case(0.2, Verdict.UNSURE, Verdict.WARN)]
    clean = [case(0.0, Verdict.UNSURE), case(0.01, Verdict.WARN), case(0.02, Verdict.PASS)]
    text = facts_toml({BANDS[0]: [*faulty, *clean]})
    for line in ("found = 2", "faulty = 3", "close = 1", "alarms = 1", "clean = 3", "is_earlier = false"):
        assert line in text.splitlines()


def test_earlier_rates_stay_where_nobody_has_the_fault_and_are_called_earlier() -> None:
    earlier = [fact for fact in measured_accuracy() if fact.exercise in {band.exercise for band in BANDS}]
    kept = facts_toml({band: [case(0.0, Verdict.PASS)] for band in BANDS}, earlier)
    assert kept.count("is_earlier = true") == len(BANDS)
    assert "is_earlier = false" not in kept


def test_rates_of_exercises_that_were_not_measured_stay_as_they_are() -> None:
    lunges = [replace(fact, found=3, faulty=4) for fact in measured_accuracy() if fact.exercise == "lunge"]
    squats = [band for band in BANDS if band.exercise == "squat"]
    kept = facts_toml({band: [case(1e3, Verdict.FAIL)] for band in squats}, lunges)
    assert kept.count('exercise = "lunge"') == kept.count("faulty = 4") == len(lunges) > 0
    assert kept.count('exercise = "squat"') == len(squats)


def test_the_smallest_fault_that_is_found_wants_five_of_its_size_or_more() -> None:
    sizes = np.array([5.0, 4.0, 3.0, 2.0, 1.0])
    assert smallest_found(sizes, np.ones(5, dtype=bool)) == 1.0
    assert np.isnan(smallest_found(sizes[:4], np.ones(4, dtype=bool)))
