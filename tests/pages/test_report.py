from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from bodies import concatenate, lunges, nobody, squats, standing
from recordings import clean_squats

from formcheck.body.pose import Pose
from formcheck.checks.check import Verdict
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.session_report import SessionReport
from formcheck.pages.report import PageFacts, render_report
from formcheck.words.numbers import score_text

HOSTILE = '"><script>alert(1)</script>&amp;{{ 7 * 7 }}\x1b[31m.mp4'
PICTURE = "data:image/jpeg;base64,AAAA"


def facts(report: SessionReport, name: str = "squat.mp4", **changes: Any) -> PageFacts:
    video: dict[str, Any] = {"name": name, "frames": len(report.pose), "duration_s": 7.0, "rotation": 0}
    video |= {"width": report.pose.width_px, "height": report.pose.height_px, "complete": True, "reason": None}
    told: Mapping[str, str] = {"exercise": "auto", "view": "auto"}
    return PageFacts(video | changes, {"name": "full", "sha256": "ab" * 32}, told, {}, date(2026, 3, 9))


def page(pose: Pose, **analysis: Any) -> str:
    report = analyze_poses(pose, **analysis)
    return render_report(report, facts(report))


@pytest.fixture(scope="module")
def caved() -> SessionReport:
    return analyze_poses(squats(2, knee_inward_m=(0.08, 0.0)))


@pytest.fixture(scope="module")
def caved_page(caved: SessionReport) -> str:
    return render_report(caved, facts(caved))


class Document(HTMLParser):
    """Checks that elements are closed in order, and keeps what tests ask for."""

    VOID = frozenset({"meta", "img", "br", "link", "input", "hr"})

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.starts: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.starts.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.starts.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self.open):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.starts if name == tag]


def test_the_page_is_well_formed_and_says_the_verdict_first(caved_page: str) -> None:
    document = Document(caved_page)
    assert caved_page.startswith("<!DOCTYPE html>")
    headings = re.findall(r"<h[12][^>]*>(.*?)</h[12]>", caved_page)
    assert headings[:2] == ["Squat, 2 repetitions", "To work on: knees caving inward."]
    assert "9 March 2026" in document.text


def test_nothing_is_asked_of_any_other_machine(caved: SessionReport) -> None:
    text = render_report(caved, facts(caved), video_url="annotated.mp4")
    assert not re.search(r"(https?:)?//[a-z]", text.replace("// The video", ""))
    assert "@import" not in text
    document = Document(text)
    addresses = [
        value for _, attributes in document.starts for name, value in attributes.items() if name in {"src", "href"}
    ]
    assert {value for value in addresses if value and not value.startswith(("#", "data:"))} == {"annotated.mp4"}
    [policy] = [str(a["content"]) for a in document.all("meta") if a.get("http-equiv")]
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert not document.all("link")


def test_every_finding_is_in_the_table_with_its_value_and_instant(caved: SessionReport, caved_page: str) -> None:
    text = Document(caved_page).text
    for rep in caved.reps:
        assert f'<tr id="rep-{rep.rep.number}" data-at-s="{rep.rep.start_s:.3f}"' in caved_page
        for finding in rep.findings:
            assert finding.check.replace("_", " ") in text.lower()
            if finding.value is not None and finding.at_s is not None:
                assert f'data-at-s="{finding.at_s:.3f}"' in caved_page
                number = f"{finding.value:.0f}" if finding.unit.startswith("deg") else f"{finding.value:.2f}"
                assert number.replace("-0.00", "0.00").replace("-", "−").lstrip("−") in text


def test_every_reason_for_not_judging_is_given(caved: SessionReport, caved_page: str) -> None:
    text = Document(caved_page).text.lower()
    for rep in caved.reps:
        for finding in rep.findings:
            if finding.verdict is Verdict.UNSEEN:
                assert finding.reason is not None
                assert finding.reason.lower() in text


def test_the_score_tells_what_was_taken_off_for_what(caved: SessionReport, caved_page: str) -> None:
    text = Document(caved_page).text
    assert caved.summary.form_score is not None
    assert score_text(caved.summary.form_score) in text
    taken = {deduction.fault: deduction for deduction in caved.summary.deductions}
    assert f"Knees caving inward 1, 2 −{taken['knee_valgus'].points:.1f}" in text


