"""A session from files to files: one report of recordings from several sides."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from bodies import lunges
from commands import formcheck
from recordings import clean_squats

from formcheck.analysis import Settings, analyze_to_folder
from formcheck.body.pose import Pose
from formcheck.body.view import Plane
from formcheck.errors import InputError
from formcheck.landmarks.landmark_table import write_landmarks
from formcheck.results.past import open_past_session
from formcheck.results.report_json import read_report
from formcheck.session import analyze_session, analyze_session_to_folder, session_name


def table(folder: Path, name: str, pose: Pose) -> Path:
    path = folder / f"{name}.parquet"
    write_landmarks(path, pose, model_name="full", model_sha256="")
    return path


@pytest.fixture
def pair(tmp_path: Path) -> list[Path]:
    """Squats with one knee caving in, from the front and from the side; the second camera began later."""
    front, side = (clean_squats(3, knee_inward_m=(0.08, 0.0), yaw_deg=yaw_deg) for yaw_deg in (0.0, 90.0))
    rest = side.at(side.time_s >= 0.4)
    late = replace(rest, time_s=rest.time_s - rest.time_s[0])
    return [table(tmp_path, "monday_front", front), table(tmp_path, "monday_side", late)]


def test_a_session_is_one_report_above_the_files_of_its_recordings(pair: list[Path], tmp_path: Path) -> None:
    written = analyze_session_to_folder(pair, tmp_path / "out")
    folder = tmp_path / "out" / "monday"
    assert written.folder == folder
    assert {path.name for path in folder.iterdir()} == {"report.json", "report.html", "front", "side"}
    for part in ("front", "side"):
        assert {path.name for path in (folder / part).iterdir()} == {
            "report.json",
            "landmarks.parquet",
            "timeseries.parquet",
        }
    content = read_report(folder / "report.json")
    assert content["joined"]["way"] == "same_set"
    assert abs(content["joined"]["clock"]["offset_s"] + 0.4) < 0.03
    assert [part["folder"] for part in content["joined"]["recordings"]] == ["front", "side"]
    assert "unseen" not in content["summary"]["verdicts"].values()
    judged_from = {f["check"]: (f["recording"], f["plane"]) for f in content["reps"][0]["findings"]}
    assert judged_from["knee_valgus"] == (1, "front")
    assert judged_from["trunk_lean"] == (2, "side")


def test_the_page_of_a_session_says_how_its_views_go_together(pair: list[Path], tmp_path: Path) -> None:
    written = analyze_session_to_folder(pair, tmp_path / "out", name="both")
    assert written.folder is not None
    page = (written.folder / "report.html").read_text(encoding="utf-8")
    assert written.folder.name == "both"
    assert "seen from the front and from the side, joined repetition by repetition" in page
    assert "the second camera began 0.4" in page
    assert page.count("seen from the side") > 3


def test_folders_of_analyze_are_recordings_of_a_session_as_well(pair: list[Path], tmp_path: Path) -> None:
    folders = [analyze_to_folder(path, tmp_path / "alone", settings=Settings()).folder for path in pair]
    from_folders = analyze_session([folder for folder in folders if folder is not None])
    from_tables = analyze_session(pair)
    assert from_folders.as_dict()["reps"] == from_tables.as_dict()["reps"]


def test_a_folder_without_landmarks_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"expected a video, or a folder with landmarks\.parquet, got"):
        analyze_session([tmp_path])


def test_recordings_of_different_exercises_are_no_session(pair: list[Path], tmp_path: Path) -> None:
    other = table(tmp_path, "lunges_side", lunges(3))
    with pytest.raises(InputError, match=r"expected one exercise in both recordings, got squat in .* and lunge in"):
        analyze_session([pair[0], other])


def test_a_recording_at_an_angle_nearer_to_the_side_is_the_one_from_the_side(pair: list[Path], tmp_path: Path) -> None:
    for yaw_deg, plane in ((55.0, Plane.SIDE), (35.0, Plane.OBLIQUE)):
        angled = table(tmp_path, f"angled_{yaw_deg:.0f}", clean_squats(3, yaw_deg=yaw_deg))
        session = analyze_session([pair[0], angled])
        assert session.parts[1].report.view.plane is plane


def test_a_session_is_compared_and_followed_as_any_other(pair: list[Path], tmp_path: Path) -> None:
    written = analyze_session_to_folder(pair, tmp_path / "out")
    past = open_past_session(str(written.folder))
    planes = {(one.check, one.plane) for one in past.observations}
    assert ("knee_valgus", Plane.FRONT) in planes
    assert ("trunk_lean", Plane.SIDE) in planes


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (("set_front.mp4", "set_side.mp4"), "set"),
        (("Monday - front.mov", "Monday - side.mov"), "Monday"),
        (("a.mp4", "b.mp4"), "a+b"),
        (("turning.mp4",), "turning"),
    ],
)
def test_a_session_is_called_by_what_its_recordings_have_in_common(names: tuple[str, ...], wanted: str) -> None:
    assert session_name(names) == wanted


def test_another_session_of_that_name_gets_a_folder_of_its_own(pair: list[Path], tmp_path: Path) -> None:
    first = analyze_session_to_folder(pair, tmp_path / "out", name="x")
    again = analyze_session_to_folder(pair, tmp_path / "out", name="x")
    other = table(tmp_path, "longer", clean_squats(4))
    second = analyze_session_to_folder([other, pair[1]], tmp_path / "out", name="x")
    assert first.folder == again.folder
    assert second.folder is not None
    assert second.folder.name == "x-2"
    assert json.loads((second.folder / "report.json").read_text())["video"]["frames"] != len(clean_squats(3))


def test_a_session_is_exported_with_its_recordings(pair: list[Path], tmp_path: Path) -> None:
    written = analyze_session_to_folder(pair, tmp_path / "out")
    target = tmp_path / "exported"
    ran = formcheck("export", str(written.folder), "--format", "csv", "--format", "trc", "--out", target, cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    of_recordings = {
        f"monday_{part}{ending}"
        for part in ("front", "side")
        for ending in ("_timeseries.csv", "_reps.csv", "_findings.csv", ".trc")
    }
    assert {path.name for path in target.iterdir()} == {"monday_reps.csv", "monday_findings.csv"} | of_recordings
