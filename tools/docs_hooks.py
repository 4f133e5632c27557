"""What MkDocs does with the pages besides: docstrings name code as ``:func:`~formcheck.analyze``` , pages as ``analyze``."""

import re

_ROLE = re.compile(r":(?:attr|class|data|func|meth|mod):<code>~?([\w.]+)</code>")


def on_page_content(html: str, **_: object) -> str:
    """The page with the last part of each name that a docstring refers to."""
    return _ROLE.sub(lambda found: f"<code>{found[1].rpartition('.')[2]}</code>", html)
