"""The report as the server shows it: the same page as ``report.html``, with a line of links above it."""

from __future__ import annotations

from html import escape
from pathlib import Path

from formcheck.analysis import Analysis
from formcheck.machine.atomic import write_text_atomic
from formcheck.pages.report import render_report
from formcheck.results.folder import ANNOTATED, OURS

#: Stands in the stored page for the nonce of the answer.
NONCE_MARK = "formcheck-nonce-of-the-answer"
#: The address of a video that only the browser may have.
_KEPT = "formcheck-kept-by-the-browser"
_PLAYER = '<script type="module" src="/static/local_video.js"></script>'


def write_page(path: Path, analysis: Analysis) -> None:
    """Write the page of an analysis whose files were written.

    Raises:
        OutputError: It cannot be written.
    """
    if analysis.page is None:
        raise ValueError("expected an analysis whose files were written")
    is_here = ANNOTATED in analysis.files
    text = render_report(
        analysis.report,
        analysis.page,
        video_url="video" if is_here else _KEPT,
        nonce=NONCE_MARK,
        extra_head='<link rel="stylesheet" href="/static/bar.css"><link rel="icon" href="/static/icon.svg">'
        + ("" if is_here else _PLAYER),
        extra_top=_bar(analysis),
    )
    if not is_here:  # local_video.js shows the player if it has something to play
        text = text.replace(f' src="{_KEPT}"', "").replace('<body class="with-video">', "<body>")
    write_text_atomic(path, text)


def _bar(analysis: Analysis) -> str:
    links = "".join(
        f'<li><a href="files/{escape(name)}" download>{escape(words)}</a></li>'
        for name, words in OURS.items()
        if name in analysis.files
    )
    return (
        '<nav class="bar" aria-label="formcheck"><a href="/">All recordings</a>'
        f'<div><span id="downloads">Download</span><ul aria-labelledby="downloads">{links}</ul></div></nav>'
    )
