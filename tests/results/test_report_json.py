from __future__ import annotations

import copy
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from bodies import nobody, squats
from commands import needs_posix

from formcheck.body.pose import Pose
from formcheck.checks.judge_recording import analyze_poses
from formcheck.errors import InputError
from formcheck.results.report_json import read_report, report_dict, report_schema, validate_report, write_report

VIDEO = {"name": "a.mp4", "frames": 10, "duration_s": 1.0, "width": 960, "height": 960}
VIDEO |= {"rotation": 0, "complete": True, "reason": None}
MODEL = {"name": "full", "sha256": "0" * 64}


def content_of(pose: Pose) -> dict[str, Any]:
    return report_dict(analyze_poses(pose), video=VIDEO, model=MODEL)


@pytest.fixture(scope="module")
def content() -> dict[str, Any]:
    return content_of(squats(2, yaw_deg=90.0))


def test_the_schema_itself_is_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(report_schema())


@pytest.mark.parametrize("yaw_deg", [0.0, 45.0, 90.0, 180.0])
def test_a_report_from_any_view_follows_the_schema(yaw_deg: float) -> None:
    validate_report(content_of(squats(2, yaw_deg=yaw_deg)))


def test_a_report_without_a_repetition_or_a_person_follows_the_schema() -> None:
    empty = content_of(nobody(1.0))
    validate_report(empty)
    assert empty["reps"] == []
    assert empty["summary"]["form_score"] is None
    assert empty["view"]["yaw_deg"] is None


def test_the_fields_are_those_of_the_design_in_its_order(content: dict[str, Any]) -> None:
    assert list(content) == [
        "schema_version", "formcheck_version", "video", "model", "exercise", "profile", "view", "reps", "summary",
        "passed_over", "sets",
    ]  # fmt: skip
    assert next(iter(content["video"])) == "path"
    assert list(content["reps"][0]) == [
        "number", "start_s", "bottom_s", "end_s", "lead_side", "view", "measures", "uncertainty", "findings",
        "notes",
    ]  # fmt: skip
    assert list(content["reps"][0]["findings"][0]) == [
        "check", "fault", "side", "value", "uncertainty", "unit", "limit_warn", "limit_fail", "excess", "verdict",
        "reason", "at_s", "cue", "source", "points",
    ]  # fmt: skip


def test_what_is_not_seen_is_null_and_never_nan(content: dict[str, Any], tmp_path: Path) -> None:
    unseen = [f for rep in content["reps"] for f in rep["findings"] if f["verdict"] == "unseen"]
    assert unseen
    assert all(f["value"] is None and f["reason"] for f in unseen)
    write_report(tmp_path / "report.json", content)
    assert "NaN" not in (tmp_path / "report.json").read_text()


def test_values_are_those_of_the_report(content: dict[str, Any]) -> None:
    report = analyze_poses(squats(2, yaw_deg=90.0))
    for rep, written in zip(report.reps, content["reps"], strict=True):
        left_out = {"recording", "plane", "other", "cm_per_unit"}
        told = [{k: v for k, v in asdict(finding).items() if k not in left_out} for finding in rep.findings]
        assert told == written["findings"]
        for name, value in rep.measures.items():
            assert written["measures"][name] == (value if np.isfinite(value) else None)


@pytest.mark.parametrize(
    ("where", "wrong"),
    [
        (("exercise",), "deadlift"),
        (("summary", "form_score"), 101),
        (("reps", 0, "findings", 0, "verdict"), "good"),
        (("reps", 0, "findings", 0, "side"), "near"),
        (("video", "complete"), "yes"),
        (("schema_version",), "0.9"),
    ],
)
def test_the_schema_refuses_what_does_not_belong(
    content: dict[str, Any], where: tuple[Any, ...], wrong: object
) -> None:
    broken = copy.deepcopy(content)
    place: Any = broken
    for key in where[:-1]:
        place = place[key]
    place[where[-1]] = wrong
    with pytest.raises(jsonschema.ValidationError):
        validate_report(broken)


