"""When form breaks within a live set: a quiet line, so that the weight is racked before it gets worse."""

from __future__ import annotations

from formcheck.checks.check import DECIDED, FAULTY
from formcheck.checks.exercises import fault_row
from formcheck.checks.in_set import velocity_loss
from formcheck.checks.session_report import RepReport
from formcheck.checks.sets import PAUSE_S
from formcheck.measures.rep_tempo import MEAN_VELOCITY
from formcheck.words.numbers import count_words

#: Form breaks where a fault is in so many last repetitions, and was in none of so many before them.
BROKEN_FOR, HELD_FOR = 2, 2
#: So much slower than the fastest, in per cent: sets are usually ended between 20 and 40 (Pareja-Blanco 2017,
#: doi:10.1111/sms.12678).
SLOWER_PCT = 30.0
#: The line stays so long after a repetition.
STAYS_S = 6.0


class FormWatch:
    """Holds the repetitions of the set under way and the line that is told of them."""

    def __init__(self) -> None:
        self._set: list[RepReport] = []
        self._text, self._from_s = "", float("-inf")

    def add(self, report: RepReport) -> None:
        """Take a repetition that is over; a set begins anew after a pause."""
        if self._set and report.rep.start_s - self._set[-1].rep.end_s >= PAUSE_S:
            self._set = []
        self._set.append(report)
        self._text, self._from_s = _line(self._set), report.rep.end_s

    def showing(self, time_s: float) -> str:
        """The line to show at this instant; empty for none."""
        return self._text if time_s - self._from_s < STAYS_S else ""


def _line(reps: list[RepReport]) -> str:
    told = [f"last {count_words(count)} repetitions: {fault_row(name).title}" for name, count in _broken(reps)]
    if not told and (slower := _slower_pct(reps)):
        told = [f"{slower:.0f} % slower than your fastest repetition"]
    return f"{told[0][0].upper()}{told[0][1:]}; rack it or rest." if told else ""


def _broken(reps: list[RepReport]) -> list[tuple[str, int]]:
    """Faults that held and then broke, with the number of last repetitions that have them, longest first."""
    found = []
    for name in dict.fromkeys(finding.fault for finding in reps[-1].findings):
        verdicts = [{f.verdict for f in rep.findings if f.fault == name} & DECIDED for rep in reps]
        faulty = [bool(seen & FAULTY) for seen in verdicts]
        count = next((at for at, is_faulty in enumerate(reversed(faulty)) if not is_faulty), len(faulty))
        before = verdicts[: len(faulty) - count]
        held = len(before) >= HELD_FOR and all(seen and not seen & FAULTY for seen in before[-HELD_FOR:])
        if count >= BROKEN_FOR and held:
            found.append((name, count))
    return sorted(found, key=lambda pair: -pair[1])


def _slower_pct(reps: list[RepReport]) -> float:
    """How much slower the last repetition was than the fastest, per cent; 0 where that is little or not sure."""
    shares = [rep.noise[MEAN_VELOCITY] / rep.measures[MEAN_VELOCITY] for rep in reps if MEAN_VELOCITY in rep.noise]
    velocities = [rep.measures[MEAN_VELOCITY] for rep in reps]
    loss = velocity_loss([rep.rep.number for rep in reps], velocities, max(shares, default=0.0))
    return loss.loss_pct if loss is not None and loss.is_sure and loss.loss_pct >= SLOWER_PCT else 0.0