def test_cues_settings_versions_sources_and_the_limits_of_the_tool_are_named(
    caved: SessionReport, caved_page: str
) -> None:
    text = Document(caved_page).text
    for cue in caved.summary.cues:
        assert cue in text
    for part in (
        "in front of a mirror",
        "common advice of coaching texts",
        "ab" * 32,
        "profile standard",
        "squat (recognised)",
        "This is no medical advice.",
        "Found 7 of 13 faults of 0.13 shank lengths or more",
        "False alarms: 0 in 31 cases",
        "± 0.03 shank lengths",
        "Limits from: development clips",
        "Cannot see: a knee that turns inward without moving",
    ):
        assert part in text, part


def test_light_and_dark_have_every_colour_and_paper_is_always_light(caved_page: str) -> None:
    light, dark = (
        set(re.findall(r"(--[\w-]+):", block)) for block in re.findall(r":root \{(.*?)\}", caved_page, re.DOTALL)[:2]
    )
    assert light == dark
    used = set(re.findall(r"var\((--[\w-]+)\)", caved_page))
    assert used - light <= {"--edge", "--player"}  # lengths, the same in every theme
    assert "@media screen and (prefers-color-scheme: dark)" in caved_page
    assert "@media print" in caved_page
    assert "size: A4" in caved_page


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast of two colours such as #1d2329."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_writing_stands_out_from_its_ground_in_light_and_dark(caved_page: str) -> None:
    for block in re.findall(r":root \{(.*?)\}", caved_page, re.DOTALL)[:2]:
        colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
        for ink in ("ink", "soft", "accent", "pass", "warn", "fail", "unseen", "plot-text"):
            for ground in ("page", "paper"):
                assert contrast(colours[ink], colours[ground]) >= (3.0 if ink == "unseen" else 4.5), (ink, ground)


