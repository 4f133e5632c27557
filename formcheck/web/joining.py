"""One report of two uploads, front and side: they are analysed each, then joined from their landmarks."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from formcheck.analysis import Settings
from formcheck.errors import FormcheckError
from formcheck.machine.limits import limit_memory
from formcheck.session import analyze_session, write_session
from formcheck.web.options import MOST_PICTURES_A_SECOND, ServerOptions
from formcheck.web.report_page import THUMBNAIL, write_session_page, write_thumbnail
from formcheck.web.upload_analysis import one_line


@dataclass(frozen=True, slots=True)
class Joint:
    """The folders of the files of two uploads, what the session is called, and where its results go."""

    folders: tuple[Path, ...]
    name: str
    files: Path
    page: Path


def join_uploads(connection: Connection, joint: Joint, settings: Mapping[str, Any], options: ServerOptions) -> None:
    """Make the report of a session, and send how it ended, as
    :func:`~formcheck.web.upload_analysis.analyse_upload` does.
    """
    with suppress(BrokenPipeError):
        try:
            limit_memory(options.memory_bytes(0, 2 * int(options.max_duration_s * MOST_PICTURES_A_SECOND)))
            chosen = Settings(**{**settings, "mirrored": False, "draw_video": False, "write_page": False})
            connection.send({"stage": "report", "progress": 0.1})
            session = analyze_session(joint.folders, settings=chosen, name=joint.name)
            written = write_session(session, joint.folders, joint.files, settings=chosen)
            write_session_page(joint.page, written, chosen)
            write_thumbnail(joint.page.with_name(THUMBNAIL), written.parts[0])
        except FormcheckError as error:
            names = dict.fromkeys(joint.folders, "the recording") | {joint.page.parent: joint.name}
            connection.send({"error": one_line(error, names)})
        else:
            connection.send({"done": True})
