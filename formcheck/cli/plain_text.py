"""Text for terminals and pipes that are not UTF-8: every sign keeps a stand-in of its own, so no verdict is lost."""

from __future__ import annotations

import codecs
import io
from typing import TextIO

#: Those of the table are one character wide, as the signs themselves are.
STAND_INS = {"✓": "+", "✗": "x", "–": "-", "→": ">", "°": "d", "…": ".", "±": "+/-", "−": "-", "×": "x", "≈": "~"}

_HANDLER = "formcheck-stand-in"


def allow_any_text(*streams: TextIO) -> None:
    """Let streams write what their encoding lacks, as a stand-in, or as ``?`` where there is none."""
    codecs.register_error(_HANDLER, _stand_in)
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_HANDLER)


def _stand_in(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(STAND_INS.get(sign, "?") for sign in missing), error.end
