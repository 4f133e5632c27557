"""What is to be done with one video, and what became of it: plain values that travel between processes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from enum import StrEnum

from formcheck.analysis import Settings
from formcheck.checks.profiles import load_profile
from formcheck.landmarks.models import resolve_model

#: A column of a manifest holds numbers or text.
Label = str | float | None


class Keep(StrEnum):
    """Files of each video that ``--keep`` chooses."""

    REPORT = "report"
    LANDMARKS = "landmarks"
    TIMESERIES = "timeseries"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Source:
    """One video to be analysed.

    ``location`` is its full path or URL, ``path`` its name in the results, ``labels`` the columns of its manifest.
    ``stamp`` tells size and time of change, None where the file could not be seen; ``size_bytes`` is 0 then. ``beside``
    is the other recording of the same session, None of most; stamp and size are then of both.
    """

    location: str
    path: str
    labels: Mapping[str, Label]
    stamp: str | None = None
    size_bytes: int = 0
    beside: Source | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the results say of a video already. ``is_current``: done with these very settings and this version."""

    session_id: str
    folder: str
    content_sha256: str
    settings_key: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class VideoJob:
    """One video with everything that a worker needs. ``known`` is what the results hold of it, None if nothing.

    ``from_landmarks`` judges the landmarks that the results keep, without the video. ``timeout_s`` is what the user
    allowed, None for a limit that follows the length of the video. ``otherwise`` is what to do where the video
    was recognised by its path alone and turns out to have other content than ``known``.
    """

    source: Source
    settings: Settings
    settings_key: str
    keep: frozenset[Keep]
    out: str
    known: Known | None = None
    from_landmarks: bool = False
    timeout_s: float | None = None
    otherwise: VideoJob | None = None


class Status(StrEnum):
    """What became of a video; the last three are failures."""

    OK = "ok"
    UNCHANGED = "unchanged"
    ERROR = "error"
    CRASHED = "crashed"
    TIMEOUT = "timeout"


FAILED = frozenset({Status.ERROR, Status.CRASHED, Status.TIMEOUT})


@dataclass(frozen=True, slots=True)
class JobOutcome:
    """What became of one job. ``error`` is one line, None if all went well; ``video_s`` is the length of the video.

    ``is_complete``: all of it could be read. ``missing`` says which files were wanted and could not be made, and why.
    """

    path: str
    status: Status
    error: str | None = None
    video_s: float = 0.0
    is_complete: bool = True
    missing: str | None = None


def settings_key(settings: Settings) -> str:
    """``<landmarks>-<judging>``: 8 hex digits of model, person and mirrored, 8 of exercise, view, height, limits.

    Raises:
        ModelError, ProfileError: The model or profile is not there.
    """
    model = resolve_model(settings.model).sha256
    flip = ["mirrored"] if settings.mirrored else []  # nothing where it is not told: earlier batches stay done
    return f"{_digest(model, settings.person, *flip)}-{_judging(settings)}"


def rescored_key(settings: Settings, earlier: str) -> str:
    """The key of landmarks that another run made, judged with these settings."""
    return f"{earlier.partition('-')[0]}-{_judging(settings)}"


def unasked_key(earlier: str) -> str:
    """The key of landmarks that another run made, judged as no run asks for: they are to be judged anew."""
    return f"{earlier.partition('-')[0]}-"


def _judging(settings: Settings) -> str:
    profile = load_profile(settings.profile)
    limits = sorted([exercise, check, *astuple(limit)] for (exercise, check), limit in profile.limits.items())
    tall = [] if settings.height_cm is None else [settings.height_cm]  # nothing where it is not told, as above
    return _digest(settings.exercise, settings.view, profile.name, limits, *tall)


def _digest(*values: object) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:8]
