"""``report.html``: one self-contained page about one recording, for people who read neither code nor JSON.

The page needs nothing but itself. Alone it carries a content security policy by which a browser refuses every request
but that for the video beside it; a server that shows the same page sends its own policy and gives the ``nonce``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from formcheck.body.view import Plane
from formcheck.checks.exercises import NO_EXERCISE
from formcheck.checks.scoring import rep_score
from formcheck.checks.session_report import SessionReport, Way
from formcheck.draw.moments import WorstMoment, worst_moments
from formcheck.pages.ghost import Ghost, drawing, frames_of, ghost_of
from formcheck.pages.page import asset, policy, template
from formcheck.pages.report_tables import check_facts, lean_lines, plus_words, rep_columns, rep_rows, side_rows
from formcheck.pages.session_plots import session_plots
from formcheck.pages.set_plots import rep_plots
from formcheck.pages.stick_figure import stick_figure
from formcheck.words.advice import ADVICE_SOURCE, advice, load_advice
from formcheck.words.findings import (
    filming_notes,
    headline,
    person_words,
    points,
    reps_words,
    sentence,
    unseen_because,
)
from formcheck.words.joined import joined_lines, views_words
from formcheck.words.numbers import meanings, score_text
from formcheck.words.plan import plan_lines
from formcheck.words.sets import rep_velocity, set_lines, set_title, tempo_text

if TYPE_CHECKING:
    from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What the page tells of a recording beside its report.

    ``video`` and ``model`` are those of ``report.json``. ``told`` are the settings as given, by name. ``pictures`` are
    ``data:`` addresses of the worst moments by fault; a fault without one gets a stick figure. ``missing`` is why, by
    the name of a file that was wanted and could not be made.
    """

    video: Mapping[str, Any]
    model: Mapping[str, str]
    told: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)
    analysed_on: date | None = None
    missing: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PageVideo:
    """An annotated video, ``url`` relative to the page: the number of its recording, from 1, what that saw, and by how
    much its time is ahead of the report's; ``frame_s`` is how long one picture stands.
    """

    url: str
    recording: int = 1
    plane: Plane = Plane.UNKNOWN
    ahead_s: float = 0.0
    frame_s: float = 1 / 30


def render_report(
    report: SessionReport,
    facts: PageFacts,
    *,
    video_url: str | None = None,
    videos: Sequence[PageVideo] = (),
    nonce: str | None = None,
    extra_head: str = "",
    extra_top: str = "",
    extra_after_verdict: str = "",
) -> str:
    """The page as HTML text.

    Args:
        report: What the analysis found.
        facts: What else the page tells.
        video_url: The annotated video, relative to the page; with it come a player and the script by which a click on
            a repetition, a finding or a plot jumps there. None leaves both out.
        videos: The same of a session, of each recording that has one.
        nonce: For the style and script elements under a policy that a server sends; the page then has none of its own.
            It may be a mark that the server replaces in each answer.
        extra_head: Trusted HTML for the end of the head.
        extra_top: Trusted HTML for the beginning of the body.
        extra_after_verdict: The same for the place behind the verdict.
    """
    from markupsafe import Markup

    style, ghost = asset("report.css"), ghost_of(report)
    shown = tuple(videos) or ((PageVideo(video_url, frame_s=frame_s(facts.video)),) if video_url else ())
    scripts = [*(["ghost.js"] if ghost or shown else []), *(["report.js", "player.js"] if shown else [])]
    script = Markup().join(map(asset, scripts))
    return template("report.html.j2").render(
        **_contents(report, facts),
        **_ghost(ghost),
        videos=shown,
        nonce=nonce,
        policy=None if nonce else policy(style, script or None),
        style=style,
        script=script,
        extra_head=Markup(extra_head),  # noqa: S704 - the caller's own HTML, by contract
        extra_top=Markup(extra_top),  # noqa: S704 - as extra_head
        extra_after_verdict=Markup(extra_after_verdict),  # noqa: S704 - as extra_head
    )


def _ghost(ghost: Ghost | None) -> dict[str, Any]:
    """The worst repetition with the best one behind it."""
    from markupsafe import Markup

    if ghost is None:
        return {"ghost": None}
    frames = json.dumps(frames_of(ghost), separators=(",", ":"))
    return {
        "ghost": ghost,
        "ghost_scores": [rep_score(rep.findings) for rep in (ghost.worst, ghost.best)],
        "ghost_drawing": Markup(drawing(ghost)),  # noqa: S704 - our own drawing
        "ghost_frames": Markup(frames),  # noqa: S704 - numbers
    }


