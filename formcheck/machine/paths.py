"""File names as they may come, with bytes that are no text and characters that command a terminal, and files that may
hold anything.
"""

from __future__ import annotations

import errno
import unicodedata
from pathlib import Path

#: Control characters, halves of surrogate pairs (bytes that are no UTF-8), ends of lines and of paragraphs.
_UNPRINTABLE = {"Cc", "Cs", "Zl", "Zp"}
#: What turns the direction of the text around: ``gpj.exe`` would be shown as ``exe.jpg``. Marks that only say the
#: direction of a neighbour stay: Arabic and Hebrew names have them.
_TURNS = {*map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))}

#: Endings by which videos are found in folders; a file that is named is taken whatever its ending.
VIDEO_SUFFIXES = frozenset(
    ".3gp .asf .avi .flv .m2ts .m4v .mkv .mov .mp4 .mpeg .mpg .mts .ogv .ts .webm .wmv".split()  # noqa: SIM905 - short
)


def is_video_name(name: str) -> bool:
    """Whether a file's name ends as those of videos do."""
    return Path(name).suffix.lower() in VIDEO_SUFFIXES


def printable(text: str) -> str:
    r"""Text that is safe to print: what could move the cursor, change colours or turn the text around becomes an escape
    such as ``\x1b``.
    """
    if text.isprintable():
        return text
    return "".join(sign.encode("unicode_escape").decode("ascii") if _commands(sign) else sign for sign in text)


def _commands(sign: str) -> bool:
    return unicodedata.category(sign) in _UNPRINTABLE or sign in _TURNS


def is_text(path: Path | str) -> bool:
    """Whether a name is UTF-8: neither OpenCV, FFmpeg and Arrow nor a report can take another one."""
    return not any("\ud800" <= sign <= "\udfff" for sign in str(path))


def unreadable_name(path: Path) -> str | None:
    """One line if the name of what is to be read is not UTF-8; else None."""
    if is_text(path):
        return None
    return f"expected a file name in UTF-8, got {path.name!a}: rename the file and try again"


PACKAGE = Path(__file__).resolve().parents[1]


def data_path(*parts: str) -> Path:
    """Path of a shipped file or folder, as in ``data_path("models", "pose_landmarker_lite.task")``.

    The installed copy wins. Where there is none, this is the place in the source tree; whether anything is there is
    for the caller to see, because only the caller knows what its absence means to the user.
    """
    installed = PACKAGE.joinpath("_data", *parts)
    if installed.exists():
        return installed
    return PACKAGE.parent.joinpath(*parts)


def read_file(path: Path, at_most: int) -> bytes:
    """The content of a file that somebody named: an endless one, a pipe that nobody writes to or one of gigabytes would
    keep the program for ever or take all memory.

    Raises:
        OSError: It cannot be read, is a device, a pipe or a folder, or has more bytes.
    """
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is no file")
    with path.open("rb") as file:
        content = file.read(at_most + 1)
    if len(content) > at_most:
        raise OSError(errno.EFBIG, f"it has more than {at_most} bytes")
    return content
