"""Whether results were made with the settings that are asked for: a key of all that could change them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple

from formcheck.io.analysis import Settings
from formcheck.io.models import resolve_model
from formcheck.profiles import load_profile


def settings_key(settings: Settings) -> str:
    """``<landmarks>-<judging>``: 8 hex digits of model and person, 8 of exercise, view and every limit.

    Raises:
        ModelError, ProfileError: The model or profile is not there.
    """
    model = resolve_model(settings.model).sha256
    return f"{_digest(model, settings.person)}-{_judging(settings)}"


def rescored_key(settings: Settings, earlier: str) -> str:
    """The key of landmarks that another run made, judged with these settings."""
    return f"{earlier.partition('-')[0]}-{_judging(settings)}"


def unasked_key(earlier: str) -> str:
    """The key of landmarks that another run made, judged as no run asks for: they are to be judged anew."""
    return f"{earlier.partition('-')[0]}-"


def _judging(settings: Settings) -> str:
    profile = load_profile(settings.profile)
    limits = sorted([exercise, check, *astuple(limit)] for (exercise, check), limit in profile.limits.items())
    return _digest(settings.exercise, settings.view, profile.name, limits)


def _digest(*values: object) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:8]