def test_headings_tables_and_pictures_can_be_read_aloud(caved: SessionReport) -> None:
    with_picture = facts(caved)
    with_picture = PageFacts(with_picture.video, with_picture.model, pictures={"knee_valgus": PICTURE})
    text = render_report(caved, with_picture)
    document = Document(text)
    levels = [int(tag[1]) for tag, _ in document.starts if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(attributes.get("scope") in {"col", "row"} for attributes in document.all("th"))
    [image] = document.all("img")
    assert image["src"] == PICTURE
    assert "left knee about a quarter of your shin (0.2" in str(image["alt"])
    ids = {attributes["id"] for _, attributes in document.starts if attributes.get("id")}
    labels = {attributes["aria-labelledby"] for _, attributes in document.starts if attributes.get("aria-labelledby")}
    assert labels <= ids
    assert document.all("html") == [{"lang": "en"}]
    assert re.search('<svg class="sign fail" aria-hidden="true"[^>]*>.*?<span class="hidden">fail: </span>', text)


def test_a_fault_without_a_picture_has_a_stick_figure_and_unseen_faults_have_neither(caved_page: str) -> None:
    figures = re.findall(r'<svg class="figure".*?aria-label="([^"]*)"', caved_page)
    assert len(figures) == 1
    assert figures[0].startswith("Stick figure: left knee")
    assert not Document(caved_page).all("img")


def test_the_score_says_of_how_many_faults_it_is(caved_page: str) -> None:
    assert "form score,<br>3 of 6 faults judged" in caved_page


def test_each_plot_carries_what_maps_a_click_to_a_time(caved: SessionReport, caved_page: str) -> None:
    drawings = [a for a in Document(caved_page).all("div") if a.get("class") == "drawing"]
    assert len(drawings) == 7
    for drawing in drawings:
        assert float(str(drawing["data-end-s"])) == pytest.approx(caved.timeseries.time_s[-1])
        assert float(str(drawing["data-left"])) < float(str(drawing["data-right"]))
        assert drawing["data-start-s"] == "0.0"


@pytest.mark.parametrize("where", ["name", "reason", "model"])
def test_text_from_outside_stays_text(caved: SessionReport, where: str) -> None:
    told = facts(caved, HOSTILE if where == "name" else "a.mp4")
    if where == "reason":
        told = facts(caved, complete=False, reason=HOSTILE)
    if where == "model":
        told = PageFacts(told.video, {"name": HOSTILE, "sha256": ""})
    text = render_report(caved, told)
    document = Document(text)
    assert not document.all("script")
    assert "\x1b" not in text
    assert HOSTILE.replace("\x1b", "\\x1b") in document.text
    assert "49" not in re.sub(r"[\d.]*49[\d.]*", "", document.text)


def test_a_name_that_is_no_unicode_does_not_stop_the_page(caved: SessionReport) -> None:
    assert "a\\udcff.mp4" in unescape(render_report(caved, facts(caved, "a\udcff.mp4"))).encode("utf-8").decode("utf-8")


def test_only_a_page_with_a_video_has_a_player_and_a_script(caved: SessionReport, caved_page: str) -> None:
    without, with_video = Document(caved_page), Document(render_report(caved, facts(caved), video_url="a b.mp4?x=1&y"))
    assert not without.all("video")
    assert not without.all("script")
    [video] = with_video.all("video")
    assert video["src"] == "a b.mp4?x=1&y"
    assert len(with_video.all("script")) == 1


def test_the_page_alone_allows_its_own_style_and_script_by_their_hashes_and_nothing_else(caved: SessionReport) -> None:
    import base64
    import hashlib

    text = render_report(caved, facts(caved), video_url="annotated.mp4")
    [policy] = [str(a["content"]) for a in Document(text).all("meta") if a.get("http-equiv")]
    for tag in ("style", "script"):
        [content] = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert not re.search(r'<[^>]+ style="', text), "a policy without unsafe-inline would drop it"
    assert not re.search(r"<[^>]+ on\w+=", text)


def test_a_server_gives_its_nonce_and_the_page_brings_no_policy_of_its_own(caved: SessionReport) -> None:
    text = render_report(caved, facts(caved), video_url="/v", nonce="n0", extra_head='<meta name="x" content="y">')
    document = Document(text)
    assert not [a for a in document.all("meta") if a.get("http-equiv")]
    assert document.all("style") == [{"nonce": "n0"}]
    assert document.all("script") == [{"nonce": "n0"}]
    assert {"name": "x", "content": "y"} in document.all("meta")


def test_squats_without_a_fault_are_told_as_good_and_have_no_advice() -> None:
    text = page(clean_squats(2, yaw_deg=90))
    words = Document(text).text
    assert "Good: nothing to correct in what the camera could see." in words
    assert "worst moment" not in words
    assert "What to do" not in words
    assert "seen from the side, one leg hides the other" in words


@pytest.mark.parametrize(
    ("pose", "what_to_do"),
    [
        (standing(2.0), "start it before the first repetition"),
        (nobody(1.0), "show the whole body"),
        (nobody(1.0).at(slice(0, 1)), "give a video of it"),
    ],
    ids=["stands", "nobody", "one"],
)
def test_a_recording_without_a_repetition_has_a_page_that_says_what_to_do(pose: Pose, what_to_do: str) -> None:
    words = Document(page(pose)).text
    assert what_to_do in words
    assert "of 100" not in words
    assert "none recognised" in words


def test_a_lunge_names_the_leading_leg_and_compares_the_sides() -> None:
    words = Document(page(lunges(6, lead="alternate", yaw_deg=0))).text
    assert "Lead leg" in words
    assert "Lunge, 6 repetitions" in words
    assert "Limb symmetry: one leg went" in words
    assert "no difference that the measurement could tell" in words


def test_information_only_is_neither_good_nor_bad() -> None:
    text = page(clean_squats(1, yaw_deg=90), profile="performance")
    assert "Information only in this profile" in Document(text).text
    assert "none: information only in this profile" in Document(text).text


def test_repetitions_that_were_judged_from_different_sides_say_which_were_not() -> None:
    words = Document(page(concatenate(clean_squats(1), clean_squats(1, yaw_deg=90)))).text
    assert "Knee valgus, stance in 1 of 2 repetitions (2)" in words
    assert "1 of 2 repetitions (2) that could be judged" in words


def test_what_was_told_is_not_called_recognised(caved: SessionReport) -> None:
    told = facts(caved, people=2, person=1)
    text = render_report(caved, PageFacts(told.video, told.model, {"exercise": "squat", "view": "front"}))
    words = Document(text).text
    assert "squat (as told)" in words
    assert "front (as told)" in words
    assert "2 seen; this is person 1 from the left" in words


def test_the_verdict_says_who_of_several_people_was_judged(caved: SessionReport) -> None:
    verdict = Document(render_report(caved, facts(caved, people=3, person=2))).text.partition("To work on Knee")[0]
    assert "form score" in verdict
    assert "Judged: person 2 of 3, counted from the left at the start." in verdict
    assert "Judged: person" not in Document(render_report(caved, facts(caved))).text


def test_an_incomplete_recording_is_said_to_be_so(caved: SessionReport) -> None:
    words = Document(render_report(caved, facts(caved, complete=False, reason="12 pictures missing"))).text
    assert "no: 12 pictures missing" in words


def test_a_complete_recording_is_called_no_more_than_what_is_known(caved: SessionReport) -> None:
    assert "no picture missing or known damaged" in Document(render_report(caved, facts(caved))).text


def test_a_page_stays_below_the_size_that_a_batch_of_thousands_allows(caved_page: str) -> None:
    assert len(caved_page.encode()) < 150_000
