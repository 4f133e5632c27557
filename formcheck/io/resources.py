"""Where the files that come with formcheck are: models and sample videos.

An installed package holds them in ``formcheck/_data``; in a source tree they are at its top, beside ``formcheck``.
"""

from __future__ import annotations

from pathlib import Path

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
