"""What MkDocs does with pages besides: docstrings name code by a role and its whole path, pages by the last part."""

from __future__ import annotations

import re

_ROLE = re.compile(r":(?:attr|class|data|func|meth|mod):<code>~?([\w.]+)</code>")


def on_page_content(html: str, **_: object) -> str:
    """The page with the last part of each name that a docstring refers to."""
    return _ROLE.sub(lambda found: f"<code>{found[1].rpartition('.')[2]}</code>", html)
