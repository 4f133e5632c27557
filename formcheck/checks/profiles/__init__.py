"""Profiles: the limits of every check, each with its source, read from TOML and validated.

``standard``, ``strict`` and ``performance`` ship with the package; a path to a file of the same form works as well.
``base`` is the profile whose limits hold where the file says nothing: a name, or a path from where the file lies.
Without a base, checks that the file does not name are not judged.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from formcheck.checks.check import Check, Limit
from formcheck.checks.exercises import EXERCISES
from formcheck.errors import ProfileError
from formcheck.machine.paths import printable, read_file

PROFILE_NAMES = ("standard", "strict", "performance")
_LIMIT_KEYS = {"warn", "fail", "clean", "source", "information_only", "tried_on_people"}
#: What is said of a limit that was never held against people who are filmed doing the exercise.
UNTRIED = "not yet tried on people"
#: No measure has values beyond; larger limits would overflow when values are compared with them.
_MAX_LIMIT = 1e6
#: Ten times the largest that ships with the package, and more.
_MAX_BYTES = 100_000
_MAX_BASES = 20


@dataclass(frozen=True, slots=True)
class Profile:
    """A named set of limits, by exercise and check."""

    name: str
    limits: Mapping[tuple[str, str], Limit]

    def limit(self, exercise: str, check: str, variant: str | None = None) -> Limit | None:
        """The limit of a check in an exercise, that of the variant where it has one of its own.

        Args:
            exercise: Its name.
            check: Its name.
            variant: Of the exercise, None where it is not known.

        Returns:
            The limit; None where the profile has none, and the check is not judged.
        """
        limit = self.limits.get((exercise, check))
        return limit if limit is None or variant is None else limit.by_variant.get(variant, limit)


def load_profile(name_or_path: str) -> Profile:
    """Read a profile by name or from a TOML file.

    Args:
        name_or_path: ``standard``, ``strict``, ``performance`` or the path of a TOML file.

    Returns:
        Its limits, those of its base where it says nothing itself.

    Raises:
        ProfileError: The name is unknown, the file is missing or a limit is malformed.
    """
    return _shipped(name_or_path) if name_or_path in PROFILE_NAMES else _load(name_or_path, seen=())


@cache
def _shipped(name: str) -> Profile:
    """A profile of the package, which does not change: a batch asks for it with every video."""
    return _load(name, seen=())


def _load(name_or_path: str, *, seen: tuple[str, ...]) -> Profile:
    itself = name_or_path if name_or_path in PROFILE_NAMES else os.path.realpath(name_or_path)
    if itself in seen:
        raise ProfileError(f"profile {name_or_path}: its base leads back to itself; remove the `base` line of one")
    if len(seen) > _MAX_BASES:
        raise ProfileError(f"profile {name_or_path}: expected at most {_MAX_BASES} bases one on the other; use fewer")
    table = _parse(name_or_path)
    name, base = table.pop("name", name_or_path), table.pop("base", None)
    if not isinstance(name, str):
        raise ProfileError(f"profile {name_or_path}: expected text as its `name`, got {_short(name)}")
    limits = {} if base is None else dict(_load(_beside(name_or_path, base), seen=(*seen, itself)).limits)
    for exercise, checks in table.items():
        if not isinstance(checks, dict):
            raise ProfileError(f"profile {name}: expected a table such as [squat.depth], got the value `{exercise}`")
        for check, entry in checks.items():
            where = f"profile {name}: [{exercise}.{check}]"
            known = _known_check(where, exercise, check)
            own = _own_of_variants(exercise, entry)
            whole = {key: value for key, value in entry.items() if key not in own} if own else entry
            by_variant = {key: _limit(f"{where[:-1]}.{key}]", value, known) for key, value in own.items()}
            limits[exercise, check] = replace(_limit(where, whole, known), by_variant=by_variant)
    return Profile(printable(name), limits)


def _own_of_variants(exercise: str, entry: object) -> dict[str, Any]:
    """The limits for single variants within the entry of a check."""
    variants = EXERCISES[exercise].variants if exercise in EXERCISES else {}
    return {key: value for key, value in entry.items() if key in variants} if isinstance(entry, dict) else {}


def _beside(name_or_path: str, base: object) -> str:
    """The base of a profile: a name, or a path that begins where the profile itself lies."""
    if not isinstance(base, str) or "\0" in base:
        raise ProfileError(f"profile {name_or_path}: expected a profile's name or path as `base`, got {_short(base)}")
    return base if base in PROFILE_NAMES else str(Path(name_or_path).parent / base)


def _parse(name_or_path: str) -> dict[str, Any]:
    try:
        if name_or_path in PROFILE_NAMES:
            text = (resources.files(__name__) / f"{name_or_path}.toml").read_text(encoding="utf-8")
        else:
            text = read_file(Path(name_or_path), _MAX_BYTES).decode("utf-8-sig")  # some editors begin with a mark
        return tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        known, reason = ", ".join(PROFILE_NAMES), getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise ProfileError(
            f"expected a profile ({known}) or the path of a TOML file, got {name_or_path}, which cannot be read: "
            f"{reason}"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"profile {name_or_path} is not valid TOML: {error}") from None
    except (RecursionError, ValueError):  # ValueError: a number of thousands of digits
        raise ProfileError(
            f"profile {name_or_path}: expected limits, got something nested too deeply or too long a number: remove it"
        ) from None


def _known_check(where: str, exercise: str, name: str) -> Check:
    """The check that a limit is for: a misspelt one would otherwise leave the base's limit in force, unnoticed."""
    known = {(kind, check.name): check for kind, protocol in EXERCISES.items() for check in protocol.checks}
    if (exercise, name) not in known:
        names = ", ".join(".".join(pair) for pair in known)
        raise ProfileError(f"{where} is no check of formcheck; expected one of {names}")
    return known[exercise, name]


