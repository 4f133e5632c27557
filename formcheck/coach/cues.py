"""At most one cue at a time, shown long enough to be read, and no flicker."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from formcheck.body.pose import SIDES, Landmark, Side
from formcheck.checks.check import FAULTY, RANKS, Finding, Verdict
from formcheck.checks.exercises import check_row

#: A cue stays at least this long: a line of ten words is read in two seconds.
CUE_STAYS_S = 2.0
#: A fault of the repetition so far must have been there for this long before it is spoken of.
SURE_AFTER_S = 0.2


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing to say. ``finding`` is why; ``joints`` are to be highlighted; shown since ``since_s``.

    A cue that was not there before has a ``since_s`` of its own: speak when that changes.
    """

    finding: Finding
    joints: tuple[Landmark, ...]
    since_s: float

    @property
    def text(self) -> str:
        """What to say, in the gym's words."""
        return self.finding.cue

    @property
    def side(self) -> Side | None:
        """The subject's side it is about; None for both or the whole body."""
        return self.finding.side if len(self.joints) == 1 else None


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that deserve a cue, which what is too close to call does not; plain faults first, then the costliest
    for the score.
    """
    return sorted(
        (f for f in findings if f.verdict in FAULTY), key=lambda f: (f.verdict is not Verdict.FAIL, -f.points)
    )


class CueBoard:
    """Holds the one cue that is shown. It gives way after CUE_STAYS_S: to a worse one, or where its fault is over."""

    def __init__(self) -> None:
        self._shown: Cue | None = None
        self._until_s = 0.0
        self._noticed_s: dict[str, float] = {}

    def consider(self, time_s: float, findings: Iterable[Finding], *, are_final: bool = False) -> None:
        """Take the findings of the repetition so far, none between repetitions, or ``are_final``: of one just over."""
        faults = worst_first(findings)
        self._noticed_s = {fault.check: self._noticed_s.get(fault.check, time_s) for fault in faults}
        sure = [f for f in faults if are_final or time_s - self._noticed_s[f.check] >= SURE_AFTER_S]
        if sure and self._gives_way(time_s, sure[0]):
            self._shown, self._until_s = Cue(sure[0], _joints(sure[0], faults), time_s), time_s + CUE_STAYS_S
        elif are_final and self._shown is not None and self._shown.finding.check in self._noticed_s:
            self._until_s = time_s + CUE_STAYS_S

    def showing(self, time_s: float) -> Cue | None:
        """The cue to show at this instant."""
        if self._shown is not None and time_s >= self._until_s and self._shown.finding.check not in self._noticed_s:
            self._shown = None
        return self._shown

    def _gives_way(self, time_s: float, to: Finding) -> bool:
        if self._shown is None:
            return True
        old = self._shown.finding
        is_worse = RANKS[to.verdict] > RANKS[old.verdict]
        return old.check != to.check and time_s >= self._until_s and (is_worse or old.check not in self._noticed_s)


def _joints(of: Finding, faults: Sequence[Finding]) -> tuple[Landmark, ...]:
    """The joints of one check's findings: of both legs where both have the fault."""
    sides = {fault.side for fault in faults if fault.check == of.check}
    return tuple(
        joint for joint, side in zip(check_row(of.check).joints, SIDES, strict=True) if side in sides or None in sides
    )
