from __future__ import annotations

import base64
import re
from dataclasses import replace

import cv2
import numpy as np
import pytest
from bodies import HIP_WIDTH_M, lunges, nobody, squats
from recordings import SUBJECTS, Subject, clean_squats

from formcheck.body.pose import Landmark, Side
from formcheck.checks.check import FAULTY
from formcheck.checks.exercises import check_row
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.session_report import SessionReport
from formcheck.draw.lines import measured_lines
from formcheck.draw.moment_pictures import HEIGHT_PX, MomentPictures
from formcheck.draw.moments import body_box, worst_moments
from formcheck.frames.frame import ImageBGR
from formcheck.pages.plot import Ink
from formcheck.pages.stick_figure import stick_figure

GREY = 90


@pytest.fixture(scope="module")
def caved() -> SessionReport:
    return analyze_poses(squats(2, knee_inward_m=(0.08, 0.0)))


def pictures_of(report: SessionReport) -> dict[str, ImageBGR]:
    """The pictures of a recording in which everything is grey."""
    collected = MomentPictures(report)
    size = (report.pose.height_px, report.pose.width_px, 3)
    for index in range(len(report.timeseries.time_s)):
        collected.look(index, np.full(size, GREY, dtype=np.uint8))
    found = {}
    for fault, address in collected.pictures.items():
        assert address.startswith("data:image/jpeg;base64,")
        jpeg = np.frombuffer(base64.b64decode(address.partition(",")[2]), dtype=np.uint8)
        found[fault] = np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR), dtype=np.uint8)
    return found


def test_only_found_faults_have_a_moment_and_never_unseen_or_good_ones(caved: SessionReport) -> None:
    found = {fault for fault, verdict in caved.summary.verdicts.items() if verdict in FAULTY}
    assert {moment.fault for moment in worst_moments(caved)} == found == {"knee_valgus"}
    assert worst_moments(analyze_poses(clean_squats(yaw_deg=90))) == ()
    assert worst_moments(analyze_poses(nobody(1.0))) == ()


def test_the_moment_is_the_frame_of_the_worst_finding(caved: SessionReport) -> None:
    [moment] = worst_moments(caved)
    values = [f.value for rep in caved.reps for f in rep.findings if f.check == "knee_valgus" and f.value is not None]
    assert moment.finding.value == max(values)
    assert caved.timeseries.time_s[moment.frame] == moment.finding.at_s
    assert caved.timeseries.rep_number[moment.frame] == moment.rep.rep.number
    assert moment.number == f"{max(values):.2f}"


def test_the_box_holds_the_body_within_the_picture(caved: SessionReport) -> None:
    [moment] = worst_moments(caved)
    left, top, right, bottom = moment.box
    pose = caved.pose.at(moment.frame)
    assert 0 <= left < np.nanmin(pose.image_px[:, 0])
    assert np.nanmax(pose.image_px[:, 1]) < bottom <= pose.height_px
    assert (right - left) / (bottom - top) == pytest.approx(0.75, abs=0.02)
    assert body_box(nobody(1.0).at(0)) is None


def test_a_body_at_the_edge_of_a_small_picture_still_has_a_box() -> None:
    pose = squats(1).at(0)
    low = replace(pose, image_px=pose.image_px - np.array([430.0, 0.0]))
    left, top, right, bottom = body_box(low) or (-1, -1, -1, -1)
    assert left == 0
    assert right > left
    assert 0 <= top < bottom <= pose.height_px


