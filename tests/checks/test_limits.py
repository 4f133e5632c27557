"""The limits that ship, by value: written out by hand, so that no slip of a hand changes what people are told.

A limit that is meant to change changes here too, with where it comes from. ``clean`` is up to where nothing is taken
off the score.
"""

from __future__ import annotations

import pytest

from formcheck.checks.exercises import EXERCISES
from formcheck.checks.profiles import load_profile

Row = tuple[float | None, float | None, float | None, str]  # warn, fail, clean, where it comes from

INFORMATION: Row = (None, None, None, "Illmeier & Rechberger 2023, doi:10.3390/jcm12082955")
STANDARD: dict[str, Row] = {
    "squat.knee_valgus": (0.10, 0.16, 0.08, "development clips"),
    "squat.knee_past_toes": (0.11, 0.19, 0.12, "UI-PRMD and phone clips"),
    "squat.pelvic_tilt": (5, 9, 5, "development clips"),
    "squat.pelvic_shift": (0.09, 0.17, 0.11, "UI-PRMD's correct squats"),
    "squat.body_shift": (0.08, 0.16, 0.05, "UI-PRMD's correct squats"),
    "squat.knee_height": (0.12, 0.24, None, "development clips"),
    "squat.depth": (15, 30, 0, "UI-PRMD correct deep squats"),
    "squat.trunk_lean": (50, 62, 33, "clips of people"),
    "squat.heel_rise": (0.4, 0.6, None, "development clips"),
    "squat.stance": (None, None, None, "Sinclair 2022, doi:10.3390/sports10090136"),
    "squat.lockout": (None, None, None, "a way to train"),
    "lunge.knee_valgus": (0.05, 0.09, 0.04, "development clips"),
    "lunge.knee_past_toes": (0.10, 0.22, None, "clips of people"),
    "lunge.limb_symmetry": (85, 75, None, "Parkinson 2021, doi:10.1186/s40798-021-00379-2"),
    "lunge.depth": (25, 40, 20, "UI-PRMD correct in-line lunges"),
    "lunge.trunk_lean": (20, 40, 5, "UI-PRMD correct in-line lunges"),
    "lunge.side_lean": (18, 28, 4, "UI-PRMD correct in-line lunges"),
    "lunge.heel_rise": (0.4, 0.6, None, "development clips"),
}
STRICT: dict[str, Row] = STANDARD | {
    "squat.knee_valgus": (0.06, 0.12, None, "development clips"),
    "squat.knee_past_toes": (0.03, 0.10, None, "Fry 2003"),
    "squat.depth": (8, 18, 0, "UI-PRMD correct deep squats"),
    "squat.trunk_lean": (35, 50, 33, "UI-PRMD correct deep squats"),
    "squat.stance": (0.5, 0.7, None, "Escamilla 2001, Med Sci Sports Exerc 33(6):984-998"),
    "squat.lockout": (20, 35, None, "rules of powerlifting (IPF)"),
    "lunge.knee_past_toes": (0.02, 0.08, None, "the knee above the toe tip"),
    "lunge.limb_symmetry": (90, 80, None, "Parkinson 2021, doi:10.1186/s40798-021-00379-2"),
    "lunge.depth": (20, 32, 20, "UI-PRMD correct in-line lunges"),
    "lunge.trunk_lean": (9, 25, 5, "UI-PRMD correct in-line lunges"),
    "lunge.side_lean": (6, 16, 4, "UI-PRMD correct in-line lunges"),
}
PERFORMANCE: dict[str, Row] = STANDARD | {
    "squat.knee_past_toes": INFORMATION,
    "squat.depth": (5, 15, 0, "powerlifting depth"),
    "squat.trunk_lean": (60, 70, 40, "clean squats of people"),
    "lunge.knee_past_toes": INFORMATION,
}
PROFILES = {"standard": STANDARD, "strict": STRICT, "performance": PERFORMANCE}


@pytest.mark.parametrize(("profile", "rows"), PROFILES.items(), ids=list(PROFILES))
def test_the_limits_are_those_that_were_chosen_and_say_where_they_come_from(profile: str, rows: dict[str, Row]) -> None:
    limits = {".".join(key): limit for key, limit in load_profile(profile).limits.items()}
    assert {key: (limit.warn, limit.fail, limit.clean) for key, limit in limits.items()} == {
        key: row[:3] for key, row in rows.items()
    }
    for key, (*_, source) in rows.items():
        assert source in limits[key].source, key


def test_no_check_is_left_out_of_these_tables() -> None:
    checks = {f"{exercise.name}.{check.name}" for exercise in EXERCISES.values() for check in exercise.checks}
    for rows in PROFILES.values():
        assert rows.keys() == checks
