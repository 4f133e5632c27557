"""One check in full: what it measures, its limits and their sources, how sure it is, and what it misses."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from formcheck.checks import Check, Limit
from formcheck.correction import mediapipe_calibration
from formcheck.exercises import EXERCISES
from formcheck.measured import Measured, measured_for
from formcheck.profiles import PROFILE_NAMES, load_profile
from formcheck.view import Plane


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
    yield f"fault: {check.fault}"
    yield f"measure: {check.variable}, in {check.unit}"
    yield f"value of a repetition: {check.reducer} of the frames at least {check.from_depth:.0%} of the way down"
    yield f"judged on: {check.scope}, in views from the {_planes(check)}"
    for profile in PROFILE_NAMES:
        limit = load_profile(profile).limit(exercise, check.name)
        if limit is not None:
            yield f"limits, {profile}: {_limits(check, limit)}"
            yield f"  from: {limit.source}"
    yield "a value nearer to a limit than its uncertainty is warned about; it neither passes nor fails"
    for plane, error in _uncertainties(exercise, check):
        yield f"uncertainty, {plane} view: ± {error:.2g} {check.unit} (standard error of a repetition's value)"
    measured = measured_for(exercise, check.name)
    for row in measured:
        yield f"measured, {row.plane} view, {_on(row, check)}"
        yield f"  found {_share(row.found, row.faulty)} where it truly is {row.fault_from:g} {row.unit} or more"
        yield f"  falsely alarmed {_share(row.alarms, row.clean)} where it truly is {row.clean_to:g} {row.unit} or less"
        if row.smallest is not None:
            yield f"  finds nine in ten from {row.smallest:.2g} {row.unit} on"
    if not measured:
        yield "measured: sensitivity not known, the rendered clips show no such fault"
    yield f"cannot see: {check.cannot_see}"
    yield f"cue: {check.cue}"


def _planes(check: Check) -> str:
    return " or ".join(str(plane) for plane in Plane if plane in check.planes)


def _limits(check: Check, limit: Limit) -> str:
    if limit.warn is None:
        return "none, information only"
    return f"warn {limit.warn:g}, fail {limit.fail:g} {check.unit}, worse {check.worse}"


def _uncertainties(exercise: str, check: Check) -> Iterator[tuple[Plane, float]]:
    calibration = mediapipe_calibration()
    for plane in Plane:
        error = calibration.uncertainties(exercise, plane).get(check.variable)
        if plane in check.planes and error is not None:
            yield plane, error


def _on(row: Measured, check: Check) -> str:
    others = ", ".join(row.besides(check.name))
    together = f"counted together with {others}, " if others else ""
    return f"{together}on rendered people that nothing was chosen on:"


def _share(hits: int, count: int) -> str:
    return f"{hits} of {count}" + (f" ({100 * hits / count:.0f} %)" if count else "")
