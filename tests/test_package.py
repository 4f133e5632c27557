"""What a user gets who installs the package."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
import tomllib
from dataclasses import replace
from importlib.metadata import entry_points, version
from pathlib import Path

import pytest
from bodies import squats
from packaging.requirements import Requirement

import formcheck
from formcheck.landmarks.estimator import SILENT_VERSIONS
from formcheck.landmarks.recording import Recording

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_public_name_exists() -> None:
    assert len(set(formcheck.__all__)) == len(formcheck.__all__)
    for name in formcheck.__all__:
        assert getattr(formcheck, name) is not None


def test_the_public_names_are_listed_and_others_are_unknown() -> None:
    assert set(formcheck.__all__) <= set(dir(formcheck))
    with pytest.raises(AttributeError, match="has no attribute 'analyse'"):
        formcheck.analyse  # type: ignore[attr-defined]  # noqa: B018


def test_importing_the_package_loads_no_library_of_pictures_or_tables(tmp_path: Path) -> None:
    code = (
        "import sys, formcheck; print({'cv2', 'mediapipe', 'pyarrow', 'av', 'jsonschema', 'numpy'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


def test_analyze_takes_a_path_or_its_text_and_gives_the_report_of_its_poses(tmp_path: Path) -> None:
    pose = squats(2, yaw_deg=90.0)
    facts = {"name": "a.mp4", "frames": len(pose), "duration_s": 6.0, "width": pose.width_px}
    facts |= {"height": pose.height_px, "rotation": 0, "complete": True, "reason": None}
    path = tmp_path / "landmarks.parquet"
    Recording(pose, facts, {"name": "stick", "sha256": ""}).save(path)
    report = formcheck.analyze(path)
    assert isinstance(report, formcheck.SessionReport)
    assert report.summary == formcheck.analyze(str(path)).summary
    assert report.summary.rep_count == formcheck.analyze_poses(pose).summary.rep_count == 2
    assert [path.name for path in tmp_path.iterdir()] == ["landmarks.parquet"]


def test_an_error_of_the_user_is_a_formcheck_error(tmp_path: Path) -> None:
    with pytest.raises(formcheck.FormcheckError, match="no such file"):
        formcheck.analyze(tmp_path / "missing.mp4")


def test_a_finding_cannot_be_changed_afterwards() -> None:
    [finding, *_] = formcheck.analyze_poses(squats(1, yaw_deg=90.0)).reps[0].findings
    with pytest.raises(AttributeError):
        finding.verdict = formcheck.Verdict.PASS  # type: ignore[misc]
    assert replace(finding, verdict=formcheck.Verdict.PASS) is not finding


def test_the_console_script_is_the_command_line() -> None:
    [script] = entry_points(group="console_scripts", name="formcheck")
    assert script.value == PROJECT["project"]["scripts"]["formcheck"] == "formcheck.cli:main"
    assert version("formcheck") == PROJECT["project"]["version"]


def test_the_wheel_takes_along_what_the_demo_needs() -> None:
    taken = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert taken["sample_videos"] == "formcheck/_data/sample_videos"
    for model in ("lite", "full"):
        assert taken[f"models/pose_landmarker_{model}.task"] == f"formcheck/_data/models/pose_landmarker_{model}.task"
    assert all((ROOT / source).exists() for source in taken)


def constraints() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = [re.fullmatch(r"([a-z0-9-]+)==([0-9][0-9a-z.]*)(; sys_platform == 'linux')?", line) for line in lines]
    return {found[1]: found[2] for found in pinned if found or pytest.fail("a line is no name==version")}


def test_every_package_that_is_asked_for_has_a_tested_version_that_is_allowed() -> None:
    tested = constraints()
    extras = PROJECT["project"]["optional-dependencies"].values()
    wanted = map(Requirement, itertools.chain(PROJECT["project"]["dependencies"], *extras))
    for requirement in wanted:
        is_of_linux = requirement.marker is None or requirement.marker.evaluate({"sys_platform": "linux"})
        if requirement.name != "formcheck" and is_of_linux:
            assert requirement.specifier.contains(tested[requirement.name]), requirement


@pytest.mark.parametrize("name", ["mediapipe", "opencv-contrib-python"])
def test_what_finds_and_draws_people_ends_at_the_minor_version_that_was_tested(name: str) -> None:
    major, minor = map(int, constraints()[name].split(".")[:2])
    [allowed, *_] = [r.specifier for r in map(Requirement, PROJECT["project"]["dependencies"]) if r.name == name]
    assert allowed.contains(f"{major}.{minor}.999")
    assert not allowed.contains(f"{major}.{minor + 1}")


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_every_system_gets_one_mediapipe_and_one_that_cannot_be_confined_gets_a_silent_one(platform: str) -> None:
    wanted = [r for r in map(Requirement, PROJECT["project"]["dependencies"]) if r.name == "mediapipe"]
    [mediapipe] = [r for r in wanted if r.marker is not None and r.marker.evaluate({"sys_platform": platform})]
    assert (str(mediapipe.specifier) == f"=={SILENT_VERSIONS[-1]}") == (platform != "linux")
