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
    "single_leg_squat.knee_valgus": (0.10, 0.16, None, "Ageberg 2010, doi:10.1186/1471-2474-11-265"),
    "single_leg_squat.frontal_angle": (12.5, 17, 8.4, "Herrington 2014, doi:10.1016/j.knee.2013.11.011"),
    "single_leg_squat.pelvic_drop": (9, 12, 7.4, "Nakagawa 2012, doi:10.2519/jospt.2012.3987"),
    "single_leg_squat.stance_lean": (8, 12, 6.7, "Nakagawa 2012, doi:10.2519/jospt.2012.3987"),
    "single_leg_squat.knee_steadiness": (0.03, 0.06, None, "Ressman 2021, doi:10.1186/s13102-021-00289-x"),
    "single_leg_squat.trunk_lean": (50, 62, 33, "as in squats on both feet"),
    "single_leg_squat.knee_bend": (60, 45, None, "doi:10.1186/1471-2474-13-207"),
    "single_leg_squat.limb_symmetry": (85, 75, None, "Parkinson 2021, doi:10.1186/s40798-021-00379-2"),
    "step_down.step_down_score": (2, 4, None, "Piva 2006, doi:10.1186/1471-2474-7-33"),
    "step_down.knee_valgus": (0.10, 0.16, None, "Piva 2006, doi:10.1186/1471-2474-7-33"),
    "step_down.frontal_angle": (12.5, 17, 8.4, "Lewis 2015, doi:10.1371/journal.pone.0126258"),
    "step_down.pelvic_drop": (9, 12, 7.4, "Nakagawa 2012, doi:10.2519/jospt.2012.3987"),
    "step_down.stance_lean": (8, 12, 6.7, "Nakagawa 2012, doi:10.2519/jospt.2012.3987"),
    "step_down.knee_steadiness": (0.03, 0.06, None, "Piva 2006, doi:10.1186/1471-2474-7-33"),
    "step_down.trunk_lean": (30, 45, 20, "ours"),
    "side_lunge.knee_valgus": (0.14, 0.28, 0.12, "UI-PRMD correct side lunges"),
    "side_lunge.knee_outward": (-0.23, -0.37, -0.18, "UI-PRMD correct side lunges"),
    "side_lunge.reach": (40, 48, 38.5, "UI-PRMD correct side lunges"),
    "side_lunge.trunk_tilt": (70, 85, 60, "ours"),
    "side_lunge.side_lean": (21, 35, 16, "UI-PRMD correct side lunges"),
    "side_lunge.limb_symmetry": (85, 75, None, "Parkinson 2021, doi:10.1186/s40798-021-00379-2"),
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
    "single_leg_squat.knee_valgus": (0.06, 0.12, None, "as in squats on both feet"),
    "single_leg_squat.limb_symmetry": (90, 80, None, "Parkinson 2021, doi:10.1186/s40798-021-00379-2"),
    "side_lunge.limb_symmetry": (90, 80, None, "Parkinson 2021, doi:10.1186/s40798-021-00379-2"),
}
PERFORMANCE: dict[str, Row] = STANDARD | {
    "squat.knee_past_toes": INFORMATION,
    "squat.depth": (5, 15, 0, "powerlifting depth"),
    "squat.trunk_lean": (60, 70, 40, "clean squats of people"),
    "lunge.knee_past_toes": INFORMATION,
    "single_leg_squat.knee_bend": (90, 75, None, "parallel"),
}
#: With the free leg behind, Khuu 2016 (PMC4827363).
LEG_BEHIND = {"pelvic_drop": (11, 14), "stance_lean": (10, 14), "trunk_lean": (60, 72), "knee_bend": (50, 35)}


def with_split_squats(rows: dict[str, Row]) -> dict[str, Row]:
    """Split squats have the limits of the lunge."""
    same = {key.replace("lunge.", "split_squat."): row for key, row in rows.items() if key.startswith("lunge.")}
    return rows | same


PROFILES = {
    "standard": with_split_squats(STANDARD),
    "strict": with_split_squats(STRICT),
    "performance": with_split_squats(PERFORMANCE),
}


@pytest.mark.parametrize(("profile", "rows"), PROFILES.items(), ids=list(PROFILES))
def test_the_limits_are_those_that_were_chosen_and_say_where_they_come_from(profile: str, rows: dict[str, Row]) -> None:
    limits = {".".join(key): limit for key, limit in load_profile(profile).limits.items()}
    assert {key: (limit.warn, limit.fail, limit.clean) for key, limit in limits.items()} == {
        key: row[:3] for key, row in rows.items()
    }
    for key, (*_, source) in rows.items():
        assert source in limits[key].source, key


def test_a_free_leg_behind_has_its_own_limits() -> None:
    standard = load_profile("standard")
    for check, (warn, fail) in LEG_BEHIND.items():
        behind = standard.limit("single_leg_squat", check, "leg_behind")
        assert behind is not None
        assert (behind.warn, behind.fail) == (warn, fail)
        assert "Khuu 2016, PMC4827363" in behind.source
        assert standard.limit("single_leg_squat", check, "leg_in_front") == standard.limit("single_leg_squat", check)


def test_limits_that_rest_on_literature_alone_say_that_no_people_were_held_against_them() -> None:
    for name in PROFILES:
        for (exercise, check), limit in load_profile(name).limits.items():
            untried = exercise in {"single_leg_squat", "step_down"} or (exercise, check) == ("side_lunge", "trunk_tilt")
            assert limit.source.startswith("not yet tried on people: ") is untried, (exercise, check)
            assert all(own.source.startswith("not yet tried on people: ") for own in limit.by_variant.values())


def test_no_check_is_left_out_of_these_tables() -> None:
    checks = {f"{exercise.name}.{check.name}" for exercise in EXERCISES.values() for check in exercise.checks}
    for rows in PROFILES.values():
        assert rows.keys() == checks
