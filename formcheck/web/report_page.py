"""The report as the server shows it: the same page as ``report.html``, with a line of links above it."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from html import escape
from pathlib import Path

import numpy as np

from formcheck.analysis import Analysis, Settings
from formcheck.errors import FormcheckError
from formcheck.machine.atomic import atomic_path, write_text_atomic
from formcheck.pages.report import render_report
from formcheck.results.folder import ANNOTATED, OURS, REPORT
from formcheck.session import SessionAnalysis, session_page

_HEAD = '<link rel="stylesheet" href="/static/bar.css"><link rel="icon" href="/static/icon.svg">'
_BAR = '<nav class="bar" aria-label="formcheck"><a href="/">All recordings</a></nav>'
#: Stands in the stored page for the nonce of the answer.
NONCE_MARK = "formcheck-nonce-of-the-answer"
#: The address of a video that only the browser may have.
_KEPT = "formcheck-kept-by-the-browser"
_PLAYER = '<script type="module" src="/static/local_video.js"></script>'


#: A small picture beside the page; its height in pixels.
THUMBNAIL = "thumbnail.jpg"
_THUMBNAIL_PX = 180


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
        extra_head=_HEAD + ("" if is_here else _PLAYER),
        extra_top=_BAR,
        extra_after_verdict=_downloads(analysis.files),
    )
    if not is_here:  # local_video.js shows the player if it has something to play
        text = text.replace(f' src="{_KEPT}"', "").replace('<body class="with-video">', "<body>")
    write_text_atomic(path, text)


def write_thumbnail(path: Path, analysis: Analysis) -> None:
    """Write a small picture of the annotated video, of the first repetition's bottom; none where there is no video."""
    if analysis.folder is None or ANNOTATED not in analysis.files:
        return
    from PIL import Image

    from formcheck.frames.video import VideoFile

    at_s = analysis.report.reps[0].rep.bottom_s if analysis.report.reps else 0.0
    with suppress(FormcheckError), VideoFile(analysis.folder / ANNOTATED) as film:  # the report does not hang on it
        picture = next((one.image_bgr for one in film if one.time_s >= at_s), None)
        if picture is not None:
            image = Image.fromarray(np.ascontiguousarray(picture[..., ::-1]))
            image.thumbnail((2 * _THUMBNAIL_PX, _THUMBNAIL_PX))
            with atomic_path(path) as temporary:
                image.save(temporary, quality=80)


def write_session_page(path: Path, session: SessionAnalysis, settings: Settings) -> None:
    """Write the page of a session whose files were written.

    Raises:
        OutputError: It cannot be written.
    """
    text = session_page(
        session,
        settings,
        below="files/",
        nonce=NONCE_MARK,
        extra_head=_HEAD,
        extra_top=_BAR,
        extra_after_verdict=_downloads((REPORT,)),
    )
    write_text_atomic(path, text)


def _downloads(files: Collection[str]) -> str:
    """The files of a session, behind its verdict."""
    links = "".join(
        f'<li><a href="files/{escape(name)}" download>{escape(words)}</a></li>'
        for name, words in OURS.items()
        if name in files
    )
    return (
        f'<div class="downloads"><span id="downloads">Download</span><ul aria-labelledby="downloads">{links}</ul></div>'
    )
