"""One repetition against one check: the right side, the right reason, and never a pass for what was not seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.body.pose import FloatArray, Side
from formcheck.body.view import Plane, View
from formcheck.checks.check import Check, Limit, Scope, Verdict, Worse
from formcheck.checks.exercises import EXERCISES
from formcheck.checks.fault import Fault
from formcheck.checks.judging import Judgement, RepFacts, judge, side_values
from formcheck.checks.profiles import PROFILE_NAMES, load_profile
from formcheck.measures.reps import Rep

#: The limits under test, as they are meant to be.
MIN_LEG_PX = 60.0

FRONT = View(0.0, Plane.FRONT, None)
LEFT_SIDE = View(90.0, Plane.SIDE, Side.LEFT)
RIGHT_SIDE = View(-90.0, Plane.SIDE, Side.RIGHT)
VIEWS = {
    Plane.FRONT: FRONT,
    Plane.BACK: View(180.0, Plane.BACK, None),
    Plane.SIDE: LEFT_SIDE,
    Plane.OBLIQUE: View(45.0, Plane.OBLIQUE, Side.LEFT),
    Plane.UNKNOWN: View(float("nan"), Plane.UNKNOWN, None),
}
LIMIT = Limit(10.0, 20.0, "test")
FRAMES = 5

EACH = Check(
    name="each",
    fault=Fault.unknown("each"),
    variable="measure",
    unit="deg",
    worse=Worse.ABOVE,
    planes=frozenset({Plane.FRONT, Plane.SIDE}),
    title="each",
    reading="{side} leg {value}",
    cue="Do it.",
    cannot_see="much",
    scope=Scope.EACH_LEG,
)
LEAD = replace(EACH, name="lead", scope=Scope.LEAD_LEG)
BODY = replace(EACH, name="body", scope=Scope.BODY)

ROWS = [
    pytest.param(exercise.name, check, id=f"{exercise.name}.{check.name}")
    for exercise in EXERCISES.values()
    for check in exercise.checks
]


def facts(
    values: FloatArray,
    *,
    view: View = FRONT,
    lead_side: Side | None = None,
    leg_px: float = 300.0,
    uncertainty: float | None = None,
) -> RepFacts:
    """A repetition of five frames, standing at both ends, with its bottom in the middle three."""
    return RepFacts(
        rep=Rep(1, 0, 2, FRAMES - 1, 0.0, 1.0, 2.0, lead_side),
        view=view,
        time_s=np.linspace(0.0, 2.0, FRAMES),
        depth=np.array([0.0, 0.95, 1.0, 0.95, 0.0]),
        variables={"measure": values},
        leg_px=leg_px,
        uncertainty={} if uncertainty is None else {"measure": uncertainty},
    )


def sided(left: float, right: float) -> FloatArray:
    return np.tile([left, right], (FRAMES, 1))


def only(check: Check, limit: Limit, of: RepFacts) -> Judgement:
    (judgement,) = judge(check, limit, of)
    return judgement


def test_from_the_front_each_leg_gets_its_own_finding() -> None:
    left, right = judge(EACH, LIMIT, facts(sided(25.0, 5.0)))
    assert (left.finding.side, left.finding.verdict, left.finding.value) == (Side.LEFT, Verdict.FAIL, 25.0)
    assert (right.finding.side, right.finding.verdict, right.finding.value) == (Side.RIGHT, Verdict.PASS, 5.0)


@pytest.mark.parametrize(("view", "expected"), [(LEFT_SIDE, 25.0), (RIGHT_SIDE, 5.0)])
def test_from_the_side_only_the_near_leg_is_judged(view: View, expected: float) -> None:
    finding = only(EACH, LIMIT, facts(sided(25.0, 5.0), view=view)).finding
    assert (finding.side, finding.value) == (view.near_side, expected)


@pytest.mark.parametrize(("lead", "expected"), [(Side.LEFT, 25.0), (Side.RIGHT, 5.0)])
def test_a_lead_leg_check_judges_the_front_leg_whichever_is_near(lead: Side, expected: float) -> None:
    for view in (FRONT, LEFT_SIDE, RIGHT_SIDE):
        finding = only(LEAD, LIMIT, facts(sided(25.0, 5.0), view=view, lead_side=lead)).finding
        assert (finding.side, finding.value) == (lead, expected)


def test_an_unknown_lead_leg_is_unseen_and_says_so() -> None:
    finding = only(LEAD, LIMIT, facts(sided(25.0, 25.0))).finding
    assert finding.verdict is Verdict.UNSEEN
    assert finding.side is None
    assert finding.reason == "could not tell which leg is in front"


def test_a_body_check_on_a_sided_measure_takes_the_near_side_or_the_mean_of_those_seen() -> None:
    assert only(BODY, LIMIT, facts(sided(6.0, 10.0))).finding.value == 8.0
    assert only(BODY, LIMIT, facts(sided(np.nan, 10.0))).finding.value == 10.0
    assert only(BODY, LIMIT, facts(sided(6.0, 10.0), view=RIGHT_SIDE)).finding.value == 10.0
    assert only(BODY, LIMIT, facts(sided(6.0, 10.0))).finding.side is None


def test_the_near_side_hidden_is_not_replaced_by_the_far_one() -> None:
    finding = only(BODY, LIMIT, facts(sided(np.nan, 5.0), view=LEFT_SIDE)).finding
    assert finding.verdict is Verdict.UNSEEN


def test_both_sides_unseen_give_unseen_values() -> None:
    assert np.isnan(side_values(sided(np.nan, np.nan), None, FRONT)).all()


def test_only_the_deep_part_of_a_repetition_is_judged() -> None:
    values = np.array([99.0, 5.0, 6.0, 7.0, 99.0])
    finding = only(BODY, LIMIT, facts(values)).finding
    assert (finding.value, finding.verdict, finding.at_s) == (6.0, Verdict.PASS, 1.0)


@pytest.mark.parametrize(
    ("value", "verdict", "limit"),
    [
        (7.9, Verdict.PASS, None),
        (8.1, Verdict.UNSURE, "warning"),
        (11.9, Verdict.UNSURE, "warning"),
        (12.1, Verdict.WARN, None),
        (15.0, Verdict.WARN, None),
        (18.1, Verdict.WARN, "failing"),
        (21.9, Verdict.WARN, "failing"),
        (22.1, Verdict.FAIL, None),
    ],
)
def test_a_value_nearer_to_the_limit_than_its_uncertainty_is_too_close_to_call(
    value: float, verdict: Verdict, limit: str | None
) -> None:
    finding = only(BODY, Limit(10.0, 20.0, "test"), facts(np.full(FRAMES, value), uncertainty=2.0)).finding
    assert finding.verdict is verdict
    assert finding.uncertainty == 2.0
    assert (f"nearer to the limit for {limit}" if limit else "") in (finding.reason or "")
    assert (finding.reason or "").startswith("too close to call") is (verdict is Verdict.UNSURE)
    assert (finding.reason is None) is (limit is None)


def test_a_finding_says_where_its_value_lies_between_the_limits() -> None:
    def excess(value: float) -> float | None:
        return only(BODY, Limit(10.0, 20.0, "test"), facts(np.full(FRAMES, value))).finding.excess

    assert [excess(value) for value in (5.0, 10.0, 15.0, 20.0, 40.0)] == [-0.5, 0.0, 0.5, 1.0, 3.0]
    assert only(BODY, Limit(None, None, "test"), facts(np.full(FRAMES, 15.0))).finding.excess is None


@pytest.mark.parametrize("plane", [Plane.BACK, Plane.OBLIQUE, Plane.UNKNOWN])
def test_the_wrong_plane_is_unseen_and_says_which_is_needed(plane: Plane) -> None:
    for judgement in judge(EACH, LIMIT, facts(sided(25.0, 25.0), view=VIEWS[plane])):
        finding = judgement.finding
        assert finding.verdict is Verdict.UNSEEN
        assert finding.reason is not None
        assert finding.reason.startswith("needs a front or side view")
        assert (finding.value, finding.at_s) == (None, None)
        assert not judgement.present.any()
        assert np.isnan(judgement.values).all()


def test_a_camera_too_far_off_square_is_unseen_and_says_by_how_much() -> None:
    narrow = replace(BODY, max_yaw_deg=12.0)
    values = np.full(FRAMES, 5.0)
    assert only(narrow, LIMIT, facts(values, view=View(12.0, Plane.FRONT, None))).finding.verdict is Verdict.PASS
    for yaw_deg in (-20.0, 20.0):
        finding = only(narrow, LIMIT, facts(values, view=View(yaw_deg, Plane.FRONT, None))).finding
        assert finding.verdict is Verdict.UNSEEN
        assert finding.reason is not None
        assert "20 degrees off the front view" in finding.reason


def test_a_person_too_small_in_the_picture_is_unseen_and_says_how_small() -> None:
    values = np.full(FRAMES, 5.0)
    assert only(BODY, LIMIT, facts(values, leg_px=MIN_LEG_PX)).finding.verdict is Verdict.PASS
    finding = only(BODY, LIMIT, facts(values, leg_px=MIN_LEG_PX - 10)).finding
    assert finding.verdict is Verdict.UNSEEN
    assert finding.reason is not None
    assert "too small" in finding.reason
    assert f"{MIN_LEG_PX - 10:.0f} pixels" in finding.reason


def test_a_leg_hidden_at_the_bottom_is_unseen_while_the_other_is_judged() -> None:
    values = sided(5.0, 5.0)
    values[1:4, 0] = np.nan
    left, right = judge(EACH, LIMIT, facts(values))
    assert left.finding.verdict is Verdict.UNSEEN
    assert left.finding.reason == "the left leg is hidden or out of the picture at the bottom"
    assert right.finding.verdict is Verdict.PASS


def test_a_bottom_of_which_less_than_half_is_seen_is_not_judged() -> None:
    deep = np.flatnonzero(facts(np.zeros(FRAMES)).depth >= BODY.from_depth)
    values = np.full(FRAMES, 25.0)
    values[deep[: len(deep) // 2]] = np.nan
    assert only(BODY, LIMIT, facts(values)).finding.verdict is Verdict.FAIL
    values[deep[: len(deep) // 2 + 1]] = np.nan
    finding = only(BODY, LIMIT, facts(values)).finding
    assert finding.verdict is Verdict.UNSEEN
    assert "hidden" in (finding.reason or "")


@pytest.mark.parametrize("name", PROFILE_NAMES)
@pytest.mark.parametrize(("exercise", "check"), ROWS)
def test_what_was_not_seen_never_passes_any_check_of_any_profile(name: str, exercise: str, check: Check) -> None:
    limit = load_profile(name).limit(exercise, check.name)
    assert limit is not None
    for view in VIEWS.values():
        for values in (np.full(FRAMES, np.nan), np.full((FRAMES, 2), np.nan)):
            unseen = replace(
                facts(values, view=view, lead_side=Side.LEFT),
                variables={
                    "knee_bend_deg": np.full((FRAMES, 2), 90.0),
                    check.variable: values,
                    "stance_width_ratio": np.ones(len(values)),
                },
            )
            for judgement in judge(check, limit, unseen):
                assert judgement.finding.verdict is Verdict.UNSEEN
                assert judgement.finding.reason
                assert judgement.finding.value is None


def test_information_only_reports_the_value_and_says_that_it_is_not_judged() -> None:
    judgement = only(BODY, Limit(None, None, "a book"), facts(np.full(FRAMES, 1e6)))
    finding = judgement.finding
    assert (finding.verdict, finding.value) == (Verdict.PASS, 1e6)
    assert finding.reason == "information only in this profile"
    assert not judgement.present.any()


def test_a_finding_carries_its_limits_unit_cue_and_source() -> None:
    finding = only(BODY, LIMIT, facts(np.full(FRAMES, 12.0))).finding
    assert (finding.limit_warn, finding.limit_fail, finding.source) == (10.0, 20.0, "test")
    assert (finding.unit, finding.cue, finding.reason) == ("deg", "Do it.", None)


def test_a_fault_is_present_in_the_deep_frames_that_reach_the_warn_limit() -> None:
    judgement = only(BODY, LIMIT, facts(np.array([50.0, 9.0, 11.0, 30.0, 50.0])))
    assert judgement.finding.verdict is Verdict.WARN
    assert judgement.present.tolist() == [False, False, True, True, False]


def test_the_less_certain_a_value_the_less_it_costs() -> None:
    costs = [only(BODY, LIMIT, facts(np.full(FRAMES, 30.0), uncertainty=error)).finding.points for error in (0.0, 5.0)]
    assert costs[0] > costs[1] > 0


def test_what_is_too_close_to_call_is_present_nowhere() -> None:
    judgement = only(BODY, LIMIT, facts(np.array([50.0, 9.0, 11.0, 30.0, 50.0]), uncertainty=2.0))
    assert judgement.finding.verdict is Verdict.UNSURE
    assert not judgement.present.any()


def test_a_fault_is_present_nowhere_in_a_repetition_that_passes() -> None:
    judgement = only(BODY, LIMIT, facts(np.array([0.0, 5.0, 6.0, 30.0, 0.0])))
    assert judgement.finding.verdict is Verdict.PASS
    assert not judgement.present.any()


def test_what_must_show_elsewhere_too_is_a_fault_only_where_it_does() -> None:
    check = replace(BODY, confirmed_by=(("shift", 0.05),))
    for shift, verdict, has_cost in ((0.01, Verdict.UNSURE, False), (-0.08, Verdict.FAIL, True)):
        one = facts(np.full(FRAMES, 30.0))
        one = replace(one, variables={**one.variables, "shift": np.full(FRAMES, shift)})
        finding = only(check, LIMIT, one).finding
        assert finding.verdict is verdict
        assert (finding.points > 0) is has_cost


def test_what_shows_a_little_in_several_places_shows() -> None:
    check = replace(BODY, confirmed_by=(("shift", 0.05), ("tilt", 5.0), ("hidden", 1.0)))
    for shift, tilt, verdict in ((0.04, 2.0, Verdict.UNSURE), (0.04, -4.0, Verdict.FAIL), (0.06, 0.0, Verdict.FAIL)):
        shown = {"shift": shift, "tilt": tilt, "hidden": float("nan")}
        one = facts(np.full(FRAMES, 30.0))
        one = replace(one, variables={**one.variables, **{name: np.full(FRAMES, of) for name, of in shown.items()}})
        assert only(check, LIMIT, one).finding.verdict is verdict
