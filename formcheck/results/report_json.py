"""``report.json``: the report as plain values, and the schema that other programs can rely on."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from functools import cache
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Any

from formcheck.body.view import View
from formcheck.checks.check import Finding
from formcheck.checks.exercises import EXERCISES, NO_EXERCISE, fault_names
from formcheck.checks.session_report import Joined, RepReport, SessionReport
from formcheck.errors import InputError
from formcheck.machine.atomic import write_text_atomic
from formcheck.machine.paths import read_file
from formcheck.results.sets_json import set_dict

#: What is written; files of 1.0, which had no verdict `unsure`, and of 1.1, which had no sets, are read as well.
SCHEMA_VERSION = "1.2"
#: That of a set of fifty repetitions has half a million.
_MAX_BYTES = 100_000_000
#: Fields of a finding that are left out where nothing is known of them: of sessions of several views, of told heights.
_WHERE_KNOWN = {"recording", "plane", "other", "value_cm"}


def report_dict(
    report: SessionReport,
    *,
    video: Mapping[str, Any],
    model: Mapping[str, str],
    missing: Mapping[str, str] | None = None,
    recordings: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The content of ``report.json``; NaN is None. ``missing`` is why, by the name of a file that could not be made;
    ``recordings`` are the facts of those of a session, in order, each with the ``folder`` of its own files.
    """
    content: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "formcheck_version": version("formcheck"),
        "video": {"path": video["name"]} | {key: value for key, value in video.items() if key != "name"},
        "model": dict(model),
        "exercise": report.exercise,
        "profile": report.profile,
        "view": _view(report.view),
        "reps": [rep_dict(rep) for rep in report.reps],
        "summary": {
            "rep_count": report.summary.rep_count,
            "verdicts": dict(report.summary.verdicts),
            "form_score": _number(report.summary.form_score),
            "form_score_explanation": report.summary.form_score_explanation,
            "deductions": [
                {"fault": taken.fault, "points": taken.points, "reps": list(taken.reps)}
                for taken in report.summary.deductions
            ],
            "cues": list(report.summary.cues),
            "reason": report.summary.reason,
        },
        "passed_over": [
            {"start_s": other.start_s, "end_s": other.end_s, "reason": other.reason} for other in report.passed_over
        ],
    }
    if report.height_cm is not None:
        content["height_cm"] = report.height_cm
    if report.sets:
        content["sets"] = [set_dict(one) for one in report.sets]
    lacking = [{"file": file, "reason": reason} for file, reason in (missing or {}).items()]
    return content | ({"missing": lacking} if lacking else {}) | _joined(report.joined, recordings)


def _view(view: View) -> dict[str, Any]:
    return {"yaw_deg": _number(view.yaw_deg), "plane": view.plane}


def _joined(joined: Joined | None, recordings: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """How the views of a session go together; nothing of one recording."""
    if joined is None:
        return {}
    told = [
        {**facts, "view": _view(part.report.view), "rep_count": len(part.report.reps), "ahead_s": part.ahead_s}
        for part, facts in zip(joined.parts, recordings, strict=True)
    ]
    clock = joined.clock and {name: _number(value) for name, value in asdict(joined.clock).items()}
    return {"joined": {"way": joined.way, "clock": clock, "recordings": told}}


def write_report(path: Path, content: dict[str, Any]) -> None:
    """Write ``report.json``, complete or not at all.

    Raises:
        OutputError: The file cannot be written.
    """
    write_text_atomic(path, json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def read_report(path: Path) -> dict[str, Any]:
    """A report as it was written.

    Raises:
        InputError: The file is missing, not JSON, or does not follow the schema.
    """
    import jsonschema  # only reading needs it, and it takes long to load

    try:
        content = json.loads(read_file(path, _MAX_BYTES).decode("utf-8"))
        validate_report(content)
    except OSError as error:
        raise InputError(f"expected a report.json, but {path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):  # no JSON, no UTF-8, a number of thousands of digits; nested too deeply
        raise InputError(f"expected a report.json, but {path} is not JSON; analyse the video again") from None
    except jsonschema.ValidationError as error:
        raise InputError(f"{path} is not a report of formcheck: {error.message} at {error.json_path}") from None
    return dict(content)


def validate_report(content: object) -> None:
    """Raise jsonschema.ValidationError where the content does not follow the schema."""
    import jsonschema

    jsonschema.validate(content, report_schema())


def report_schema() -> dict[str, Any]:
    """The JSON Schema of ``report.json``: the file's, with the names of the exercises and faults that there are."""
    schema = dict(json.loads(_schema_text()))
    schema["properties"]["exercise"]["enum"] = [*EXERCISES, NO_EXERCISE.name]
    schema["$defs"]["finding"]["properties"]["fault"] = {"enum": [*fault_names()]}
    return schema


@cache
def _schema_text() -> str:
    return (resources.files("formcheck.results") / "report_schema.json").read_text(encoding="utf-8")


def rep_dict(report: RepReport) -> dict[str, Any]:
    """One repetition as in ``report.json``."""
    rep = report.rep
    told = {"variant": rep.variant, "recording": report.recording}
    return {
        "number": rep.number,
        "start_s": rep.start_s,
        "bottom_s": rep.bottom_s,
        "end_s": rep.end_s,
        "lead_side": rep.lead_side,
        "view": report.view.plane,
        "measures": {name: _number(value) for name, value in report.measures.items()},
        "uncertainty": dict(report.uncertainty),
        "findings": [finding_dict(finding) for finding in report.findings],
        "notes": list(report.notes),
    } | {name: value for name, value in told.items() if value is not None}


def finding_dict(finding: Finding) -> dict[str, Any]:
    """One finding as in ``report.json``; ``value_cm`` only where it is a length and the height was told."""
    values = {field.name: getattr(finding, field.name) for field in fields(finding) if field.name != "cm_per_unit"}
    values |= {"other": finding.other and asdict(finding.other), "value_cm": finding.value_cm}
    kept = {name: value for name, value in values.items() if value is not None or name not in _WHERE_KNOWN}
    return {name: _number(value) if isinstance(value, float) else value for name, value in kept.items()}


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)
