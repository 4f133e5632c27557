from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from batches import write_table

from benchmarks.same_reports import differences, main
from formcheck.analysis import Settings, analyze_to_folder

FINDING = {"check": "depth", "value": 10.0, "uncertainty": 4.0, "verdict": "pass"}
REPORT = {"formcheck_version": "1", "reps": [{"number": 1, "start_s": 1.0, "findings": [FINDING]}]}


def changed(**facts: object) -> dict[str, object]:
    report = copy.deepcopy(REPORT)
    report["reps"][0]["findings"][0].update(facts)
    return report


def test_what_differs_is_told_with_its_place() -> None:
    assert list(differences(REPORT, changed(verdict="fail"))) == ['reps[0].findings[0].verdict: "pass" -> "fail"']
    assert list(differences(REPORT, {**REPORT, "reps": []})) == ["reps: 1 of them -> 0 of them"]
    assert list(differences(REPORT, changed(excess=1))) == ['reps[0].findings[0].excess: "absent" -> 1']


def test_the_version_of_the_program_is_no_difference() -> None:
    assert list(differences(REPORT, {**REPORT, "formcheck_version": "2"})) == []


def test_numbers_may_differ_by_a_share_of_their_uncertainty_where_that_is_allowed() -> None:
    assert list(differences(REPORT, changed(value=10.07), within=0.02)) == []
    assert len(list(differences(REPORT, changed(value=10.09), within=0.02))) == 1
    assert len(list(differences(REPORT, changed(value=10.07)))) == 1


@pytest.mark.parametrize("again", [True, False], ids=["judged again", "two folders"])
def test_folders_that_say_the_same_end_well_and_others_do_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *, again: bool
) -> None:
    out = tmp_path / "out"
    analysis = analyze_to_folder(write_table(tmp_path / "a.parquet"), out, settings=Settings(write_page=False))
    assert analysis.folder is not None
    asked = [str(out)] if again else [str(out), str(out)]
    assert main(asked) == 0
    assert "1 reports, no difference" in capsys.readouterr().out
    report = analysis.folder / "report.json"
    before = report.read_text(encoding="utf-8")
    assert main([str(tmp_path / "nothing")]) == 1
    other = json.loads(before)
    other["reps"][0]["findings"][0]["verdict"] = "bad"
    report.write_text(json.dumps(other), encoding="utf-8")
    assert main([str(out)]) == 1
    assert '"bad" ->' in capsys.readouterr().out
