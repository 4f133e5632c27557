"""The page of `compare` and `history`: self-contained like the report's, and in its colours."""

from __future__ import annotations

from typing import Any

from formcheck.io.pages import asset, policy, template
from formcheck.io.progress_plots import progress_plots
from formcheck.io.progress_view import Part, ProgressView


def render_progress(view: ProgressView) -> str:
    """The page as HTML text."""
    style = asset("report.css") + asset("progress.css")
    parts = [_contents(part) for part in view.parts]
    return template("progress.html.j2").render(view=view, parts=parts, style=style, policy=policy(style, None))


def _contents(part: Part) -> dict[str, Any]:
    from markupsafe import Markup  # noqa: PLC0415 - comes with Jinja, which only a page needs

    drawn = progress_plots(part.sessions, part.courses, part.exercise)
    return {"part": part, "plots": [(plot, Markup(plot.svg)) for plot in drawn]}  # noqa: S704 - our own drawing
