"""What a limit could reach: each person by a limit that the others' correct repetitions set."""

from __future__ import annotations

import numpy as np

from benchmarks.accuracy.ui_prmd_reach import Values, reach_table


def told(values: list[float], faulty: list[bool], subject: list[str]) -> list[str]:
    """Of one check: non-optimal told, correct told, as the table has them."""
    of = Values("squat", "front", {"check": np.array(values)}, np.array(faulty), np.array(subject))
    row = reach_table([of], lambda x, _: lambda new: new[:, 0] - x.mean()).rows[0]
    return [cell.split(" ")[0] for cell in row[3:]]


def test_a_person_is_judged_by_the_others_and_not_by_himself() -> None:
    values = [1.0, 2.0, 9.0, 5.0, 6.0, 7.0]  # b reads more than a whatever he does: a's limit tells all of his
    assert told(values, [False, False, True, False, False, True], ["a", "a", "a", "b", "b", "b"]) == ["2/2", "2/4"]


def test_what_was_not_seen_tells_nothing() -> None:
    values = [1.0, 1.0, float("nan"), 1.0, 1.0, 3.0]
    assert told(values, [False, False, True, False, False, True], ["a", "a", "a", "b", "b", "b"]) == ["1/2", "0/4"]