def test_a_picture_is_small_upright_and_leaves_the_frame_as_it_was(caved: SessionReport) -> None:
    picture = pictures_of(caved)["knee_valgus"]
    assert picture.shape[0] == HEIGHT_PX
    assert picture.shape[0] > picture.shape[1]
    assert len(cv2.imencode(".jpg", picture)[1]) < 60_000
    [moment] = worst_moments(caved)
    frame = np.full((caved.pose.height_px, caved.pose.width_px, 3), GREY, dtype=np.uint8)
    MomentPictures(caved).look(moment.frame, frame)
    assert (frame == GREY).all()


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: f"{subject.exercise} {subject.check}")
def test_every_fault_can_be_drawn_both_as_a_picture_and_as_a_stick_figure(subject: Subject) -> None:
    report = analyze_poses(subject.film(), profile=subject.profile)
    for moment in worst_moments(report):
        svg = stick_figure(moment)
        assert svg.startswith('<svg class="figure"')
        assert "nan" not in svg
        assert not moment.number.startswith("-"), "the picture shows to which side"
        if check_row(moment.finding.check).lines is not None:
            assert f">{moment.number}</text>" in svg
            assert Ink[moment.finding.verdict.name].variable in svg
    pictures = pictures_of(report)
    assert set(pictures) == {moment.fault for moment in worst_moments(report)}
    for picture in pictures.values():
        assert (np.abs(picture.astype(int) - GREY) > 60).any(axis=-1).mean() > 0.005


def test_the_measured_lines_of_valgus_run_from_the_knee_to_the_vertical_above_the_toe(caved: SessionReport) -> None:
    [moment] = worst_moments(caved)
    pose = caved.pose.at(moment.frame)
    lines = measured_lines(moment.finding, pose, None)
    assert lines is not None
    knee, toe = pose.image_px[25], pose.image_px[31]
    assert lines.measured == (tuple(knee), (toe[0], knee[1]))
    assert lines.reference[0] == tuple(toe)
    assert lines.anchor == tuple(knee)


def test_nothing_is_measured_on_a_landmark_that_is_unseen(caved: SessionReport) -> None:
    [moment] = worst_moments(caved)
    pose = caved.pose.at(moment.frame)
    hidden = pose.image_px.copy()
    hidden[31] = np.nan
    assert measured_lines(moment.finding, replace(pose, image_px=hidden), None) is None


def test_a_stick_figure_tells_left_from_right_by_dashes_and_says_what_it_shows(caved: SessionReport) -> None:
    [moment] = worst_moments(caved)
    svg = stick_figure(moment)
    lines = re.findall(r"<line[^>]*>", svg)
    right = [line for line in lines if Ink.RIGHT.variable in line]
    left = [line for line in lines if Ink.LEFT.variable in line]
    assert right
    assert left
    assert all("dasharray" in line for line in right)
    assert not any("dasharray" in line for line in left)
    assert 'role="img" aria-label="Stick figure: left knee about a quarter of your shin (0.2' in svg
    assert "style" not in svg


def test_a_wide_stance_does_not_cut_the_feet_off() -> None:
    report = analyze_poses(squats(1, knee_inward_m=(0.12, 0.12), stance_m=2 * HIP_WIDTH_M))
    for moment in worst_moments(report):
        feet = report.pose.at(moment.frame).image_px[[29, 30, 31, 32]]
        assert (feet[:, 0] > moment.box[0]).all()
        assert (feet[:, 0] < moment.box[2]).all()


def test_a_lunge_is_measured_on_its_leading_leg() -> None:
    report = analyze_poses(lunges(1, depth_deg=118, shank_deg=36, lead="right"))
    moments = {moment.fault: moment for moment in worst_moments(report)}
    assert moments["knee_past_toes"].finding.side == "right"


@pytest.mark.parametrize("check", ["knee_past_toes", "heel_rise"])
def test_lines_are_drawn_where_no_hip_is_seen(check: str) -> None:
    """Nor does numpy complain of the mean of nothing: a warning is an error in these tests."""
    pose = squats(1, yaw_deg=90.0)
    [finding, *_] = [f for rep in analyze_poses(pose).reps for f in rep.findings if f.check == check]
    without = pose.image_px.copy()
    without[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]] = np.nan
    assert measured_lines(finding, replace(pose, image_px=without).at(30), Side.LEFT) is not None