def test_an_unseen_finding_may_not_carry_a_value(content: dict[str, Any]) -> None:
    broken = copy.deepcopy(content)
    [first, *_] = [f for f in broken["reps"][0]["findings"] if f["verdict"] == "unseen"]
    first["value"] = 0.1
    with pytest.raises(jsonschema.ValidationError):
        validate_report(broken)


def test_a_written_report_reads_back_the_same(content: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    write_report(path, content)
    assert read_report(path) == content


@pytest.mark.parametrize("earlier", ["1.0", "1.1"])
def test_a_report_of_the_forms_before_is_still_read(content: dict[str, Any], tmp_path: Path, earlier: str) -> None:
    path = tmp_path / "report.json"
    assert content["schema_version"] == "1.2"
    without_sets = {name: value for name, value in content.items() if name != "sets"}
    write_report(path, without_sets | {"schema_version": earlier})
    assert read_report(path)["reps"] == content["reps"]


def test_where_the_height_is_told_lengths_have_centimetres_and_speeds_metres() -> None:
    report = analyze_poses(squats(3), height_cm=180)
    content = report_dict(report, video=VIDEO, model=MODEL)
    validate_report(json.loads(json.dumps(content)))
    assert content["height_cm"] == 180
    [knee, *_] = [f for f in content["reps"][0]["findings"] if f["check"] == "knee_valgus"]
    assert knee["value_cm"] == pytest.approx(knee["value"] * 0.246 * 180)
    depth = next(f for f in content["reps"][0]["findings"] if f["check"] == "depth")
    assert "value_cm" not in depth
    measures = content["reps"][0]["measures"]
    assert measures["mean_velocity_m_per_s"] == pytest.approx(0.884 * measures["mean_velocity_legs_per_s"], rel=0.001)
    assert content_of(squats(3))["reps"][0]["measures"].keys() == measures.keys() - {
        "mean_velocity_m_per_s",
        "peak_velocity_m_per_s",
    }


def test_a_verdict_too_close_to_call_follows_the_schema(content: dict[str, Any]) -> None:
    close = copy.deepcopy(content)
    next(f for f in close["reps"][0]["findings"] if f["value"] is not None)["verdict"] = "unsure"
    close["summary"]["verdicts"]["knee_valgus"] = "unsure"
    validate_report(close)


def test_what_is_no_report_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    for text in ("", "{", json.dumps({"schema_version": "1.0"})):
        path.write_text(text)
        with pytest.raises(InputError) as caught:
            read_report(path)
        assert "\n" not in str(caught.value)
    with pytest.raises(InputError, match="cannot be read"):
        read_report(tmp_path / "missing.json")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[" * 200_000, "is not JSON"),
        (b"9" * 10_000, "is not JSON"),
        (b"\xff", "is not JSON"),
        (None, "more than 100000000 bytes"),
    ],
)
def test_a_report_that_no_memory_would_hold_is_refused_in_one_line(
    content: bytes | None, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(content or b"")
    if content is None:
        os.truncate(path, 10**11)  # a hundred gigabytes that take no room
    with pytest.raises(InputError, match=said) as caught:
        read_report(path)
    assert "\n" not in str(caught.value)


@needs_posix
def test_what_is_no_file_is_no_report_and_nobody_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "report.json")
    for path in (tmp_path / "report.json", Path("/dev/zero")):
        with pytest.raises(InputError, match="it is no file"):
            read_report(path)


def test_a_report_of_one_among_several_people_follows_the_schema_with_both_numbers() -> None:
    report = analyze_poses(nobody(1.0))
    company = {"people": 2, "person": 1}
    content = report_dict(report, video=VIDEO | company, model=MODEL)
    validate_report(content)
    assert {key: content["video"][key] for key in company} == company
    for wrong in ({"people": 2}, {"person": 1}, {"people": 1, "person": 1}, {"people": 2, "person": 0}):
        with pytest.raises(jsonschema.ValidationError):
            validate_report(report_dict(report, video=VIDEO | wrong, model=MODEL))
