"""Recordings of a manifest that belong to one session: they are one job, one row, and one report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from formcheck.batch.job import Source
from formcheck.errors import InputError
from formcheck.results.batch_tables import as_text

#: The columns of a manifest by which recordings belong together.
_SESSION, _ATHLETE = "session", "athlete"


def by_session(sources: Iterable[Source]) -> list[Source]:
    """The sources, of which two with the same ``session``, and the same athlete where one is told, are one: the first
    with the second ``beside`` it.

    Raises:
        InputError: A third one is of the same session.
    """
    found: dict[tuple[str | None, ...], Source] = {}
    for source in sources:
        session = as_text(source.labels.get(_SESSION))
        key = (session, as_text(source.labels.get(_ATHLETE))) if session else (None, source.location)
        first = found.get(key)
        if first is None:
            found[key] = source
        elif first.beside is not None:
            told = f"{first.path}, {first.beside.path} and {source.path}"
            raise InputError(f"expected one or two recordings of the session {session}, got {told}: name one otherwise")
        else:
            stamp = f"{first.stamp}+{source.stamp}" if first.stamp and source.stamp else None
            size_bytes = first.size_bytes + source.size_bytes
            found[key] = replace(first, beside=source, stamp=stamp, size_bytes=size_bytes)
    return list(found.values())
