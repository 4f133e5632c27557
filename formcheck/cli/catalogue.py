"""The list of checks with their limits, as text or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.text import Text

from formcheck.body.view import Plane
from formcheck.checks.accuracy import EARLIER, CheckAccuracy, accuracy_of
from formcheck.checks.check import Check, Worse
from formcheck.checks.exercises import EXERCISES
from formcheck.checks.profiles import PROFILE_NAMES, load_profile
from formcheck.machine.paths import printable
from formcheck.measures.correction import mediapipe_calibration
from formcheck.words.limits import limits_words


def show(console: Console, profile: str, exercise: str | None, *, as_json: bool) -> None:
    """Print the checks of one exercise, or of all, with the limits of a profile."""
    rows = list(check_rows(profile, exercise))
    if as_json:
        console.print_json(json.dumps(rows))
        return
    console.print(Text(f"profile {printable(load_profile(profile).name)}", style="bold"))
    for row in rows:
        console.print(Text(f"\n{row['exercise']}: {row['check']}", style="bold"), Text(f"  fault {row['fault']}"))
        for label, key in _LINES:
            _print_labelled(console, label, row[key])
        limits = limits_words(row["warn"], row["fail"], row["unit"], Worse(row["worse"]))
        words = "none" if row["source"] == _NONE_GIVEN else limits
        _print_labelled(console, "limits", words)


_LINES = (
    ("measure", "measure"),
    ("judged on", "scope"),
    ("views", "planes"),
    ("cue", "cue"),
    ("cannot see", "cannot_see"),
    ("source", "source"),
)
#: In the place of the source of a limit that a profile does not have.
_NONE_GIVEN = "none given: not judged"
#: Where the texts begin, behind the longest label.
_INDENT = 12


def _print_labelled(console: Console, label: str, text: str) -> None:
    """Print a text with its label before it; long texts go on under themselves. No line ends in spaces."""
    for part in Text(text).wrap(console, max(console.width - _INDENT, 20)):
        part.rstrip()
        console.print(Text(label.ljust(_INDENT) if part else "").append(part), soft_wrap=True)
        label = ""


def check_rows(profile: str, exercise: str | None = None) -> Iterator[dict[str, Any]]:
    """One row a check, with plain values only."""
    limits = load_profile(profile)
    for name in [exercise] if exercise else EXERCISES:
        for check in EXERCISES[name].checks:
            limit = limits.limit(name, check.name)
            yield {
                "exercise": name,
                "check": check.name,
                "fault": check.fault.name,
                "measure": check.variable,
                "unit": check.unit,
                "scope": str(check.scope),
                "planes": ", ".join(str(plane) for plane in Plane if plane in check.planes),
                "worse": str(check.worse),
                "warn": limit.warn if limit else None,
                "fail": limit.fail if limit else None,
                "cue": check.cue,
                "cannot_see": check.cannot_see,
                "source": limit.source if limit else _NONE_GIVEN,
            }


def check_names() -> list[str]:
    """The names that can be explained, in the order of the exercises."""
    return list(dict.fromkeys(check.name for of in EXERCISES.values() for check in of.checks))


def explain(console: Console, name: str) -> None:
    """Print everything that is known of a check, for every exercise that has one of this name."""
    found = [(exercise, check) for exercise, of in EXERCISES.items() for check in of.checks if check.name == name]
    for number, (exercise, check) in enumerate(found):
        console.print(Text("\n" * bool(number) + f"{exercise}: {check.name}", style="bold"))
        for line in _lines(exercise, check):
            console.print(Text(line), soft_wrap=True)


def _lines(exercise: str, check: Check) -> Iterator[str]:
    yield f"fault: {check.fault.name}"
    yield f"measure: {check.variable}, in {check.unit}"
    yield f"value of a repetition: {check.reducer} of the frames at least {check.from_depth:.0%} of the way down"
    yield f"judged on: {check.scope}, in views from the {_planes(check)}"
    for profile in PROFILE_NAMES:
        limit = load_profile(profile).limit(exercise, check.name)
        if limit is not None:
            yield f"limits, {profile}: {limits_words(limit.warn, limit.fail, check.unit, check.worse)}"
            yield f"  from: {limit.source}"
            for variant, own in limit.by_variant.items():
                words = limits_words(own.warn, own.fail, check.unit, check.worse)
                yield f"limits, {profile}, {EXERCISES[exercise].variants[variant]}: {words}"
                yield f"  from: {own.source}"
    yield "a value nearer to a limit than its uncertainty is unsure, too close to call: it neither passes nor fails"
    for plane, error in _uncertainties(exercise, check):
        yield f"uncertainty, {plane} view: ± {error:.2g} {check.unit} (standard error of a repetition's value)"
    measured = accuracy_of(exercise, check.name)
    for row in measured:
        yield f"measured, {row.plane} view, {_on(row, check)}"
        close = f", {row.close} too close to call," if row.close else ""
        yield f"  found {_share(row.found, row.faulty)}{close} where it truly is {row.fault_from:g} {row.unit} or more"
        yield f"  falsely alarmed {_share(row.alarms, row.clean)} where it truly is {row.clean_to:g} {row.unit} or less"
        if row.smallest is not None:
            yield f"  finds nine in ten from {row.smallest:.2g} {row.unit} on"
        if row.is_earlier:
            yield f"  {EARLIER}"
    if not measured:
        yield "measured: sensitivity not known, the rendered clips show no such fault"
    yield f"cannot see: {check.cannot_see}"
    yield f"cue: {check.cue}"


def _planes(check: Check) -> str:
    return " or ".join(str(plane) for plane in Plane if plane in check.planes)


def _uncertainties(exercise: str, check: Check) -> Iterator[tuple[Plane, float]]:
    calibration = mediapipe_calibration()
    for plane in Plane:
        error = calibration.uncertainties(EXERCISES[exercise].calibration_name, plane).get(check.variable)
        if plane in check.planes and error is not None:
            yield plane, error


def _on(row: CheckAccuracy, check: Check) -> str:
    others = ", ".join(row.besides(check.name))
    together = f"counted together with {others}, " if others else ""
    return f"{together}on rendered people that nothing was chosen on:"


def _share(hits: int, count: int) -> str:
    return f"{hits} of {count}" + (f" ({100 * hits / count:.0f} %)" if count else "")
