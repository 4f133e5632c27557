"""What a user gets who installs the package."""

from __future__ import annotations

import inspect
import itertools
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import is_dataclass, replace
from importlib.metadata import entry_points, version
from pathlib import Path

import pytest
from bodies import squats
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement

import formcheck
import formcheck.errors
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
    assert version("formcheck") == formcheck.__version__


def test_the_version_is_set_in_one_place() -> None:
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert PROJECT["tool"]["hatch"]["version"]["path"] == "formcheck/__init__.py"
    for name in ("README.md", "CITATION.cff", "mkdocs.yml", "pyproject.toml"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(rf"\bversion\W+{re.escape(formcheck.__version__)}", text)


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


def wanted_on(platform: str, *groups: Iterable[str]) -> list[Requirement]:
    """What these groups ask for on a system."""
    asked = map(Requirement, itertools.chain(*groups))
    return [wanted for wanted in asked if wanted.marker is None or wanted.marker.evaluate({"sys_platform": platform})]


def test_every_package_that_is_asked_for_has_a_tested_version_that_is_allowed() -> None:
    tested = constraints()
    extras = PROJECT["project"]["optional-dependencies"].values()
    for requirement in wanted_on("linux", PROJECT["project"]["dependencies"], *extras):
        if requirement.name != "formcheck":
            assert requirement.specifier.contains(tested[requirement.name]), requirement


@pytest.mark.parametrize("name", ["mediapipe", "opencv-contrib-python"])
def test_what_finds_and_draws_people_ends_at_the_minor_version_that_was_tested(name: str) -> None:
    major, minor = map(int, constraints()[name].split(".")[:2])
    allowed = {wanted.name: wanted.specifier for wanted in wanted_on("linux", PROJECT["project"]["dependencies"])}[name]
    assert allowed.contains(f"{major}.{minor}.999")
    assert not allowed.contains(f"{major}.{minor + 1}")


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_every_system_gets_one_mediapipe_and_one_that_cannot_be_confined_gets_a_silent_one(platform: str) -> None:
    wanted = wanted_on(platform, PROJECT["project"]["dependencies"])
    [mediapipe] = [requirement for requirement in wanted if requirement.name == "mediapipe"]
    assert (str(mediapipe.specifier) == f"=={SILENT_VERSIONS[-1]}") == (platform != "linux")


def public_functions() -> dict[str, Callable[..., object]]:
    """Functions, methods and classes with an ``__init__`` of their own, by the name that people write."""
    found: dict[str, Callable[..., object]] = {}
    for name in formcheck.__all__:
        thing = getattr(formcheck, name)
        if inspect.isfunction(thing):
            found[name] = thing
        elif inspect.isclass(thing):
            methods = {key: getattr(value, "__func__", value) for key, value in vars(thing).items() if key[0] != "_"}
            found |= {f"{name}.{key}": value for key, value in methods.items() if inspect.isfunction(value)}
            if "__init__" in vars(thing) and not is_dataclass(thing):
                found[name] = thing
    return found


@pytest.mark.parametrize("name", list(public_functions()))
def test_a_public_function_of_several_arguments_documents_each_and_what_it_returns(name: str) -> None:
    function = public_functions()[name]
    arguments = [argument for argument in inspect.signature(function).parameters if argument not in {"self", "cls"}]
    if len(arguments) < 2:
        return
    said = inspect.getdoc(function) or ""
    assert [argument for argument in arguments if not re.search(rf"^ +{argument}: ", said, re.MULTILINE)] == []
    assert inspect.isclass(function) or "\nReturns:\n" in said


def test_every_error_that_a_user_can_meet_is_public() -> None:
    errors = {name for name, thing in vars(formcheck.errors).items() if inspect.isclass(thing)}
    assert errors <= set(formcheck.__all__)


def files_of(project: Path) -> dict[str, int]:
    """What the wheel of a project holds, with the bytes of each."""
    included = WheelBuilder(str(project)).recurse_included_files()
    return {file.distribution_path: Path(file.path).stat().st_size for file in included}


def test_the_wheel_of_users_holds_the_program_and_not_the_renderer() -> None:
    files = files_of(ROOT)
    assert "formcheck/cli/app.py" in files
    assert "formcheck/results/report_schema.json" in files
    assert {name.split("/")[0] for name in files} == {"formcheck"}


def test_the_renderer_is_a_distribution_of_its_own_with_what_it_needs() -> None:
    files = files_of(ROOT / "formcheck_render")
    own = [path for path in (ROOT / "formcheck_render").rglob("*") if path.suffix in {".py", ".npz", ".frag", ".vert"}]
    assert {path.relative_to(ROOT).as_posix() for path in own} <= set(files)
    assert {name.split("/")[0] for name in files} == {"formcheck_render"}
    wanted = tomllib.loads((ROOT / "formcheck_render" / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    imported = {"av", "moderngl", "numpy", "opencv-contrib-python", "pyarrow", "scipy"}
    assert {Requirement(line).name for line in wanted["dependencies"]} == imported


def test_the_development_install_brings_the_renderer_and_what_it_needs() -> None:
    extra = {Requirement(line).name for line in PROJECT["project"]["optional-dependencies"]["dev"]}
    assert "moderngl" in extra
    builder = WheelBuilder(str(ROOT))
    on_the_path = [(ROOT / folder).resolve() for folder in builder.config.dev_mode_dirs]
    assert any((folder / "formcheck_render" / "__init__.py").is_file() for folder in on_the_path)
    assert any((folder / "benchmarks" / "accuracy" / "__main__.py").is_file() for folder in on_the_path)
