"""What every page is made of: its template, the files that go into it, and its content security policy.

A page needs nothing but itself, and its policy makes a browser refuse every request but those named here.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from formcheck.checks.check import RANKS
from formcheck.machine.paths import printable
from formcheck.words.findings import check_words, fault_words, headings, reading_words, sentence, view_words
from formcheck.words.numbers import points_text, score_text

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup


@cache
def asset(name: str) -> Markup:
    """A file of the templates' folder, to be put into a page as it is."""
    from markupsafe import Markup  # comes with Jinja, which only a page needs

    text = (resources.files("formcheck.pages") / "templates" / name).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704 - our own file


@cache
def template(name: str) -> Template:
    """A template by its name. Text from outside is escaped, and shown without characters that no page can hold."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    def safe(value: object) -> object:
        """Text from outside may hold characters that no page can: they become escapes that can be read."""
        return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    environment = Environment(
        loader=PackageLoader("formcheck.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=safe,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "check_words": check_words,
        "fault_words": fault_words,
        "headings": headings(),
        "ranks": {str(verdict): rank for verdict, rank in RANKS.items()},
        "reading_words": reading_words,
        "points_text": points_text,
        "score_text": score_text,
        "sentence": sentence,
        "view_words": view_words,
    }
    return environment.get_template(name)


def policy(style: str, script: str | None) -> str:
    """No request at all, and no style but the page's own; with a script that one, and the video beside the page."""
    rules = [
        "default-src 'none'",
        "img-src data:",
        f"style-src {_hash(style)}",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    if script is not None:
        rules += [f"script-src {_hash(script)}", "media-src 'self' file:"]
    return "; ".join(rules)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"
