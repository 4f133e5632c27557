"""An exercise and a check that exist here only: one value each, and all that the program says and draws has them.

The bow is a squat in which the trunk leans; its one check, the bow angle, looks for a fault that no other check knows.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from io import StringIO
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from batches import query, run, write_table
from bodies import squats
from rich.console import Console

from formcheck import LiveSession, Side, Verdict, analyze_poses
from formcheck.analysis import Settings, analyze, analyze_to_folder
from formcheck.body.parts import BodyPart
from formcheck.body.pose import SHOULDERS, Pose
from formcheck.checks import stated
from formcheck.checks.check import SAGITTAL, Check, Finding, Limit, Worse
from formcheck.checks.exercise import Exercise
from formcheck.checks.exercises import EXERCISES, check_row, fault_names, registered
from formcheck.checks.fault import Fault
from formcheck.checks.profiles import Profile, load_profile
from formcheck.checks.session_report import SessionReport
from formcheck.cli import catalogue
from formcheck.cli.findings_table import print_analysis
from formcheck.draw.lines import measured_lines
from formcheck.draw.overlay import Overlay
from formcheck.draw.skeleton import part_verdicts
from formcheck.draw.style import LOOKS
from formcheck.measures import lines
from formcheck.measures.reps import Cut
from formcheck.pages.report import PageFacts, render_report
from formcheck.results.report_json import validate_report
from formcheck.web.app import _with_choices

ROOT = Path(__file__).resolve().parents[1]

BOW_ANGLE = Check(
    name="bow_angle",
    fault=Fault(
        name="bowing",
        title="bowing deeply",
        good="Standing tall",
        short="bowing",
        helps="Look at the horizon.",
        parts=(BodyPart.TRUNK,),
    ),
    variable="trunk_inclination_deg",
    unit="deg",
    worse=Worse.ABOVE,
    planes=SAGITTAL,
    title="angle of the bow",
    reading="back {value} from upright",
    cue="Rise and shine.",
    cannot_see="a bow of the head",
    joints=SHOULDERS,
    lines=lines.trunk,
)
BOW = Exercise(name="bow", words="bows", rank=99, explains=lambda _: 2.0, checks=(BOW_ANGLE,))
PROFILE = """
name = "court"
[bow.bow_angle]
warn = 10
fail = 20
source = "the book of manners"
"""


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    with registered(BOW):
        yield


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    (tmp_path / "court.toml").write_text(PROFILE, encoding="utf-8")
    return tmp_path / "court.toml"


def film() -> Pose:
    return squats(2, yaw_deg=90.0)


def bowed() -> SessionReport:
    return analyze_poses(film(), profile=Profile("court", {("bow", "bow_angle"): Limit(10.0, 20.0, "manners")}))


def worst(report: SessionReport) -> Finding:
    return report.reps[0].findings[0]


def test_it_is_recognised_and_judged() -> None:
    report = bowed()
    assert report.exercise == "bow"
    assert dict(report.summary.verdicts) == {"bowing": Verdict.FAIL}
    assert {(finding.check, finding.fault) for rep in report.reps for finding in rep.findings} == {
        ("bow_angle", "bowing")
    }
    assert report.timeseries.faults["bowing"].any()


def test_an_exercise_may_have_its_own_rule_for_repetitions_and_its_own_leading_leg() -> None:
    def first_only(
        pose: Pose, whole: Pose | None = None, *, leg_px: float | None = None, usual_drop: float = 0.0
    ) -> Cut:
        found = BOW.rep_rule.complete(pose, whole, leg_px=leg_px, usual_drop=usual_drop)
        return replace(found, reps=found.reps[:1])

    rule = replace(BOW.rep_rule, complete=first_only)
    with registered(replace(BOW, name="curtsy", rank=1, rep_rule=rule, lead_side=lambda _: Side.RIGHT)):
        report = analyze_poses(film(), exercise="curtsy")
        assert [rep.rep.lead_side for rep in report.reps] == [Side.RIGHT]
    assert len(analyze_poses(film(), exercise="bow").reps) == 2
    assert len(analyze_poses(film(), exercise="squat").reps) == 2


def test_it_is_known_no_longer_than_it_is_registered() -> None:
    assert "bowing" in fault_names()
    with registered(replace(BOW, name="curtsy")):
        assert list(EXERCISES)[-2:] == ["bow", "curtsy"]
    assert list(EXERCISES)[-1] == "bow"


def test_the_command_line_and_the_server_take_it(profile: Path) -> None:
    assert "bow" in stated.exercises()
    assert '<option value="bow">bow</option>' in _with_choices("<!-- exercises -->")
    assert load_profile(str(profile)).limit("bow", "bow_angle") == Limit(10.0, 20.0, "the book of manners")


def test_the_list_of_checks_has_it(profile: Path) -> None:
    [row] = catalogue.check_rows(str(profile), "bow")
    assert (row["check"], row["fault"], row["warn"], row["cannot_see"]) == (
        "bow_angle",
        "bowing",
        10,
        "a bow of the head",
    )
    printed = StringIO()
    catalogue.show(Console(file=printed, width=200), "standard", None, as_json=False)
    catalogue.explain(Console(file=printed, width=200), "bow_angle")
    assert printed.getvalue().count("bow: bow_angle") == 2


def test_the_report_has_it_as_json_and_as_a_page(tmp_path: Path, profile: Path) -> None:
    recording = write_table(tmp_path / "v" / "a.parquet")
    analysis = analyze_to_folder(recording, tmp_path / "out", settings=Settings(profile=str(profile)))
    assert analysis.folder is not None
    content = analysis.as_dict()
    validate_report(content)
    assert content["reps"][0]["findings"][0]["check"] == "bow_angle"
    page = unescape((analysis.folder / "report.html").read_text(encoding="utf-8"))
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", page))
    for words in ("Bowing deeply", "from upright", "Rise and shine.", "Look at the horizon.", "Angle of the bow"):
        assert words in text
    assert "against bowing deeply" in text
    printed = StringIO()
    print_analysis(Console(file=printed, width=100), analysis)
    assert "angle of the" in printed.getvalue()


def test_a_report_of_an_exercise_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    content = analyze(write_table(tmp_path / "a.parquet")).as_dict()
    validate_report(content)
    with pytest.raises(jsonschema.ValidationError, match="curtsy"):
        validate_report(content | {"exercise": "curtsy"})


def test_what_was_found_is_said_of_its_absence_too() -> None:
    report = analyze_poses(film(), profile=Profile("loose", {("bow", "bow_angle"): Limit(80.0, 90.0, "manners")}))
    video = {"name": "a.mp4", "frames": 9, "duration_s": 1.0, "width": 9, "height": 9, "rotation": 0, "complete": True}
    page = render_report(report, PageFacts(video, {"name": "full", "sha256": ""}))
    assert "Standing tall" in page


def test_the_overlay_colours_its_part_rings_nothing_else_and_writes_its_name() -> None:
    report = bowed()
    finding = worst(report)
    frame = int(np.argmin(np.abs(report.timeseries.time_s - (finding.at_s or 0.0))))
    state, pose = report.frame_state(frame), report.pose.at(frame)
    assert part_verdicts(state) == {(BodyPart.TRUNK, None): Verdict.FAIL}
    assert [reading.label for reading in state.readings] == ["angle of the bow"]
    assert state.active[0].cue == "Rise and shine."
    image = np.zeros((pose.height_px, pose.width_px, 3), dtype=np.uint8)
    Overlay(pose.width_px, pose.height_px).draw(image, pose, state)
    x, y = (pose.px(SHOULDERS[0]) + pose.px(SHOULDERS[1])) / 2
    around = image[int(y) - 12 : int(y) + 12, int(x) - 12 : int(x) + 12]
    assert (around == np.array(LOOKS[Verdict.FAIL].colour, dtype=np.uint8)).all(axis=-1).any()
    drawn = measured_lines(finding, pose, Side.LEFT)
    assert drawn is not None
    np.testing.assert_allclose(drawn.anchor, (x, y))


def test_the_live_check_says_its_cue_and_rings_its_joints() -> None:
    limits = Profile("court", {("bow", "bow_angle"): Limit(10.0, 20.0, "manners")})
    live, recording = LiveSession(exercise="bow", profile=limits), film()
    states = [live.update(recording.at(index)) for index in range(len(recording))]
    cues = [state.cue for state in states if state.cue is not None]
    assert {cue.text for cue in cues} == {"Rise and shine."}
    assert {cue.joints for cue in cues} == {SHOULDERS}
    assert states[-1].judged_here == "side: bowing"
    assert any(reading.label == "angle of the bow" for state in states for reading in state.readings)


def test_the_live_check_recognises_it_once_a_repetition_is_over() -> None:
    live, recording = LiveSession(), film()
    states = [live.update(recording.at(index)) for index in range(len(recording))]
    assert states[0].exercise == "squat"
    assert states[-1].exercise == "bow"


def test_the_tables_of_a_batch_have_it(tmp_path: Path, profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sync", lambda: None)
    run(tmp_path / "out", write_table(tmp_path / "v" / "a.parquet"), profile=str(profile))
    assert query(tmp_path / "out", "select exercise, verdict_bowing, verdict_depth from {sessions}") == [
        ("bow", "fail", None)
    ]
    assert query(tmp_path / "out", 'select "check", fault, verdict from {findings}') == [
        ("bow_angle", "bowing", "fail")
    ]
    assert "verdict_bowing" in (tmp_path / "out" / "summary.csv").read_text(encoding="utf-8").splitlines()[0]


def test_a_check_that_this_version_does_not_know_can_be_named() -> None:
    row = check_row("elbow_flare")
    assert (row.title, row.fault.title, row.lines) == ("elbow flare", "elbow flare", None)


def test_checks_of_one_name_say_the_same_of_a_value_in_every_exercise() -> None:
    said: dict[str, tuple[object, ...]] = {}
    for check in (check for exercise in EXERCISES.values() for check in exercise.checks):
        words = (check.fault, check.unit, check.title, check.reading, check.mirrored)
        facts = (*words, check.plus, check.joints, check.lines, check.known)
        assert said.setdefault(check.name, facts) == facts


def test_faults_of_one_name_are_one_row() -> None:
    faults = {check.fault for exercise in EXERCISES.values() for check in exercise.checks}
    assert len({fault.name for fault in faults}) == len(faults)


#: Where the names of checks, faults and exercises are at home.
HOMES = ("checks/rows.py", "checks/leg_rows.py", "checks/fault.py", "checks/exercises/")


def named(path: Path, names: set[str]) -> set[str]:
    """Names that a module holds as whole strings."""
    constants = (
        node.value for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Constant)
    )
    return {value for value in constants if isinstance(value, str) and value in names}


def test_no_other_module_names_a_check_a_fault_or_an_exercise() -> None:
    checks = {check.name for exercise in EXERCISES.values() for check in exercise.checks}
    names = {*checks, *fault_names(), *EXERCISES} - {"depth"}  # a word of the live state, too
    found = {}
    for path in (ROOT / "formcheck").rglob("*.py"):
        home = path.relative_to(ROOT / "formcheck").as_posix()
        if not home.startswith(HOMES) and (held := named(path, names)):
            found[home] = held
    assert found == {}


def test_no_page_of_the_server_and_no_schema_lists_exercises() -> None:
    web, results = ROOT / "formcheck" / "web" / "static", ROOT / "formcheck" / "results"
    for path in (*web.glob("*.html"), *web.glob("*.js"), results / "report_schema.json"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r'<option[^>]*>(squat|lunge)|"(squat|lunge|knee_valgus)"', text), path.name