def frame_s(video: Mapping[str, Any]) -> float:
    """How long one picture of a recording stands, seconds, by its facts."""
    return float(video["duration_s"]) / max(1, int(video["frames"])) or 1 / 30


def _contents(report: SessionReport, facts: PageFacts) -> dict[str, Any]:
    from markupsafe import Markup

    def moment_picture(moment: WorstMoment) -> tuple[str, Markup]:
        picture = facts.pictures.get(moment.fault, "")
        return picture, Markup("" if picture else stick_figure(moment))  # noqa: S704 - escaped where it is drawn

    drawn = [(plot, Markup(plot.svg), *where) for plot, *where in session_plots(report)]  # noqa: S704 - our own drawing
    units = {f.unit for rep in report.reps for f in rep.findings if f.value is not None}
    return {
        "report": report,
        "name": facts.video["name"],
        "date": facts.analysed_on,
        "headline": headline(report),
        "person_words": person_words(facts.video),
        **_of_views(report),
        "points": points(report),
        "asked": {f.fault for rep in report.reps for f in rep.findings if f.limit_warn is not None},
        "advice": list(advice(report)),
        "load_advice": load_advice(report),
        "advice_source": ADVICE_SOURCE,
        "moments": [(moment, *moment_picture(moment)) for moment in worst_moments(report)],
        "columns": rep_columns(report),
        "plus_words": plus_words(rep_columns(report)),
        "rows": rep_rows(report),
        "has_lead": any(rep.rep.lead_side for rep in report.reps),
        "meanings": list(meanings(units, report.height_cm)),
        **_sets(report),
        "plots": drawn,
        "side_rows": side_rows(report),
        "lean_lines": list(lean_lines(report)),
        "not_judged": [(sentence(checks), sentence(why)) for checks, why in unseen_because(report.reps)],
        "passed_over": report.passed_over,
        "filming_notes": filming_notes(report.reps).items(),
        "reps_words": reps_words,
        "score_text": score_text,
        "check_facts": list(check_facts(report)),
        "settings": _settings(report, facts),
        "missing": list(facts.missing.items()),
    }


def _sets(report: SessionReport) -> dict[str, Any]:
    """What the page tells of sets and of the tempo of repetitions."""
    from markupsafe import Markup

    return {
        "plan": plan_lines(report),
        "sets": [(set_title(one), list(set_lines(report, one))) for one in report.sets],
        "by_rep": [(plot, Markup(plot.svg)) for plot in rep_plots(report)],  # noqa: S704 - our own drawing
        "rep_velocity": rep_velocity,
        "tempo_text": tempo_text,
    }


def _of_views(report: SessionReport) -> dict[str, Any]:
    way = report.joined and report.joined.way
    return {
        "views": views_words(report),
        "joined_lines": joined_lines(report),
        "is_turned": way is Way.TURNED,
        "is_apart": way in {Way.TURNED, Way.IN_TURN},
    }


def _settings(report: SessionReport, facts: PageFacts) -> list[tuple[str, str]]:
    video, told = facts.video, facts.told
    turned = f", turned by {video['rotation']}°" if video["rotation"] else ""
    turned += ", flipped left for right, as the file asks or as was told" if video.get("mirrored") else ""
    rows = [
        ("Exercise", _exercise(report, told.get("exercise"))),
        ("View", _found_or_told(str(report.view.plane), told.get("view"), "measured")),
        ("Limits", f"profile {report.profile}"),
        (
            "Recording",
            f"{video['duration_s']:.1f} s, {video['frames']} pictures of {video['width']} × {video['height']}{turned}",
        ),
        ("Complete", "yes: no picture missing or known damaged" if video["complete"] else f"no: {video['reason']}"),
    ]
    if "people" in video:
        rows.append(("People", f"{video['people']} seen; this is person {video['person']} from the left"))
    rows += [
        ("Pose model", facts.model["name"] + (", not MediaPipe's" if "landmarks_from" in facts.model else "")),
        ("Model SHA-256", facts.model["sha256"] or "unknown"),
        ("Program", f"formcheck {version('formcheck')}"),
    ]
    return rows


def _exercise(report: SessionReport, told: str | None) -> str:
    if report.exercise == NO_EXERCISE.name:
        return "none recognised"
    return _found_or_told(report.exercise, told, "recognised")


def _found_or_told(value: str, told: str | None, found: str) -> str:
    how = {None: "", "auto": f" ({found})"}.get(told, " (as told)")
    return f"{value}{how}"
