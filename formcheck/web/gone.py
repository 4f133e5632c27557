"""A page in words where somebody follows a link to what is not there."""

from __future__ import annotations

from html import escape

from fastapi import HTTPException, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import HTMLResponse, Response

_TITLES = {404: "This report is not here", 409: "There is no report to show"}
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} – formcheck</title>
<link rel="stylesheet" href="/static/style.css">
<link rel="icon" href="/static/icon.svg">
</head>
<body>
<nav class="site" aria-label="formcheck"><a class="brand" href="/">formcheck</a><a href="/">Upload</a></nav>
<main>
<h1>{title}</h1>
<p>{detail}.</p>
<p class="soft">Reports go after a while, or when somebody removes them.
If you still have the recording, give it again.</p>
<p><a class="button main" href="/">To the recordings</a></p>
</main>
</body>
</html>
"""


async def gone_in_words(request: Request, error: Exception) -> Response:
    """The refusal of a request: as JSON to programs, as a page to who opens a link in a browser."""
    if not isinstance(error, HTTPException):
        raise error
    wants_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
    title = _TITLES.get(error.status_code)
    if wants_page and title is not None:
        detail = escape(str(error.detail))
        return HTMLResponse(_PAGE.format(title=title, detail=detail[:1].upper() + detail[1:]), error.status_code)
    return await http_exception_handler(request, error)