def _limit(where: str, entry: object, check: Check) -> Limit:
    # By hand: most of it (known checks, warn before fail) no schema can say, and its lines say less what to do.
    if not isinstance(entry, dict) or not entry.keys() <= _LIMIT_KEYS:
        raise ProfileError(f"{where} takes only {', '.join(sorted(_LIMIT_KEYS))}; remove the rest")
    source = entry.get("source")
    if not isinstance(source, str) or not source.strip():
        raise ProfileError(f"{where} needs a `source`: say where the limit comes from")
    if not isinstance(is_tried := entry.get("tried_on_people", True), bool):
        raise ProfileError(f"{where} needs true or false, without quotes, for `tried_on_people`")
    source = source if is_tried else f"{UNTRIED}: {source}"
    if not isinstance(is_information := entry.get("information_only", False), bool):
        raise ProfileError(f"{where} needs true or false, without quotes, for `information_only`")
    if is_information:
        return Limit(None, None, source)
    for key in ("warn", "fail"):
        number: Any = entry.get(key)
        is_number = isinstance(number, int | float) and not isinstance(number, bool)
        if not is_number or not abs(number) <= _MAX_LIMIT:
            raise ProfileError(f"{where} needs a number of at most {_MAX_LIMIT:.0f} for `{key}`, got {_short(number)}")
    if check.severity(entry["fail"]) < check.severity(entry["warn"]):
        warn, fail = entry["warn"], entry["fail"]
        raise ProfileError(f"{where} would fail a value ({fail}) before it warns ({warn}); swap `warn` and `fail`")
    return Limit(float(entry["warn"]), float(entry["fail"]), source, _clean(where, entry, check))


def _clean(where: str, entry: dict[str, Any], check: Check) -> float | None:
    """Up to where a value takes nothing off the score; None where the file does not say."""
    clean = entry.get("clean")
    if clean is None:
        return None
    if isinstance(clean, bool) or not isinstance(clean, int | float) or not abs(clean) <= _MAX_LIMIT:
        raise ProfileError(f"{where} needs a number of at most {_MAX_LIMIT:.0f} for `clean`, got {_short(clean)}")
    if check.severity(clean) > check.severity(entry["fail"]):
        raise ProfileError(
            f"{where} calls a value clean ({clean}) that it fails ({entry['fail']}); make `clean` smaller"
        )
    return float(clean)


def _short(value: object) -> str:
    """A value as it was written, or what it is where that would be long."""
    shown = repr(value) if isinstance(value, str | float | bool | None) else ""
    return shown if 0 < len(shown) < 80 else f"{type(value).__name__} of another kind or size"
