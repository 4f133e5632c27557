"""Profiles: the limits of every check, each with its source, read from TOML and validated.

``standard``, ``strict`` and ``performance`` ship with the package; a path to a file of the same form works as well.
``base`` names the profile whose limits hold where the file says nothing.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from formcheck.checks.check import Check, Limit
from formcheck.checks.exercises import EXERCISES
from formcheck.errors import ProfileError

PROFILE_NAMES = ("standard", "strict", "performance")
_LIMIT_KEYS = {"warn", "fail", "clean", "source", "information_only"}


@dataclass(frozen=True, slots=True)
class Profile:
    """A named set of limits, by exercise and check."""

    name: str
    limits: Mapping[tuple[str, str], Limit]

    def limit(self, exercise: str, check: str) -> Limit | None:
        """The limit of a check in an exercise; None where the profile has none."""
        return self.limits.get((exercise, check))


def load_profile(name_or_path: str) -> Profile:
    """Read a profile by name or from a TOML file.

    Raises:
        ProfileError: The name is unknown, the file is missing or a limit is malformed.
    """
    return _shipped(name_or_path) if name_or_path in PROFILE_NAMES else _load(name_or_path, seen=())


@cache
def _shipped(name: str) -> Profile:
    """A profile of the package, which does not change: a batch asks for it with every video."""
    return _load(name, seen=())


def _load(name_or_path: str, *, seen: tuple[str, ...]) -> Profile:
    if name_or_path in seen:
        raise ProfileError(f"profile {name_or_path}: its base leads back to itself; remove the `base` line of one")
    table = _parse(name_or_path)
    name, base = table.pop("name", name_or_path), table.pop("base", None)
    limits = dict(_load(str(base), seen=(*seen, name_or_path)).limits) if base is not None else {}
    for exercise, checks in table.items():
        if not isinstance(checks, dict):
            raise ProfileError(f"profile {name}: expected a table such as [squat.depth], got the value `{exercise}`")
        for check, entry in checks.items():
            where = f"profile {name}: [{exercise}.{check}]"
            limits[exercise, check] = _limit(where, entry, _known_check(where, exercise, check))
    return Profile(str(name), limits)


def _parse(name_or_path: str) -> dict[str, Any]:
    try:
        if name_or_path in PROFILE_NAMES:
            text = (resources.files(__name__) / f"{name_or_path}.toml").read_text(encoding="utf-8")
        else:
            text = Path(name_or_path).read_text(encoding="utf-8")
        return tomllib.loads(text)
    except (OSError, UnicodeDecodeError):
        known = ", ".join(PROFILE_NAMES)
        raise ProfileError(
            f"expected a profile ({known}) or the path of a TOML file, got {name_or_path}, which cannot be read"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"profile {name_or_path} is not valid TOML: {error}") from None


def _known_check(where: str, exercise: str, name: str) -> Check:
    """The check that a limit is for: a misspelt one would otherwise leave the base's limit in force, unnoticed."""
    known = {(kind, check.name): check for kind, protocol in EXERCISES.items() for check in protocol.checks}
    if (exercise, name) not in known:
        names = ", ".join(".".join(pair) for pair in known)
        raise ProfileError(f"{where} is no check of formcheck; expected one of {names}")
    return known[exercise, name]


def _limit(where: str, entry: object, check: Check) -> Limit:
    if not isinstance(entry, dict) or not entry.keys() <= _LIMIT_KEYS:
        raise ProfileError(f"{where} takes only {', '.join(sorted(_LIMIT_KEYS))}; remove the rest")
    source = entry.get("source")
    if not isinstance(source, str) or not source.strip():
        raise ProfileError(f"{where} needs a `source`: say where the limit comes from")
    if entry.get("information_only") is True:
        return Limit(None, None, source)
    numbers = [entry.get(key) for key in ("warn", "fail")]
    for key, number in zip(("warn", "fail"), numbers, strict=True):
        if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
            raise ProfileError(f"{where} needs a finite number for `{key}`, got {number!r}")
    if check.severity(entry["fail"]) < check.severity(entry["warn"]):
        warn, fail = numbers
        raise ProfileError(f"{where} would fail a value ({fail}) before it warns ({warn}); swap `warn` and `fail`")
    return Limit(float(entry["warn"]), float(entry["fail"]), source, _clean(where, entry, check))


def _clean(where: str, entry: dict[str, Any], check: Check) -> float | None:
    """Up to where a value takes nothing off the score; None where the file does not say."""
    clean = entry.get("clean")
    if clean is None:
        return None
    if isinstance(clean, bool) or not isinstance(clean, int | float) or not math.isfinite(clean):
        raise ProfileError(f"{where} needs a finite number for `clean`, got {clean!r}")
    if check.severity(clean) > check.severity(entry["fail"]):
        raise ProfileError(
            f"{where} calls a value clean ({clean}) that it fails ({entry['fail']}); make `clean` smaller"
        )
    return float(clean)
