"""What was said of a disturbed recording, counted against the truth and against the same clips undisturbed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.accuracy.analysed import AnalysedClip, AnalysedRep
from benchmarks.accuracy.rendered_checks import BANDS, Band, RenderedCase, cases_of
from formcheck.body.pose import BoolArray
from formcheck.checks.check import FAULTY

#: One check of one repetition of one clip, on a side or for the whole body.
Key = tuple[str, int, str, str | None]


@dataclass(frozen=True, slots=True)
class Trial:
    """One recording and what was said of it. ``parts`` are the clips it shows, one after the other, each with the
    whole report; ``follows`` (T,) tells in which frames there is a pose, and it is the athlete's.
    """

    parts: tuple[AnalysedClip, ...]
    follows: BoolArray

    def false_reps(self) -> int:
        """Repetitions that were found and are none."""
        true = {rep.found.rep.number for part in self.parts for rep in part.reps if rep.found is not None}
        return sum(found.rep.number not in true for found in self.parts[0].report.reps)

    def warnings(self) -> set[Key]:
        """Every check that warned in a true repetition."""
        return {
            (part.clip.name, number, finding.check, finding.side)
            for part in self.parts
            for number, rep in enumerate(part.reps)
            if rep.found is not None
            for finding in rep.found.findings
            if finding.verdict in FAULTY
        }


@dataclass(frozen=True, slots=True)
class Told:
    """A case that is beyond doubt, faulty or clean, and whether what was told of it is right; None is unseen."""

    band: Band
    case: RenderedCase
    is_faulty: bool

    @property
    def is_right(self) -> bool | None:
        """Warned if faulty, not warned if clean."""
        return None if self.case.is_unseen else self.case.is_warned is self.is_faulty

    def asked(self) -> set[Key]:
        """The checks that were asked."""
        rep = self.case.rep
        return {(rep.clip.name, number_of(rep), check, self.case.side) for check in self.band.checks}


def number_of(rep: AnalysedRep) -> int:
    """The place of a true repetition in its clip, from 0."""
    return [true.bottom_s for true in rep.clip.reps].index(rep.true.bottom_s)


def told(trials: Sequence[Trial]) -> Iterator[Told]:
    """Every case beyond doubt."""
    parts = [part for trial in trials for part in trial.parts]
    for band in BANDS:
        for case in cases_of(band, parts):
            if case.size >= band.fault_from or case.size <= band.clean_to:
                yield Told(band, case, case.size >= band.fault_from)


@dataclass(frozen=True, slots=True)
class Tally:
    """Trials in numbers; ``right``, ``wrong`` and ``unseen`` count verdicts on cases beyond doubt."""

    clips: int
    seen_share: float
    reps: int
    true_reps: int
    false_reps: int
    right: int
    wrong: int
    unseen: int
    misnamed: int

    def verdicts(self) -> str:
        """Right, wrong and unseen in one cell."""
        return f"{self.right} / {self.wrong} / {self.unseen}"

    def repetitions(self) -> str:
        """Found and true ones, and those that are none, in one cell."""
        return f"{self.reps}/{self.true_reps}" + (f" + {self.false_reps} false" if self.false_reps else "")


def tally(trials: Sequence[Trial]) -> Tally:
    """Count what was said of some recordings, at least one."""
    parts = [part for trial in trials for part in trial.parts]
    answers = [one.is_right for one in told(trials)]
    return Tally(
        clips=len(parts),
        seen_share=float(np.mean(np.concatenate([trial.follows for trial in trials]))),
        reps=sum(rep.found is not None for part in parts for rep in part.reps),
        true_reps=sum(len(part.reps) for part in parts),
        false_reps=sum(trial.false_reps() for trial in trials),
        right=sum(answer is True for answer in answers),
        wrong=sum(answer is False for answer in answers),
        unseen=sum(answer is None for answer in answers),
        misnamed=sum(part.report.exercise != part.clip.exercise for part in parts),
    )


def further_warnings(trials: Sequence[Trial], undisturbed: Sequence[Trial]) -> set[Key]:
    """Warnings of the other checks, or on what lies in between, that the same clips do not get undisturbed."""
    known = set().union(*(one.asked() for one in told(trials)))
    before = set().union(*(trial.warnings() for trial in undisturbed))
    return set().union(*(trial.warnings() for trial in trials)) - before - known
