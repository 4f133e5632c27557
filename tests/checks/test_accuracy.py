"""What was measured of the checks, as it is shipped."""

from __future__ import annotations

import pytest

from formcheck.body.view import Plane
from formcheck.checks.accuracy import CheckAccuracy, accuracy_of, measured_accuracy
from formcheck.checks.exercises import EXERCISES


@pytest.mark.parametrize(
    "row", measured_accuracy(), ids=lambda row: f"{row.exercise}-{'+'.join(row.checks)}-{row.plane}"
)
def test_no_more_was_found_than_was_there_of_a_check_that_looks_in_that_plane(row: CheckAccuracy) -> None:
    assert 0 <= row.found <= row.faulty
    assert 0 <= row.alarms <= row.clean
    assert row.clean_to <= row.fault_from or row.unit == "%"
    known = {check.name: check for check in EXERCISES[row.exercise].checks}
    for name in row.checks:
        assert row.plane in known[name].planes


def test_what_was_measured_of_a_check_is_its_own_exercises() -> None:
    rows = accuracy_of("squat", "knee_valgus")
    assert rows
    assert {row.exercise for row in rows} == {"squat"}
    assert all("knee_valgus" in row.checks for row in rows)
    assert Plane.FRONT in {row.plane for row in rows}
    assert accuracy_of("squat", "limb_symmetry") == ()


def test_checks_that_were_counted_together_name_each_other_and_not_themselves() -> None:
    row = CheckAccuracy("squat", ("a", "b", "c"), Plane.FRONT, "deg", 5.0, 8, 10, 1.0, 0, 10, None)
    assert [row.besides(check) for check in "abc"] == [("b", "c"), ("a", "c"), ("a", "b")]
